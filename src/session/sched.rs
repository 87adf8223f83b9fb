//! How a synth is to be scheduled.

use super::bus::Bus;
use super::command::{BusKey, SynthId};
use super::instr::Value;
use super::synth::SetCallback;
use super::table::Table;
use std::fmt;
use std::sync::Arc;

/// What is called when a synth is gone.
pub(super) type WhenFinished = Arc<dyn Fn(SynthId) + Send + Sync>;

/// How an argument is meant: by name or alias, or by its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgName {
    /// A name or an alias.
    Name(String),
    /// A p-field number, 5 and up.
    Place(u16),
}

impl fmt::Display for ArgName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArgName::Name(name) => f.write_str(name),
            ArgName::Place(place) => write!(f, "p{place}"),
        }
    }
}

impl From<&str> for ArgName {
    fn from(name: &str) -> Self {
        let place = name
            .strip_prefix('p')
            .and_then(|digits| digits.parse().ok());
        place
            .filter(|place| *place >= 5)
            .map_or_else(|| ArgName::Name(name.to_owned()), ArgName::Place)
    }
}

/// What an argument is given: a number, a text, a bus or a table. For a number argument, the text `@name` means the
/// document's bus or table of that name.
#[derive(Clone, Debug, PartialEq)]
pub struct Given(pub(super) Kind);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Value(Value),
    Bus { key: Option<BusKey>, token: f64 },
    Table(Table),
}

impl From<Value> for Given {
    fn from(value: Value) -> Self {
        Given(Kind::Value(value))
    }
}

impl From<f64> for Given {
    fn from(number: f64) -> Self {
        Value::from(number).into()
    }
}

impl From<i32> for Given {
    fn from(number: i32) -> Self {
        f64::from(number).into()
    }
}

impl From<&str> for Given {
    fn from(text: &str) -> Self {
        Value::from(text).into()
    }
}

impl From<String> for Given {
    fn from(text: String) -> Self {
        Value::Text(text).into()
    }
}

impl From<&Table> for Given {
    fn from(table: &Table) -> Self {
        Given(Kind::Table(table.clone()))
    }
}

impl From<&Bus> for Given {
    fn from(bus: &Bus) -> Self {
        Given(Kind::Bus {
            key: bus.key(),
            token: bus.token(),
        })
    }
}

/// When, how long, where in the chain, and with which arguments a synth is started. The default is now, until it is
/// stopped, at priority 1, with the defaults of its Instr.
#[derive(Clone, Default)]
pub struct Sched {
    pub(super) at: Option<f64>,
    pub(super) delay: f64,
    pub(super) dur: Option<f64>,
    /// Seconds from the start after which it is stopped.
    pub(super) stop: Option<f64>,
    pub(super) priority: i32,
    pub(super) args: Vec<(ArgName, Given)>,
    pub(super) name: Option<String>,
    pub(super) when_finished: Option<WhenFinished>,
    pub(super) on_set: Option<SetCallback>,
}

impl Sched {
    /// Now, until stopped, at priority 1.
    pub fn now() -> Self {
        Self {
            priority: 1,
            ..Self::default()
        }
    }

    /// `delay` seconds from now.
    pub fn after(delay: f64) -> Self {
        Self {
            delay,
            ..Self::now()
        }
    }

    /// At a session time in seconds. A time that has passed means now.
    pub fn at(time: f64) -> Self {
        Self {
            at: Some(time),
            ..Self::now()
        }
    }

    /// Length in seconds. A negative one means until stopped.
    pub fn dur(mut self, seconds: f64) -> Self {
        self.dur = (seconds >= 0.0 || seconds.is_nan()).then_some(seconds);
        self
    }

    /// Priority: 1 and up, a higher one is evaluated later; or -1 and down from the last one.
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    /// An argument by name, alias or `pN`.
    pub fn arg(mut self, name: &str, value: impl Into<Given>) -> Self {
        self.args.push((name.into(), value.into()));
        self
    }

    /// Arguments by place, from p5.
    pub fn args<V: Into<Given>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        let places = (5..=u16::MAX).map(ArgName::Place);
        self.args
            .extend(places.zip(values.into_iter().map(Into::into)));
        self
    }

    /// Under a name of its own. What was scheduled under it before and has not ended is stopped when this synth is
    /// scheduled.
    pub fn name(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// Whether it has a length.
    pub(super) fn has_dur(&self) -> bool {
        self.dur.is_some()
    }

    /// With a table and other arguments before those that were given, which win.
    pub(super) fn with_first<const N: usize>(
        mut self,
        name: &str,
        table: &Table,
        values: [(&str, f64); N],
    ) -> Self {
        let first = (ArgName::from(name), Given::from(table));
        let others = values.map(|(name, value)| (name.into(), value.into()));
        self.args.splice(..0, std::iter::once(first).chain(others));
        self
    }

    /// Called once, on the session's side, by whatever call takes in that the synth is gone.
    pub fn when_finished(mut self, function: impl Fn(SynthId) + Send + Sync + 'static) -> Self {
        self.when_finished = Some(Arc::new(function));
        self
    }

    /// Asked before a control of this synth is set: the argument, the value, the delay in seconds. False leaves the
    /// control alone. It stands before the one of the Instr.
    pub fn on_set(
        mut self,
        function: impl Fn(SynthId, &str, f64, f64) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.on_set = Some(Arc::new(function));
        self
    }
}
