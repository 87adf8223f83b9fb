//! What a program does wrong while it plays, and what comes of it.

use super::stage::{Blocks, Stage};
use csound_session::session::Sched;
use csound_session::session::diagnostic::Place;

/// Two Instrs: one whose table is an argument, one that reads an array at a place that is a control.
fn stage() -> Stage {
    let mut stage = Stage::empty();
    let plain = "|klevel=0.25|\nasig upsamp klevel\nanull = 0\nouts asig, anull";
    let table = "|itable=-1|\nanull = 0\nasig oscili 0.5, 1000, itable, 0.25\nouts anull, asig";
    let array = "|kplace=0|\nkvalues[] fillarray 0.25, 0.5\nkvalue = kvalues[kplace]\nasig upsamp kvalue\nanull = 0\nouts anull, asig";
    for (name, body) in [("plain", plain), ("table", table), ("array", array)] {
        stage.session.def_instr(name, body).unwrap();
    }
    stage
}

#[test]
fn an_init_error_ends_its_note_and_tells_the_line_of_the_body() {
    let mut stage = stage();
    let held = stage.session.sched("plain", Sched::now()).unwrap();
    stage.play(4800, Blocks::Of(64));
    let failing = Sched::now().arg("itable", 77.0);
    let failed = stage.session.sched("table", failing).unwrap();
    let heard = stage.play(9600, Blocks::Of(64));
    assert!(heard[0][4000..].iter().all(|sample| *sample == 0.25));
    assert!(heard[1].iter().all(|sample| *sample == 0.0));
    let problems = stage.session.take_problems();
    let [problem] = &problems[..] else {
        panic!("{problems:?}")
    };
    assert_eq!(problem.place, Place::Instr("table".into()));
    assert_eq!(problem.line, Some(3), "{problem}");
    assert!(failed.finished() && held.playing());
}

#[test]
fn a_performance_error_ends_its_note_and_tells_the_line_of_the_body() {
    let mut stage = stage();
    let held = stage.session.sched("plain", Sched::now()).unwrap();
    let failing = stage.session.sched("array", Sched::now()).unwrap();
    stage.play(4800, Blocks::Of(64));
    failing.set([("kplace", 9.0)], 0.0).unwrap();
    let heard = stage.play(9600, Blocks::Of(64));
    assert_eq!((heard[1][4000], heard[1][9000]), (0.25, 0.0));
    assert!(heard[0][4000..].iter().all(|sample| *sample == 0.25));
    let problems = stage.session.take_problems();
    let [problem] = &problems[..] else {
        panic!("{problems:?}")
    };
    assert_eq!(problem.place, Place::Instr("array".into()));
    assert_eq!(problem.line, Some(3), "{problem}");
    assert!(failing.finished() && held.playing());
}

/// An old program says what is wrong with it in its own lines, which the new one no longer has.
#[test]
fn lines_are_those_of_the_program_that_fails() {
    let mut stage = stage();
    let failing = stage.session.sched("array", Sched::now()).unwrap();
    stage.play(4800, Blocks::Of(64));
    stage.session.def_instr("array", "out a(0)").unwrap();
    stage.session.prepare().unwrap();
    stage.play(9600, Blocks::Of(64));
    failing.set([("kplace", 9.0)], 0.0).unwrap();
    stage.play(14_400, Blocks::Of(64));
    let problems = stage.session.take_problems();
    assert_eq!(problems[0].line, Some(3), "{problems:?}");
}
