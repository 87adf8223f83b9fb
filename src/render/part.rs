//! Which part of what is played becomes a sound file.

use super::error::Error;
use super::run::Span;
use super::timeline::{Ending, sample_at};

/// The longest time that can be asked for, in seconds: a week.
const LONGEST: f64 = 604_800.0;

/// A part of session time; times in seconds. The default is all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Part {
    /// Where the output begins.
    pub start: f64,
    /// Where it ends, instead of where the music does.
    pub end: Option<f64>,
    /// How long it goes on after the end.
    pub tail: f64,
}

impl Part {
    /// The samples of it, if what is played has an end.
    ///
    /// # Errors
    /// A time that is none, or nothing between start and end.
    pub(super) fn of(&self, ending: Ending, sample_rate: u32) -> Result<Option<Span>, Error> {
        let end = self.end.unwrap_or_default();
        let times = [("start", self.start), ("tail", self.tail), ("end", end)];
        let wrong = times
            .into_iter()
            .find(|(_, time)| !(0.0..=LONGEST).contains(time));
        if let Some((what, time)) = wrong {
            let message = format!("the {what} is a time from 0 to {LONGEST} seconds, not {time}");
            return Err(Error::Request(message));
        }
        let sample = |seconds| sample_at(seconds, sample_rate);
        let asked = self.end.map(sample).or(ending.asked);
        let (start, tail) = (sample(self.start), sample(self.tail));
        let Some(end) = asked.or(ending.finite) else {
            return Ok(None);
        };
        if start >= end + tail {
            let message = format!("the output begins at {} s and ends before that", self.start);
            return Err(Error::Request(message));
        }
        Ok(Some(Span {
            start,
            end: end + tail,
            rings_out: asked.is_none() && !ending.endless,
        }))
    }
}
