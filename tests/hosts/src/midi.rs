//! Standard MIDI files as events at samples.

use crate::error::{Error, Result};
use crate::event::{Event, Note};
use midly::{MetaMessage, MidiMessage, Smf, Timing, TrackEventKind};

/// A MIDI file with its times worked out.
#[derive(Debug, Clone, PartialEq)]
pub struct MidiFile {
    /// Seconds and the three bytes of each channel message, in time order.
    pub messages: Vec<(f64, [u8; 3])>,
}

impl MidiFile {
    /// Reads a file of any type; tempo changes count for all tracks.
    pub fn parse(bytes: &[u8]) -> Result<MidiFile> {
        let smf = Smf::parse(bytes).map_err(|error| Error::Midi(error.to_string()))?;
        let Timing::Metrical(ticks) = smf.header.timing else {
            return Err(Error::Midi(
                "its times are in frames, not in beats".to_owned(),
            ));
        };
        let mut events = Vec::new();
        for track in &smf.tracks {
            let mut tick = 0u64;
            for event in track {
                tick += u64::from(event.delta.as_int());
                events.push((tick, event.kind));
            }
        }
        events.sort_by_key(|(tick, _)| *tick);
        Ok(MidiFile {
            messages: timed(&events, f64::from(ticks.as_int())),
        })
    }

    /// Notes as CLAP notes and everything else as MIDI, at the nearest sample.
    pub fn events(&self, rate: f64) -> Vec<(usize, Event)> {
        let event = |(seconds, bytes): &(f64, [u8; 3])| {
            ((seconds * rate).round() as usize, event_of(*bytes))
        };
        self.messages.iter().map(event).collect()
    }

    /// Everything as raw MIDI, at the nearest sample.
    pub fn raw_events(&self, rate: f64) -> Vec<(usize, Event)> {
        let at = |seconds: f64| (seconds * rate).round() as usize;
        self.messages
            .iter()
            .map(|(seconds, bytes)| (at(*seconds), Event::Midi(*bytes)))
            .collect()
    }

    /// When the last message comes, in seconds.
    pub fn seconds(&self) -> f64 {
        self.messages.last().map_or(0.0, |(seconds, _)| *seconds)
    }
}

fn timed(events: &[(u64, TrackEventKind)], ticks_per_beat: f64) -> Vec<(f64, [u8; 3])> {
    let (mut seconds, mut last, mut beat) = (0.0, 0, 0.5);
    let mut messages = Vec::new();
    for (tick, kind) in events {
        seconds += (tick - last) as f64 / ticks_per_beat * beat;
        last = *tick;
        match kind {
            TrackEventKind::Meta(MetaMessage::Tempo(micros)) => {
                beat = f64::from(micros.as_int()) * 1e-6
            }
            TrackEventKind::Midi { channel, message } => {
                messages.push((seconds, bytes_of(channel.as_int(), *message)));
            }
            _ => {}
        }
    }
    messages
}

fn bytes_of(channel: u8, message: MidiMessage) -> [u8; 3] {
    match message {
        MidiMessage::NoteOff { key, vel } => [0x80 | channel, key.as_int(), vel.as_int()],
        MidiMessage::NoteOn { key, vel } => [0x90 | channel, key.as_int(), vel.as_int()],
        MidiMessage::Aftertouch { key, vel } => [0xa0 | channel, key.as_int(), vel.as_int()],
        MidiMessage::Controller { controller, value } => {
            [0xb0 | channel, controller.as_int(), value.as_int()]
        }
        MidiMessage::ProgramChange { program } => [0xc0 | channel, program.as_int(), 0],
        MidiMessage::ChannelAftertouch { vel } => [0xd0 | channel, vel.as_int(), 0],
        MidiMessage::PitchBend { bend } => {
            let value = bend.0.as_int();
            [0xe0 | channel, (value & 0x7f) as u8, (value >> 7) as u8]
        }
    }
}

fn event_of(bytes: [u8; 3]) -> Event {
    let note = Note::key(bytes[1]).channel(bytes[0] & 0x0f);
    match (bytes[0] & 0xf0, bytes[2]) {
        (0x90, 1..) => Event::NoteOn(note, f64::from(bytes[2]) / 127.0),
        (0x80, _) | (0x90, 0) => Event::NoteOff(note),
        _ => Event::Midi(bytes),
    }
}

#[test]
fn tempo_changes_count_for_all_tracks() {
    let head = b"MThd\x00\x00\x00\x06\x00\x01\x00\x02\x00\x60";
    // 96 ticks at 120 bpm, then 60 bpm.
    let tempo = b"MTrk\x00\x00\x00\x0b\x60\xff\x51\x03\x0f\x42\x40\x00\xff\x2f\x00";
    let notes =
        b"MTrk\x00\x00\x00\x0e\x60\x90\x3c\x64\x60\x90\x3c\x00\x00\xe0\x00\x40\x00\xff\x2f\x00";
    let mut file = [head.as_slice(), tempo, notes].concat();
    let length = (notes.len() - 8) as u8;
    let at = file.len() - notes.len() + 7;
    file[at] = length;
    let midi = MidiFile::parse(&file).expect("a file of two tracks");
    let expected = [
        (0.5, [0x90, 60, 100]),
        (1.5, [0x90, 60, 0]),
        (1.5, [0xe0, 0, 0x40]),
    ];
    assert_eq!(midi.messages, expected);
    let events = midi.events(48_000.0);
    assert_eq!(
        events[0],
        (24_000, Event::NoteOn(Note::key(60), 100.0 / 127.0))
    );
    assert_eq!(events[1], (72_000, Event::NoteOff(Note::key(60))));
}

#[test]
fn garbage_is_refused() {
    assert!(MidiFile::parse(b"no MIDI file").is_err());
}
