//! The notes that sound and how loud buses are, for a window to show: left by the performer after each block while
//! somebody looks.

use super::command::NoteAddress;
use atomic_float::AtomicF64;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Most notes that are shown.
const MOST: usize = 64;
/// Most buses whose levels are shown.
const MOST_BUSES: usize = 256;

/// A note that sounds, its release included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoundingNote {
    /// How to reach it.
    pub note: NoteAddress,
    /// The key going down that it began with; notes of several layers share one. Begins anew after 65,535.
    pub press: u16,
    /// The key is down, or the pedal keeps it so.
    pub held: bool,
}

/// Written by the performer, read by the session. Realtime-safe.
pub(crate) struct Seen {
    watched: AtomicBool,
    /// A note each; the first 0 is the end.
    notes: Box<[AtomicU64]>,
    /// The peak of each of the document's buses since it was last read, linear.
    levels: Box<[AtomicF64]>,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            watched: AtomicBool::new(false),
            notes: (0..MOST).map(|_| AtomicU64::new(0)).collect(),
            levels: (0..MOST_BUSES).map(|_| AtomicF64::new(0.0)).collect(),
        }
    }
}

impl Seen {
    /// Whether somebody looks.
    pub(crate) fn watch(&self, on: bool) {
        if on {
            self.take_levels(usize::MAX);
        }
        self.watched.store(on, Ordering::Relaxed);
    }

    pub(crate) fn is_watched(&self) -> bool {
        self.watched.load(Ordering::Relaxed)
    }

    /// What sounds now; notes beyond the most that are shown are left out.
    pub(crate) fn show_notes(&self, notes: impl Iterator<Item = SoundingNote>) {
        let ended = std::iter::once(0);
        for (cell, note) in self.notes.iter().zip(notes.map(packed).chain(ended)) {
            cell.store(note, Ordering::Relaxed);
        }
    }

    /// What sounded after the last block. A note may be missing, or be there twice, while it is written.
    pub(crate) fn notes(&self) -> Vec<SoundingNote> {
        let cells = self.notes.iter().map(|cell| cell.load(Ordering::Relaxed));
        cells.take_while(|cell| *cell != 0).map(unpacked).collect()
    }

    /// The document's n-th bus was as loud as that.
    pub(crate) fn show_level(&self, bus: usize, peak: f64) {
        if let Some(level) = self.levels.get(bus) {
            level.fetch_max(peak, Ordering::Relaxed);
        }
    }

    /// How loud each of the document's first buses has been since this was last asked, linear; no more than are shown.
    pub(crate) fn take_levels(&self, buses: usize) -> Vec<f32> {
        let levels = self.levels.iter().take(buses);
        let take = |level: &AtomicF64| level.swap(0.0, Ordering::Relaxed) as f32;
        levels.map(take).collect()
    }
}

const SOUNDS: u64 = 1 << 63;
const HELD: u64 = 1 << 62;
const HAS_ID: u64 = 1 << 61;
const HAS_KEY: u64 = 1 << 60;
const HAS_CHANNEL: u64 = 1 << 59;
const KEY: u32 = 52;
const CHANNEL: u32 = 48;
const PRESS: u32 = 32;

fn packed(sounding: SoundingNote) -> u64 {
    let SoundingNote { note, press, held } = sounding;
    let id = note
        .id
        .map_or(0, |id| HAS_ID | u64::from(id.cast_unsigned()));
    let key = note
        .key
        .map_or(0, |key| HAS_KEY | u64::from(key & 0x7f) << KEY);
    let channel = note.channel.map_or(0, |channel| {
        HAS_CHANNEL | u64::from(channel & 0xf) << CHANNEL
    });
    let held = if held { HELD } else { 0 };
    SOUNDS | held | id | key | channel | u64::from(press) << PRESS
}

fn unpacked(cell: u64) -> SoundingNote {
    let part = |flag: u64, shift: u32, mask: u64| {
        (cell & flag != 0).then_some((cell >> shift & mask) as u8)
    };
    SoundingNote {
        note: NoteAddress {
            channel: part(HAS_CHANNEL, CHANNEL, 0xf),
            key: part(HAS_KEY, KEY, 0x7f),
            id: (cell & HAS_ID != 0).then_some((cell as u32).cast_signed()),
        },
        press: (cell >> PRESS) as u16,
        held: cell & HELD != 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_pass_through_a_cell() {
        let addresses = [
            NoteAddress::default(),
            NoteAddress::midi(15, 127),
            NoteAddress {
                id: Some(-1),
                ..NoteAddress::midi(0, 0)
            },
        ];
        for (note, held) in addresses
            .into_iter()
            .flat_map(|note| [(note, true), (note, false)])
        {
            let sounding = SoundingNote {
                note,
                press: 65_535,
                held,
            };
            assert_eq!(unpacked(packed(sounding)), sounding);
        }
    }

    #[test]
    fn the_end_of_the_list_is_found() {
        let seen = Seen::default();
        let note = SoundingNote {
            note: NoteAddress::midi(0, 60),
            press: 1,
            held: true,
        };
        seen.show_notes([note; 3].into_iter());
        seen.show_notes([note; 2].into_iter());
        assert_eq!(seen.notes().len(), 2);
        seen.show_notes([note; 2 * MOST].into_iter());
        assert_eq!(seen.notes().len(), MOST);
    }
}
