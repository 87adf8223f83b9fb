//! Checks 47 to 56, 58: what is done to a session while a host has its plugin process, in session time.

use std::sync::mpsc::channel;

use super::hosted::Live;
use crate::suite::session_kit::DC;
use csound_session::session::{Error, Event, Sched, Status, Synth};

/// The Instr of [`DC`], but ten higher.
const HIGHER: &str = "|kval=0.25|\noutch 1, a(kval + 10)";
/// The same on channel 2.
const BESIDE: &str = "|kval=0.25|\noutch 2, a(kval + 10)";

fn statuses(synths: &[&Synth]) -> Vec<Status> {
    synths.iter().map(|synth| synth.status()).collect()
}

#[test]
fn check_47_new_code_is_for_new_synths() {
    let mut live = Live::new(&[("dc", DC)]);
    live.sched("dc", Sched::at(0.0));
    live.until(0.3);
    let number = live.session().instrnum("dc", 1).unwrap();
    live.session().def_instr("dc", BESIDE).unwrap();
    live.sched("dc", Sched::now().arg("kval", 0.5));
    assert_eq!(live.session().instrnum("dc", 1).unwrap(), number);
    live.reads(&[(0.2, 0.25), (0.5, 0.25)]);
    let beside = live.heard(0.6)[1][24_000];
    assert!((beside - 10.5).abs() < 1e-3, "{beside}");
}

#[test]
fn check_48_synths_of_old_code_stay_controllable() {
    let mut live = Live::new(&[("dc", DC)]);
    let old = live.sched("dc", Sched::at(0.0));
    live.until(0.3);
    live.session().def_instr("dc", BESIDE).unwrap();
    live.sched("dc", Sched::now().dur(0.1));
    live.until(0.5);
    old.set([("kval", 0.9)], 0.0).unwrap();
    old.automate("kval", [0.0, 0.9, 0.5, 0.3], 0.5).unwrap();
    live.reads(&[(0.4, 0.25), (0.7, 0.9), (1.25, 0.6), (1.8, 0.3)]);
}

#[test]
fn check_49_a_future_event_plays_the_code_of_its_start() {
    for (compiled, expected) in [(true, 10.25), (false, 0.25)] {
        let mut live = Live::new(&[("dc", DC)]);
        live.sched("dc", Sched::at(0.8));
        live.until(0.3);
        live.session().def_instr("dc", HIGHER).unwrap();
        if compiled {
            live.session().prepare_sched("dc", 1).unwrap();
        }
        live.reads(&[(1.0, expected)]);
    }
}

#[test]
fn check_50_a_synth_waits_then_plays_then_has_ended() {
    let mut live = Live::new(&[("dc", DC)]);
    let (sender, finished) = channel();
    let sched = Sched::after(0.3)
        .dur(0.6)
        .when_finished(move |id| sender.send(id).unwrap());
    let synth = live.sched("dc", sched);
    assert_eq!(synth.status(), Status::Future);
    live.until(0.2);
    assert_eq!(synth.status(), Status::Future);
    live.until(0.5);
    assert_eq!(synth.status(), Status::Playing);
    assert!(finished.try_recv().is_err());
    live.until(1.5);
    assert_eq!(synth.status(), Status::Stopped);
    assert_eq!(finished.try_iter().collect::<Vec<_>>(), [synth.id()]);
}

#[test]
fn check_51_a_set_before_the_start_is_the_start_value() {
    let mut live = Live::new(&[(
        "dc",
        "|kval=0.25|\nival = i(kval)\noutch 1, a(kval), 2, a(k(ival))",
    )]);
    let synth = live.sched("dc", Sched::after(0.5));
    synth.set([("kval", 0.9)], 0.0).unwrap();
    live.reads(&[(0.4, 0.0), (0.51, 0.9), (0.9, 0.9)]);
    let init = live.heard(0.9)[1][38_400];
    assert!((init - 0.9).abs() < 1e-6, "the init pass reads {init}");
}

#[test]
fn check_52_events_of_one_call_are_a_group() {
    let mut live = Live::new(&[("dc", DC)]);
    live.until(0.1);
    let event = Event::new("dc", Sched::after(0.2).arg("kval", 0.1));
    let group = live
        .session()
        .sched_events(&[event.clone(), event.clone(), event])
        .unwrap();
    let starts: Vec<f64> = group.iter().map(Synth::start).collect();
    assert!(starts.iter().all(|start| *start == starts[0]) && starts.len() == 3);
    live.until(0.6);
    group.set([("kval", 0.2)], 0.0).unwrap();
    live.until(1.0);
    assert!(group.playing());
    group.stop(0.0).unwrap();
    live.until(1.2);
    assert!(group.finished());
    live.reads(&[(0.5, 0.3), (0.9, 0.6), (1.1, 0.0)]);
}

#[test]
fn check_53_a_group_reaches_those_that_know_the_control() {
    let one = ("one", "|kval=0.25|\noutch 1, a(kval)");
    let two = ("two", "|kfreq=0.5|\noutch 2, a(kfreq)");
    let mut live = Live::new(&[one, two]);
    let events = ["one", "two"].map(|name| Event::new(name, Sched::at(0.0)));
    let group = live.session().sched_events(&events).unwrap();
    group.set([("kfreq", 0.75)], 0.5).unwrap();
    let automations = group
        .automate("kfreq", [0.0, 0.75, 0.5, 0.25], 1.0)
        .unwrap();
    let begun: Vec<bool> = automations.iter().map(Option::is_some).collect();
    assert_eq!(begun, [false, true]);
    let heard = live.heard(2.0);
    let at = |channel: usize, seconds: f64| heard[channel][(seconds * 48_000.0) as usize];
    for (seconds, value) in [(0.4, 0.5), (0.6, 0.75), (1.25, 0.5), (1.9, 0.25)] {
        assert!((at(0, seconds) - 0.25).abs() < 1e-3);
        assert!(
            (at(1, seconds) - value).abs() < 1e-3,
            "{} at {seconds} s",
            at(1, seconds)
        );
    }
    assert!(matches!(
        group.set([("kno", 1.0)], 0.0),
        Err(Error::UnknownArg { .. })
    ));
    assert!(group.automate("kno", [0.0, 1.0], 0.0).is_err());
}

#[test]
fn check_54_a_locked_clock_stands_still() {
    let mut live = Live::new(&[("dc", DC)]);
    live.until(0.1);
    let starts = {
        let mut session = live.session();
        let mut locked = session.locked_clock(None).unwrap();
        let first = locked.sched("dc", Sched::now()).unwrap().start();
        std::thread::sleep(std::time::Duration::from_millis(50));
        [first, locked.sched("dc", Sched::now()).unwrap().start()]
    };
    assert_eq!(starts[0], starts[1]);
    let outside = live.sched("dc", Sched::now()).start();
    live.until(0.15);
    assert!(live.sched("dc", Sched::now()).start() >= outside + 0.049);
}

#[test]
fn check_55_synths_are_unscheduled_by_name_or_number() {
    let mut live = Live::new(&[("dc", DC), ("other", DC)]);
    let low = live.sched("dc", Sched::now());
    let high = live.sched("dc", Sched::now().priority(2));
    let other = live.sched("other", Sched::now());
    live.until(0.1);
    let number = live.session().instrnum("dc", 2).unwrap();
    live.session().unsched(number, 0.0).unwrap();
    live.until(0.2);
    use Status::{Playing, Stopped};
    assert_eq!(
        statuses(&[&low, &high, &other]),
        [Playing, Stopped, Playing]
    );
    let again = live.sched("dc", Sched::now().priority(2));
    live.until(0.3);
    live.session().unsched("dc", 0.0).unwrap();
    live.until(0.4);
    assert_eq!(
        statuses(&[&low, &again, &other]),
        [Stopped, Stopped, Playing]
    );
}

#[test]
fn check_56_a_callback_refuses_a_set() {
    let mut live = Live::new(&[("dc", DC)]);
    live.session().on_set("dc", |_, _, value, _| value < 0.5);
    let synth = live.sched("dc", Sched::at(0.0));
    synth.set([("kval", 0.3)], 0.2).unwrap();
    synth.set([("kval", 0.8)], 0.4).unwrap();
    live.reads(&[(0.1, 0.25), (0.3, 0.3), (0.6, 0.3)]);
}

#[test]
fn check_58_a_cancelled_synth_has_stopped() {
    let mut live = Live::new(&[("dc", DC)]);
    let (sender, finished) = channel();
    let sched = Sched::after(0.5).when_finished(move |id| sender.send(id).unwrap());
    let synth = live.sched("dc", sched);
    synth.stop(0.0).unwrap();
    live.until(0.02);
    assert_eq!(synth.status(), Status::Stopped);
    assert_eq!(finished.try_iter().collect::<Vec<_>>(), [synth.id()]);
    assert!(live.session().scheduled_synths().is_empty());
    live.reads(&[(0.6, 0.0), (1.0, 0.0)]);
}
