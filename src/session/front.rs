//! The session: the half that the user and the editor hold.

use super::command::{ArgKey, Command, Ending, Report, SynthId, Timed};
use super::diagnostic::Diagnostic;
use super::instr::{ArgKind, Instr, Value};
use super::link::{Capacities, SessionEnd};
use super::name::NameId;
use super::pool::HandlePool;
use super::program::{Program, ProgramSpec};
use super::sched::{ArgName, Sched};
use std::collections::HashMap;
use std::sync::atomic::Ordering;

/// Where a synth stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It waits for its time.
    Future,
    /// It sounds, or rings out.
    Playing,
    /// It has ended, was cancelled, or could not be started.
    Stopped,
}

/// Why a call was refused. Nothing has changed when one is returned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The session knows no Instr of that name.
    #[error("there is no Instr {0:?}; it must be defined first")]
    UnknownInstr(String),
    /// The Instr has no argument of that name, alias or p-field.
    #[error("Instr {instr:?} has no argument {arg:?}; it has {known}")]
    UnknownArg {
        /// The Instr.
        instr: String,
        /// The name that was given.
        arg: String,
        /// The names it has.
        known: String,
    },
    /// An `i` or `S` argument is fixed when its synth starts.
    #[error(
        "argument {arg:?} of Instr {instr:?} is fixed when a synth starts; only k arguments can be set later"
    )]
    FixedArg {
        /// The Instr.
        instr: String,
        /// The argument.
        arg: String,
    },
    /// A number was given for a text, or a text for a number.
    #[error("argument {arg:?} of Instr {instr:?} takes a {wanted}")]
    WrongType {
        /// The Instr.
        instr: String,
        /// The argument.
        arg: String,
        /// What it takes.
        wanted: &'static str,
    },
    /// Priorities count from 1, or from -1 backwards.
    #[error(
        "priority {priority} does not exist: priorities are 1 to {highest}, or -1 to -{highest} from the end"
    )]
    BadPriority {
        /// What was asked for.
        priority: i32,
        /// How many there are.
        highest: u32,
    },
    /// The Instr may not be played that early in the chain.
    #[error("Instr {instr:?} must have at least priority {lowest}")]
    BelowMinPriority {
        /// The Instr.
        instr: String,
        /// Its lowest priority.
        lowest: u32,
    },
    /// A time or a length that is not a number, or negative.
    #[error("{0} must be a finite number of seconds, 0 or more")]
    BadTime(&'static str),
    /// The synth has ended.
    #[error("the synth has ended")]
    Stopped,
    /// A pool is used up.
    #[error("too many {what}: raise Capacities::{limit} (now {now})")]
    Full {
        /// What there is too much of.
        what: &'static str,
        /// The limit to raise.
        limit: &'static str,
        /// Its value.
        now: usize,
    },
    /// The code does not compile.
    #[error("{}", list(.0))]
    Code(Vec<Diagnostic>),
}

fn list(diagnostics: &[Diagnostic]) -> String {
    let lines: Vec<String> = diagnostics.iter().map(Diagnostic::to_string).collect();
    lines.join("\n")
}

struct Record {
    instr: Instr,
    start: u64,
    status: Status,
    when_finished: Option<Box<dyn FnOnce(SynthId) + Send>>,
}

/// What the user holds: it defines Instrs, starts synths and controls them, through rings that the performer reads.
/// Any thread but the audio thread; one at a time.
pub struct Session {
    end: SessionEnd,
    spec: ProgramSpec,
    /// The program that runs is not built from `spec`.
    stale: bool,
    pool: HandlePool,
    capacities: Capacities,
    synths: HashMap<SynthId, Record>,
    messages: Vec<String>,
    faults: Vec<Report>,
}

impl Session {
    pub(super) fn new(end: SessionEnd, capacities: &Capacities) -> Self {
        Self {
            end,
            spec: ProgramSpec::default(),
            stale: true,
            pool: HandlePool::new(capacities.synths),
            capacities: *capacities,
            synths: HashMap::new(),
            messages: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// What the next program is built from.
    pub fn spec(&self) -> &ProgramSpec {
        &self.spec
    }

    /// Replaces everything that the next program is built from.
    pub fn load(&mut self, spec: ProgramSpec) {
        self.stale |= spec != self.spec;
        self.spec = spec;
    }

    /// Takes over what the program was built from that the performer plays already, so that it is not built again.
    pub fn attach(&mut self, spec: ProgramSpec) {
        self.spec = spec;
        self.stale = false;
    }

    /// Defines an Instr, its arguments declared in its body, and registers it. An Instr of that name is replaced:
    /// synths that sound keep the old code.
    ///
    /// # Errors
    /// What is wrong with the declaration; code is compiled when it is first needed.
    pub fn def_instr(&mut self, name: &str, body: &str) -> Result<&Instr, Error> {
        let instr = Instr::new(name, body).map_err(Error::Code)?;
        self.register_instr(instr);
        self.get_instr(name)
            .ok_or_else(|| Error::UnknownInstr(name.to_owned()))
    }

    /// Registers an Instr; false if it is registered in this very form.
    pub fn register_instr(&mut self, instr: Instr) -> bool {
        let instrs = &mut self.spec.orchestra.instrs;
        match instrs.iter_mut().find(|known| known.name() == instr.name()) {
            Some(known) if *known == instr => return false,
            Some(known) => *known = instr,
            None => instrs.push(instr),
        }
        self.stale = true;
        true
    }

    /// The Instr of that name.
    pub fn get_instr(&self, name: &str) -> Option<&Instr> {
        self.spec
            .orchestra
            .instrs
            .iter()
            .find(|instr| instr.name() == name)
    }

    /// All Instrs, in order of definition.
    pub fn registered_instrs(&self) -> &[Instr] {
        &self.spec.orchestra.instrs
    }

    /// Builds and sends the program if anything has changed since the last time. Blocks for the compilation.
    ///
    /// # Errors
    /// What is wrong with the code; what plays is left as it is.
    pub fn prepare(&mut self) -> Result<(), Error> {
        if !self.stale {
            return Ok(());
        }
        let mut spec = self.spec.clone();
        let orchestra = &mut spec.orchestra;
        let everywhere = |instr| (1..=orchestra.priorities).map(move |priority| (instr, priority));
        orchestra.places = (0..orchestra.instrs.len()).flat_map(everywhere).collect();
        let program = Program::build(&spec).map_err(Error::Code)?;
        self.install(program);
        self.stale = false;
        Ok(())
    }

    /// Hands a program to the performer, which lets it take over at its next cycle. One that still waits is replaced.
    pub fn install(&mut self, program: Box<Program>) {
        drop(self.end.programs.force_push(program));
        self.collect();
    }

    /// Session time in seconds: of the next sample that the performer will be given.
    pub fn now(&self) -> f64 {
        self.end.position.load(Ordering::Acquire) as f64 / self.sample_rate()
    }

    /// Schedules a synth. Its code is compiled first if that has not happened yet.
    ///
    /// # Errors
    /// An unknown Instr or argument, a bad priority or time, code that does not compile, a full pool.
    pub fn sched(&mut self, instr: &str, sched: Sched) -> Result<SynthId, Error> {
        let instr = self
            .get_instr(instr)
            .cloned()
            .ok_or_else(|| Error::UnknownInstr(instr.to_owned()))?;
        let priority = self.priority(&instr, sched.priority)?;
        let start = self.start_time(sched.at, sched.delay)?;
        let length = self.length(start, &sched)?;
        let args = self.args(&instr, &sched.args)?;
        self.prepare()?;
        self.reserve(args.len() + 1)?;
        let full = Error::Full {
            what: "synths",
            limit: "synths",
            now: self.capacities.synths as usize,
        };
        let synth = self.pool.take().ok_or(full)?;
        for (key, value) in args {
            self.send(0, Command::Argument { synth, key, value });
        }
        let name = NameId::of(instr.name());
        self.send(
            start,
            Command::Start {
                synth,
                instr: name,
                priority,
                length,
            },
        );
        let record = Record {
            instr,
            start,
            status: Status::Future,
            when_finished: sched.when_finished,
        };
        self.synths.insert(synth, record);
        Ok(synth)
    }

    /// Sets a control of a synth, `delay` seconds from now. Before the synth has started it replaces the start value.
    ///
    /// # Errors
    /// An unknown or fixed argument, a synth that has ended, a full queue.
    pub fn set(&mut self, synth: SynthId, arg: &str, value: f64, delay: f64) -> Result<(), Error> {
        self.poll();
        let record = self.synths.get(&synth).ok_or(Error::Stopped)?;
        let found = record
            .instr
            .arg(arg)
            .ok_or_else(|| unknown_arg(&record.instr, arg))?;
        if found.kind != ArgKind::Control {
            return Err(Error::FixedArg {
                instr: record.instr.name().to_owned(),
                arg: arg.to_owned(),
            });
        }
        let key = ArgKey::Name(NameId::of(&found.name));
        let at = self.start_time(None, delay)?;
        self.reserve(1)?;
        self.send(at, Command::Set { synth, key, value });
        Ok(())
    }

    /// Stops a synth `delay` seconds from now: releases it if it sounds then, cancels it if it has not started.
    ///
    /// # Errors
    /// A bad time, a full queue. A synth that has ended is left alone.
    pub fn stop(&mut self, synth: SynthId, delay: f64) -> Result<(), Error> {
        let at = self.start_time(None, delay)?;
        self.reserve(1)?;
        self.send(at, Command::Stop { synth });
        Ok(())
    }

    /// Stops every synth that sounds, and cancels those that have not started if `future`.
    ///
    /// # Errors
    /// A full queue.
    pub fn unsched_all(&mut self, future: bool) -> Result<(), Error> {
        self.reserve(1)?;
        self.send(0, Command::StopAll { future });
        Ok(())
    }

    /// Where a synth stands, as of the last block.
    pub fn status(&mut self, synth: SynthId) -> Status {
        self.poll();
        self.synths
            .get(&synth)
            .map_or(Status::Stopped, |record| record.status)
    }

    /// Session time in seconds at which a synth starts, while it has not ended.
    pub fn start(&self, synth: SynthId) -> Option<f64> {
        Some(self.synths.get(&synth)?.start as f64 / self.sample_rate())
    }

    /// The synths that have not ended, by start.
    pub fn scheduled_synths(&mut self) -> Vec<SynthId> {
        self.poll();
        let mut synths: Vec<_> = self
            .synths
            .iter()
            .map(|(id, record)| (record.start, *id))
            .collect();
        synths.sort_by_key(|(start, id)| (*start, id.index));
        synths.into_iter().map(|(_, id)| id).collect()
    }

    /// Sends a command that acts at a session time in samples.
    ///
    /// # Errors
    /// A full queue.
    pub fn command(&mut self, at: u64, command: Command) -> Result<(), Error> {
        self.reserve(1)?;
        self.send(at, command);
        Ok(())
    }

    /// Takes in what the performer has reported: states change, `when_finished` functions run, programs that have
    /// come back are freed.
    pub fn poll(&mut self) {
        while let Some(report) = self.end.reports.pop() {
            self.take_in(report);
        }
        self.messages.append(&mut self.end.log.lines());
        self.collect();
    }

    /// What Csound has printed since the last call, a line each.
    pub fn take_messages(&mut self) -> Vec<String> {
        self.poll();
        std::mem::take(&mut self.messages)
    }

    /// Reports that concern no synth, since the last call.
    pub fn take_reports(&mut self) -> Vec<Report> {
        self.poll();
        std::mem::take(&mut self.faults)
    }

    fn take_in(&mut self, report: Report) {
        match report {
            Report::Started { synth } => {
                if let Some(record) = self.synths.get_mut(&synth) {
                    record.status = Status::Playing;
                }
            }
            Report::Ended { synth, how } => self.ended(synth, how),
            other => self.faults.push(other),
        }
    }

    fn ended(&mut self, synth: SynthId, how: Ending) {
        let Some(record) = self.synths.remove(&synth) else {
            return;
        };
        self.pool.give_back(synth);
        if how == Ending::Failed || how == Ending::Refused {
            self.faults.push(Report::Ended { synth, how });
        }
        if let Some(when_finished) = record.when_finished {
            when_finished(synth);
        }
    }

    /// Frees the programs that have come back.
    fn collect(&mut self) {
        while let Some(program) = self.end.retired.pop() {
            drop(program);
        }
    }

    fn sample_rate(&self) -> f64 {
        self.spec.orchestra.sample_rate
    }

    fn samples(&self, seconds: f64) -> u64 {
        (seconds * self.sample_rate()).round() as u64
    }

    fn start_time(&self, at: Option<f64>, delay: f64) -> Result<u64, Error> {
        let valid = |time: f64| time.is_finite() && time >= 0.0;
        match at {
            Some(at) if valid(at) => Ok(self.samples(at)),
            None if valid(delay) => {
                Ok(self.end.position.load(Ordering::Acquire) + self.samples(delay))
            }
            _ => Err(Error::BadTime("a delay")),
        }
    }

    /// Length in samples; the end falls on the sample nearest to the asked time, whatever the start was rounded to.
    fn length(&self, start: u64, sched: &Sched) -> Result<Option<u64>, Error> {
        let Some(dur) = sched.dur else {
            return Ok(None);
        };
        if !dur.is_finite() || dur < 0.0 {
            return Err(Error::BadTime("a duration"));
        }
        let end = match sched.at {
            Some(at) => self.samples(at + dur),
            None => start + self.samples(dur),
        };
        Ok(Some(end.saturating_sub(start).max(1)))
    }

    fn priority(&self, instr: &Instr, asked: i32) -> Result<u16, Error> {
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

    fn args(
        &mut self,
        instr: &Instr,
        given: &[(ArgName, Value)],
    ) -> Result<Vec<(ArgKey, f64)>, Error> {
        given
            .iter()
            .map(|(name, value)| self.arg(instr, name, value))
            .collect()
    }

    fn arg(
        &mut self,
        instr: &Instr,
        name: &ArgName,
        value: &Value,
    ) -> Result<(ArgKey, f64), Error> {
        let text = name.to_string();
        let found = instr.arg(&text);
        let wrong = |wanted| Error::WrongType {
            instr: instr.name().to_owned(),
            arg: text.clone(),
            wanted,
        };
        let key = match (found, name) {
            (Some(arg), _) => ArgKey::Name(NameId::of(&arg.name)),
            (None, ArgName::Place(place)) => ArgKey::Place(*place),
            (None, ArgName::Name(_)) => return Err(unknown_arg(instr, &text)),
        };
        let takes_text = found.is_some_and(|arg| arg.kind == ArgKind::Text);
        match value {
            Value::Number(_) if takes_text => Err(wrong("text")),
            Value::Text(_) if found.is_some() && !takes_text => Err(wrong("number")),
            Value::Number(number) => Ok((key, *number)),
            Value::Text(text) => Ok((key, f64::from(self.intern(text)))),
        }
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
        orchestra.interned(text).unwrap_or(0)
    }

    /// Makes sure that so many commands find room.
    fn reserve(&mut self, commands: usize) -> Result<(), Error> {
        let free = self.end.commands.capacity() - self.end.commands.len();
        if commands <= free {
            return Ok(());
        }
        Err(Error::Full {
            what: "commands at once",
            limit: "commands",
            now: self.capacities.commands,
        })
    }

    fn send(&mut self, at: u64, command: Command) {
        // `reserve` came first, and this is the only sender: there is room.
        let sent = self.end.commands.push(Timed { at, command });
        debug_assert!(sent.is_ok());
    }
}

fn unknown_arg(instr: &Instr, arg: &str) -> Error {
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
