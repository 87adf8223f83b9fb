//! Imported CSDs sound as csound itself plays them.

use std::path::{Path, PathBuf};
use std::process::Command;

use csound_session::document::import::{Imported, import};
use csound_session::render::soundfile::{self, Encoding, SoundWriter, Target};

use super::render_kit::{Kit, RATE, channel, decibels, magnitudes, peak};

/// How the two are compared.
enum Judge {
    /// Sample by sample: what is left of their difference, in dB under the peak.
    Null,
    /// Level and spectrum, where chance falls otherwise.
    Spectrum,
}

/// All of the folder: the file, and how it is judged. What its name begins with says what it is fed.
const FILES: [(&str, Judge); 25] = [
    ("midi_cpsmidi", Judge::Null),
    ("midi_notnum_old_scale", Judge::Null),
    ("midi_key_options", Judge::Null),
    ("midi_key_cps_amp", Judge::Null),
    ("midi_noteonkey", Judge::Null),
    ("midi_ctrl7", Judge::Null),
    ("midi_bend", Judge::Null),
    ("midi_pressure", Judge::Null),
    ("midi_two_channels", Judge::Null),
    ("midi_into_reverb", Judge::Null),
    ("cabbage_synth", Judge::Null),
    ("cabbage_effect", Judge::Null),
    ("cabbage_lists", Judge::Null),
    ("effect_echo", Judge::Null),
    ("effect_old_scale", Judge::Null),
    ("code_of_its_own", Judge::Null),
    ("starts_others", Judge::Null),
    ("release_and_xtratim", Judge::Null),
    ("drone_with_fields", Judge::Null),
    ("midi_fields_set", Judge::Null),
    ("always_mixer", Judge::Null),
    ("instr_lists", Judge::Null),
    ("cabbage_ranges", Judge::Null),
    ("effect_mono_old", Judge::Null),
    ("chance", Judge::Spectrum),
];

const SECONDS: f64 = 2.0;
/// Those that name another sample rate, or none: a document plays at the host's.
const OTHER_RATES: [&str; 2] = ["midi_fields_set", "cabbage_ranges"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import")
}

pub fn imported(name: &str) -> Imported {
    import(
        &std::fs::read_to_string(folder().join(format!("{name}.csd"))).unwrap(),
        name,
    )
}

/// What is played: the time in steps, a status byte and its data. Two chords on two channels, with controllers,
/// bends and pressure between them.
const PHRASE: [(u32, [u8; 3]); 22] = [
    (0, [0xb0, 10, 40]),
    (0, [0xb0, 1, 0]),
    (0, [0xb0, 71, 0]),
    (0, [0xd0, 0, 0]),
    (1, [0x90, 60, 100]),
    (1, [0x90, 67, 64]),
    (3, [0xd0, 60, 0]),
    (4, [0xb0, 1, 100]),
    (7, [0xb0, 71, 90]),
    (9, [0xb0, 10, 127]),
    (10, [0xe0, 0, 96]),
    (12, [0x80, 60, 0]),
    (15, [0x80, 67, 0]),
    (18, [0xe0, 0, 64]),
    (20, [0x90, 49, 127]),
    (22, [0x91, 73, 90]),
    (24, [0xd0, 127, 0]),
    (30, [0x80, 49, 0]),
    (33, [0x81, 73, 0]),
    (40, [0x90, 62, 1]),
    (44, [0x80, 62, 0]),
    (125, [0x80, 0, 0]),
];

/// The phrase as a file. A tick is 50 samples, and the 32 ticks of a step are whole cycles for every ksmps of the
/// folder: csound starts notes with a cycle.
fn phrase() -> Vec<u8> {
    let mut track = Vec::new();
    let mut last = 0;
    for (step, [status, first, second]) in PHRASE {
        let delta = 32 * (step - last);
        last = step;
        track.extend([
            0x80 | (delta >> 7) as u8,
            (delta & 127) as u8,
            status,
            first,
        ]);
        // Pressure has one byte of data.
        track.extend((status & 0xf0 != 0xd0).then_some(second));
    }
    track.extend([0, 0xff, 0x2f, 0]);
    let mut file = b"MThd\0\0\0\x06\0\0\0\x01\x01\xe0MTrk".to_vec();
    file.extend((track.len() as u32).to_be_bytes());
    file.extend(track);
    file
}

/// A sweep for effects.
fn sweep(path: PathBuf, channels: u16) -> PathBuf {
    let target = Target::new(&path, Some(Encoding::Float64)).unwrap();
    let mut writer = SoundWriter::create(target, RATE, channels).unwrap();
    for n in 0..2 * RATE {
        let sample = 0.4 * (f64::from(n) * (0.01 + f64::from(n) * 1e-6)).sin();
        writer.write(&vec![sample; usize::from(channels)]).unwrap();
    }
    writer.finish().unwrap();
    path
}

/// What csound makes of a CSD, and what the imported document sounds like; left channels first.
fn both(name: &str) -> [Vec<Vec<f64>>; 2] {
    let imported = imported(name);
    let mut kit = Kit::new(&imported.document.to_toml());
    let channels = imported.document.channels as u16;
    let out = kit.file("theirs.wav", "");
    let mut csound = Command::new("csound");
    csound
        .args(["-d", "-m0", "--wave", "--format=double", "-o"])
        .arg(&out);
    if OTHER_RATES.contains(&name) {
        csound.args(["-r", "48000", "-k", "1500"]);
    }
    kit.job.end = Some(SECONDS);
    if name.contains("effect") {
        let input = sweep(kit.file("in.wav", ""), channels);
        csound.arg("-i").arg(&input);
        kit.job.input = Some(input);
    } else if !["cabbage_lists", "drone_with_fields"].contains(&name) {
        let bytes = phrase();
        csound.arg("-F").arg(kit.file("phrase.mid", &bytes));
        kit = kit.midi(&bytes);
    }
    let theirs = theirs(csound, &folder().join(format!("{name}.csd")), &out);
    let ours = kit.sound();
    let split = |sound: &soundfile::Sound| (0..sound.channels).map(|c| channel(sound, c)).collect();
    [split(&theirs), split(&ours)]
}

/// The widgets of the folder as they start: Cabbage would put them there.
const CHANNELS: [(&str, f64); 15] = [
    ("cutoff", 1500.0),
    ("res", 0.3),
    ("attack", 0.05),
    ("gain", 0.8),
    ("drive", 5.0),
    ("mix", 0.7),
    ("shape", 2.0),
    ("on", 1.0),
    ("x", 0.25),
    ("y", 0.5),
    ("low", 300.0),
    ("high", 900.0),
    ("hard", 1.0),
    ("semi", 7.0),
    ("wave", 2.0),
];

/// csound's render of a copy: without the options that name devices, for which the command line has the say, with
/// channels set as Cabbage would, and with a score that ends.
fn theirs(mut csound: Command, csd: &Path, out: &Path) -> soundfile::Sound {
    let text = std::fs::read_to_string(csd).unwrap();
    let (before, rest) = text.split_once("<CsOptions>").unwrap();
    let (options, rest) = rest.split_once("</CsOptions>").unwrap();
    let (code, score) = rest.split_once("<CsScore>").unwrap();
    let routes: Vec<_> = options
        .split_whitespace()
        .filter(|option| option.starts_with("--midi-"))
        .collect();
    let channels: String = CHANNELS
        .iter()
        .map(|(name, value)| format!("chnset {value}, \"{name}\"\n"))
        .collect();
    let code = code.replacen(
        "</CsInstruments>",
        &format!("{channels}</CsInstruments>"),
        1,
    );
    let mut score = score.to_owned();
    for endless in ["36000", "3600", "[60 * 60]", " z"] {
        score = score.replace(endless, " 3");
    }
    let routes = routes.join(" ");
    let plain = format!("{before}<CsOptions>\n{routes}\n</CsOptions>{code}<CsScore>{score}");
    let copy = out.with_file_name("copy.csd");
    std::fs::write(&copy, plain).unwrap();
    let told = csound.arg(&copy).output().unwrap();
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(told.status.success(), "{}: {said}", csd.display());
    soundfile::read(out).unwrap()
}

#[test]
fn imported_instruments_sound_as_csound_plays_them() {
    let mut wrong = Vec::new();
    for (name, judge) in FILES {
        let [theirs, ours] = both(name);
        let length = (SECONDS * f64::from(RATE)) as usize;
        for (side, (theirs, ours)) in theirs.iter().zip(&ours).enumerate() {
            let (theirs, ours) = (&theirs[..length.min(theirs.len())], &ours[..]);
            let told = match judge {
                Judge::Null => null(theirs, ours),
                Judge::Spectrum => spectrum(theirs, ours),
            };
            wrong.extend(told.map(|told| format!("{name}, channel {side}: {told}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn null(theirs: &[f64], ours: &[f64]) -> Option<String> {
    let difference: Vec<f64> = theirs.iter().zip(ours).map(|(a, b)| a - b).collect();
    let (level, rest) = (peak(theirs), peak(&difference));
    let depth = decibels(rest.max(1e-12) / level.max(1e-12));
    let first = difference.iter().position(|sample| sample.abs() > 1e-6);
    (level < 0.01 || depth > -60.0)
        .then(|| format!("peak {level}, difference {depth:.1} dB, from sample {first:?} on"))
}

fn spectrum(theirs: &[f64], ours: &[f64]) -> Option<String> {
    let bands = |sound: &[f64]| -> Vec<f64> {
        let spectrum = magnitudes(&sound[..65_536]);
        let power = |band: &[f64]| band.iter().map(|bin| bin * bin).sum::<f64>().max(1e-20);
        [0..2_000, 2_000..4_000, 4_000..8_000, 8_000..32_000]
            .map(|band| 10.0 * power(&spectrum[band]).log10())
            .to_vec()
    };
    let (theirs, ours) = (bands(theirs), bands(ours));
    let far = theirs.iter().zip(&ours).any(|(a, b)| (a - b).abs() > 1.5);
    far.then(|| format!("bands of {theirs:.1?} and {ours:.1?} dB"))
}

#[test]
fn every_file_of_the_folder_is_heard() {
    let mut files: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let mut named: Vec<_> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    files.sort();
    named.sort();
    assert_eq!(files, named);
}
