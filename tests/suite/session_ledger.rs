//! What the performer's work costs, as the session tells it.

use super::stage::{Blocks, Stage, build, layer, spec};
use csound_session::session::command::{Command, NoteAddress};
use csound_session::session::ledger::{Cause, Ledger};
use csound_session::session::program::ProgramSpec;
use csound_session::session::{Sched, When};
use std::time::Duration;

/// A cheap Instr and one that costs many times as much.
fn two() -> ProgramSpec {
    let cheap = "|kmidi|\nasig oscili 0.01, mtof:k(kmidi)\nouts asig, asig";
    let filters = "asig moogladder asig, 900, 0.2\n".repeat(12);
    let dear = format!("|kmidi|\nasig oscili 0.01, mtof:k(kmidi)\n{filters}outs asig, asig");
    let layers = [("cheap", 1), ("dear", 2)].map(|(name, channel)| {
        let mut layer = layer(name);
        layer.channel = channel;
        layer
    });
    spec(&[("cheap", cheap), ("dear", &dear)], layers.into())
}

fn on(stage: &mut Stage, at: u64, channel: u8, key: u8) {
    let note = NoteAddress::midi(channel, key);
    let velocity = 1.0;
    stage.at(at, Command::NoteOn { note, velocity });
    stage.at(at + 9600, Command::NoteOff { note });
}

/// On a machine that is busy with something else a take can be spoilt: one of five must do.
#[test]
fn the_dear_instr_is_told_from_the_cheap_one() {
    let takes = (0..5).map(|_| two_instrs());
    let told_apart = |ledger: &Ledger| match &ledger.instrs[..] {
        [dear, cheap] if dear.name == "dear" && cheap.name == "cheap" => {
            dear.voice > 3 * cheap.voice && dear.total + cheap.total < ledger.busy
        }
        _ => false,
    };
    let mut seen = Vec::new();
    for ledger in takes {
        assert_eq!(ledger.cycles, ledger.calls * 2);
        if told_apart(&ledger) {
            return;
        }
        seen.push(ledger);
    }
    panic!("{seen:?}");
}

/// What the ledger says after four seconds of both.
fn two_instrs() -> Ledger {
    let mut stage = Stage::new(&two());
    let program = build(&two());
    stage.session.install_at(program, When::At(0));
    for note in 0..60_u64 {
        on(&mut stage, note * 3100, 0, 40 + note as u8);
        on(&mut stage, note * 4700, 1, 40 + note as u8);
    }
    stage.play(192_000, Blocks::Of(64));
    stage.session.ledger()
}

#[test]
fn the_longest_call_has_a_cause() {
    let mut stage = Stage::empty();
    let table = "|ilength=2|\nitable ftgenonce 0, 0, ilength, 10, 1\nouts a(0), a(0)";
    stage.session.def_instr("table", table).unwrap();
    stage.session.prepare().unwrap();
    stage.play(48_000, Blocks::Of(64));
    let before = stage.session.ledger().longest.unwrap();
    // The first cycle after the swap is dear too.
    let large = Sched::now().arg("ilength", f64::from(1 << 22));
    stage.session.sched("table", large).unwrap();
    stage.play(57_600, Blocks::Of(64));
    let after = stage.session.ledger().longest.unwrap();
    assert!(after.time > before.time, "{before:?} {after:?}");
    assert_eq!(after.cause, Cause::Tables(1));
    assert!((47_936..48_128).contains(&after.at), "{after:?}");
    assert!(stage.session.ledger().overruns > 0);
}

#[test]
fn an_overload_is_told_with_the_dearest_instr_and_relieved_if_that_is_wanted() {
    let heavy = "|kmidi|\nasig = 0\nkcount = 0\nwhile kcount < 30000 do\nkcount += 1\nod\n\
                 asig linsegr 0, 0.001, 0.01, 0.001, 0\nouts asig, asig";
    let mut heavy = spec(&[("heavy", heavy)], vec![layer("heavy")]);
    heavy.layers[0].voices = 4;
    let mut stage = Stage::empty();
    stage.session.install(build(&heavy));
    for key in 60..63 {
        let note = NoteAddress::midi(0, key);
        let velocity = 1.0;
        stage.at(0, Command::NoteOn { note, velocity });
    }
    stage.play(4800, Blocks::Of(32));
    assert!(stage.performer.has_voices());
    let reports = stage.session.take_reports();
    let named = reports.iter().find_map(|report| match report {
        csound_session::session::command::Report::Overloaded { instr } => Some(*instr),
        _ => None,
    });
    let named = named.expect("an overload").expect("an Instr");
    assert_eq!(stage.session.instr_name(named).as_deref(), Some("heavy"));
    stage
        .session
        .command(0, Command::Relieve { on: true })
        .unwrap();
    stage.play(9600, Blocks::Of(32));
    assert!(!stage.performer.has_voices(), "all of them were too much");
}

#[test]
fn a_call_that_does_not_return_is_noticed() {
    let endless =
        "|kmidi, kcount=1000|\nki = 0\nwhile ki < kcount do\nki += 1\nod\nouts a(0), a(0)";
    let mut stage = Stage::empty();
    stage.session.def_instr("loop", endless).unwrap();
    let synth = stage.session.sched("loop", Sched::now()).unwrap();
    stage.play(4800, Blocks::Of(64));
    assert_eq!(stage.session.in_process_for(), None);
    synth.set([("kcount", 3e7)], 0.0).unwrap();
    let Stage {
        mut session,
        mut performer,
        ..
    } = stage;
    let audio = std::thread::spawn(move || {
        super::stage::silence(&mut performer, 64);
    });
    let mut longest = Duration::ZERO;
    while !audio.is_finished() {
        longest = longest.max(session.in_process_for().unwrap_or_default());
        std::thread::sleep(Duration::from_millis(5));
    }
    audio.join().unwrap();
    assert!(longest > Duration::from_millis(20), "{longest:?}");
    session.poll();
}
