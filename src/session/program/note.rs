//! A note: what was played, what it has become, and the synths that sound for it.

use super::controls::Player;
use super::plan::{Base, Input, MAX_NOTE_BUSES, MAX_PARTS, SlotPlan};
use super::slots::{self, Slots};
use super::synths::Slice;
use super::voices::Press;
use crate::session::command::{Expression, NoteAddress};
use crate::session::layer::Source;

/// Most slots that can be modulated for one note.
const MAX_MODULATIONS: usize = 16;

/// What a note is worth to its arguments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Values {
    /// 0..=127.
    pub(crate) key: f64,
    /// 0..=1.
    pub(crate) velocity: f64,
    tuning: f64,
    pressure: f64,
    timbre: f64,
    vibrato: f64,
    expression: f64,
    pan: f64,
    gain: f64,
}

impl Values {
    pub(crate) fn new(key: u8, velocity: f64) -> Self {
        Self {
            key: f64::from(key),
            velocity,
            tuning: 0.0,
            pressure: 0.0,
            timbre: 0.0,
            vibrato: 0.0,
            expression: 0.0,
            pan: 0.0,
            gain: 1.0,
        }
    }

    /// Takes an expression.
    pub(crate) fn express(&mut self, kind: Expression, value: f64) {
        *match kind {
            Expression::Tuning => &mut self.tuning,
            Expression::Pressure => &mut self.pressure,
            Expression::Timbre => &mut self.timbre,
            Expression::Vibrato => &mut self.vibrato,
            Expression::Expression => &mut self.expression,
            Expression::Pan => &mut self.pan,
            Expression::Gain => &mut self.gain,
        } = value;
    }

    fn source(&self, source: Source, player: &Player, a4: f64) -> f64 {
        match source {
            Source::Key => self.pitch(player),
            // Equal temperament around A4 = key 69.
            Source::Frequency => a4 * ((self.pitch(player) - 69.0) / 12.0).exp2(),
            Source::Velocity => self.velocity,
            // Whoever plays through a channel says the same as one who speaks to the note itself.
            Source::Pressure => self.pressure.max(player.pressure()),
            Source::Timbre => self.timbre.max(player.timbre()),
            Source::Vibrato => self.vibrato.max(player.vibrato()),
            Source::Expression => self.expression.max(player.expression()),
            Source::Pan => self.pan,
            Source::Gain => self.gain,
            Source::Bend => player.bend(),
            Source::Controller(number) => player.controller(number),
        }
    }

    fn pitch(&self, player: &Player) -> f64 {
        self.key + self.tuning + player.semitones()
    }
}

/// A part of a note.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Voice {
    /// 0 when the part has ended.
    pub(crate) slice: Slice,
    /// Its release was asked for.
    pub(crate) released: bool,
}

/// A sounding note.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Note {
    pub(crate) address: NoteAddress,
    pub(crate) layer: usize,
    /// The order in which notes began.
    pub(crate) age: u64,
    /// What it began with: the host thinks of all notes of a key as one voice.
    pub(crate) press: u64,
    pub(crate) values: Values,
    /// The key is down, or the pedal keeps it so.
    pub(crate) held: bool,
    /// The key is up and the pedal keeps the note.
    pub(crate) pedalled: bool,
    /// It goes on in another program, which will tell the host of its end.
    pub(crate) handed_over: bool,
    /// Its values have changed since they were last written.
    pub(crate) changed: bool,
    pub(crate) parts: [Voice; MAX_PARTS],
    /// Parts that sound.
    pub(crate) sounding: usize,
    /// Tokens of its private buses.
    pub(crate) buses: [f64; MAX_NOTE_BUSES],
    modulations: [(u8, f64); MAX_MODULATIONS],
    modulated: usize,
}

impl Note {
    pub(crate) fn new(address: NoteAddress, layer: usize, values: Values) -> Self {
        Self {
            address,
            layer,
            age: 0,
            press: 0,
            values,
            held: true,
            pedalled: false,
            handed_over: false,
            changed: false,
            parts: [Voice::default(); MAX_PARTS],
            sounding: 0,
            buses: [0.0; MAX_NOTE_BUSES],
            modulations: [(0, 0.0); MAX_MODULATIONS],
            modulated: 0,
        }
    }

    /// The key going down, as it would start the note now, some samples into the cycle.
    pub(crate) fn pressed(&self, offset: usize) -> Press {
        Press {
            address: self.address,
            velocity: self.values.velocity,
            offset,
        }
    }

    /// Sets the modulation of a slot for this note; false when the note has too many.
    pub(crate) fn modulate(&mut self, slot: u8, offset: f64) -> bool {
        self.changed = true;
        let known = self.modulations[..self.modulated]
            .iter_mut()
            .find(|(s, _)| *s == slot);
        if let Some((_, value)) = known {
            *value = offset;
        } else if self.modulated < MAX_MODULATIONS {
            self.modulations[self.modulated] = (slot, offset);
            self.modulated += 1;
        } else {
            return false;
        }
        true
    }

    /// Whether any slot was ever modulated for it.
    pub(crate) fn is_modulated(&self) -> bool {
        self.modulated > 0
    }

    fn modulation(&self, slot: u8) -> f64 {
        self.modulations[..self.modulated]
            .iter()
            .find(|(s, _)| *s == slot)
            .map_or(0.0, |(_, v)| *v)
    }
}

/// What the value of an argument is made from.
pub(crate) struct Context<'a> {
    pub(crate) slots: &'a Slots,
    pub(crate) plans: &'a [Option<SlotPlan>],
    pub(crate) a4: f64,
}

impl Context<'_> {
    /// The value of an argument of a note.
    #[inline]
    pub(crate) fn of_note(&self, input: &Input, note: &Note, player: &Player) -> f64 {
        let base = match input.base {
            Base::Constant(value) => value,
            Base::NoteBus(bus) => note.buses[bus],
            Base::Slot(slot) => self.slot(slot, note.modulation(slot)),
        };
        if input.is_plain() {
            return base;
        }
        let bound = input.bound.map_or(0.0, |(source, amount)| {
            amount * note.values.source(source, player, self.a4)
        });
        let velocity = if input.times_velocity {
            note.values.velocity
        } else {
            1.0
        };
        (base + bound) * velocity
    }

    /// The value of an argument of an always-on part, which no note shapes.
    pub(crate) fn of_always(&self, input: &Input) -> f64 {
        match input.base {
            Base::Constant(value) => value,
            Base::NoteBus(_) => 0.0,
            Base::Slot(slot) => self.slot(slot, 0.0),
        }
    }

    fn slot(&self, slot: u8, offset: f64) -> f64 {
        let value = self.slots.value(slot);
        if offset == 0.0 {
            return value;
        }
        let plan = self.plans[usize::from(slot)].as_ref();
        plan.map_or(value, |plan| slots::modulated(plan, value, offset))
    }
}
