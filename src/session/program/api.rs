//! Synths that the session starts, sets and stops by handle.

use super::Program;
use super::controls::SlotState;
use super::plan::{Target, Template};
use super::start::{Arguments, NewSynth, Span};
use super::synths::{Owner, Slice};
use crate::session::board::Board;
use crate::session::command::{ArgKey, Lasting, SynthId};
use crate::session::name::NameId;
use crate::session::outbox::Outbox;
use crate::session::seen::SoundingNote;
use std::sync::atomic::Ordering;

/// A synth that the session wants.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) id: SynthId,
    pub(crate) instr: NameId,
    pub(crate) priority: u16,
    /// `None` until stopped.
    pub(crate) lasting: Option<Lasting>,
    /// Samples from the start of the cycle.
    pub(crate) offset: usize,
    pub(crate) args: &'a [(ArgKey, f64)],
}

impl Program {
    /// Starts a synth of the session; `None` if the program has no such Instr at that priority or no slice is free.
    pub(crate) fn start_request(
        &mut self,
        request: Request<'_>,
        outbox: &mut Outbox,
    ) -> Option<Slice> {
        let template = self
            .plan
            .templates
            .iter()
            .position(|t| t.name == request.instr)?;
        let plan = &self.plan.templates[template];
        let number = plan.number(request.priority)?;
        let new = NewSynth {
            number,
            template,
            owner: Owner::Handle {
                id: request.id,
                template,
            },
            slots: plan.followed(),
            span: Span {
                offset: request.offset,
                lasting: request.lasting,
                rings: plan.releases,
            },
        };
        let args = self.arguments(plan, request.args);
        self.start(new, &args, outbox)
    }

    /// Defaults, overridden by where the host's parameters stand, overridden by what was given.
    fn arguments(&self, template: &Template, given: &[(ArgKey, f64)]) -> Arguments {
        let mut args = Arguments::zeros(template.fields.len(), template.cells.len());
        for (index, value) in template.fields.iter().enumerate() {
            args.set(Target::Field(index), *value);
        }
        for (index, default) in template.cells.iter().enumerate() {
            let value = template.slots[index].map_or(*default, |slot| self.slots.value(slot));
            args.set(Target::Cell(index), value);
        }
        for (key, value) in given {
            if let Some(target) = template.target(*key) {
                args.set(target, *value);
            }
        }
        args
    }

    /// The host has moved a slot.
    pub(crate) fn slot_changed(&mut self, slot: usize, state: &SlotState) {
        if let Some(plan) = self.plan.slots[slot] {
            self.slots.take(slot, &plan, state);
        }
    }

    /// Sets a control of a synth, if it still sounds in that slice; false if its Instr has no such control.
    pub(crate) fn set(&mut self, slice: Slice, id: SynthId, key: ArgKey, value: f64) -> bool {
        let Some(template) = self.template_of(slice, id) else {
            return false;
        };
        let Some(Target::Cell(index)) = self.plan.templates[template].target(key) else {
            return false;
        };
        let cell = self.cells.slice(slice) + self.cells.controls + index;
        self.csound.cells_mut(&self.table)[cell] = value;
        true
    }

    /// The value of a control of a synth, if it still sounds in that slice and its Instr has it.
    pub(crate) fn control(&self, slice: Slice, id: SynthId, key: ArgKey) -> Option<f64> {
        let template = self.template_of(slice, id)?;
        let Target::Cell(index) = self.plan.templates[template].target(key)? else {
            return None;
        };
        let cell = self.cells.slice(slice) + self.cells.controls + index;
        Some(self.csound.cells(&self.table)[cell])
    }

    /// Leaves the controls of the session's synths, the first `count` of each, where it can read them.
    pub(crate) fn show_controls(&self, board: &Board, count: usize) {
        for position in 0..self.synths.len() {
            let slice = self.synths.live(position);
            let Some(Owner::Handle { id, .. }) = self.synths.get(slice).map(|synth| synth.owner)
            else {
                continue;
            };
            let first = self.cells.slice(slice) + self.cells.controls;
            let cells = &self.csound.cells(&self.table)[first..];
            for (shown, cell) in board.controls(id, count).iter().zip(cells) {
                shown.store(*cell, Ordering::Relaxed);
            }
        }
    }

    /// Releases a synth, if it still sounds in that slice.
    pub(crate) fn stop(&mut self, slice: Slice, id: SynthId) {
        if self.template_of(slice, id).is_some() {
            self.release(slice);
        }
    }

    fn template_of(&self, slice: Slice, synth: SynthId) -> Option<usize> {
        match self.synths.get(slice)?.owner {
            Owner::Handle { id, template } if id == synth => Some(template),
            _ => None,
        }
    }

    /// Releases every synth of the session.
    pub(crate) fn stop_all_requests(&mut self) {
        for position in 0..self.synths.len() {
            let slice = self.synths.live(position);
            if matches!(self.synths.get(slice), Some(s) if matches!(s.owner, Owner::Handle { .. }))
            {
                self.release(slice);
            }
        }
    }

    /// Calls `visit` with the handle of every sounding synth of the session.
    pub(crate) fn for_requests(&self, mut visit: impl FnMut(SynthId)) {
        for position in 0..self.synths.len() {
            let owner = self
                .synths
                .get(self.synths.live(position))
                .map(|synth| synth.owner);
            if let Some(Owner::Handle { id, .. }) = owner {
                visit(id);
            }
        }
    }

    /// How many synths of the session are held, and how many sound.
    pub(crate) fn count_requests(&self) -> (usize, usize) {
        let synths = (0..self.synths.len()).filter_map(|at| self.synths.get(self.synths.live(at)));
        let requests = synths.filter(|synth| matches!(synth.owner, Owner::Handle { .. }));
        requests.fold((0, 0), |(held, all), synth| {
            (held + usize::from(!synth.released), all + 1)
        })
    }

    /// The notes that sound, for people to see. Realtime-safe.
    pub(crate) fn sounding_notes(&self) -> impl Iterator<Item = SoundingNote> {
        let here = self.notes.iter().filter(|(_, note)| !note.handed_over);
        here.map(|(_, note)| SoundingNote {
            note: note.address,
            press: note.press as u16,
            held: note.held,
        })
    }

    /// Ends all that sounds at once, and starts the always-on parts anew.
    pub(crate) fn panic(&mut self, outbox: &mut Outbox) {
        self.end_all(outbox);
        self.start_always(0, outbox);
    }

    /// Ends all that sounds at once, the always-on parts too.
    pub(crate) fn end_all(&mut self, outbox: &mut Outbox) {
        self.held.iter_mut().for_each(super::notes::HeldKeys::clear);
        while self.synths.len() > 0 {
            let slice = self.synths.live(self.synths.len() - 1);
            self.kill(slice);
        }
        for index in 0..self.notes.capacity() {
            self.finish_note(index, outbox);
        }
    }
}

impl Template {
    /// Slots that a synth's controls follow, whatever they start with: the newest write wins.
    fn followed(&self) -> u128 {
        let slots = self.slots.iter().flatten();
        slots.fold(0, |mask, slot| mask | 1 << slot)
    }
}
