//! What is entered into the books, and what room it takes.

use crate::session::command::{BusId, Lasting};
use crate::session::curve::Mode;
use crate::session::error::Error;
use crate::session::front::Status;
use crate::session::line::{Line, Point};
use crate::session::sched::WhenFinished;
use crate::session::synth::Facts;
use crate::session::table::Table;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A synth that has not ended.
pub(in crate::session) struct Record {
    pub(in crate::session) facts: Arc<Facts>,
    pub(in crate::session) status: Status,
    /// The name it was scheduled under.
    pub(in crate::session) name: Option<String>,
    /// Buses whose tokens it was given.
    pub(in crate::session) buses: Vec<BusId>,
    /// Tables that it was given, which are not forgotten while it has not ended.
    pub(in crate::session) _tables: Vec<Table>,
    /// Values that it was given, by argument.
    pub(in crate::session) values: BTreeMap<String, f64>,
    pub(in crate::session) when_finished: Option<WhenFinished>,
}

/// When a synth sounds by its schedule, its release left aside.
#[derive(Clone, Copy, Debug)]
pub(in crate::session) struct Span {
    /// Samples of session time.
    pub(in crate::session) start: u64,
    /// `None` until stopped.
    pub(in crate::session) lasting: Option<Lasting>,
}

impl Span {
    /// Whether it sounds at a session time in samples.
    pub(in crate::session) fn covers(&self, at: u64) -> bool {
        self.start <= at
            && self
                .lasting
                .is_none_or(|lasting| self.start + lasting.length() > at)
    }
}

/// A line on its way to the performer.
pub(in crate::session) struct Path {
    pub(super) points: Vec<Point>,
    pub(super) mode: Mode,
    pub(super) overtakes: bool,
}

impl Path {
    /// Checks a line.
    pub(in crate::session) fn of(line: &Line) -> Result<Self, Error> {
        let overtakes = line.overtakes();
        let mut points = line.points()?;
        if overtakes {
            points[0].value = 0.0;
        }
        Ok(Self {
            points,
            mode: line.shape(),
            overtakes,
        })
    }

    /// How many commands carry it.
    pub(in crate::session) fn commands(&self) -> usize {
        self.points.len() + 1
    }
}

/// What a call needs before it changes anything.
#[derive(Clone, Copy, Default)]
pub(in crate::session) struct Needs {
    pub(in crate::session) commands: usize,
    pub(in crate::session) synths: usize,
    pub(in crate::session) automations: usize,
    pub(in crate::session) points: usize,
}

impl Needs {
    /// So many commands.
    pub(in crate::session) fn commands(commands: usize) -> Self {
        Self {
            commands,
            ..Self::default()
        }
    }

    /// An automation along each of these.
    pub(in crate::session) fn paths<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Self {
        paths.into_iter().fold(Self::default(), |needs, path| Self {
            commands: needs.commands + path.commands(),
            automations: needs.automations + 1,
            points: needs.points + path.points.len(),
            ..needs
        })
    }

    /// Both.
    pub(in crate::session) fn and(self, other: Self) -> Self {
        Self {
            commands: self.commands + other.commands,
            synths: self.synths + other.synths,
            automations: self.automations + other.automations,
            points: self.points + other.points,
        }
    }
}
