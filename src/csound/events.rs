//! Starting, releasing and killing instances of instruments.

use std::ffi::{c_char, c_int, c_long};

use super::instance::Csound;
use super::journal::Deed;

/// The most p-fields an event may have.
pub const MAX_PFIELDS: usize = 1998;

impl Csound {
    /// Starts an instance: p1, p2 (seconds from now), p3, and whatever the instrument reads. It takes effect in the
    /// cycle performed next if p2 allows. Realtime-safe once as many events have waited at the same time before.
    ///
    /// Refused, with false: fewer than 3 or more than [`MAX_PFIELDS`] fields, a NaN among them (which Csound would take
    /// for a string), an instance that is not performing. An instrument that does not exist is reported by message.
    pub fn event(&mut self, pfields: &[f64]) -> bool {
        let countable = (3..=MAX_PFIELDS).contains(&pfields.len());
        if !self.is_started() || !countable || pfields.iter().any(|field| field.is_nan()) {
            return false;
        }
        self.note(|| Deed::Event(pfields.to_vec()));
        // SAFETY: a started instance that nobody else has; Csound copies the fields, which it has room for.
        let code = unsafe {
            (self.functions.score_event)(
                self.raw(),
                b'i' as c_char,
                pfields.as_ptr(),
                pfields.len() as c_long,
            )
        };
        code == 0
    }

    /// Releases the instance that was started with exactly this p1, from the next cycle on; its release, if any, is
    /// heard. Reaches instances with a length too, which a negative p1 does not. Realtime-safe.
    pub fn release(&mut self, p1: f64) -> bool {
        self.end(p1, true)
    }

    /// Ends the instances that were started with exactly this p1 at once, without release. False if there is none of
    /// that instrument. Realtime-safe.
    pub fn kill(&mut self, p1: f64) -> bool {
        self.end(p1, false)
    }

    /// Ends all instances at once, forgets events that wait, and counts time from 0 again. Says so by messages.
    pub fn rewind(&mut self) {
        if self.is_started() {
            // SAFETY: a started instance that nobody else has.
            unsafe { (self.functions.rewind)(self.raw()) };
        }
    }

    fn end(&mut self, p1: f64, with_release: bool) -> bool {
        /// Only instances whose p1 is exactly the one given.
        const EXACT: c_int = 4;
        if !self.is_started() || !p1.is_finite() {
            return false;
        }
        self.note(|| match with_release {
            true => Deed::Release(p1),
            false => Deed::Kill(p1),
        });
        // SAFETY: a started instance that nobody else has; the null name means that the number counts.
        let code = unsafe {
            let release = c_int::from(with_release);
            (self.functions.kill_instance)(self.raw(), p1, std::ptr::null(), EXACT, release)
        };
        code == 0
    }
}
