//! Sound files that a project carries along: a document lists them by what is in them, and they are unpacked into a
//! folder of the user, from where Csound reads them.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Document;
use super::entry::Extra;
use super::preflight::user_cache;

/// How many bytes of sound files a project carries along at most.
pub const BUDGET: u64 = 8 << 20;

/// A sound file in the project.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileEntry {
    /// The name by which tables know it.
    pub path: String,
    /// BLAKE3 of its content, in hexadecimal digits; empty while it is not in the project.
    pub hash: String,
    /// Its length.
    pub bytes: u64,
    /// Keys of a state that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The content of a file, by its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// BLAKE3 in hexadecimal digits.
    pub hash: String,
    /// What is in it.
    pub bytes: Arc<[u8]>,
}

impl Content {
    /// The content with its hash.
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        let hash = blake3::hash(&bytes).to_hex().to_string();
        Self { hash, bytes }
    }
}

impl Document {
    /// Takes the sound files of its tables into the project, as far as they are there and fit into [`BUDGET`], and lets
    /// go of those that no table names any more. Returns the contents of the new ones, and a sentence for each that is
    /// left out. Reads files: not for the audio thread.
    pub fn embed_files(&mut self) -> (Vec<Content>, Vec<String>) {
        let named: Vec<String> = self.table.iter().filter_map(|t| t.file.clone()).collect();
        self.files.retain(|entry| named.contains(&entry.path));
        let (mut contents, mut left_out) = (Vec::new(), Vec::new());
        for name in named {
            if self.files.iter().any(|entry| entry.path == name) {
                continue;
            }
            let used: u64 = self.files.iter().map(|entry| entry.bytes).sum();
            match read_within(&self.path_of(&name), BUDGET.saturating_sub(used)) {
                Ok(Some(bytes)) => {
                    let content = Content::new(bytes);
                    self.files.push(FileEntry {
                        path: name,
                        hash: content.hash.clone(),
                        bytes: content.bytes.len() as u64,
                        ..FileEntry::default()
                    });
                    contents.push(content);
                }
                Ok(None) => left_out.push(format!(
                    "{name} is not saved in the project, which has room for {} MB of sound files; keep it where it is",
                    BUDGET >> 20
                )),
                // A file that is missing is a problem of its own.
                Err(_) => {}
            }
        }
        (contents, left_out)
    }

    /// Lets tables use another file in place of one, by its path from now on.
    pub fn relocate(&mut self, name: &str, path: &Path) {
        let new = path.to_string_lossy();
        for file in self.table.iter_mut().filter_map(|t| t.file.as_mut()) {
            if file == name {
                *file = new.clone().into_owned();
            }
        }
    }

    /// Where a sound file is read from: the project's own copy, if it has one, else where its name leads.
    pub fn sound_file(&self, name: &str) -> PathBuf {
        let entry = self.files.iter().find(|entry| entry.path == name);
        let own = entry.and_then(|entry| Some((unpacked(entry)?, entry.bytes)));
        match own {
            Some((path, bytes)) if length(&path) == Some(bytes) => path,
            _ => self.path_of(name),
        }
    }
}

/// Where the copy of a file stands once it was unpacked.
fn unpacked(entry: &FileEntry) -> Option<PathBuf> {
    // The hash comes from a project, and becomes part of a path.
    blake3::Hash::from_hex(&entry.hash).ok()?;
    let name = match Path::new(&entry.path).extension() {
        Some(extension) => format!("{}.{}", entry.hash, extension.to_string_lossy()),
        None => entry.hash.clone(),
    };
    Some(user_cache()?.join("files").join(name))
}

/// Unpacks the copy of a file, unless it is there. Others never see half a file: it is renamed into its place.
///
/// # Errors
///
/// Those of the file system.
pub fn unpack(entry: &FileEntry, content: &Content) -> io::Result<()> {
    let wrong = || {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "it is not what the project says",
        )
    };
    let path = unpacked(entry).ok_or_else(wrong)?;
    if content.hash != entry.hash || content.bytes.len() as u64 != entry.bytes {
        return Err(wrong());
    }
    if length(&path) == Some(entry.bytes) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(&path);
    fs::create_dir_all(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(&content.bytes)?;
    new.persist(&path).map(drop).map_err(|error| error.error)
}

fn length(path: &Path) -> Option<u64> {
    let about = fs::metadata(path).ok()?;
    about.is_file().then_some(about.len())
}

/// An ordinary file, or `None` if it has more than `most` bytes.
fn read_within(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    let about = fs::metadata(path)?;
    if !about.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    if about.len() > most {
        return Ok(None);
    }
    fs::read(path).map(Some)
}
