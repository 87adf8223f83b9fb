//! Moves of slots on their way from the host's block to the performer, each at its sample.
//!
//! A format that finds them in its block passes them on by itself: nice-plug 0.4.2 looks up three hashes, wakes the main
//! thread and cuts the block for each of them.

use crate::session::mailbox::Mailbox;
use std::sync::atomic::{AtomicBool, Ordering};

/// How many a block may hold; what comes after them goes nice-plug's way.
const ROOM: usize = 1024;

/// A slot goes somewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Move {
    /// Samples from the first one of the block.
    pub offset: u32,
    /// The slot.
    pub slot: u8,
    /// Where it goes.
    pub to: Place,
}

/// Where a slot goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// A normalized value.
    Value(f32),
    /// A normalized offset from it.
    Modulation(f32),
}

/// The moves of one block. Both ends are on the audio thread, so the list is always there to be taken; where a host breaks
/// that rule, nobody waits for it.
pub struct Moves {
    any: AtomicBool,
    list: Mailbox<Vec<Move>>,
}

impl Default for Moves {
    fn default() -> Self {
        Self {
            any: AtomicBool::new(false),
            list: Mailbox::holding(Box::new(Vec::with_capacity(ROOM))),
        }
    }
}

impl Moves {
    /// Lets `fill` add moves by a function that says whether there was room. Realtime-safe.
    pub fn put(&self, fill: impl FnOnce(&mut dyn FnMut(Move) -> bool)) {
        let mut list = self.list.take();
        fill(&mut |moved| match &mut list {
            Some(list) if list.len() < ROOM => {
                list.push(moved);
                true
            }
            _ => false,
        });
        let any = list.as_ref().is_some_and(|list| !list.is_empty());
        self.any.store(any, Ordering::Relaxed);
        if let Some(list) = list {
            self.list.put_back(list);
        }
    }

    /// Takes all moves, in the order in which they came. Realtime-safe.
    pub fn take(&self, visit: impl FnMut(Move)) {
        if !self.any.load(Ordering::Relaxed) {
            return;
        }
        if let Some(mut list) = self.list.take() {
            self.any.store(false, Ordering::Relaxed);
            list.drain(..).for_each(visit);
            self.list.put_back(list);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(slot: u8) -> Move {
        Move {
            offset: 3,
            slot,
            to: Place::Value(0.5),
        }
    }

    fn taken(moves: &Moves) -> Vec<Move> {
        let mut all = Vec::new();
        moves.take(|moved| all.push(moved));
        all
    }

    #[test]
    fn moves_are_taken_once_and_in_order() {
        let moves = Moves::default();
        moves.put(|push| assert!(push(moved(2)) && push(moved(1))));
        assert_eq!(taken(&moves), [moved(2), moved(1)]);
        assert_eq!(taken(&moves), []);
    }

    #[test]
    fn what_finds_no_room_is_refused() {
        let moves = Moves::default();
        moves.put(|push| {
            let pushed = (0..2 * ROOM).filter(|_| push(moved(0))).count();
            assert_eq!(pushed, ROOM);
        });
        assert_eq!(taken(&moves).len(), ROOM);
    }
}
