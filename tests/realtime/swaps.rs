//! Edits while it plays: programs come, ring out and go back, all of it under watch.

use crate::counters::watch;
use crate::rig::Rig;
use crate::{documents, off, on};
use csound_session::session::Capacities;
use csound_session::session::instr::Instr;
use csound_session::session::program::ProgramSpec;
use std::sync::mpsc::channel;

/// The spec with another body for its first Instr, as an edit gives it.
fn edited(spec: &ProgramSpec, edit: usize) -> ProgramSpec {
    let mut spec = spec.clone();
    let instr = &mut spec.orchestra.instrs[0];
    let body = format!("{}\n; edit {edit}", instr.body());
    *instr = Instr::new(instr.name(), &body).unwrap();
    spec
}

#[test]
fn taking_programs_over_costs_nothing_but_time() {
    for (name, spec) in documents::without_effects() {
        let mut rig = Rig::new(Capacities::plugin());
        rig.install(&spec);
        rig.now(on(50)).blocks(5, 64);
        for edit in 0..8 {
            rig.session
                .install(crate::stage::build(&edited(&spec, edit)));
            rig.now(on(60 + edit as u8)).blocks(20, 64);
            rig.now(off(59 + edit as u8)).blocks(120, 64);
            rig.session.poll();
        }
        rig.assert_calm(name);
    }
}

#[test]
fn building_beside_the_audio_thread_does_not_hold_it_up() {
    let (_, spec) = documents::without_effects().swap_remove(0);
    let mut rig = Rig::new(Capacities::plugin());
    rig.install(&spec);
    let (sender, programs) = channel();
    let (retire, retired) = channel();
    let builder = std::thread::spawn(move || {
        for edit in 0..12 {
            sender
                .send(crate::stage::build(&edited(&spec, edit)))
                .unwrap();
            while let Ok(program) = retired.try_recv() {
                drop::<Box<csound_session::session::program::Program>>(program);
            }
        }
    });
    let mut taken = 0;
    while taken < 12 {
        rig.now(on(40 + taken)).blocks(10, 64);
        rig.now(off(40 + taken)).blocks(10, 64);
        if let Ok(program) = programs.try_recv() {
            rig.session.install(program);
            taken += 1;
        }
        rig.session.poll();
    }
    drop(retire);
    builder.join().unwrap();
    assert!(rig.hears());
    rig.assert_calm("swaps beside a builder");
}

/// Csound itself keeps half a kilobyte of each instance for ever.
#[test]
fn programs_that_come_back_are_freed() {
    const SWAPS: i64 = 60;
    let (_, spec) = documents::without_effects().swap_remove(0);
    let mut rig = Rig::new(Capacities::plugin());
    rig.install(&spec);
    let mut swap = |edit: i64| {
        let counts = watch(|| {
            rig.session
                .install(crate::stage::build(&edited(&spec, edit as usize)));
        });
        rig.take_counts();
        rig.now(on(60)).blocks(5, 64);
        rig.now(off(60)).blocks(100, 64);
        let freed = watch(|| rig.session.poll());
        counts.bytes + rig.take_counts().bytes + freed.bytes
    };
    // The first ones fill what is kept for later ones.
    let first: i64 = (0..10).map(&mut swap).sum();
    let grown: i64 = (10..10 + SWAPS).map(&mut swap).sum();
    assert!(first > 0, "the one that plays is there: {first}");
    assert!(grown < SWAPS * 4096, "{} bytes a swap", grown / SWAPS);
}
