//! How a synth is to be scheduled.

use super::command::SynthId;
use super::instr::Value;
use std::fmt;

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

/// When, how long, where in the chain, and with which arguments a synth is started. The default is now, until it is
/// stopped, at priority 1, with the defaults of its Instr.
#[derive(Default)]
pub struct Sched {
    pub(super) at: Option<f64>,
    pub(super) delay: f64,
    pub(super) dur: Option<f64>,
    pub(super) priority: i32,
    pub(super) args: Vec<(ArgName, Value)>,
    pub(super) when_finished: Option<Box<dyn FnOnce(SynthId) + Send>>,
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
    pub fn arg(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.args.push((name.into(), value.into()));
        self
    }

    /// Arguments by place, from p5.
    pub fn args<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        let places = (5..=u16::MAX).map(ArgName::Place);
        self.args
            .extend(places.zip(values.into_iter().map(Into::into)));
        self
    }

    /// Called once, on the session's side, when the synth is gone.
    pub fn when_finished(mut self, function: impl FnOnce(SynthId) + Send + 'static) -> Self {
        self.when_finished = Some(Box::new(function));
        self
    }
}
