//! Silent synths before a program is used: the first of each kind allocates, builds tables and opens files, and nothing
//! of that may happen on the audio thread. Nobody may notice them: what an Instr writes or starts while it performs it
//! does not come to here, and one whose init pass writes is only allocated.

use super::Program;
use super::build::ProgramSpec;
use super::plan::Plan;
use super::synths::FRACTIONS;
use crate::csound::Performed;
use crate::session::diagnostic::{Diagnostic, Place};
use crate::session::instr::{Instr, Noticed, Scan, TokenKind};
use crate::session::layer::{Layer, Trigger};
use crate::session::orchestra::{Layout, OrchestraSpec};

/// Which instruments are tried silently before the program is used, and how.
pub(super) struct WarmUp {
    instruments: Vec<WarmInstrument>,
    /// What tells the numbers of those with names only.
    names: Vec<String>,
    /// The instrument that is always on.
    always_on: u32,
    /// The instrument that ends others before they perform.
    stopper: u32,
    /// The random numbers begin anew after it.
    begins_chance: bool,
}

struct WarmInstrument {
    which: Which,
    copies: u32,
    how: How,
    /// It has a polyphony of its own, set by its layers.
    limited: bool,
    /// It plays `vco2`, whose tables take milliseconds to make.
    oscillates: bool,
    fields: Vec<f64>,
    cells: Vec<f64>,
}

/// An instrument of an Instr.
enum Which {
    Number(u32),
    /// The one that other code starts, by its place among the names.
    Name(usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// Performed for a cycle.
    Play,
    /// Its init pass alone.
    Start,
    /// Nothing of it: its init pass can be heard of.
    Allocate,
}

/// A table that is there while the warm-up lasts, with the numbers of instruments that have names only.
const NUMBERS: u32 = 9009;

impl WarmUp {
    pub(super) fn of(
        spec: &ProgramSpec,
        orchestra: &OrchestraSpec,
        plan: &Plan,
        layout: &Layout,
    ) -> Self {
        let definitions = orchestra.definitions();
        let begins_chance = orchestra.begins_chance();
        let mut warm_up = Self {
            instruments: Vec::new(),
            names: Vec::new(),
            always_on: layout.always_on,
            stopper: layout.stopper,
            begins_chance,
        };
        for (instr, template) in orchestra.instrs.iter().zip(&plan.templates) {
            let one = |which, copies: u32, limited| WarmInstrument {
                which,
                copies: copies.max(1),
                how: How::of(instr, &definitions, begins_chance),
                limited,
                oscillates: instr.uses(&["vco2"], &definitions),
                fields: template.fields.clone(),
                cells: template.cells.clone(),
            };
            for (priority, number) in &template.numbers {
                let copies = copies(&spec.layers, instr.name(), u32::from(*priority));
                let number = Which::Number(*number);
                warm_up.instruments.push(one(number, copies, copies > 0));
            }
            if let Some(copies) = asked_for(&orchestra.init, instr.name()) {
                let name = Which::Name(warm_up.names.len());
                warm_up.instruments.push(one(name, copies, false));
                warm_up.names.push(instr.name().to_owned());
            }
        }
        warm_up
    }

    /// Global code to stand after the instruments: it makes what they share, allocates and limits instances.
    pub(super) fn statements(&self) -> String {
        let own = self.instruments.iter().map(WarmInstrument::statements);
        let numbers = self
            .names
            .iter()
            .map(|name| format!("nstrnum(\"{name}\")"))
            .collect::<Vec<_>>()
            .join(", ");
        let named = match self.names.len() {
            0 => String::new(),
            count => format!("i__numbers ftgen {NUMBERS}, 0, -{count}, -2, {numbers}\n"),
        };
        self.shared_tables() + &named + &own.collect::<String>()
    }

    /// The tables that the first instance of many opcodes makes for all: the sine, and the sawtooth of `vco2` (modes 0
    /// and 2). Whoever is played before it is used makes its own.
    fn shared_tables(&self) -> String {
        let mut not_played = self.instruments.iter().filter(|i| i.how != How::Play);
        let sine = not_played.clone().map(|_| "i__sine ftlen -1\n").next();
        let sawtooth = not_played
            .find(|i| i.oscillates)
            .map(|_| "i__sawtooth vco2init 1\n");
        [sine, sawtooth].into_iter().flatten().collect()
    }
}

impl WarmInstrument {
    /// One that is only allocated still takes memory at the first note of each instance, for its envelopes and delay
    /// lines, whose sizes only an init pass knows.
    fn statements(&self) -> String {
        let Which::Number(number) = self.which else {
            return String::new();
        };
        let copies = self.copies;
        let limit = self
            .limited
            .then(|| format!("maxalloc {number}, {}\n", copies + 2));
        let allocate =
            (self.how == How::Allocate).then(|| format!("prealloc {number}, {copies}\n"));
        [limit, allocate].into_iter().flatten().collect()
    }
}

impl How {
    fn of(instr: &Instr, definitions: &[&str], begins_chance: bool) -> Self {
        let draws_unheard = begins_chance || !instr.draws(definitions);
        match instr.noticed(definitions) {
            Noticed::Never => How::Play,
            Noticed::ByChance if begins_chance => How::Play,
            Noticed::ByPlaying if draws_unheard => How::Start,
            Noticed::ByChance | Noticed::ByPlaying | Noticed::ByStarting => How::Allocate,
        }
    }
}

/// How many synths of an Instr its layers can have at once: held, and as many that ring.
fn copies(layers: &[Layer], instr: &str, priority: u32) -> u32 {
    let mine = |layer: &&Layer| {
        layer
            .parts
            .iter()
            .any(|part| part.instr == instr && part.priority == priority)
    };
    let count = |layer: &Layer| match layer.trigger {
        Trigger::Note => 2 * layer.voices.max(1),
        Trigger::Always => 1,
    };
    layers.iter().filter(mine).map(count).sum()
}

/// How many synths the global code wants to have ready of an Instr that other code starts: `prealloc "name", 8`.
fn asked_for(init: &str, instr: &str) -> Option<u32> {
    let scan = Scan::new(init);
    let mut asked = scan.statements().filter(|line| line[0].is_word("prealloc"));
    asked.find_map(|line| {
        let tokens = line[1..]
            .iter()
            .filter(|token| token.kind != TokenKind::Symbol);
        let words: Vec<&str> = tokens.map(|token| token.text).collect();
        let [name, count] = words[..] else {
            return None;
        };
        let count: u32 = count.parse().ok()?;
        (name.trim_matches('"') == instr).then_some(count.min(MOST_ASKED))
    })
}

/// The most that is believed of what global code wants ready.
const MOST_ASKED: u32 = 256;
/// Cycles before the first one that is heard: an event is told as late as its cycle, whose begin it must not precede.
const CYCLES: usize = 3;
/// Events that can wait for the same cycle, at the least.
const EVENTS: usize = 40;

/// Synths that are tried in the same cycle.
#[derive(Default)]
struct Batch {
    /// Their p1.
    synths: Vec<f64>,
    /// The instruments that end before they perform.
    ends: Vec<f64>,
}

impl Program {
    /// Plays or starts every instrument silently as often as it can be needed at once, and kills it.
    pub(super) fn warm_up(&mut self, warm_up: &WarmUp) -> Result<(), Diagnostic> {
        self.csound
            .event(&[f64::from(warm_up.always_on), 0.0, -1.0]);
        self.cycle()?;
        self.try_all(warm_up)?;
        // Note-offs that reach nobody: only the memory that each event takes while it waits is wanted.
        let nobody = -(f64::from(warm_up.always_on) + 0.5);
        for _ in 0..EVENTS {
            self.csound.event(&[nobody, 0.0, 0.0]);
        }
        if warm_up.begins_chance {
            self.stop_before_they_perform(warm_up, 1, 0.0);
        }
        self.cycle()?;
        self.go_back(warm_up)?;
        self.csound.messages(|_| {});
        // The silent notes had no buses of their own.
        self.take_wrong_bus();
        Ok(())
    }

    /// Goes back to the begin, where Csound counts the same cycles in every program: what code starts itself stands at
    /// a sample that hangs on the count, in its rounding.
    fn go_back(&mut self, warm_up: &WarmUp) -> Result<(), Diagnostic> {
        self.csound.rewind();
        self.csound
            .event(&[f64::from(warm_up.always_on), 0.0, -1.0]);
        (0..CYCLES).try_for_each(|_| self.cycle())
    }

    /// The numbers of the instruments that have names only.
    fn numbers(&mut self, warm_up: &WarmUp) -> Vec<f64> {
        if warm_up.names.is_empty() {
            return Vec::new();
        }
        let table = self.csound.table(NUMBERS);
        table.map_or_else(Vec::new, |table| self.csound.cells(&table).to_vec())
    }

    /// Plays or starts all instruments as often as needed, and at once, since they share the memory of opcodes that are
    /// defined in code. Each synth has a slice of its own: what is a cutoff to one could be a key to another. Where there
    /// are not enough of them, the others come in another cycle.
    fn try_all(&mut self, warm_up: &WarmUp) -> Result<(), Diagnostic> {
        let numbers = self.numbers(warm_up);
        let capacity = self.synths.capacity();
        let mut batch = Batch::default();
        let tried = warm_up.instruments.iter();
        for instrument in tried.filter(|instrument| instrument.how != How::Allocate) {
            let Some(number) = instrument.number(&numbers) else {
                continue;
            };
            for copy in 1..=instrument.copies.min(capacity) {
                if batch.synths.len() >= capacity as usize {
                    self.end_batch(warm_up, std::mem::take(&mut batch))?;
                }
                let p1 = number + f64::from(copy) / FRACTIONS;
                batch.synths.push(p1);
                // There are fewer of them than slices.
                self.start_silently(instrument, batch.synths.len() as u32, p1);
                if instrument.how == How::Start && batch.ends.last() != Some(&number) {
                    batch.ends.push(number);
                }
            }
        }
        self.end_batch(warm_up, batch)
    }

    fn end_batch(&mut self, warm_up: &WarmUp, batch: Batch) -> Result<(), Diagnostic> {
        for (place, number) in (1..).zip(batch.ends) {
            self.stop_before_they_perform(warm_up, place, number);
        }
        self.cycle()?;
        for p1 in batch.synths {
            self.csound.kill(p1);
        }
        Ok(())
    }

    /// The last event of a cycle: synths of an instrument that were started in it end before they perform, those of 0
    /// being none. The random numbers begin anew.
    fn stop_before_they_perform(&mut self, warm_up: &WarmUp, place: u32, number: f64) {
        let p1 = f64::from(warm_up.stopper) + f64::from(place) / FRACTIONS;
        self.csound.event(&[p1, 0.0, -1.0, number]);
    }

    fn start_silently(&mut self, instrument: &WarmInstrument, slice: u32, p1: f64) {
        let start = self.cells.slice(slice);
        let cells = &mut self.csound.cells_mut(&self.table)[start..];
        cells[self.cells.duration] = -1.0;
        cells[self.cells.extra] = 0.0;
        cells[self.cells.controls..][..instrument.cells.len()].copy_from_slice(&instrument.cells);
        let mut event = vec![p1, 0.0, -1.0, start as f64];
        event.extend_from_slice(&instrument.fields);
        self.csound.event(&event);
    }

    fn cycle(&mut self) -> Result<(), Diagnostic> {
        match self.csound.perform_cycle() {
            Performed::Done => Ok(()),
            Performed::Ended | Performed::Failed(_) => {
                let mut message =
                    "the orchestra ends the performance while its instruments are tried".to_owned();
                self.csound.messages(|said| {
                    message.push_str(": ");
                    message.push_str(String::from_utf8_lossy(said).trim());
                });
                Err(Diagnostic::error(Place::Document, message))
            }
        }
    }
}

impl WarmInstrument {
    fn number(&self, numbers: &[f64]) -> Option<f64> {
        match self.which {
            Which::Number(number) => Some(f64::from(number)),
            Which::Name(place) => numbers.get(place).copied().filter(|number| *number > 0.0),
        }
    }
}
