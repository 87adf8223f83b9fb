//! Notes and synths across a swap: what sounds stays where it is and stays controllable, what is new is new.

use super::stage::{Blocks, Stage, build, layer, spec};
use csound_session::session::Sched;
use csound_session::session::command::{
    Command, Expression, HostEvent, NoteAddress, Report, SlotValue,
};
use csound_session::session::layer::{Layer, Mode};
use csound_session::session::program::ProgramSpec;

/// A voice at a level of its key, on the left or on the right.
fn gate(out: &str) -> ProgramSpec {
    let body = format!(
        "|kmidi, klevel=1 (0..1)|\naenv linsegr 1, 0.1, 1, 0.05, 0\nasig = aenv*a(kmidi*klevel)/100\nanull = 0\nouts {out}"
    );
    spec(&[("gate", &body)], vec![layer("gate")])
}

const LEFT: &str = "asig, anull";
const RIGHT: &str = "anull, asig";

fn on(key: u8) -> Command {
    Command::NoteOn {
        note: NoteAddress::midi(0, key),
        velocity: 1.0,
    }
}

fn off(key: u8) -> Command {
    Command::NoteOff {
        note: NoteAddress::midi(0, key),
    }
}

/// Plays on to a sample, then hands a program over.
fn swap_at(stage: &mut Stage, sample: usize, to: &ProgramSpec) {
    stage.play(sample, Blocks::Of(32));
    stage.session.install(build(to));
}

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-9
}

#[test]
fn held_notes_stay_in_the_old_program_and_new_ones_play_the_new() {
    let mut stage = Stage::new(&gate(LEFT));
    stage
        .at(960, on(40))
        .at(9600, on(50))
        .at(19_200, off(40))
        .at(28_800, off(50));
    swap_at(&mut stage, 4800, &gate(RIGHT));
    let heard = stage.play(38_400, Blocks::Of(64));
    let at = |sample: usize| (heard[0][sample], heard[1][sample]);
    assert_eq!(at(9000), (0.4, 0.0), "the old code plays on");
    assert_eq!(at(19_000), (0.4, 0.5));
    assert!(
        heard[0][19_300] < 0.4,
        "a note of the old program can be released"
    );
    assert_eq!(at(28_000), (0.0, 0.5));
    assert_eq!(at(38_000), (0.0, 0.0));
}

#[test]
fn slots_and_expressions_reach_old_and_new_alike() {
    let mut stage = Stage::new(&gate(LEFT));
    stage.at(960, on(40)).at(9600, on(50));
    stage.at(
        14_400,
        Command::Slot {
            slot: 0,
            value: SlotValue::Plain(0.5),
        },
    );
    let note = NoteAddress::midi(0, 40);
    stage.at(
        19_200,
        Command::Express {
            note,
            kind: Expression::Tuning,
            value: 2.0,
        },
    );
    swap_at(&mut stage, 4800, &gate(RIGHT));
    let heard = stage.play(28_800, Blocks::Of(64));
    let at = |sample: usize| (heard[0][sample], heard[1][sample]);
    assert_eq!(at(14_000), (0.4, 0.5));
    assert_eq!(at(19_000), (0.2, 0.25));
    assert!(near(at(28_000).0, 0.21) && near(at(28_000).1, 0.25));
}

#[test]
fn a_new_program_begins_where_the_host_has_put_its_parameters() {
    let mut stage = Stage::new(&gate(LEFT));
    stage
        .at(
            0,
            Command::Slot {
                slot: 0,
                value: SlotValue::Plain(0.25),
            },
        )
        .at(9600, on(40));
    swap_at(&mut stage, 4800, &gate(RIGHT));
    let heard = stage.play(14_400, Blocks::Of(64));
    assert_eq!((heard[0][14_000], heard[1][14_000]), (0.0, 0.1));
}

#[test]
fn a_mono_note_of_the_new_program_takes_over_from_the_old() {
    let mono = |out| ProgramSpec {
        layers: vec![Layer {
            mode: Mode::Mono,
            ..layer("gate")
        }],
        ..gate(out)
    };
    let mut stage = Stage::new(&mono(LEFT));
    stage.at(960, on(40)).at(9600, on(50));
    swap_at(&mut stage, 4800, &mono(RIGHT));
    let heard = stage.play(19_200, Blocks::Of(64));
    assert_eq!((heard[0][9000], heard[1][9000]), (0.4, 0.0));
    assert_eq!((heard[0][19_000], heard[1][19_000]), (0.0, 0.5));
}

#[test]
fn retriggered_notes_start_again_in_the_new_program() {
    let retrigger = ProgramSpec {
        retrigger: true,
        ..gate(RIGHT)
    };
    let mut stage = Stage::new(&gate(LEFT));
    stage.at(960, on(40)).at(19_200, off(40));
    swap_at(&mut stage, 4800, &retrigger);
    let heard = stage.play(28_800, Blocks::Of(64));
    assert_eq!(
        (heard[0][9000], heard[1][9000]),
        (0.0, 0.4),
        "released there, started here"
    );
    assert_eq!((heard[0][28_000], heard[1][28_000]), (0.0, 0.0));
    let ended: Vec<u64> = stage
        .events
        .iter()
        .filter(|(_, event)| matches!(event, HostEvent::VoiceEnded { .. }))
        .map(|(at, _)| *at)
        .collect();
    assert_eq!(ended.len(), 1, "the host hears of one end: {ended:?}");
    assert!(ended[0] > 19_200);
}

#[test]
fn synths_of_an_old_program_can_be_set_and_stopped() {
    let body = |out: &str| format!("|kval=0.25|\nasig = a(kval)\nanull = 0\nouts {out}");
    let mut stage = Stage::empty();
    stage.session.def_instr("dc", &body(LEFT)).unwrap();
    let old = stage.session.sched("dc", Sched::now()).unwrap();
    stage.play(4800, Blocks::Of(64));
    stage.session.def_instr("dc", &body(RIGHT)).unwrap();
    let new = stage.session.sched("dc", Sched::now()).unwrap();
    stage.play(9600, Blocks::Of(64));
    old.set([("kval", 0.5)], 0.0).unwrap();
    new.set([("kval", 0.75)], 0.0).unwrap();
    stage.play(14_400, Blocks::Of(64));
    old.stop(0.0).unwrap();
    let heard = stage.play(19_200, Blocks::Of(64));
    let at = |sample: usize| (heard[0][sample], heard[1][sample]);
    assert_eq!(
        [at(9000), at(14_000), at(19_000)],
        [(0.25, 0.25), (0.5, 0.75), (0.0, 0.75)]
    );
}

#[test]
fn code_that_fails_changes_nothing_that_is_heard() {
    let body = "|kmidi|\nasig oscili 0.2, mtof:k(kmidi)\nasig *= linsegr:a(0, 0.1, 1, 0.1, 0)\nouts asig, asig";
    let play = |edits: bool| {
        let mut stage = Stage::new(&spec(&[("sine", body)], vec![layer("sine")]));
        stage.at(960, on(60)).at(19_200, off(60)).at(20_000, on(64));
        stage.play(4800, Blocks::Of(64));
        if edits {
            stage
                .session
                .def_instr("sine", "|kmidi|\nasig oscili 0.2, kno_such\nout asig")
                .unwrap();
            assert!(stage.session.prepare().is_err());
        }
        stage.play(38_400, Blocks::Of(64))
    };
    assert!(play(true) == play(false));
}

#[test]
fn another_cycle_is_refused_while_something_plays() {
    let mut other = gate(RIGHT);
    other.orchestra.ksmps = 64;
    let mut stage = Stage::new(&gate(LEFT));
    stage.at(960, on(40)).at(9600, on(50));
    swap_at(&mut stage, 4800, &other);
    let heard = stage.play(14_400, Blocks::Of(64));
    assert!(stage.session.take_reports().contains(&Report::NeedsRestart));
    assert_eq!(
        (heard[0][14_000], heard[1][14_000]),
        (0.9, 0.0),
        "what plays plays on"
    );
}

#[test]
fn the_first_program_may_come_late_and_with_another_cycle() {
    for ksmps in [1, 16, 32] {
        let mut first = gate(LEFT);
        first.orchestra.ksmps = ksmps;
        let mut stage = Stage::empty();
        stage.at(9607, on(40));
        stage.play(4800, Blocks::Of(100));
        stage.session.install(build(&first));
        let heard = stage.play(14_400, Blocks::Of(100));
        assert_eq!(super::stage::onset(&heard[0]), Some(9607), "ksmps {ksmps}");
    }
}

/// A channel that a note has set, one that the code sets itself, and one of another kind.
#[test]
fn what_stands_in_control_channels_is_taken_over() {
    let reader = "|kmidi|\nkone chnget \"one\"\nktwo chnget \"two\"\naone upsamp kone\natwo upsamp ktwo\n\
                  outs aone, atwo";
    let writer = "|kmidi|\nif kmidi < 50 then\nchnset kmidi/100, \"one\"\nendif\n\
                  asig = 0\nchnset asig, \"audio\"\nouts asig, asig";
    let both = |init: &str| {
        let [writes, reads] = [("writer", 1), ("reader", 2)].map(|(instr, channel)| Layer {
            channel,
            ..layer(instr)
        });
        let mut spec = spec(
            &[("writer", writer), ("reader", reader)],
            vec![writes, reads],
        );
        spec.orchestra.init = init.to_owned();
        spec
    };
    let mut stage = Stage::new(&both("chn_k \"two\", 3\nchnset 0.125, \"two\""));
    stage.note(40, 960, 2000);
    swap_at(
        &mut stage,
        4800,
        &both("chn_k \"two\", 3\nchnset 0.75, \"two\""),
    );
    let note = NoteAddress::midi(1, 60);
    stage.at(
        9600,
        Command::NoteOn {
            note,
            velocity: 1.0,
        },
    );
    let heard = stage.play(14_400, Blocks::Of(64));
    assert_eq!((heard[0][14_000], heard[1][14_000]), (0.4, 0.125));
}

#[test]
fn another_cycle_of_the_same_latency_takes_over_after_a_fade() {
    let mut other = gate(RIGHT);
    other.orchestra.ksmps = 16;
    let mut stage = Stage::new(&gate(LEFT));
    stage.at(960, on(40)).at(9607, on(50)).at(12_000, off(40));
    swap_at(&mut stage, 4800, &other);
    let heard = stage.play(14_400, Blocks::Of(64));
    let step = 0.4 / 960.0;
    let fade = &heard[0][4864..4864 + 900];
    assert!(
        fade.windows(2).all(|w| near(w[0] - w[1], step)),
        "a straight line"
    );
    assert!(heard[0][5900..].iter().all(|sample| *sample == 0.0));
    assert_eq!(super::stage::onset(&heard[1]), Some(9607));
    assert_eq!(heard[1][14_000], 0.5);
    let ended = |(_, event): &&(u64, HostEvent)| matches!(event, HostEvent::VoiceEnded { .. });
    assert_eq!(stage.events.iter().filter(ended).count(), 1);
}
