//! The slots of a program: their values in the controls' own units.

use super::controls::SlotState;
use super::plan::SlotPlan;
use crate::session::command::SlotValue;
use crate::session::slot::SLOTS;

/// Values by slot. A control's own smoothing is part of its Instr's code. Audio thread only; never allocates.
pub(crate) struct Slots {
    values: [f64; SLOTS],
    /// A bit for each slot whose value has changed since it was last written to the synths.
    changed: u128,
}

impl Slots {
    pub(crate) fn new(plans: &[Option<SlotPlan>]) -> Self {
        let mut values = [0.0; SLOTS];
        for (value, plan) in values.iter_mut().zip(plans) {
            *value = plan.map_or(0.0, |plan| plan.initial);
        }
        Self { values, changed: 0 }
    }

    pub(crate) fn value(&self, slot: u8) -> f64 {
        self.values[usize::from(slot)]
    }

    /// Takes over where the host has put a slot.
    pub(crate) fn take(&mut self, slot: usize, plan: &SlotPlan, state: &SlotState) {
        self.values[slot] = plain(plan, state);
        self.changed |= 1 << slot;
    }

    /// A bit for each slot whose value has changed since the last call.
    pub(crate) fn take_changed(&mut self) -> u128 {
        std::mem::take(&mut self.changed)
    }
}

/// The value of a slot in its control's own units. Without modulation a plain value passes untouched.
fn plain(plan: &SlotPlan, state: &SlotState) -> f64 {
    let value = match (state.learned, state.value) {
        (None, None) => plan.initial,
        (None, Some(SlotValue::Plain(value))) => value,
        (Some(value), _) | (None, Some(SlotValue::Normalized(value))) => {
            plan.range.from_normalized(value)
        }
    };
    modulated(plan, value, state.modulation)
}

/// A value in the control's own units, moved by a normalized offset and kept inside the range.
pub(crate) fn modulated(plan: &SlotPlan, value: f64, offset: f64) -> f64 {
    if offset == 0.0 {
        return value;
    }
    plan.range
        .from_normalized((plan.range.to_normalized(value) + offset).clamp(0.0, 1.0))
}
