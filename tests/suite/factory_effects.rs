//! What single factory documents promise: echoes in time, frozen spectra, gain that follows, steps of an arpeggio.

use csound_session::document::{Document, Implied};
use csound_session::session::command::{Command, HostEvent, NoteAddress};

use super::render_kit::{Kit, RATE, decibels, magnitudes, peak, pitch};
use super::stage::{Blocks, Stage};

/// Inputs as functions of time in seconds.
type Wave = fn(f64) -> f64;

fn at(seconds: f64) -> usize {
    (seconds * f64::from(RATE)) as usize
}

fn silence(_: f64) -> f64 {
    0.0
}

fn tone(time: f64, hertz: f64) -> f64 {
    (time * hertz * std::f64::consts::TAU).sin()
}

/// The left output of an effect for an input, a sidechain and values of its controls.
fn effect(name: &str, seconds: f64, main: Wave, side: Wave, values: &[(&str, f64)]) -> Vec<f64> {
    let param =
        |(name, value): &(&str, f64)| format!("[[param]]\nname = \"{name}\"\nvalue = {value}\n");
    let params: String = values.iter().map(param).collect();
    let mut kit =
        Kit::factory(&format!("{name}.toml")).score(&format!("end = {seconds}\n{params}"));
    let file = |file: &str, wave: Wave| {
        let samples: Vec<f64> = (0..at(seconds))
            .map(|n| wave(n as f64 / f64::from(RATE)))
            .collect();
        kit.sound_file(file, 1, &samples)
    };
    (kit.job.input, kit.job.sidechain) = (Some(file("in.wav", main)), Some(file("side.wav", side)));
    kit.left()
}

fn click(time: f64) -> f64 {
    if (0.1..0.102).contains(&time) {
        0.5
    } else {
        0.0
    }
}

fn loudest(samples: &[f64]) -> usize {
    (0..samples.len())
        .max_by(|a, b| samples[*a].abs().total_cmp(&samples[*b].abs()))
        .unwrap()
}

#[test]
fn the_tempo_delay_echoes_on_the_beat() {
    // The new time is reached as a tape would; then, at 120 to the minute, an eighth is a quarter of a second.
    let late_click: Wave = |time| click(time - 1.9);
    for (choice, seconds) in [(4.0, 0.25), (6.0, 0.375), (7.0, 0.5)] {
        let values = [
            ("delay.ktime", choice),
            ("delay.kwow", 0.0),
            ("delay.kpong", 0.0),
        ];
        let left = effect("delay", 3.0, late_click, silence, &values);
        let first = at(2.01) + loudest(&left[at(2.01)..at(2.0 + 1.5 * seconds)]);
        let late = first as f64 / f64::from(RATE) - 2.0 - seconds;
        assert!(
            (-0.001..0.006).contains(&late),
            "choice {choice}: {late} s late"
        );
    }
}

#[test]
fn the_freeze_holds_while_the_input_is_gone() {
    let sung: Wave = |time| {
        if time < 1.0 {
            0.3 * tone(time, 440.0)
        } else {
            0.0
        }
    };
    let free = effect("freeze", 4.0, sung, silence, &[("freeze.kstir", 0.0)]);
    assert!(decibels(peak(&free[at(3.0)..])) < -80.0);
    let name = "freeze.toml";
    let score = "end = 4.0\n[[param]]\nname = \"freeze.kstir\"\nvalue = 0\n\
                 [[param]]\nname = \"freeze.koctave\"\nvalue = 0\n\
                 [[param]]\nname = \"freeze.kfreeze\"\nat = 0.8\nvalue = 1\n";
    let mut kit = Kit::factory(name).score(score);
    let samples: Vec<f64> = (0..at(4.0))
        .map(|n| sung(n as f64 / f64::from(RATE)))
        .collect();
    kit.job.input = Some(kit.sound_file("in.wav", 1, &samples));
    let held = kit.left();
    assert!(peak(&held[at(3.0)..]) > 0.05, "{}", peak(&held[at(3.0)..]));
    let heard = pitch(&held[at(3.0)..]);
    assert!((heard - 440.0).abs() < 4.0, "{heard} Hz");
}

#[test]
fn the_compressor_divides_what_is_over_the_threshold() {
    let values = [
        ("compressor.kauto", 0.0),
        ("compressor.kknee", 0.1),
        ("compressor.kthreshold", -30.0),
        ("compressor.kratio", 4.0),
    ];
    let loud: Wave = |time| 0.3162 * tone(time, 1000.0);
    let left = effect("compressor", 1.0, loud, silence, &values);
    // 20 dB over the threshold become 5.
    let level = decibels(peak(&left[at(0.8)..]));
    assert!((level + 25.0).abs() < 0.5, "{level} dBFS");
    // By the sidechain alone: nothing there, nothing done.
    let values = [&values[..], &[("compressor.kkey", 1.0)]].concat();
    let free = decibels(peak(
        &effect("compressor", 1.0, loud, silence, &values)[at(0.8)..],
    ));
    assert!((free + 10.0).abs() < 0.1, "{free} dBFS");
    let keyed = decibels(peak(
        &effect("compressor", 1.0, loud, loud, &values)[at(0.8)..],
    ));
    assert!((keyed + 25.0).abs() < 0.5, "{keyed} dBFS");
}

#[test]
fn the_vocoder_needs_both_speech_and_carrier() {
    let buzz: Wave = |time| {
        0.1 * (1..20)
            .map(|n| tone(time, 150.0 * f64::from(n)))
            .sum::<f64>()
    };
    let sidechain = [("vocoder.kcarrier", 0.0), ("vocoder.khiss", 0.0)];
    let level = |main, side| {
        decibels(peak(
            &effect("vocoder", 1.0, main, side, &sidechain)[at(0.3)..],
        ))
    };
    assert!(level(buzz, buzz) > -30.0, "{}", level(buzz, buzz));
    assert!(level(buzz, silence) < -90.0 && level(silence, buzz) < -90.0);
    // Its own carrier is a saw on its key.
    let own = effect(
        "vocoder",
        1.0,
        buzz,
        silence,
        &[("vocoder.kkey", 45.0), ("vocoder.kchord", 0.0)],
    );
    let spectrum = magnitudes(&own[at(0.3)..]);
    let level =
        |hertz: f64| spectrum[(hertz * 2.0 * spectrum.len() as f64 / f64::from(RATE)) as usize];
    assert!(
        level(440.0) > 10.0 * level(495.0),
        "{} {}",
        level(440.0),
        level(495.0)
    );
}

#[test]
fn the_convolver_rings_as_long_as_its_spaces() {
    let tail = |name: &str, from: f64| {
        let mut values = vec![
            ("convolver.kroom", 0.0),
            ("convolver.kplate", 0.0),
            ("convolver.kmix", 1.0),
        ];
        values.push((name, 1.0));
        let left = effect("convolution", 2.2, click, silence, &values);
        decibels(peak(&left[at(from)..at(from + 0.1)]))
    };
    assert!(tail("convolver.kroom", 0.2) > -60.0 && tail("convolver.kroom", 0.8) < -100.0);
    assert!(tail("convolver.kplate", 0.8) > -70.0 && tail("convolver.kplate", 2.0) < -100.0);
    assert!(tail("convolver.kspring", 0.5) > -70.0);
}

#[test]
fn the_distortion_makes_partials_and_hardly_folds_back() {
    let high: Wave = |time| 0.3 * tone(time, 5000.0);
    let values = [
        ("distortion.kdrive", 30.0),
        ("distortion.khigh", 18_000.0),
        ("distortion.kbias", 0.0),
        ("distortion.ktilt", 0.0),
    ];
    let left = effect("distortion", 0.6, high, silence, &values);
    let spectrum = magnitudes(&left[at(0.2)..]);
    let level = |hertz: f64| {
        let bin = (hertz * 2.0 * spectrum.len() as f64 / f64::from(RATE)) as usize;
        spectrum[bin - 8..bin + 9]
            .iter()
            .copied()
            .fold(0.0, f64::max)
    };
    assert!(
        decibels(level(15_000.0) / level(5000.0)) > -20.0,
        "the third partial"
    );
    // The seventh partial, at 35 kHz, folds back to 13 kHz; cut off plainly it would be 17 dB below the first.
    let folded = decibels(level(13_000.0) / level(5000.0));
    assert!(folded < -25.0, "{folded} dB");
}

/// Where notes begin: the level rises fast.
fn onsets(samples: &[f64]) -> Vec<f64> {
    let levels: Vec<f64> = samples.chunks(480).map(peak).collect();
    // The first one is there at once.
    let mut found: Vec<f64> = vec![0.0];
    for (n, pair) in levels.windows(2).enumerate() {
        let time = (n + 1) as f64 * 0.01;
        if pair[1] > 1.4 * pair[0] + 0.005 && found.last().is_none_or(|last| time - last > 0.06) {
            found.push(time);
        }
    }
    found
}

#[test]
fn the_arpeggiator_steps_through_a_held_chord_in_time() {
    let chord: String = [60, 64, 67]
        .map(|key| format!("[[note]]\nkey = {key}\ndur = 0.95\n"))
        .concat();
    let values = "[[param]]\nname = \"clock.korder\"\nvalue = 0\n[[param]]\nname = \"clock.koctaves\"\nvalue = 1\n\
                  [[param]]\nname = \"clock.kgate\"\nvalue = 0.3\n[[param]]\nname = \"voice.kecho\"\nvalue = 0\n\
                  [[param]]\nname = \"voice.kdecay\"\nvalue = 0.05\n";
    let left = Kit::factory("arp.toml")
        .score(&format!("end = 2.0\n{values}{chord}"))
        .left();
    let steps = onsets(&left[..at(0.98)]);
    // Sixteenths at 120 to the minute while the keys are down.
    assert_eq!(steps.len(), 8, "{steps:?}");
    for (step, time) in steps.iter().enumerate() {
        assert!((time - 0.125 * step as f64).abs() < 0.012, "{steps:?}");
    }
    for (step, key) in [60, 64, 67, 60, 64, 67].into_iter().enumerate() {
        let from = at(0.125 * step as f64 + 0.005);
        let spectrum = magnitudes(&left[from..from + 3_000]);
        let level = |key: i32| {
            let hertz = 440.0 * (f64::from(key - 69) / 12.0).exp2();
            let bin = (hertz * 2.0 * spectrum.len() as f64 / f64::from(RATE)).round() as usize;
            spectrum[bin]
        };
        let loudest = [60, 64, 67]
            .into_iter()
            .max_by(|a, b| level(*a).total_cmp(&level(*b)));
        assert_eq!(loudest, Some(key), "step {step}");
    }
}

#[test]
fn the_sequence_follows_its_key_and_stops_with_it() {
    let play = |key: u8| {
        let score = format!(
            "end = 4.0\n[[param]]\nname = \"sequence.kecho\"\nvalue = 0\n[[note]]\nkey = {key}\ndur = 1.0\n"
        );
        Kit::factory("sequence.toml").score(&score).left()
    };
    let [low, high] = [48, 55].map(play);
    let steps = onsets(&low);
    assert!((5..=8).contains(&steps.len()), "{steps:?}");
    let shift = pitch(&high[at(0.01)..at(0.1)]) / pitch(&low[at(0.01)..at(0.1)]);
    assert!((shift - (7.0_f64 / 12.0).exp2()).abs() < 0.02, "{shift}");
    assert_eq!(peak(&low[at(3.0)..]), 0.0);
}

#[test]
fn the_arpeggiator_sends_what_it_plays() {
    let mut document = Document::factory_document("arp.toml").unwrap();
    let values = [
        ("clock.ksend", 1.0),
        ("clock.korder", 0.0),
        ("clock.koctaves", 1.0),
    ];
    document.values = values.map(|(name, value)| (name.to_owned(), value)).into();
    let specification = document.specification(f64::from(RATE), &[], Implied::Yes);
    let mut stage = Stage::new(&specification.unwrap().program);
    for key in [60, 64, 67] {
        let note = NoteAddress::midi(0, key);
        stage.at(
            0,
            Command::NoteOn {
                note,
                velocity: 0.8,
            },
        );
    }
    stage.play(at(0.6), Blocks::Of(512));
    let begun = stage.events.iter().filter_map(|(at, event)| match *event {
        HostEvent::NoteOn { key, .. } => Some((*at, key)),
        _ => None,
    });
    let begun: Vec<(u64, u8)> = begun.collect();
    let keys: Vec<u8> = begun.iter().map(|(_, key)| *key).collect();
    assert_eq!(keys, [60, 64, 67, 60, 64]);
    for pair in begun.windows(2) {
        assert!((pair[1].0 - pair[0].0).abs_diff(6_000) <= 64, "{begun:?}");
    }
}
