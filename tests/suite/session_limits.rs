//! Pools: what is used comes back, and what is full says so.

use super::session_kit::{DC, Live, RATE};
use super::stage::{Blocks, Stage};
use csound_session::session::command::{Ending, Report};
use csound_session::session::instr::Instr;
use csound_session::session::{Capacities, Event, Sched, Status, Synth};
use std::sync::{Arc, Mutex};

fn instr(name: &str, body: &str) -> Instr {
    Instr::new(name, body).unwrap()
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
    let row = |i| Event::new("dc", Sched::at(2.0 + f64::from(i)).dur(0.5));
    let row: Vec<Event> = (0..20).map(row).collect();
    assert_eq!(live.session().sched_events(&row).unwrap().len(), 20);
    (0..10).for_each(|_| drop(live.sched("dc", finite(1.0))));
    live.reads(&[(0.4, 0.1), (0.7, 0.0), (1.4, 0.1)]);
}

#[test]
fn full_queues_name_their_limit() {
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
            std::mem::take(&mut *Arc::get_mut(&mut ended).unwrap().get_mut().unwrap()),
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

/// Activation and reset begin session time anew: what waited for the old one never starts, and is not waited for.
#[test]
fn synths_that_wait_when_everything_begins_anew_are_over() {
    let mut spec = super::stage::spec(&[("dc", "|kval=0.25|\nouts a(kval), a(kval)")], Vec::new());
    spec.orchestra.places = vec![(0, 1)];
    let mut stage = Stage::new(&spec);
    stage.session.attach(spec.clone());
    stage.play(4800, Blocks::Of(64));
    let sounding = stage.session.sched("dc", Sched::now()).unwrap();
    let waiting = stage.session.sched("dc", Sched::after(1.0)).unwrap();
    stage.play(9600, Blocks::Of(64));
    let unseen = stage.session.sched("dc", Sched::after(1.0)).unwrap();
    assert!(sounding.playing());
    stage.performer.install(super::stage::build(&spec));
    stage.session.poll();
    for (synth, name) in [
        (&sounding, "sounding"),
        (&waiting, "waiting"),
        (&unseen, "unseen"),
    ] {
        assert!(synth.finished(), "{name}");
    }
    let next = stage.session.sched("dc", Sched::now()).unwrap();
    super::stage::silence(&mut stage.performer, 4800);
    stage.session.poll();
    assert!(next.playing());
    stage.performer.clear();
    stage.session.poll();
    assert!(next.finished() && stage.session.scheduled_synths().is_empty());
}
