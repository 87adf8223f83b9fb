//! Sound files for tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

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
