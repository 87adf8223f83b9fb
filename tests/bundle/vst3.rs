//! The VST3 bundle in pedalboard, by tests/python/pedalboard_host.py.

use crate::place::{place, python};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use test_hosts::{Project, read_wav};

/// One run of the host.
pub struct Vst3 {
    job: Map<String, Value>,
    files: PathBuf,
}

/// What it gave back.
pub struct Answer {
    /// The main output by channel, with the plugin's latency still in it.
    pub sound: Vec<Vec<f32>>,
    /// The reported latency, in samples.
    pub latency: u32,
    /// The names of all parameters as the plugin was opened, and after it was loaded.
    pub names: [Vec<String>; 2],
    /// The values of all parameters, 0..1: gain, bypass, then the slots.
    pub parameters: Vec<f64>,
    /// The plugin's state after playing.
    pub state: Vec<u8>,
}

impl Vst3 {
    /// A run that plays so many samples into a plugin of the bundle.
    pub fn new(plugin: &str, frames: usize) -> Vst3 {
        static RUNS: AtomicU32 = AtomicU32::new(0);
        let files = place().file(&format!("vst3-{}", RUNS.fetch_add(1, Ordering::SeqCst)));
        std::fs::create_dir(&files).expect("a folder of this run");
        let job = json!({
            "plugin": place().vst3(), "name": plugin, "frames": frames,
            "out": files.join("out.wav"), "save": files.join("saved"),
        });
        let Value::Object(job) = job else {
            unreachable!("the macro above writes an object")
        };
        Vst3 { job, files }
    }

    /// Starts with a document.
    pub fn document(self, toml: &str) -> Vst3 {
        let project = Project::of_toml(toml).expect("the document is TOML");
        self.state(project.vst3_state())
    }

    /// Starts with a state.
    pub fn state(self, state: &[u8]) -> Vst3 {
        let path = self.files.join("state");
        std::fs::write(&path, state).expect("a writable folder");
        self.with("state", json!(path))
    }

    /// Starts with a `.vstpreset` file.
    pub fn preset(self, path: &Path) -> Vst3 {
        self.with("preset", json!(path))
    }

    /// Plays a MIDI file.
    pub fn midi(self, path: &Path) -> Vst3 {
        self.with("midi", json!(path))
    }

    /// Feeds the main input with a WAV file.
    pub fn input(self, channels: &[Vec<f32>]) -> Vst3 {
        let path = self.files.join("in.wav");
        test_hosts::write_wav(&path, 48_000, channels).expect("a writable folder");
        self.with("input", json!(path))
    }

    /// Cuts time into these blocks, or into blocks of one size.
    pub fn blocks(self, blocks: &[usize]) -> Vst3 {
        self.with("blocks", json!(blocks))
    }

    /// Moves a parameter, by its index, at `frame`, where a block will begin.
    pub fn automate(mut self, frame: usize, index: usize, value: f64) -> Vst3 {
        let points = self.job.entry("automation").or_insert_with(|| json!([]));
        points
            .as_array_mut()
            .expect("only this function makes it")
            .push(json!([frame, index, value]));
        self
    }

    /// Runs the host.
    #[track_caller]
    pub fn play(self) -> Answer {
        let job = self.files.join("job.json");
        std::fs::write(&job, Value::Object(self.job).to_string()).expect("a writable folder");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/pedalboard_host.py");
        let output = Command::new(python())
            .args([&script, &job])
            .env("HOME", &self.files)
            .output()
            .expect("the Python interpreter starts");
        let said = String::from_utf8_lossy(&output.stderr);
        let tail = said.lines().rev().take(20).collect::<Vec<_>>().join("\n");
        assert!(
            output.status.success(),
            "pedalboard: {} (last line first)\n{tail}",
            output.status
        );
        let answer: Value = serde_json::from_slice(&output.stdout).expect("the script prints JSON");
        Answer {
            sound: read_wav(&self.files.join("out.wav"))
                .expect("the script wrote a sound")
                .channels,
            latency: answer["latency"].as_u64().expect("a number") as u32,
            names: ["names_before", "names"].map(|key| words(&answer[key])),
            parameters: numbers(&answer["parameters"]),
            state: std::fs::read(self.files.join("saved")).expect("the script wrote a state"),
        }
    }

    fn with(mut self, key: &str, value: Value) -> Vst3 {
        self.job.insert(key.to_owned(), value);
        self
    }
}

fn words(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a list of names");
    list.iter()
        .map(|name| name.as_str().expect("a name").to_owned())
        .collect()
}

fn numbers(list: &Value) -> Vec<f64> {
    let list = list.as_array().expect("a list of numbers");
    list.iter()
        .map(|value| value.as_f64().expect("a number"))
        .collect()
}

impl Answer {
    /// The sound without the plugin's latency.
    pub fn aligned(&self) -> Vec<Vec<f32>> {
        self.sound
            .iter()
            .map(|channel| channel[self.latency as usize..].to_vec())
            .collect()
    }
}
