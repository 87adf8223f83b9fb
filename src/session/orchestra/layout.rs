//! The numbers behind the names of an orchestra, worked out once, so that nothing is looked up while it plays.

use std::collections::BTreeMap;
use std::ops::Range;

use super::spec::{BusKind, OrchestraSpec, TableSource};

/// Cell of a slice in which a synth stores 1 in every cycle it is performed; the performer reads and clears it.
pub const ALIVE: u32 = 0;
/// Cell of a slice with the true duration in seconds, stored before the event when its p3 is 0 or more.
pub const DURATION: u32 = 1;
/// Cell of a slice with what the event's p3 has on top of the true duration.
pub const EXTRA: u32 = 2;
/// Cell of a slice with the first control; the others follow in the order of [`crate::session::instr::Arg::cell`].
pub const FIRST_CONTROL: u32 = 3;

/// Where everything in a compiled orchestra is.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Outputs: the main ones, then two for each auxiliary output.
    pub outputs: u32,
    /// Inputs: main left and right, sidechain left and right.
    pub inputs: u32,
    /// Number of the instrument that is always on; nothing sounds before it is started, once, with p3 = -1.
    pub always_on: u32,
    /// Number of the instrument that ends the synths of the instrument which its p4 names, before they perform.
    pub stopper: u32,
    /// The table that holds all slices.
    pub control_table: u32,
    /// Cells of one slice.
    pub slice_cells: u32,
    /// How many slices synths can be given.
    pub slices: u32,
    /// Cells of the control table.
    pub control_cells: u32,
    /// The instruments, in the order of the spec.
    pub instrs: Vec<InstrLayout>,
    /// The buses.
    pub buses: BusLayout,
    /// The tables of the document, in the order of the spec.
    pub tables: Vec<TableLayout>,
    /// The table in which instruments leave notes for the host.
    pub note_out: NoteOutLayout,
    /// All interned texts; the index that stands for `strings[n]` in a p-field is n + 1, and 0 is the empty text.
    pub strings: Vec<String>,
}

impl Layout {
    /// The first cell of a slice, counted from 0. It is what p4 of the synth's event carries.
    pub fn slice_base(&self, slice: u32) -> u32 {
        (slice + 1) * self.slice_cells
    }

    /// The number that stands for a text in a p-field, if the text is interned.
    pub fn string_index(&self, text: &str) -> Option<u32> {
        if text.is_empty() {
            return Some(0);
        }
        let index = self.strings.iter().position(|known| known == text)?;
        u32::try_from(index + 1).ok()
    }

    /// The tables of `spec`, of which this is the layout, that are to be filled once they exist: number and values.
    pub fn table_data<'a>(
        &'a self,
        spec: &'a OrchestraSpec,
    ) -> impl Iterator<Item = (u32, &'a [f64])> {
        let document = self.tables.iter().map(|table| table.number);
        let document = document.zip(spec.tables.iter().map(|table| &table.source));
        let made = spec.made.iter();
        let all = document.chain(made.map(|(number, table)| (*number, &table.source)));
        all.filter_map(|(number, source)| match source {
            TableSource::Data(data) if !source.is_short() => Some((number, &data[..])),
            TableSource::Data(_) | TableSource::Gen(_) | TableSource::File { .. } => None,
        })
    }

    /// The instrument of this name.
    pub fn instr(&self, name: &str) -> Option<&InstrLayout> {
        self.instrs.iter().find(|instr| instr.name == name)
    }
}

/// The numbers of one instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct InstrLayout {
    /// Its name.
    pub name: String,
    /// Its instrument number at each priority it exists at.
    pub numbers: BTreeMap<u32, u32>,
    /// First cell of the slice of defaults that synths started by name read.
    pub default_slice: u32,
    /// How many p-fields an event for it carries: up to its last argument.
    pub pfields: u32,
    /// How many controls it has.
    pub controls: u32,
}

/// The buses of an orchestra. A bus has an index; what instruments are given is a token, made of the index and a
/// generation, so that a token kept after its bus was released is never taken for the next bus there.
#[derive(Clone, Debug, PartialEq)]
pub struct BusLayout {
    /// Indices of the audio buses the performer can assign.
    pub audio: Range<u32>,
    /// Indices of the control buses the performer can assign.
    pub control: Range<u32>,
    /// Indices of the audio buses the session can assign.
    pub session_audio: Range<u32>,
    /// Indices of the control buses the session can assign; as many.
    pub session_control: Range<u32>,
    /// A token is `generation * modulus + index`, its generation 1 or more.
    pub modulus: u32,
    /// The table with the valid token of each index, 0 where there is no bus. The performer writes the cells of the
    /// indices it can assign, and leaves those of the document's buses and of `busassign` alone.
    pub tokens: u32,
    /// The table with the values of control buses at their indices. The performer stores [`BUS_UNSET`], or the start
    /// value, when it assigns one.
    pub values: u32,
    /// The table with, at each index, the number of the last cycle in which an instrument used the bus.
    pub uses: u32,
    /// The table for reports: cell 0 counts uses of a wrong token, cell 1 holds the last one. The performer clears it.
    pub report: u32,
    /// The table of what audio buses come to, if the spec asks for it: cell 0 says whether to keep it, and cell 1 + n has
    /// the peak of the document's n-th bus since the performer has cleared it.
    pub meters: Option<u32>,
    /// The buses of the document, in the order of the spec; their tokens are valid from the start.
    pub named: Vec<NamedBus>,
}

impl BusLayout {
    /// The buses of the orchestra that a spec makes.
    pub fn of(spec: &OrchestraSpec) -> Self {
        super::globals::bus_layout(spec)
    }

    /// The index of the session's n-th bus, counted from 0, if there are so many.
    pub fn session_index(&self, number: u32, audio: bool) -> Option<u32> {
        let range = if audio {
            &self.session_audio
        } else {
            &self.session_control
        };
        let index = range.start + number;
        range.contains(&index).then_some(index)
    }

    /// The token of the bus at this index in this generation, counted from 1.
    pub fn token(&self, index: u32, generation: u32) -> f64 {
        f64::from(generation) * f64::from(self.modulus) + f64::from(index)
    }

    /// The token of a reserved or document bus by its name without `@`.
    pub fn token_of(&self, name: &str) -> Option<f64> {
        if let Some(input) = HOST_INPUTS.iter().position(|known| *known == name) {
            return Some(-((input + 1) as f64));
        }
        self.named
            .iter()
            .find(|bus| bus.name == name)
            .map(|bus| bus.token)
    }
}

/// Reserved bus names. The token of the n-th, counted from 1, is -n; `busin:a` reads input channel n.
pub const HOST_INPUTS: [&str; 4] = ["input1", "input2", "sidechain1", "sidechain2"];

/// What a control bus holds before anything was written: `busin:k` gives its default argument then.
pub const BUS_UNSET: f64 = -1e300;

/// A bus of the document.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedBus {
    /// Its name.
    pub name: String,
    /// What it carries.
    pub kind: BusKind,
    /// Its index.
    pub index: u32,
    /// Its token.
    pub token: f64,
}

/// A table of the document.
#[derive(Clone, Debug, PartialEq)]
pub struct TableLayout {
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: u32,
    /// Whether its values must be stored into it after compiling.
    pub fill: bool,
}

/// The ring of notes and control changes for the host. Cell 0 counts the records ever written; record n starts at
/// cell `1 + (n % capacity) * RECORD_CELLS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoteOutLayout {
    /// The table's number.
    pub table: u32,
    /// How many records it holds.
    pub capacity: u32,
}

/// Cells of a record: kind (1 note, 2 control change), key or controller, velocity or value (0 to 1), duration in
/// seconds (notes), offset in seconds from the start of the cycle.
pub const RECORD_CELLS: u32 = 5;

/// The control channels that carry the host's transport, which the performer writes before each cycle.
pub const TRANSPORT_CHANNELS: [&str; 9] = [
    ".tempo",
    ".beat",
    ".bar",
    ".numerator",
    ".denominator",
    ".seconds",
    ".playing",
    ".recording",
    ".looping",
];

/// The names under which Cabbage's instruments read the transport. They are there for code that says one of them.
pub const CABBAGE_CHANNELS: [&str; 8] = [
    "HOST_BPM",
    "HOST_PPQ_POS",
    "TIME_SIG_NUM",
    "TIME_SIG_DENOM",
    "TIME_IN_SECONDS",
    "TIME_IN_SAMPLES",
    "IS_PLAYING",
    "IS_RECORDING",
];
