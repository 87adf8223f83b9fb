//! The slots of a program: their values in the controls' own units, on their way from one value to the next.

use super::controls::SlotState;
use super::plan::SlotPlan;
use crate::session::command::SlotValue;
use crate::session::slot::SLOTS;

#[derive(Clone, Copy)]
struct Ramp {
    /// Where it goes, normalized and in the control's own units.
    target: f64,
    plain: f64,
    /// Where it is, normalized.
    position: f64,
    cycles_left: u32,
}

/// Values by slot. Audio thread only; never allocates after it is made.
pub(crate) struct Slots {
    values: [f64; SLOTS],
    ramps: [Option<Ramp>; SLOTS],
    /// A bit for each slot with a ramp.
    moving: u128,
    /// A bit for each slot whose value has changed since it was last written to the synths.
    changed: u128,
}

impl Slots {
    pub(crate) fn new(plans: &[Option<SlotPlan>]) -> Self {
        let mut values = [0.0; SLOTS];
        for (value, plan) in values.iter_mut().zip(plans) {
            *value = plan.map_or(0.0, |plan| plan.initial);
        }
        Self {
            values,
            ramps: [None; SLOTS],
            moving: 0,
            changed: 0,
        }
    }

    pub(crate) fn value(&self, slot: u8) -> f64 {
        self.values[usize::from(slot)]
    }

    /// Takes over where the host stands, without ramps.
    pub(crate) fn jump(&mut self, slot: usize, plan: &SlotPlan, state: &SlotState) {
        self.values[slot] = plain(plan, state);
        self.ramps[slot] = None;
        self.moving &= !(1 << slot);
        self.changed |= 1 << slot;
    }

    /// Moves a slot to where the host has put it, as slowly as its control wants.
    pub(crate) fn aim(&mut self, slot: usize, plan: &SlotPlan, state: &SlotState) {
        if plan.smooth_cycles <= 1 {
            return self.jump(slot, plan, state);
        }
        let plain = plain(plan, state);
        self.ramps[slot] = Some(Ramp {
            target: plan.range.to_normalized(plain),
            plain,
            position: plan.range.to_normalized(self.values[slot]),
            cycles_left: plan.smooth_cycles,
        });
        self.moving |= 1 << slot;
    }

    /// One cycle further on every ramp. Returns a bit for each slot whose value has changed.
    pub(crate) fn advance(&mut self, plans: &[Option<SlotPlan>]) -> u128 {
        let mut moving = self.moving;
        while moving != 0 {
            let slot = moving.trailing_zeros() as usize;
            moving &= moving - 1;
            self.step(slot, plans[slot].as_ref());
        }
        std::mem::take(&mut self.changed)
    }

    fn step(&mut self, slot: usize, plan: Option<&SlotPlan>) {
        if let (Some(ramp), Some(plan)) = (self.ramps[slot].as_mut(), plan) {
            ramp.position += (ramp.target - ramp.position) / f64::from(ramp.cycles_left);
            ramp.cycles_left -= 1;
            self.values[slot] = plan.range.from_normalized(ramp.position);
            self.changed |= 1 << slot;
            if ramp.cycles_left > 0 {
                return;
            }
            self.values[slot] = ramp.plain;
        }
        self.ramps[slot] = None;
        self.moving &= !(1 << slot);
    }
}

/// The value of a slot in its control's own units. Without modulation a plain value passes untouched.
fn plain(plan: &SlotPlan, state: &SlotState) -> f64 {
    let value = match state.value {
        None => plan.initial,
        Some(SlotValue::Plain(value)) => value,
        Some(SlotValue::Normalized(value)) => plan.range.from_normalized(value),
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
