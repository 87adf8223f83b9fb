//! What an orchestra is made of.

use super::globals::FIRST_TABLE;
use super::layout::BusLayout;
use crate::session::instr::{ArgKind, Instr};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most synths that can sound at once: so many fractions tell the instances of an instrument apart.
pub const MOST_SLICES: u32 = 131_071;

/// Everything the text of an orchestra depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct OrchestraSpec {
    /// Samples per second.
    pub sample_rate: f64,
    /// Samples per cycle.
    pub ksmps: u32,
    /// Main outputs, 1 to 16.
    pub channels: u32,
    /// Auxiliary stereo outputs after the main ones.
    pub aux: u32,
    /// Frequency of the A above middle C in Hz.
    pub a4: f64,
    /// The document's global code.
    pub init: String,
    /// Texts that come before it.
    pub includes: Vec<Include>,
    /// The instruments, in the order of the document.
    pub instrs: Vec<Instr>,
    /// Which instrument (by its index) must exist at which priority, counted from 1.
    pub places: Vec<(usize, u32)>,
    /// How many priorities there are.
    pub priorities: u32,
    /// How many controls an instrument may have.
    pub max_controls: u32,
    /// How many synths can sound at once, [`MOST_SLICES`] at most.
    pub slices: u32,
    /// Buses that live as long as the orchestra.
    pub buses: Vec<BusSpec>,
    /// How many audio buses, and how many control buses, the document and its notes can have at once; the session can
    /// assign as many.
    pub max_buses: u32,
    /// Tables that live as long as the orchestra.
    pub tables: Vec<TableSpec>,
    /// Tables that the session has made, by their numbers, which are [`FIRST_MADE`] and up.
    pub made: BTreeMap<u32, MadeTable>,
    /// Whether the loudness of the audio buses among `buses` can be watched.
    pub meters: bool,
    /// Texts that events will carry, beside the defaults of text arguments.
    pub strings: Vec<String>,
}

impl Default for OrchestraSpec {
    fn default() -> Self {
        Self {
            sample_rate: 48000.0,
            ksmps: 32,
            channels: 2,
            aux: 0,
            a4: 440.0,
            init: String::new(),
            includes: Vec::new(),
            instrs: Vec::new(),
            places: Vec::new(),
            priorities: 10,
            max_controls: 16,
            slices: 10_000,
            buses: Vec::new(),
            max_buses: 64,
            tables: Vec::new(),
            made: BTreeMap::new(),
            meters: false,
            strings: Vec::new(),
        }
    }
}

impl OrchestraSpec {
    /// All texts that may define opcodes: the includes, the document's init code and each instrument's.
    pub fn definitions(&self) -> Vec<&str> {
        let includes = self.includes.iter().map(|include| include.text.as_str());
        let inits = self
            .instrs
            .iter()
            .map(Instr::init)
            .filter(|init| !init.is_empty());
        includes.chain([self.init.as_str()]).chain(inits).collect()
    }

    /// Whether any argument is a text.
    pub(crate) fn has_texts(&self) -> bool {
        let mut args = self.instrs.iter().flat_map(Instr::args);
        args.any(|arg| arg.kind == ArgKind::Text)
    }

    /// Whether a word for which `wanted` holds stands anywhere in the code, comments and texts included.
    pub(crate) fn any_word(&self, wanted: impl Fn(&str) -> bool) -> bool {
        let bodies = self.instrs.iter().map(Instr::code);
        let words = |text: &str| {
            let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
            words.any(&wanted)
        };
        bodies.chain(self.definitions()).any(words)
    }

    /// Whether the random numbers begin anew when the performance does, so that the warm-up is not heard in them: some
    /// Instr draws from them, and no code sets their beginning itself.
    pub(in crate::session) fn begins_chance(&self) -> bool {
        let definitions = self.definitions();
        let draws = self.instrs.iter().any(|instr| instr.draws(&definitions));
        draws && !self.any_word(|word| word == "seed" || word == "getseed")
    }

    /// What an argument is given for `@name`: the token of a bus, else the number of a table of the document.
    pub fn reference(&self, name: &str) -> Option<f64> {
        let bus = BusLayout::of(self).token_of(name);
        bus.or_else(|| self.table_number(name).map(f64::from))
    }

    /// The number of a table of the document, by its name without `@`.
    pub fn table_number(&self, name: &str) -> Option<u32> {
        let index = self.tables.iter().position(|table| table.name == name)?;
        Some(FIRST_TABLE + u32::try_from(index).ok()?)
    }

    /// Takes the default texts of the Instrs into `strings`, behind those that are there already. What is added later
    /// comes behind them, so that no number of a text ever changes.
    pub fn intern_defaults(&mut self) {
        self.strings = super::write::strings(self);
    }

    /// The number that stands for a text in a p-field, if it is one of `strings`, the defaults among them.
    pub fn interned(&self, text: &str) -> Option<u32> {
        let index = self.strings.iter().position(|known| known == text)?;
        u32::try_from(index + 1).ok()
    }
}

/// A text of global code with a name of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// What diagnostics call it, a file name as a rule.
    pub name: String,
    /// The code.
    pub text: String,
}

/// A bus of the document.
#[derive(Clone, Debug, PartialEq)]
pub struct BusSpec {
    /// Its name, without the `@` it is referred to with.
    pub name: String,
    /// What it carries.
    pub kind: BusKind,
}

/// What a bus carries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BusKind {
    /// One channel of sound, 0 where nothing is written in a cycle.
    Audio,
    /// A number that holds until it is written again.
    Control {
        /// Its value before anything is written.
        value: f64,
    },
}

/// A table of the document; its number is in the global variable `gi_<name>`.
#[derive(Clone, Debug, PartialEq)]
pub struct TableSpec {
    /// Its name: letters, digits and underscores.
    pub name: String,
    /// What it holds.
    pub source: TableSource,
}

/// What a table holds.
#[derive(Clone, Debug, PartialEq)]
pub enum TableSource {
    /// What `ftgen` is given from its third argument on: size, generator, its arguments.
    Gen(Vec<f64>),
    /// These values. If they are many the text makes a table of their number, and whoever compiles it stores them.
    Data(Arc<[f64]>),
    /// A sound file.
    File {
        /// Where it is.
        path: String,
        /// The channel read, counted from 1; 0 reads all, interleaved.
        channel: u32,
        /// Seconds left out at the start.
        skip: f64,
    },
}

/// Most values of a table that stand in the text itself.
const SHORT: usize = 256;

impl TableSource {
    /// Whether its values stand in the text, so that global code finds them; more of them are stored afterwards.
    pub(crate) fn is_short(&self) -> bool {
        matches!(self, Self::Data(values) if values.len() <= SHORT)
    }
}

/// A table that the session has made.
#[derive(Clone, Debug, PartialEq)]
pub struct MadeTable {
    /// What it holds.
    pub source: TableSource,
    /// It was made empty, so that what it holds is the work of instruments: a program that takes over copies it.
    pub kept: bool,
}

/// The lowest number of a table that the session makes; those of the document are below.
pub const FIRST_MADE: u32 = 20_000;
