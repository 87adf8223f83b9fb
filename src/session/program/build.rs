//! Building a program: text, compilation, tables, pre-roll, warm-up. Never on the audio thread.

use super::buses::NoteBuses;
use super::channels::Channels;
use super::costs::Costs;
use super::note_out::NoteOut;
use super::plan::Plan;
use super::resolve::resolve;
use super::shared::SharedBuses;
use super::synths::FRACTIONS;
use super::transport::TransportChannels;
use super::{Cells, Program, Shape, needs};
use crate::csound::{CompileError, Config, Csound, Messages, Performed, RawDiagnostic, Table};
use crate::session::diagnostic::{Diagnostic, Place};
use crate::session::fifo::Fifo;
use crate::session::layer::{ArgValue, Layer, Trigger};
use crate::session::orchestra::{self, Layout, Orchestra, OrchestraSpec, SourceMap, Sources};
use crate::session::program::notes::{HeldKeys, Notes};
use crate::session::program::slots::Slots;
use crate::session::program::synths::Synths;
use crate::session::slot::SlotMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// All that a program is built from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProgramSpec {
    /// The Instrs and what they need. The places that layers need are added to its own.
    pub orchestra: OrchestraSpec,
    /// What notes start and what is always on, complete.
    pub layers: Vec<Layer>,
    /// Which control each host parameter moves.
    pub slots: SlotMap,
    /// Held notes start again when this program replaces another.
    pub retrigger: bool,
}

impl ProgramSpec {
    /// The orchestra with what the layers add: places and texts.
    pub fn complete_orchestra(&self) -> OrchestraSpec {
        let mut spec = self.orchestra.clone();
        // A session that counts texts knows nothing of those of layers: they come last.
        spec.intern_defaults();
        for part in self.layers.iter().flat_map(|layer| &layer.parts) {
            let index = spec
                .instrs
                .iter()
                .position(|instr| instr.name() == part.instr);
            if let Some(place) = index.map(|index| (index, part.priority))
                && !spec.places.contains(&place)
            {
                spec.places.push(place);
            }
            for value in part.args.values() {
                if let ArgValue::Text(text) = value
                    && !spec.strings.contains(text)
                {
                    spec.strings.push(text.clone());
                }
            }
        }
        spec
    }

    fn shape(&self) -> Shape {
        Shape {
            sample_rate: self.orchestra.sample_rate,
            ksmps: self.orchestra.ksmps as usize,
            channels: self.orchestra.channels as usize,
            aux: self.orchestra.aux as usize,
            a4: self.orchestra.a4,
            retrigger: self.retrigger,
        }
    }
}

impl Program {
    /// Compiles, starts and warms up a program, so that its first note is as cheap as its last. Takes milliseconds to
    /// seconds, allocates, and waits for other compilations: any thread but the audio thread.
    ///
    /// The text must have passed a trial in a child process: what it does when it is compiled and started happens in
    /// this one.
    ///
    /// # Errors
    /// Everything that is wrong with the text, each with its place in what the user typed.
    pub fn build(spec: &ProgramSpec) -> Result<Box<Program>, Vec<Diagnostic>> {
        let complete = spec.complete_orchestra();
        let orchestra = orchestra::write(&complete)?;
        let plan = resolve(spec, &complete, &orchestra.layout)?;
        let warm_up = WarmUp::of(spec, &complete, &plan);
        let csound = start(&complete, &orchestra, &warm_up)?;
        let mut program = assemble(spec, plan, &orchestra, csound)?;
        fill_tables(&mut program, &complete, &orchestra.layout);
        program
            .warm_up(&warm_up, orchestra.layout.always_on)
            .map_err(|error| vec![error])?;
        Ok(Box::new(program))
    }
}

fn start(
    spec: &OrchestraSpec,
    orchestra: &Orchestra,
    warm_up: &WarmUp,
) -> Result<Csound, Vec<Diagnostic>> {
    let config = Config {
        sample_rate: spec.sample_rate,
        ksmps: spec.ksmps,
        outputs: orchestra.layout.outputs,
        inputs: orchestra.layout.inputs,
        a4: spec.a4,
        messages: Messages::Quiet,
    };
    let broken = |error: CompileError| diagnose(&error.diagnostics, &orchestra.source_map);
    let mut csound = Csound::new(&config).map_err(|error| internal(&error.to_string()))?;
    csound
        .compile(&format!("{}{}", orchestra.text, warm_up.statements()))
        .map_err(broken)?;
    csound.start().map_err(broken)?;
    Ok(csound)
}

/// Csound's findings in the lines that the user typed.
pub fn diagnose(found: &[RawDiagnostic], map: &SourceMap) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    for raw in found {
        let located = raw.line.map(|line| map.locate(line));
        let diagnostic = match located {
            Some((place, line)) => Diagnostic::error(place, &*raw.message).on_line(line),
            None => Diagnostic::error(Place::Document, &*raw.message),
        };
        // An Instr is compiled once for each priority and says the same thing each time.
        if !all.contains(&diagnostic) {
            all.push(diagnostic);
        }
    }
    all
}

fn internal(message: &str) -> Vec<Diagnostic> {
    vec![Diagnostic::error(Place::Document, message)]
}

fn assemble(
    spec: &ProgramSpec,
    plan: Plan,
    orchestra: &Orchestra,
    mut csound: Csound,
) -> Result<Program, Vec<Diagnostic>> {
    let layout = &orchestra.layout;
    let mut table = |number: u32| -> Result<Table, Vec<Diagnostic>> {
        csound.table(number).ok_or_else(|| internal(OVERWRITTEN))
    };
    let control = table(layout.control_table)?;
    let buses = NoteBuses::new(table(layout.buses.tokens)?, &layout.buses);
    let shared =
        SharedBuses::new(&mut csound, &layout.buses).ok_or_else(|| internal(OVERWRITTEN))?;
    let transport = TransportChannels::new(&mut csound, needs::transport(&spec.orchestra));
    let note_out = needs::note_out(&spec.orchestra)
        .then(|| NoteOut::new(&mut csound, &layout.note_out).ok_or_else(|| internal(OVERWRITTEN)))
        .transpose()?;
    let channels = Channels::new(&mut csound, &spec.orchestra);
    let notes = 2 * spec
        .layers
        .iter()
        .map(|layer| layer.voices as usize + 1)
        .sum::<usize>();
    Ok(Program {
        id: next_id(),
        sources: Arc::new(Sources::of(orchestra)),
        cells: Cells {
            size: layout.slice_cells as usize,
            alive: orchestra::ALIVE as usize,
            duration: orchestra::DURATION as usize,
            extra: orchestra::EXTRA as usize,
            controls: orchestra::FIRST_CONTROL as usize,
        },
        slots: Slots::new(&plan.slots),
        synths: Synths::new(layout.slices, plan.templates.len()),
        costs: Costs::new(plan.templates.len()),
        notes: Notes::new(notes),
        held: vec![HeldKeys::new(); plan.layers.len()],
        due: Vec::with_capacity(layout.slices as usize),
        gone: Vec::with_capacity(layout.slices as usize),
        muted: None,
        performed: false,
        hears: needs::input(&spec.orchestra),
        shape: spec.shape(),
        fifo: Fifo::new(&spec.shape()),
        kept: super::tables::kept(&mut csound, &spec.orchestra),
        csound,
        plan,
        table: control,
        transport,
        note_out,
        channels,
        buses,
        shared,
    })
}

/// Stores values in a table, if it is there.
pub(in crate::session) fn store_table(csound: &mut Csound, number: u32, data: &[f64]) {
    if let Some(table) = csound.table(number) {
        let cells = csound.cells_mut(&table);
        let length = cells.len().min(data.len());
        cells[..length].copy_from_slice(&data[..length]);
    }
}

fn next_id() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

const OVERWRITTEN: &str = "the orchestra has overwritten a table that the session needs";

/// Stores the tables that are given as numbers.
fn fill_tables(program: &mut Program, spec: &OrchestraSpec, layout: &Layout) {
    for (number, data) in layout.table_data(spec) {
        store_table(&mut program.csound, number, data);
    }
}

/// Which instruments are played silently before the program is used, and which are only allocated.
struct WarmUp {
    instruments: Vec<WarmInstrument>,
}

struct WarmInstrument {
    number: u32,
    copies: u32,
    /// Its init pass can be heard of: it writes what others read, or draws from the random numbers.
    allocate_only: bool,
    /// It has a polyphony of its own, set by its layers.
    limited: bool,
    /// It plays `vco2`, whose tables take milliseconds to make.
    oscillates: bool,
    fields: Vec<f64>,
    cells: Vec<f64>,
}

impl WarmUp {
    fn of(spec: &ProgramSpec, orchestra: &OrchestraSpec, plan: &Plan) -> Self {
        let definitions = orchestra.definitions();
        let mut instruments = Vec::new();
        for (instr, template) in orchestra.instrs.iter().zip(&plan.templates) {
            for (priority, number) in &template.numbers {
                let copies = copies(&spec.layers, instr.name(), u32::from(*priority));
                instruments.push(WarmInstrument {
                    number: *number,
                    copies: copies.max(1),
                    allocate_only: instr.has_side_effects(&definitions),
                    limited: copies > 0,
                    oscillates: instr.uses(&["vco2"], &definitions),
                    fields: template.fields.clone(),
                    cells: template.cells.clone(),
                });
            }
        }
        Self { instruments }
    }

    /// Global code to stand after the instruments: it makes what they share, allocates and limits instances.
    fn statements(&self) -> String {
        let own = self.instruments.iter().map(WarmInstrument::statements);
        self.shared_tables() + &own.collect::<String>()
    }

    /// What is played: every instrument as often as it can be needed at once, each note with its p1.
    fn notes(&self, capacity: u32) -> impl Iterator<Item = (&WarmInstrument, f64)> {
        let played = self.instruments.iter().filter(|i| !i.allocate_only);
        played.flat_map(move |instrument| {
            let copies = 1..=instrument.copies.min(capacity);
            let p1 = |copy| f64::from(instrument.number) + f64::from(copy) / FRACTIONS;
            copies.map(move |copy| (instrument, p1(copy)))
        })
    }

    /// The tables that the first instance of many opcodes makes for all: the sine, and the sawtooth of `vco2` (modes 0
    /// and 2). Whoever is played before it is used makes its own.
    fn shared_tables(&self) -> String {
        let mut only_allocated = self.instruments.iter().filter(|i| i.allocate_only);
        let sine = only_allocated.clone().map(|_| "i__sine ftlen -1\n").next();
        let sawtooth = only_allocated
            .find(|i| i.oscillates)
            .map(|_| "i__sawtooth vco2init 1\n");
        [sine, sawtooth].into_iter().flatten().collect()
    }
}

impl WarmInstrument {
    /// One that is only allocated still takes memory at the first note of each instance, for its envelopes and delay
    /// lines, whose sizes only an init pass knows.
    fn statements(&self) -> String {
        let (number, copies) = (self.number, self.copies);
        let limit = self
            .limited
            .then(|| format!("maxalloc {number}, {}\n", copies + 2));
        let allocate = self
            .allocate_only
            .then(|| format!("prealloc {number}, {copies}\n"));
        [limit, allocate].into_iter().flatten().collect()
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

/// Events that can wait for the same cycle, at the least.
const EVENTS: usize = 40;

impl Program {
    /// Plays every instrument silently as often as it can be needed at once, and kills it: the first of each kind
    /// allocates, builds tables and opens files, and nothing of that may happen on the audio thread.
    fn warm_up(&mut self, warm_up: &WarmUp, always_on: u32) -> Result<(), Diagnostic> {
        self.csound.event(&[f64::from(always_on), 0.0, -1.0]);
        self.cycle()?;
        let mut notes: Vec<_> = warm_up.notes(self.synths.capacity()).collect();
        let batch = self.synths.capacity() as usize;
        while notes.len() > batch {
            let rest = notes.split_off(batch);
            self.warm_batch(&notes)?;
            notes = rest;
        }
        // Note-offs that reach nobody: only the memory that each event takes while it waits is wanted.
        let nobody = -(f64::from(always_on) + 0.5);
        for _ in notes.len()..EVENTS {
            self.csound.event(&[nobody, 0.0, 0.0]);
        }
        self.warm_batch(&notes)?;
        self.cycle()?;
        self.csound.messages(|_| {});
        // The silent notes had no buses of their own.
        self.take_wrong_bus();
        Ok(())
    }

    /// Plays notes for a cycle, each with a slice of its own: what is a cutoff to one could be a key to another.
    fn warm_batch(&mut self, notes: &[(&WarmInstrument, f64)]) -> Result<(), Diagnostic> {
        for (slice, (instrument, p1)) in (1..).zip(notes) {
            self.warm_start(instrument, slice, *p1);
        }
        self.cycle()?;
        for (_, p1) in notes {
            self.csound.kill(*p1);
        }
        Ok(())
    }

    fn warm_start(&mut self, instrument: &WarmInstrument, slice: u32, p1: f64) {
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
