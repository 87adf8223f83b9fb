//! What a synth's begin is made of: its entry in the books, and the commands that start it and shape it.

use super::Status;
use super::resolve::Resolved;
use crate::session::books::{self, Books, Record};
use crate::session::command::{Command, Moves, Timed};
use crate::session::error::Error;
use crate::session::name::NameId;
use crate::session::synth::Facts;
use std::sync::Arc;

impl Resolved {
    /// The entry of a synth made from it.
    pub(super) fn record(&self, facts: Facts) -> Record {
        Record {
            facts: Arc::new(facts),
            status: Status::Future,
            name: self.sched.name.clone(),
            buses: self.buses.clone(),
            _tables: self.tables.clone(),
            values: self.values.clone(),
            when_finished: self.sched.when_finished.clone(),
        }
    }

    /// The commands that start a synth and do to it what its event says; its automations are entered.
    pub(super) fn commands(&self, books: &mut Books, facts: &Facts) -> Result<Vec<Timed>, Error> {
        let synth = facts.id;
        let argument = |&(key, value)| Timed {
            at: 0,
            command: Command::Argument { synth, key, value },
        };
        let mut commands: Vec<Timed> = self.args.iter().map(argument).collect();
        commands.push(Timed {
            at: facts.span.start,
            command: Command::Start {
                synth,
                instr: NameId::of(self.instr.name()),
                priority: self.priority,
                lasting: facts.span.lasting,
            },
        });
        for &(at, key, value) in &self.sets {
            commands.push(Timed {
                at: self.inside(books, facts, at),
                command: books::set(synth, key, value),
            });
        }
        for (at, key, path) in &self.paths {
            let at = self.inside(books, facts, *at);
            commands.extend(books.automate(Moves::Control(synth, *key), path, at)?.1);
        }
        Ok(commands)
    }

    /// Session time in samples, some seconds after the start as it was asked for.
    fn inside(&self, books: &Books, facts: &Facts, seconds: f64) -> u64 {
        self.sched.at.map_or_else(
            || facts.span.start + books.samples(seconds),
            |at| books.samples(at + seconds),
        )
    }
}

/// Stops what was scheduled under a name, before another synth takes it that starts at this session time in samples:
/// at once, or then if nobody performs.
pub(super) fn stop_namesake(books: &Books, name: Option<&str>, start: u64) -> Vec<Timed> {
    let at = if books.scripted { start } else { 0 };
    let Some(name) = name else { return Vec::new() };
    let named = books
        .synths
        .values()
        .filter(|record| record.name.as_deref() == Some(name));
    let stop = |record: &Record| Command::Stop {
        synth: record.facts.id,
    };
    named
        .map(|record| Timed {
            at,
            command: stop(record),
        })
        .collect()
}
