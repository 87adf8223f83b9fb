//! What notes do: parts and their release, voices, mono, legato, expressions, slots.
// Long because what a layer promises is one list, told by one instrument.

use super::stage::{Blocks, Stage, end, layer, onset, part, spec};
use csound_session::session::command::{Command, Expression, HostEvent, NoteAddress, SlotValue};
use csound_session::session::layer::{
    ArgValue, Binding, Layer, Mode, Part, Release, Source, Trigger,
};
use csound_session::session::program::ProgramSpec;

const GATE: &str = "|kmidi, kvel|\naenv linsegr 1, 0.1, 1, 0.1, 0\nouts aenv*a(kmidi)/100, a(kvel)";

fn on(key: u8, velocity: f64) -> Command {
    Command::NoteOn {
        note: NoteAddress::midi(0, key),
        velocity,
    }
}

fn off(key: u8) -> Command {
    Command::NoteOff {
        note: NoteAddress::midi(0, key),
    }
}

fn mono(mode: Mode) -> Stage {
    Stage::new(&spec(
        &[("gate", GATE)],
        vec![Layer {
            mode,
            ..layer("gate")
        }],
    ))
}

/// A voice through a filter of its own.
fn chain() -> ProgramSpec {
    let synth = "|ibus, kmidi=60, kamp=0.2 (0..1)|\nasig vco2 kamp, mtof:k(kmidi)\n\
                 asig *= linsegr:a(0, 0.01, 1, 0.3, 0)\nbusout ibus, asig";
    let filter = "|ibus, kcutoff=1200 (20..20000 log Hz)|\n\
                  asig = moogladder2(busin:a(ibus), kcutoff, 0.3)\nouts asig, asig";
    let bus = || [("ibus".to_owned(), ArgValue::NoteBus("note".to_owned()))].into();
    let parts = vec![
        Part {
            args: bus(),
            ..part("synth", 1)
        },
        Part {
            args: bus(),
            release: Release::After,
            ..part("filter", 2)
        },
    ];
    spec(
        &[("synth", synth), ("filter", filter)],
        vec![Layer {
            parts,
            ..Layer::default()
        }],
    )
}

#[test]
fn a_note_keeps_the_tail_that_goes_through_its_private_bus() {
    let mut stage = Stage::new(&chain());
    stage.note(60, 960, 9600);
    let heard = stage.play(48_000, Blocks::Of(480));
    assert_eq!(onset(&heard[0]).map(|at| at / 32), Some(30));
    // 0.3 s of release, and one cycle in which the filter hears that nothing more comes.
    assert_eq!(end(&heard[0]), Some(9600 + 14_400 + 32));
    let tail = &heard[0][9600..24_000];
    assert!(tail.iter().any(|sample| sample.abs() > 0.01));
}

#[test]
fn notes_do_not_share_their_private_buses() {
    let alone = |key| {
        let mut stage = Stage::new(&chain());
        stage.note(key, 960, 9600);
        stage.play(24_000, Blocks::Of(480))
    };
    let mut stage = Stage::new(&chain());
    stage.note(60, 960, 9600).note(67, 960, 9600);
    let both = stage.play(24_000, Blocks::Of(480));
    let (low, high) = (alone(60), alone(67));
    for i in 0..24_000 {
        assert!(
            (both[0][i] - low[0][i] - high[0][i]).abs() < 1e-12,
            "sample {i}"
        );
    }
}

#[test]
fn a_private_bus_is_used_again_after_its_note() {
    let mut stage = Stage::new(&chain());
    for i in 0..200_u64 {
        stage.note(60, 1000 + i * 1600, 1500 + i * 1600);
    }
    let heard = stage.play(340_000, Blocks::Of(512));
    let peak = |from: usize| {
        heard[0][from..from + 1600]
            .iter()
            .fold(0.0_f64, |p, s| p.max(s.abs()))
    };
    assert!(
        (peak(1000 + 190 * 1600) - peak(1000 + 100 * 1600)).abs() < 0.02,
        "late notes sound as early ones"
    );
    let ended = stage
        .events
        .iter()
        .filter(|(_, e)| matches!(e, HostEvent::VoiceEnded { .. }))
        .count();
    assert!(ended >= 190, "{ended} notes ended");
}

#[test]
fn mono_starts_anew_and_returns_to_the_key_that_is_held() {
    let mut stage = mono(Mode::Mono);
    stage
        .at(960, on(40, 1.0))
        .at(9600, on(50, 0.5))
        .at(19_200, off(50))
        .at(28_800, off(40));
    let heard = stage.play(48_000, Blocks::Of(64));
    let level = |at: usize| (heard[0][at] * 1000.0).round() / 1000.0;
    assert_eq!(level(9000), 0.4);
    // The released note still rings for 0.1 s beside the new one.
    assert_eq!(
        (level(15_000), level(25_000), level(34_000)),
        (0.5, 0.4, 0.0)
    );
}

#[test]
fn legato_changes_the_sounding_note_and_starts_nothing() {
    let mut stage = mono(Mode::Legato);
    stage
        .at(960, on(40, 1.0))
        .at(9600, on(50, 0.5))
        .at(19_200, off(50))
        .at(28_800, off(40));
    let heard = stage.play(48_000, Blocks::Of(64));
    let at = |at: usize| ((heard[0][at] * 1000.0).round() / 1000.0, heard[1][at]);
    assert_eq!(at(9000), (0.4, 1.0));
    assert_eq!(
        at(9800),
        (0.5, 0.5),
        "the very next cycle has the new key and no second envelope"
    );
    assert_eq!((at(19_400), at(28_700)), ((0.4, 1.0), (0.4, 1.0)));
    assert!(heard[0][28_900] < 0.4, "the last key up releases");
    assert_eq!(
        end(&heard[0]).map(|at| at.div_ceil(32)),
        Some((28_800 + 4800) / 32)
    );
}

#[test]
fn legato_with_a_fixed_pitch_starts_anew_as_mono_does() {
    let body = "|imidi|\naenv linsegr 1, 0.1, 1, 0.01, 0\nout aenv*imidi/100";
    let mut stage = Stage::new(&spec(
        &[("gate", body)],
        vec![Layer {
            mode: Mode::Legato,
            ..layer("gate")
        }],
    ));
    stage.at(960, on(40, 1.0)).at(9600, on(50, 1.0));
    let heard = stage.play(19_200, Blocks::Of(64));
    assert_eq!((heard[0][9000], heard[0][18_000]), (0.4, 0.5));
}

#[test]
fn a_voice_too_many_releases_the_oldest() {
    let mut stage = Stage::new(&spec(
        &[("gate", GATE)],
        vec![Layer {
            voices: 2,
            ..layer("gate")
        }],
    ));
    stage
        .at(960, on(10, 1.0))
        .at(1920, on(20, 1.0))
        .at(9600, on(40, 1.0));
    let heard = stage.play(24_000, Blocks::Of(512));
    assert!((heard[0][9000] - 0.3).abs() < 1e-9);
    assert!((heard[0][20_000] - 0.6).abs() < 1e-9, "20 and 40 are left");
}

#[test]
fn twice_the_voices_end_the_oldest_at_once() {
    let body = "|kmidi|\naenv linsegr 1, 0.1, 1, 10, 1\nout aenv*a(kmidi)/100";
    let mut stage = Stage::new(&spec(
        &[("gate", body)],
        vec![Layer {
            voices: 2,
            ..layer("gate")
        }],
    ));
    for (i, key) in [1, 2, 4, 8, 16, 32].into_iter().enumerate() {
        stage.at(960 * (i as u64 + 1), on(key, 1.0));
    }
    let heard = stage.play(9600, Blocks::Of(512));
    assert!(
        (heard[0][4700] - 0.15).abs() < 1e-9,
        "two held, two ringing"
    );
    assert!(
        (heard[0][9000] - 0.60).abs() < 1e-9,
        "the two oldest are gone"
    );
}

#[test]
fn the_pedal_holds_what_was_let_go() {
    let mut stage = Stage::new(&spec(&[("gate", GATE)], vec![layer("gate")]));
    let pedal = |value| Command::Controller {
        channel: 0,
        number: 64,
        value,
    };
    stage
        .at(0, pedal(1.0))
        .at(960, on(40, 1.0))
        .at(1920, off(40))
        .at(9600, pedal(0.0));
    let heard = stage.play(24_000, Blocks::Of(64));
    assert!((heard[0][9000] - 0.4).abs() < 1e-9);
    assert_eq!(heard[0][20_000], 0.0);
}

#[test]
fn layers_take_their_keys_velocities_and_channels() {
    let dc = |value: f64| format!("out a({value})");
    let instrs = [
        ("low", dc(0.1)),
        ("high", dc(0.2)),
        ("soft", dc(0.4)),
        ("two", dc(0.8)),
    ];
    let instrs: Vec<_> = instrs
        .iter()
        .map(|(name, body)| (*name, body.as_str()))
        .collect();
    let layers = vec![
        Layer {
            keys: (0, 59),
            ..layer("low")
        },
        Layer {
            keys: (60, 127),
            ..layer("high")
        },
        Layer {
            velocities: (1, 63),
            ..layer("soft")
        },
        Layer {
            channel: 2,
            ..layer("two")
        },
    ];
    for (channel, key, velocity, expected) in [
        (0, 59, 1.0, 0.1),
        (0, 60, 1.0, 0.2),
        (0, 60, 0.25, 0.6),
        (1, 10, 1.0, 0.9),
    ] {
        let mut stage = Stage::new(&spec(&instrs, layers.clone()));
        stage.at(
            0,
            Command::NoteOn {
                note: NoteAddress::midi(channel, key),
                velocity,
            },
        );
        let heard = stage.play(960, Blocks::Of(64));
        assert!(
            (heard[0][900] - expected).abs() < 1e-12,
            "{channel} {key} {velocity}: {}",
            heard[0][900]
        );
    }
}

#[test]
fn bend_tuning_and_bindings_move_what_they_are_bound_to() {
    let body = "|kmidi, kfreq, kbright=0.5 (0..1)|\nouts a(kmidi)/100, a(kbright)";
    let bind = [(
        "kbright".to_owned(),
        Binding {
            from: Source::Pressure,
            amount: 0.4,
        },
    )]
    .into();
    let mut stage = Stage::new(&spec(&[("x", body)], vec![Layer { bind, ..layer("x") }]));
    let note = NoteAddress::midi(0, 60);
    stage
        .at(0, on(60, 1.0))
        .at(
            960,
            Command::Bend {
                channel: 0,
                value: 0.5,
            },
        )
        .at(
            1920,
            Command::Express {
                note,
                kind: Expression::Tuning,
                value: 2.0,
            },
        )
        .at(
            2880,
            Command::ChannelPressure {
                channel: 0,
                value: 0.5,
            },
        );
    let heard = stage.play(4800, Blocks::Of(64));
    let read = |at: usize| [heard[0][at], heard[1][at]].map(|x| (x * 1e9).round() / 1e9);
    assert_eq!(read(900), [0.6, 0.5]);
    assert_eq!(read(1900), [0.61, 0.5]);
    assert_eq!(read(2800), [0.63, 0.5]);
    assert_eq!(read(4000), [0.63, 0.7]);
}

#[test]
fn slots_move_their_control_in_sounding_and_later_notes() {
    let spec = spec(
        &[(
            "x",
            "|imidi, kcut=1000 (20..20000 log), kamp=0.5 (0..1)|\nouts a(kcut)/10000, a(kamp)",
        )],
        vec![layer("x")],
    );
    let slot = spec.slots.find("x", "kcut").unwrap() as u8;
    let mut stage = Stage::new(&spec);
    stage.at(0, on(60, 0.5)).at(
        4800,
        Command::Slot {
            slot,
            value: SlotValue::Plain(500.0),
        },
    );
    stage.at(
        9600,
        Command::Slot {
            slot,
            value: SlotValue::Normalized(1.0),
        },
    );
    stage.at(14_400, off(60)).at(14_400, on(60, 0.5));
    let heard = stage.play(19_200, Blocks::Of(64));
    assert_eq!(
        [4000, 9000, 14_000, 19_000].map(|at| heard[0][at]),
        [0.1, 0.05, 2.0, 2.0]
    );
    assert_eq!(heard[1][4000], 0.25, "kamp is multiplied by the velocity");
}

#[test]
fn always_on_parts_hear_the_host_and_follow_slots() {
    let body = "|kgain=0.5 (0..1)|\nain1, ain2 inch 1, 2\nouts ain1*kgain, ain2*kgain";
    let always = Layer {
        trigger: Trigger::Always,
        ..layer("fx")
    };
    let spec = spec(&[("fx", body)], vec![always]);
    let mut stage = Stage::new(&spec);
    stage.feed(|at| [(at % 100) as f64 / 100.0, 0.25, 0.0, 0.0]);
    stage.at(
        4800,
        Command::Slot {
            slot: 0,
            value: SlotValue::Plain(0.25),
        },
    );
    let heard = stage.play(9600, Blocks::Random(5));
    for at in [100, 333, 4799] {
        assert_eq!(
            heard[0][at],
            (at % 100) as f64 / 100.0 * 0.5,
            "dry and delayed by the latency alone"
        );
    }
    assert_eq!(heard[1][9000], 0.0625);
}

#[test]
fn a_muted_program_says_so_and_can_be_woken() {
    let body = "|kmidi|\nknan = kmidi > 60 ? log(-1) : 0.5\nout a(knan)";
    let mut stage = Stage::new(&spec(&[("x", body)], vec![layer("x")]));
    stage.at(960, on(61, 1.0)).at(9600, off(61));
    let heard = stage.play(9000, Blocks::Of(64));
    assert!(heard[0].iter().all(|sample| sample.is_finite()));
    let reports = stage.session.take_reports();
    assert!(
        reports
            .iter()
            .any(|r| format!("{r:?}").contains("NotFinite")),
        "{reports:?}"
    );
    stage.at(12_000, Command::Unmute).at(19_200, on(60, 1.0));
    let heard = stage.play(24_000, Blocks::Of(64));
    assert_eq!(heard[0][23_000], 0.5);
}

// A note in the block in which a program came to a silent performer was lost.
#[test]
fn a_note_right_behind_the_first_program_is_heard() {
    for frames in [64, 50] {
        let mut stage = Stage::empty();
        stage.play(4800, Blocks::Of(frames));
        let spec = spec(&[("gate", GATE)], vec![layer("gate")]);
        stage.session.install(super::stage::build(&spec));
        let begin = stage.performer.position();
        stage.at(begin, on(40, 1.0));
        let heard = stage.play(begin as usize + 4800, Blocks::Of(frames));
        let onset = onset(&heard[0]).expect("the note is heard") as u64;
        assert!(
            (begin..begin + 32).contains(&onset),
            "{onset} after {begin}"
        );
    }
}
