//! Code that makes Csound give up: the process lives, and the instance can be dropped anywhere.

use std::thread;

use csound_session::csound::{Csound, Performed};

use super::csound_kit::{in_child, is_child, mono, perform, started};

const EXITS: &str = "instr 1\n exitnow 3\nendin\ninstr 2\n aout = 0.25\n out aout\nendin";

#[test]
fn a_long_jump_on_another_thread_is_survived_and_the_instance_dropped_on_a_third() {
    const NAME: &str =
        "a_long_jump_on_another_thread_is_survived_and_the_instance_dropped_on_a_third";
    if !is_child() {
        // In its own process: without the remedies this crashes or waits for ever.
        in_child(module_path!(), NAME, |_| {});
        return;
    }
    let mut csound = started(&mono(32), EXITS);
    csound.event(&[2.0, 0.0, -1.0]);
    assert_eq!(perform(&mut csound, 1), [0.25; 32]);
    let performing = thread::spawn(move || {
        csound.event(&[1.0, 0.001, 1.0]);
        let failed = (0..100)
            .map(|_| csound.perform_cycle())
            .find(|cycle| *cycle != Performed::Done);
        (csound, failed)
    });
    let (mut csound, failed) = performing.join().expect("no panic");
    assert_eq!(failed, Some(Performed::Failed(-3)));
    assert!(csound.is_poisoned());
    assert!(matches!(csound.perform_cycle(), Performed::Failed(_)));
    assert!(!csound.event(&[2.0, 0.0, 1.0]) && !csound.kill(2.0));
    assert!(csound.output().is_empty() && csound.input().is_empty());
    assert!(csound.compile("instr 3\nendin\n").is_err() && csound.start().is_err());
    thread::spawn(move || drop(csound))
        .join()
        .expect("no panic");
}

#[test]
fn the_lock_comes_back_whatever_numbers_the_instruments_have() {
    const NAME: &str = "the_lock_comes_back_whatever_numbers_the_instruments_have";
    if !is_child() {
        in_child(module_path!(), NAME, |_| {});
        return;
    }
    let mut csound = started(&mono(32), "instr 5000\n exitnow 7\nendin");
    csound.event(&[5000.0, 0.0, 1.0]);
    assert_eq!(csound.perform_cycle(), Performed::Failed(-7));
    thread::spawn(move || drop(csound))
        .join()
        .expect("no panic");
}

#[test]
fn an_end_event_ends_the_performance() {
    let mut csound = started(&mono(32), "instr 1\n event_i \"e\", 0\nendin");
    csound.event(&[1.0, 0.0, 1.0]);
    let ended = (0..10)
        .map(|_| csound.perform_cycle())
        .find(|cycle| *cycle != Performed::Done);
    assert_eq!(ended, Some(Performed::Ended));
    assert!(csound.is_poisoned());
}

#[test]
fn leaving_in_the_global_code_is_an_error_of_the_start() {
    const NAME: &str = "leaving_in_the_global_code_is_an_error_of_the_start";
    if !is_child() {
        in_child(module_path!(), NAME, |_| {});
        return;
    }
    let config = mono(32);
    let mut csound = Csound::new(&config).expect("libcsound is installed");
    csound
        .compile(&format!("{}exitnow 3\n{EXITS}\n", config.header()))
        .expect("it compiles");
    let error = csound.start().expect_err("it left").to_string();
    assert!(error.contains("global code"), "{error}");
    thread::spawn(move || drop(csound))
        .join()
        .expect("no panic");
}

#[test]
fn an_impossible_allocation_is_survived() {
    const NAME: &str = "an_impossible_allocation_is_survived";
    if !is_child() {
        in_child(module_path!(), NAME, |_| {});
        return;
    }
    limit_memory(4 << 30);
    let body = "instr 1\n abuf delayr 30000\n delayw a(1)\n out abuf\nendin";
    let mut csound = started(&mono(32), body);
    csound.event(&[1.0, 0.0, 1.0]);
    let failed = csound.perform_cycle();
    assert!(matches!(failed, Performed::Failed(_)), "{failed:?}");
    thread::spawn(move || drop(csound))
        .join()
        .expect("no panic");
}

fn limit_memory(bytes: u64) {
    let limit = libc::rlimit {
        rlim_cur: bytes,
        rlim_max: bytes,
    };
    // SAFETY: a valid limit for our own process.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_AS, &limit) }, 0);
}
