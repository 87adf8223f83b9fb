//! The system's own file dialog, which the window asks again in every frame whether the user is done with it.

use rfd::{AsyncFileDialog, FileHandle};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// What the chosen file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Open,
    SaveAs,
    /// The document needs it.
    Find,
    /// It becomes a table.
    Sound,
}

/// How the names of sound files end that a table can be made of.
pub(super) const SOUNDS: [&str; 6] = ["wav", "flac", "aif", "aiff", "ogg", "w64"];

/// A dialog that is open.
pub(super) struct Dialog {
    asked: Asked,
    answer: Pin<Box<dyn Future<Output = Option<FileHandle>> + Send>>,
}

impl Dialog {
    /// Opens a dialog beside the document's file. `name` is what a new file may be called.
    pub(super) fn new(asked: Asked, beside: Option<&Path>, name: &str) -> Self {
        let dialog = match asked {
            Asked::Open => AsyncFileDialog::new().add_filter("Documents", &["toml", "csd"]),
            Asked::SaveAs => AsyncFileDialog::new().add_filter("Documents", &["toml"]),
            Asked::Find => AsyncFileDialog::new().set_title(format!("Where is {name}?")),
            Asked::Sound => AsyncFileDialog::new().add_filter("Sound files", &SOUNDS),
        };
        let dialog = match beside.and_then(Path::parent) {
            Some(folder) => dialog.set_directory(folder),
            None => dialog,
        };
        let answer: Pin<Box<dyn Future<Output = _> + Send>> = match asked {
            Asked::Open | Asked::Find | Asked::Sound => Box::pin(dialog.pick_file()),
            Asked::SaveAs => Box::pin(dialog.set_file_name(file_name(name)).save_file()),
        };
        Self { asked, answer }
    }

    /// `None` while the user chooses; then the file, if one was chosen.
    pub(super) fn chosen(&mut self) -> Option<Option<(Asked, PathBuf)>> {
        match self
            .answer
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Pending => None,
            Poll::Ready(file) => Some(file.map(|file| (self.asked, file.path().to_owned()))),
        }
    }
}

/// A name as every system takes it.
fn file_name(name: &str) -> String {
    let kept = |c: char| {
        if c.is_alphanumeric() || "-_ ".contains(c) {
            c
        } else {
            '-'
        }
    };
    let name: String = name.trim().chars().map(kept).collect();
    format!("{}.toml", if name.is_empty() { "untitled" } else { &name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_documents_become_names_of_files() {
        assert_eq!(file_name("Glass pad"), "Glass pad.toml");
        assert_eq!(file_name("a/b:c"), "a-b-c.toml");
        assert_eq!(file_name(" "), "untitled.toml");
    }
}
