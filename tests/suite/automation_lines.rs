//! Automations: lines, their shapes, who wins, how they end.

use super::session_kit::{DC, Live};
use csound_session::session::command::{Command, SlotValue};
use csound_session::session::instr::Instr;
use csound_session::session::{Error, Event, Line, Mode, Sched, Status};
use proptest::prelude::*;
use std::str::FromStr;

const DUR: f64 = 10.0;

/// A synth of 10 s at 0 with `kval` at some value, automated as it starts.
fn automated(kval: f64, lines: &[(f64, Line)]) -> Live {
    let mut live = Live::new(&[("dc", DC)]);
    let synth = live.sched("dc", Sched::at(0.0).dur(DUR).arg("kval", kval));
    for (delay, line) in lines {
        synth.automate("kval", line.clone(), *delay).unwrap();
    }
    live
}

fn event(line: Line) -> Live {
    let mut live = Live::new(&[("dc", DC)]);
    let event = Event::new("dc", Sched::at(1.0).dur(3.0)).automate("kval", line, 0.0);
    live.session().sched_event(&event).unwrap();
    live
}

#[test]
fn a_straight_line_from_the_start_holds_its_last_value() {
    let expected = [
        (1.25, 0.125),
        (1.5, 0.25),
        (2.0, 0.5),
        (2.5, 0.75),
        (3.0, 1.0),
        (3.9, 1.0),
        (4.1, 0.0),
    ];
    event(Line::pairs([0.0, 0.0, 2.0, 1.0])).reads(&expected);
}

#[test]
fn shapes_go_where_they_should() {
    let cos = [
        (1.25, 0.0381),
        (1.5, 0.1465),
        (2.0, 0.5),
        (2.5, 0.8536),
        (3.0, 1.0),
    ];
    event(Line::pairs([0.0, 0.0, 2.0, 1.0]).mode(Mode::Cos)).reads(&cos);
    for (mode, quarter) in [("cos", 0.1465), ("smooth", 0.15625), ("smoother", 0.10352)] {
        let line = Line::pairs([0.0, 0.0, 1.0, 1.0, 2.0, 0.0]).mode(mode.parse().unwrap());
        event(line).reads(&[(1.25, quarter), (1.5, 0.5), (2.0, 1.0), (2.5, 0.5)]);
    }
    for mode in ["exp=2", "expon(2)", "exp(2)"] {
        event(Line::pairs([0.0, 0.0, 1.0, 1.0]).mode(mode.parse().unwrap()))
            .reads(&[(1.5, 0.25), (2.5, 1.0)]);
    }
    event(Line::pairs([0.0, 0.25, 1.0, 1.0]).mode(Mode::Floor)).reads(&[(1.9, 0.25), (2.1, 1.0)]);
}

#[test]
fn a_line_can_begin_where_the_control_stands() {
    let expected = [
        (1.01, 0.5025),
        (1.5, 0.625),
        (2.0, 0.75),
        (2.5, 0.875),
        (3.1, 1.0),
    ];
    automated(0.5, &[(1.0, Line::pairs([0.0, 0.0, 2.0, 1.0]).overtake())]).reads(&expected);
    automated(0.5, &[(1.0, Line::pairs([0.0, f64::NAN, 2.0, 1.0]))]).reads(&expected);
    automated(0.5, &[(1.0, Line::pairs([f64::NAN, 2.0, 1.0]))]).reads(&expected);
    automated(0.5, &[(0.0, Line::pairs([0.0, 9.0, 1.0, 1.0]).overtake())])
        .reads(&[(0.5, 0.75), (1.5, 1.0)]);
}

#[test]
fn a_running_automation_wins_over_set() {
    let mut live = automated(0.25, &[(0.0, Line::pairs([0.0, 0.0, 2.0, 1.0]))]);
    let synth = live.session().scheduled_synths().remove(0);
    synth.set([("kval", 0.3)], 1.0).unwrap();
    synth.set([("kval", 0.2)], 3.0).unwrap();
    live.reads(&[(1.01, 0.505), (1.5, 0.75), (2.5, 1.0), (3.1, 0.2)]);
}

#[test]
fn a_running_automation_wins_over_the_host_and_then_the_newest_word_counts() {
    let instr = Instr::new("dc", DC).unwrap();
    let mut live = Live::of([instr], |spec| {
        let overflow = spec.slots.follow(&spec.orchestra.instrs, &spec.layers);
        assert!(overflow.is_empty());
    });
    let synth = live.sched("dc", Sched::at(0.0));
    let slot = |value| Command::Slot {
        slot: 0,
        value: SlotValue::Plain(value),
    };
    live.stage.at(24_000, slot(0.75)).at(48_000, slot(0.5));
    live.stage.at(144_000, slot(0.625));
    synth.automate("kval", [0.0, 0.0, 1.0, 1.0], 0.75).unwrap();
    live.reads(&[
        (0.4, 0.25),
        (0.6, 0.75),
        (1.25, 0.5),
        (2.5, 1.0),
        (3.1, 0.625),
    ]);
}

#[test]
fn the_newer_line_ends_the_older_one() {
    let rise = Line::pairs([0.0, 0.0, 2.0, 1.0]);
    let fall = Line::pairs([0.0, 1.0, 1.0, 0.0]);
    let expected = [
        (0.5, 0.25),
        (1.0, 0.5),
        (2.2, 1.0),
        (2.51, 0.99),
        (3.0, 0.5),
        (3.6, 0.0),
    ];
    automated(0.0, &[(0.0, rise.clone()), (2.5, fall.clone())]).reads(&expected);
    automated(0.0, &[(0.0, rise), (1.0, fall)]).reads(&[
        (0.9, 0.45),
        (1.5, 0.5),
        (2.1, 0.0),
        (3.0, 0.0),
    ]);
}

#[test]
fn lines_come_in_several_forms() {
    let expected = [(0.5, 0.25), (1.0, 0.5), (2.5, 1.0)];
    automated(0.0, &[(0.0, Line::pairs([0.0, 2.0, 1.0]))]).reads(&expected);
    automated(0.0, &[(0.0, Line::columns([0.0, 2.0], [0.0, 1.0]))]).reads(&expected);
    // One point is a set; a late first point leaves the control alone until then; two at one time are a jump.
    automated(0.25, &[(0.0, Line::pairs([1.0, 0.75]))]).reads(&[(0.9, 0.25), (1.1, 0.75)]);
    automated(0.25, &[(0.0, Line::pairs([1.0, 0.5, 2.0, 1.0]))]).reads(&[(0.9, 0.25), (1.5, 0.75)]);
    let jump = Line::pairs([0.0, 0.0, 1.0, 0.5, 1.0, 1.0, 2.0, 0.0]);
    automated(0.25, &[(0.0, jump)]).reads(&[(0.5, 0.25), (0.99, 0.495), (1.5, 0.5)]);
}

#[test]
fn a_line_that_begins_before_its_synth_is_cut() {
    let mut live = Live::new(&[(
        "dc",
        "|kval=0.25|\ni0 = i(kval)\noutch 1, a(kval), 2, a(k(i0))",
    )]);
    let synth = live.sched("dc", Sched::at(1.0).dur(0.5));
    synth.automate("kval", [0.0, 0.0, 2.0, 1.0], 0.0).unwrap();
    let heard = live.heard(2.0);
    assert!((heard[0][60_000] - 0.625).abs() < 1e-3);
    assert!(
        (heard[1][60_000] - 0.5).abs() < 1e-3,
        "the init pass sees the line: {}",
        heard[1][60_000]
    );
    assert_eq!(heard[0][76_000], 0.0);
}

#[test]
fn each_automation_can_be_cancelled_and_ends_with_its_synth() {
    let mut live = Live::new(&[("dc", DC), ("two", "|ka, kb|\noutch 1, a(ka), 2, a(kb)")]);
    let synth = live.sched("two", Sched::at(0.0).dur(DUR));
    let first = synth.automate("ka", [0.0, 0.0, 2.0, 1.0], 0.0).unwrap();
    let second = synth.automate("kb", [0.0, 0.0, 2.0, 1.0], 0.0).unwrap();
    assert_ne!(first.id(), second.id());
    live.until(1.0);
    first.cancel().unwrap();
    live.reads(&[(0.5, 0.25), (1.5, 0.5), (2.5, 0.5)]);
    assert!((live.heard(2.6)[1][120_000] - 1.0).abs() < 1e-3);
    synth.stop(0.0).unwrap();
    live.until(3.0);
    assert_eq!(synth.status(), Status::Stopped);
    assert!(matches!(
        synth.automate("ka", [0.0, 1.0], 0.0),
        Err(Error::Stopped)
    ));
}

#[test]
fn the_pool_of_points_comes_back_and_a_full_one_is_an_error() {
    let mut live = Live::new(&[("dc", DC)]);
    let long: Vec<f64> = (0..800).flat_map(|i| [f64::from(i) * 1e-4, 0.5]).collect();
    for round in 0..20 {
        let synth = live.sched("dc", Sched::now().dur(0.1));
        synth.automate("kval", long.clone(), 0.0).unwrap();
        live.until(f64::from(round + 1) * 0.2);
        synth.status();
    }
    let synth = live.sched("dc", Sched::now());
    let mut held = 0;
    let refused = loop {
        live.until(5.0 + f64::from(held) * 0.1);
        match synth.automate("kval", long.clone(), 1000.0) {
            Ok(_) => held += 1,
            Err(error) => break error.to_string(),
        }
    };
    assert_eq!(held, 5, "4096 points hold 5 lines of 800");
    assert!(
        refused.contains("Capacities::points") && refused.contains("4096"),
        "{refused}"
    );
}

#[test]
fn what_is_no_automation_is_refused() {
    let mut live = Live::new(&[("dc", "|iamp=0.5, kval=0.25|\noutch 1, a(kval)*iamp")]);
    let synth = live.sched("dc", Sched::now());
    let told = |param: &str, line: Line, delay: f64| match synth.automate(param, line, delay) {
        Ok(_) => panic!("{param} was automated"),
        Err(error) => error.to_string(),
    };
    let line = || Line::pairs([0.0, 0.0, 1.0, 1.0]);
    let unknown = told("kfoo", line(), 0.0);
    assert!(
        unknown.contains("kfoo") && unknown.contains("kval"),
        "{unknown}"
    );
    assert!(told("iamp", line(), 0.0).contains("fixed when a synth starts"));
    assert!(told("kval", line(), f64::NAN).contains("delay"));
    assert!(told("kval", Line::pairs([]), 0.0).contains("no points"));
    assert!(told("kval", Line::pairs([1.0, 0.0, 0.5, 1.0]), 0.0).contains("go back"));
    assert!(told("kval", Line::pairs([0.0, 0.0, 1.0, f64::NAN]), 0.0).contains("NaN"));
    assert!(
        told("kval", Line::columns([0.0], [0.0, 1.0]), 0.0).contains("as many times as values")
    );
    let mode = Mode::from_str("wavy").unwrap_err().to_string();
    assert!(mode.contains("wavy") && mode.contains("smoother"), "{mode}");
    assert!(Mode::from_str("exp(0)").is_err());
    assert!(
        synth
            .set([("iamp", 1.0)], 0.0)
            .unwrap_err()
            .to_string()
            .contains("fixed")
    );
    assert!(
        synth
            .set([("nope", 1.0)], 0.0)
            .unwrap_err()
            .to_string()
            .contains("nope")
    );
}

/// The shapes as plain formulas of the way `x` from `a` to `b`, with the values before and after them.
fn plain(mode: Mode, p: f64, a: f64, b: f64, n: f64, x: f64) -> f64 {
    match mode {
        Mode::Linear => a * (1.0 - x) + b * x,
        Mode::Cos => a + (b - a) * (1.0 - (std::f64::consts::PI * x).cos()) / 2.0,
        Mode::Floor => a,
        Mode::Cubic => {
            // Hermite's basis with the slopes of the neighbours.
            let (m0, m1) = ((b - p) / 2.0, (n - a) / 2.0);
            let (x2, x3) = (x.powi(2), x.powi(3));
            (2.0 * x3 - 3.0 * x2 + 1.0) * a
                + (x3 - 2.0 * x2 + x) * m0
                + (3.0 * x2 - 2.0 * x3) * b
                + (x3 - x2) * m1
        }
        Mode::Smooth => a + (b - a) * (3.0 * x.powi(2) - 2.0 * x.powi(3)),
        Mode::Smoother => a + (b - a) * (6.0 * x.powi(5) - 15.0 * x.powi(4) + 10.0 * x.powi(3)),
        Mode::Exp(power) => a + (b - a) * x.powf(power),
    }
}

proptest! {
    #[test]
    fn shapes_agree_with_plain_formulas(
        values in prop::array::uniform4(-10.0..10.0f64),
        x in 0.0..1.0f64,
        power in 0.1..8.0f64,
    ) {
        let [p, a, b, n] = values;
        let modes = [
            Mode::Linear, Mode::Cos, Mode::Floor, Mode::Cubic, Mode::Smooth, Mode::Smoother, Mode::Exp(power),
        ];
        for mode in modes {
            prop_assert!((mode.between(values, x) - plain(mode, p, a, b, n, x)).abs() < 1e-9, "{:?}", mode);
            prop_assert!((mode.between(values, 0.0) - a).abs() < 1e-9);
            prop_assert!((mode.between(values, 1.0) - b).abs() < 1e-9);
        }
    }
}
