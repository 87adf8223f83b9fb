//! What a swap sounds like: no click, echoes that ring out, an input that moves over.

use super::stage::{Blocks, Stage, build, layer, spec};
use csound_session::session::command::{Command, NoteAddress};
use csound_session::session::layer::{Layer, Trigger};
use csound_session::session::program::ProgramSpec;
use std::f64::consts::TAU;

fn always(body: &str) -> ProgramSpec {
    spec(
        &[("fx", body)],
        vec![Layer {
            trigger: Trigger::Always,
            ..layer("fx")
        }],
    )
}

/// Swaps to `to` in the cycle that ends at `sample`, and plays to the end.
fn swapped(stage: &mut Stage, sample: usize, to: &ProgramSpec, length: usize) -> Vec<Vec<f64>> {
    stage.play(sample, Blocks::Of(32));
    stage.session.install(build(to));
    stage.play(length, Blocks::Of(32))
}

/// The sample of the swap when it was asked for after so many samples of output: the latency lies between.
fn swap_sample(asked: usize) -> usize {
    asked + 32
}

#[test]
fn a_held_sine_has_no_click_at_a_swap() {
    let sine = spec(
        &[("sine", "|ifreq|\nasig oscili 0.5, ifreq\nouts asig, asig")],
        vec![layer("sine")],
    );
    let mut stage = Stage::new(&sine);
    let note = NoteAddress::midi(0, 69);
    stage.at(
        0,
        Command::NoteOn {
            note,
            velocity: 1.0,
        },
    );
    for swap in 1..6 {
        stage.play(4800 * swap, Blocks::Of(64));
        stage.session.install(build(&sine));
    }
    let heard = stage.play(48_000, Blocks::Of(64));
    // The second difference of a sine is its own, times the square of its angle per sample.
    let bound = 0.5 * (TAU * 440.0 / 48_000.0_f64).powi(2) * 1.05;
    let click = heard[0]
        .windows(3)
        .skip(1)
        .map(|w| (w[0] - 2.0 * w[1] + w[2]).abs())
        .fold(0.0, f64::max);
    assert!(
        click > bound / 2.0 && click <= bound,
        "{click} against {bound}"
    );
}

#[test]
fn an_echo_of_the_old_program_comes_back_once() {
    let echo = always("ain inch 1\naout delay ain, 0.04\nouts aout, aout");
    let mut stage = Stage::new(&echo);
    stage.feed(|at| [if at == 4700 { 1.0 } else { 0.0 }, 0.0, 0.0, 0.0]);
    let heard = swapped(&mut stage, 4800, &echo, 28_800);
    let echoes: Vec<(usize, f64)> = heard[0]
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, sample)| *sample != 0.0)
        .collect();
    assert_eq!(echoes, [(4700 + 1920, 1.0)]);
}

/// 50 ms below -90 dBFS end a program that rings: an echo that comes later is lost, and costs nothing.
#[test]
fn a_program_that_has_rung_out_is_gone() {
    let echo = always("ain inch 1\naout delay ain, 0.2\nouts aout, aout");
    let mut stage = Stage::new(&echo);
    // In the line of the old program from the start of the fade to its end, 10 ms later.
    stage.feed(|at| [if at == 4900 { 1.0 } else { 0.0 }, 0.0, 0.0, 0.0]);
    let heard = swapped(&mut stage, 4800, &echo, 28_800);
    let level = heard[0][4900 + 9600];
    assert!(
        level > 0.0 && level < 1.0,
        "only the new program's share of the input: {level}"
    );
    assert_eq!(heard[0].iter().filter(|sample| **sample != 0.0).count(), 1);
}

#[test]
fn the_input_moves_over_in_a_straight_line() {
    let through = |out: &str| always(&format!("ain inch 1\nanull = 0\nouts {out}"));
    let mut stage = Stage::new(&through("ain, anull"));
    stage.feed(|_| [0.5, 0.0, 0.0, 0.0]);
    let heard = swapped(&mut stage, 4800, &through("anull, ain"), 14_400);
    let start = swap_sample(4800);
    for i in 0..480 {
        let share = (i + 1) as f64 / 480.0;
        assert!(
            (heard[1][start + i] - 0.5 * share).abs() < 1e-9,
            "sample {i}: {}",
            heard[1][start + i]
        );
        assert!(
            (heard[0][start + i] - 0.5 * (1.0 - share)).abs() < 1e-9,
            "sample {i}"
        );
    }
    assert_eq!((heard[0][start - 1], heard[1][start - 1]), (0.5, 0.0));
    assert_eq!((heard[0][start + 600], heard[1][start + 600]), (0.0, 0.5));
}

/// A program that hears nothing is not fed; one that comes after it hears everything.
#[test]
fn a_program_that_listens_may_follow_one_that_does_not() {
    let mut stage = Stage::new(&always("outs a(0.0), a(0.0)"));
    stage.feed(|_| [0.5, 0.0, 0.0, 0.0]);
    let heard = swapped(&mut stage, 4800, &always("ain inch 1\nouts ain, ain"), 9600);
    let start = swap_sample(4800);
    assert!(heard[0][..start].iter().all(|sample| *sample == 0.0));
    assert!(
        heard[0][start..]
            .windows(2)
            .all(|w| w[0] <= w[1] && w[1] <= 0.5),
        "it only rises"
    );
    assert_eq!(heard[0][start + 600], 0.5);
}

#[test]
fn what_only_drones_fades_out() {
    let drone = always("outs a(0.1), a(0.1)");
    let mut stage = Stage::new(&drone);
    let heard = swapped(&mut stage, 4800, &drone, 9600);
    let start = swap_sample(4800);
    // Both are heard in the cycle of the swap; then the old one takes 20 ms to go.
    assert!((heard[0][start - 1] - 0.1).abs() < 1e-12);
    assert!((heard[0][start + 31] - 0.2).abs() < 1e-12);
    let fade = &heard[0][start + 32..start + 32 + 960];
    let step = 0.1 / 960.0;
    assert!(
        fade.windows(2).all(|w| (w[0] - w[1] - step).abs() < 1e-9),
        "a straight line"
    );
    assert!((heard[0][start + 32 + 960] - 0.1).abs() < 1e-12);
}

#[test]
fn a_drone_stays_as_long_as_a_note_that_may_go_through_it() {
    let both = |level: f64| {
        let drone = format!("outs a({level}), a(0.0)");
        let gate = "|kmidi|\naenv linsegr 1, 0.1, 1, 0.01, 0\nouts aenv*0, aenv*a(kmidi)/100";
        let layers = vec![
            Layer {
                trigger: Trigger::Always,
                ..layer("drone")
            },
            layer("gate"),
        ];
        spec(&[("drone", &drone), ("gate", gate)], layers)
    };
    let mut stage = Stage::new(&both(0.25));
    stage.note(40, 960, 19_200);
    let heard = swapped(&mut stage, 4800, &both(0.5), 28_800);
    assert_eq!(
        (heard[0][4800], heard[0][19_000], heard[1][19_000]),
        (0.25, 0.75, 0.4)
    );
    assert_eq!(
        (heard[0][28_000], heard[1][28_000]),
        (0.5, 0.0),
        "it goes with the note"
    );
}
