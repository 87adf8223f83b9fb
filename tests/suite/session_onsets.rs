//! Starts and ends of synths, to the sample.

use super::stage::{Blocks, Stage, end, layer, onset, spec};
use csound_session::session::command::{Command, NoteAddress};
use csound_session::session::{Event, Sched, Status};

const WAYS_OUT: [&str; 4] = [
    "out a(0.5), a(0.5)",
    "outs a(0.5), a(0.5)",
    "outch 1, a(0.5), 2, a(0.5)",
    "outc a(0.5), a(0.5)",
];

#[test]
fn notes_start_on_their_sample_for_every_offset_cycle_and_way_out() {
    for ksmps in [1, 7, 16, 32, 64, 128] {
        for out in WAYS_OUT {
            let mut spec = spec(&[("dc", &format!("|imidi|\n{out}"))], vec![layer("dc")]);
            spec.orchestra.ksmps = ksmps;
            let mut stage = Stage::new(&spec);
            let ons: Vec<u64> = (0..u64::from(ksmps))
                .map(|offset| 1000 * (offset + 1) + offset)
                .collect();
            for &on in &ons {
                stage.note(60, on, on + 300);
            }
            let heard = stage.play(1000 * (ksmps as usize + 2), Blocks::Random(7));
            for &on in &ons {
                let from = on as usize - 200;
                let found = onset(&heard[0][from..from + 1000]).map(|at| at + from);
                assert_eq!(found, Some(on as usize), "ksmps {ksmps}, {out}");
                assert_eq!(
                    onset(&heard[1][from..from + 1000]).map(|at| at + from),
                    Some(on as usize)
                );
            }
        }
    }
}

#[test]
fn finite_synths_start_and_end_on_their_sample_and_know_their_length() {
    // With 31 and 127 the control rate that Csound worked out was rounded up, and a synth of less than a cycle crashed.
    for ksmps in [16, 31, 32, 64, 127, 128] {
        // `adur = p3` reads p3 in every cycle, where it was the length that Csound is told.
        let mut spec = spec(
            &[("len", "|iamp=0.5|\nadur = p3\nout adur, a(iamp)")],
            vec![],
        );
        spec.orchestra.ksmps = ksmps;
        let mut stage = Stage::empty();
        stage.session.load(spec);
        let mut expected = Vec::new();
        for i in 0..150_u64 {
            let (start, length) = (200 + i * 1000 + i * 37 % 128, 1 + i * 53 % 700);
            let (at, dur) = (start as f64 / 48e3, length as f64 / 48e3);
            stage.session.sched("len", Sched::at(at).dur(dur)).unwrap();
            expected.push((start as usize, length as usize));
        }
        let heard = stage.play(152_000, Blocks::Random(3));
        for (start, length) in expected {
            let window = &heard[1][start - 60..start + 900];
            assert_eq!(onset(window), Some(60), "start {start}, ksmps {ksmps}");
            assert_eq!(
                end(window),
                Some(60 + length),
                "length {length} at {start}, ksmps {ksmps}"
            );
            let p3 = heard[0][start + length - 1];
            assert!(
                (p3 - length as f64 / 48e3).abs() < 1e-12,
                "p3 reads {p3} for {length} samples"
            );
        }
    }
}

/// The body was told the shorter length, so that an envelope over p3 was another one.
#[test]
fn an_event_that_is_stopped_ends_on_its_sample_and_knows_the_length_it_had() {
    let mut stage = Stage::empty();
    let bodies = [
        ("plain", "adur = p3\nout adur, a(0.5)"),
        (
            "longer",
            "p3 = p3 + 1\nidur = p3\nadur = idur\nout adur, a(0.5)",
        ),
        (
            "shorter",
            "p3 = 0.1001\nidur = p3\nadur = idur\nout adur, a(0.5)",
        ),
    ];
    stage.session.load(spec(&bodies, vec![]));
    for (start, (name, _)) in (1..).zip(bodies) {
        let event = Event::new(name, Sched::at(f64::from(start)).dur(0.8)).stop(0.2001);
        stage.session.sched_event(&event).unwrap();
    }
    let heard = stage.play(4 * 48_000, Blocks::Random(5));
    let told = [0.8, 1.8, 0.1001];
    for (start, (told, length)) in (1..).zip(told.into_iter().zip([9605, 9605, 4805])) {
        let window = &heard[1][start * 48_000 - 60..][..20_000];
        assert_eq!(onset(window), Some(60), "{told}");
        assert_eq!(end(window), Some(60 + length), "{told}");
        let first_cycle = heard[0][start * 48_000 + 10];
        assert!(
            (first_cycle - told).abs() < 0.002,
            "{first_cycle}, not {told}"
        );
    }
}

#[test]
fn output_is_the_same_for_every_way_of_cutting_blocks() {
    let body = "|kmidi, kvel|\nasig vco2 kvel*0.2, mtof:k(kmidi)\nasig moogladder asig, 2000, 0.3\n\
                asig *= linsegr:a(0, 0.005, 1, 0.05, 0)\nirnd random 0, 1\nouts asig, asig*irnd";
    let play = |blocks| {
        let mut stage = Stage::new(&spec(&[("synth", body)], vec![layer("synth")]));
        for i in 0..60_u64 {
            stage.note(
                40 + (i * 7 % 40) as u8,
                100 + i * 701,
                100 + i * 701 + 1500 + i * 13,
            );
        }
        stage.play(60_000, blocks)
    };
    let reference = play(Blocks::Of(64));
    assert!(reference[0].iter().any(|sample| sample.abs() > 0.05));
    for blocks in [1, 17, 32, 480, 512, 4096]
        .map(Blocks::Of)
        .into_iter()
        .chain([Blocks::Random(1)])
    {
        assert!(play(blocks) == reference, "{blocks:?}");
    }
}

#[test]
fn a_synth_is_future_then_playing_then_stopped() {
    let mut stage = Stage::empty();
    stage
        .session
        .load(spec(&[("dc", "|kval=0.25|\nout a(kval), a(kval)")], vec![]));
    let (sender, finished) = std::sync::mpsc::channel();
    let sched = Sched::at(0.1)
        .dur(0.1)
        .when_finished(move |id| sender.send(id).unwrap());
    let synth = stage.session.sched("dc", sched).unwrap();
    stage.play(2400, Blocks::Of(480));
    assert_eq!(synth.status(), Status::Future);
    stage.play(7200, Blocks::Of(480));
    assert_eq!(synth.status(), Status::Playing);
    stage.play(12_000, Blocks::Of(480));
    assert_eq!(synth.status(), Status::Stopped);
    assert_eq!(finished.try_iter().collect::<Vec<_>>(), [synth.id()]);
}

#[test]
fn a_cancelled_synth_is_stopped_at_once_and_stays_silent() {
    let mut stage = Stage::empty();
    stage
        .session
        .load(spec(&[("dc", "out a(0.5), a(0.5)")], vec![]));
    let (sender, finished) = std::sync::mpsc::channel();
    let sched = Sched::at(0.1).when_finished(move |_| sender.send(()).unwrap());
    let synth = stage.session.sched("dc", sched).unwrap();
    synth.stop(0.0).unwrap();
    let heard = stage.play(9600, Blocks::Of(512));
    assert_eq!(synth.status(), Status::Stopped);
    assert_eq!(finished.try_iter().count(), 1);
    assert_eq!(onset(&heard[0]), None);
}

#[test]
fn controls_are_read_at_init_set_before_and_during_a_synth() {
    let mut stage = Stage::empty();
    let body = "|kval=0.25|\ni0 = i(kval)\nout a(kval), a(i0)";
    stage.session.load(spec(&[("dc", body)], vec![]));
    let synth = stage.session.sched("dc", Sched::at(0.1)).unwrap();
    synth.set([("kval", 0.75)], 0.05).unwrap();
    synth.set([("kval", 0.5)], 0.2).unwrap();
    let heard = stage.play(14_400, Blocks::Of(64));
    assert_eq!(
        (heard[0][7200], heard[1][7200]),
        (0.75, 0.75),
        "set before the start"
    );
    assert_eq!(
        (heard[0][12_000], heard[1][12_000]),
        (0.5, 0.75),
        "set while it sounds"
    );
}

#[test]
fn expressions_reach_their_note_alone() {
    let mut stage = Stage::new(&spec(
        &[("dc", "|kpressure|\nout a(kpressure)")],
        vec![layer("dc")],
    ));
    let address = |id| NoteAddress {
        channel: Some(0),
        key: Some(60),
        id: Some(id),
    };
    for id in [1, 2] {
        stage.at(
            0,
            Command::NoteOn {
                note: address(id),
                velocity: 1.0,
            },
        );
    }
    let kind = csound_session::session::command::Expression::Pressure;
    stage.at(
        4800,
        Command::Express {
            note: address(2),
            kind,
            value: 0.5,
        },
    );
    stage.at(9600, Command::NoteOff { note: address(1) });
    let heard = stage.play(14_400, Blocks::Of(512));
    assert_eq!(
        [heard[0][4000], heard[0][9000], heard[0][14_000]],
        [0.0, 0.5, 0.5]
    );
}
