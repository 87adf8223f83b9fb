//! What a host says to a plugin at one sample, and what the plugin says back.

use clack_host::events::event_types::*;
use clack_host::events::spaces::CoreEventSpace;
use clack_host::events::{Match, Pckn, UnknownEvent};
use clack_host::prelude::EventBuffer;
use clack_host::utils::ClapId;

pub use clack_host::events::event_types::NoteExpressionType as Expression;

/// A note's address; what is `None` matches any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Note {
    /// 0..15.
    pub channel: Option<u8>,
    /// MIDI key.
    pub key: Option<u8>,
    /// The host's own id of the note.
    pub id: Option<u32>,
}

impl Note {
    /// A key on channel 0 without an id, as from a keyboard.
    pub fn key(key: u8) -> Note {
        Note {
            channel: Some(0),
            key: Some(key),
            id: None,
        }
    }

    /// The same with an id.
    pub fn id(self, id: u32) -> Note {
        Note {
            id: Some(id),
            ..self
        }
    }

    /// The same on another channel.
    pub fn channel(self, channel: u8) -> Note {
        Note {
            channel: Some(channel),
            ..self
        }
    }

    fn address(self) -> Pckn {
        let wide =
            |part: Option<u8>| part.map_or(Match::All, |value| Match::Specific(u16::from(value)));
        Pckn::new(
            0u16,
            wide(self.channel),
            wide(self.key),
            self.id.map_or(Match::All, Match::Specific),
        )
    }

    fn of(address: Pckn) -> Note {
        let narrow = |part: Match<u16>| part.into_specific().map(|value| value as u8);
        Note {
            channel: narrow(address.channel),
            key: narrow(address.key),
            id: address.note_id.into_specific(),
        }
    }
}

/// One event from the host.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event {
    /// Velocity 0..1.
    NoteOn(Note, f64),
    /// A key goes up.
    NoteOff(Note),
    /// A note stops at once.
    Choke(Note),
    /// A per-note expression, in CLAP's units.
    Express(Note, Expression, f64),
    /// A parameter by its id, in the range that the plugin gives.
    Parameter(u32, f64),
    /// Modulation of a parameter, an offset.
    Modulate(u32, f64),
    /// Modulation of a parameter for one note.
    ModulateNote(u32, Note, f64),
    /// Raw MIDI.
    Midi([u8; 3]),
}

impl Event {
    /// Adds the event at `time` samples from the block's start.
    pub(crate) fn push(self, time: u32, into: &mut EventBuffer) {
        let id = ClapId::new;
        match self {
            Event::NoteOn(note, velocity) => {
                into.push(&NoteOnEvent::new(time, note.address(), velocity))
            }
            Event::NoteOff(note) => into.push(&NoteOffEvent::new(time, note.address(), 0.0)),
            Event::Choke(note) => into.push(&NoteChokeEvent::new(time, note.address())),
            Event::Express(note, kind, value) => {
                into.push(&NoteExpressionEvent::new(time, note.address(), kind, value));
            }
            Event::Parameter(parameter, value) => {
                into.push(&ParamValueEvent::new(
                    time,
                    id(parameter),
                    Pckn::match_all(),
                    value,
                ));
            }
            Event::Modulate(parameter, amount) => {
                into.push(&ParamModEvent::new(
                    time,
                    id(parameter),
                    Pckn::match_all(),
                    amount,
                ));
            }
            Event::ModulateNote(parameter, note, amount) => {
                into.push(&ParamModEvent::new(
                    time,
                    id(parameter),
                    note.address(),
                    amount,
                ));
            }
            Event::Midi(bytes) => into.push(&MidiEvent::new(time, 0, bytes)),
        }
    }
}

/// One event from the plugin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reply {
    /// A note begins.
    NoteOn(Note, f64),
    /// A key of the plugin goes up.
    NoteOff(Note),
    /// A voice has ended for good.
    NoteEnd(Note),
    /// A parameter was moved by the plugin.
    Parameter(u32, f64),
    /// The user took a parameter's control in hand.
    GestureBegin(u32),
    /// The user let go of it.
    GestureEnd(u32),
    /// Raw MIDI.
    Midi([u8; 3]),
}

impl Reply {
    /// The time within the block and the event, if it is one that this host listens to.
    pub(crate) fn read(event: &UnknownEvent) -> Option<(u32, Reply)> {
        let id = |parameter: Option<ClapId>| parameter.map(|id| id.get());
        let reply = match event.as_core_event()? {
            CoreEventSpace::NoteOn(e) => Reply::NoteOn(Note::of(e.pckn()), e.velocity()),
            CoreEventSpace::NoteOff(e) => Reply::NoteOff(Note::of(e.pckn())),
            CoreEventSpace::NoteEnd(e) => Reply::NoteEnd(Note::of(e.pckn())),
            CoreEventSpace::ParamValue(e) => Reply::Parameter(id(e.param_id())?, e.value()),
            CoreEventSpace::ParamGestureBegin(e) => Reply::GestureBegin(id(e.param_id())?),
            CoreEventSpace::ParamGestureEnd(e) => Reply::GestureEnd(id(e.param_id())?),
            CoreEventSpace::Midi(e) => Reply::Midi(e.data()),
            _ => return None,
        };
        Some((event.header().time(), reply))
    }
}
