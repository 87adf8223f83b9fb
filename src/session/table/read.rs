//! Reading a sound file with Csound's own reader, in an instance that is made for it and thrown away.
//!
//! The same reader fills the table of each program, so what is said here of a file holds there. Takes milliseconds and
//! the time to read the file; allocates.

use super::SoundFile;
use crate::csound::{Config, Csound, Table};
use crate::session::error::Error;
use crate::session::orchestra;

/// The tables of the instance: the file, and what is known of it.
const FILE: u32 = 1;
const FACTS: u32 = 2;

/// What is known of a sound file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::session) struct FileFacts {
    /// In Hz.
    pub(in crate::session) sample_rate: f64,
    /// Those that are read.
    pub(in crate::session) channels: u32,
    pub(in crate::session) frames: usize,
}

/// Reads what is known of a file.
pub(in crate::session) fn facts(file: &SoundFile) -> Result<FileFacts, Error> {
    Ok(open(file)?.2)
}

/// Reads the values of a file, channels interleaved.
pub(in crate::session) fn cells(file: &SoundFile) -> Result<Vec<f64>, Error> {
    let (csound, table, facts) = open(file)?;
    // The length that Csound gives a table of several channels is one cell more than it has read.
    let size = facts.frames * facts.channels as usize;
    Ok(csound.cells(&table).iter().take(size).copied().collect())
}

fn open(file: &SoundFile) -> Result<(Csound, Table, FileFacts), Error> {
    let refused = |reason: String| Error::File {
        path: file.path.display().to_string(),
        reason,
    };
    let config = Config::default();
    let mut csound = Csound::new(&config).map_err(|error| refused(error.to_string()))?;
    let source = orchestra::file_arguments(&file.path.to_string_lossy(), file.channel, file.skip);
    let text = format!(
        "{}i__file ftgen {FILE}, 0, {source}\n\
         i__facts ftgen {FACTS}, 0, -3, -2, ftsr({FILE}), ftchnls({FILE}), nsamp({FILE})\n",
        config.header()
    );
    let loaded = csound.compile(&text).and_then(|()| csound.start());
    loaded.map_err(|error| refused(told(&error.diagnostics[0].message)))?;
    let empty = || refused("it holds no sound after what is skipped".to_owned());
    let table = csound.table(FILE).ok_or_else(empty)?;
    let known = csound.table(FACTS).ok_or_else(empty)?;
    let [sample_rate, channels, frames, ..] = *csound.cells(&known) else {
        return Err(empty());
    };
    let channels = (channels as u32).max(1);
    let frames = frames as usize;
    if frames == 0 || sample_rate <= 0.0 {
        return Err(empty());
    }
    let facts = FileFacts {
        sample_rate,
        channels,
        frames,
    };
    Ok((csound, table, facts))
}

/// Csound's complaint without the name of the opcode that is none of the reader's business.
fn told(message: &str) -> String {
    let reason = message.rsplit(": ").next().unwrap_or(message).trim();
    format!("Csound says: {reason}")
}
