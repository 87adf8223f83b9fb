//! The document of a new session, by its sound.

use csound_session::document::{Document, Implied};
use csound_session::session::command::{Command, NoteAddress};
use csound_session::session::program::ProgramSpec;

use super::stage::{Blocks, Stage};

const SECOND: usize = 48000;

fn program() -> ProgramSpec {
    Document::default_document()
        .specification(48000.0, &[], Implied::Yes)
        .unwrap()
        .program
}

/// One second of a note that is held for the first half, and two more.
fn play(spec: &ProgramSpec, key: u8, velocity: f64) -> Vec<f64> {
    let mut stage = Stage::new(spec);
    let note = NoteAddress::midi(0, key);
    stage.at(0, Command::NoteOn { note, velocity });
    stage.at(SECOND as u64 / 2, Command::NoteOff { note });
    stage.play(3 * SECOND, Blocks::Of(512)).remove(0)
}

fn decibels(sound: &[f64]) -> f64 {
    let power = sound.iter().map(|sample| sample * sample).sum::<f64>() / sound.len() as f64;
    10.0 * power.log10()
}

/// The power of the differences of neighbours against that of the sound: more for brighter ones.
fn brightness(sound: &[f64]) -> f64 {
    let steps: Vec<_> = sound.windows(2).map(|pair| pair[1] - pair[0]).collect();
    decibels(&steps) - decibels(sound)
}

#[test]
fn sounds_at_a_sensible_level_and_ends() {
    let spec = program();
    for key in [36, 60, 84] {
        let sound = play(&spec, key, 0.8);
        let held = decibels(&sound[SECOND / 10..SECOND / 2]);
        assert!((-30.0..-10.0).contains(&held), "key {key}: {held} dB");
        let peak = sound
            .iter()
            .fold(0.0_f64, |peak, sample| peak.max(sample.abs()));
        assert!(peak < 0.7, "key {key}: {peak}");
        assert!(
            decibels(&sound[SECOND * 5 / 8..SECOND * 3 / 4]) > -60.0,
            "it has a release"
        );
        assert!(
            sound[2 * SECOND..].iter().all(|sample| sample.abs() < 1e-5),
            "key {key} does not end"
        );
    }
}

#[test]
fn plays_in_tune() {
    let sound = play(&program(), 69, 0.8);
    let held = &sound[SECOND / 8..SECOND / 2];
    // Goertzel's sum: the power at a frequency.
    let power = |frequency: f64| {
        let angle = std::f64::consts::TAU * frequency / SECOND as f64;
        let sum = |f: fn(f64) -> f64| {
            held.iter()
                .zip(0..)
                .map(|(s, n)| s * f(angle * f64::from(n)))
                .sum::<f64>()
        };
        sum(f64::sin).powi(2) + sum(f64::cos).powi(2)
    };
    let candidates = (-50..=50).map(|cents| 440.0 * (f64::from(cents) / 1200.0).exp2());
    let loudest = candidates
        .max_by(|a, b| power(*a).total_cmp(&power(*b)))
        .unwrap();
    assert!((loudest - 440.0).abs() < 4.0, "{loudest} Hz");
}

#[test]
fn harder_is_louder_and_brighter() {
    let spec = program();
    let [soft, hard] =
        [0.2, 1.0].map(|velocity| play(&spec, 60, velocity)[SECOND / 100..SECOND / 4].to_vec());
    assert!(
        decibels(&hard) > decibels(&soft) + 6.0,
        "{} {}",
        decibels(&soft),
        decibels(&hard)
    );
    assert!(
        brightness(&hard) > brightness(&soft) + 3.0,
        "{} {}",
        brightness(&soft),
        brightness(&hard)
    );
}
