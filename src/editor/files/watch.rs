//! A file that is written elsewhere.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// How often it is looked at.
const PERIOD: Duration = Duration::from_millis(300);

/// The file and how it was when it was last looked at.
pub(super) struct Watch {
    path: PathBuf,
    known: Option<(SystemTime, u64)>,
    looked: Instant,
}

impl Watch {
    /// Watches a file from now on.
    pub(super) fn new(path: &Path) -> Self {
        Self {
            known: stamp(path),
            path: path.to_owned(),
            looked: Instant::now(),
        }
    }

    /// Whether it has been written since this last said so. A file that is gone, as many editors have it for a moment
    /// while they save, is waited for.
    pub(super) fn has_changed(&mut self) -> bool {
        if self.looked.elapsed() < PERIOD {
            return false;
        }
        self.looked = Instant::now();
        let now = stamp(&self.path);
        let changed = now.is_some() && now != self.known;
        if changed {
            self.known = now;
        }
        changed
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let about = std::fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len()))
}
