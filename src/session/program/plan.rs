//! Names resolved once: what the audio thread needs to start and shape notes, without text.

use crate::session::command::ArgKey;
use crate::session::instr::Range;
use crate::session::layer::{Mode, Source, Trigger};
use crate::session::name::NameId;

/// Most parts a layer may have.
pub const MAX_PARTS: usize = 16;
/// Most private buses a note may have.
pub const MAX_NOTE_BUSES: usize = 8;
/// Most p-fields an event may have, p1 included.
pub const MAX_FIELDS: usize = 128;

/// Everything a program knows by number.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) templates: Vec<Template>,
    pub(crate) layers: Vec<LayerPlan>,
    /// Index by slot: the control it moves, if any.
    pub(crate) slots: Vec<Option<SlotPlan>>,
    /// Where code starts Instrs by name: slots, and the cells in which such synths find their values.
    pub(crate) default_cells: Vec<(u8, usize)>,
    /// MIDI controllers and the slots that they move.
    pub(crate) learned: Vec<(u8, u8)>,
}

/// An Instr of the program.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) name: NameId,
    /// Instrument numbers by priority.
    pub(crate) numbers: Vec<(u16, u32)>,
    /// Defaults of p5, p6, ...
    pub(crate) fields: Vec<f64>,
    /// Defaults of the controls, by cell.
    pub(crate) cells: Vec<f64>,
    /// The slot of each control, by cell.
    pub(crate) slots: Vec<Option<u8>>,
    /// Its body makes or loads tables when it starts.
    pub(crate) tables: bool,
    /// Its body has a release.
    pub(crate) releases: bool,
    /// Where each argument goes.
    pub(crate) targets: Vec<(NameId, Target)>,
}

/// Where a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A p-field, counted from p5.
    Field(usize),
    /// A control, counted from the first one of the slice.
    Cell(usize),
}

impl Template {
    /// The instrument number at a priority.
    pub(crate) fn number(&self, priority: u16) -> Option<u32> {
        self.numbers
            .iter()
            .find(|(p, _)| *p == priority)
            .map(|(_, number)| *number)
    }

    /// Where an argument goes; `None` if the Instr has no such one.
    pub(crate) fn target(&self, key: ArgKey) -> Option<Target> {
        match key {
            ArgKey::Name(name) => self
                .targets
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, t)| *t),
            ArgKey::Place(place) => self.place(usize::from(place).checked_sub(5)?),
        }
    }

    fn place(&self, index: usize) -> Option<Target> {
        let control = self.targets.get(index).map(|(_, target)| *target);
        control.or((index < MAX_FIELDS - 4).then_some(Target::Field(index)))
    }
}

/// A layer, resolved.
#[derive(Debug)]
pub(crate) struct LayerPlan {
    pub(crate) trigger: Trigger,
    pub(crate) keys: (u8, u8),
    pub(crate) velocities: (u8, u8),
    pub(crate) channel: Option<u8>,
    pub(crate) voices: usize,
    pub(crate) mode: Mode,
    pub(crate) note_buses: usize,
    /// Sorted by priority.
    pub(crate) parts: Vec<PartPlan>,
}

impl LayerPlan {
    /// Whether a note starts this layer. Velocity 0..=1 counts in 127 steps, and at least as 1.
    pub(crate) fn takes(&self, channel: u8, key: u8, velocity: f64) -> bool {
        let velocity = (velocity * 127.0).round().clamp(1.0, 127.0) as u8;
        self.trigger == Trigger::Note
            && (self.keys.0..=self.keys.1).contains(&key)
            && (self.velocities.0..=self.velocities.1).contains(&velocity)
            && self.channel.is_none_or(|own| own == channel)
    }
}

/// A part, resolved.
#[derive(Debug)]
pub(crate) struct PartPlan {
    /// Index of its Instr's template.
    pub(crate) template: usize,
    pub(crate) number: u32,
    pub(crate) priority: u32,
    /// p5, p6, ...
    pub(crate) fields: Vec<Input>,
    /// The controls, by cell.
    pub(crate) cells: Vec<Input>,
    /// The slots that its controls follow.
    pub(crate) slots: u128,
    /// The controls that follow a slot and nothing else, by cell, and their slots.
    pub(crate) plain_slots: Vec<(usize, u8)>,
    /// The slots of the other ones.
    pub(crate) shaped_slots: u128,
    /// Released with the note, or only after the parts of lower priority.
    pub(crate) released_at_once: bool,
    /// Always-on parts only: hears buses or the host's input, so it rings out instead of fading.
    pub(crate) listens: bool,
    /// A k-rate pitch: legato can reach it.
    pub(crate) glides: bool,
}

impl PartPlan {
    /// Says what a control is made from, once for each.
    pub(crate) fn set_cell(&mut self, cell: usize, input: Input) {
        if let Base::Slot(slot) = input.base {
            self.slots |= 1 << slot;
            if input.is_plain() {
                self.plain_slots.push((cell, slot));
            } else {
                self.shaped_slots |= 1 << slot;
            }
        }
        self.cells[cell] = input;
    }
}

/// Where the value of an argument comes from while a note sounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Input {
    pub(crate) base: Base,
    /// Added: a source of the note and its weight.
    pub(crate) bound: Option<(Source, f64)>,
    /// The sum is multiplied by the velocity.
    pub(crate) times_velocity: bool,
}

/// The part of a value that does not come from the note.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Base {
    Constant(f64),
    Slot(u8),
    NoteBus(usize),
}

impl Input {
    /// Whether nothing is added to the base and nothing multiplies it.
    pub(crate) fn is_plain(&self) -> bool {
        self.bound.is_none() && !self.times_velocity
    }

    pub(crate) fn constant(value: f64) -> Self {
        Self {
            base: Base::Constant(value),
            bound: None,
            times_velocity: false,
        }
    }
}

/// The control behind a slot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SlotPlan {
    pub(crate) range: Range,
    /// Plain value while the host has said nothing.
    pub(crate) initial: f64,
}
