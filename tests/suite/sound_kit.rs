//! Samples and sound files for tests.

use super::session_kit::{DC, Live, RATE};
use csound_session::session::instr::Instr;
use csound_session::session::{PlaySample, SampleSource, Sched};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// How far a level may be off.
pub const TOLERANCE: f64 = 1e-3;

/// A line from 0 to 0.5 in so many samples.
pub fn ramp(samples: usize) -> Vec<f64> {
    let value = |at: usize| 0.5 * at as f64 / samples as f64;
    (0..samples).map(value).collect()
}

/// Samples of several channels, interleaved.
pub fn interleaved(channels: &[Vec<f64>]) -> Vec<f64> {
    let frame = |at: usize| channels.iter().map(move |channel| channel[at]);
    (0..channels[0].len()).flat_map(frame).collect()
}

/// A folder that is gone when this is.
pub struct Files(TempDir);

impl Files {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// A WAV file of 32-bit floats, from its channels.
    pub fn wav(&self, name: &str, sample_rate: u32, channels: &[Vec<f64>]) -> PathBuf {
        let path = self.folder().join(name);
        let spec = hound::WavSpec {
            channels: channels.len() as u16,
            sample_rate,
            bits_per_sample: 32,
            sample_format: hound::SampleFormat::Float,
        };
        let mut writer = hound::WavWriter::create(&path, spec).unwrap();
        for sample in interleaved(channels) {
            writer.write_sample(sample as f32).unwrap();
        }
        writer.finalize().unwrap();
        path
    }

    /// A WAV file of one channel that wants these frames looped.
    pub fn looped(
        &self,
        name: &str,
        sample_rate: u32,
        samples: &[f64],
        frames: Range<u32>,
    ) -> PathBuf {
        let path = self.wav(name, sample_rate, &[samples.to_vec()]);
        let mut bytes = std::fs::read(&path).unwrap();
        let fields = [
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            1,
            0,
            0,
            0,
            frames.start,
            frames.end - 1,
            0,
            0,
        ];
        let content = fields.map(u32::to_le_bytes).concat();
        bytes.extend(b"smpl");
        bytes.extend((content.len() as u32).to_le_bytes());
        bytes.extend(content);
        let size = bytes.len() as u32 - 8;
        bytes[4..8].copy_from_slice(&size.to_le_bytes());
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The same sound as WAV with floats, 16 and 24 bits, as AIFF, FLAC and Ogg Vorbis; Csound's command writes them.
    pub fn every_kind(&self, sample_rate: u32, channels: &[Vec<f64>]) -> Vec<PathBuf> {
        let source = self.wav("source.wav", sample_rate, channels);
        let mut paths = vec![source.clone()];
        let kinds = [
            ("16.wav", "wav:short"),
            ("24.wav", "wav:24bit"),
            ("a.aiff", "aiff:short"),
            ("a.flac", "flac:short"),
            ("a.ogg", "ogg:vorbis"),
        ];
        let count = channels.len();
        let seconds = channels[0].len() as f64 / f64::from(sample_rate);
        let outputs: Vec<String> = (1..=count).map(|n| format!("a{n}")).collect();
        let outputs = outputs.join(", ");
        let text = format!(
            "<CsoundSynthesizer>\n<CsInstruments>\nsr = {sample_rate}\nksmps = 1\nnchnls = {count}\n0dbfs = 1\n\
             instr 1\n{outputs} diskin2 \"{}\"\nout {outputs}\nendin\n</CsInstruments>\n<CsScore>\n\
             i1 0 {seconds}\n</CsScore>\n</CsoundSynthesizer>\n",
            source.display()
        );
        let document = self.write("convert.csd", text.as_bytes());
        for (name, format) in kinds {
            let path = self.folder().join(name);
            let mut command = Command::new("csound");
            command.arg(format!("--format={format}"));
            let told = command.arg("-o").args([&path, &document]).output().unwrap();
            assert!(told.status.success() && path.is_file(), "{name}");
            paths.push(path);
        }
        paths
    }
}

/// A session that has nothing to play but sounds of its own, with so many outputs.
pub fn live(channels: u32) -> Live {
    let instr = Instr::new("dc", DC).unwrap();
    let mut live = Live::of([instr], |spec| spec.orchestra.channels = channels);
    // The program and its channels are there before the first sample.
    live.stage.block(0);
    live
}

/// A second of one value.
pub fn level(value: f64) -> Vec<f64> {
    vec![value; RATE]
}

/// Plays a sample at 0 and returns what is heard for some seconds.
#[track_caller]
pub fn played(source: impl Into<SampleSource>, how: PlaySample, seconds: f64) -> Vec<Vec<f64>> {
    let mut live = live(2);
    let sched = Sched::at(0.0);
    live.session().play_sample(source, sched, how).unwrap();
    live.heard(seconds)
}

/// Asserts what is read at times in seconds.
#[track_caller]
pub fn reads(heard: &[f64], expected: &[(f64, f64)]) {
    for &(at, value) in expected {
        let read = heard[(at * RATE as f64).round() as usize];
        assert!(
            (read - value).abs() < TOLERANCE,
            "at {at} s it reads {read}, not {value}"
        );
    }
}

/// The first time after which nothing is above a level, in samples.
pub fn end(heard: &[f64], level: f64) -> usize {
    let last = heard.iter().rposition(|sample| sample.abs() > level);
    last.map_or(0, |last| last + 1)
}

/// Asserts a count within a tolerance.
#[track_caller]
pub fn near(what: &str, measured: usize, expected: usize, tolerance: usize) {
    assert!(
        measured.abs_diff(expected) <= tolerance,
        "{what}: {measured}, not {expected}"
    );
}

/// Two partials, a row every 0.01 s.
pub fn two_partials() -> Vec<Vec<f64>> {
    let row = |at: usize| vec![at as f64 * 0.01, 440.0, 0.5, 0.0, 1000.0, 0.25, 0.0];
    (0..101).map(row).collect()
}
