//! Renders for tests: documents and scores as texts, sound as numbers.

use std::path::{Path, PathBuf};

use csound_session::render::soundfile::{self, Encoding, Sound, SoundWriter, Target};
use csound_session::render::{BlockSize, Error, Job, Listener, Music, Summary};
use tempfile::TempDir;

pub const RATE: u32 = 48_000;

/// A folder with a document, and what is rendered of it.
pub struct Kit {
    folder: TempDir,
    pub job: Job,
    pub told: Vec<String>,
}

impl Kit {
    /// A document by its text.
    pub fn new(document: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("doc.toml");
        std::fs::write(&file, document).unwrap();
        Self::of_file(folder, file)
    }

    /// A document that comes with the program.
    pub fn factory(name: &str) -> Self {
        Self::of_file(tempfile::tempdir().unwrap(), instruments().join(name))
    }

    /// A document of one Instr.
    pub fn instr(name: &str, body: &str) -> Self {
        Self::new(&instr(name, body))
    }

    fn of_file(folder: TempDir, document: PathBuf) -> Self {
        let job = Job {
            document,
            music: Music::Nothing,
            input: None,
            sidechain: None,
            target: Target::new(&folder.path().join("out.wav"), Some(Encoding::Float64)).unwrap(),
            sample_rate: RATE,
            block: BlockSize::default(),
            ksmps: None,
            start: 0.0,
            end: None,
            tail: 0.0,
        };
        Self {
            folder,
            job,
            told: Vec::new(),
        }
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let file = self.folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        file
    }

    /// A sound file of interleaved samples, to the last bit.
    pub fn sound_file(&self, name: &str, channels: u16, samples: &[f64]) -> PathBuf {
        let path = self.folder.path().join(name);
        let target = Target::new(&path, Some(Encoding::Float64)).unwrap();
        let mut writer = SoundWriter::create(target, RATE, channels).unwrap();
        writer.write(samples).unwrap();
        writer.finish().unwrap();
        path
    }

    pub fn score(mut self, text: &str) -> Self {
        self.job.music = Music::Score(self.file("a.score.toml", text));
        self
    }

    pub fn midi(mut self, bytes: &[u8]) -> Self {
        self.job.music = Music::Midi(self.file("a.mid", bytes));
        self
    }

    pub fn render(&mut self) -> Result<Summary, Error> {
        let mut listener = Ear(&mut self.told);
        self.job.render(&mut listener)
    }

    /// Writes a CSD instead of a sound file.
    pub fn export(&mut self, csd: &Path) -> Result<(), Error> {
        let mut listener = Ear(&mut self.told);
        self.job.export(csd, &mut listener)
    }

    /// Renders and reads the file.
    #[track_caller]
    pub fn sound(&mut self) -> Sound {
        if let Err(error) = self.render() {
            panic!("{error}");
        }
        soundfile::read(self.job.target.path()).unwrap()
    }

    /// The left channel.
    #[track_caller]
    pub fn left(&mut self) -> Vec<f64> {
        channel(&self.sound(), 0)
    }

    /// Renders in vain: the message. Nothing may have been written.
    #[track_caller]
    pub fn failure(&mut self) -> String {
        let error = self
            .render()
            .expect_err("the render should fail")
            .to_string();
        let left: Vec<_> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains("out") || name.contains("partial"))
            .collect();
        assert!(left.is_empty(), "a failed render leaves {left:?}");
        error
    }
}

struct Ear<'a>(&'a mut Vec<String>);

impl Listener for Ear<'_> {
    fn tell(&mut self, message: &str) {
        self.0.push(message.to_owned());
    }

    fn progress(&mut self, _done: u64, _expected: u64) {}
}

pub fn instruments() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instruments")
}

/// The text of a document of one Instr.
pub fn instr(name: &str, body: &str) -> String {
    format!("version = 1\n[[instr]]\nname = \"{name}\"\nbody = '''\n{body}\n'''\n")
}

pub fn channel(sound: &Sound, channel: usize) -> Vec<f64> {
    sound
        .samples
        .iter()
        .skip(channel)
        .step_by(sound.channels)
        .copied()
        .collect()
}

/// The first and the last sample that are not 0.
pub fn extent(samples: &[f64]) -> Option<(usize, usize)> {
    let sounds = |sample: &f64| *sample != 0.0;
    Some((
        samples.iter().position(sounds)?,
        samples.iter().rposition(sounds)?,
    ))
}

pub fn peak(samples: &[f64]) -> f64 {
    samples
        .iter()
        .fold(0.0, |peak, sample| peak.max(sample.abs()))
}

pub fn decibels(level: f64) -> f64 {
    20.0 * level.log10()
}

/// The frequency of the loudest partial, by a windowed FFT and a parabola through the peak.
pub fn pitch(samples: &[f64]) -> f64 {
    let spectrum = magnitudes(samples);
    let top = (1..spectrum.len() - 1)
        .max_by(|a, b| spectrum[*a].total_cmp(&spectrum[*b]))
        .unwrap();
    let [left, middle, right] = [top - 1, top, top + 1].map(|bin| spectrum[bin].max(1e-300).ln());
    let shift = 0.5 * (left - right) / (left - 2.0 * middle + right);
    (top as f64 + shift) * f64::from(RATE) / (2 * spectrum.len()) as f64
}

/// Magnitudes from 0 Hz up to half the sample rate, Hann window, eightfold zero padding.
pub fn magnitudes(samples: &[f64]) -> Vec<f64> {
    let length = samples.len() as f64;
    let window = |n: usize| (std::f64::consts::PI * n as f64 / length).sin().powi(2);
    let size = (8 * samples.len()).next_power_of_two();
    let mut buffer: Vec<rustfft::num_complex::Complex<f64>> = samples
        .iter()
        .enumerate()
        .map(|(n, sample)| (sample * window(n)).into())
        .collect();
    buffer.resize(size, 0.0.into());
    rustfft::FftPlanner::new()
        .plan_fft_forward(size)
        .process(&mut buffer);
    buffer[..size / 2].iter().map(|bin| bin.norm()).collect()
}
