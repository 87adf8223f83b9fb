//! Events: synths that nobody has scheduled yet.

use super::line::Line;
use super::sched::{Given, Sched};

/// What an event does while it sounds; times in seconds from its start.
#[derive(Clone)]
pub(super) enum Action {
    Set { values: Vec<(String, f64)>, at: f64 },
    Automate { param: String, line: Line, at: f64 },
}

/// A synth as data: an Instr, when and how it is scheduled, and what is done to it, in seconds from its own start. It
/// can be scheduled as often as wanted.
#[derive(Clone)]
pub struct Event {
    pub(super) instr: String,
    pub(super) sched: Sched,
    pub(super) actions: Vec<Action>,
}

impl Event {
    /// An event of an Instr.
    pub fn new(instr: &str, sched: Sched) -> Self {
        Self {
            instr: instr.to_owned(),
            sched,
            actions: Vec::new(),
        }
    }

    /// The name of its Instr.
    pub fn instr(&self) -> &str {
        &self.instr
    }

    /// Gives it an argument by name, alias or `pN`.
    pub fn arg(mut self, name: &str, value: impl Into<Given>) -> Self {
        self.sched = self.sched.arg(name, value);
        self
    }

    /// Sets controls, `at` seconds from its start; at 0 they are start values.
    pub fn set<'a>(mut self, values: impl IntoIterator<Item = (&'a str, f64)>, at: f64) -> Self {
        let values = values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        self.actions.push(Action::Set { values, at });
        self
    }

    /// Lets a control follow a line, `at` seconds from its start.
    pub fn automate(mut self, param: &str, line: impl Into<Line>, at: f64) -> Self {
        let (param, line) = (param.to_owned(), line.into());
        self.actions.push(Action::Automate { param, line, at });
        self
    }

    /// Stops it `at` seconds from its start, on the sample, unless it ends before. Its body is told the length that it
    /// has without that, if any.
    pub fn stop(mut self, at: f64) -> Self {
        let stop = self.sched.stop.map_or(at, |stop| stop.min(at));
        self.sched.stop = Some(stop);
        self
    }
}
