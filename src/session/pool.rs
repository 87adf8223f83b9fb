//! Handles of the session's synths: minted here and nowhere else.

use super::command::SynthId;

/// A free list of handle indices, each with the generation it was last used in.
pub(super) struct HandlePool {
    free: Vec<u32>,
    generations: Vec<u32>,
}

impl HandlePool {
    /// Room for `count` synths at once.
    pub(super) fn new(count: u32) -> Self {
        Self {
            free: (0..count).rev().collect(),
            generations: vec![0; count as usize],
        }
    }

    /// A handle that no synth has had; `None` when all are in use.
    pub(super) fn take(&mut self) -> Option<SynthId> {
        let index = self.free.pop()?;
        let generation = &mut self.generations[index as usize];
        *generation += 1;
        Some(SynthId {
            index,
            generation: *generation,
        })
    }

    /// Its synth has ended.
    pub(super) fn give_back(&mut self, synth: SynthId) {
        self.free.push(synth.index);
    }
}
