//! Handles of what the session makes: minted here and nowhere else.

/// A free list of handle indices, each with the generation it was last used in.
pub(super) struct HandlePool {
    free: Vec<u32>,
    generations: Vec<u32>,
}

impl HandlePool {
    /// Room for `count` handles at once.
    pub(super) fn new(count: u32) -> Self {
        Self {
            free: (0..count).rev().collect(),
            generations: vec![0; count as usize],
        }
    }

    /// An index and a generation that nothing has had together; `None` when all are in use.
    pub(super) fn take(&mut self) -> Option<(u32, u32)> {
        let index = self.free.pop()?;
        let generation = &mut self.generations[index as usize];
        *generation += 1;
        Some((index, *generation))
    }

    /// What had this index is gone.
    pub(super) fn give_back(&mut self, index: u32) {
        self.free.push(index);
    }

    /// How many can be taken.
    pub(super) fn left(&self) -> usize {
        self.free.len()
    }
}
