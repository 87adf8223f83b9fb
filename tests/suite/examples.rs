//! The examples of the interface, which stand in `instruments/examples/`, by their sound.

use std::path::PathBuf;

use csound_session::render::Music;

use super::render_kit::{Kit, RATE, decibels, extent, instruments, peak, pitch};

fn file(name: &str) -> PathBuf {
    instruments().join("examples").join(name)
}

/// An example with the score beside it.
fn example(name: &str) -> Kit {
    let mut kit = Kit::factory(&format!("examples/{name}.toml"));
    kit.job.music = Music::Score(file(&format!("{name}.score.toml")));
    kit
}

/// An example as it sounds on the left.
pub struct Heard(Vec<f64>);

pub fn heard(name: &str) -> Heard {
    let mut kit = example(name);
    let left = kit.left();
    assert_eq!(kit.told, [""; 0], "{name}");
    Heard(left)
}

impl Heard {
    /// The samples between two times in seconds.
    pub fn part(&self, from: f64, to: f64) -> &[f64] {
        let [from, to] = [from, to].map(|time| (time * f64::from(RATE)) as usize);
        &self.0[from..to]
    }

    /// Checks pitch in Hz and peak of a part.
    #[track_caller]
    pub fn sounds(&self, from: f64, to: f64, hertz: f64, level: f64) {
        let part = self.part(from, to);
        let (pitch, top) = (pitch(part), peak(part));
        assert!(
            (pitch / hertz - 1.0).abs() < 1e-3,
            "{pitch} Hz, not {hertz}"
        );
        assert!(
            (top / level - 1.0).abs() < 0.02,
            "a peak of {top}, not {level}"
        );
    }

    #[track_caller]
    pub fn is_silent(&self, from: f64, to: f64) {
        assert_eq!(peak(self.part(from, to)), 0.0);
    }

    pub fn rms(&self, from: f64, to: f64) -> f64 {
        let part = self.part(from, to);
        (part.iter().map(|sample| sample * sample).sum::<f64>() / part.len() as f64).sqrt()
    }
}

#[test]
fn every_example_has_a_score_and_a_test() {
    let entries = std::fs::read_dir(file("")).unwrap().flatten();
    let names = entries.map(|entry| entry.file_name().into_string().unwrap());
    let (scores, documents): (Vec<_>, Vec<_>) =
        names.partition(|name| name.ends_with(".score.toml"));
    assert_eq!(scores.len(), documents.len());
    let tests = [
        include_str!("examples.rs"),
        include_str!("examples_lines.rs"),
    ]
    .concat();
    for document in documents {
        let name = document.strip_suffix(".toml").unwrap();
        assert!(scores.contains(&format!("{name}.score.toml")), "{name}");
        let played = ["heard", "example"].map(|call| format!("{call}(\"{name}\")"));
        assert!(
            played.iter().any(|call| tests.contains(call)),
            "nobody listens to {name}"
        );
    }
}

#[test]
fn a_filter_by_its_priority_hears_an_oscillator_written_after_it() {
    let heard = heard("chain");
    assert!(heard.part(0.0, 0.01).iter().any(|sample| *sample != 0.0));
    // The resonance at 1000 Hz lifts the partial next to it, and little is left above.
    let part = heard.part(0.3, 0.9);
    assert!((pitch(part) - 880.0).abs() < 1.0, "{}", pitch(part));
    assert!((0.02..0.1).contains(&peak(part)), "{}", peak(part));
}

#[test]
fn p_fields_have_defaults_and_are_controls() {
    let heard = heard("pfields");
    heard.sounds(0.1, 0.9, 1000.0, 0.1);
    heard.sounds(1.1, 1.9, 440.0, 0.1);
    heard.sounds(2.1, 2.9, 500.0, 0.1);
}

#[test]
fn inline_arguments_are_given_by_name() {
    let heard = heard("inline");
    heard.sounds(0.1, 0.9, 1000.0, 0.1);
    heard.sounds(1.1, 1.9, 330.0, 0.25);
}

#[test]
fn a_synth_sounds_until_it_is_stopped() {
    let heard = heard("stop");
    heard.sounds(0.1, 0.9, 500.0, 0.1);
    assert_eq!(extent(&heard.0).map(|(_, last)| last / 100), Some(479));
    heard.is_silent(1.01, 1.5);
}

#[test]
fn an_event_has_its_attack_and_its_release() {
    let heard = heard("event");
    let level = |at: f64| heard.rms(at - 0.01, at + 0.01);
    let full = heard.rms(0.4, 0.9);
    assert!((pitch(heard.part(0.4, 0.9)) - 1000.0).abs() < 0.1);
    assert!((level(0.1) / full - 0.5).abs() < 0.02, "half way up");
    assert!((level(1.05) / full - 0.5).abs() < 0.02, "half way down");
    heard.is_silent(1.11, 1.5);
}

#[test]
fn arguments_come_by_place_and_by_name() {
    let heard = heard("positional");
    let full = heard.rms(0.3, 0.9);
    assert!((pitch(heard.part(0.3, 0.9)) - 1000.0).abs() < 0.1);
    assert!(
        (heard.rms(0.015, 0.035) / full - 0.5).abs() < 0.03,
        "the attack has its default"
    );
    assert!(
        (heard.rms(1.58, 1.62) / full - 0.5).abs() < 0.03,
        "the attack has its name"
    );
    assert!((heard.rms(1.8, 1.95) / full - 1.0).abs() < 0.02);
}

#[test]
fn two_tones_beat_and_end_with_their_release() {
    let heard = heard("beating");
    assert_eq!(heard.0.len(), 2 * RATE as usize + RATE as usize / 10);
    heard.sounds(0.1, 0.49, 1000.0, 0.1);
    assert!((peak(heard.part(0.75, 1.0)) - 0.2).abs() < 0.002);
    // A quarter of a second lies between loudest and softest.
    let middle = |at: f64| heard.rms(at - 0.005, at + 0.005);
    let [loud, soft] = [1.0, 1.125].map(|at| decibels(middle(at)));
    assert!((loud - soft).abs() > 10.0, "{loud} {soft}");
}

#[test]
fn a_renderer_takes_places_and_sets() {
    let heard = heard("renderer");
    assert_eq!(heard.0.len(), 4 * RATE as usize);
    heard.sounds(0.1, 1.9, 440.0, 0.1);
    heard.sounds(2.1, 3.9, 880.0, 0.1);
}

#[test]
fn the_level_of_the_input_can_be_read_from_its_bus() {
    let mut kit = example("busget");
    let sine = |at: u32| 0.5 * (f64::from(at) * 0.05).sin();
    let samples: Vec<f64> = (0..RATE).map(sine).collect();
    kit.job.input = Some(kit.sound_file("in.wav", 1, &samples));
    let heard = Heard(kit.left());
    heard.sounds(0.5, 0.9, 1000.0, 0.5 / 2.0_f64.sqrt());
}

#[test]
fn a_sample_plays_at_its_pitch_at_others_and_in_a_loop() {
    let heard = heard("playsample");
    // It was made at 220 Hz and 32 kHz, and lasts 4.096 s.
    let at = |from: f64, to: f64| pitch(heard.part(from, to));
    assert!((at(0.1, 0.5) - 220.0).abs() < 0.5, "{}", at(0.1, 0.5));
    assert!(peak(heard.part(3.9, 4.05)) > 0.02);
    heard.is_silent(4.1, 4.4);
    assert!((at(4.6, 4.8) - 440.0).abs() < 1.0, "{}", at(4.6, 4.8));
    // The loop is 0.6 s long and goes on for 1.5 s.
    assert!(peak(heard.part(6.1, 6.5)) > 0.02 && peak(heard.part(7.0, 7.4)) > 0.02);
    heard.is_silent(7.53, 8.0);
}

#[test]
fn a_spectrum_plays_slower_and_higher() {
    let heard = heard("playpartials");
    heard.sounds(0.5, 1.4, 440.0, 0.3);
    // A fifth up, and without the partial above the limit.
    heard.sounds(2.8, 3.2, 660.0, 0.2);
    heard.is_silent(3.6, 4.0);
}
