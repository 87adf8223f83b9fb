//! Which notes of a MIDI file sound.

use crate::session::command::NoteAddress;

/// The notes that sound, oldest first. Each gets an id, so that a note-off ends the note that it
/// belongs to, even if the same key was struck again meanwhile.
#[derive(Default)]
pub struct SoundingNotes {
    held: Vec<NoteAddress>,
    started: i32,
}

impl SoundingNotes {
    pub fn start(&mut self, channel: u8, key: u8) -> NoteAddress {
        let note = NoteAddress {
            id: Some(self.started),
            ..NoteAddress::midi(channel, key)
        };
        self.started = self.started.wrapping_add(1);
        self.held.push(note);
        note
    }

    /// Ends the oldest note of a key.
    pub fn end(&mut self, channel: u8, key: u8) -> Option<NoteAddress> {
        let here = |note: &NoteAddress| (note.channel, note.key) == (Some(channel), Some(key));
        self.held
            .iter()
            .position(here)
            .map(|place| self.held.remove(place))
    }

    pub fn end_all(&mut self) -> Vec<NoteAddress> {
        self.held.drain(..).collect()
    }
}
