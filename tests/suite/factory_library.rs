//! Every document that comes with the program, judged as a musician would: it sounds at a good level over its whole
//! range, starts and stops without a click, dies away, and its controls say what they are.

use csound_session::document::presets::{Kind, Preset, Presets, Source};
use csound_session::document::{Document, Implied};
use csound_session::render::Music;
use csound_session::render::soundfile::Sound;
use csound_session::session::instr::Arg;
use csound_session::session::layer::Trigger;

use super::render_kit::{Kit, RATE, channel, decibels, instruments, peak};

/// A chord of four notes and a tone over it, in a second and a half; and where everything has died away, in seconds.
const PHRASE: [(f64, f64, i32, f64); 5] = [
    (0.0, 1.2, -12, 0.8),
    (0.0, 1.2, 0, 0.8),
    (0.0, 1.2, 4, 0.7),
    (0.0, 1.2, 7, 0.7),
    (0.75, 0.75, 12, 1.0),
];
const SILENT: f64 = 11.0;

/// The keys in which a document is at home, and those between which it must sound.
struct Range {
    middle: i32,
    lowest: i32,
    highest: i32,
}

fn note((at, dur, key, velocity): (f64, f64, i32, f64)) -> String {
    format!("[[note]]\nat = {at}\ndur = {dur}\nkey = {key}\nvelocity = {velocity}\n")
}

fn play(name: &str, notes: &[(f64, f64, i32, f64)], end: f64) -> (Sound, f64) {
    let score: String = notes.iter().copied().map(note).collect();
    let mut kit = Kit::factory(name).score(&format!("end = {end}\n{score}"));
    let summary = kit.render().unwrap_or_else(|error| panic!("{error}"));
    let cost = summary.stats.cpu.as_secs_f64() / summary.stats.seconds;
    let sound = csound_session::render::soundfile::read(kit.job.target.path()).unwrap();
    (sound, cost)
}

fn loudest(sound: &Sound) -> f64 {
    decibels(peak(&sound.samples))
}

fn samples(seconds: f64) -> usize {
    (seconds * f64::from(RATE)) as usize
}

fn mean(samples: &[f64]) -> f64 {
    samples.iter().sum::<f64>() / samples.len() as f64
}

fn rms(samples: &[f64]) -> f64 {
    (samples.iter().map(|sample| sample * sample).sum::<f64>() / samples.len() as f64).sqrt()
}

/// The highest bend of the waveform, which a click makes and music hardly does.
fn bend(samples: &[f64]) -> f64 {
    samples.windows(3).fold(0.0, |top, part| {
        (part[0] - 2.0 * part[1] + part[2]).abs().max(top)
    })
}

/// What holds for any sound: numbers, a level, balance, no offset, silence at the end.
fn judge_sound(name: &str, sound: &Sound, music: f64) {
    assert!(
        sound.samples.iter().all(|sample| sample.is_finite()),
        "{name}: not a number"
    );
    let sides = [0, 1].map(|side| channel(sound, side));
    for side in &sides {
        let level = decibels(peak(side));
        assert!((-24.0..-1.0).contains(&level), "{name}: peak {level} dBFS");
        let playing = &side[..samples(music)];
        let offset = mean(playing).abs() / rms(playing);
        assert!(offset < 0.03, "{name}: an offset of {offset} of its level");
        let end = peak(&side[side.len() - samples(0.5)..]);
        assert!(
            decibels(end) < -80.0,
            "{name}: {} dBFS at the end",
            decibels(end)
        );
    }
    let lean = decibels(rms(&sides[0]) / rms(&sides[1]));
    assert!(lean.abs() < 3.0, "{name}: {lean} dB to the left");
}

fn judge_instrument(name: &str) {
    judge_text(name, Kind::Instrument);
    judge_demo(name, Kit::factory(name));
    let range = range(name);
    let phrase = PHRASE.map(|(at, dur, key, velocity)| (at, dur, range.middle + key, velocity));
    let (sound, _) = play(name, &phrase, SILENT);
    judge_sound(name, &sound, 1.5);
    for key in [range.lowest, range.highest] {
        for velocity in [0.1, 1.0] {
            let level = loudest(&play(name, &[(0.0, 0.5, key, velocity)], 0.8).0);
            let sane = (-56.0..-1.0).contains(&level);
            assert!(sane, "{name}, key {key} at {velocity}: {level} dBFS");
        }
    }
    let soft = loudest(&play(name, &[(0.0, 0.4, range.middle, 0.2)], 0.5).0);
    let (hard, cost) = play(name, &[(0.0, 0.5, range.middle, 1.0)], 0.8);
    assert!(
        loudest(&hard) > soft + 1.0,
        "{name} does not follow the velocity"
    );
    judge_edges(name, &hard, 0.5);
    let (_, idle) = play(name, &[], 0.5);
    let voice = 100.0 * (cost - idle).max(0.0);
    println!(
        "{name}: {voice:.2} % of a core a voice, {:.2} % without notes",
        100.0 * idle
    );
    assert!(voice < 8.0, "{name} costs {voice} % of a core a voice");
}

/// The score that shows the document off: everything in it is heard, at a good level.
fn judge_demo(name: &str, mut kit: Kit) {
    let score = name.replace(".toml", ".score.toml");
    kit.job.music = Music::Score(instruments().join(score));
    let sound = kit.sound();
    assert_eq!(kit.told, [""; 0], "{name}");
    assert!(sound.samples.iter().all(|sample| sample.is_finite()));
    let level = loudest(&sound);
    assert!(
        (-24.0..-0.5).contains(&level),
        "{name}, its score: {level} dBFS"
    );
}

/// A note begins near zero, and its end bends the waveform no more than the note itself.
fn judge_edges(name: &str, sound: &Sound, end: f64) {
    for side in [0, 1].map(|side| channel(sound, side)) {
        let first = side.iter().copied().find(|sample| *sample != 0.0);
        let first = first.unwrap_or_default().abs();
        assert!(first < 0.02, "{name} starts with a step of {first}");
        let playing = bend(&side[..samples(end) - 1]);
        let after = bend(&side[samples(end) - 1..]);
        assert!(
            after < 1.5 * playing + 1e-3,
            "{name} clicks at its end: {after} over {playing}"
        );
    }
}

/// Name, author, one line of description, tags, and 4 to 12 controls with label and range.
fn judge_text(name: &str, kind: Kind) {
    let preset = Preset::of_factory(name).unwrap();
    assert_eq!(preset.kind(), kind, "{name}");
    assert!(!preset.name.is_empty() && !preset.author.is_empty() && !preset.tags.is_empty());
    let line = &preset.description;
    assert!(
        (20..=160).contains(&line.len()) && !line.contains('\n'),
        "{name}: {line}"
    );
    let controls = controls(name);
    let count = controls.len();
    assert!((4..=12).contains(&count), "{name} has {count} controls");
    for control in &controls {
        let note = &control.note;
        let complete = note.label.is_some() && (note.range.is_some() || !note.choices.is_empty());
        assert!(complete, "{name}: {}", control.name);
    }
    let mut labels: Vec<_> = controls.iter().map(Arg::label).collect();
    labels.sort_unstable();
    labels.dedup();
    assert_eq!(labels.len(), count, "{name}: two controls of one label");
}

/// The controls of a document that a host shows.
fn controls(name: &str) -> Vec<Arg> {
    let document = Document::factory_document(name).unwrap();
    let program = document
        .specification(f64::from(RATE), &[], Implied::Yes)
        .unwrap_or_else(|told| panic!("{name}: {told:?}"))
        .program;
    let arg = |instr: &str, argument: &str| {
        let instr = program.orchestra.instrs.iter().find(|i| i.name() == instr);
        instr.unwrap().arg(argument).unwrap().clone()
    };
    let slots = program.slots.iter().map(|(_, slot)| slot);
    slots.map(|slot| arg(&slot.instr, &slot.argument)).collect()
}

fn range(name: &str) -> Range {
    let document = Document::factory_document(name).unwrap();
    let specification = document.specification(f64::from(RATE), &[], Implied::Yes);
    let layers = specification.unwrap().program.layers;
    let notes = || layers.iter().filter(|layer| layer.trigger == Trigger::Note);
    let lowest = notes().map(|layer| i32::from(layer.keys.0)).min().unwrap();
    let highest = notes().map(|layer| i32::from(layer.keys.1)).max().unwrap();
    let tagged = |tag: &str| document.tags.iter().any(|known| known == tag);
    let middle = match name {
        "drums.toml" => 48,
        _ if tagged("bass") => 36,
        _ if tagged("bell") || tagged("wind") => 72,
        _ => 60,
    };
    Range {
        middle,
        lowest: lowest.max(24),
        highest: highest.min(108),
    }
}

/// Two seconds of what effects are for: chords that stop and start, with an octave of noise in them.
fn music(at: usize) -> f64 {
    let time = at as f64 / f64::from(RATE);
    if time >= 2.0 {
        return 0.0;
    }
    let beat = (time * 2.0).fract();
    let loud = (beat * 60.0).min(1.0) * (-3.0 * beat).exp() * ((1.0 - beat) * 40.0).min(1.0);
    let saw = |hertz: f64| {
        (1..=12)
            .map(|n| (time * hertz * f64::from(n) * std::f64::consts::TAU).sin() / f64::from(n))
            .sum::<f64>()
    };
    0.08 * loud * [110.0, 164.81, 220.0, 277.18].map(saw).iter().sum::<f64>()
}

/// A drum between the chords.
fn beats(at: usize) -> f64 {
    let time = at as f64 / f64::from(RATE);
    let beat = (time * 2.0 + 0.5).fract() / 2.0;
    if time < 2.0 {
        0.8 * (-25.0 * beat).exp() * (time * 70.0 * std::f64::consts::TAU).sin()
    } else {
        0.0
    }
}

fn judge_effect(name: &str) {
    judge_text(name, Kind::Effect);
    let mut kit = Kit::factory(name);
    let sound = |file: &str, sample: fn(usize) -> f64| {
        let all: Vec<f64> = (0..samples(SILENT)).map(sample).collect();
        kit.sound_file(file, 1, &all)
    };
    (kit.job.input, kit.job.sidechain) =
        (Some(sound("in.wav", music)), Some(sound("side.wav", beats)));
    let mut demo = Kit::factory(name);
    (demo.job.input, demo.job.sidechain) = (kit.job.input.clone(), kit.job.sidechain.clone());
    judge_demo(name, demo);
    kit.job.end = Some(SILENT);
    let summary = kit.render().unwrap_or_else(|error| panic!("{error}"));
    let sound = csound_session::render::soundfile::read(kit.job.target.path()).unwrap();
    judge_sound(name, &sound, 2.0);
    let dry: Vec<f64> = (0..samples(SILENT)).map(music).collect();
    let left = channel(&sound, 0);
    let change: Vec<f64> = left.iter().zip(&dry).map(|(wet, dry)| wet - dry).collect();
    assert!(rms(&change) > 0.03 * rms(&dry), "{name} does nothing");
    let louder = decibels(rms(&left) / rms(&dry));
    assert!(
        (-20.0..6.0).contains(&louder),
        "{name} changes the level by {louder} dB"
    );
    println!(
        "{name}: {:.2} % of a core",
        100.0 * summary.stats.cpu.as_secs_f64() / SILENT
    );
}

/// A test for each document, and their names for the test that none is left out.
macro_rules! library {
    ($judge:ident in $list:ident: $($name:ident)*) => {
        const $list: &[&str] = &[$(concat!(stringify!($name), ".toml")),*];
        $(#[test]
        fn $name() {
            $judge(concat!(stringify!($name), ".toml"));
        })*
    };
}

library!(judge_instrument in INSTRUMENTS:
    arp bass bell brass choir default drums flute grains keys lead mallets organ pad pluck sequence sine squelch strings
    supersaw);
library!(judge_effect in EFFECTS:
    autopan chorus compressor convolution delay distortion ducker effect freeze lofi phaser reverb shimmer vocoder wah);

#[test]
fn every_document_is_judged() {
    let mut judged = [INSTRUMENTS, EFFECTS].concat();
    judged.sort_unstable();
    let factory = Document::factory();
    let known: Vec<_> = factory.iter().map(|(name, _)| *name).collect();
    assert_eq!(judged, known);
    assert!(known.len() >= 24);
}

#[test]
fn the_names_of_the_factory_are_unique() {
    let presets = Presets::factory();
    let mut names: Vec<_> = presets.iter().map(|preset| &preset.name).collect();
    names.dedup();
    assert_eq!(names.len(), presets.iter().count());
    let all = presets
        .iter()
        .all(|preset| matches!(preset.source, Source::Factory(_)));
    assert!(all);
}

#[test]
fn the_page_of_the_library_is_up_to_date() {
    let docs = instruments().with_file_name("docs");
    let page = std::fs::read_to_string(docs.join("library.md")).unwrap();
    let sections: Vec<_> = page.split("\n### ").collect();
    for (name, document) in Document::factory() {
        let told = "run `cargo xtask library`";
        let heading = format!("{}\n", document.name);
        let section = sections.iter().find(|part| part.starts_with(&heading));
        let section = section.unwrap_or_else(|| panic!("{name} is not listed; {told}"));
        assert!(section.contains(&document.description), "{name}: {told}");
        for control in controls(name) {
            let row = format!("\n| {} |", control.label());
            assert!(
                section.contains(&row),
                "{name}, {}: {told}",
                control.label()
            );
        }
        let picture = docs
            .join("pictures/library")
            .join(name)
            .with_extension("png");
        let size = std::fs::metadata(picture).unwrap().len();
        assert!(
            (500..40_000).contains(&size),
            "{name}: a picture of {size} bytes"
        );
    }
}
