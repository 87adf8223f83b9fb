//! Events of the host as commands of the session, and the other way.

use crate::session::command::{Command, Expression, HostEvent, NoteAddress};
use nice_plug::midi::{Channel, Key, VoiceID};
use nice_plug::prelude::NoteEvent;

/// The bend of a 14-bit MIDI message that leaves the pitch as it is, and its largest value.
const BEND_CENTRE: f64 = 8192.0;
const BEND_MAX: f64 = 16383.0;

/// MIDI's channel mode messages.
const ALL_SOUND_OFF: u8 = 120;
const ALL_NOTES_OFF: u8 = 123;

/// What an event asks of the performer, and the sample of the block at which it acts. Events that mean nothing here
/// (program changes, system exclusive, automation, which the parameters themselves carry) give `None`.
pub fn command<S>(event: &NoteEvent<S>) -> Option<(u32, Command)> {
    let note = address(event);
    let command = match event {
        NoteEvent::NoteOn { velocity, .. } => Command::NoteOn {
            note,
            velocity: (*velocity).into(),
        },
        NoteEvent::NoteOff { .. } => Command::NoteOff { note },
        NoteEvent::Choke { .. } => Command::Choke { note },
        NoteEvent::PolyModulation {
            poly_modulation_id,
            normalized_offset,
            ..
        } => Command::NoteModulation {
            slot: u8::try_from(*poly_modulation_id).ok()?,
            note,
            offset: (*normalized_offset).into(),
        },
        NoteEvent::MidiPitchBend { channel, value, .. } => Command::Bend {
            channel: *channel,
            value: bend(*value),
        },
        NoteEvent::MidiChannelPressure {
            channel, pressure, ..
        } => Command::ChannelPressure {
            channel: *channel,
            value: (*pressure).into(),
        },
        NoteEvent::MidiCC {
            channel, cc, value, ..
        } => controller(*channel, *cc, (*value).into()),
        other => {
            let (kind, value) = expression(other)?;
            Command::Express {
                note,
                kind,
                value: value.into(),
            }
        }
    };
    Some((event.timing(), command))
}

/// A command as VST3 hosts mean it: nice-plug 0.4.2 takes brightness for expression there, and expression for brightness.
pub fn as_vst3_means(command: Command) -> Command {
    let Command::Express { note, kind, value } = command else {
        return command;
    };
    let kind = match kind {
        Expression::Timbre => Expression::Expression,
        Expression::Expression => Expression::Timbre,
        other => other,
    };
    Command::Express { note, kind, value }
}

/// The notes that an event means.
fn address<S>(event: &NoteEvent<S>) -> NoteAddress {
    NoteAddress {
        channel: event.channel().and_then(|channel| channel.number()),
        key: key(event),
        id: event.voice_id().and_then(|voice| voice.id()),
    }
}

fn key<S>(event: &NoteEvent<S>) -> Option<u8> {
    match event {
        NoteEvent::NoteOn { key, .. }
        | NoteEvent::NoteOff { key, .. }
        | NoteEvent::Choke { key, .. }
        | NoteEvent::PolyPressure { key, .. }
        | NoteEvent::PolyVolume { key, .. }
        | NoteEvent::PolyPan { key, .. }
        | NoteEvent::PolyTuning { key, .. }
        | NoteEvent::PolyVibrato { key, .. }
        | NoteEvent::PolyExpression { key, .. }
        | NoteEvent::PolyBrightness { key, .. } => key.number(),
        _ => None,
    }
}

/// A per-note expression and its value.
fn expression<S>(event: &NoteEvent<S>) -> Option<(Expression, f32)> {
    Some(match event {
        NoteEvent::PolyPressure { pressure, .. } => (Expression::Pressure, *pressure),
        NoteEvent::PolyVolume { gain, .. } => (Expression::Gain, *gain),
        NoteEvent::PolyPan { pan, .. } => (Expression::Pan, *pan),
        NoteEvent::PolyTuning { tuning, .. } => (Expression::Tuning, *tuning),
        NoteEvent::PolyVibrato { vibrato, .. } => (Expression::Vibrato, *vibrato),
        NoteEvent::PolyExpression { expression, .. } => (Expression::Expression, *expression),
        NoteEvent::PolyBrightness { brightness, .. } => (Expression::Timbre, *brightness),
        _ => return None,
    })
}

fn controller(channel: u8, number: u8, value: f64) -> Command {
    match number {
        ALL_SOUND_OFF => Command::Panic,
        ALL_NOTES_OFF => Command::AllNotesOff,
        _ => Command::Controller {
            channel,
            number,
            value,
        },
    }
}

/// nice-plug's 0..=1 as -1..=1, exactly 0 in the middle: MIDI's middle is 8192 of 16383.
fn bend(value: f32) -> f64 {
    let steps = (f64::from(value) * BEND_MAX).round() - BEND_CENTRE;
    if steps < 0.0 {
        steps / BEND_CENTRE
    } else {
        steps / (BEND_MAX - BEND_CENTRE)
    }
}

/// What the host is told of an event, at a sample of the block.
pub fn event<S>(event: HostEvent) -> NoteEvent<S> {
    match event {
        HostEvent::VoiceEnded { offset, note } => NoteEvent::VoiceTerminated {
            timing: offset,
            voice_id: note.id.map_or(VoiceID::Wildcard, VoiceID::ID),
            channel: note.channel.map_or(Channel::Wildcard, Channel::Number),
            key: note.key.map_or(Key::Wildcard, Key::Number),
        },
        HostEvent::NoteOn {
            offset,
            channel,
            key,
            velocity,
        } => NoteEvent::NoteOn {
            timing: offset,
            voice_id: VoiceID::Wildcard,
            channel: Channel::Number(channel),
            key: Key::Number(key),
            velocity: velocity as f32,
        },
        HostEvent::NoteOff {
            offset,
            channel,
            key,
        } => NoteEvent::NoteOff {
            timing: offset,
            voice_id: VoiceID::Wildcard,
            channel: Channel::Number(channel),
            key: Key::Number(key),
            velocity: 0.0,
        },
        HostEvent::Controller {
            offset,
            channel,
            number,
            value,
        } => NoteEvent::MidiCC {
            timing: offset,
            channel,
            cc: number,
            value: value as f32,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(event: NoteEvent<()>) -> Option<(u32, Command)> {
        command(&event)
    }

    #[test]
    fn a_note_keeps_its_address_and_sample() {
        let event = NoteEvent::NoteOn {
            timing: 17,
            voice_id: VoiceID::ID(5),
            channel: Channel::Number(2),
            key: Key::Number(60),
            velocity: 0.5,
        };
        let note = NoteAddress {
            channel: Some(2),
            key: Some(60),
            id: Some(5),
        };
        assert_eq!(
            of(event),
            Some((
                17,
                Command::NoteOn {
                    note,
                    velocity: 0.5
                }
            ))
        );
    }

    #[test]
    fn wildcards_stay_open() {
        let event = NoteEvent::Choke {
            timing: 0,
            voice_id: VoiceID::Wildcard,
            channel: Channel::Wildcard,
            key: Key::Wildcard,
        };
        assert_eq!(
            of(event),
            Some((
                0,
                Command::Choke {
                    note: NoteAddress::default()
                }
            ))
        );
    }

    #[test]
    fn the_middle_of_the_bend_wheel_is_exactly_zero() {
        let bend = |value| match of(NoteEvent::MidiPitchBend {
            timing: 0,
            channel: 0,
            value,
        }) {
            Some((_, Command::Bend { value, .. })) => value,
            other => panic!("{other:?}"),
        };
        assert_eq!(bend(8192.0 / 16383.0), 0.0);
        assert_eq!(bend(0.5), 0.0);
        assert_eq!((bend(0.0), bend(1.0)), (-1.0, 1.0));
    }

    #[test]
    fn channel_mode_messages_end_notes() {
        let cc = |cc| {
            of(NoteEvent::MidiCC {
                timing: 3,
                channel: 1,
                cc,
                value: 0.0,
            })
        };
        assert_eq!(cc(123), Some((3, Command::AllNotesOff)));
        assert_eq!(cc(120), Some((3, Command::Panic)));
        assert_eq!(
            cc(1),
            Some((
                3,
                Command::Controller {
                    channel: 1,
                    number: 1,
                    value: 0.0
                }
            ))
        );
    }

    #[test]
    fn ended_voices_are_named_to_the_host() {
        let note = NoteAddress {
            channel: Some(0),
            key: Some(69),
            id: None,
        };
        let told: NoteEvent<()> = event(HostEvent::VoiceEnded { offset: 9, note });
        let expected = NoteEvent::VoiceTerminated {
            timing: 9,
            voice_id: VoiceID::Wildcard,
            channel: Channel::Number(0),
            key: Key::Number(69),
        };
        assert_eq!(told, expected);
    }
}
