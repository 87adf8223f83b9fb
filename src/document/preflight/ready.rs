//! One child that is started and loaded before it is needed, so that an edit need not wait for it.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::helper::helper_path;
use super::started::Started;

static READY: Mutex<Option<(PathBuf, Started)>> = Mutex::new(None);

/// Starts a child that waits for the next document, if none does. Returns before the child has come up. That no child
/// can be started is told by the next check.
pub fn keep_ready() {
    let mut ready = ready();
    if let Some((_, started)) = &mut *ready
        && started.is_running()
    {
        return;
    }
    *ready = helper_path()
        .ok()
        .and_then(|helper| Some((helper.clone(), Started::new(&helper).ok()?)));
}

/// Ends the child that waits.
pub fn let_go() {
    *ready() = None;
}

/// The child that waits, if it is of that program.
pub(super) fn take(helper: &Path) -> Option<Started> {
    let (program, mut started) = ready().take()?;
    (program == helper && started.is_running()).then_some(started)
}

fn ready() -> MutexGuard<'static, Option<(PathBuf, Started)>> {
    READY.lock().unwrap_or_else(PoisonError::into_inner)
}
