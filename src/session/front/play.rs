//! Scheduling synths and stopping them.

use super::begin::stop_namesake;
use super::resolve::Resolved;
use super::{Session, Status};
use crate::session::books::{Needs, Record, Span, full};
use crate::session::command::{Command, SynthId, Timed};
use crate::session::error::Error;
use crate::session::event::Event;
use crate::session::group::SynthGroup;
use crate::session::line::Line;
use crate::session::sched::Sched;
use crate::session::synth::{Automation, Facts, Synth};

/// Which synths a call means.
#[derive(Clone, Debug, PartialEq)]
pub enum Which {
    /// This one.
    Synth(SynthId),
    /// All of this instrument number; see [`Session::instrnum`].
    Number(u32),
    /// The one scheduled under this name, else all of the Instr of this name.
    Name(String),
}

impl From<&Synth> for Which {
    fn from(synth: &Synth) -> Self {
        Which::Synth(synth.id())
    }
}

impl From<SynthId> for Which {
    fn from(synth: SynthId) -> Self {
        Which::Synth(synth)
    }
}

impl From<u32> for Which {
    fn from(number: u32) -> Self {
        Which::Number(number)
    }
}

impl From<&str> for Which {
    fn from(name: &str) -> Self {
        Which::Name(name.to_owned())
    }
}

impl Session {
    /// Schedules a synth. Its code is compiled first if that has not happened yet, which blocks; so does a text that no
    /// program has been given before.
    ///
    /// # Errors
    /// An unknown Instr or argument, a bad priority or time, a released bus, code that does not compile, a full pool.
    pub fn sched(&mut self, instr: &str, sched: Sched) -> Result<Synth, Error> {
        self.sched_event(&Event::new(instr, sched))
    }

    /// Schedules an event with all that is done to it.
    ///
    /// # Errors
    /// As [`Session::sched`].
    pub fn sched_event(&mut self, event: &Event) -> Result<Synth, Error> {
        if let Some(handler) = &mut self.handler {
            return handler.sched_event(event);
        }
        let resolved = self.resolve(event)?;
        self.make_room([&resolved])?;
        self.start(resolved)
    }

    /// Schedules several events; those with equal delays start on the same sample.
    ///
    /// # Errors
    /// As [`Session::sched`]; none is scheduled then.
    pub fn sched_events(&mut self, events: &[Event]) -> Result<SynthGroup, Error> {
        if let Some(handler) = &mut self.handler {
            let synths: Result<Vec<Synth>, Error> = events
                .iter()
                .map(|event| handler.sched_event(event))
                .collect();
            return synths.map(SynthGroup::new);
        }
        let resolved: Result<Vec<_>, Error> =
            events.iter().map(|event| self.resolve(event)).collect();
        let resolved = resolved?;
        self.make_room(&resolved)?;
        let before = {
            let mut books = self.hub.lock();
            let now = books.now();
            books.frozen.replace(now)
        };
        let group = self.start_all(resolved);
        self.hub.lock().frozen = before;
        group
    }

    /// Lets a control of a synth follow a line; see [`Synth::automate`].
    ///
    /// # Errors
    /// As [`Synth::automate`].
    pub fn automate(
        &mut self,
        synth: &Synth,
        param: &str,
        line: impl Into<Line>,
        delay: f64,
    ) -> Result<Automation, Error> {
        synth.automate(param, line, delay)
    }

    /// Stops synths `delay` seconds from now: releases those that sound then, cancels those that have not started.
    ///
    /// # Errors
    /// A name or number under which nothing was ever defined, a bad delay, a full queue.
    pub fn unsched(&mut self, which: impl Into<Which>, delay: f64) -> Result<(), Error> {
        self.poll();
        let which = which.into();
        let synths = self.meant(&which)?;
        let mut books = self.hub.lock();
        let at = books.after(delay)?;
        let stop = |synth| Timed {
            at,
            command: Command::Stop { synth },
        };
        let stops: Vec<Timed> = synths.into_iter().map(stop).collect();
        books.try_post(&stops)
    }

    /// Stops every synth that sounds, and cancels those that have not started if `future`.
    ///
    /// # Errors
    /// A full queue.
    pub fn unsched_all(&mut self, future: bool) -> Result<(), Error> {
        let mut books = self.hub.lock();
        let at = books.now();
        books.try_post(&[Timed {
            at,
            command: Command::StopAll { future },
        }])
    }

    /// The synths that sound, by start.
    pub fn active_synths(&mut self) -> Vec<Synth> {
        self.synths(|record| record.status == Status::Playing)
    }

    /// The synths that have not ended, by start.
    pub fn scheduled_synths(&mut self) -> Vec<Synth> {
        self.synths(|_| true)
    }

    /// The synth scheduled under a name, while it has not ended.
    pub fn named_synth(&mut self, name: &str) -> Option<Synth> {
        self.synths(|record| record.name.as_deref() == Some(name))
            .pop()
    }

    fn synths(&mut self, wanted: impl Fn(&Record) -> bool) -> Vec<Synth> {
        self.poll();
        let books = self.hub.lock();
        let records = books.synths.values().filter(|record| wanted(record));
        let mut found: Vec<_> = records.map(|record| record.facts.clone()).collect();
        found.sort_by_key(|facts| (facts.span.start, facts.id.index));
        found
            .into_iter()
            .map(|facts| Synth::new(self.hub.clone(), facts))
            .collect()
    }

    fn meant(&self, which: &Which) -> Result<Vec<SynthId>, Error> {
        let books = self.hub.lock();
        let pick = |wanted: &dyn Fn(&Record) -> bool| -> Vec<SynthId> {
            let found = books.synths.iter().filter(|(_, record)| wanted(record));
            found.map(|(id, _)| *id).collect()
        };
        match which {
            Which::Synth(id) => Ok(pick(&|record| record.facts.id == *id)),
            Which::Number(number) => {
                let own = |record: &Record| {
                    self.number(record.facts.instr.name(), record.facts.priority) == Some(*number)
                };
                Ok(pick(&own))
            }
            Which::Name(name) => {
                let named = pick(&|record| record.name.as_ref() == Some(name));
                if !named.is_empty() {
                    return Ok(named);
                }
                let of_instr = pick(&|record| record.facts.instr.name() == name);
                if of_instr.is_empty() && self.get_instr(name).is_none() {
                    return Err(Error::NotScheduled(format!("{name:?}")));
                }
                Ok(of_instr)
            }
        }
    }

    /// Makes sure that events can be scheduled, and that the code they need runs.
    fn make_room<'a>(
        &mut self,
        resolved: impl IntoIterator<Item = &'a Resolved> + Clone,
    ) -> Result<(), Error> {
        if self.stopped {
            return Err(Error::SessionStopped);
        }
        self.prepare()?;
        self.poll();
        let books = self.hub.lock();
        let needs = resolved.clone().into_iter().map(Resolved::needs);
        books.room(&needs.fold(Needs::default(), Needs::and))?;
        let slices = self.spec.orchestra.slices as usize;
        let spans: Vec<Span> = resolved.into_iter().map(|one| one.span(&books)).collect();
        for (index, span) in spans.iter().enumerate() {
            if books.synths.len() + index < slices {
                continue;
            }
            let earlier = spans[..index]
                .iter()
                .filter(|other| other.covers(span.start));
            let sounding = books.sounding_at(span.start) + earlier.count();
            let what = "synths that sound at once";
            full(sounding >= slices, what, "OrchestraSpec::slices", slices)?;
        }
        Ok(())
    }

    /// Schedules all or none.
    fn start_all(&mut self, resolved: Vec<Resolved>) -> Result<SynthGroup, Error> {
        let mut group = SynthGroup::default();
        for one in resolved {
            match self.start(one) {
                Ok(synth) => group.extend([synth]),
                Err(error) => {
                    // Another thread has used the room up; what was asked for already is taken back.
                    group.stop(0.0)?;
                    return Err(error);
                }
            }
        }
        Ok(group)
    }

    /// Schedules an event whose code runs.
    fn start(&mut self, resolved: Resolved) -> Result<Synth, Error> {
        let callback = self.callbacks.get(resolved.instr.name());
        let on_set = resolved.sched.on_set.clone().or_else(|| callback.cloned());
        let mut books = self.hub.lock();
        books.room(&resolved.needs())?;
        let span = resolved.span(&books);
        let mut commands = stop_namesake(&books, resolved.sched.name.as_deref(), span.start);
        let sample_rate = books.sample_rate;
        let facts = books.enter(|id| {
            resolved.record(Facts {
                id,
                instr: resolved.instr.clone(),
                priority: resolved.priority,
                span,
                sample_rate,
                on_set,
            })
        })?;
        commands.extend(resolved.commands(&mut books, &facts)?);
        books.post(commands);
        Ok(Synth::new(self.hub.clone(), facts))
    }
}
