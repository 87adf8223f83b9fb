//! The sound files of a document: taken into the project, unpacked from it, found again where they are lost.

use super::Model;
use crate::document::Document;
use crate::document::embed::unpack;
use crate::plugin::desk::Desk;
use std::path::PathBuf;
use std::sync::PoisonError;

/// A sound file that has moved.
pub struct Moved {
    /// The name by which the document knows it.
    pub name: String,
    /// Where it is now.
    pub path: PathBuf,
}

impl Model {
    /// Unpacks the files that a loaded project carries along.
    pub(super) fn unpack_files(&self, document: &Document) {
        for entry in document.files.iter().filter(|e| !e.hash.is_empty()) {
            let Some(content) = self.link.vault.get(&entry.hash) else {
                self.desk()
                    .say(format!("{} is damaged in the project", entry.path));
                continue;
            };
            if let Err(error) = unpack(entry, &content) {
                self.desk()
                    .say(format!("cannot unpack {}: {error}", entry.path));
            }
        }
    }

    /// Takes the files of a document into the project, and lets go of those of the one before.
    pub(super) fn keep_files(&self, desk: &mut Desk, document: &mut Document) {
        let vault = &self.link.vault;
        document
            .files
            .retain(|entry| vault.get(&entry.hash).is_some());
        let (contents, left_out) = document.embed_files();
        left_out.into_iter().for_each(|line| desk.say(line));
        vault.put(contents);
        vault.keep_only(|hash| document.files.iter().any(|entry| entry.hash == hash));
    }

    /// Has the document use a file where it is now, soon. Any thread but the audio thread.
    pub fn relocate(&self, moved: Moved) {
        self.moved
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(moved);
    }

    /// Opens the document with the files that were found again. For the background thread.
    pub(super) fn find_files(&self) {
        let moved = std::mem::take(&mut *self.moved.lock().unwrap_or_else(PoisonError::into_inner));
        if moved.is_empty() {
            return;
        }
        let mut document = self.current(&self.desk());
        for Moved { name, path } in moved {
            document.relocate(&name, &path);
        }
        self.open(document);
    }
}
