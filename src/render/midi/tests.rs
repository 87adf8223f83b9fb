use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Fps, PitchBend, Smf, Timing};

use super::*;

const METRICAL: Timing = Timing::Metrical(u15::new(480));

fn on(delta: u32, key: u8, velocity: u8) -> TrackEvent<'static> {
    midi(
        delta,
        MidiMessage::NoteOn {
            key: u7::new(key),
            vel: u7::new(velocity),
        },
    )
}

fn midi(delta: u32, message: MidiMessage) -> TrackEvent<'static> {
    event(
        delta,
        TrackEventKind::Midi {
            channel: u4::new(2),
            message,
        },
    )
}

fn tempo(delta: u32, microseconds: u32) -> TrackEvent<'static> {
    event(
        delta,
        TrackEventKind::Meta(MetaMessage::Tempo(u24::new(microseconds))),
    )
}

fn event(delta: u32, kind: TrackEventKind<'static>) -> TrackEvent<'static> {
    TrackEvent {
        delta: u28::new(delta),
        kind,
    }
}

fn file(timing: Timing, tracks: Vec<Vec<TrackEvent<'static>>>) -> Vec<u8> {
    let format = if tracks.len() == 1 {
        Format::SingleTrack
    } else {
        Format::Parallel
    };
    let mut smf = Smf::new(Header::new(format, timing));
    for mut track in tracks {
        track.push(event(0, TrackEventKind::Meta(MetaMessage::EndOfTrack)));
        smf.tracks.push(track);
    }
    let mut bytes = Vec::new();
    smf.write(&mut bytes).unwrap();
    bytes
}

fn samples(piece: &MidiPiece) -> Vec<u64> {
    piece.commands.iter().map(|timed| timed.at).collect()
}

#[test]
fn a_tempo_map_in_another_track_places_the_notes() {
    let tempos = vec![tempo(0, 500_000), tempo(480, 1_000_000)];
    let notes = vec![
        on(0, 60, 127),
        on(480, 60, 0),
        on(480, 62, 64),
        on(1, 62, 0),
    ];
    let piece = MidiPiece::parse(&file(METRICAL, vec![tempos, notes]), 48_000).unwrap();
    assert_eq!(samples(&piece), [0, 24_000, 72_000, 72_100]);
    assert_eq!((piece.end, piece.unended), (72_100, 0));
    let note = NoteAddress {
        channel: Some(2),
        key: Some(60),
        id: Some(0),
    };
    assert_eq!(
        piece.commands[0].command,
        Command::NoteOn {
            note,
            velocity: 1.0
        }
    );
    assert_eq!(piece.commands[1].command, Command::NoteOff { note });
}

#[test]
fn ticks_do_not_add_up_errors() {
    let timing = Timing::Metrical(u15::new(7));
    let notes = (0..7000).map(|n| on(1, 60 + (n % 2) as u8, 1)).collect();
    let piece = MidiPiece::parse(&file(timing, vec![notes]), 44_100).unwrap();
    assert_eq!(piece.end, 22_050_000);
    assert_eq!(piece.commands[0].at, 3150);
}

#[test]
fn smpte_time_ignores_tempo() {
    let notes = || vec![tempo(0, 1_000_000), on(3000, 60, 1)];
    let film = Timing::Timecode(Fps::Fps30, 100);
    let piece = MidiPiece::parse(&file(film, vec![notes()]), 48_000).unwrap();
    assert_eq!(samples(&piece)[0], 48_000);
    let drop_frame = Timing::Timecode(Fps::Fps29, 100);
    let piece = MidiPiece::parse(&file(drop_frame, vec![notes()]), 48_000).unwrap();
    assert_eq!(samples(&piece)[0], 48_048);
}

#[test]
fn a_note_off_ends_the_oldest_note_of_its_key() {
    let notes = vec![
        on(0, 60, 1),
        on(10, 60, 2),
        on(10, 60, 0),
        on(10, 60, 0),
        on(10, 60, 0),
    ];
    let piece = MidiPiece::parse(&file(METRICAL, vec![notes]), 48_000).unwrap();
    let ids: Vec<_> = piece
        .commands
        .iter()
        .map(|timed| match timed.command {
            Command::NoteOn { note, .. } => (true, note.id),
            Command::NoteOff { note } => (false, note.id),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        ids,
        [
            (true, Some(0)),
            (true, Some(1)),
            (false, Some(0)),
            (false, Some(1))
        ]
    );
}

#[test]
fn a_note_without_end_is_released_at_the_end() {
    let notes = vec![on(0, 60, 1), tempo(960, 500_000)];
    let piece = MidiPiece::parse(&file(METRICAL, vec![notes]), 48_000).unwrap();
    assert_eq!((samples(&piece), piece.unended), (vec![0, 48_000], 1));
    assert!(matches!(piece.commands[1].command, Command::NoteOff { .. }));
}

#[test]
fn controllers_bends_and_pressures_become_unit_values() {
    let controller = |number, value| MidiMessage::Controller {
        controller: u7::new(number),
        value: u7::new(value),
    };
    let events = vec![
        midi(0, controller(74, 127)),
        midi(
            0,
            MidiMessage::PitchBend {
                bend: PitchBend::from_int(-8192),
            },
        ),
        midi(0, MidiMessage::ChannelAftertouch { vel: u7::new(127) }),
        midi(
            0,
            MidiMessage::Aftertouch {
                key: u7::new(60),
                vel: u7::new(0),
            },
        ),
        on(0, 50, 1),
        midi(1, controller(123, 0)),
    ];
    let piece = MidiPiece::parse(&file(METRICAL, vec![events]), 48_000).unwrap();
    let commands: Vec<_> = piece.commands.iter().map(|timed| timed.command).collect();
    assert_eq!(
        commands[0],
        Command::Controller {
            channel: 2,
            number: 74,
            value: 1.0
        }
    );
    assert_eq!(
        commands[1],
        Command::Bend {
            channel: 2,
            value: -1.0
        }
    );
    assert_eq!(
        commands[2],
        Command::ChannelPressure {
            channel: 2,
            value: 1.0
        }
    );
    let note = NoteAddress::midi(2, 60);
    assert_eq!(
        commands[3],
        Command::Express {
            note,
            kind: Expression::Pressure,
            value: 0.0
        }
    );
    assert_eq!(commands[5], Command::AllNotesOff);
    assert_eq!(piece.unended, 0);
}

#[test]
fn values_are_those_of_32_bits() {
    assert_eq!(
        [bend_value(0), bend_value(8192), bend_value(16_383)],
        [-1.0, 0.0, 1.0]
    );
    for raw in 0..128 {
        assert_eq!(
            unit_value(raw),
            f64::from(f32::from(raw) / 127.0_f32),
            "{raw}"
        );
    }
}

#[test]
fn damaged_files_are_told() {
    let whole = file(METRICAL, vec![vec![], vec![on(0, 60, 1), on(480, 60, 0)]]);
    assert!(MidiPiece::parse(&whole, 48_000).is_ok());
    // Without its very last byte, the end mark of the last track is still understood.
    for length in 0..whole.len() - 1 {
        let cut = MidiPiece::parse(&whole[..length], 48_000);
        assert!(cut.is_err(), "{length} of {} bytes pass", whole.len());
    }
    let mut no_ticks = whole.clone();
    no_ticks[12..14].fill(0);
    assert!(MidiPiece::parse(&no_ticks, 48_000).is_err());
    let mut songs = whole.clone();
    songs[9] = 2;
    assert!(
        MidiPiece::parse(&songs, 48_000)
            .unwrap_err()
            .contains("format 2")
    );
    let endless = file(
        METRICAL,
        vec![(0..9).map(|_| on(0x0fff_ffff, 60, 1)).collect()],
    );
    assert!(
        MidiPiece::parse(&endless, 48_000)
            .unwrap_err()
            .contains("day")
    );
    assert!(MidiPiece::parse(b"RIFF", 48_000).is_err());
}
