//! The documents that come with the program: each plays, at a sane level, and falls silent.

use super::render_kit::{Kit, RATE, channel, decibels, instruments, magnitudes, peak, pitch};

/// A chord of four notes, one second long.
fn chord() -> String {
    [48, 60, 64, 67]
        .map(|key| format!("[[note]]\nkey = {key}\ndur = 1\nvelocity = 0.8\n"))
        .concat()
}

fn score_of(name: &str) -> String {
    std::fs::read_to_string(instruments().join(format!("{name}.score.toml"))).unwrap()
}

#[test]
fn every_synth_plays_its_demo_and_a_chord_at_a_sane_level() {
    for name in ["default", "lead", "pad", "sine"] {
        for score in [score_of(name), chord()] {
            let mut kit = Kit::factory(&format!("{name}.toml")).score(&score);
            let sound = kit.sound();
            // The silent notes of the warm-up, which have no private bus, once stood here as a fault of the pad.
            assert!(kit.told.is_empty(), "{name}: {:?}", kit.told);
            for side in [0, 1] {
                let level = decibels(peak(&channel(&sound, side)));
                assert!((-18.0..-3.0).contains(&level), "{name}: {level} dBFS");
            }
        }
    }
}

#[test]
fn releases_end_in_silence() {
    for name in ["default", "lead", "pad"] {
        let mut kit = Kit::factory(&format!("{name}.toml")).score(&chord());
        kit.job.end = Some(5.0);
        let left = kit.left();
        assert!(
            peak(&left[48_000..50_000]) > 1e-3,
            "{name} is released, not cut off"
        );
        assert_eq!(
            peak(&left[4 * 48_000..]),
            0.0,
            "{name} is silent at the end"
        );
        let whole = Kit::factory(&format!("{name}.toml")).score(&chord()).left();
        assert!(
            (1.1..3.5).contains(&(whole.len() as f64 / 48_000.0)),
            "{name}: {}",
            whole.len()
        );
        assert!(
            peak(&whole[whole.len() - 480..]) < 0.02,
            "{name} does not click at its end"
        );
    }
}

#[test]
fn the_sine_is_the_sine_of_the_interface() {
    let left = Kit::factory("sine.toml").score(&score_of("sine")).left();
    assert!((pitch(&left[2_400..21_600]) - 800.0).abs() < 0.05);
    assert!((pitch(&left[72_000..91_200]) - 1000.0).abs() < 0.5);
}

#[test]
fn the_lead_is_one_voice_that_glides() {
    let score = "[[param]]\nname = \"lead.kglide\"\nvalue = 0.1\n\
                 [[param]]\nname = \"lead.ksub\"\nvalue = 0\n\
                 [[note]]\nkey = 57\ndur = 1.2\n[[note]]\nat = 1\nkey = 69\ndur = 1\n";
    let left = Kit::factory("lead.toml").score(score).left();
    let level_at = |samples: &[f64], frequency: f64| {
        let spectrum = magnitudes(samples);
        let bin = (frequency * 2.0 * spectrum.len() as f64 / f64::from(RATE)).round() as usize;
        spectrum[bin - 4..bin + 5]
            .iter()
            .fold(0.0, |top: f64, level| top.max(*level))
    };
    let (before, after) = (&left[24_000..43_200], &left[76_800..96_000]);
    assert!(level_at(before, 220.0) > 10.0 * level_at(before, 330.0));
    assert!(
        level_at(after, 440.0) > 30.0 * level_at(after, 220.0),
        "the first key is gone"
    );
    let gliding = pitch(&left[48_480..50_400]);
    assert!((225.0..435.0).contains(&gliding), "{gliding} Hz on the way");
}

#[test]
fn each_drum_key_has_a_sound_of_its_own_that_rings_out() {
    let mut heard: Vec<(u8, Vec<f64>)> = Vec::new();
    for key in [
        35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 56, 57,
    ] {
        let score = format!("[[note]]\nkey = {key}\ndur = 0.02\nvelocity = 1\n");
        let left = Kit::factory("drums.toml").score(&score).left();
        let level = decibels(peak(&left));
        assert!((-22.0..-3.0).contains(&level), "key {key}: {level} dBFS");
        assert!(left.len() > 2_400, "key {key} plays to its end");
        heard.push((key, left));
    }
    let of = |key: u8| &heard.iter().find(|(k, _)| *k == key).unwrap().1;
    for (a, b) in [(36, 38), (38, 39), (41, 50), (42, 46), (49, 51), (37, 56)] {
        assert!(of(a) != of(b), "keys {a} and {b}");
    }
    assert!(of(46).len() > 2 * of(42).len(), "the open hat rings longer");
    let silent = "[[note]]\nkey = 90\ndur = 0.1\n";
    assert_eq!(peak(&Kit::factory("drums.toml").score(silent).left()), 0.0);
}

#[test]
fn a_closed_hat_chokes_the_open_one() {
    let open = "[[note]]\nkey = 46\ndur = 0.02\n";
    let closed = "[[note]]\nat = 0.1\nkey = 42\ndur = 0.02\nvelocity = 0.01\n";
    let free = Kit::factory("drums.toml").score(open).left();
    let choked = Kit::factory("drums.toml")
        .score(&format!("{open}{closed}"))
        .left();
    assert!(peak(&free[9_600..12_000]) > 0.005);
    assert!(peak(&choked[9_600..12_000]) < 0.1 * peak(&free[9_600..12_000]));
}

/// An effect document fed with sounds that are functions of the sample number.
fn effect(name: &str, seconds: f64, main: fn(usize) -> f64, side: fn(usize) -> f64) -> Vec<f64> {
    let mut kit = Kit::factory(name);
    let sound = |file: &str, sample: fn(usize) -> f64| {
        let frames = (seconds * f64::from(RATE)) as usize;
        let samples: Vec<f64> = (0..frames).map(sample).collect();
        kit.sound_file(file, 1, &samples)
    };
    let (input, sidechain) = (sound("in.wav", main), sound("side.wav", side));
    kit.job.input = Some(input);
    kit.job.sidechain = Some(sidechain);
    kit.job.end = Some(seconds);
    kit.left()
}

#[test]
fn the_reverb_keeps_the_dry_sound_and_adds_a_tail() {
    let click = |n: usize| if n == 100 { 0.5 } else { 0.0 };
    let left = effect("reverb.toml", 4.0, click, |_| 0.0);
    assert!(
        left[100] > 0.35 && peak(&left[..100]) == 0.0,
        "dry: {}",
        left[100]
    );
    let tail = |from: f64| peak(&left[(from * 48_000.0) as usize..][..4_800]);
    assert!(tail(0.05) > 1e-4 && tail(0.05) < 0.1, "{}", tail(0.05));
    assert!(tail(1.0) > 1e-6 && tail(1.0) < 0.5 * tail(0.05));
    assert!(tail(3.8) < 1e-3 * tail(0.05), "it dies away");
}

#[test]
fn the_ducker_turns_down_while_the_sidechain_sounds() {
    let steady = |n: usize| 0.5 * (n as f64 * 0.03).sin();
    let burst = |n: usize| {
        if (24_000..36_000).contains(&n) {
            (n as f64 * 0.01).sin()
        } else {
            0.0
        }
    };
    let left = effect("ducker.toml", 2.0, steady, burst);
    let level = |from: usize| decibels(peak(&left[from..from + 2_400]) / 0.5);
    assert!(
        level(12_000).abs() < 0.1,
        "untouched before: {} dB",
        level(12_000)
    );
    assert!(
        (level(33_000) + 18.0).abs() < 0.5,
        "down by the depth: {} dB",
        level(33_000)
    );
    assert!(
        (-17.0..-1.0).contains(&level(42_000)),
        "on its way back: {} dB",
        level(42_000)
    );
    assert!(level(90_000).abs() < 0.3, "back: {} dB", level(90_000));
}
