//! Standard MIDI files: formats 0 and 1, by quarter notes with a tempo map or by SMPTE time. Every
//! message lands on an exact sample.

mod clock;
mod notes;

use std::path::Path;

use midly::{Header, MetaMessage, MidiMessage, TrackEvent, TrackEventKind};

use super::problem::Problem;
use super::song::Song;
use crate::session::command::{Command, Expression, NoteAddress, Timed};
use crate::session::program::controls::{ALL_NOTES_OFF, ALL_SOUND_OFF, RESET, SUSTAIN};
use clock::Clock;
use notes::SoundingNotes;

/// What a MIDI file plays.
#[derive(Clone, Debug, PartialEq)]
pub struct MidiPiece {
    /// In the order of the file; tracks of one time in the order of their numbers.
    pub commands: Vec<Timed>,
    /// Where the longest track ends, in samples.
    pub end: u64,
    /// Its tempo map and time signatures.
    pub song: Song,
    /// Notes that the file starts and never ends: they are released at the end.
    pub unended: usize,
}

impl MidiPiece {
    /// Reads a MIDI file for a sample rate in Hz.
    ///
    /// # Errors
    /// The file cannot be read, is no MIDI file, breaks off, or is one of separate songs (format 2).
    pub fn load(file: &Path, sample_rate: u32) -> Result<Self, Problem> {
        let bytes = std::fs::read(file)
            .map_err(|error| Problem::of_file(file, format!("cannot be read: {error}")))?;
        Self::parse(&bytes, sample_rate).map_err(|message| Problem::of_file(file, message))
    }

    /// Reads the bytes of a MIDI file.
    ///
    /// # Errors
    /// As for [`MidiPiece::load`]; the message does not name the file.
    pub fn parse(bytes: &[u8], sample_rate: u32) -> Result<Self, String> {
        let (header, tracks) = read_tracks(bytes)?;
        let events = merge(&tracks);
        let mut clock = Clock::new(header.timing, sample_rate)?;
        let mut player = Player::default();
        for event in &events {
            clock.advance_to(event.tick);
            match event.kind {
                TrackEventKind::Midi { channel, message } => {
                    player.play(clock.sample()?, channel.as_int(), message);
                }
                TrackEventKind::Meta(message) => clock.obey(message)?,
                _ => {}
            }
        }
        let end = clock.sample()?;
        let unended = player.release_all(end);
        Ok(Self {
            commands: player.commands,
            end,
            song: clock.into_song(),
            unended,
        })
    }
}

/// The value of a pitch bend message, -1..=1 with the middle at 0.
///
/// `raw` is 0..=16383.
pub fn bend_value(raw: u16) -> f64 {
    let offset = f64::from(raw) - 8192.0;
    if offset < 0.0 {
        offset / 8192.0
    } else {
        offset / 8191.0
    }
}

/// The value of a 7-bit MIDI number, 0..=1.
pub fn unit_value(raw: u8) -> f64 {
    as_host(f64::from(raw) / 127.0)
}

/// A value as plugin hosts hand it over, in 32 bits, so that a render computes with the same number.
pub fn as_host(value: f64) -> f64 {
    f64::from(value as f32)
}

fn read_tracks(bytes: &[u8]) -> Result<(Header, Vec<Vec<TrackEvent<'_>>>), String> {
    if has_no_rate(bytes) {
        return Err("has a division of 128 frames a second, which is none".to_owned());
    }
    let (header, chunks) =
        midly::parse(bytes).map_err(|error| format!("is no Standard MIDI file: {error}"))?;
    if header.format == midly::Format::Sequential {
        return Err("is of format 2 (separate songs); export it as format 0 or 1".to_owned());
    }
    let promised = chunks.size_hint().0;
    let tracks = chunks
        .collect_tracks()
        .map_err(|error| format!("is no Standard MIDI file: {error}"))?;
    for (number, track) in (1..).zip(&tracks) {
        check_end(number, track)?;
    }
    if tracks.len() < promised {
        return Err(format!(
            "breaks off: {} of {promised} tracks are there",
            tracks.len()
        ));
    }
    Ok((header, tracks))
}

/// Whether a header's division says frames a second, and so many that the reader of the header has no number for it: it
/// negates the byte, which it cannot.
fn has_no_rate(bytes: &[u8]) -> bool {
    let header = bytes.windows(4).position(|chunk| chunk == b"MThd");
    header.is_some_and(|at| bytes.get(at + 12) == Some(&0x80))
}

/// The reader drops what it does not understand; the end mark shows whether it got through.
fn check_end(number: usize, track: &[TrackEvent]) -> Result<(), String> {
    match track.last().map(|event| event.kind) {
        Some(TrackEventKind::Meta(MetaMessage::EndOfTrack)) => Ok(()),
        _ => {
            let events = track.len();
            Err(format!(
                "track {number} is damaged or cut short after {events} events"
            ))
        }
    }
}

struct Placed<'a> {
    tick: u64,
    kind: TrackEventKind<'a>,
}

fn merge<'a>(tracks: &[Vec<TrackEvent<'a>>]) -> Vec<Placed<'a>> {
    let mut events = Vec::with_capacity(tracks.iter().map(Vec::len).sum());
    for track in tracks {
        let mut tick = 0;
        for event in track {
            tick += u64::from(event.delta.as_int());
            events.push(Placed {
                tick,
                kind: event.kind,
            });
        }
    }
    events.sort_by_key(|event| event.tick);
    events
}

#[derive(Default)]
struct Player {
    commands: Vec<Timed>,
    sounding: SoundingNotes,
    /// Channels whose sustain pedal is down, a bit each.
    pedals: u16,
}

impl Player {
    fn play(&mut self, at: u64, channel: u8, message: MidiMessage) {
        match message {
            MidiMessage::NoteOn { key, vel } if vel > 0 => {
                let note = self.sounding.start(channel, key.as_int());
                self.push(
                    at,
                    Command::NoteOn {
                        note,
                        velocity: unit_value(vel.as_int()),
                    },
                );
            }
            MidiMessage::NoteOn { key, .. } | MidiMessage::NoteOff { key, .. } => {
                if let Some(note) = self.sounding.end(channel, key.as_int()) {
                    self.push(at, Command::NoteOff { note });
                }
            }
            MidiMessage::Aftertouch { key, vel } => {
                let note = NoteAddress::midi(channel, key.as_int());
                let value = unit_value(vel.as_int());
                self.push(
                    at,
                    Command::Express {
                        note,
                        kind: Expression::Pressure,
                        value,
                    },
                );
            }
            MidiMessage::Controller { controller, value } => {
                self.controller(at, channel, controller.as_int(), value.as_int());
            }
            MidiMessage::ChannelAftertouch { vel } => {
                self.push(
                    at,
                    Command::ChannelPressure {
                        channel,
                        value: unit_value(vel.as_int()),
                    },
                );
            }
            MidiMessage::PitchBend { bend } => {
                self.push(
                    at,
                    Command::Bend {
                        channel,
                        value: bend_value(bend.0.as_int()),
                    },
                );
            }
            MidiMessage::ProgramChange { .. } => {}
        }
    }

    /// The plugin hears the two mode messages the same way.
    fn controller(&mut self, at: u64, channel: u8, number: u8, value: u8) {
        let command = match number {
            ALL_SOUND_OFF => Command::Panic,
            ALL_NOTES_OFF => Command::AllNotesOff,
            _ => Command::Controller {
                channel,
                number,
                value: unit_value(value),
            },
        };
        if matches!(number, ALL_SOUND_OFF | ALL_NOTES_OFF) {
            self.sounding.end_all();
        }
        let pedal = 1 << (channel & 15);
        match number {
            SUSTAIN if value >= 64 => self.pedals |= pedal,
            SUSTAIN | RESET => self.pedals &= !pedal,
            _ => {}
        }
        self.push(at, command);
    }

    /// Lets all keys and pedals go; how many keys that are.
    fn release_all(&mut self, at: u64) -> usize {
        let held = self.sounding.end_all();
        held.iter()
            .for_each(|&note| self.push(at, Command::NoteOff { note }));
        let pedals = std::mem::take(&mut self.pedals);
        for channel in (0..16).filter(|channel| pedals >> channel & 1 == 1) {
            let lifted = Command::Controller {
                channel,
                number: SUSTAIN,
                value: 0.0,
            };
            self.push(at, lifted);
        }
        held.len()
    }

    fn push(&mut self, at: u64, command: Command) {
        self.commands.push(Timed { at, command });
    }
}

#[cfg(test)]
mod tests;
