//! Scheduling: every form of argument, names, groups, the clock, who else may take events.

use super::session_kit::{DC, Live, Silent};
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
    let states = |live: &mut Live, seconds: f64| {
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
    let mut block = Silent(2400);
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
    performer.process(&mut Silent(4800), &Default::default());
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
