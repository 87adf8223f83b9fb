//! A MIDI file whose notes fall on whole samples, at any offset.

use crate::place::place;
use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};
use std::path::PathBuf;
use test_hosts::MidiFile;

/// When the first note of [`notes`] starts, in samples.
pub const FIRST: usize = 1009;
/// Samples that hold all of the notes and their releases.
pub const FRAMES: usize = 96_000;

/// Start and length in samples, key and velocity: chords, repeats of a key, short and long, odd offsets.
pub fn notes() -> Vec<(usize, usize, u8, u8)> {
    let mut notes = vec![(FIRST, 20_000, 57, 127), (FIRST, 20_000, 64, 1)];
    // A step that is prime to every block size used meets every offset.
    let steps = (0..24).map(|i| {
        (
            3_001 + i * 3_323,
            900 + i * 97,
            48 + (i * 7 % 24) as u8,
            5 + i as u8 * 5,
        )
    });
    notes.extend(steps);
    // A key that is let go and pressed at the same sample.
    notes.extend([(50_000, 2_000, 72, 99), (52_000, 2_000, 72, 100)]);
    notes
}

/// Writes [`notes`] as a MIDI file; one tick is one sample at 48 kHz.
pub fn file() -> PathBuf {
    let mut events = Vec::new();
    for (start, length, key, velocity) in notes() {
        let (key, vel) = (u7::new(key), u7::new(velocity));
        events.push((start, 1, MidiMessage::NoteOn { key, vel }));
        events.push((
            start + length,
            0,
            MidiMessage::NoteOff {
                key,
                vel: u7::new(0),
            },
        ));
    }
    events.sort_by_key(|(at, order, _)| (*at, *order));
    let mut track = vec![meta(MetaMessage::Tempo(u24::new(500_000)))];
    let mut last = 0;
    for (at, _, message) in events {
        let delta = u28::new((at - last) as u32);
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
    let header = Header::new(Format::SingleTrack, Timing::Metrical(u15::new(24_000)));
    let path = place().file(&format!("song-{:?}.mid", std::thread::current().id()));
    Smf {
        header,
        tracks: vec![track],
    }
    .save(&path)
    .expect("a writable folder");
    path
}

/// The same file, read.
pub fn midi() -> MidiFile {
    let bytes = std::fs::read(file()).expect("the file just written");
    MidiFile::parse(&bytes).expect("a MIDI file")
}

fn meta(message: MetaMessage<'_>) -> TrackEvent<'_> {
    TrackEvent {
        delta: u28::new(0),
        kind: TrackEventKind::Meta(message),
    }
}
