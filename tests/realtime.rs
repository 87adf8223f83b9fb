//! The audio thread neither allocates, nor waits for a lock, nor makes a system call: Rust and C counted together.
//!
//! How it is counted:
//!
//! * **Allocations.** This executable defines `malloc`, `calloc`, `realloc`, `free` and their aligned kin, count and
//!   pass on to glibc's own. The linker exports them, and the dynamic loader looks into the executable first, so that
//!   libcsound, its opcode libraries, glibc itself and Rust's allocator all call them (`counters`).
//! * **Locks.** So are `pthread_mutex_lock` and `pthread_spin_lock`, which try first and count a lock that somebody
//!   else holds. `dcgettext` counts too: it takes glibc's lock on the locale, which every `setlocale` of another
//!   thread holds for a while. Any other way to wait ends in the kernel.
//! * **System calls.** Syscall user dispatch (Linux 5.11) makes the kernel send SIGSYS for each one that the thread
//!   makes while a byte in its memory says so; the handler counts it and carries it out (`calls`).
//!
//! All three count on the watching thread alone, while it watches. Each test first installs a program, then counts
//! from its very first cycle on. `the_counters_see_csound` shows that they would notice.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

#[path = "realtime/calls.rs"]
mod calls;
#[path = "realtime/counters.rs"]
mod counters;
#[path = "realtime/documents.rs"]
mod documents;
#[path = "realtime/rig.rs"]
mod rig;
#[path = "realtime/sounds.rs"]
mod sounds;
#[expect(
    dead_code,
    reason = "the suite's stage, of which only the specs are wanted here"
)]
#[path = "suite/stage.rs"]
mod stage;
#[path = "realtime/swaps.rs"]
mod swaps;

use counters::{Counts, watch};
use csound_session::csound::Csound;
use csound_session::document::{Document, Implied};
use csound_session::session::command::{Command, Expression, NoteAddress, SlotValue};
use csound_session::session::orchestra::BusKind;
use csound_session::session::program::{ProgramSpec, Transport};
use csound_session::session::{BusLife, Capacities, Sched};
use rig::Rig;

fn on(key: u8) -> Command {
    Command::NoteOn {
        note: NoteAddress::midi(0, key),
        velocity: 0.8,
    }
}

fn off(key: u8) -> Command {
    Command::NoteOff {
        note: NoteAddress::midi(0, key),
    }
}

#[test]
fn the_counters_see_csound() {
    let built = watch(|| {
        let mut csound = Csound::new(&Default::default()).unwrap();
        csound
            .compile(&format!("{}instr 1\nendin\n", csound.config().header()))
            .unwrap();
        csound.start().unwrap();
    });
    assert!(built.allocations > 500 && built.frees > 500, "{built:?}");
    assert!(
        built.locks > 500,
        "Csound's spin locks are counted: {built:?}"
    );
    let called = watch(|| drop(std::fs::metadata("/")));
    assert_eq!(called.system_calls, 1, "{called:?}");
    assert_eq!(watch(|| ()), Counts::default());
}

#[test]
fn the_counters_see_a_lock_that_is_held() {
    assert_eq!(counters::take_held_locks(), (1, 1));
}

#[test]
fn hosts_cost_nothing_but_time() {
    for (name, spec) in documents::without_effects() {
        let mut rig = Rig::new(Capacities::plugin());
        rig.install(&spec);
        everything(&mut rig, &spec);
        rig.assert_calm(name);
    }
}

/// An Instr whose init pass others can notice is not started before it is used: the first init pass of each of its
/// instances takes the memory of its envelopes, three pieces at most here, and nothing after that.
#[test]
fn side_effects_at_init_cost_memory_once_an_instance() {
    let spec = documents::with_effects();
    let mut rig = Rig::new(Capacities::plugin());
    rig.install(&spec);
    everything(&mut rig, &spec);
    let first = rig.take_counts();
    assert!(first.allocations <= 3 * 2 * documents::VOICES, "{first:?}");
    assert_eq!((first.frees, first.contended), (0, 0), "{first:?}");
    everything(&mut rig, &spec);
    rig.assert_calm("a global");
}

/// All that a host can do to a document, in blocks of several sizes.
fn everything(rig: &mut Rig, spec: &ProgramSpec) {
    // A window is open.
    rig.session.watch(true);
    for frames in [64, 512, 17] {
        steady_and_notes(rig, frames);
        too_many_notes(rig, frames);
        moving(rig, spec, frames);
        stopping(rig, frames);
    }
}

fn steady_and_notes(rig: &mut Rig, frames: usize) {
    rig.blocks(20, frames);
    for round in 0..8 {
        rig.now(on(48 + round))
            .now(on(60 + round))
            .blocks(7, frames);
        rig.now(off(48 + round)).blocks(3, frames);
        rig.now(off(60 + round)).blocks(11, frames);
    }
}

/// More notes than voices: the oldest are released, then ended.
fn too_many_notes(rig: &mut Rig, frames: usize) {
    for key in 20..80 {
        rig.now(on(key)).blocks(1, frames);
    }
    rig.now(Command::AllNotesOff).blocks(50, frames);
}

fn moving(rig: &mut Rig, spec: &ProgramSpec, frames: usize) {
    rig.now(on(60)).blocks(2, frames);
    let note = NoteAddress::midi(0, 60);
    for step in 0..40 {
        let value = f64::from(step) / 40.0;
        for (slot, _) in spec.slots.iter() {
            let slot = slot as u8;
            rig.now(Command::Slot {
                slot,
                value: SlotValue::Normalized(value),
            });
            rig.now(Command::SlotModulation {
                slot,
                offset: value / 4.0,
            });
            rig.now(Command::NoteModulation {
                slot,
                note,
                offset: -value / 4.0,
            });
        }
        rig.now(Command::Express {
            note,
            kind: Expression::Tuning,
            value,
        });
        rig.now(Command::Bend { channel: 0, value })
            .now(Command::ChannelPressure { channel: 0, value });
        rig.now(Command::Controller {
            channel: 0,
            number: step,
            value,
        });
        rig.transport = Transport {
            playing: step % 8 > 2,
            tempo: 90.0 + value,
            ..rig.transport
        };
        rig.blocks(1, frames);
    }
    rig.now(off(60)).blocks(10, frames);
}

fn stopping(rig: &mut Rig, frames: usize) {
    rig.now(on(40)).now(on(41)).blocks(3, frames);
    rig.now(Command::Choke {
        note: NoteAddress::midi(0, 40),
    })
    .blocks(3, frames);
    rig.now(Command::Controller {
        channel: 0,
        number: 64,
        value: 1.0,
    })
    .now(off(41))
    .blocks(3, frames);
    rig.now(Command::Controller {
        channel: 0,
        number: 64,
        value: 0.0,
    })
    .blocks(3, frames);
    rig.now(on(42)).blocks(3, frames);
    rig.now(Command::Panic).blocks(10, frames);
}

/// Memory that is never taken cannot grow.
#[test]
fn a_thousand_loops_and_notes_for_the_host_cost_nothing_but_time() {
    let mut rig = Rig::new(Capacities::plugin());
    rig.install(&documents::arpeggio());
    let start = rig.transport;
    for round in 0..1_050 {
        if round == 50 {
            // The Instr that sends is not played before it is used.
            rig.take_counts();
        }
        rig.transport = Transport {
            playing: true,
            looping: true,
            ..start
        };
        rig.now(on(60)).blocks(4, 64);
        rig.now(off(60)).blocks(4, 64);
    }
    assert!(rig.sent() > 1_000, "{} events for the host", rig.sent());
    rig.assert_calm("a loop");
}

/// Without layers a program is warm for one synth of each Instr at each priority: the first round makes the others.
#[test]
fn synths_of_the_session_cost_nothing_but_time() {
    for (name, spec) in documents::without_effects() {
        let mut rig = Rig::new(Capacities::plugin());
        let instrs: Vec<_> = spec
            .orchestra
            .instrs
            .iter()
            .map(|i| i.name().to_owned())
            .collect();
        rig.session.load(spec);
        rig.session.prepare().unwrap();
        for round in 0..5 {
            let mut synths = Vec::new();
            for instr in &instrs {
                let dur = Sched::after(0.01 * f64::from(round)).dur(0.05);
                synths.push(rig.session.sched(instr, dur).unwrap());
                synths.push(rig.session.sched(instr, Sched::now()).unwrap());
                synths.push(rig.session.sched(instr, Sched::after(60.0)).unwrap());
            }
            rig.blocks(20, 64);
            for synth in &synths {
                for control in synth.dynamic_param_names() {
                    let value = synth.param_value(control).unwrap();
                    synth.set([(control, value)], 0.0).unwrap();
                    let line = [0.0, value, 0.02, value, 0.04, value];
                    synth.automate(control, line, 0.01).unwrap();
                }
            }
            let kind = BusKind::Control { value: 0.5 };
            let bus = rig.session.assign_bus(kind, BusLife::WhileUsed).unwrap();
            bus.automate([0.0, 0.5, 0.02, 1.0], 0.0).unwrap();
            bus.set(0.25, 0.03).unwrap();
            rig.blocks(20, 64);
            synths.iter().for_each(|synth| synth.stop(0.0).unwrap());
            drop(bus);
            rig.blocks(20, 64);
            rig.session.unsched_all(true).unwrap();
            rig.blocks(200, 64);
            rig.session.poll();
            if round == 0 {
                rig.take_counts();
            }
        }
        rig.assert_calm(name);
    }
}

#[test]
fn a_program_that_misbehaves_costs_nothing_but_time() {
    let mut rig = Rig::new(Capacities::plugin());
    rig.install(&documents::faulty());
    for key in [61, 62, 63] {
        rig.now(on(key)).blocks(10, 64);
        rig.now(off(key)).blocks(10, 64);
        rig.now(Command::Unmute).blocks(10, 64);
    }
    let reports = format!("{:?}", rig.session.take_reports());
    assert!(
        reports.contains("NotFinite") && reports.contains("InitFailed"),
        "{reports}"
    );
    // Csound looks up the texts of its message about the note that failed.
    let counts = rig.take_counts();
    let rest = Counts {
        translations: 0,
        ..counts
    };
    assert!(rest.calm() && counts.translations <= 3, "{counts:?}");
}

/// What books and rings have grown to in the first round is enough for the next ones, on both sides.
#[test]
fn ten_thousand_synths_give_all_memory_back() {
    let body = "|kval=0.001|\naenv linsegr 1, 1, 1, 0.01, 0\nouts aenv*kval, aenv*kval";
    let mut rig = Rig::new(Capacities::default());
    rig.session.load(stage::spec(&[("env", body)], Vec::new()));
    rig.session.prepare().unwrap();
    let mut left = Vec::new();
    for _ in 0..3 {
        rig.take_counts();
        let scheduled = watch(|| {
            for i in 0..10_000 {
                let sched = Sched::after(f64::from(i) * 1e-4).dur(0.001);
                rig.session.sched("env", sched).unwrap();
            }
        });
        rig.blocks(120, 512);
        let ended = watch(|| rig.session.poll());
        assert!(rig.session.scheduled_synths().is_empty());
        assert!(scheduled.bytes > 1_000_000, "{scheduled:?}");
        left.push(scheduled.bytes + ended.bytes);
    }
    assert_eq!(left[1..], [0, 0], "{left:?}");
    rig.assert_calm("10,000 synths");
}

/// Documents that work on spectra, and how many pieces of memory they take once, when they begin: Csound sets a Fourier
/// transform up anew at every init pass, in 56 bytes, and `pvscale` waits for its first frame.
const SPECTRAL: [(&str, u32); 2] = [("convolution.toml", 12), ("freeze.toml", 18)];

#[test]
fn factory_documents_cost_nothing_but_time() {
    let mut dear = Vec::new();
    for (name, document) in Document::factory() {
        let specification = document.specification(48_000.0, &[], Implied::Yes);
        let spec = specification.unwrap().program;
        let mut rig = Rig::new(Capacities::plugin());
        rig.install(&spec);
        if let Some((_, most)) = SPECTRAL.iter().find(|(spectral, _)| *spectral == name) {
            rig.blocks(100, 64);
            let first = rig.take_counts();
            assert!(first.allocations <= *most, "{name}: {first:?}");
            assert_eq!((first.frees, first.contended), (0, 0), "{name}: {first:?}");
        }
        for _ in 0..4 {
            steady_and_notes(&mut rig, 64);
            too_many_notes(&mut rig, 64);
        }
        moving(&mut rig, &spec, 64);
        dear.extend(rig.culprit().map(|culprit| format!("{name}: {culprit}")));
    }
    assert!(dear.is_empty(), "{}", dear.join("\n"));
}
