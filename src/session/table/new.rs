//! What a table is to be made of.

use super::absolute;
use crate::session::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The most values that a table can have: 8 GB of them would be one more.
const MOST: usize = (1 << 30) - 1;
/// The most channels that instruments can put out.
const MOST_CHANNELS: u32 = 16;

/// A table that is to be made: from values, or empty in a size. One channel, no sample rate, if nothing else is said.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTable {
    pub(in crate::session) content: Content,
    pub(in crate::session) channels: u32,
    pub(in crate::session) sample_rate: Option<f64>,
    pub(in crate::session) shared: bool,
    pub(in crate::session) free_with_handles: bool,
}

/// What it holds at first.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::session) enum Content {
    Data(Arc<[f64]>),
    /// So many zeros.
    Zeros(usize),
}

impl NewTable {
    /// These values, channels interleaved.
    pub fn data(values: impl Into<Arc<[f64]>>) -> Self {
        Self::of(Content::Data(values.into()), 1)
    }

    /// So many values, all 0, for instruments to write. What they write stays when another program takes over; what a
    /// synth goes on writing in the old one does not follow.
    pub fn size(values: usize) -> Self {
        Self::of(Content::Zeros(values), 1)
    }

    /// So many frames of so many channels, all 0.
    pub fn frames(channels: u32, frames: usize) -> Self {
        let size = frames.saturating_mul(channels as usize);
        Self::of(Content::Zeros(size), channels)
    }

    fn of(content: Content, channels: u32) -> Self {
        Self {
            content,
            channels,
            sample_rate: None,
            shared: false,
            free_with_handles: false,
        }
    }

    /// How many channels the values are.
    pub fn channels(self, channels: u32) -> Self {
        Self { channels, ..self }
    }

    /// How many frames make a second.
    pub fn sample_rate(self, hertz: f64) -> Self {
        Self {
            sample_rate: Some(hertz),
            ..self
        }
    }

    /// A table with the same values that is there already does as well.
    pub fn shared(self) -> Self {
        Self {
            shared: true,
            ..self
        }
    }

    /// The table is freed when its last handle is dropped and no synth that was given it is left.
    pub fn free_with_handles(self) -> Self {
        Self {
            free_with_handles: true,
            ..self
        }
    }

    /// Channels and frames, if it can be made.
    pub(in crate::session) fn shape(&self) -> Result<(u32, usize), Error> {
        let size = match &self.content {
            Content::Data(data) => data.len(),
            Content::Zeros(size) => *size,
        };
        let whole = |channels| size.is_multiple_of(channels as usize);
        match self.channels {
            _ if size == 0 => Err(Error::BadTable("it has no values")),
            _ if size > MOST => Err(Error::BadTable("it has more values than fit into a table")),
            0 => Err(Error::BadTable("it has no channels")),
            channels if channels > MOST_CHANNELS => {
                Err(Error::BadTable("it has more than 16 channels"))
            }
            channels if !whole(channels) => Err(Error::BadTable("its last frame is not complete")),
            channels => Ok((channels, size / channels as usize)),
        }
    }

    /// That its values and its sample rate are numbers.
    pub(in crate::session) fn check(&self) -> Result<(), Error> {
        if let Content::Data(data) = &self.content
            && !data.iter().all(|value| value.is_finite())
        {
            return Err(Error::BadTable("a value is no finite number"));
        }
        let rates = 1.0..=1e9;
        if self.sample_rate.is_some_and(|rate| !rates.contains(&rate)) {
            return Err(Error::BadTable("its sample rate is outside 1 to 1e9 Hz"));
        }
        Ok(())
    }
}

impl From<Vec<f64>> for NewTable {
    fn from(values: Vec<f64>) -> Self {
        Self::data(values)
    }
}

impl From<&[f64]> for NewTable {
    fn from(values: &[f64]) -> Self {
        Self::data(values)
    }
}

impl<const N: usize> From<[f64; N]> for NewTable {
    fn from(values: [f64; N]) -> Self {
        Self::data(values)
    }
}

impl From<usize> for NewTable {
    fn from(size: usize) -> Self {
        Self::size(size)
    }
}

impl From<(u32, usize)> for NewTable {
    fn from((channels, frames): (u32, usize)) -> Self {
        Self::frames(channels, frames)
    }
}

/// A sound file that is to be read, WAV, AIFF, FLAC, OGG and whatever else Csound reads: all channels from its start, if
/// nothing else is said.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundFile {
    pub(in crate::session) path: PathBuf,
    pub(in crate::session) channel: u32,
    pub(in crate::session) skip: f64,
    pub(in crate::session) force: bool,
}

impl SoundFile {
    /// All of the file.
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self {
            path: path.as_ref().to_owned(),
            channel: 0,
            skip: 0.0,
            force: false,
        }
    }

    /// Only this channel, counted from 1; 0 means all, interleaved.
    pub fn channel(self, channel: u32) -> Self {
        Self { channel, ..self }
    }

    /// Without so many seconds at its start.
    pub fn skip(self, seconds: f64) -> Self {
        Self {
            skip: seconds,
            ..self
        }
    }

    /// Read again, into another table, even if the session has read it before.
    pub fn force(self) -> Self {
        Self {
            force: true,
            ..self
        }
    }

    /// The path as it was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The same file under its absolute path, if it is there and can be skipped into.
    pub(in crate::session) fn found(self) -> Result<Self, Error> {
        if self.path == Path::new("?") {
            return Err(Error::File {
                path: "?".to_owned(),
                reason: "there is no window to choose a file in; give its path".to_owned(),
            });
        }
        crate::session::books::time(self.skip, "what is skipped")?;
        let path = absolute(&self.path)?;
        if !path.is_file() {
            let (path, reason) = (path.display().to_string(), "it is not a file".to_owned());
            return Err(Error::File { path, reason });
        }
        Ok(Self { path, ..self })
    }
}

impl From<&str> for SoundFile {
    fn from(path: &str) -> Self {
        Self::new(path)
    }
}

impl From<&Path> for SoundFile {
    fn from(path: &Path) -> Self {
        Self::new(path)
    }
}

impl From<&PathBuf> for SoundFile {
    fn from(path: &PathBuf) -> Self {
        Self::new(path)
    }
}
