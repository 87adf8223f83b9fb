//! Edits that wait for their moment: the beat, the bar, a sample.

use super::stage::{Blocks, Stage, build, layer, spec};
use csound_session::session::When;
use csound_session::session::command::{Command, NoteAddress, Report};
use csound_session::session::layer::{Layer, Trigger};
use csound_session::session::performer::Transport;
use csound_session::session::program::ProgramSpec;
use test_hosts::Random;

/// Bar lines that fall between samples: one quarter note to a bar, 173 to a minute.
const TEMPO: f64 = 173.0;
const BAR: f64 = 60.0 * 48_000.0 / TEMPO;

fn song() -> Transport {
    Transport {
        playing: true,
        tempo: TEMPO,
        numerator: 1.0,
        ..Transport::default()
    }
}

fn line(number: usize) -> usize {
    (number as f64 * BAR).round() as usize
}

fn drone(level: f64) -> ProgramSpec {
    let body = format!("asig upsamp k({level})\nouts asig, asig");
    let always = Layer {
        trigger: Trigger::Always,
        ..layer("drone")
    };
    spec(&[("drone", &body)], vec![always])
}

/// Notes at a level on the left or on the right.
fn gate(out: &str) -> ProgramSpec {
    let body =
        format!("|kmidi|\naenv linsegr 1, 0.1, 1, 0.05, 0\nasig = aenv*0.5\nanull = 0\nouts {out}");
    spec(&[("gate", &body)], vec![layer("gate")])
}

const LEFT: &str = "asig, anull";
const RIGHT: &str = "anull, asig";

/// Where the sound gets louder.
fn rises(heard: &[f64]) -> Vec<usize> {
    let louder = heard.windows(2).enumerate().filter(|(_, w)| w[1] > w[0]);
    louder.map(|(before, _)| before + 1).collect()
}

fn first_difference(a: &[f64], b: &[f64]) -> Option<usize> {
    a.iter().zip(b).position(|(a, b)| a != b)
}

/// How many edits are submitted; the soak asks for more than there is time for here.
fn submissions() -> usize {
    let asked = std::env::var("CSOUND_SESSION_SUBMISSIONS");
    asked
        .ok()
        .and_then(|asked| asked.parse().ok())
        .unwrap_or(120)
}

#[test]
fn an_edit_for_the_bar_is_heard_from_the_bar_line_on_wherever_it_was_submitted() {
    let mut stage = Stage::new(&drone(0.25));
    stage.transport = song();
    let (mut random, mut now, mut expected) = (Random(7), 0, Vec::new());
    for edit in 0..submissions() {
        let wanted = line(edit) + 1100 + random.below(BAR as usize - 1100);
        while now < wanted {
            let frames = (random.below(700) + 1).min(wanted - now);
            stage.block(frames);
            now += frames;
        }
        stage
            .session
            .install_at(build(&drone([0.5, 0.25][edit % 2])), When::Bar);
        // The cycle that fills has not been performed: a line in its past part is still met.
        let cycle = now / 32 * 32;
        expected.push((edit..).map(line).find(|line| *line >= cycle).unwrap());
    }
    let heard = stage.play(now + 2 * BAR as usize, Blocks::Of(256));
    assert_eq!(rises(&heard[0]), expected);
    let steady = |at: &usize| [0.25, 0.5].contains(&heard[0][at - 1]);
    assert!(expected.iter().all(steady), "nothing was heard before");
}

#[test]
fn a_sample_is_met_exactly_by_notes_too() {
    for sample in [9600, 9601, 9615, 9631] {
        let mut stage = Stage::new(&gate(LEFT));
        stage.note(60, sample - 1, 20_000).note(64, sample, 20_000);
        stage.play(4800, Blocks::Of(100));
        stage
            .session
            .install_at(build(&gate(RIGHT)), When::At(sample));
        let heard = stage.play(28_800, Blocks::Of(100));
        let onset = |channel: usize| super::stage::onset(&heard[channel]);
        let expected = (Some(sample as usize - 1), Some(sample as usize));
        assert_eq!((onset(0), onset(1)), expected);
    }
}

#[test]
fn the_input_moves_over_from_that_sample_on() {
    let through = |out: &str| {
        let always = Layer {
            trigger: Trigger::Always,
            ..layer("fx")
        };
        let body = format!("ain inch 1\nanull = 0\nouts {out}");
        spec(&[("fx", &body)], vec![always])
    };
    let mut stage = Stage::new(&through("ain, anull"));
    stage.feed(|_| [0.5, 0.0, 0.0, 0.0]);
    stage.play(4800, Blocks::Of(64));
    stage
        .session
        .install_at(build(&through("anull, ain")), When::At(9611));
    let heard = stage.play(14_400, Blocks::Of(64));
    assert_eq!((heard[0][9610], heard[1][9610]), (0.5, 0.0));
    for i in 0..480 {
        let share = (i + 1) as f64 / 480.0;
        let found = (heard[0][9611 + i], heard[1][9611 + i]);
        assert!(
            (found.0 - 0.5 * (1.0 - share)).abs() < 1e-9,
            "sample {i}: {found:?}"
        );
        assert!(
            (found.1 - 0.5 * share).abs() < 1e-9,
            "sample {i}: {found:?}"
        );
    }
}

#[test]
fn held_notes_change_over_at_the_line_if_the_document_says_so() {
    let play = |edit: bool| {
        let mut stage = Stage::new(&gate(LEFT));
        stage.transport = song();
        stage.note(60, 960, 40_000);
        stage.play(4800, Blocks::Of(100));
        if edit {
            let retrigger = ProgramSpec {
                retrigger: true,
                ..gate(RIGHT)
            };
            stage.session.install_at(build(&retrigger), When::Bar);
        }
        stage.play(28_800, Blocks::Of(100))
    };
    let (with, without) = (play(true), play(false));
    assert_eq!(super::stage::onset(&with[1]), Some(line(1)));
    let parted = first_difference(&with[0], &without[0]).unwrap();
    assert!((line(1)..line(1) + 64).contains(&parted), "{parted}");
    assert_eq!(with[0][line(1) + 4800], 0.0, "released in the old program");
}

#[test]
fn several_edits_wait_each_for_its_own_moment() {
    let mut stage = Stage::new(&drone(0.125));
    stage.transport = song();
    stage.play(4800, Blocks::Of(64));
    let beat = line(1);
    stage
        .session
        .install_at(build(&drone(0.25)), When::At(9633));
    stage.session.install_at(build(&drone(0.5)), When::Beat);
    stage
        .session
        .install_at(build(&drone(0.75)), When::At(24_001));
    assert_eq!(stage.session.waiting(), 3);
    let heard = stage.play(33_600, Blocks::Of(64));
    assert_eq!(rises(&heard[0]), [9633, beat, 24_001]);
    assert_eq!(heard[0][33_000], 0.75);
    assert_eq!(stage.session.waiting(), 0);
}

#[test]
fn of_two_edits_for_the_same_line_the_newer_is_heard() {
    let mut stage = Stage::new(&drone(0.125));
    stage.transport = song();
    stage.play(4800, Blocks::Of(64));
    for level in [0.25, 0.5] {
        stage.session.install_at(build(&drone(level)), When::Bar);
    }
    let heard = stage.play(28_800, Blocks::Of(64));
    assert_eq!((heard[0][line(1)], heard[0][28_000]), (0.625, 0.5));
    let swaps = stage.session.take_reports();
    let swaps = swaps.iter().filter(|report| **report == Report::Swapped);
    assert_eq!(swaps.count(), 2, "the first program and this one");
}

/// The newer text is what its author wants; an older one that comes late would take it back.
#[test]
fn an_older_edit_never_takes_over_from_a_newer_one() {
    let mut stage = Stage::new(&drone(0.125));
    stage.transport = song();
    stage.play(4800, Blocks::Of(64));
    stage.session.install_at(build(&drone(0.25)), When::Bar);
    stage.play(6400, Blocks::Of(64));
    stage.session.install(build(&drone(0.5)));
    let heard = stage.play(28_800, Blocks::Of(64));
    assert_eq!((heard[0][9600], heard[0][28_000]), (0.5, 0.5));
}

#[test]
fn nobody_waits_for_a_song_that_stands_still() {
    let mut stage = Stage::new(&drone(0.125));
    stage.play(4800, Blocks::Of(32));
    stage.session.install_at(build(&drone(0.25)), When::Bar);
    let heard = stage.play(9600, Blocks::Of(32));
    assert_eq!(rises(&heard[0]), [4832]);
}

#[test]
fn a_program_makes_room_before_its_moment() {
    let mut stage = Stage::new(&gate(LEFT));
    let note = |key| NoteAddress::midi(0, key);
    for (at, key) in [(960, 40), (3000, 41), (6000, 42), (9000, 43)] {
        stage.at(
            at,
            Command::NoteOn {
                note: note(key),
                velocity: 1.0,
            },
        );
    }
    // The third program's note is released and rings; the others are held.
    let ringing = "|kmidi|\naenv linsegr 1, 0.1, 1, 9, 0\nouts aenv*0.25, aenv*0.25";
    let ringing = spec(&[("gate", ringing)], vec![layer("gate")]);
    for (sample, program) in [(2000, &gate(LEFT)), (5000, &ringing), (8000, &gate(LEFT))] {
        stage.play(sample, Blocks::Of(64));
        stage.session.install(build(program));
    }
    stage.at(10_000, Command::NoteOff { note: note(42) });
    stage.play(12_000, Blocks::Of(64));
    stage
        .session
        .install_at(build(&drone(0.125)), When::At(20_011));
    let heard = stage.play(28_800, Blocks::Of(64));
    assert_eq!(heard[0][20_010], 1.5, "three notes are held");
    assert_eq!(heard[0][20_011], 1.625);
}
