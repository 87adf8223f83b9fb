//! Starting, refreshing, releasing and killing one synth: the only place that talks to Csound about them.

use super::Program;
use super::controls::Controls;
use super::note::Context;
use super::plan::{Base, Input, MAX_FIELDS, PartPlan, Target};
use super::synths::{Owner, Slice};
use crate::session::command::Lasting;
use crate::session::outbox::Outbox;

/// Where in the cycle a synth starts and how long it sounds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// Samples from the start of the cycle.
    pub(super) offset: usize,
    /// `None` until released.
    pub(super) lasting: Option<Lasting>,
    /// Its release follows on that length.
    pub(super) rings: bool,
}

impl Program {
    /// Starts a synth. `None`, and counted, if no slice is free. Nothing starts while it is muted: Csound would keep the
    /// event until it performs again.
    pub(super) fn start(
        &mut self,
        new: NewSynth,
        args: &Arguments,
        outbox: &mut Outbox,
    ) -> Option<Slice> {
        if self.muted.is_some() {
            return None;
        }
        let Some((slice, p1)) = self.synths.start(&new) else {
            outbox.count_dropped();
            return None;
        };
        outbox.work.starts += 1;
        outbox.work.tables |= self.plan.templates[new.template].tables;
        let start = self.cells.slice(slice);
        let length = self.length_fields(new.span);
        self.fill_slice(start, &length, args.cells());
        let mut event = [0.0; MAX_FIELDS];
        event[..4].copy_from_slice(&[p1, self.onset(new.span.offset), length.p3, start as f64]);
        let end = 4 + args.fields().len();
        event[4..end].copy_from_slice(args.fields());
        self.csound.event(&event[..end]);
        Some(slice)
    }

    fn fill_slice(&mut self, start: usize, length: &Length, controls: &[f64]) {
        let layout = self.cells;
        let cells = &mut self.csound.cells_mut(&self.table)[start..];
        cells[layout.alive] = 0.0;
        cells[layout.duration] = length.duration;
        cells[layout.extra] = length.extra;
        cells[layout.controls..][..controls.len()].copy_from_slice(controls);
    }

    /// p2 of an event sent just before the cycle in which it starts: Csound rounds the cycle and truncates the
    /// offset, so this, and no other value, makes it start at that very sample.
    fn onset(&self, offset: usize) -> f64 {
        (offset as f64 - self.shape.ksmps as f64 + 0.25) / self.shape.sample_rate
    }

    /// p3 and the cells that give the body its true duration. Csound ends a note early by what its start lies inside
    /// the cycle, so p3 is sent longer, and the generated code takes the surplus away and adds it again. A release
    /// starts at a boundary: the one nearest to the end.
    fn length_fields(&self, span: Span) -> Length {
        let Some(lasting) = span.lasting else {
            return Length {
                p3: -1.0,
                duration: -1.0,
                extra: 0.0,
            };
        };
        let (ksmps, rate) = (self.shape.ksmps as u64, self.shape.sample_rate);
        let samples = lasting.length();
        let on_boundary = (span.offset as u64 + samples).is_multiple_of(ksmps);
        let surplus = match (span.rings, on_boundary) {
            // Csound rounds here: half a sample after the end would be either side of it where ksmps is odd.
            (true, _) => ksmps as f64 + 0.125,
            (false, true) => 0.25,
            (false, false) => ksmps as f64 + 0.25,
        };
        let extra = surplus / rate;
        Length {
            p3: samples as f64 / rate + extra,
            duration: lasting.told() as f64 / rate,
            extra,
        }
    }

    /// Writes again what the moved slots or the note have changed in a synth's slice.
    pub(super) fn refresh(&mut self, slice: Slice, moved: u128, controls: &Controls) {
        let Some(synth) = self.synths.get(slice) else {
            return;
        };
        let (owner, followed) = (synth.owner, synth.slots & moved);
        match owner {
            Owner::Note { note, part } => self.refresh_note(slice, note, part, followed, controls),
            Owner::Always { layer, part } if followed != 0 => {
                let context = context(&self.slots, &self.plan, self.shape.a4);
                let cells = self.cells.slice(slice) + self.cells.controls;
                let table = &mut self.csound.cells_mut(&self.table)[cells..];
                for (cell, input) in table
                    .iter_mut()
                    .zip(&self.plan.layers[layer].parts[part].cells)
                {
                    write_if(cell, follows(input, followed), || context.of_always(input));
                }
            }
            Owner::Handle { template, .. } if followed != 0 => {
                self.refresh_handle(slice, template, followed);
            }
            _ => {}
        }
    }

    fn refresh_note(
        &mut self,
        slice: Slice,
        note: usize,
        part: usize,
        followed: u128,
        controls: &Controls,
    ) {
        let Some(note) = self.notes.get(note) else {
            return;
        };
        if followed == 0 && !note.changed {
            return;
        }
        let player = controls.player(note.address.channel);
        let context = context(&self.slots, &self.plan, self.shape.a4);
        let cells = self.cells.slice(slice) + self.cells.controls;
        let table = &mut self.csound.cells_mut(&self.table)[cells..];
        let part = &self.plan.layers[note.layer].parts[part];
        if !note.changed && !note.is_modulated() {
            // The rule under automation: whatever follows a slot alone is where the slot is. To store what has not moved,
            // too, is cheaper than to ask whether it has.
            for (cell, slot) in &part.plain_slots {
                table[*cell] = self.slots.value(*slot);
            }
            if followed & part.shaped_slots == 0 {
                return;
            }
        }
        for (cell, input) in table.iter_mut().zip(&part.cells) {
            let moves = follows(input, followed) || note.changed && shaped(input);
            write_if(cell, moves, || context.of_note(input, note, &player));
        }
    }

    fn refresh_handle(&mut self, slice: Slice, template: usize, followed: u128) {
        let cells = self.cells.slice(slice) + self.cells.controls;
        let table = &mut self.csound.cells_mut(&self.table)[cells..];
        for (cell, slot) in table.iter_mut().zip(&self.plan.templates[template].slots) {
            if let Some(slot) = slot.filter(|slot| followed >> slot & 1 == 1) {
                *cell = self.slots.value(slot);
            }
        }
    }

    /// Releases a synth at the next cycle; one that has not performed yet sounds for a cycle first.
    pub(super) fn release(&mut self, slice: Slice) {
        let Some(synth) = self.synths.get_mut(slice) else {
            return;
        };
        if synth.released {
            return;
        }
        synth.released = true;
        if synth.fresh {
            self.due.push(slice);
        } else {
            let p1 = synth.p1;
            self.csound.release(p1);
        }
    }

    /// Sends the releases that had to wait for a first cycle.
    pub(super) fn send_due(&mut self) {
        let mut index = 0;
        while index < self.due.len() {
            match self.synths.get(self.due[index]) {
                Some(synth) if synth.fresh => index += 1,
                Some(synth) => {
                    let p1 = synth.p1;
                    self.csound.release(p1);
                    self.due.swap_remove(index);
                }
                None => {
                    self.due.swap_remove(index);
                }
            }
        }
    }

    /// Ends a synth at once, without release.
    pub(super) fn kill(&mut self, slice: Slice) {
        if let Some(synth) = self.synths.end(slice) {
            self.csound.kill(synth.p1);
        }
    }
}

/// A synth to be started.
pub(crate) struct NewSynth {
    /// The instrument's number.
    pub(super) number: u32,
    /// Of which template it is one.
    pub(super) template: usize,
    pub(super) owner: Owner,
    /// Slots that its controls follow, a bit each.
    pub(super) slots: u128,
    pub(super) span: Span,
}

/// What a synth starts with: p5 and up, and its controls by cell.
pub(super) struct Arguments {
    fields: [f64; MAX_FIELDS - 4],
    cells: [f64; MAX_FIELDS - 4],
    counts: (usize, usize),
}

impl Arguments {
    /// The arguments of a part, each made by `value`.
    pub(super) fn new(plan: &PartPlan, value: impl Fn(&Input) -> f64) -> Self {
        let mut new = Self::zeros(plan.fields.len(), plan.cells.len());
        new.fields
            .iter_mut()
            .zip(&plan.fields)
            .for_each(|(field, input)| *field = value(input));
        new.cells
            .iter_mut()
            .zip(&plan.cells)
            .for_each(|(cell, input)| *cell = value(input));
        new
    }

    /// So many p-fields and controls, all 0.
    pub(super) fn zeros(fields: usize, cells: usize) -> Self {
        const NONE: [f64; MAX_FIELDS - 4] = [0.0; MAX_FIELDS - 4];
        Self {
            fields: NONE,
            cells: NONE,
            counts: (fields, cells),
        }
    }

    /// Gives one argument a value. A p-field beyond the declared ones makes the event longer.
    pub(super) fn set(&mut self, target: Target, value: f64) {
        match target {
            Target::Field(index) => {
                self.fields[index] = value;
                self.counts.0 = self.counts.0.max(index + 1);
            }
            Target::Cell(index) => self.cells[index] = value,
        }
    }

    fn fields(&self) -> &[f64] {
        &self.fields[..self.counts.0]
    }

    fn cells(&self) -> &[f64] {
        &self.cells[..self.counts.1]
    }
}

struct Length {
    p3: f64,
    duration: f64,
    extra: f64,
}

/// What argument values are made from, borrowed field by field so that the table can be written meanwhile.
pub(super) fn context<'a>(
    slots: &'a super::slots::Slots,
    plan: &'a super::plan::Plan,
    a4: f64,
) -> Context<'a> {
    Context {
        slots,
        plans: &plan.slots,
        a4,
    }
}

fn follows(input: &Input, followed: u128) -> bool {
    matches!(input.base, Base::Slot(slot) if followed >> slot & 1 == 1)
}

/// Whether the note has a say in the value: a source, the velocity, or a modulated slot.
fn shaped(input: &Input) -> bool {
    input.bound.is_some() || input.times_velocity || matches!(input.base, Base::Slot(_))
}

fn write_if(cell: &mut f64, moves: bool, value: impl FnOnce() -> f64) {
    if moves {
        *cell = value();
    }
}
