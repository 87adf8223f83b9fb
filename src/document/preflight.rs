//! The preflight: a document is tried out in a process of its own before this one compiles it.
//!
//! Csound trusts its text: a division by the constant 0 crashes it, an endless loop hangs it. So no text from a
//! document is compiled in a host's process, nor by the renderer, before a child process has compiled it, started it
//! and let each Instr sound. [`Preflight::check`] is the parent's side; [`child_main`] is the whole life of the child.
//! Any thread but the audio thread; it blocks for some milliseconds to seconds.

mod cache;
mod child;
mod helper;
mod parent;
mod patience;
mod ready;
mod started;
mod verdict;
mod wire;

use std::path::PathBuf;

pub use cache::Cache;
pub(super) use cache::user_cache;
pub use child::child_main;
pub(in crate::document) use helper::support_folders;
pub use helper::{helper_path, set_support_folder, set_this_program};
pub use ready::{keep_ready, let_go};
pub use verdict::Verdict;

use super::{Document, refused};
use crate::session::trial;
use wire::{PROTOCOL, Request};

/// How documents are tried out.
#[derive(Clone, Debug)]
pub struct Preflight {
    /// The program that is the child; found by itself if not given.
    pub helper: Option<PathBuf>,
    /// Where verdicts are remembered; nowhere if not given.
    pub cache: Option<Cache>,
}

impl Default for Preflight {
    /// The helper is searched for, the cache is the user's.
    fn default() -> Self {
        Self {
            helper: None,
            cache: Cache::of_user(),
        }
    }
}

impl Preflight {
    /// What becomes of the document at a sample rate in Hz. Blocks until that is known.
    pub fn check(&self, document: &Document, sample_rate: f64) -> Verdict {
        let refused = refused(document);
        if !refused.is_empty() {
            return Verdict::Refused(refused);
        }
        if document.is_factory() {
            return Verdict::Fine {
                warnings: Vec::new(),
            };
        }
        let key = key(document, sample_rate);
        if let Some(known) = self.cache.as_ref().and_then(|cache| cache.get(&key)) {
            return known;
        }
        self.check_anew(document, sample_rate)
    }

    /// The same, but whatever is remembered of the document is forgotten. Files that it reads at run time, or the
    /// machine, may have changed.
    pub fn check_anew(&self, document: &Document, sample_rate: f64) -> Verdict {
        let helper = match self.helper.clone().map_or_else(helper_path, Ok) {
            Ok(helper) => helper,
            Err(why) => return Verdict::NoHelper { why },
        };
        let request = Request {
            protocol: PROTOCOL,
            state: document.to_state(),
            sample_rate,
        };
        let verdict = parent::ask(&helper, &request);
        if let Some(cache) = &self.cache {
            // Without a cache it takes longer the next time, that is all.
            let _ = cache.put(&key(document, sample_rate), &verdict);
        }
        verdict
    }
}

/// Tells apart what could have different verdicts.
fn key(document: &Document, sample_rate: f64) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    let mut add = |part: &[u8]| {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    };
    add(&PROTOCOL.to_le_bytes());
    add(env!("CARGO_PKG_VERSION").as_bytes());
    add(trial::csound_version().unwrap_or_default().as_bytes());
    add(&sample_rate.to_le_bytes());
    add(document.code_hash().as_bytes());
    // Another child may judge otherwise.
    if let Ok(helper) = helper_path() {
        add(&identity(&helper));
    }
    for file in document
        .table
        .iter()
        .filter_map(|table| table.file.as_ref())
    {
        add(&identity(&document.sound_file(file)));
    }
    hasher.finalize()
}

/// What changes when a file does.
fn identity(path: &std::path::Path) -> Vec<u8> {
    let about = std::fs::metadata(path).and_then(|about| Ok((about.len(), about.modified()?)));
    format!("{about:?}").into_bytes()
}
