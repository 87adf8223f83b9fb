//! Handles of synths and of their automations. Any thread but the audio thread.

use super::books::{Hub, Path, Span, set, time};
use super::command::{ArgKey, AutomationId, Command, Moves, SynthId, Timed};
use super::error::Error;
use super::front::{Status, unknown_arg};
use super::instr::{Arg, ArgKind, Instr};
use super::line::Line;
use super::name::NameId;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Asked before a control is set: the synth, the argument, the value, the delay in seconds. False leaves it alone.
pub(super) type SetCallback = Arc<dyn Fn(SynthId, &str, f64, f64) -> bool + Send + Sync>;

/// How often a waiting thread looks.
const LOOK: Duration = Duration::from_millis(2);

/// What stays the same for a synth.
pub(super) struct Facts {
    pub(super) id: SynthId,
    pub(super) instr: Instr,
    pub(super) priority: u16,
    pub(super) span: Span,
    pub(super) sample_rate: f64,
    pub(super) on_set: Option<SetCallback>,
}

/// A handle of one synth, before, while and after it sounds. Dropping it changes nothing. Any thread but the audio
/// thread.
#[derive(Clone)]
pub struct Synth {
    hub: Hub,
    facts: Arc<Facts>,
}

impl Synth {
    pub(super) fn new(hub: Hub, facts: Arc<Facts>) -> Self {
        Self { hub, facts }
    }

    /// What reports and callbacks know it by.
    pub fn id(&self) -> SynthId {
        self.facts.id
    }

    /// The Instr it was scheduled from, as it was then.
    pub fn instr(&self) -> &Instr {
        &self.facts.instr
    }

    /// Its place in the chain, 1 and up.
    pub fn priority(&self) -> u16 {
        self.facts.priority
    }

    /// Session time of its start in seconds.
    pub fn start(&self) -> f64 {
        self.facts.span.start as f64 / self.facts.sample_rate
    }

    /// Its length in seconds; `None` until stopped.
    pub fn dur(&self) -> Option<f64> {
        Some(self.facts.span.lasting?.length() as f64 / self.facts.sample_rate)
    }

    /// Session time of its nominal end in seconds, its release left aside; infinite until stopped.
    pub fn end(&self) -> f64 {
        self.dur().map_or(f64::INFINITY, |dur| self.start() + dur)
    }

    /// Seconds from now to its start; negative once it has started.
    pub fn relative_start(&self) -> f64 {
        let now = self.hub.lock().now();
        self.start() - now as f64 / self.facts.sample_rate
    }

    /// Sets controls by name or alias, `delay` seconds from now (from its start in a renderer). Before the start it
    /// replaces start values. While an automation runs on a control, the automation wins.
    ///
    /// # Errors
    /// An unknown or fixed argument, a value that is no number, a bad delay, a synth that has ended, a full queue;
    /// nothing is set then.
    pub fn set<'a>(
        &self,
        values: impl IntoIterator<Item = (&'a str, f64)>,
        delay: f64,
    ) -> Result<(), Error> {
        let checked = values
            .into_iter()
            .map(|(name, value)| self.setting(name, value));
        let checked: Vec<_> = checked.collect::<Result<_, _>>()?;
        time(delay, "a delay")?;
        let allowed = checked
            .into_iter()
            .filter(|(arg, value)| self.allows(&arg.name, *value, delay));
        let allowed: Vec<_> = allowed.collect();
        self.hub.poll();
        let mut books = self.hub.lock();
        if !books.synths.contains_key(&self.facts.id) {
            return Err(Error::Stopped);
        }
        let at = books.after_for(&self.facts, delay)?;
        let command = |(arg, value): &(&Arg, f64)| set(self.facts.id, key(arg), *value);
        let commands: Vec<Timed> = allowed
            .iter()
            .map(|setting| Timed {
                at,
                command: command(setting),
            })
            .collect();
        books.try_post(&commands)?;
        if let (Some(record), true) = (books.synths.get_mut(&self.facts.id), delay == 0.0) {
            record.values.extend(
                allowed
                    .iter()
                    .map(|(arg, value)| (arg.name.clone(), *value)),
            );
        }
        Ok(())
    }

    /// Lets a control follow a line, `delay` seconds from now (from its start in a renderer). The last value holds; a
    /// newer automation of the control ends this one; it ends with the synth. Where the line begins before the synth,
    /// the synth starts inside it.
    ///
    /// # Errors
    /// An unknown or fixed argument, no line, a bad delay, a synth that has ended, a full pool or queue.
    pub fn automate(
        &self,
        param: &str,
        line: impl Into<Line>,
        delay: f64,
    ) -> Result<Automation, Error> {
        let moves = Moves::Control(self.facts.id, key(control(&self.facts.instr, param)?));
        self.hub.poll();
        let mut books = self.hub.lock();
        if !books.synths.contains_key(&self.facts.id) {
            return Err(Error::Stopped);
        }
        let at = books.after_for(&self.facts, delay)?;
        let id = books.begin(moves, &line.into(), at)?;
        Ok(Automation {
            hub: self.hub.clone(),
            id,
        })
    }

    /// Stops it `delay` seconds from now (from its start in a renderer): releases it if it sounds then, cancels it if
    /// it has not started. One that has ended is left alone.
    ///
    /// # Errors
    /// A bad delay, a full queue.
    pub fn stop(&self, delay: f64) -> Result<(), Error> {
        self.hub.poll();
        let mut books = self.hub.lock();
        let at = books.after_for(&self.facts, delay)?;
        if !books.synths.contains_key(&self.facts.id) {
            return Ok(());
        }
        books.try_post(&[Timed {
            at,
            command: Command::Stop {
                synth: self.facts.id,
            },
        }])
    }

    /// Where it stands, as of the last block.
    pub fn status(&self) -> Status {
        self.hub.poll();
        let books = self.hub.lock();
        books
            .synths
            .get(&self.facts.id)
            .map_or(Status::Stopped, |record| record.status)
    }

    /// Whether it sounds, its release included.
    pub fn playing(&self) -> bool {
        self.status() == Status::Playing
    }

    /// Whether it has ended, was cancelled, or could not be started.
    pub fn finished(&self) -> bool {
        self.status() == Status::Stopped
    }

    /// Blocks while it sounds, `limit` at most; one that has not started is not waited for. True if it does not sound.
    pub fn wait(&self, limit: Duration) -> bool {
        let begin = Instant::now();
        while self.playing() {
            if begin.elapsed() >= limit {
                return false;
            }
            std::thread::sleep(LOOK);
        }
        true
    }

    /// The value of an argument by name, alias or `pN`: of a control as of the last block while it sounds, else what
    /// it starts with. `None` for texts, unknown names, and once the synth has ended.
    pub fn param_value(&self, name: &str) -> Option<f64> {
        let arg = self.facts.instr.arg(name)?;
        self.hub.poll();
        let books = self.hub.lock();
        let record = books.synths.get(&self.facts.id)?;
        let live = arg.cell.and_then(|cell| books.control(self.facts.id, cell));
        let given = record.values.get(&arg.name).copied();
        live.or(given).or_else(|| arg.default.number())
    }

    /// The names of all its arguments, in order.
    pub fn param_names(&self) -> Vec<&str> {
        self.facts
            .instr
            .args()
            .iter()
            .map(|arg| self.facts.instr.shown_name(arg))
            .collect()
    }

    /// The names of the arguments that can be set while it sounds, in order; an alias stands for its argument.
    pub fn dynamic_param_names(&self) -> Vec<&str> {
        self.facts
            .instr
            .controls()
            .map(|arg| self.facts.instr.shown_name(arg))
            .collect()
    }

    /// Whether the callbacks let a control be set.
    fn allows(&self, name: &str, value: f64, delay: f64) -> bool {
        self.facts
            .on_set
            .as_ref()
            .is_none_or(|asked| asked(self.facts.id, name, value, delay))
    }

    fn setting(&self, name: &str, value: f64) -> Result<(&Arg, f64), Error> {
        let arg = control(&self.facts.instr, name)?;
        if value.is_finite() {
            Ok((arg, value))
        } else {
            Err(Error::BadValue(name.to_owned()))
        }
    }
}

impl fmt::Debug for Synth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.facts.instr.name();
        f.debug_struct("Synth")
            .field("id", &self.facts.id)
            .field("instr", &name)
            .finish()
    }
}

impl PartialEq for Synth {
    fn eq(&self, other: &Self) -> bool {
        self.facts.id == other.facts.id && Arc::ptr_eq(&self.facts, &other.facts)
    }
}

/// A handle of one automation. Dropping it changes nothing.
#[derive(Clone)]
pub struct Automation {
    hub: Hub,
    id: AutomationId,
}

impl Automation {
    pub(super) fn new(hub: Hub, id: AutomationId) -> Self {
        Self { hub, id }
    }

    /// What tells it from others.
    pub fn id(&self) -> AutomationId {
        self.id
    }

    /// Ends it; what it moved stays where it is. One that has ended is left alone.
    ///
    /// # Errors
    /// A full queue.
    pub fn cancel(&self) -> Result<(), Error> {
        let command = Command::Cancel {
            automation: self.id,
        };
        self.hub.lock().try_post(&[Timed { at: 0, command }])
    }
}

impl fmt::Debug for Automation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Automation").field(&self.id).finish()
    }
}

/// The argument of that name if it can be set while a synth sounds.
pub(super) fn control<'a>(instr: &'a Instr, name: &str) -> Result<&'a Arg, Error> {
    let arg = instr.arg(name).ok_or_else(|| unknown_arg(instr, name))?;
    if arg.kind == ArgKind::Control {
        return Ok(arg);
    }
    Err(Error::FixedArg {
        instr: instr.name().to_owned(),
        arg: name.to_owned(),
    })
}

/// What the performer knows an argument by.
pub(super) fn key(arg: &Arg) -> ArgKey {
    ArgKey::Name(NameId::of(&arg.name))
}

/// A checked line for a control.
pub(super) fn path(instr: &Instr, param: &str, line: &Line) -> Result<(ArgKey, Path), Error> {
    Ok((key(control(instr, param)?), Path::of(line)?))
}
