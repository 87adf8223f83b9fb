//! Renders of the files in `tests/conformance/` through the command line program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use csound_session::render::soundfile::{self, Sound};

use crate::suite::render_kit::{RATE, channel, pitch};

/// How far a reading may be off.
const TOLERANCE: f64 = 1e-3;

/// The folder of documents and scores.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance")
}

/// Runs the program there.
pub fn program(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_csound-session"))
        .current_dir(folder())
        .args(args)
        .output()
        .unwrap()
}

/// Renders a document with a score, with further options. Returns the path of the sound file as long as the folder
/// lives.
fn render(document: &str, score: &str, options: &[&str], output: &Path) -> Output {
    let (document, score) = (format!("{document}.toml"), format!("{score}.score.toml"));
    let output = output.to_str().unwrap();
    let args = ["render", &document, "--score", &score, "-o", output];
    program(&[&args, options].concat())
}

/// What a render sounds like.
pub struct Heard(Sound);

/// A document and its score of the same name.
#[track_caller]
pub fn hear(name: &str) -> Heard {
    hear_with(name, name, &[])
}

/// A document and another score.
#[track_caller]
pub fn hear_score(document: &str, score: &str) -> Heard {
    hear_with(document, score, &[])
}

/// A document, a score, and options.
#[track_caller]
pub fn hear_with(document: &str, score: &str, options: &[&str]) -> Heard {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.wav");
    let options = [&["--format", "float64"], options].concat();
    let output = render(document, score, &options, &file);
    assert!(output.status.success(), "{}", errors(&output));
    Heard(soundfile::read(&file).unwrap())
}

/// The sound file that a render writes, as it is.
#[track_caller]
pub fn bytes(document: &str, score: &str, name: &str, options: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    let output = render(document, score, options, &file);
    assert!(output.status.success(), "{}", errors(&output));
    std::fs::read(file).unwrap()
}

/// Renders in vain: what is said. Nothing may have been written.
#[track_caller]
pub fn refused(document: &str, score: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = render(document, score, &[], &folder.path().join("out.wav"));
    assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "a failed render leaves {left:?}");
    errors(&output)
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

impl Heard {
    /// Samples of each channel.
    pub fn frames(&self) -> usize {
        self.0.frames()
    }

    /// A channel, counted from 1.
    pub fn channel(&self, number: usize) -> Vec<f64> {
        channel(&self.0, number - 1)
    }

    /// What a channel reads at a time in seconds.
    pub fn at(&self, number: usize, seconds: f64) -> f64 {
        self.channel(number)[sample(seconds)]
    }

    /// Asserts what channel 1 reads at times in seconds.
    #[track_caller]
    pub fn reads(&self, expected: &[(f64, f64)]) {
        self.channel_reads(1, expected);
    }

    /// Asserts what a channel reads at times in seconds.
    #[track_caller]
    pub fn channel_reads(&self, number: usize, expected: &[(f64, f64)]) {
        let channel = self.channel(number);
        for &(seconds, value) in expected {
            let read = channel[sample(seconds)];
            assert!(
                (read - value).abs() <= TOLERANCE,
                "channel {number} reads {read} at {seconds} s, not {value}"
            );
        }
    }

    /// The pitch of channel 1 between two times in seconds, in Hz.
    pub fn pitch(&self, from: f64, to: f64) -> f64 {
        pitch(&self.channel(1)[sample(from)..sample(to)])
    }
}

/// The sample at a time in seconds.
pub fn sample(seconds: f64) -> usize {
    (seconds * f64::from(RATE)).round() as usize
}
