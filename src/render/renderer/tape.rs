//! All that a renderer was asked for.

use std::collections::HashMap;

use crate::render::timeline::{Ending, sample_at};
use crate::session::command::{Command, SynthId, Timed};
use crate::session::instr::Instr;
use crate::session::name::NameId;

/// The commands of a session without time, in the order in which they were given.
#[derive(Default)]
pub struct Tape {
    commands: Vec<Timed>,
}

impl Tape {
    /// Adds what was asked for since the last time.
    pub fn add(&mut self, commands: Vec<Timed>) {
        self.commands.extend(commands);
    }

    /// All commands.
    pub fn commands(&self) -> &[Timed] {
        &self.commands
    }

    /// Makes the synths of an Instr so far those of another one; false if there are none.
    pub fn rename(&mut self, from: NameId, to: NameId) -> bool {
        let mut found = false;
        for timed in &mut self.commands {
            if let Command::Start { instr, .. } = &mut timed.command
                && *instr == from
            {
                *instr = to;
                found = true;
            }
        }
        found
    }

    /// Each Instr, by its place in the list, with each priority at which one of its synths starts.
    pub fn places(&self, instrs: &[Instr]) -> Vec<(usize, u32)> {
        let mut places = Vec::new();
        for timed in &self.commands {
            let Command::Start {
                instr, priority, ..
            } = timed.command
            else {
                continue;
            };
            let index = instrs
                .iter()
                .position(|known| NameId::of(known.name()) == instr);
            let place = index.map(|index| (index, u32::from(priority)));
            places.extend(place.filter(|place| !places.contains(place)));
        }
        places
    }

    /// Where it ends, at a sample rate in Hz. An end marker moves the end back, or makes one.
    pub fn ending(&self, marker: Option<f64>, sample_rate: u32) -> Ending {
        let mut ending = Ending::default();
        let mut open: HashMap<SynthId, Option<u64>> = HashMap::new();
        for timed in &self.commands {
            match timed.command {
                Command::Start { synth, lasting, .. } => match lasting {
                    // One that is stopped before its time keeps its place.
                    Some(lasting) => ending.include(Some(timed.at + lasting.told())),
                    None => {
                        open.entry(synth).or_default();
                    }
                },
                Command::Stop { synth } => {
                    let end = open.entry(synth).or_default();
                    *end = Some(end.map_or(timed.at, |end| end.min(timed.at)));
                }
                _ => {}
            }
        }
        self.close(open, &mut ending);
        if let Some(marker) = marker.map(|seconds| sample_at(seconds, sample_rate)) {
            ending.asked = Some(ending.finite.map_or(marker, |finite| finite.max(marker)));
        }
        ending
    }

    /// Takes the synths into account that sound until they are stopped.
    fn close(&self, open: HashMap<SynthId, Option<u64>>, ending: &mut Ending) {
        for timed in &self.commands {
            if let Command::Start {
                synth,
                lasting: None,
                ..
            } = timed.command
            {
                ending.include(open.get(&synth).copied().flatten());
            }
        }
    }
}
