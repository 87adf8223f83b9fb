//! What a session tells of the audio thread's work.

use super::Session;
use crate::csound::{ticks, ticks_per_second};
use crate::session::ledger::Ledger;
use crate::session::name::NameId;
use std::sync::atomic::Ordering;
use std::time::Duration;

impl Session {
    /// What the performer's work has cost so far.
    pub fn ledger(&self) -> Ledger {
        let books = self.hub.lock();
        let name = |id| books.problems.name(id);
        books.end.ledger.read(ticks_per_second(), name)
    }

    /// The name behind an id in a report, if it is that of an Instr that was played.
    pub fn instr_name(&self, id: NameId) -> Option<String> {
        self.hub.lock().problems.name(id)
    }

    /// How long the process call has taken that runs now; `None` between calls. A loop in an instrument that never
    /// ends shows here, and nowhere else: nothing can stop it.
    pub fn in_process_for(&self) -> Option<Duration> {
        let entered = self.hub.lock().end.ledger.entered.load(Ordering::Relaxed);
        let took = ticks().saturating_sub(entered) as f64 / ticks_per_second();
        (entered > 0).then(|| Duration::try_from_secs_f64(took).unwrap_or_default())
    }
}
