//! The session's synths as the audio thread knows them: waiting with their arguments, or sounding in a program.

use crate::session::command::{ArgKey, SynthId};

/// Most arguments a synth can be given.
pub(crate) const MAX_ARGS: usize = 48;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nobody's, or ended.
    Free,
    /// Not started.
    Waiting,
    /// Sounding: the program's serial number and the slice in it.
    Playing { program: u64, slice: u32 },
}

struct Entry {
    generation: u32,
    phase: Phase,
    args: Vec<(ArgKey, f64)>,
}

/// A fixed table by handle index. Audio thread only; never allocates after it is made.
pub(super) struct Handles {
    entries: Vec<Entry>,
}

impl Handles {
    pub(super) fn new(count: u32) -> Self {
        let entry = |_| Entry {
            generation: 0,
            phase: Phase::Free,
            args: Vec::with_capacity(MAX_ARGS),
        };
        Self {
            entries: (0..count).map(entry).collect(),
        }
    }

    /// The phase of a synth; `Free` once it has ended.
    pub(super) fn phase(&self, id: SynthId) -> Phase {
        self.entry(id).map_or(Phase::Free, |entry| entry.phase)
    }

    /// Notes an argument of a waiting synth; a second value for it replaces the first. False when it has too many.
    pub(super) fn give(&mut self, id: SynthId, key: ArgKey, value: f64) -> bool {
        self.claim(id);
        let Some(entry) = self.entry_mut(id) else {
            return false;
        };
        if let Some((_, known)) = entry.args.iter_mut().find(|(k, _)| *k == key) {
            *known = value;
        } else if entry.args.len() < MAX_ARGS {
            entry.args.push((key, value));
        } else {
            return false;
        }
        true
    }

    /// Makes the entry wait for this synth, if it still belongs to an earlier one.
    pub(super) fn claim(&mut self, id: SynthId) {
        if let Some(entry) = self.entries.get_mut(id.index as usize)
            && entry.generation < id.generation
        {
            entry.generation = id.generation;
            entry.phase = Phase::Waiting;
            entry.args.clear();
        }
    }

    /// The arguments given so far.
    pub(super) fn args(&self, id: SynthId) -> &[(ArgKey, f64)] {
        self.entry(id).map_or(&[], |entry| &entry.args)
    }

    pub(super) fn set_phase(&mut self, id: SynthId, phase: Phase) {
        if let Some(entry) = self.entry_mut(id) {
            entry.phase = phase;
        }
    }

    /// The waiting synths, by position; see [`Handles::waiting_at`].
    pub(super) fn len(&self) -> u32 {
        self.entries.len() as u32
    }

    /// The synth at a position if it waits.
    pub(super) fn waiting_at(&self, index: u32) -> Option<SynthId> {
        let entry = &self.entries[index as usize];
        (entry.phase == Phase::Waiting).then_some(SynthId {
            index,
            generation: entry.generation,
        })
    }

    fn entry(&self, id: SynthId) -> Option<&Entry> {
        self.entries
            .get(id.index as usize)
            .filter(|entry| entry.generation == id.generation)
    }

    fn entry_mut(&mut self, id: SynthId) -> Option<&mut Entry> {
        self.entries
            .get_mut(id.index as usize)
            .filter(|entry| entry.generation == id.generation)
    }
}
