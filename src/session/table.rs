//! Tables: what they are made of, and handles of them. Any thread but the audio thread.
//!
//! A table belongs to the session, not to a program. Nothing is ever made in a Csound that performs, so each program
//! gets all tables when it is built, off the audio thread. One that was made since the last program was built makes the
//! next [`Session::sched`](super::Session::sched) build another, which takes over while the synths that sound stay in
//! the old one; several tables made in a row cost one build. A number is never given to a second table.

mod book;
mod loops;
mod new;
mod read;

pub(super) use book::TableBook;
pub(super) use new::Content;
pub use new::{NewTable, SoundFile};
pub(super) use read::{FileFacts, cells, facts};

use super::error::Error;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What stays the same for a table.
struct Facts {
    number: u32,
    channels: u32,
    frames: usize,
    /// In Hz; `None` for data that is no sound.
    sample_rate: Option<f64>,
    holds: Holds,
    /// Nobody may use it any more.
    freed: AtomicBool,
}

/// Where a table's values come from.
#[derive(Clone)]
pub(super) enum Holds {
    /// These values.
    Data(Arc<[f64]>),
    /// Zeros, until instruments write it.
    Zeros,
    /// A sound file, and the frames it would have looped.
    File(SoundFile, Option<Range<usize>>),
    /// What a GEN routine of the document makes.
    Generated,
}

/// A handle of a table. Dropping it changes nothing, unless the table was made to be freed with its handles
/// ([`NewTable::free_with_handles`]). Give it to synths as an argument. Any thread but the audio thread.
#[derive(Clone)]
pub struct Table(Arc<Facts>);

impl Table {
    pub(super) fn new(
        number: u32,
        (channels, frames): (u32, usize),
        sample_rate: Option<f64>,
        holds: Holds,
    ) -> Self {
        Self(Arc::new(Facts {
            number,
            channels,
            frames,
            sample_rate,
            holds,
            freed: AtomicBool::new(false),
        }))
    }

    /// The same table for another session, which frees it by itself.
    pub(super) fn again(&self) -> Self {
        let shape = (self.channels(), self.frames());
        Self::new(
            self.number(),
            shape,
            self.sample_rate(),
            self.0.holds.clone(),
        )
    }

    /// What instruments know it by: the value of an argument that is a table.
    pub fn number(&self) -> u32 {
        self.0.number
    }

    /// Frames a second, in Hz; `None` for data that is no sound.
    pub fn sample_rate(&self) -> Option<f64> {
        self.0.sample_rate
    }

    /// Channels; the values of a frame stand side by side.
    pub fn channels(&self) -> u32 {
        self.0.channels
    }

    /// Values in each channel.
    pub fn frames(&self) -> usize {
        self.0.frames
    }

    /// Values in all channels.
    pub fn size(&self) -> usize {
        self.0.frames * self.0.channels as usize
    }

    /// The sound file it was read from.
    pub fn path(&self) -> Option<&Path> {
        self.file().map(|file| file.path.as_path())
    }

    /// Seconds of the sound file that were left out at the start.
    pub fn skip(&self) -> f64 {
        self.file().map_or(0.0, |file| file.skip)
    }

    /// The frames that its sound file would have looped: those of the first forward loop of a WAV file, or of the sustain
    /// loop of an AIFF file. `None` if it does not say so.
    pub fn loop_points(&self) -> Option<Range<usize>> {
        match &self.0.holds {
            Holds::File(_, points) => points.clone(),
            Holds::Data(_) | Holds::Zeros | Holds::Generated => None,
        }
    }

    /// Seconds.
    ///
    /// # Errors
    /// A table without a sample rate has no duration.
    pub fn duration(&self) -> Result<f64, Error> {
        let rate = self.0.sample_rate.ok_or(Error::NoSampleRate)?;
        Ok(self.0.frames as f64 / rate)
    }

    /// The values that it was made with, channels interleaved. What instruments have written since is not among them. A
    /// sound file is read again, which blocks.
    ///
    /// # Errors
    /// A file that cannot be read; a table whose values only Csound's GEN routine knows.
    pub fn data(&self) -> Result<Arc<[f64]>, Error> {
        match &self.0.holds {
            Holds::Data(data) => Ok(data.clone()),
            Holds::Zeros => Ok(vec![0.0; self.size()].into()),
            Holds::File(file, _) => cells(file).map(Into::into),
            Holds::Generated => Err(Error::BadTable("its values are made by a GEN routine")),
        }
    }

    /// Gives it up: it can be no argument any more, and programs that are built from now on do not have it. Synths that
    /// sound keep it; its memory goes with the program that they sound in.
    pub fn free(&self) {
        self.0.freed.store(true, Ordering::Release);
    }

    /// Whether it can still be used.
    pub fn is_valid(&self) -> bool {
        !self.0.freed.load(Ordering::Acquire)
    }

    /// The value of an argument.
    pub(super) fn argument(&self) -> Result<f64, Error> {
        if self.is_valid() {
            Ok(f64::from(self.0.number))
        } else {
            Err(Error::FreedTable)
        }
    }

    /// Whether one handle alone, the caller's, is left.
    fn is_forgotten(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }

    fn file(&self) -> Option<&SoundFile> {
        match &self.0.holds {
            Holds::File(file, _) => Some(file),
            Holds::Data(_) | Holds::Zeros | Holds::Generated => None,
        }
    }

    /// The file and part of it that it was read from.
    fn is_of(&self, file: &SoundFile) -> bool {
        let same = |own: &SoundFile| {
            (&own.path, own.channel, own.skip) == (&file.path, file.channel, file.skip)
        };
        self.file().is_some_and(same)
    }
}

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("number", &self.number())
            .field("channels", &self.channels())
            .field("frames", &self.frames())
            .field("path", &self.path())
            .finish()
    }
}

/// What a table of a sound file holds. `sample_rate` in Hz and `frames` are those of the table.
pub(super) fn of_file(file: SoundFile, sample_rate: f64, frames: usize) -> Holds {
    // Csound skips whole frames.
    let skipped = (file.skip * sample_rate) as u64;
    let inside = |frame: u64| {
        let frame = usize::try_from(frame.saturating_sub(skipped));
        frame.unwrap_or(frames).min(frames)
    };
    let points = loops::points(&file.path).map(|points| inside(points.start)..inside(points.end));
    let points = points.filter(|points| points.start < points.end);
    Holds::File(file, points)
}

/// The absolute form of a path, by which files are told apart.
fn absolute(path: &Path) -> Result<PathBuf, Error> {
    path.canonicalize().map_err(|error| Error::File {
        path: path.display().to_string(),
        reason: error.to_string(),
    })
}
