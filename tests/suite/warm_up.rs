//! The silent synths before a program is used are noticed by nobody.

use super::stage::{Blocks, Stage, layer, part, spec};
use csound_session::session::layer::{Layer, Trigger};
use csound_session::session::program::ProgramSpec;

fn voices(instr: &str, voices: u32) -> Layer {
    Layer {
        voices,
        ..layer(instr)
    }
}

fn always(instr: &str) -> Layer {
    Layer {
        trigger: Trigger::Always,
        parts: vec![part(instr, 2)],
        ..layer(instr)
    }
}

fn left(spec: &ProgramSpec) -> Vec<f64> {
    let mut stage = Stage::new(spec);
    stage.note(60, 1000, 5000).note(64, 3000, 7000);
    stage.play(9600, Blocks::Of(64)).remove(0)
}

/// Globals, channels and tables stand where the global code has left them, and nobody was started.
#[test]
fn what_instruments_write_while_they_play_is_not_written_before() {
    let writer = "|kmidi|\ngkcount += 1\nga_sum = ga_sum + 1\nkcell tab 0, gi_cells\ntabw kcell + 1, 0, gi_cells\n\
                  kheard chnget \"count\"\nchnset kheard + 1, \"count\"\nschedulek \"other\", 0, 0.1\nouts a(0), a(0)";
    let other = "gkcount += 100\nouts a(0), a(0)";
    let reader = "kcell tab 0, gi_cells\nkheard chnget \"count\"\nksum downsamp ga_sum\n\
                  kall = (gkcount + kcell + kheard + ksum) * 1e-6\nouts a(kall), a(0)";
    let layers = vec![voices("writer", 8), always("reader")];
    let mut spec = spec(
        &[("writer", writer), ("other", other), ("reader", reader)],
        layers,
    );
    spec.orchestra.init = "gkcount init 0\nga_sum init 0\ngi_cells ftgen 0, 0, -4, -2, 0\n\
                           chn_k \"count\", 3\nprealloc \"other\", 4"
        .to_owned();
    let heard = left(&spec);
    assert!(
        heard[..960].iter().all(|sample| *sample == 0.0),
        "{:?}",
        &heard[..4]
    );
    assert!(heard[1100] > 0.0, "and then they do");
}

/// The same notes draw the same numbers, however many voices were tried before.
#[test]
fn random_numbers_begin_with_the_performance() {
    let body = "|kmidi|\nilevel random 0.1, 1\nanoise noise ilevel, 0\nkwalk jitter 0.1, 10, 20\nouts anoise * (1 + kwalk), anoise";
    let few = left(&spec(&[("chance", body)], vec![voices("chance", 1)]));
    let many = left(&spec(&[("chance", body)], vec![voices("chance", 16)]));
    // Up to the second note, for which one voice has to end.
    assert!(few[..2900] == many[..2900]);
    assert!(few[1100..1200].iter().any(|sample| sample.abs() > 0.01));
}
