//! All notes of a program, and the keys that are down in its mono and legato layers.

use super::note::{Note, Values};
use crate::session::command::NoteAddress;

/// Most keys a mono layer remembers.
const MAX_HELD: usize = 32;

/// Notes in a fixed table. Audio thread only; never allocates after it is made.
pub(crate) struct Notes {
    table: Vec<Option<Note>>,
    count: usize,
    begun: u64,
    /// Counts keys going down; notes of several layers may begin with one.
    presses: u64,
    /// A note may have changed since [`Notes::settle`].
    touched: bool,
}

impl Notes {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            table: vec![None; capacity],
            count: 0,
            begun: 0,
            presses: 0,
            touched: false,
        }
    }

    /// Puts a note into the table; `None` when it is full.
    pub(crate) fn add(&mut self, note: Note) -> Option<usize> {
        let index = self.table.iter().position(Option::is_none)?;
        self.table[index] = Some(note);
        self.count += 1;
        Some(index)
    }

    pub(crate) fn remove(&mut self, index: usize) -> Option<Note> {
        let note = self.table[index].take()?;
        self.count -= 1;
        Some(note)
    }

    pub(crate) fn get(&self, index: usize) -> Option<&Note> {
        self.table[index].as_ref()
    }

    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut Note> {
        self.table[index].as_mut()
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// A note of a layer, by the key that went down last. It is not in the table yet.
    pub(crate) fn begin(&mut self, address: NoteAddress, layer: usize, values: Values) -> Note {
        self.begun += 1;
        let mut note = Note::new(address, layer, values);
        (note.age, note.press) = (self.begun, self.presses);
        note
    }

    /// A key goes down: what begins now belongs together.
    pub(crate) fn begin_press(&mut self) {
        self.presses += 1;
    }

    /// Whether any note sounds that began with that key going down.
    pub(crate) fn has_press(&self, press: u64) -> bool {
        self.iter().any(|(_, note)| note.press == press)
    }

    /// How far indices go.
    pub(crate) fn capacity(&self) -> usize {
        self.table.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &Note)> {
        self.table
            .iter()
            .enumerate()
            .filter_map(|(index, note)| Some((index, note.as_ref()?)))
    }

    /// All notes, to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Note> {
        self.touched = true;
        self.table.iter_mut().flatten()
    }

    /// Whether any note may have changed since [`Notes::settle`].
    pub(crate) fn touched(&self) -> bool {
        self.touched
    }

    /// What has changed was written.
    pub(crate) fn settle(&mut self) {
        self.iter_mut().for_each(|note| note.changed = false);
        self.touched = false;
    }

    /// The oldest note of a layer that is held, or that is not.
    pub(crate) fn oldest(&self, layer: usize, held: bool) -> Option<usize> {
        let notes = self
            .iter()
            .filter(|(_, note)| note.layer == layer && note.held == held);
        notes
            .min_by_key(|(_, note)| note.age)
            .map(|(index, _)| index)
    }

    /// How many notes of a layer sound, and how many of them are held.
    pub(crate) fn count_of(&self, layer: usize) -> (usize, usize) {
        let of_layer = self.iter().filter(|(_, note)| note.layer == layer);
        of_layer.fold((0, 0), |(all, held), (_, note)| {
            (all + 1, held + usize::from(note.held))
        })
    }
}

/// The keys that are down in a mono or legato layer, oldest first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeldKeys {
    keys: [(NoteAddress, f64); MAX_HELD],
    len: usize,
}

impl HeldKeys {
    pub(crate) fn new() -> Self {
        Self {
            keys: [(NoteAddress::default(), 0.0); MAX_HELD],
            len: 0,
        }
    }

    /// A key goes down. The oldest one is forgotten when there are too many.
    pub(crate) fn press(&mut self, address: NoteAddress, velocity: f64) {
        if self.len == MAX_HELD {
            self.keys.copy_within(1.., 0);
            self.len -= 1;
        }
        self.keys[self.len] = (address, velocity);
        self.len += 1;
    }

    /// Keys go up. Returns whether any of them was down.
    pub(crate) fn lift(&mut self, address: &NoteAddress) -> bool {
        let before = self.len;
        let mut kept = 0;
        for i in 0..before {
            if !address.reaches(&self.keys[i].0) {
                self.keys[kept] = self.keys[i];
                kept += 1;
            }
        }
        self.len = kept;
        kept < before
    }

    /// The key pressed last among those that are down.
    pub(crate) fn last(&self) -> Option<(NoteAddress, f64)> {
        self.keys[..self.len].last().copied()
    }

    pub(crate) fn clear(&mut self) {
        self.len = 0;
    }
}
