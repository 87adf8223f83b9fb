//! The sound files that a project carries along, packed once and kept ready: saving is copying.
//!
//! They stand behind nice-plug's state, which would pack them anew at each save. The pack is, in little-endian numbers:
//! for each file its hash (64 digits), its length (8 bytes) and its content; then the length of all that (8 bytes) and
//! [`MARK`].

use crate::document::embed::Content;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The end of a pack.
const MARK: &[u8; 8] = b"csfiles1";
/// What follows the files: the length and the mark.
const FOOT: usize = 8 + MARK.len();
const HASH: usize = 64;

/// The files of one instance. Any thread but the audio thread.
#[derive(Default)]
pub struct Vault(Mutex<Store>);

#[derive(Default)]
struct Store {
    /// By hash.
    files: BTreeMap<String, Content>,
    /// All of them; made when it is first asked for.
    pack: Option<Arc<[u8]>>,
}

impl Vault {
    /// Keeps files.
    pub fn put(&self, contents: impl IntoIterator<Item = Content>) {
        let mut store = self.store();
        for content in contents {
            if !store.files.contains_key(&content.hash) {
                store.files.insert(content.hash.clone(), content);
                store.pack = None;
            }
        }
    }

    /// Lets go of all but these.
    pub fn keep_only(&self, wanted: impl Fn(&str) -> bool) {
        let mut store = self.store();
        let before = store.files.len();
        store.files.retain(|hash, _| wanted(hash));
        if store.files.len() != before {
            store.pack = None;
        }
    }

    /// A file by its hash.
    pub fn get(&self, hash: &str) -> Option<Content> {
        self.store().files.get(hash).cloned()
    }

    /// All files as they are saved; empty if there are none.
    pub fn pack(&self) -> Arc<[u8]> {
        let mut store = self.store();
        let Store { files, pack } = &mut *store;
        Arc::clone(pack.get_or_insert_with(|| packed(files)))
    }

    /// Takes up the pack at the end of a state, if there is one, and returns what stands before it. Files that are not
    /// what their hash says are left out: the document will miss them by name.
    pub fn take_in<'a>(&self, state: &'a [u8]) -> &'a [u8] {
        let Some((before, pack)) = split(state) else {
            return state;
        };
        let files = unpacked(pack);
        self.put(files);
        before
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn packed(files: &BTreeMap<String, Content>) -> Arc<[u8]> {
    let mut pack = Vec::new();
    for (hash, content) in files {
        pack.extend_from_slice(hash.as_bytes());
        pack.extend_from_slice(&(content.bytes.len() as u64).to_le_bytes());
        pack.extend_from_slice(&content.bytes);
    }
    if !pack.is_empty() {
        let length = pack.len() as u64;
        pack.extend_from_slice(&length.to_le_bytes());
        pack.extend_from_slice(MARK);
    }
    pack.into()
}

/// What stands before a pack, and its files.
fn split(state: &[u8]) -> Option<(&[u8], &[u8])> {
    let foot = state.len().checked_sub(FOOT)?;
    let (rest, foot) = state.split_at(foot);
    let (length, mark) = foot.split_at(8);
    if mark != MARK {
        return None;
    }
    let length = usize::try_from(number(length)?).ok()?;
    Some(rest.split_at(rest.len().checked_sub(length)?))
}

fn unpacked(mut pack: &[u8]) -> Vec<Content> {
    let mut files = Vec::new();
    while let Some((file, rest)) = first(pack) {
        files.extend(file);
        pack = rest;
    }
    files
}

/// The first file of a pack, if it is whole, and what follows.
fn first(pack: &[u8]) -> Option<(Option<Content>, &[u8])> {
    let (hash, rest) = pack.split_at_checked(HASH)?;
    let (length, rest) = rest.split_at_checked(8)?;
    let length = usize::try_from(number(length)?).ok()?;
    let (bytes, rest) = rest.split_at_checked(length)?;
    let content = Content::new(bytes);
    let whole = content.hash.as_bytes() == hash;
    Some((whole.then_some(content), rest))
}

fn number(bytes: &[u8]) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(contents: &[&[u8]]) -> Vault {
        let vault = Vault::default();
        vault.put(contents.iter().map(|bytes| Content::new(*bytes)));
        vault
    }

    #[test]
    fn a_pack_is_read_again_and_the_state_before_it_found() {
        let first = vault(&[b"choir", b"", b"bells"]);
        let state = [b"state", &*first.pack()].concat();
        let second = Vault::default();
        assert_eq!(second.take_in(&state), b"state");
        assert_eq!(second.pack(), first.pack());
        second.keep_only(|hash| hash == Content::new(*b"bells").hash);
        assert_eq!(second.pack(), vault(&[b"bells"]).pack());
    }

    #[test]
    fn a_state_without_files_has_no_pack() {
        assert!(vault(&[]).pack().is_empty());
        assert_eq!(vault(&[]).take_in(b"state"), b"state");
        assert_eq!(vault(&[]).take_in(b""), b"");
    }

    #[test]
    fn a_damaged_pack_gives_only_what_is_whole() {
        let state = [b"state", &*vault(&[b"choir", b"bells"]).pack()].concat();
        for at in 0..state.len() {
            let mut damaged = state.clone();
            damaged[at] ^= 0x55;
            let heard = Vault::default();
            heard.take_in(&damaged);
            let whole = |bytes: &[u8]| heard.get(&Content::new(bytes).hash);
            assert!(
                whole(b"choir").is_some() || whole(b"bells").is_some() || at >= 5,
                "{at}"
            );
            let cut = Vault::default();
            cut.take_in(&state[..at]);
        }
    }
}
