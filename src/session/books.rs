//! What a session knows of its synths, automations and buses, and its end of the rings. Handles share it.

mod entry;

pub(super) use entry::{Needs, Path, Record, Span};

use super::bus_book::BusBook;
use super::command::{ArgKey, AutomationId, Command, Ending, Moves, Report, SynthId, Timed};
use super::error::Error;
use super::front::Status;
use super::line::{Line, Point};
use super::link::{Capacities, SessionEnd};
use super::pool::HandlePool;
use super::problems::Problems;
use super::sched::WhenFinished;
use super::synth::Facts;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An instrument may have used a bus this many samples ago and use it still: a cycle, at most.
const LONGEST_CYCLE: u64 = 128;

/// The books and the lock on them. Not for the audio thread.
#[derive(Clone)]
pub(super) struct Hub(Arc<Mutex<Books>>);

impl Hub {
    pub(super) fn new(end: SessionEnd, capacities: &Capacities) -> Self {
        Self(Arc::new(Mutex::new(Books::new(end, capacities))))
    }

    /// The books as they stand. A panic elsewhere leaves them whole: each entry is written in one go.
    pub(super) fn lock(&self) -> MutexGuard<'_, Books> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what the performer has reported. Functions that wait for it run without the lock.
    pub(super) fn poll(&self) {
        let finished = {
            let mut books = self.lock();
            books.take_in_all();
            std::mem::take(&mut books.finished)
        };
        finished
            .into_iter()
            .for_each(|(synth, function)| function(synth));
    }
}

pub(super) struct Books {
    pub(super) end: SessionEnd,
    pub(super) capacities: Capacities,
    pub(super) sample_rate: f64,
    /// Session time that stands still for the caller, in samples.
    pub(super) frozen: Option<u64>,
    /// Nobody performs: what is done to a synth counts from its start.
    pub(super) scripted: bool,
    pub(super) synths: HashMap<SynthId, Record>,
    pub(super) buses: BusBook,
    pub(super) messages: Vec<String>,
    pub(super) problems: Problems,
    pub(super) faults: Vec<Report>,
    finished: Vec<(SynthId, WhenFinished)>,
    synth_ids: HandlePool,
    automation_ids: HandlePool,
    /// The points of each automation that has not ended.
    automations: HashMap<AutomationId, usize>,
    points: usize,
    /// Commands sent so far.
    sent: u64,
}

impl Books {
    fn new(end: SessionEnd, capacities: &Capacities) -> Self {
        Self {
            end,
            capacities: *capacities,
            sample_rate: 48_000.0,
            frozen: None,
            scripted: false,
            synths: HashMap::new(),
            buses: BusBook::new(capacities.buses),
            messages: Vec::new(),
            problems: Problems::default(),
            faults: Vec::new(),
            finished: Vec::new(),
            synth_ids: HandlePool::new(capacities.synths),
            automation_ids: HandlePool::new(capacities.automations),
            automations: HashMap::new(),
            points: 0,
            sent: 0,
        }
    }

    /// Session time for the caller, in samples.
    pub(super) fn now(&self) -> u64 {
        self.frozen
            .unwrap_or_else(|| self.end.position.load(Ordering::Acquire))
    }

    /// A length in samples; what is longer than any session is cut, so that sums of lengths are ones.
    pub(super) fn samples(&self, seconds: f64) -> u64 {
        ((seconds * self.sample_rate).round() as u64).min(1 << 60)
    }

    /// The session time in samples some seconds from now.
    pub(super) fn after(&self, delay: f64) -> Result<u64, Error> {
        Ok(self.now() + self.samples(time(delay, "a delay")?))
    }

    /// The session time in samples of what is done to a synth after some seconds.
    pub(super) fn after_for(&self, facts: &Facts, delay: f64) -> Result<u64, Error> {
        let after = self.after(delay)?;
        Ok(match self.scripted {
            true => facts.span.start + self.samples(delay),
            false => after,
        })
    }

    /// Makes sure of room for all that a call needs.
    pub(super) fn room(&self, needs: &Needs) -> Result<(), Error> {
        let capacities = &self.capacities;
        let ring = self.end.commands.slots();
        full(
            needs.commands > ring,
            "commands at once",
            "Capacities::commands",
            capacities.commands,
        )?;
        let waiting = (self.sent - self.end.board.done()) as usize + needs.commands;
        let (what, limit) = ("commands that wait", "Capacities::scheduled");
        full(
            waiting > capacities.scheduled,
            what,
            limit,
            capacities.scheduled,
        )?;
        let synths = capacities.synths as usize;
        full(
            needs.synths > self.synth_ids.left(),
            "synths",
            "Capacities::synths",
            synths,
        )?;
        let automations = capacities.automations as usize;
        let over = needs.automations > self.automation_ids.left();
        full(over, "automations", "Capacities::automations", automations)?;
        let points = capacities.points as usize;
        let over = self.points + needs.points > points;
        full(over, "points of automations", "Capacities::points", points)
    }

    /// Sends commands, for which there is room; the performer takes all of them in the same block.
    pub(super) fn post(&mut self, commands: impl IntoIterator<Item = Timed>) {
        for timed in commands {
            let sent = self.end.commands.push(timed);
            debug_assert!(sent.is_ok());
            self.sent += 1;
        }
        self.end.board.publish(self.sent);
    }

    /// Checks for room and sends.
    pub(super) fn try_post(&mut self, commands: &[Timed]) -> Result<(), Error> {
        self.room(&Needs::commands(commands.len()))?;
        self.post(commands.iter().copied());
        Ok(())
    }

    fn full(&self, what: &'static str, limit: &'static str, now: u32) -> Error {
        Error::Full {
            what,
            limit,
            now: now as usize,
        }
    }

    /// Enters a synth, for which there is room.
    pub(super) fn enter(
        &mut self,
        record: impl FnOnce(SynthId) -> Record,
    ) -> Result<Arc<Facts>, Error> {
        let full = self.full("synths", "Capacities::synths", self.capacities.synths);
        let (index, generation) = self.synth_ids.take().ok_or(full)?;
        let id = SynthId { index, generation };
        let record = record(id);
        let facts = record.facts.clone();
        record.buses.iter().for_each(|bus| self.buses.given(*bus));
        self.synths.insert(id, record);
        Ok(facts)
    }

    /// Enters an automation, for which there is room, that begins at a session time in samples.
    pub(super) fn automate(
        &mut self,
        moves: Moves,
        path: &Path,
        at: u64,
    ) -> Result<(AutomationId, Vec<Timed>), Error> {
        let limit = self.capacities.automations;
        let full = self.full("automations", "Capacities::automations", limit);
        let (index, generation) = self.automation_ids.take().ok_or(full)?;
        let automation = AutomationId { index, generation };
        self.automations.insert(automation, path.points.len());
        self.points += path.points.len();
        let first = path.points[0].time;
        let point = |point: &Point| Command::Point {
            automation,
            time: point.time - first,
            value: point.value,
        };
        let mut commands: Vec<Timed> = path
            .points
            .iter()
            .map(|p| Timed {
                at: 0,
                command: point(p),
            })
            .collect();
        let (mode, overtake) = (path.mode, path.overtakes);
        let command = Command::Automate {
            automation,
            moves,
            mode,
            overtake,
        };
        commands.push(Timed {
            at: at + self.samples(first),
            command,
        });
        Ok((automation, commands))
    }

    /// Begins an automation at a session time in samples.
    pub(super) fn begin(
        &mut self,
        moves: Moves,
        line: &Line,
        at: u64,
    ) -> Result<AutomationId, Error> {
        let path = Path::of(line)?;
        self.room(&Needs::paths([&path]))?;
        let (automation, commands) = self.automate(moves, &path, at)?;
        self.post(commands);
        Ok(automation)
    }

    /// Synths that can sound while one more does that starts then, by their nominal lengths.
    pub(super) fn sounding_at(&self, start: u64) -> usize {
        let spans = self.synths.values().map(|record| &record.facts.span);
        spans.filter(|span| span.covers(start)).count()
    }

    fn take_in_all(&mut self) {
        while let Ok(report) = self.end.reports.pop() {
            self.take_in(report);
        }
        let lines = self.end.log.lines();
        self.problems.read(&lines);
        self.messages
            .extend(lines.into_iter().map(|(_, line)| line));
        while let Ok(program) = self.end.retired.pop() {
            drop(program);
        }
        self.free_buses();
    }

    fn take_in(&mut self, report: Report) {
        match report {
            Report::Started { synth } => {
                if let Some(record) = self.synths.get_mut(&synth) {
                    record.status = Status::Playing;
                }
            }
            Report::Ended { synth, how } => self.ended(synth, how),
            Report::AutomationEnded { automation } => {
                if let Some(points) = self.automations.remove(&automation) {
                    self.points -= points;
                    self.automation_ids.give_back(automation.index);
                }
            }
            Report::BusFreed { bus } => self.buses.freed(bus),
            other => self.faults.push(other),
        }
    }

    fn ended(&mut self, synth: SynthId, how: Ending) {
        let Some(record) = self.synths.remove(&synth) else {
            return;
        };
        self.synth_ids.give_back(synth.index);
        record
            .buses
            .iter()
            .for_each(|bus| self.buses.returned(*bus));
        if how == Ending::Failed || how == Ending::Refused {
            self.faults.push(Report::Ended { synth, how });
        }
        self.finished
            .extend(record.when_finished.map(|function| (synth, function)));
    }

    fn free_buses(&mut self) {
        let position = self.end.position.load(Ordering::Acquire);
        let room = self.end.commands.slots();
        let board = self.end.board.clone();
        let last_use = |bus| {
            let last = board
                .bus_use(bus)
                .map_or(0, |last| last.load(Ordering::Relaxed));
            (last > 0, last > 0 && last + LONGEST_CYCLE > position)
        };
        let over = self.buses.collect(room, last_use);
        let free = over.into_iter().map(|bus| Timed {
            at: 0,
            command: Command::FreeBus { bus },
        });
        self.post(free);
    }

    /// The last value of a control of a synth.
    pub(super) fn control(&self, synth: SynthId, cell: u32) -> Option<f64> {
        let record = self
            .synths
            .get(&synth)
            .filter(|record| record.status == Status::Playing);
        record?;
        let shown = self
            .end
            .board
            .controls(synth, self.capacities.controls as usize);
        Some(shown.get(cell as usize)?.load(Ordering::Relaxed))
    }
}

/// A command for a synth's control.
pub(super) fn set(synth: SynthId, key: ArgKey, value: f64) -> Command {
    Command::Set { synth, key, value }
}

/// A time in seconds that is one.
pub(super) fn time(seconds: f64, what: &'static str) -> Result<f64, Error> {
    let valid = seconds.is_finite() && seconds >= 0.0;
    if valid {
        Ok(seconds)
    } else {
        Err(Error::BadTime(what))
    }
}

/// The error of a pool that is used up.
pub(super) fn full(
    over: bool,
    what: &'static str,
    limit: &'static str,
    now: usize,
) -> Result<(), Error> {
    if over {
        Err(Error::Full { what, limit, now })
    } else {
        Ok(())
    }
}
