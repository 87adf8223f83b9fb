//! Why a render failed.

use std::fmt;
use std::path::{Path, PathBuf};

use super::problem::Problem;
use crate::document::preflight::Verdict;
use crate::document::{Document, FilePlace};
use crate::session::diagnostic::{Diagnostic, Place, Severity};

/// Why there is no sound file. Nothing was written when one is returned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A score, a MIDI file or a sound file.
    #[error("{0}")]
    File(#[from] Problem),
    /// The document.
    #[error("{0}")]
    Document(Box<Rejection>),
    /// The session that is rendered.
    #[error("{0}")]
    Session(#[from] crate::session::Error),
    /// What was asked for makes no sense.
    #[error("{0}")]
    Request(String),
    /// The listener gave up.
    #[error("stopped; nothing was written")]
    Cancelled,
    /// Something went wrong while it sounded.
    #[error("{}: at {seconds:.3} s: {what}", document.display())]
    Sounding {
        /// The document.
        document: PathBuf,
        /// Session time.
        seconds: f64,
        /// What happened.
        what: String,
    },
}

/// A document that does not play, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejection {
    file: PathBuf,
    verdict: Verdict,
    places: Vec<Option<FilePlace>>,
}

impl Rejection {
    /// A file that is no document.
    pub fn unread(file: PathBuf, told: Vec<Diagnostic>) -> Self {
        let places = told.iter().map(|told| place_in(&file, told)).collect();
        Self {
            file,
            verdict: Verdict::Diagnostics(told),
            places,
        }
    }

    /// A document that did not pass. Problems in its texts are given their places in the file.
    pub fn of(document: &Document, file: PathBuf, verdict: Verdict) -> Self {
        let places = verdict
            .diagnostics()
            .iter()
            .map(|told| document.locate(told))
            .collect();
        Self {
            file,
            verdict,
            places,
        }
    }

    /// What the preflight said.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// The problems with their places in the file, where those are known.
    pub fn problems(&self) -> impl Iterator<Item = (&Diagnostic, Option<&FilePlace>)> {
        let places = self.places.iter().map(Option::as_ref);
        self.verdict.diagnostics().iter().zip(places)
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (told, place) in self.problems() {
            out.write_str(separator)?;
            match place {
                Some(place) => write!(out, "{place}: ")?,
                None => write!(out, "{}: ", self.file.display())?,
            }
            match told.place {
                Place::Document => write_message(out, told)?,
                _ => write!(out, "{told}")?,
            }
            separator = "\n";
        }
        if self.verdict.diagnostics().is_empty() {
            write!(out, "{}: {}", self.file.display(), self.verdict)?;
        }
        Ok(())
    }
}

/// The place of a problem whose lines are those of the file.
fn place_in(file: &Path, told: &Diagnostic) -> Option<FilePlace> {
    let line = told.line? as usize;
    let column = told.column.unwrap_or(1) as usize;
    Some(FilePlace {
        file: file.display().to_string(),
        line,
        column,
    })
}

/// A problem without its place, which was said already.
fn write_message(out: &mut fmt::Formatter<'_>, told: &Diagnostic) -> fmt::Result {
    if told.severity == Severity::Warning {
        out.write_str("warning: ")?;
    }
    out.write_str(&told.message)?;
    told.help
        .iter()
        .try_for_each(|help| write!(out, " ({help})"))
}
