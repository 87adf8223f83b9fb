//! The audio thread's view of the slots: what the performer has been told of each.

use super::changes::Changes;
use super::formats::{modulate_slot, set_slot};
use super::moves::{Move, Place};
use super::params::PluginParams;
use crate::session::command::{Command, SlotValue};
use crate::session::slot::SLOTS;

/// What was told. A slot that stands where the document puts it is not told at all, until it has moved once.
pub struct ToldSlots {
    told: [Option<f32>; SLOTS],
    modulation: [f32; SLOTS],
    epoch: u32,
}

impl Default for ToldSlots {
    fn default() -> Self {
        Self {
            told: [None; SLOTS],
            modulation: [0.0; SLOTS],
            epoch: 0,
        }
    }
}

impl ToldSlots {
    /// Passes what has moved to `send`. Costs a few loads when nothing has. Realtime-safe.
    pub fn follow(
        &mut self,
        changes: &Changes,
        params: &PluginParams,
        mut send: impl FnMut(Command),
    ) {
        let epoch = changes.epoch();
        let anew = epoch != self.epoch;
        self.epoch = epoch;
        for slot in changes.take() {
            self.tell(slot, anew, changes, params, &mut send);
        }
    }

    /// Puts a parameter where the host's block moves it, and passes that on to `send`. Realtime-safe.
    pub fn go(
        &mut self,
        moved: Move,
        changes: &Changes,
        params: &PluginParams,
        mut send: impl FnMut(Command),
    ) {
        let slot = usize::from(moved.slot);
        match moved.to {
            Place::Value(value) => set_slot(params, slot, value),
            Place::Modulation(offset) => modulate_slot(params, slot, offset),
        }
        self.tell(slot, false, changes, params, &mut send);
    }

    fn tell(
        &mut self,
        slot: usize,
        anew: bool,
        changes: &Changes,
        params: &PluginParams,
        send: &mut impl FnMut(Command),
    ) {
        if let Some((value, modulated)) = params.slot(slot) {
            self.value(slot, value, anew, changes, send);
            self.offset(slot, modulated - value, send);
        }
    }

    fn value(
        &mut self,
        slot: usize,
        value: f32,
        anew: bool,
        changes: &Changes,
        send: &mut impl FnMut(Command),
    ) {
        let standing = changes.standing(slot);
        let stands = value == standing.normalized;
        let said = match self.told[slot] {
            None => stands,
            Some(told) => told == value && !anew,
        };
        if said {
            return;
        }
        self.told[slot] = Some(value);
        let exact = SlotValue::Plain(standing.plain);
        let value = if stands {
            exact
        } else {
            SlotValue::Normalized(value.into())
        };
        send(Command::Slot {
            slot: slot as u8,
            value,
        });
    }

    fn offset(&mut self, slot: usize, offset: f32, send: &mut impl FnMut(Command)) {
        if self.modulation[slot] != offset {
            self.modulation[slot] = offset;
            send(Command::SlotModulation {
                slot: slot as u8,
                offset: offset.into(),
            });
        }
    }
}
