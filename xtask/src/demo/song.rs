//! The piece that the demo plays, as Standard MIDI files: a melody and the drums under it.

use anyhow::{Context, Result};
use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};
use std::path::Path;

/// Ticks of a quarter note; at 120 beats a minute and 48 kHz a tick is 50 samples.
const TICKS: u32 = 480;
/// Microseconds of a quarter note.
const TEMPO: u32 = 500_000;

/// One note, in sixteenths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Note {
    /// When it starts.
    pub at: u32,
    /// How long it is held.
    pub length: u32,
    /// MIDI key.
    pub key: u8,
    /// MIDI velocity.
    pub velocity: u8,
}

impl Note {
    /// When it starts, in seconds.
    pub fn seconds(&self) -> f64 {
        seconds(self.at)
    }

    /// How long it is held, in seconds.
    pub fn duration(&self) -> f64 {
        seconds(self.length)
    }

    /// The frequency of its key in equal temperament.
    pub fn hertz(&self) -> f64 {
        440.0 * ((f64::from(self.key) - 69.0) / 12.0).exp2()
    }
}

/// The length of the piece without its tail, in seconds.
pub const LENGTH: f64 = 8.0;

fn seconds(sixteenths: u32) -> f64 {
    f64::from(sixteenths) * f64::from(TEMPO) * 1e-6 / 4.0
}

/// Four bars in A minor; no two notes overlap.
pub fn melody() -> Vec<Note> {
    const KEYS: [(u32, u8); 16] = [
        (3, 57),
        (3, 60),
        (2, 64),
        (8, 69),
        (3, 65),
        (3, 64),
        (2, 60),
        (8, 53),
        (3, 55),
        (3, 60),
        (2, 64),
        (8, 72),
        (3, 71),
        (3, 67),
        (2, 62),
        (8, 57),
    ];
    let mut at = 0;
    let note = |(length, key): (u32, u8)| {
        let note = Note {
            at,
            length: length - 1,
            key,
            velocity: if length == 8 { 110 } else { 92 },
        };
        at += length;
        note
    };
    KEYS.into_iter().map(note).collect()
}

/// The bass drum of [`drums`].
pub const KICK: u8 = 36;

/// Four on the floor, a snare on two and four, hats between.
pub fn drums() -> Vec<Note> {
    let hit = |at, key, velocity| Note {
        at,
        length: 1,
        key,
        velocity,
    };
    let mut hits = Vec::new();
    for beat in 0..16 {
        hits.push(hit(beat * 4, KICK, 120));
        hits.push(hit(beat * 4 + 2, 42, 84));
        if beat % 2 == 1 {
            hits.push(hit(beat * 4, 38, 104));
        }
    }
    hits
}

/// The bass drum of [`drums`] alone: no two notes are at one time, whose order would be a DAW's choice.
pub fn kicks() -> Vec<Note> {
    let mut hits = drums();
    hits.retain(|hit| hit.key == KICK);
    hits
}

/// Writes notes as a MIDI file of one track.
pub fn write(path: &Path, notes: &[Note]) -> Result<()> {
    let mut events = Vec::new();
    for note in notes {
        let (key, vel) = (u7::new(note.key), u7::new(note.velocity));
        events.push((note.at, 1, MidiMessage::NoteOn { key, vel }));
        events.push((
            note.at + note.length,
            0,
            MidiMessage::NoteOff {
                key,
                vel: u7::new(0),
            },
        ));
    }
    events.sort_by_key(|(at, order, _)| (*at, *order));
    let mut track = vec![meta(MetaMessage::Tempo(u24::new(TEMPO)))];
    let mut last = 0;
    for (at, _, message) in events {
        let delta = u28::new((at - last) * TICKS / 4);
        track.push(TrackEvent {
            delta,
            kind: TrackEventKind::Midi {
                channel: u4::new(0),
                message,
            },
        });
        last = at;
    }
    track.push(meta(MetaMessage::EndOfTrack));
    let header = Header::new(
        Format::SingleTrack,
        Timing::Metrical(u15::new(TICKS as u16)),
    );
    let file = Smf {
        header,
        tracks: vec![track],
    };
    file.save(path)
        .with_context(|| format!("cannot write {}", path.display()))
}

fn meta(message: MetaMessage<'_>) -> TrackEvent<'_> {
    TrackEvent {
        delta: u28::new(0),
        kind: TrackEventKind::Meta(message),
    }
}

#[test]
fn the_piece_is_four_bars_long() {
    let end = |notes: &[Note]| {
        notes
            .iter()
            .map(|n| n.seconds() + n.duration())
            .fold(0.0, f64::max)
    };
    assert!(end(&melody()) <= LENGTH && end(&melody()) > LENGTH - 0.5);
    assert!(end(&drums()) <= LENGTH);
}

#[test]
fn the_file_says_what_the_notes_say() {
    let path = std::env::temp_dir().join(format!("csound-session-song-{}.mid", std::process::id()));
    write(&path, &melody()).expect("a writable folder");
    let bytes = std::fs::read(&path).expect("the file just written");
    std::fs::remove_file(&path).expect("the file just written");
    let read = test_hosts::MidiFile::parse(&bytes).expect("a MIDI file");
    let on: Vec<(f64, u8)> = read
        .messages
        .iter()
        .filter(|(_, m)| m[0] == 0x90)
        .map(|(at, m)| (*at, m[1]))
        .collect();
    let wanted: Vec<(f64, u8)> = melody()
        .iter()
        .map(|note| (note.seconds(), note.key))
        .collect();
    assert_eq!(on, wanted);
}
