//! Verdicts remembered on disk, one small file each. Losing one costs a preflight, nothing else.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::verdict::Verdict;

/// More files than this are not kept, and the few that come between two looks.
const MOST: usize = 2000;
/// So often is the folder looked through: that takes longer than everything else that is done with a verdict.
const LOOK_EVERY: u32 = 64;

/// A folder of verdicts.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// The verdicts in `folder`, which is made when the first one comes.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The folder of the user: `$XDG_CACHE_HOME/csound-session/verdicts` or its like. `None` without a home.
    pub fn of_user() -> Option<Self> {
        Some(Self::new(user_cache()?.join("verdicts")))
    }

    /// The verdict of that key. A file that cannot be read counts as none.
    pub(super) fn get(&self, key: &blake3::Hash) -> Option<Verdict> {
        let text = fs::read(self.file(key)).ok()?;
        let verdict: Verdict = serde_json::from_slice(&text).ok()?;
        verdict.is_lasting().then_some(verdict)
    }

    /// Keeps a verdict if it is a lasting one. Others never see half a file: it is renamed into its place.
    pub(super) fn put(&self, key: &blake3::Hash, verdict: &Verdict) -> io::Result<()> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        if !verdict.is_lasting() {
            return Ok(());
        }
        fs::create_dir_all(&self.folder)?;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        if count.is_multiple_of(LOOK_EVERY) {
            self.make_room();
        }
        let new = self
            .folder
            .join(format!("new-{}-{count}", std::process::id()));
        let written = fs::File::create(&new)
            .and_then(|mut file| file.write_all(&serde_json::to_vec(verdict)?))
            .and_then(|()| fs::rename(&new, self.file(key)));
        written.inspect_err(|_| drop(fs::remove_file(&new)))
    }

    fn file(&self, key: &blake3::Hash) -> PathBuf {
        self.folder.join(format!("{}.json", key.to_hex()))
    }

    /// Throws the older half away when there are too many.
    fn make_room(&self) {
        let mut files = by_age(&self.folder);
        if files.len() >= MOST {
            files.truncate(MOST / 2);
            for file in files {
                // Another process may have been faster.
                let _ = fs::remove_file(file);
            }
        }
    }
}

/// The folder for what can be made again: `$XDG_CACHE_HOME/csound-session` or its like. `None` without a home.
pub fn user_cache() -> Option<PathBuf> {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))?;
    Some(base.join("csound-session"))
}

/// The files of a folder, oldest first.
fn by_age(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    files.sort();
    files.into_iter().map(|(_, path)| path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_lasts() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("verdicts"));
        let key = blake3::hash(b"a");
        assert_eq!(cache.get(&key), None);
        let crashed = Verdict::Crashed {
            while_doing: "compiling".to_owned(),
        };
        cache.put(&key, &crashed).unwrap();
        assert_eq!(cache.get(&key), Some(crashed));
        let hung = blake3::hash(b"b");
        cache
            .put(
                &hung,
                &Verdict::Hung {
                    while_doing: String::new(),
                },
            )
            .unwrap();
        assert_eq!(cache.get(&hung), None);
    }

    #[test]
    fn ignores_damage() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        let key = blake3::hash(b"a");
        for damage in [&b""[..], b"{", b"{\"fine\":{}}", b"\xff\xfe"] {
            fs::write(cache.file(&key), damage).unwrap();
            assert_eq!(cache.get(&key), None);
        }
    }

    #[test]
    fn forgets_the_oldest() {
        let folder = tempfile::tempdir().unwrap();
        for n in 0..MOST {
            fs::write(folder.path().join(n.to_string()), "").unwrap();
        }
        let cache = Cache::new(folder.path().to_owned());
        let fine = Verdict::Fine {
            warnings: Vec::new(),
        };
        for n in 0..LOOK_EVERY {
            cache.put(&blake3::hash(&n.to_le_bytes()), &fine).unwrap();
        }
        let left = by_age(folder.path()).len();
        assert!((MOST / 2..=MOST / 2 + LOOK_EVERY as usize).contains(&left));
    }
}
