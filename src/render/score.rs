//! Score files (`*.score.toml`): what an offline render plays.
//!
//! A score is read in full before anything sounds. Times are seconds of session time; inside an event
//! they count from its start. Unknown keys, times below 0 and numbers that are none are refused with
//! file, line, column and key.

mod line;
mod values;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::problem::{Problem, SourceText};

pub use line::{Pairs, Shape};
pub use values::{ArgValue, Args, Finite, Length, Midi7, Priority, Seconds, Settings, Unit};

/// A score with the text it was read from, for telling places in it.
#[derive(Debug)]
pub struct Score {
    /// What it says.
    pub content: Content,
    source: SourceText,
}

/// What a score file says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Where the output ends; without it, when the last finite event has ended.
    pub end: Option<Length>,
    /// Synths.
    #[serde(default, rename = "event")]
    pub events: Vec<Event>,
    /// Values of control buses.
    #[serde(default, rename = "bus_set")]
    pub bus_sets: Vec<BusSet>,
    /// Lines on control buses.
    #[serde(default, rename = "bus_automate")]
    pub bus_lines: Vec<BusLine>,
    /// Notes, which go through the layers as those of a host.
    #[serde(default, rename = "note")]
    pub notes: Vec<Note>,
    /// Values of controls, as host automation gives them.
    #[serde(default, rename = "param")]
    pub params: Vec<Param>,
}

/// A synth of one Instr.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// A name for people; no two events share one.
    pub id: Option<Spanned<String>>,
    /// The Instr.
    pub instr: Spanned<String>,
    /// Start.
    #[serde(default)]
    pub at: Seconds,
    /// Length; without it, the synth sounds until it is stopped.
    pub dur: Option<Length>,
    /// 1 and up, or -1 and down from the last one; a higher one is evaluated later. 1 if not given.
    pub priority: Option<Spanned<Priority>>,
    /// Values of its arguments.
    #[serde(default)]
    pub args: Args,
    /// Changes of its controls.
    #[serde(default, rename = "set")]
    pub sets: Vec<Set>,
    /// Lines on its controls.
    #[serde(default, rename = "automate")]
    pub lines: Vec<Line>,
    /// Where it is stopped.
    #[serde(default, rename = "stop")]
    pub stops: Vec<Stop>,
}

impl Event {
    /// Its place in the chain.
    pub fn priority(&self) -> Priority {
        let given = self.priority.as_ref();
        given.map_or_else(Priority::default, |priority| *priority.as_ref())
    }
}

/// New values for controls of an event.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// From the start of the event.
    #[serde(default)]
    pub at: Seconds,
    /// Controls by name.
    pub args: Settings,
}

/// A line on a control of an event.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The control.
    pub param: Spanned<String>,
    /// Times and values.
    pub pairs: Pairs,
    /// How to go from one value to the next.
    #[serde(default)]
    pub mode: Shape,
    /// From the start of the event.
    #[serde(default)]
    pub at: Seconds,
    /// Whether the first value is replaced by the current one.
    #[serde(default)]
    pub overtake: bool,
}

/// The end of an event before its time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// From the start of the event.
    pub at: Seconds,
}

/// A value for a control bus of the document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusSet {
    /// The bus, by its name with or without `@`.
    pub bus: Spanned<String>,
    /// When.
    #[serde(default)]
    pub at: Seconds,
    /// What.
    pub value: Finite,
}

/// A line on a control bus of the document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusLine {
    /// The bus, by its name with or without `@`.
    pub bus: Spanned<String>,
    /// When it starts.
    #[serde(default)]
    pub at: Seconds,
    /// Times and values.
    pub pairs: Pairs,
    /// How to go from one value to the next.
    #[serde(default)]
    pub mode: Shape,
    /// Whether the first value is replaced by the current one.
    #[serde(default)]
    pub overtake: bool,
}

/// A note.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Start.
    #[serde(default)]
    pub at: Seconds,
    /// Length; without it, the note is held to the end.
    pub dur: Option<Length>,
    /// MIDI key, 0..=127.
    pub key: Midi7,
    /// 0..=1.
    #[serde(default = "moderate")]
    pub velocity: Unit,
    /// MIDI channel, 0..=15.
    #[serde(default)]
    pub channel: values::Channel,
}

fn moderate() -> Unit {
    Unit::MODERATE
}

/// A value for a control, as host automation gives it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// `instr.control`.
    pub name: Spanned<String>,
    /// When.
    #[serde(default)]
    pub at: Seconds,
    /// In the control's own units.
    pub value: Finite,
}

impl Score {
    /// Reads a score file.
    ///
    /// # Errors
    /// It cannot be read, or says something that no score may say.
    pub fn load(file: &Path) -> Result<Self, Problem> {
        Self::parse(SourceText::read(file)?)
    }

    /// Reads a score that is at hand.
    ///
    /// # Errors
    /// It says something that no score may say.
    pub fn parse(source: SourceText) -> Result<Self, Problem> {
        let content = toml::from_str(source.text())
            .map_err(|error| source.problem(error.span().unwrap_or_default(), error.message()))?;
        let score = Self { content, source };
        score.check_ids()?;
        Ok(score)
    }

    /// A problem at a place in the score.
    pub fn problem<T>(&self, at: &Spanned<T>, message: impl Into<String>) -> Problem {
        self.source.problem(at.span(), message)
    }

    /// The file it came from.
    pub fn file(&self) -> &Path {
        self.source.file()
    }

    fn check_ids(&self) -> Result<(), Problem> {
        let mut seen = BTreeMap::new();
        for id in self
            .content
            .events
            .iter()
            .filter_map(|event| event.id.as_ref())
        {
            if seen.insert(id.as_ref(), ()).is_some() {
                let message = format!("another event has the id \"{}\" already", id.as_ref());
                return Err(self.problem(id, message));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
