//! What was heard, in numbers that a person can check.

use super::rack::RATE;
use super::song::Note;
use anyhow::{Result, bail};
use test_hosts::measure;

/// How far a heard note may be from its key, in hundredths of a semitone.
const TOLERANCE: f64 = 30.0;

/// The notes of a melody that sound at their pitch, in any octave; fails if one of them does not.
pub fn check_melody(samples: &[f32], notes: &[Note]) -> Result<String> {
    let mut lines = Vec::new();
    for note in notes {
        let start = note.seconds() + 0.3 * note.duration();
        let heard = measure::pitch(part(samples, start, 0.6 * note.duration()), f64::from(RATE));
        if heard == 0.0 {
            bail!("{} at {:.2} s is silent", name(note.key), note.seconds());
        }
        let octaves = (heard / note.hertz()).log2();
        let cents = (octaves - octaves.round()) * 1200.0;
        if cents.abs() > TOLERANCE {
            bail!(
                "{} at {:.2} s sounds at {heard:.1} Hz",
                name(note.key),
                note.seconds()
            );
        }
        lines.push(name(note.key));
    }
    Ok(format!(
        "{} of {} notes at their pitch: {}",
        lines.len(),
        notes.len(),
        lines.join(" ")
    ))
}

/// How the automation lane shows in the sound: the brightness at its start and its end.
pub fn check_sweep(samples: &[f32], first: &Note, last: &Note) -> Result<String> {
    let brightness = |note: &Note| centroid(part(samples, note.seconds(), note.duration()));
    let (dark, bright) = (brightness(first), brightness(last));
    if bright < 1.5 * dark {
        bail!(
            "the automation lane cannot be heard: brightness {dark:.0} Hz at first, {bright:.0} Hz at last"
        );
    }
    Ok(format!(
        "the cutoff lane opens the filter: brightness {dark:.0} Hz at first, {bright:.0} Hz at last"
    ))
}

/// How far the effect turns the sound down after each hit, in the median.
pub fn check_ducking(before: &[f32], after: &[f32], hits: &[Note]) -> Result<String> {
    let mut depths: Vec<f64> = hits
        .iter()
        .map(|hit| {
            [before, after].map(|sound| measure::rms(part(sound, hit.seconds() + 0.03, 0.06)))
        })
        .filter(|[loud, _]| *loud > 1e-3)
        .map(|[loud, quiet]| measure::decibels(quiet / loud))
        .collect();
    depths.sort_by(f64::total_cmp);
    let median = depths.get(depths.len() / 2).copied().unwrap_or(0.0);
    if median > -3.0 {
        bail!("the sidechain turns the sound by {median:.1} dB only");
    }
    Ok(format!(
        "each of {} kicks on the sidechain ducks it, by {:.1} dB in the median",
        depths.len(),
        -median
    ))
}

/// Length and level of a sound.
pub fn level(channels: &[Vec<f32>]) -> Result<String> {
    let Some(left) = channels.first() else {
        bail!("there is no sound")
    };
    let peak = channels
        .iter()
        .map(|channel| measure::peak(channel))
        .fold(0.0, f32::max);
    if measure::is_silent(left) || !peak.is_finite() {
        bail!("the sound is silent or broken (peak {peak})");
    }
    let seconds = left.len() as f64 / f64::from(RATE);
    Ok(format!(
        "{seconds:.1} s, peak {:.1} dBFS",
        measure::decibels(f64::from(peak))
    ))
}

fn part(samples: &[f32], start: f64, duration: f64) -> &[f32] {
    let at = |seconds: f64| ((seconds * f64::from(RATE)) as usize).min(samples.len());
    &samples[at(start)..at(start + duration)]
}

/// The centre of gravity of a spectrum, in hertz.
fn centroid(samples: &[f32]) -> f64 {
    let size = samples.len().next_power_of_two();
    let bins = measure::spectrum(samples, size);
    let (mut moment, mut sum) = (0.0, 1e-30);
    for (bin, magnitude) in bins.iter().enumerate() {
        moment += bin as f64 * f64::from(RATE) / size as f64 * magnitude;
        sum += magnitude;
    }
    moment / sum
}

fn name(key: u8) -> String {
    const NAMES: [&str; 12] = [
        "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B",
    ];
    format!(
        "{}{}",
        NAMES[usize::from(key % 12)],
        i32::from(key / 12) - 1
    )
}

#[test]
fn a_wrong_note_is_heard() {
    let notes = [Note {
        at: 0,
        length: 4,
        key: 69,
        velocity: 100,
    }];
    let right = measure::sine(440.0, f64::from(RATE), 24_000);
    assert!(check_melody(&right, &notes).is_ok_and(|text| text.ends_with("A4")));
    let octave = measure::sine(220.0, f64::from(RATE), 24_000);
    assert!(check_melody(&octave, &notes).is_ok());
    let wrong = measure::sine(466.0, f64::from(RATE), 24_000);
    assert!(check_melody(&wrong, &notes).is_err());
    assert!(check_melody(&[0.0; 24_000], &notes).is_err());
}

#[test]
fn ducking_is_heard() {
    let hits = [Note {
        at: 0,
        length: 1,
        key: 36,
        velocity: 100,
    }];
    let loud = measure::sine(440.0, f64::from(RATE), 24_000);
    let quiet: Vec<f32> = loud.iter().map(|x| x * 0.25).collect();
    assert!(check_ducking(&loud, &quiet, &hits).is_ok_and(|text| text.contains("12.0 dB")));
    assert!(check_ducking(&loud, &loud, &hits).is_err());
}
