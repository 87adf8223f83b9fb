//! From an event's names to what the performer knows, checked before anything changes.

use super::Session;
use crate::session::books::{Books, Needs, Path, Span, time};
use crate::session::command::{ArgKey, BusId, BusKey, Lasting};
use crate::session::error::Error;
use crate::session::event::{Action, Event};
use crate::session::instr::{ArgKind, Instr, Value};
use crate::session::performer::MAX_ARGS;
use crate::session::program::MAX_FIELDS;
use crate::session::sched::{ArgName, Given, Kind, Sched};
use crate::session::synth;
use crate::session::table::Table;
use std::collections::{BTreeMap, HashSet};

/// An event that can be scheduled as soon as its code runs.
pub(super) struct Resolved {
    pub(super) instr: Instr,
    pub(super) priority: u16,
    pub(super) sched: Sched,
    pub(super) args: Vec<(ArgKey, f64)>,
    /// The same by name, as far as they have one.
    pub(super) values: BTreeMap<String, f64>,
    pub(super) buses: Vec<BusId>,
    pub(super) tables: Vec<Table>,
    /// Seconds from the start.
    pub(super) sets: Vec<(f64, ArgKey, f64)>,
    pub(super) paths: Vec<(f64, ArgKey, Path)>,
}

impl Resolved {
    /// What scheduling it takes.
    pub(super) fn needs(&self) -> Needs {
        let own = Needs {
            // One stops what had its name before, one starts it.
            commands: self.args.len() + self.sets.len() + 2,
            synths: 1,
            ..Needs::default()
        };
        own.and(Needs::paths(self.paths.iter().map(|(_, _, path)| path)))
    }

    /// Start and length in samples. The end falls on the sample nearest to the asked time, whatever the start was
    /// rounded to.
    pub(super) fn span(&self, books: &Books) -> Span {
        let sched = &self.sched;
        let start = sched.at.map_or_else(
            || books.now() + books.samples(sched.delay),
            |at| books.samples(at),
        );
        let end = |dur| match sched.at {
            Some(at) => books.samples(at + dur),
            None => start + books.samples(dur),
        };
        let length = |dur: Option<f64>| dur.map(|dur| end(dur).saturating_sub(start).max(1));
        let (dur, stop) = (length(sched.dur), length(sched.stop));
        Span {
            start,
            lasting: dur
                .into_iter()
                .chain(stop)
                .min()
                .map(|length| Lasting::new(length, dur.unwrap_or(length))),
        }
    }
}

impl Session {
    /// Checks an event.
    pub(super) fn resolve(&mut self, event: &Event) -> Result<Resolved, Error> {
        self.poll();
        let sched = event.sched.clone();
        let priority = self.place(&event.instr, sched.priority)?;
        let instr = self.known(&event.instr)?.clone();
        time(sched.at.unwrap_or(sched.delay), "a delay")?;
        time(sched.dur.unwrap_or(0.0), "a duration")?;
        time(sched.stop.unwrap_or(0.0), "the time of a stop")?;
        let mut resolved = Resolved {
            instr,
            priority,
            sched,
            args: Vec::new(),
            values: BTreeMap::new(),
            buses: Vec::new(),
            tables: Vec::new(),
            sets: Vec::new(),
            paths: Vec::new(),
        };
        for (name, given) in &event.sched.args {
            self.argument(&mut resolved, name, given)?;
        }
        event
            .actions
            .iter()
            .try_for_each(|action| resolved.action(action))?;
        resolved.check_count()?;
        Ok(resolved)
    }

    /// The number of a priority that may count from the end.
    pub(super) fn priority(&self, instr: &Instr, asked: i32) -> Result<u16, Error> {
        let highest = self.spec.orchestra.priorities;
        let from_end = i64::from(highest) + 1 + i64::from(asked);
        let priority = if asked < 0 {
            from_end
        } else {
            i64::from(asked)
        };
        if !(1..=i64::from(highest)).contains(&priority) {
            return Err(Error::BadPriority {
                priority: asked,
                highest,
            });
        }
        if priority < i64::from(instr.min_priority()) {
            let lowest = instr.min_priority();
            return Err(Error::BelowMinPriority {
                instr: instr.name().to_owned(),
                lowest,
            });
        }
        Ok(priority as u16)
    }

    fn argument(
        &mut self,
        resolved: &mut Resolved,
        name: &ArgName,
        given: &Given,
    ) -> Result<(), Error> {
        let text = name.to_string();
        let instr = &resolved.instr;
        let found = instr.arg(&text);
        let key = match (found, name) {
            (Some(arg), _) => synth::key(arg),
            (None, ArgName::Place(place)) if usize::from(*place) <= MAX_FIELDS => {
                ArgKey::Place(*place)
            }
            (None, _) => return Err(unknown_arg(instr, &text)),
        };
        let takes_text = found.map(|arg| arg.kind == ArgKind::Text);
        let wrong = |wanted| Error::WrongType {
            instr: instr.name().to_owned(),
            arg: text.clone(),
            wanted,
        };
        let number = match &given.0 {
            Kind::Bus { .. } | Kind::Table(_) | Kind::Value(Value::Number(_))
                if takes_text == Some(true) =>
            {
                return Err(wrong("text"));
            }
            Kind::Table(table) => {
                resolved.tables.push(table.clone());
                table.argument()?
            }
            Kind::Bus { key, token } => self.bus_token(*key, *token)?,
            Kind::Value(Value::Number(number)) => *number,
            Kind::Value(Value::Text(text)) => match text.strip_prefix('@') {
                Some(name) if takes_text == Some(false) => self.reference(name)?,
                _ if takes_text == Some(false) => return Err(wrong("number")),
                _ if text.contains('\0') => return Err(Error::BadText(name.to_string())),
                _ => f64::from(self.intern(text)),
            },
        };
        if !number.is_finite() {
            return Err(Error::BadValue(text));
        }
        let bus = self.hub.lock().buses.with_token(number);
        resolved.buses.extend(bus);
        let name = found.map(|arg| arg.name.clone());
        resolved.values.extend(name.map(|name| (name, number)));
        resolved.args.push((key, number));
        Ok(())
    }

    /// The token of a bus that may still be handed out.
    fn bus_token(&self, key: Option<BusKey>, token: f64) -> Result<f64, Error> {
        match key {
            Some(BusKey::Assigned(id)) if !self.hub.lock().buses.is_valid(id) => {
                Err(Error::ReleasedBus)
            }
            _ => Ok(token),
        }
    }

    /// What an argument that names a bus or a table, without the `@`, is given.
    pub(crate) fn reference(&self, name: &str) -> Result<f64, Error> {
        let found = self.spec.orchestra.reference(name);
        found.ok_or_else(|| Error::UnknownReference(name.to_owned()))
    }

    /// The number of a text in a p-field. A text that no program has seen makes the next `prepare` build one.
    fn intern(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let orchestra = &mut self.spec.orchestra;
        if let Some(index) = orchestra.interned(text) {
            return index;
        }
        orchestra.strings.push(text.to_owned());
        self.stale = true;
        orchestra.strings.len() as u32
    }
}

impl Resolved {
    fn check_count(&self) -> Result<(), Error> {
        let keys = self.args.iter().map(|(key, _)| *key);
        if self.args.len() <= MAX_ARGS || keys.collect::<HashSet<_>>().len() <= MAX_ARGS {
            return Ok(());
        }
        Err(Error::TooManyArgs {
            instr: self.instr.name().to_owned(),
            most: MAX_ARGS,
        })
    }

    fn action(&mut self, action: &Action) -> Result<(), Error> {
        match action {
            Action::Set { values, at } => {
                let at = time(*at, "a delay")?;
                values
                    .iter()
                    .try_for_each(|(name, value)| self.set(name, *value, at))
            }
            Action::Automate { param, line, at } => {
                let (key, path) = synth::path(&self.instr, param, line)?;
                self.paths.push((time(*at, "a delay")?, key, path));
                Ok(())
            }
        }
    }

    fn set(&mut self, name: &str, value: f64, at: f64) -> Result<(), Error> {
        let arg = synth::control(&self.instr, name)?;
        if !value.is_finite() {
            return Err(Error::BadValue(name.to_owned()));
        }
        if at > 0.0 {
            self.sets.push((at, synth::key(arg), value));
        } else {
            self.args.push((synth::key(arg), value));
            self.values.insert(arg.name.clone(), value);
        }
        Ok(())
    }
}

/// The error of a name that an Instr has not.
pub(in crate::session) fn unknown_arg(instr: &Instr, arg: &str) -> Error {
    let names: Vec<&str> = instr.args().iter().map(|arg| arg.name.as_str()).collect();
    let known = if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    };
    Error::UnknownArg {
        instr: instr.name().to_owned(),
        arg: arg.to_owned(),
        known,
    }
}
