//! Programs on their way to the performer, in a few places that either side empties without waiting for the other.
//!
//! A ring will not do: the session takes back what is superseded before it was heard, so both sides take.

use super::mailbox::Mailbox;
use super::program::Program;
use super::when::When;
use std::sync::atomic::{AtomicU64, Ordering};

/// Programs that can wait to take over, here and in the performer.
pub(crate) const WAITING: usize = 4;

/// Wait-free on both sides. One thread puts at a time.
#[derive(Default)]
pub(crate) struct Handover {
    places: [Mailbox<Program>; WAITING],
    /// Programs put so far.
    put: AtomicU64,
    /// How many of them are known to be gone.
    gone: AtomicU64,
}

impl Handover {
    /// Puts a program that is to take over at a moment. When too many wait, the newest replaces the oldest, which is
    /// returned. Not for the audio thread.
    pub(crate) fn put(&self, mut program: Box<Program>, when: When) -> Option<Box<Program>> {
        let number = self.put.load(Ordering::Relaxed);
        program.takeover = Takeover { when, number };
        let replaced = self.place(number).put(program);
        self.put.store(number + 1, Ordering::Release);
        replaced
    }

    /// Takes all that are there, oldest first. Realtime-safe.
    pub(crate) fn take_all(&self) -> impl Iterator<Item = Box<Program>> + use<> {
        let put = self.put.load(Ordering::Acquire);
        self.gone.fetch_max(put, Ordering::AcqRel);
        let mut taken = [const { None }; WAITING];
        // The newest place first: whoever is put meanwhile is seen only with all that were put before.
        for (back, slot) in (1..).zip(&mut taken) {
            *slot = self.place(put.wrapping_sub(back)).take();
        }
        taken.sort_unstable_by_key(number);
        taken.into_iter().flatten()
    }

    /// How many are there; while the other side takes them, how many were. Realtime-safe.
    pub(crate) fn len(&self) -> usize {
        let gone = self.gone.load(Ordering::Acquire);
        let left = self.put.load(Ordering::Acquire).saturating_sub(gone);
        (left as usize).min(WAITING)
    }

    /// Whether there is none. Realtime-safe.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn place(&self, number: u64) -> &Mailbox<Program> {
        &self.places[number as usize % WAITING]
    }
}

fn number(place: &Option<Box<Program>>) -> Option<u64> {
    place.as_ref().map(|program| program.takeover.number)
}

/// When a program takes over, and which of all that were sent it is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Takeover {
    pub(crate) when: When,
    number: u64,
}
