//! The event that starts a synth as a note would, every argument at what its part or its text says.

use crate::csound::{Csound, Table};
use crate::session::instr::{Arg, Instr, Value};
use crate::session::layer::{ArgValue, Layer, Part, Trigger};
use crate::session::orchestra::{DURATION, EXTRA, FIRST_CONTROL, InstrLayout, Layout};
use crate::session::program::ProgramSpec;
use crate::session::slot::is_note_argument;

/// More copies than anybody starts at once, and a power of 2, so that fractions are exact.
const COPIES: f64 = 1_048_576.0;

/// An event and the slice and buses it needs.
pub(super) struct Event {
    /// p1, p2, ...; p1 is the synth's alone.
    pub fields: Vec<f64>,
    /// First cell of its slice.
    slice: usize,
    controls: Vec<f64>,
    /// The table of valid bus tokens, and what it must hold.
    tokens: u32,
    buses: Vec<(usize, f64)>,
}

impl Event {
    /// The event for an Instr as the first part that uses it starts it; `copy` tells synths apart that sound at once,
    /// and is less than the number of slices. `None` if no instrument was made of the Instr.
    pub fn new(spec: &ProgramSpec, instr: &Instr, layout: &Layout, copy: u32) -> Option<Self> {
        let own: &InstrLayout = layout.instr(instr.name())?;
        let number = own.numbers.values().next()?;
        let part = first_part(spec, instr);
        let slice = layout.slice_base(copy);
        let fraction = f64::from(copy + 1) / COPIES;
        let mut event = Self {
            fields: vec![f64::from(*number) + fraction, 0.0, -1.0, f64::from(slice)],
            slice: slice as usize,
            controls: vec![0.0; own.controls as usize],
            tokens: layout.buses.tokens,
            buses: Vec::new(),
        };
        event.fields.resize(own.pfields.max(4) as usize, 0.0);
        for arg in instr.args() {
            let value = event.value(arg, part, spec, layout);
            event.place(arg, value);
        }
        Some(event)
    }

    /// Writes the slice and makes the buses valid.
    pub fn prepare(&self, csound: &mut Csound, control_table: Option<&Table>) {
        if let Some(cells) =
            control_table.and_then(|table| csound.cells_mut(table).get_mut(self.slice..))
        {
            let values = [(DURATION as usize, -1.0), (EXTRA as usize, 0.0)];
            let controls = (FIRST_CONTROL as usize..).zip(self.controls.iter().copied());
            store(cells, values.into_iter().chain(controls));
        }
        if let Some(tokens) = csound.table(self.tokens) {
            store(csound.cells_mut(&tokens), self.buses.iter().copied());
        }
    }

    fn place(&mut self, arg: &Arg, value: f64) {
        if let Some(cell) = arg
            .cell
            .and_then(|cell| self.controls.get_mut(cell as usize))
        {
            *cell = value;
        }
        if let Some(field) = self.fields.get_mut(arg.place as usize - 1) {
            *field = value;
        }
    }

    fn value(
        &mut self,
        arg: &Arg,
        part: Option<&Part>,
        spec: &ProgramSpec,
        layout: &Layout,
    ) -> f64 {
        let text = |text: &str| layout.string_index(text).map_or(0.0, f64::from);
        match part.and_then(|part| part.args.get(&arg.name)) {
            Some(ArgValue::Number(number)) => *number,
            Some(ArgValue::Text(given)) => text(given),
            Some(ArgValue::Bus(name)) => spec.orchestra.reference(name).unwrap_or(0.0),
            Some(ArgValue::NoteBus(_)) => self.bus(layout),
            None => match &arg.default {
                Value::Number(number) => *number,
                Value::Text(default) => text(default),
            },
        }
    }

    /// The token of a bus that no other argument has.
    fn bus(&mut self, layout: &Layout) -> f64 {
        let Some(index) = layout.buses.audio.clone().nth(self.buses.len()) else {
            return 0.0;
        };
        let token = layout.buses.token(index, 1);
        self.buses.push((index as usize, token));
        token
    }
}

/// An argument of an Instr without a default, to which neither the first part that uses the Instr nor a note gives a
/// value.
pub(super) fn missing(spec: &ProgramSpec, instr: &Instr) -> Option<String> {
    let uses = |layer: &&Layer| layer.parts.iter().any(|part| part.instr == instr.name());
    let layer = spec.layers.iter().find(uses);
    let part = first_part(spec, instr);
    let given = |name: &str| part.is_some_and(|part| part.args.contains_key(name));
    let plays = layer.is_some_and(|layer| layer.trigger == Trigger::Note);
    let mut args = instr.args().iter();
    let missing = args
        .find(|arg| !(arg.has_default || given(&arg.name) || plays && is_note_argument(&arg.name)));
    missing.map(|arg| arg.name.clone())
}

fn first_part<'a>(spec: &'a ProgramSpec, instr: &Instr) -> Option<&'a Part> {
    let mut parts = spec.layers.iter().flat_map(|layer| &layer.parts);
    parts.find(|part| part.instr == instr.name())
}

fn store(cells: &mut [f64], values: impl Iterator<Item = (usize, f64)>) {
    for (index, value) in values {
        if let Some(cell) = cells.get_mut(index) {
            *cell = value;
        }
    }
}
