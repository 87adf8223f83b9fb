//! The events of a score as synths of a session.

use super::problem::Problem;
use super::score::{ArgValue, Args, Event, Score, Seconds, Set};
use super::timeline::{Ending, sample_at};
use crate::session::instr::{Arg, ArgKind, Instr, Value};
use crate::session::orchestra::OrchestraSpec;
use crate::session::{Sched, Session, Synth, add_built_in};
use toml::Spanned;

/// The texts that events give to arguments, so that the orchestra knows them before it is built.
pub fn texts(score: &Score) -> Vec<String> {
    let mut texts = Vec::new();
    for event in &score.content.events {
        let values: Vec<&ArgValue> = match &event.args {
            Args::Named(named) => named.iter().map(|(_, value)| value).collect(),
            Args::Placed(placed) => placed.iter().map(|value| value.as_ref()).collect(),
        };
        texts.extend(values.into_iter().filter_map(|value| match value {
            ArgValue::Text(text) => Some(text.clone()),
            ArgValue::Number(_) => None,
        }));
    }
    texts.sort();
    texts.dedup();
    texts
}

/// Adds the places in the chain that the events need to what the orchestra is built from.
///
/// # Errors
/// An Instr or a priority that does not exist.
pub fn add_places(score: &Score, orchestra: &mut OrchestraSpec) -> Result<(), Problem> {
    for event in &score.content.events {
        let name = event.instr.as_ref();
        add_built_in(orchestra, name)
            .map_err(|error| score.problem(&event.instr, error.to_string()))?;
        let index = orchestra
            .instrs
            .iter()
            .position(|instr| instr.name() == name.as_str());
        let Some(index) = index else {
            return Err(score.problem(&event.instr, unknown_instr(name, &orchestra.instrs)));
        };
        let priority = priority(score, event, &orchestra.instrs[index], orchestra.priorities)?;
        if !orchestra.places.contains(&(index, priority)) {
            orchestra.places.push((index, priority));
        }
    }
    Ok(())
}

fn unknown_instr(name: &str, instrs: &[Instr]) -> String {
    let names: Vec<_> = instrs.iter().map(Instr::name).collect();
    format!(
        "there is no Instr {name:?}; the document has: {}",
        names.join(", ")
    )
}

fn priority(score: &Score, event: &Event, instr: &Instr, among: u32) -> Result<u32, Problem> {
    let fault = match event.priority.as_ref().among(among) {
        Some(number) if number >= instr.min_priority() => return Ok(number),
        Some(_) => format!(
            "{} needs priority {} or more",
            instr.name(),
            instr.min_priority()
        ),
        None => format!("priorities are 1 to {among}, or -1 to -{among} from the last one"),
    };
    Err(score.problem(&event.priority, fault))
}

/// Schedules the events of a score. What they do is queued; nothing sounds yet.
pub struct Scheduler<'a> {
    /// The score.
    pub score: &'a Score,
    /// What plays it, before its first block.
    pub session: &'a mut Session,
    /// The token of a bus by its name without `@`.
    pub bus: &'a dyn Fn(&str) -> Option<f64>,
    /// In Hz.
    pub sample_rate: u32,
}

impl Scheduler<'_> {
    /// Schedules all events and takes their ends into account.
    ///
    /// # Errors
    /// Whatever the document does not have or its Instrs do not take, with its place in the score.
    pub fn schedule(&mut self, ending: &mut Ending) -> Result<(), Problem> {
        let score = self.score;
        for event in &score.content.events {
            self.refuse_lines(event)?;
            self.event(event, ending)?;
        }
        let content = &score.content;
        if let Some(set) = content.bus_sets.first() {
            return Err(score.problem(set, "bus_set cannot be played by this version"));
        }
        if let Some(line) = content.bus_lines.first() {
            return Err(score.problem(line, "bus_automate cannot be played by this version"));
        }
        Ok(())
    }

    fn refuse_lines(&self, event: &Event) -> Result<(), Problem> {
        let advice = "automate cannot be played by this version; use [[event.set]]";
        event
            .lines
            .first()
            .map_or(Ok(()), |line| Err(self.score.problem(line, advice)))
    }

    fn event(&mut self, event: &Event, ending: &mut Ending) -> Result<(), Problem> {
        let instr = self.instr(event)?;
        let stop = event
            .stops
            .iter()
            .map(|stop| stop.at)
            .min_by(|a, b| a.get().total_cmp(&b.get()));
        let length = event.dur.map(|dur| dur.get());
        let end = length
            .or(stop.map(Seconds::get))
            .map(|length| event.at.get() + length);
        ending.include(end.map(|end| sample_at(end, self.sample_rate)));

        let mut sched = Sched::at(event.at.get()).priority(event.priority.as_ref().number());
        if let Some(length) = length {
            sched = sched.dur(length);
        }
        sched = self.with_args(sched, &instr, &event.args)?;
        for set in event.sets.iter().filter(|set| set.at.get() == 0.0) {
            for (arg, value) in self.settings(&instr, set)? {
                sched = sched.arg(&arg.name, value);
            }
        }
        let synth = self
            .session
            .sched(instr.name(), sched)
            .map_err(|error| self.at(event, &error))?;
        for set in event.sets.iter().filter(|set| set.at.get() > 0.0) {
            self.set(event, &synth, &instr, set)?;
        }
        if let Some(stop) = stop {
            let stopped = synth.stop(event.at.get() + stop.get());
            stopped.map_err(|error| self.at(event, &error))?;
        }
        Ok(())
    }

    fn set(
        &mut self,
        event: &Event,
        synth: &Synth,
        instr: &Instr,
        set: &Set,
    ) -> Result<(), Problem> {
        let at = event.at.get() + set.at.get();
        for (arg, value) in self.settings(instr, set)? {
            let done = synth.set([(arg.name.as_str(), value)], at);
            done.map_err(|error| self.at(event, &error))?;
        }
        Ok(())
    }

    fn at(&self, event: &Event, error: &crate::session::Error) -> Problem {
        self.score.problem(&event.instr, error.to_string())
    }

    fn instr(&self, event: &Event) -> Result<Instr, Problem> {
        let name = event.instr.as_ref();
        self.session.get_instr(name).cloned().ok_or_else(|| {
            let instrs = self.session.registered_instrs();
            self.score
                .problem(&event.instr, unknown_instr(name, instrs))
        })
    }

    fn with_args(&self, mut sched: Sched, instr: &Instr, args: &Args) -> Result<Sched, Problem> {
        match args {
            Args::Named(named) => {
                for (name, value) in named {
                    let arg = self.known(instr, name)?;
                    sched = sched.arg(name.as_ref(), self.value(instr, arg, name, value)?);
                }
            }
            Args::Placed(placed) => {
                for (place, value) in (5..).zip(placed) {
                    let arg = instr.args().iter().find(|arg| arg.place == place);
                    let value = self.value(instr, arg, value, value.as_ref())?;
                    sched = sched.arg(&format!("p{place}"), value);
                }
            }
        }
        Ok(sched)
    }

    /// The argument of that name; `None` for a p-field that has none.
    fn known<'i>(
        &self,
        instr: &'i Instr,
        name: &Spanned<String>,
    ) -> Result<Option<&'i Arg>, Problem> {
        let text = name.as_ref();
        let is_place = text
            .strip_prefix('p')
            .is_some_and(|digits| digits.parse().is_ok_and(|place: u16| place >= 5));
        match instr.arg(text) {
            None if is_place => Ok(None),
            None => {
                let names: Vec<_> = instr.args().iter().map(|arg| arg.name.as_str()).collect();
                let known = if names.is_empty() {
                    "none".to_owned()
                } else {
                    names.join(", ")
                };
                let message = format!("{} has no argument {text:?}; it has: {known}", instr.name());
                Err(self.score.problem(name, message))
            }
            found => Ok(found),
        }
    }

    /// The value of an argument, if it is of its kind. `at` is where it stands in the score.
    fn value<T>(
        &self,
        instr: &Instr,
        arg: Option<&Arg>,
        at: &Spanned<T>,
        value: &ArgValue,
    ) -> Result<Value, Problem> {
        let takes_text = arg.is_some_and(|arg| arg.kind == ArgKind::Text);
        let fault = match value {
            ArgValue::Number(number) if !takes_text => return Ok(Value::Number(*number)),
            ArgValue::Text(text) if takes_text => return Ok(Value::Text(text.clone())),
            ArgValue::Text(text) => match text.strip_prefix('@') {
                Some(bus) => match (self.bus)(bus) {
                    Some(token) => return Ok(Value::Number(token)),
                    None => format!("the document has no bus or table {bus:?}"),
                },
                None if arg.is_none() => return Ok(Value::Text(text.clone())),
                None => "it takes a number".to_owned(),
            },
            ArgValue::Number(_) => "it takes a text".to_owned(),
        };
        Err(self.score.problem(at, format!("{}: {fault}", instr.name())))
    }

    fn settings<'i>(&self, instr: &'i Instr, set: &Set) -> Result<Vec<(&'i Arg, f64)>, Problem> {
        let named = match &set.args {
            Args::Named(named) => named.as_slice(),
            Args::Placed(placed) => {
                let advice = "a set names its controls: args = { name = value }";
                return placed
                    .first()
                    .map_or(Ok(Vec::new()), |at| Err(self.score.problem(at, advice)));
            }
        };
        named
            .iter()
            .map(|(name, value)| self.setting(instr, name, value))
            .collect()
    }

    fn setting<'i>(
        &self,
        instr: &'i Instr,
        name: &Spanned<String>,
        value: &ArgValue,
    ) -> Result<(&'i Arg, f64), Problem> {
        let arg = self.known(instr, name)?;
        let Some(arg) = arg.filter(|arg| arg.kind == ArgKind::Control) else {
            let message = format!(
                "{} is fixed when a synth of {} starts",
                name.as_ref(),
                instr.name()
            );
            return Err(self.score.problem(name, message));
        };
        let value = self.value(instr, Some(arg), name, value)?;
        // A control takes no text, so this is a number.
        Ok((arg, value.number().unwrap_or_default()))
    }
}
