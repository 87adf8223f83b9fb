//! Which slots have moved: set by any thread, taken by the audio thread.

use super::faces::Standing;
use crate::session::slot::SLOTS;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

const WORDS: usize = SLOTS / 64;

/// A set of slots whose parameter has moved, and where the newest document puts each slot. Nothing here locks or
/// allocates.
pub struct Changes {
    moved: [AtomicU64; WORDS],
    /// Counts the documents taken up.
    epoch: AtomicU32,
    plain: [AtomicU64; SLOTS],
    normalized: [AtomicU32; SLOTS],
}

impl Default for Changes {
    fn default() -> Self {
        Self {
            moved: [const { AtomicU64::new(0) }; WORDS],
            epoch: AtomicU32::new(0),
            plain: [const { AtomicU64::new(0) }; SLOTS],
            normalized: [const { AtomicU32::new(0) }; SLOTS],
        }
    }
}

impl Changes {
    /// Marks a slot.
    pub fn mark(&self, slot: usize) {
        self.moved[slot / 64].fetch_or(1 << (slot % 64), Ordering::Release);
    }

    /// Marks all slots, so that each is looked at again.
    pub fn mark_all(&self) {
        self.moved
            .iter()
            .for_each(|word| word.store(u64::MAX, Ordering::Release));
    }

    /// Notes where a new document puts the slots: a parameter that stands there need not be told to the
    /// program, which knows the value more exactly than a host does.
    pub fn stand(&self, standings: &[Standing]) {
        for standing in standings {
            self.plain[standing.slot].store(standing.plain.to_bits(), Ordering::Relaxed);
            self.normalized[standing.slot].store(standing.normalized.to_bits(), Ordering::Relaxed);
        }
        self.epoch.fetch_add(1, Ordering::Release);
        self.mark_all();
    }

    /// Where the newest document puts a slot.
    pub fn standing(&self, slot: usize) -> Standing {
        Standing {
            slot,
            plain: f64::from_bits(self.plain[slot].load(Ordering::Relaxed)),
            normalized: f32::from_bits(self.normalized[slot].load(Ordering::Relaxed)),
        }
    }

    /// How many documents were taken up.
    pub fn epoch(&self) -> u32 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Takes the marked slots.
    pub fn take(&self) -> Marked {
        Marked(std::array::from_fn(|i| {
            let word = &self.moved[i];
            if word.load(Ordering::Relaxed) == 0 {
                0
            } else {
                word.swap(0, Ordering::AcqRel)
            }
        }))
    }
}

/// Slots, in order.
pub struct Marked([u64; WORDS]);

impl Iterator for Marked {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let word = self.0.iter().position(|&bits| bits != 0)?;
        let bit = self.0[word].trailing_zeros() as usize;
        self.0[word] &= self.0[word] - 1;
        Some(word * 64 + bit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_once_and_in_order() {
        let changes = Changes::default();
        for slot in [127, 0, 64, 63, 0] {
            changes.mark(slot);
        }
        assert_eq!(changes.take().collect::<Vec<_>>(), [0, 63, 64, 127]);
        assert_eq!(changes.take().count(), 0);
    }

    #[test]
    fn a_new_document_marks_every_slot() {
        let changes = Changes::default();
        let standing = Standing {
            slot: 3,
            plain: 440.0,
            normalized: 0.25,
        };
        changes.stand(&[standing]);
        assert_eq!((changes.standing(3), changes.epoch()), (standing, 1));
        assert_eq!(changes.take().count(), SLOTS);
    }
}
