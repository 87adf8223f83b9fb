//! Definitions: registering, compiling, new code beside old, numbers, included files.

use super::session_kit::{DC, Live, RATE};
use super::stage::{Blocks, Stage, end, layer, spec};
use csound_session::session::instr::Instr;
use csound_session::session::{Error, Sched};

fn instr(name: &str, body: &str) -> Instr {
    Instr::new(name, body).unwrap()
}

#[test]
fn code_that_does_not_compile_is_told_to_who_needs_it() {
    let mut live = Live::new(&[("dc", DC)]);
    live.sched("dc", Sched::at(0.0));
    live.until(0.2);
    live.session()
        .def_instr("bad", "|kval|\nasig nosuchopcode kval\noutch 1, asig")
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
    let new = live.sched("dc", Sched::now().dur(1.0).arg("kval", 0.5));
    assert_eq!(live.session().instrnum("dc", 1).unwrap(), number);
    live.until(0.6);
    old.set([("kval", 0.9)], 0.0).unwrap();
    old.automate("kval", [0.0, 0.9, 0.5, 0.3], 0.5).unwrap();
    let heard = live.heard(2.2);
    let read = |channel: usize, at: f64| heard[channel][(at * RATE as f64) as usize];
    let expected = [
        (0, 0.2, 0.25),
        (0, 0.5, 0.25),
        (0, 0.8, 0.9),
        (1, 0.5, 10.5),
    ];
    for (channel, at, value) in expected {
        assert!(
            (read(channel, at) - value).abs() < 1e-9,
            "channel {channel} at {at} s"
        );
    }
    assert!((read(0, 1.35) - 0.6).abs() < 1e-2 && (read(0, 1.9) - 0.3).abs() < 1e-9);
    assert!(
        (read(1, 2.05) - 10.0).abs() < 1e-9,
        "what waited plays the code that is current when it starts"
    );
    assert!(new.finished() && old.playing() && uncompiled.finished());
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
    let mut live = Live::new(&[]);
    live.session().include_file(&path).unwrap();
    live.session().include_file(&path).unwrap();
    let twice = "|kval=0.2|\noutch 1, a(twice:k(kval))";
    live.session().def_instr("dc", twice).unwrap();
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

/// The warm-up gave all instruments the same slices at once: one read another's cutoff as its key, for which Csound ends
/// the performance, and the document was refused.
#[test]
fn instruments_are_warmed_up_with_values_of_their_own() {
    let bodies = [
        (
            "voice",
            "|kmidi=60|\nasig vco2 0.1, cpsmidinn(kmidi)\nouts asig, asig",
        ),
        (
            "filter",
            "|kcutoff=1000|\nasig noise 0.1, 0\nasig tone asig, kcutoff\nouts asig, asig",
        ),
    ];
    let layers = bodies.map(|(name, _)| layer(name)).to_vec();
    let mut stage = Stage::new(&spec(&bodies, layers));
    stage.note(69, 0, 40_000);
    assert!(end(&stage.play(48_000, Blocks::Of(64))[0]).is_some());
}
