//! Compiles and renders generated orchestras with the `csound` command line, so that the text is judged by sound.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use csound_session::session::instr::{Instr, Value};
use csound_session::session::orchestra::{
    self, BUS_UNSET, DURATION, EXTRA, FIRST_CONTROL, Orchestra, OrchestraSpec,
};

/// Sample rate of all renders.
pub const RATE: u32 = 48000;

/// A spec with these instruments, each at priority 1, small enough to start fast.
pub fn spec(instrs: impl IntoIterator<Item = Instr>) -> OrchestraSpec {
    let instrs: Vec<Instr> = instrs.into_iter().collect();
    let places = (0..instrs.len()).map(|index| (index, 1)).collect();
    OrchestraSpec {
        ksmps: 64,
        slices: 64,
        instrs,
        places,
        ..OrchestraSpec::default()
    }
}

/// An instrument that must be right.
#[track_caller]
pub fn instr(name: &str, body: &str) -> Instr {
    Instr::new(name, body).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// What is played on an orchestra.
pub struct Take {
    pub orchestra: Orchestra,
    spec: OrchestraSpec,
    score: String,
    slices: u32,
    input: Option<PathBuf>,
}

impl Take {
    #[track_caller]
    pub fn new(spec: OrchestraSpec) -> Self {
        let orchestra = orchestra::write(&spec).unwrap_or_else(|problems| panic!("{problems:?}"));
        Self {
            orchestra,
            spec,
            score: "i 1 0 -1\n".into(),
            slices: 0,
            input: None,
        }
    }

    /// Plays an instrument from one sample on for a number of samples, sample-exact, and returns its slice.
    #[track_caller]
    pub fn play(
        &mut self,
        name: &str,
        priority: u32,
        at: u32,
        samples: u32,
        args: &[(&str, Value)],
    ) -> u32 {
        let base = self.slice(name, args);
        let (rate, ksmps) = (f64::from(RATE), self.spec.ksmps);
        let aligned = (at + samples).is_multiple_of(ksmps);
        let extra = if aligned {
            0.25 - f64::from(ksmps)
        } else {
            0.25
        } / rate;
        let duration = f64::from(samples) / rate;
        self.cell(0, base + DURATION, duration);
        self.cell(0, base + EXTRA, extra);
        let start = (f64::from(at) + 0.25) / rate;
        self.event(name, priority, start, duration + extra, base, args);
        base
    }

    /// Plays an instrument from one sample on for ever, without a duration.
    #[track_caller]
    pub fn hold(&mut self, name: &str, at: u32, args: &[(&str, Value)]) -> u32 {
        let base = self.slice(name, args);
        self.event(
            name,
            1,
            (f64::from(at) + 0.25) / f64::from(RATE),
            -1.0,
            base,
            args,
        );
        base
    }

    #[track_caller]
    fn slice(&mut self, name: &str, args: &[(&str, Value)]) -> u32 {
        let instr = self.instr(name);
        let base = self.orchestra.layout.slice_base(self.slices);
        self.slices += 1;
        for arg in instr.controls() {
            let given = args
                .iter()
                .find(|(name, _)| *name == arg.name)
                .map(|(_, value)| value);
            let value = given
                .unwrap_or(&arg.default)
                .number()
                .expect("a control has a number");
            self.cell(
                0,
                base + FIRST_CONTROL + arg.cell.expect("a control has a cell"),
                value,
            );
        }
        base
    }

    #[track_caller]
    fn event(
        &mut self,
        name: &str,
        priority: u32,
        start: f64,
        duration: f64,
        base: u32,
        args: &[(&str, Value)],
    ) {
        let layout = &self.orchestra.layout;
        let numbers = layout.instr(name).expect("known instrument");
        let instr = self.instr(name);
        let mut fields = String::new();
        for place in 5..=numbers.pfields {
            let arg = instr.args().iter().find(|arg| arg.place == place);
            let given = arg.map(|arg| {
                let given = args
                    .iter()
                    .find(|(name, _)| *name == arg.name)
                    .map(|(_, value)| value);
                given.unwrap_or(&arg.default).clone()
            });
            let value = match given {
                None => 0.0,
                Some(Value::Number(number)) => number,
                Some(Value::Text(text)) => f64::from(layout.string_index(&text).expect("interned")),
            };
            let _ = write!(fields, " {value}");
        }
        let number = f64::from(numbers.numbers[&priority]) + f64::from(base) / 1e5;
        let _ = writeln!(
            self.score,
            "i {number:.5} {start:.12} {duration:.12} {base}{fields}"
        );
    }

    fn instr(&self, name: &str) -> Instr {
        self.spec
            .instrs
            .iter()
            .find(|instr| instr.name() == name)
            .expect("known instrument")
            .clone()
    }

    /// Sets a control from a sample on.
    pub fn set(&mut self, at: u32, slice: u32, cell: u32, value: f64) {
        self.cell(at, slice + FIRST_CONTROL + cell, value);
    }

    /// Stores into the control table at a sample.
    pub fn cell(&mut self, at: u32, cell: u32, value: f64) {
        self.store(at, self.orchestra.layout.control_table, cell, value);
    }

    /// Makes a bus and returns its token.
    pub fn bus(&mut self, index: u32, generation: u32) -> f64 {
        let buses = &self.orchestra.layout.buses;
        let (token, tokens, values) = (buses.token(index, generation), buses.tokens, buses.values);
        self.store(0, tokens, index, token);
        self.store(0, values, index, BUS_UNSET);
        token
    }

    /// Stores into any table at a sample.
    pub fn store(&mut self, at: u32, table: u32, cell: u32, value: f64) {
        let start = f64::from(at) / f64::from(RATE);
        let _ = writeln!(
            self.score,
            "i 9999 {start:.12} 0 0 {table} {cell} {value:e}"
        );
    }

    /// Takes the host's input from a sound file.
    pub fn input(&mut self, path: &Path) {
        self.input = Some(path.to_owned());
    }

    /// Adds lines of score.
    pub fn score(&mut self, lines: &str) {
        self.score.push_str(lines);
    }

    /// Runs Csound and returns what it says.
    pub fn run(&self, samples: u32, extra: &str) -> Output {
        let folder = tempfile::tempdir().unwrap();
        let store = "instr 9999\ntabw_i p7, p6, p5\nendin\n";
        let csd = format!(
            "<CsoundSynthesizer>\n<CsOptions>\n-d -m7 --sample-accurate\n</CsOptions>\n<CsInstruments>\n{}\n\
             #line 60001\n{store}{extra}\n</CsInstruments>\n<CsScore>\n{}\nf 0 {:.12}\n</CsScore>\n</CsoundSynthesizer>\n",
            self.orchestra.text,
            self.score,
            f64::from(samples) / f64::from(RATE),
        );
        let path = folder.path().join("take.csd");
        std::fs::write(&path, csd).unwrap();
        let mut command = Command::new("csound");
        command
            .current_dir(folder.path())
            .args(["-h", "--format=double", "-o", "take.raw"])
            .arg(&path);
        if let Some(input) = &self.input {
            command.arg("-i").arg(input);
        }
        let mut output = command.output().expect("csound runs");
        output.stdout = std::fs::read(folder.path().join("take.raw")).unwrap_or_default();
        output
    }

    /// The sound of each channel.
    #[track_caller]
    pub fn render(&self, samples: u32) -> Vec<Vec<f64>> {
        self.render_with(samples, "")
    }

    /// The sound of each channel, with instruments of the test's own in the orchestra.
    #[track_caller]
    pub fn render_with(&self, samples: u32, extra: &str) -> Vec<Vec<f64>> {
        let output = self.run(samples, extra);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !told.contains("rror:") && !told.contains("ERROR"),
            "{told}\n{}",
            self.orchestra.text
        );
        assert!(!output.stdout.is_empty(), "{told}");
        let values = output
            .stdout
            .chunks_exact(8)
            .map(|bytes| f64::from_ne_bytes(bytes.try_into().unwrap()));
        let values: Vec<f64> = values.collect();
        let channels = self.orchestra.layout.outputs as usize;
        (0..channels)
            .map(|channel| {
                values
                    .iter()
                    .skip(channel)
                    .step_by(channels)
                    .copied()
                    .collect()
            })
            .collect()
    }

    /// What Csound says of it, in lower layers' words, without its colours.
    pub fn messages(&self, samples: u32) -> String {
        let output = self.run(samples, "");
        String::from_utf8_lossy(&output.stderr).replace("\u{1b}[m", "")
    }
}

/// Asserts one sample.
#[track_caller]
pub fn assert_sample(channel: &[f64], at: u32, expected: f64) {
    let value = channel[at as usize];
    assert!(
        (value - expected).abs() < 1e-3,
        "sample {at} is {value}, expected {expected}"
    );
}
