//! Building a program: text, compilation, tables, pre-roll, warm-up. Never on the audio thread.

use super::buses::NoteBuses;
use super::channels::Channels;
use super::costs::Costs;
use super::note_out::NoteOut;
use super::plan::Plan;
use super::resolve::resolve;
use super::shared::SharedBuses;
use super::transport::TransportChannels;
use super::warm_up::WarmUp;
use super::{Cells, Program, Shape, needs};
use crate::csound::{CompileError, Config, Csound, Messages, RawDiagnostic, Table};
use crate::session::diagnostic::{Diagnostic, Place};
use crate::session::fifo::Fifo;
use crate::session::handover::Takeover;
use crate::session::layer::{ArgValue, Layer};
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
        let warm_up = WarmUp::of(spec, &complete, &plan, &orchestra.layout);
        let csound = start(&complete, &orchestra, &warm_up)?;
        let mut program = assemble(spec, plan, &orchestra, csound)?;
        fill_tables(&mut program, &complete, &orchestra.layout);
        program.warm_up(&warm_up).map_err(|error| vec![error])?;
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
        takeover: Takeover::default(),
        revision: 0,
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
