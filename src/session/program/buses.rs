//! Buses private to a note: taken from the program's pool when it starts, given back when it is over.

use super::Program;
use super::note::Note;
use crate::csound::{Csound, Table};
use crate::session::orchestra::BusLayout;

/// The audio buses that no document bus uses. Audio thread only; never allocates after it is made.
pub(super) struct NoteBuses {
    tokens: Table,
    layout: BusLayout,
    free: Vec<u32>,
    /// By index: how often it was given out.
    generations: Vec<u32>,
}

impl NoteBuses {
    pub(super) fn new(tokens: Table, layout: &BusLayout) -> Self {
        let named = |index: &u32| layout.named.iter().any(|bus| bus.index == *index);
        let audio = layout.audio.clone();
        Self {
            tokens,
            layout: layout.clone(),
            free: audio.clone().rev().filter(|index| !named(index)).collect(),
            generations: vec![0; audio.end as usize],
        }
    }

    /// A bus that nobody uses, as the token instruments know it by.
    fn take(&mut self, csound: &mut Csound) -> Option<f64> {
        let index = self.free.pop()?;
        let generation = &mut self.generations[index as usize];
        // A token must stay an exact integer; after this many notes the first one is long forgotten.
        *generation = *generation % MAX_GENERATION + 1;
        let token = self.layout.token(index, *generation);
        csound.cells_mut(&self.tokens)[index as usize] = token;
        Some(token)
    }

    fn give_back(&mut self, csound: &mut Csound, token: f64) {
        let index = (token % f64::from(self.layout.modulus)) as u32;
        csound.cells_mut(&self.tokens)[index as usize] = 0.0;
        self.free.push(index);
    }
}

const MAX_GENERATION: u32 = 1 << 30;

impl Program {
    /// Gives a note the private buses its layer wants; false, and none taken, if there are not enough.
    pub(super) fn take_buses(&mut self, layer: usize, note: &mut Note) -> bool {
        for bus in 0..self.plan.layers[layer].note_buses {
            match self.buses.take(&mut self.csound) {
                Some(token) => note.buses[bus] = token,
                None => {
                    self.return_buses_up_to(note, bus);
                    return false;
                }
            }
        }
        true
    }

    /// Gives the private buses of a note back to the pool.
    pub(super) fn return_buses(&mut self, note: &Note) {
        self.return_buses_up_to(note, self.plan.layers[note.layer].note_buses);
    }

    fn return_buses_up_to(&mut self, note: &Note, count: usize) {
        for token in &note.buses[..count] {
            self.buses.give_back(&mut self.csound, *token);
        }
    }
}
