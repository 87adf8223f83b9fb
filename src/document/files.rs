//! The files around a document: its own, and those it refers to.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::problem::Problem;
use super::{Document, IncludeEntry};
use crate::session::diagnostic::{Diagnostic, Place};

impl Document {
    /// Reads a document file and the code it includes; the other files it refers to must be there.
    ///
    /// # Errors
    ///
    /// As [`Document::read`], and for each file that is missing or cannot be read.
    pub fn open(path: &Path) -> Result<Self, Vec<Diagnostic>> {
        let text = read_text(path).map_err(|why| vec![Diagnostic::error(Place::Document, why)])?;
        let mut document = Self::read(&text, &path.display().to_string())?;
        document.folder = folder_of(path);
        let mut problems = document.embed_includes();
        problems.extend(document.missing_files());
        if problems.is_empty() {
            Ok(document)
        } else {
            Err(document.diagnose(problems))
        }
    }

    /// Writes the document file, whole or not at all. Code that the document includes from files goes into it, but
    /// for files that stand, with the same text, where the new file looks for them.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let mut copy = self.clone();
        copy.folder = folder_of(path);
        let Self {
            folder,
            includes,
            instr,
            ..
        } = &mut copy;
        for include in includes
            .iter_mut()
            .chain(instr.iter_mut().flat_map(|instr| &mut instr.includes))
        {
            let there = fs::read_to_string(resolve(folder.as_deref(), &include.path)).ok();
            include.linked = include.text.is_none() || include.text == there;
        }
        let new = path.with_extension("toml.new");
        let written = fs::write(&new, copy.to_toml()).and_then(|()| fs::rename(&new, path));
        // Half a file is no use, and on a full disk it is in the way.
        written.inspect_err(|_| drop(fs::remove_file(&new)))
    }

    /// Where a file that the document names stands: relative names start from its folder.
    pub fn path_of(&self, name: &str) -> PathBuf {
        resolve(self.folder.as_deref(), name)
    }

    /// Reads the includes that are only named into the document.
    fn embed_includes(&mut self) -> Vec<Problem> {
        let Self {
            folder,
            includes,
            instr,
            ..
        } = self;
        let own = includes
            .iter_mut()
            .enumerate()
            .map(|(index, include)| (format!("includes[{index}]"), include));
        let of_instrs = instr.iter_mut().enumerate().flat_map(|(at, instr)| {
            let includes = instr.includes.iter_mut().enumerate();
            includes
                .map(move |(index, include)| (format!("instr[{at}].includes[{index}]"), include))
        });
        own.chain(of_instrs)
            .filter_map(|(path, include)| embed(folder.as_deref(), path, include))
            .collect()
    }

    /// The sound files that are not where the document looks for them.
    pub(super) fn missing_files(&self) -> Vec<Problem> {
        let named = self
            .table
            .iter()
            .enumerate()
            .filter_map(|(index, table)| Some((index, table.file.as_ref()?)));
        let missing = named.filter(|(_, file)| !self.sound_file(file).is_file());
        missing
            .map(|(index, file)| {
                let path = self.path_of(file);
                Problem::new(
                    format!("table[{index}].file"),
                    format!("there is no file {}", path.display()),
                )
                .help("put it there, or correct the name; it is relative to the document")
            })
            .collect()
    }
}

fn embed(folder: Option<&Path>, path: String, include: &mut IncludeEntry) -> Option<Problem> {
    if include.text.is_some() {
        return None;
    }
    match read_text(&resolve(folder, &include.path)) {
        Ok(text) => {
            include.text = Some(text);
            None
        }
        Err(why) => Some(Problem::new(path, why).help("the name is relative to the document")),
    }
}

fn folder_of(path: &Path) -> Option<PathBuf> {
    std::path::absolute(path).ok()?.parent().map(Path::to_owned)
}

fn resolve(folder: Option<&Path>, name: &str) -> PathBuf {
    match folder {
        Some(folder) => folder.join(name),
        None => PathBuf::from(name),
    }
}

/// The text of an ordinary file; a pipe could keep the reader waiting for ever.
fn read_text(path: &Path) -> Result<String, String> {
    let told = |why: &dyn std::fmt::Display| format!("cannot read {}: {why}", path.display());
    let about = fs::metadata(path).map_err(|error| told(&error))?;
    if !about.is_file() {
        return Err(told(&"it is not a file"));
    }
    let bytes = fs::read(path).map_err(|error| told(&error))?;
    String::from_utf8(bytes).map_err(|error| {
        let line = error.as_bytes()[..error.utf8_error().valid_up_to()]
            .iter()
            .filter(|b| **b == b'\n')
            .count()
            + 1;
        told(&format!("it is not text in UTF-8 (line {line})"))
    })
}
