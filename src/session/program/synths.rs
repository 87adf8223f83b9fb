//! The synths of a program: one slice of the control table each, taken from a free list and given back at the end.

use super::start::NewSynth;
use crate::session::command::SynthId;
use crate::session::orchestra::MOST_SLICES;

/// Whose synth it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A part of a note.
    Note { note: usize, part: usize },
    /// A part of an always-on layer.
    Always { layer: usize, part: usize },
    /// A synth that the session started, of the template at this index.
    Handle { id: SynthId, template: usize },
}

/// A sounding synth.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Synth {
    pub(crate) p1: f64,
    pub(crate) owner: Owner,
    /// Of which template.
    pub(crate) template: usize,
    /// Slots that its controls follow, a bit each.
    pub(crate) slots: u128,
    /// It has not performed a cycle yet.
    pub(crate) fresh: bool,
    /// Its release was sent, or is due in the next cycle.
    pub(crate) released: bool,
}

/// Index of a slice, 1 and up: 0 is nobody's.
pub(crate) type Slice = u32;

/// The fraction of p1 that tells synths of one instrument apart; a power of two, so that p1 is exact.
pub(crate) const FRACTIONS: f64 = (MOST_SLICES + 1) as f64;

/// All synths of a program. Audio thread only; never allocates after it is made.
pub(crate) struct Synths {
    slots: Vec<Option<Synth>>,
    free: Vec<Slice>,
    live: Vec<Slice>,
    /// How many live, by template.
    counts: Vec<u32>,
}

impl Synths {
    /// Room for `count` synths of so many templates.
    pub(crate) fn new(count: u32, templates: usize) -> Self {
        Self {
            slots: vec![None; count as usize + 1],
            free: (1..=count).rev().collect(),
            live: Vec::with_capacity(count as usize),
            counts: vec![0; templates],
        }
    }

    /// Takes a slice for a synth; `None` when all are in use.
    pub(crate) fn start(&mut self, new: &NewSynth) -> Option<(Slice, f64)> {
        let slice = self.free.pop()?;
        let p1 = f64::from(new.number) + f64::from(slice) / FRACTIONS;
        self.counts[new.template] += 1;
        self.slots[slice as usize] = Some(Synth {
            p1,
            owner: new.owner,
            template: new.template,
            slots: new.slots,
            fresh: true,
            released: false,
        });
        self.live.push(slice);
        Some((slice, p1))
    }

    pub(crate) fn get(&self, slice: Slice) -> Option<&Synth> {
        self.slots[slice as usize].as_ref()
    }

    pub(crate) fn get_mut(&mut self, slice: Slice) -> Option<&mut Synth> {
        self.slots[slice as usize].as_mut()
    }

    /// How many there can be.
    pub(crate) fn capacity(&self) -> u32 {
        self.slots.len() as u32 - 1
    }

    /// How many sound.
    pub(crate) fn len(&self) -> usize {
        self.live.len()
    }

    /// How many sound, by template.
    pub(crate) fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// The slice at a position of the list of live ones.
    pub(crate) fn live(&self, position: usize) -> Slice {
        self.live[position]
    }

    /// Calls `visit` with every living one.
    pub(crate) fn for_each_live(&mut self, mut visit: impl FnMut(Slice, &mut Synth)) {
        for &slice in &self.live {
            if let Some(synth) = &mut self.slots[slice as usize] {
                visit(slice, synth);
            }
        }
    }

    /// Gives a slice back. The last living one takes its place in the list.
    pub(crate) fn end(&mut self, slice: Slice) -> Option<Synth> {
        let position = self.live.iter().position(|&live| live == slice)?;
        self.live.swap_remove(position);
        self.free.push(slice);
        let synth = self.slots[slice as usize].take()?;
        self.counts[synth.template] -= 1;
        Some(synth)
    }
}
