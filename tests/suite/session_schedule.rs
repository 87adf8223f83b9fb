//! Scheduling: every form of argument, names, groups, the clock, new code, limits, who else may take events.

use super::session_kit::{DC, Live, RATE};
use csound_session::session::command::{Ending, Report};
use csound_session::session::instr::Instr;
use csound_session::session::{
    Capacities, Error, Event, RenderMode, Sched, Session, SessionHandler, Status, Synth, pair,
};
use std::sync::{Arc, Mutex};

fn instr(name: &str, body: &str) -> Instr {
    Instr::new(name, body).unwrap()
}

#[test]
fn arguments_come_by_name_by_place_and_in_order() {
    let mut live = Live::new(&[("dc", DC)]);
    live.sched("dc", Sched::at(0.0).dur(1.0));
    live.sched("dc", Sched::at(2.0).dur(1.0).arg("kval", 0.5));
    live.sched("dc", Sched::at(4.0).dur(1.0).args([0.75]));
    live.sched("dc", Sched::at(6.0).dur(1.0).arg("p5", 0.125));
    live.sched("dc", Sched::at(8.0).dur(1.0).arg("kval", 1));
    live.reads(&[
        (0.5, 0.25),
        (1.5, 0.0),
        (2.5, 0.5),
        (4.5, 0.75),
        (6.5, 0.125),
        (8.5, 1.0),
        (9.1, 0.0),
    ]);
}

#[test]
fn arguments_found_in_the_body_have_their_defaults() {
    let body = "pset p1,p2,p3,0,0.1,1000\niamp=p5\nkfreq=p6\noutch 1, a(iamp + kfreq/1e5)";
    let mut live = Live::new(&[("dc", body)]);
    let at = |time: f64| Sched::at(time).dur(0.5);
    live.sched("dc", at(0.0));
    live.sched("dc", at(1.0).arg("kfreq", 440.0));
    live.sched("dc", at(2.0).args([0.2]));
    live.sched("dc", at(3.0).args([0.2]).arg("kfreq", 500.0));
    live.sched("dc", at(4.0).arg("p6", 600.0));
    live.reads(&[
        (0.3, 0.11),
        (1.3, 0.1044),
        (2.3, 0.21),
        (3.3, 0.205),
        (4.3, 0.106),
    ]);
}

#[test]
fn texts_numbers_and_controls_mix() {
    let body = "|Sname=\"abc\", iamp=0.2, kval=0|\nisign = (strcmp(Sname, \"abc\") == 0 ? 1 : -1)\noutch 1, a(iamp*isign + kval)";
    let mut live = Live::new(&[("text", body)]);
    live.sched("text", Sched::at(0.0).dur(0.5));
    live.sched("text", Sched::at(1.0).dur(0.5).arg("Sname", "zzz"));
    live.sched(
        "text",
        Sched::at(2.0)
            .dur(0.5)
            .arg("Sname", "abc")
            .arg("iamp", 0.7)
            .arg("kval", 0.1),
    );
    live.reads(&[(0.3, 0.2), (1.3, -0.2), (2.3, 0.8)]);
    // A text that no program knows yet, while a synth sounds.
    live.sched("text", Sched::at(3.0).dur(1.0));
    live.until(3.2);
    live.sched(
        "text",
        Sched::at(3.5)
            .dur(0.5)
            .arg("Sname", "new")
            .arg("iamp", 0.05),
    );
    live.reads(&[(3.4, 0.2), (3.7, 0.15)]);
}

#[test]
fn what_cannot_be_scheduled_is_refused_with_a_reason() {
    let mut live = Live::of(
        [
            instr("dc", DC),
            Instr::builder("late", DC).min_priority(3).build().unwrap(),
        ],
        |_| {},
    );
    let mut told = |name: &str, sched: Sched| match live.session().sched(name, sched) {
        Ok(_) => panic!("{name} was scheduled"),
        Err(error) => error.to_string(),
    };
    assert!(told("nope", Sched::now()).contains("no Instr \"nope\""));
    let unknown = told("dc", Sched::now().arg("kfoo", 1.0));
    assert!(
        unknown.contains("kfoo") && unknown.contains("it has kval"),
        "{unknown}"
    );
    for priority in [0, 5, -5] {
        assert!(told("dc", Sched::now().priority(priority)).contains("1 to 4"));
    }
    assert!(told("late", Sched::now().priority(2)).contains("at least priority 3"));
    assert!(told("dc", Sched::after(-1.0)).contains("delay"));
    assert!(told("dc", Sched::now().dur(f64::NAN)).contains("duration"));
    assert!(told("dc", Sched::now().arg("kval", "text")).contains("takes a number"));
    assert!(told("dc", Sched::now().arg("kval", f64::INFINITY)).contains("finite"));
    assert!(told("dc", Sched::now().arg("kval", "@verb")).contains("@verb"));
    assert!(live.session().scheduled_synths().is_empty());
}

#[test]
fn code_that_does_not_compile_is_told_to_who_needs_it() {
    let mut live = Live::new(&[("dc", DC)]);
    live.sched("dc", Sched::at(0.0));
    live.until(0.2);
    live.session()
        .def_instr("bad", "|kval|\nasig oscili kval,\noutch 1, asig")
        .unwrap();
    let Err(Error::Code(problems)) = live.session().sched("bad", Sched::now()) else {
        panic!("it compiles")
    };
    assert!(
        problems.iter().any(|problem| problem.line == Some(2)),
        "{problems:?}"
    );
    assert!(
        live.session().prepare_sched("bad", 1).is_err()
            && live.session().instrnum("bad", 1).is_err()
    );
    assert_eq!(live.session().scheduled_synths().len(), 1);
    live.session().def_instr("bad", DC).unwrap();
    live.sched("bad", Sched::at(0.5));
    live.reads(&[(0.4, 0.25), (0.6, 0.5)]);
}

#[test]
fn numbers_follow_priority_and_then_definition() {
    let mut live = Live::new(&[("one", DC), ("two", DC)]);
    let mut number = |name: &str, priority| live.session().instrnum(name, priority).unwrap();
    let numbers = [
        number("one", 1),
        number("two", 1),
        number("one", 2),
        number("two", 2),
        number("one", -1),
    ];
    assert!(
        numbers.is_sorted() && numbers[0] < numbers[1] && numbers[3] < numbers[4],
        "{numbers:?}"
    );
    assert_eq!(number("one", -4), numbers[0]);
    assert!(live.session().instrnum("one", 5).is_err());
    assert_eq!(
        (
            live.session().num_priorities(),
            live.session().max_dynamic_args()
        ),
        (4, 16)
    );
}

#[test]
fn new_code_plays_new_synths_and_the_old_ones_stay_controllable() {
    let mut live = Live::new(&[("dc", DC)]);
    let old = live.sched("dc", Sched::at(0.0));
    let uncompiled = live.sched("dc", Sched::at(2.0).dur(0.1).arg("kval", 0.0));
    live.until(0.3);
    let number = live.session().instrnum("dc", 1).unwrap();
    live.session()
        .def_instr("dc", "|kval=0.25|\noutch 2, a(kval + 10)")
        .unwrap();
    let new = live.sched("dc", Sched::now().arg("kval", 0.5));
    assert_eq!(live.session().instrnum("dc", 1).unwrap(), number);
    live.until(0.6);
    old.set([("kval", 0.9)], 0.0).unwrap();
    old.automate("kval", [0.0, 0.9, 0.5, 0.3], 0.5).unwrap();
    let heard = live.heard(2.2);
    let read = |channel: usize, at: f64| heard[channel][(at * RATE as f64) as usize];
    assert_eq!(
        [read(0, 0.2), read(0, 0.5), read(0, 0.8), read(1, 0.5)],
        [0.25, 0.25, 0.9, 10.5]
    );
    assert!((read(0, 1.35) - 0.6).abs() < 1e-2 && (read(0, 1.9) - 0.3).abs() < 1e-9);
    assert_eq!(
        read(1, 2.05),
        20.5,
        "what waited plays the code that is current when it starts"
    );
    assert!(new.playing() && old.playing() && !uncompiled.playing());
}

#[test]
fn a_definition_that_nobody_compiled_changes_nothing() {
    let mut live = Live::new(&[("dc", DC)]);
    live.sched("dc", Sched::at(0.8));
    live.until(0.3);
    live.session()
        .def_instr("dc", "|kval=0.25|\noutch 1, a(kval + 10)")
        .unwrap();
    live.reads(&[(0.9, 0.25)]);
}

#[test]
fn instrs_are_registered_once_in_each_form() {
    let mut live = Live::new(&[("dc", DC)]);
    let session = live.session();
    assert!(!session.register_instr(instr("dc", DC)).unwrap());
    assert!(session.is_instr_registered(&instr("dc", DC)));
    let other = Instr::builder("dc", DC)
        .doc("a level")
        .property("colour", "red")
        .build()
        .unwrap();
    assert!(!session.is_instr_registered(&other));
    assert!(session.register_instr(other.clone()).unwrap());
    assert_eq!(
        (session.registered_instrs(), session.get_instr("dc")),
        ([other.clone()].as_slice(), Some(&other))
    );
    assert_eq!(other.properties()["colour"], "red");
    assert_eq!(session.get_instr("nope"), None);
    let body = session.generate_instr_body("dc").unwrap();
    assert!(
        body.contains("kval tab") && body.contains("outch 1, a(kval)"),
        "{body}"
    );
    assert!(
        !body.contains("instr ") && !body.contains("endin"),
        "{body}"
    );
    assert!(session.generate_instr_body("nope").is_err());
}

#[test]
fn included_files_and_init_code_come_before_bodies() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("double.inc");
    std::fs::write(&path, "opcode twice, k, k\nkin xin\nxout kin*2\nendop\n").unwrap();
    let mut live = Live::new(&[("dc", "|kval=0.2|\noutch 1, a(twice:k(kval))")]);
    live.session().include_file(&path).unwrap();
    live.session().include_file(&path).unwrap();
    let own = Instr::builder("own", "outch 1, a(twice:k(gilevel))")
        .init("gilevel init 0.1")
        .includes([path.to_str().unwrap()])
        .build()
        .unwrap();
    live.session().register_instr(own).unwrap();
    live.sched("dc", Sched::at(0.0).dur(0.5));
    live.sched("own", Sched::at(1.0).dur(0.5));
    live.reads(&[(0.3, 0.4), (1.3, 0.2)]);
    let missing = live
        .session()
        .include_file("/nowhere/at.all")
        .unwrap_err()
        .to_string();
    assert!(missing.contains("/nowhere/at.all"), "{missing}");
}

#[test]
fn a_name_belongs_to_one_synth_at_a_time() {
    let mut live = Live::new(&[("dc", DC)]);
    let first = live.sched("dc", Sched::at(0.0).name("pad"));
    live.until(0.5);
    let second = live.sched("dc", Sched::now().name("pad").arg("kval", 0.75));
    live.until(1.0);
    assert!(first.finished() && second.playing());
    assert_eq!(live.session().named_synth("pad"), Some(second.clone()));
    live.session().unsched("pad", 0.0).unwrap();
    live.until(1.2);
    assert!(second.finished() && live.session().named_synth("pad").is_none());
    live.reads(&[(0.4, 0.25), (0.9, 0.75), (1.1, 0.0)]);
}

#[test]
fn synths_are_stopped_by_handle_number_and_name() {
    let mut live = Live::new(&[("one", DC), ("two", DC)]);
    let places = [("one", 1), ("one", 1), ("one", 2), ("two", 1)];
    let synths: Vec<Synth> = places
        .iter()
        .map(|(name, priority)| live.sched(name, Sched::now().priority(*priority)))
        .collect();
    let future = live.sched("one", Sched::after(100.0));
    live.until(0.1);
    let mut states = |live: &mut Live, seconds: f64| {
        live.until(seconds);
        synths.iter().map(Synth::playing).collect::<Vec<_>>()
    };
    live.session().unsched(&synths[0], 0.0).unwrap();
    assert_eq!(states(&mut live, 0.2), [false, true, true, true]);
    let number = live.session().instrnum("one", 2).unwrap();
    live.session().unsched(number, 0.0).unwrap();
    assert_eq!(states(&mut live, 0.3), [false, true, false, true]);
    assert_eq!(
        live.session().active_synths(),
        [synths[1].clone(), synths[3].clone()]
    );
    assert_eq!(live.session().scheduled_synths().len(), 3);
    live.session().unsched("one", 0.1).unwrap();
    assert_eq!(states(&mut live, 0.35), [false, true, false, true], "later");
    assert_eq!(states(&mut live, 0.5), [false, false, false, true]);
    assert!(future.finished());
    let unknown = live.session().unsched("nope", 0.0).unwrap_err().to_string();
    assert!(unknown.contains("nope"), "{unknown}");
}

#[test]
fn all_are_stopped_and_the_waiting_ones_too_if_wanted() {
    let mut live = Live::new(&[("dc", DC)]);
    let (sounding, waiting) = (
        live.sched("dc", Sched::now()),
        live.sched("dc", Sched::at(0.5)),
    );
    live.until(0.1);
    live.session().unsched_all(false).unwrap();
    live.until(0.2);
    assert_eq!(
        [sounding.status(), waiting.status()],
        [Status::Stopped, Status::Future]
    );
    live.session().unsched_all(true).unwrap();
    live.until(0.3);
    assert_eq!(waiting.status(), Status::Stopped);
    live.reads(&[(0.05, 0.25), (0.15, 0.0), (0.6, 0.0)]);
}

#[test]
fn a_cancelled_synth_frees_all_it_had() {
    let mut live = Live::with(
        Capacities {
            synths: 1,
            ..Capacities::plugin()
        },
        [instr("dc", DC)],
        |_| {},
    );
    for round in 0..50 {
        let (sender, finished) = std::sync::mpsc::channel();
        let sched = Sched::after(100.0).when_finished(move |id| sender.send(id).unwrap());
        let synth = live.sched("dc", sched);
        synth.stop(0.0).unwrap();
        live.until(f64::from(round + 1) * 0.02);
        assert_eq!(synth.status(), Status::Stopped);
        assert_eq!(finished.try_iter().collect::<Vec<_>>(), [synth.id()]);
    }
}

#[test]
fn events_of_one_call_start_on_the_same_sample() {
    let mut live = Live::new(&[("dc", DC)]);
    live.until(0.1);
    let events: Vec<Event> = (0..3)
        .map(|_| Event::new("dc", Sched::after(0.0371)).set([("kval", 0.1)], 0.0))
        .collect();
    let group = live.session().sched_events(&events).unwrap();
    assert!(group.iter().all(|synth| synth.start() == group[0].start()));
    group.set([("kval", 0.2)], 0.2).unwrap();
    let heard = live.heard(0.5);
    let levels: Vec<f64> = heard[0].iter().copied().filter(|x| *x != 0.0).collect();
    assert!((levels[200] - 0.3).abs() < 1e-9);
    assert!((heard[0][20_000] - 0.6).abs() < 1e-9);
    let bad = [
        Event::new("dc", Sched::now()),
        Event::new("nope", Sched::now()),
    ];
    assert!(live.session().sched_events(&bad).is_err());
    assert_eq!(live.session().scheduled_synths().len(), 3, "all or none");
}

#[test]
fn a_locked_clock_makes_several_calls_one_moment() {
    let mut live = Live::new(&[("dc", DC)]);
    live.sched("dc", Sched::at(0.0).dur(0.01));
    live.until(0.1);
    // The guard borrows the session, so time passes here on the performer's side alone.
    let (session, performer) = (&mut live.stage.session, &mut live.stage.performer);
    let mut locked = session.locked_clock(None).unwrap();
    let first = locked.sched("dc", Sched::now()).unwrap();
    let mut block = super::session_kit::Silent(2400);
    performer.process(&mut block, &Default::default());
    let second = locked.sched("dc", Sched::now()).unwrap();
    assert_eq!(first.start(), second.start());
    assert!(first.start() > 0.15);
    {
        let mut inner = locked.locked_clock(Some(0.2)).unwrap();
        let third = inner.sched("dc", Sched::now()).unwrap();
        assert!((third.start() - first.start() - 0.2).abs() < 1e-9);
    }
    assert_eq!(
        locked.sched("dc", Sched::now()).unwrap().start(),
        first.start()
    );
    drop(locked);
    let outside = session.sched("dc", Sched::now()).unwrap();
    performer.process(&mut block, &Default::default());
    let later = session.sched("dc", Sched::now()).unwrap();
    assert!((later.start() - outside.start() - 0.05).abs() < 1e-9);
    assert!(session.locked_clock(Some(-1.0)).is_err());
}

struct Recorder {
    session: Session,
    seen: Arc<Mutex<Vec<String>>>,
}

impl SessionHandler for Recorder {
    fn sched_event(&mut self, event: &Event) -> Result<Synth, Error> {
        self.seen.lock().unwrap().push(event.instr().to_owned());
        self.session.sched_event(event)
    }
}

#[test]
fn a_handler_takes_what_the_session_is_asked_to_play() {
    let mut live = Live::new(&[("dc", DC)]);
    let (mut session, mut performer) = pair(Capacities::plugin());
    session.load(live.session().spec().clone());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let handler = Recorder {
        session,
        seen: seen.clone(),
    };
    assert!(!live.session().has_handler() && !live.session().is_rendering());
    assert!(
        live.session()
            .set_handler(Some(Box::new(handler)))
            .is_none()
    );
    assert!(live.session().has_handler() && live.session().is_rendering());
    assert_eq!(live.session().render_mode(), RenderMode::Offline);
    let synth = live.sched("dc", Sched::now());
    live.session()
        .sched_events(&[Event::new("dc", Sched::now())])
        .unwrap();
    performer.process(&mut super::session_kit::Silent(4800), &Default::default());
    assert!(synth.playing(), "it sounds where the handler has put it");
    assert!(live.session().set_handler(None).is_some());
    assert_eq!(
        (
            seen.lock().unwrap().as_slice(),
            live.session().render_mode()
        ),
        (
            ["dc", "dc"].map(String::from).as_slice(),
            RenderMode::Online
        )
    );
    assert!(live.session().scheduled_synths().is_empty());
    assert!(live.heard(0.2)[0].iter().all(|sample| *sample == 0.0));
}

#[test]
fn a_stopped_session_is_silent_and_refuses() {
    let mut live = Live::new(&[("dc", DC)]);
    let synths = [
        live.sched("dc", Sched::now()),
        live.sched("dc", Sched::after(0.5)),
    ];
    live.until(0.1);
    live.session().stop().unwrap();
    live.until(0.2);
    assert!(synths.iter().all(Synth::finished));
    assert!(matches!(
        live.session().sched("dc", Sched::now()),
        Err(Error::SessionStopped)
    ));
    live.session().rename("mine");
    assert!(live.session().name() == "mine" && live.session().has_bus_support());
}

#[test]
fn full_pools_name_their_limit() {
    let few = Capacities {
        synths: 3,
        ..Capacities::plugin()
    };
    let mut live = Live::with(few, [instr("dc", DC)], |_| {});
    let synths: Vec<Synth> = (0..3)
        .map(|_| live.sched("dc", Sched::after(0.1)))
        .collect();
    let told = live
        .session()
        .sched("dc", Sched::now())
        .unwrap_err()
        .to_string();
    assert!(
        told.contains("Capacities::synths") && told.contains("now 3"),
        "{told}"
    );
    synths[0].stop(0.0).unwrap();
    live.until(0.05);
    live.sched("dc", Sched::now());

    let mut live = Live::of([instr("dc", "outch 1, a(0.01)")], |spec| {
        spec.orchestra.slices = 10
    });
    let finite = |at: f64| Sched::at(at).dur(0.5);
    (0..10).for_each(|_| drop(live.sched("dc", finite(0.0))));
    let told = live
        .session()
        .sched("dc", finite(0.2))
        .unwrap_err()
        .to_string();
    assert!(
        told.contains("OrchestraSpec::slices") && told.contains("now 10"),
        "{told}"
    );
    // What does not sound at the same time has room.
    (0..10).for_each(|_| drop(live.sched("dc", finite(1.0))));
    live.reads(&[(0.4, 0.1), (0.7, 0.0), (1.4, 0.1)]);

    let tiny = Capacities {
        commands: 8,
        ..Capacities::plugin()
    };
    let mut live = Live::with(tiny, [instr("dc", DC)], |_| {});
    let told = (0..9)
        .find_map(|_| live.session().sched("dc", Sched::now()).err())
        .unwrap()
        .to_string();
    assert!(told.contains("Capacities::commands"), "{told}");

    let tiny = Capacities {
        scheduled: 4,
        ..Capacities::plugin()
    };
    let mut live = Live::with(tiny, [instr("dc", DC)], |_| {});
    live.sched("dc", Sched::at(0.0));
    live.until(0.1);
    (0..3).for_each(|_| drop(live.sched("dc", Sched::at(50.0))));
    let told = live
        .session()
        .sched("dc", Sched::at(50.0))
        .unwrap_err()
        .to_string();
    assert!(told.contains("Capacities::scheduled"), "{told}");
}

#[test]
fn ten_thousand_synths_leave_everything_as_it_was() {
    let body = "|kval=0.001|\noutch 1, a(kval)";
    let mut live = Live::with(Capacities::default(), [instr("dc", body)], |_| {});
    let mut ended = Arc::new(Mutex::new(0));
    for round in 0..2 {
        let begin = live.session().now();
        for i in 0..10_000 {
            let count = ended.clone();
            let at = begin + f64::from(i) * 2e-4;
            let sched = Sched::at(at)
                .dur(0.01)
                .when_finished(move |_| *count.lock().unwrap() += 1);
            live.sched("dc", sched);
        }
        let full = live
            .session()
            .sched("dc", Sched::now())
            .unwrap_err()
            .to_string();
        assert!(full.contains("Capacities::synths"), "{full}");
        live.until(begin + 2.1);
        assert!(live.session().scheduled_synths().is_empty());
        assert_eq!(
            std::mem::take(&mut *Arc::get_mut(&mut ended).unwrap().lock().unwrap()),
            10_000,
            "round {round}"
        );
    }
    // As many at once as there are slices: had one been lost, one would be missing here.
    for _ in 0..320 {
        live.sched("dc", Sched::after(0.1).dur(0.5));
    }
    let at = live.session().now() + 0.3;
    live.until(at + 0.1);
    let heard = live.heard(at + 0.01);
    let level = heard[0][(at * RATE as f64) as usize];
    assert!((level - 0.32).abs() < 1e-9, "{level}");
    let failed = |report: &Report| {
        matches!(
            report,
            Report::Dropped { .. }
                | Report::Ended {
                    how: Ending::Refused,
                    ..
                }
        )
    };
    assert!(!live.session().take_reports().iter().any(failed));
}
