//! A clock that stands still, so that several calls mean the same moment.

use super::Session;
use crate::session::books::time;
use crate::session::error::Error;
use std::ops::{Deref, DerefMut};

/// How far ahead of now a locked clock stands if nothing is said, in seconds.
const LATENCY: f64 = 0.1;

/// The session with its clock standing still until this is dropped. Whatever is asked of the session meanwhile counts
/// from the same moment.
pub struct LockedClock<'a> {
    session: &'a mut Session,
    before: Option<u64>,
}

impl Session {
    /// Stops the clock for the caller: delays count from `latency` seconds after now (0.1 if not said) until the
    /// returned guard is dropped. The latency is the time that the caller has to say all that shall begin together.
    /// Locks may stand inside each other; the inner one counts from the outer one's moment.
    ///
    /// # Errors
    /// A bad latency.
    pub fn locked_clock(&mut self, latency: Option<f64>) -> Result<LockedClock<'_>, Error> {
        let latency = time(latency.unwrap_or(LATENCY), "a latency")?;
        let mut books = self.hub.lock();
        let frozen = books.now() + books.samples(latency);
        let before = books.frozen.replace(frozen);
        drop(books);
        Ok(LockedClock {
            session: self,
            before,
        })
    }
}

impl Deref for LockedClock<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session
    }
}

impl DerefMut for LockedClock<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        self.session
    }
}

impl Drop for LockedClock<'_> {
    fn drop(&mut self) {
        self.session.hub.lock().frozen = self.before;
    }
}
