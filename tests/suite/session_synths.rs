//! Handles of synths and groups: set, stop, status, values read back.

use super::session_kit::{DC, Live, RATE, Silent, peak, pitch, rms};
use csound_session::session::instr::Instr;
use csound_session::session::performer::Transport;
use csound_session::session::{Error, Event, Sched, Status, SynthGroup};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Half a second of release.
const ENV: &str = "aenv linsegr 1, 1, 1, 0.5, 0\noutch 1, aenv*0.5";

#[test]
fn set_is_by_name_or_alias_at_once_or_later() {
    let instr = Instr::builder("dc", DC)
        .aliases([("level", "kval")])
        .build()
        .unwrap();
    let mut live = Live::of([instr], |_| {});
    let synth = live.sched("dc", Sched::at(0.0).dur(3.0).arg("level", 0.5));
    synth.set([("level", 0.75)], 1.0).unwrap();
    synth.set([("kval", 0.1)], 2.0).unwrap();
    assert_eq!(synth.dynamic_param_names(), ["level"]);
    live.reads(&[
        (0.5, 0.5),
        (0.99, 0.5),
        (1.01, 0.75),
        (1.9, 0.75),
        (2.1, 0.1),
    ]);
}

#[test]
fn several_controls_are_set_at_once_or_none() {
    let mut live = Live::new(&[("two", "|ka=0.1, kb=0.2|\noutch 1, a(ka), 2, a(kb)")]);
    let synth = live.sched("two", Sched::at(0.0));
    live.until(0.1);
    synth.set([("ka", 0.5), ("kb", 0.75)], 0.0).unwrap();
    assert!(matches!(
        synth.set([("ka", 0.9), ("kx", 1.0)], 0.0),
        Err(Error::UnknownArg { .. })
    ));
    assert!(matches!(
        synth.set([("ka", f64::NAN)], 0.0),
        Err(Error::BadValue(_))
    ));
    let heard = live.heard(0.3);
    assert!((heard[0][13_000] - 0.5).abs() + (heard[1][13_000] - 0.75).abs() < 1e-9);
}

#[test]
fn an_event_is_set_inside_itself() {
    let mut live = Live::new(&[("dc", DC)]);
    let event =
        Event::new("dc", Sched::at(1.0).dur(3.0).arg("kval", 0.5)).set([("kval", 0.75)], 1.0);
    live.session().sched_event(&event).unwrap();
    live.reads(&[
        (0.0, 0.0),
        (0.5, 0.0),
        (1.5, 0.5),
        (1.99, 0.5),
        (2.01, 0.75),
        (3.99, 0.75),
        (4.01, 0.0),
    ]);
    let zero = Event::new("dc", Sched::at(5.0).dur(0.5)).set([("kval", 0.625)], 0.0);
    live.session().sched_event(&zero).unwrap();
    assert!((live.heard(5.2)[0][240_100] - 0.625).abs() < 1e-9);
}

#[test]
fn a_set_before_the_start_is_the_start_value() {
    let mut live = Live::new(&[("dc", "|kval=0.25|\ni0 = i(kval)\noutch 1, a(k(i0))")]);
    let synth = live.sched("dc", Sched::after(0.5));
    synth.set([("kval", 0.9)], 0.0).unwrap();
    assert_eq!(synth.param_value("kval"), Some(0.9));
    live.reads(&[(0.4, 0.0), (0.6, 0.9)]);
}

#[test]
fn stop_is_heard_as_a_release() {
    let mut live = Live::new(&[("env", ENV)]);
    let synth = live.sched("env", Sched::at(0.0));
    synth.stop(1.0).unwrap();
    live.reads(&[
        (0.99, 0.5),
        (1.01, 0.49),
        (1.25, 0.25),
        (1.49, 0.01),
        (1.6, 0.0),
    ]);
    assert!(synth.finished());
    synth.stop(0.0).unwrap();
    assert!(matches!(synth.set([], 0.0), Err(Error::Stopped)));

    let mut live = Live::new(&[("env", ENV)]);
    let event = Event::new("env", Sched::at(0.0).dur(10.0)).stop(2.0);
    live.session().sched_event(&event).unwrap();
    live.reads(&[(1.9, 0.5), (2.1, 0.4), (2.25, 0.25), (2.4, 0.1), (2.6, 0.0)]);
}

#[test]
fn a_synth_rings_out_as_playing() {
    let mut live = Live::new(&[("env", ENV)]);
    let (sender, finished) = std::sync::mpsc::channel();
    let sched = Sched::after(0.3)
        .dur(0.6)
        .when_finished(move |id| sender.send(id).unwrap());
    let synth = live.sched("env", sched);
    let mut seen = vec![synth.status()];
    for step in 1..20 {
        live.until(f64::from(step) * 0.1);
        seen.push(synth.status());
        let over = synth.status() == Status::Stopped;
        assert_eq!(
            finished.try_iter().collect::<Vec<_>>().len(),
            usize::from(over && seen[step as usize - 1] != Status::Stopped)
        );
    }
    seen.dedup();
    assert_eq!(seen, [Status::Future, Status::Playing, Status::Stopped]);
    assert!((synth.start() - 0.3).abs() < 1e-9 && (synth.dur().unwrap() - 0.6).abs() < 1e-9);
    assert!((synth.end() - 0.9).abs() < 1e-9 && synth.relative_start() < -1.0);
}

#[test]
fn values_are_read_back() {
    let mut live = Live::new(&[(
        "dc",
        "|iamp=0.5, kval=0.25, Sname=\"x\"|\noutch 1, a(kval)*iamp",
    )]);
    let synth = live.sched("dc", Sched::after(0.1).arg("iamp", 0.75));
    assert_eq!(synth.param_names(), ["iamp", "kval", "Sname"]);
    assert_eq!(synth.dynamic_param_names(), ["kval"]);
    assert_eq!(
        [synth.param_value("iamp"), synth.param_value("kval")],
        [Some(0.75), Some(0.25)]
    );
    assert_eq!(
        [
            synth.param_value("p5"),
            synth.param_value("Sname"),
            synth.param_value("z")
        ],
        [Some(0.75), None, None]
    );
    live.until(0.2);
    synth.set([("kval", 0.9)], 0.0).unwrap();
    synth.automate("kval", [0.0, 0.9, 1.0, 0.1], 0.5).unwrap();
    live.until(0.4);
    assert_eq!(synth.param_value("kval"), Some(0.9));
    live.until(1.2);
    assert!(
        (synth.param_value("kval").unwrap() - 0.5).abs() < 0.01,
        "{:?}",
        synth.param_value("kval")
    );
    live.until(2.0);
    assert_eq!(synth.param_value("kval"), Some(0.1));
    synth.stop(0.0).unwrap();
    live.until(2.1);
    assert_eq!(synth.param_value("kval"), None);
}

#[test]
fn a_sine_is_set_to_another_pitch() {
    let sine = Instr::builder("sine", "outch 1, oscili:a(kamp, kfreq)")
        .args([("kamp", 0.1), ("kfreq", 1000.0)])
        .build()
        .unwrap();
    let mut live = Live::of([sine], |_| {});
    let synth = live.sched("sine", Sched::at(0.0).arg("kfreq", 800));
    synth.set([("kfreq", 1000.0)], 1.0).unwrap();
    let heard = live.heard(2.0);
    assert!((pitch(&heard[0][4800..47_000]) - 800.0).abs() < 0.1);
    assert!((pitch(&heard[0][49_000..95_000]) - 1000.0).abs() < 0.1);
    assert!((peak(&heard[0]) - 0.1).abs() < 1e-3 && (rms(&heard[0]) - 0.0707).abs() < 1e-3);
}

#[test]
fn a_group_reaches_those_that_know_the_control() {
    let dc = |channel: u32, arg: &str| format!("|{arg}=0.25|\noutch {channel}, a({arg})");
    let mut live = Live::new(&[("one", &dc(1, "kfreq")), ("two", &dc(2, "kval"))]);
    let events = ["one", "two"].map(|name| Event::new(name, Sched::after(0.5)));
    let group = live.session().sched_events(&events).unwrap();
    assert_eq!((group.len(), group[0].start()), (2, group[1].start()));
    assert!(!group.playing() && !group.finished());
    group.set([("kfreq", 0.5)], 1.5).unwrap();
    let lines = group.automate("kval", [0.0, 0.25, 1.0, 0.75], 2.0).unwrap();
    assert_eq!([lines[0].is_some(), lines[1].is_some()], [false, true]);
    assert!(matches!(
        group.set([("knope", 1.0)], 0.0),
        Err(Error::UnknownArg { .. })
    ));
    assert!(matches!(
        group.automate("knope", [0.0, 1.0], 0.0),
        Err(Error::UnknownArg { .. })
    ));
    assert_eq!(group.param_value("kval"), Some(0.25));
    live.until(1.8);
    assert!(group.playing());
    group.stop(2.0).unwrap();
    let heard = live.heard(4.5);
    let at = |seconds: f64| (seconds * RATE as f64) as usize;
    let read = |seconds: f64| [heard[0][at(seconds)], heard[1][at(seconds)]];
    for (seconds, [one, two]) in [(1.4, [0.25, 0.25]), (1.6, [0.5, 0.25]), (3.2, [0.5, 0.75])] {
        let [own, other] = read(seconds);
        assert!(
            (own - one).abs() + (other - two).abs() < 1e-3,
            "at {seconds} s: {own}, {other}"
        );
    }
    assert_eq!([heard[0][at(4.2)], heard[1][at(4.2)]], [0.0, 0.0]);
    assert!(group.finished());
    assert!(matches!(
        group.set([("kfreq", 0.5)], 0.0),
        Err(Error::Stopped)
    ));
    assert!(SynthGroup::default().set([("k", 0.0)], 0.0).is_err());
}

#[test]
fn a_callback_can_keep_a_control_as_it_is() {
    let mut live = Live::new(&[("dc", DC)]);
    live.session()
        .on_set("dc", |_, param, value, _| param != "kval" || value < 0.5);
    let synth = live.sched("dc", Sched::at(0.0));
    let free = live.sched(
        "dc",
        Sched::at(0.0).arg("kval", 0.0).on_set(|_, _, _, _| true),
    );
    live.until(0.1);
    synth.set([("kval", 0.3)], 0.0).unwrap();
    live.until(0.2);
    synth.set([("kval", 0.8)], 0.0).unwrap();
    live.reads(&[(0.05, 0.25), (0.15, 0.3), (0.3, 0.3)]);
    live.until(0.4);
    free.set([("kval", 0.6)], 0.0).unwrap();
    live.reads(&[(0.5, 0.9)]);
}

#[test]
fn a_thread_can_wait_for_a_synth_while_another_makes_sound() {
    let mut live = Live::new(&[("dc", DC)]);
    let future = live.sched("dc", Sched::after(1e6));
    assert!(
        future.wait(Duration::ZERO),
        "one that has not started is not waited for"
    );
    let held = live.sched("dc", Sched::now());
    let synth = live.sched("dc", Sched::now().dur(0.2));
    live.until(0.1);
    assert!(!held.wait(Duration::from_millis(10)));
    let (stop, mut stage) = (Arc::new(AtomicBool::new(false)), live.stage);
    let until = stop.clone();
    let audio = std::thread::spawn(move || {
        while !until.load(Ordering::Relaxed) {
            stage
                .performer
                .process(&mut Silent(64), &Transport::default());
            std::thread::sleep(Duration::from_micros(200));
        }
    });
    assert!(synth.wait(Duration::from_secs(60)));
    assert!(synth.finished() && held.playing());
    held.stop(0.0).unwrap();
    assert!(SynthGroup::new([synth, held]).wait(Duration::from_secs(60)));
    stop.store(true, Ordering::Relaxed);
    audio.join().unwrap();
}
