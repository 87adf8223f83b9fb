//! Where a sound that the session plays comes from.

use crate::session::table::{SoundFile, Table};
use std::path::{Path, PathBuf};

/// Where a sound comes from; `D` is how it is given by value.
#[derive(Clone, Debug)]
pub enum Source<D> {
    /// A table of the session or of the document.
    Table(Table),
    /// A sound file, which the session reads into a table, once.
    File(SoundFile),
    /// Values, for which a table is made that is freed when the sound is over.
    Data(D),
}

impl<D> From<&Table> for Source<D> {
    fn from(table: &Table) -> Self {
        Self::Table(table.clone())
    }
}

impl<D> From<SoundFile> for Source<D> {
    fn from(file: SoundFile) -> Self {
        Self::File(file)
    }
}

impl<D> From<&str> for Source<D> {
    fn from(path: &str) -> Self {
        Self::File(path.into())
    }
}

impl<D> From<&Path> for Source<D> {
    fn from(path: &Path) -> Self {
        Self::File(path.into())
    }
}

impl<D> From<&PathBuf> for Source<D> {
    fn from(path: &PathBuf) -> Self {
        Self::File(path.into())
    }
}
