//! Sound files: WAV in and out, FLAC in and out, AIFF in. A file is written beside its place under
//! another name and moved there when it is complete, so that a failed render leaves none.

mod flac;
mod read;
mod wav;

use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use tempfile::NamedTempFile;

use super::problem::Problem;

pub use read::{Sound, read};

/// How a sample is stored. Full scale is 1.0; the integer forms clip and are not dithered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// 16-bit integers.
    Pcm16,
    /// 24-bit integers.
    Pcm24,
    /// 32-bit integers.
    Pcm32,
    /// 32-bit floating point.
    Float32,
    /// 64-bit floating point: exactly what was computed.
    Float64,
}

impl Encoding {
    const NAMES: [(&'static str, Encoding); 5] = [
        ("pcm16", Encoding::Pcm16),
        ("pcm24", Encoding::Pcm24),
        ("pcm32", Encoding::Pcm32),
        ("float32", Encoding::Float32),
        ("float64", Encoding::Float64),
    ];

    /// Bits per sample.
    pub fn bits(self) -> u16 {
        match self {
            Encoding::Pcm16 => 16,
            Encoding::Pcm24 => 24,
            Encoding::Pcm32 | Encoding::Float32 => 32,
            Encoding::Float64 => 64,
        }
    }

    /// Whether samples are floating point numbers.
    pub fn is_float(self) -> bool {
        matches!(self, Encoding::Float32 | Encoding::Float64)
    }
}

impl FromStr for Encoding {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = Self::NAMES.iter().find(|(name, _)| *name == text);
        named
            .map(|(_, encoding)| *encoding)
            .ok_or_else(|| "it is one of pcm16, pcm24, pcm32, float32 and float64".to_owned())
    }
}

/// A sound file to be written: where, and in which form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    path: PathBuf,
    container: Container,
    encoding: Encoding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Container {
    Wav,
    Flac,
}

impl Target {
    /// The ending of the name, `.wav` or `.flac`, decides the kind. Without an encoding a WAV file gets
    /// 32-bit floating point, a FLAC file 24 bits.
    ///
    /// # Errors
    /// Another ending, or an encoding that FLAC does not have.
    pub fn new(path: &Path, encoding: Option<Encoding>) -> Result<Self, Problem> {
        let container = container_of(path).ok_or_else(|| {
            Problem::of_file(path, "the name of the output ends in .wav or .flac")
        })?;
        let encoding = encoding.unwrap_or(match container {
            Container::Wav => Encoding::Float32,
            Container::Flac => Encoding::Pcm24,
        });
        if container == Container::Flac && !matches!(encoding, Encoding::Pcm16 | Encoding::Pcm24) {
            return Err(Problem::of_file(path, "a FLAC file holds pcm16 or pcm24"));
        }
        Ok(Self {
            path: path.to_owned(),
            container,
            encoding,
        })
    }

    /// Where the file will stand.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The options that make command-line `csound` write this form.
    pub(super) fn csound_format(&self) -> &'static str {
        match (self.container, self.encoding) {
            (Container::Flac, Encoding::Pcm16) => "--format=flac --format=short",
            (Container::Flac, _) => "--format=flac --format=24bit",
            (Container::Wav, Encoding::Pcm16) => "--wave --format=short",
            (Container::Wav, Encoding::Pcm24) => "--wave --format=24bit",
            (Container::Wav, Encoding::Pcm32) => "--wave --format=long",
            (Container::Wav, Encoding::Float32) => "--wave --format=float",
            (Container::Wav, Encoding::Float64) => "--wave --format=double",
        }
    }

    /// Whether a file of that length can be written.
    ///
    /// # Errors
    /// It is longer than the 4 GB that a WAV file can hold.
    pub fn check_length(&self, frames: u64, channels: u16) -> Result<(), Problem> {
        let frame = u64::from(self.encoding.bits() / 8) * u64::from(channels);
        if self.container == Container::Wav && frames.saturating_mul(frame) > wav::MOST_BYTES {
            return Err(self.fails(wav::TOO_LONG));
        }
        Ok(())
    }

    fn fails(&self, error: impl std::fmt::Display) -> Problem {
        Problem::of_file(&self.path, format!("cannot be written: {error}"))
    }
}

fn container_of(path: &Path) -> Option<Container> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "wav" | "wave" => Some(Container::Wav),
        "flac" => Some(Container::Flac),
        _ => None,
    }
}

/// Where a render's sound goes.
pub trait Output {
    /// Takes whole frames, interleaved.
    ///
    /// # Errors
    /// It has no room for them.
    fn write(&mut self, interleaved: &[f64]) -> Result<(), Problem>;
}

/// Sound that nobody wants but for its length.
pub struct Counted {
    samples: u64,
    channels: u64,
}

impl Counted {
    /// Nothing yet, of so many channels.
    pub fn new(channels: usize) -> Self {
        Self {
            samples: 0,
            channels: channels as u64,
        }
    }

    /// Its length.
    pub fn frames(&self) -> u64 {
        self.samples / self.channels.max(1)
    }
}

impl Output for Counted {
    fn write(&mut self, interleaved: &[f64]) -> Result<(), Problem> {
        self.samples += interleaved.len() as u64;
        Ok(())
    }
}

impl Output for SoundWriter {
    fn write(&mut self, interleaved: &[f64]) -> Result<(), Problem> {
        SoundWriter::write(self, interleaved)
    }
}

/// A sound file in the making. Dropped before [`SoundWriter::finish`], it leaves nothing behind.
pub struct SoundWriter {
    target: Target,
    file: NamedTempFile,
    sink: Sink,
    frames: u64,
    channels: usize,
}

enum Sink {
    Wav(wav::WavSink),
    Flac(Box<flac::FlacSink>),
}

/// What became of a finished sound file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its length.
    pub frames: u64,
    /// Samples that were beyond full scale and are clipped; always 0 for floating point.
    pub clipped: u64,
}

impl SoundWriter {
    /// Begins a file.
    ///
    /// # Errors
    /// The folder cannot be written, or the form does not hold this sample rate or channel count.
    pub fn create(target: Target, sample_rate: u32, channels: u16) -> Result<Self, Problem> {
        let folder = match target.path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        if !folder.is_dir() {
            return Err(target.fails(format!("there is no folder {}", folder.display())));
        }
        let file = temporary_in(folder).map_err(|error| target.fails(error))?;
        let out = BufWriter::new(file.reopen().map_err(|error| target.fails(error))?);
        let form = Form {
            encoding: target.encoding,
            sample_rate,
            channels,
        };
        let sink = match target.container {
            Container::Wav => wav::WavSink::new(out, form).map(Sink::Wav),
            Container::Flac => {
                flac::FlacSink::new(out, form).map(|sink| Sink::Flac(Box::new(sink)))
            }
        };
        let sink = sink.map_err(|error| target.fails(error))?;
        Ok(Self {
            target,
            file,
            sink,
            frames: 0,
            channels: usize::from(channels),
        })
    }

    /// Appends whole frames, interleaved.
    ///
    /// # Errors
    /// The disk is full, or the file is longer than its form can say.
    pub fn write(&mut self, interleaved: &[f64]) -> Result<(), Problem> {
        debug_assert_eq!(interleaved.len() % self.channels, 0);
        let done = match &mut self.sink {
            Sink::Wav(sink) => sink.write(interleaved),
            Sink::Flac(sink) => sink.write(interleaved),
        };
        self.frames += (interleaved.len() / self.channels) as u64;
        done.map_err(|error| self.target.fails(error))
    }

    /// Completes the file and moves it to its place, over an older one.
    ///
    /// # Errors
    /// The disk is full, or the place cannot be written.
    pub fn finish(self) -> Result<Written, Problem> {
        let Self {
            target,
            file,
            sink,
            frames,
            ..
        } = self;
        let clipped = match sink {
            Sink::Wav(sink) => sink.finish(),
            Sink::Flac(sink) => sink.finish(),
        };
        let clipped = clipped.map_err(|error| target.fails(error))?;
        file.persist(&target.path)
            .map_err(|error| target.fails(error.error))?;
        Ok(Written { frames, clipped })
    }
}

#[derive(Clone, Copy)]
struct Form {
    encoding: Encoding,
    sample_rate: u32,
    channels: u16,
}

fn temporary_in(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".render-").suffix(".partial");
    // Readable by others as far as the umask allows, as any file that a program writes.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Turns samples into integers of a width and counts those beyond full scale.
struct Quantizer {
    scale: f64,
    clipped: u64,
}

impl Quantizer {
    fn new(bits: u16) -> Self {
        Self {
            scale: f64::powi(2.0, i32::from(bits) - 1),
            clipped: 0,
        }
    }

    fn integer(&mut self, sample: f64) -> i32 {
        let scaled = (sample * self.scale).round_ties_even();
        let kept = scaled.clamp(-self.scale, self.scale - 1.0);
        self.clipped += u64::from(scaled != kept);
        kept as i32
    }
}

#[cfg(test)]
mod tests;
