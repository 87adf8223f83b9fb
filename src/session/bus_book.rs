//! Which buses the session has assigned, and who still uses them.

use super::command::BusId;
use super::pool::HandlePool;

/// How long a bus lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BusLife {
    /// Until nobody uses it any more, once it was used.
    WhileUsed,
    /// Until it is released, and nobody uses it any more.
    UntilReleased,
}

#[derive(Clone, Debug)]
struct Entry {
    id: BusId,
    token: f64,
    life: BusLife,
    /// Synths that were given its token and have not ended.
    synths: u32,
    /// It was given to a synth, or an instrument has used it.
    was_used: bool,
    released: bool,
    /// The performer was asked to free it.
    freeing: bool,
}

impl Entry {
    fn is_over(&self) -> bool {
        self.synths == 0 && (self.released || self.was_used && self.life == BusLife::WhileUsed)
    }
}

/// The assigned buses by their handles' index.
pub(super) struct BusBook {
    pool: HandlePool,
    entries: Vec<Option<Entry>>,
}

impl BusBook {
    pub(super) fn new(count: u32) -> Self {
        Self {
            pool: HandlePool::new(count),
            entries: vec![None; count as usize],
        }
    }

    /// Takes a bus; `token` makes what instruments know it by, `None` if there are not so many. `None` when full.
    pub(super) fn assign(
        &mut self,
        life: BusLife,
        token: impl Fn(BusId) -> Option<f64>,
    ) -> Option<(BusId, f64)> {
        let (index, generation) = self.pool.take()?;
        let id = BusId { index, generation };
        let Some(token) = token(id) else {
            self.pool.give_back(index);
            return None;
        };
        let (synths, was_used, released, freeing) = (0, false, false, false);
        let entry = Entry {
            id,
            token,
            life,
            synths,
            was_used,
            released,
            freeing,
        };
        self.entries[index as usize] = Some(entry);
        Some((id, token))
    }

    /// Whether its token may be handed out, and its value set and read.
    pub(super) fn is_valid(&self, id: BusId) -> bool {
        self.entry(id)
            .is_some_and(|entry| !entry.released && !entry.freeing)
    }

    /// The valid bus with this token.
    pub(super) fn with_token(&self, token: f64) -> Option<BusId> {
        let entries = self.entries.iter().flatten();
        let entry = entries.filter(|entry| !entry.released && !entry.freeing);
        entry
            .clone()
            .find(|entry| entry.token == token)
            .map(|entry| entry.id)
    }

    /// A synth is scheduled that was given its token.
    pub(super) fn given(&mut self, id: BusId) {
        if let Some(entry) = self.entry_mut(id) {
            entry.synths += 1;
            entry.was_used = true;
        }
    }

    /// Such a synth has ended.
    pub(super) fn returned(&mut self, id: BusId) {
        if let Some(entry) = self.entry_mut(id) {
            entry.synths = entry.synths.saturating_sub(1);
        }
    }

    /// Its owner lets go of it.
    pub(super) fn release(&mut self, id: BusId) {
        if let Some(entry) = self.entry_mut(id) {
            entry.released = true;
        }
    }

    /// The buses that nobody needs any more, to be freed; at most so many. `last_use` tells whether instruments have
    /// ever used a bus, and whether they did in the last cycle.
    pub(super) fn collect(
        &mut self,
        most: usize,
        last_use: impl Fn(BusId) -> (bool, bool),
    ) -> Vec<BusId> {
        let mut over = Vec::new();
        for entry in self
            .entries
            .iter_mut()
            .flatten()
            .filter(|entry| !entry.freeing)
        {
            let (ever, now) = last_use(entry.id);
            entry.was_used |= ever;
            if over.len() < most && !now && entry.is_over() {
                entry.freeing = true;
                over.push(entry.id);
            }
        }
        over
    }

    /// The performer has freed a bus.
    pub(super) fn freed(&mut self, id: BusId) {
        if self.entry(id).is_some() {
            self.entries[id.index as usize] = None;
            self.pool.give_back(id.index);
        }
    }

    /// How many buses can be assigned.
    pub(super) fn left(&self) -> usize {
        self.pool.left()
    }

    fn entry(&self, id: BusId) -> Option<&Entry> {
        self.entries
            .get(id.index as usize)?
            .as_ref()
            .filter(|entry| entry.id == id)
    }

    fn entry_mut(&mut self, id: BusId) -> Option<&mut Entry> {
        self.entries
            .get_mut(id.index as usize)?
            .as_mut()
            .filter(|entry| entry.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Step {
        Assign(bool),
        Give(usize),
        Return(usize),
        Release(usize),
        Collect,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            any::<bool>().prop_map(Step::Assign),
            (0..8usize).prop_map(Step::Give),
            (0..8usize).prop_map(Step::Return),
            (0..8usize).prop_map(Step::Release),
            Just(Step::Collect),
        ]
    }

    proptest! {
        /// Whatever happens, a bus that a synth was given is not freed before the synth has ended, and every bus comes
        /// back once all synths have ended and all handles are gone.
        #[test]
        fn buses_are_neither_lost_nor_taken_away(steps in prop::collection::vec(step(), 0..200)) {
            let mut book = BusBook::new(4);
            let mut held: Vec<(BusId, u32)> = Vec::new();
            for step in steps {
                match step {
                    Step::Assign(kept) => {
                        let life = if kept { BusLife::UntilReleased } else { BusLife::WhileUsed };
                        let token = |id: BusId| Some(f64::from(id.index + 16 * id.generation));
                        let assigned = book.assign(life, token);
                        prop_assert_eq!(assigned.is_none(), held.len() == 4);
                        if let Some((id, token)) = assigned {
                            prop_assert_eq!(book.with_token(token), Some(id));
                            held.push((id, 0));
                        }
                    }
                    Step::Give(at) if at < held.len() && book.is_valid(held[at].0) => {
                        book.given(held[at].0);
                        held[at].1 += 1;
                    }
                    Step::Return(at) if at < held.len() && held[at].1 > 0 => {
                        book.returned(held[at].0);
                        held[at].1 -= 1;
                    }
                    Step::Release(at) if at < held.len() => book.release(held[at].0),
                    Step::Collect => {
                        for id in book.collect(usize::MAX, |_| (false, false)) {
                            let position = held.iter().position(|(known, _)| *known == id);
                            let (_, users) = held.remove(position.unwrap());
                            prop_assert_eq!(users, 0);
                            prop_assert!(!book.is_valid(id));
                            book.freed(id);
                        }
                    }
                    _ => {}
                }
            }
            for (id, users) in held {
                (0..users).for_each(|_| book.returned(id));
                book.release(id);
            }
            book.collect(usize::MAX, |_| (false, false)).into_iter().for_each(|id| book.freed(id));
            prop_assert_eq!(book.left(), 4);
        }
    }
}
