//! What a render plays, read from its file.

use std::path::{Path, PathBuf};

use super::error::Error;
use super::job::{Listener, Music};
use super::midi::MidiPiece;
use super::score::Score;
use super::timeline::Timeline;
use crate::session::program::ProgramSpec;

/// Music that was read.
pub enum Source {
    /// None.
    Nothing,
    /// A score.
    Score(Score),
    /// A MIDI file, and where it is.
    Midi(PathBuf, MidiPiece),
}

impl Source {
    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn load(music: &Music, sample_rate: u32) -> Result<Self, Error> {
        Ok(match music {
            Music::Nothing => Self::Nothing,
            Music::Score(file) => Self::Score(Score::load(file)?),
            Music::Midi(file) => Self::Midi(file.clone(), MidiPiece::load(file, sample_rate)?),
        })
    }

    /// Its notes and parameters, at exact samples.
    ///
    /// # Errors
    /// A parameter that the document does not have.
    pub fn timeline(
        &self,
        spec: &ProgramSpec,
        sample_rate: u32,
        listener: &mut dyn Listener,
    ) -> Result<Timeline, Error> {
        match self {
            Self::Nothing => Ok(Timeline::empty(sample_rate)),
            Self::Score(score) => Ok(Timeline::of_score(score, spec, sample_rate)?),
            Self::Midi(file, piece) => {
                tell_unended(file, piece.unended, listener);
                Ok(Timeline::of_midi(piece.clone()))
            }
        }
    }
}

fn tell_unended(file: &Path, unended: usize, listener: &mut dyn Listener) {
    let what = match unended {
        0 => return,
        1 => "1 note has no end and is released".to_owned(),
        count => format!("{count} notes have no end and are released"),
    };
    let file = file.display();
    listener.tell(&format!("{file}: {what} at its end"));
}
