//! The parts of notes and of always-on layers: started together, released as their layer says, ended together.

use super::Program;
use super::controls::Controls;
use super::note::{Values, Voice};
use super::plan::MAX_PARTS;
use super::start::{Arguments, NewSynth, Span, context};
use super::synths::Owner;
use super::voices::Press;
use crate::session::layer::Trigger;
use crate::session::outbox::Outbox;

impl Program {
    pub(super) fn start_note(
        &mut self,
        layer: usize,
        press: Press,
        controls: &Controls,
        outbox: &mut Outbox,
    ) {
        let values = Values::new(press.key(), press.velocity);
        let mut note = self.notes.begin(press.address, layer, values);
        if !self.take_buses(layer, &mut note) {
            return outbox.count_dropped();
        }
        let Some(index) = self.notes.add(note) else {
            self.return_buses(&note);
            return outbox.count_dropped();
        };
        for part in 0..self.plan.layers[layer].parts.len() {
            self.start_part(index, part, press.offset, controls, outbox);
        }
        if self.notes.get(index).is_some_and(|note| note.sounding == 0) {
            self.finish_note(index, outbox);
        }
    }

    fn start_part(
        &mut self,
        index: usize,
        part: usize,
        offset: usize,
        controls: &Controls,
        outbox: &mut Outbox,
    ) {
        let Some(note) = self.notes.get(index) else {
            return;
        };
        let plan = &self.plan.layers[note.layer].parts[part];
        let player = controls.player(note.address.channel);
        let context = context(&self.slots, &self.plan, self.shape.a4);
        let args = Arguments::new(plan, |input| context.of_note(input, note, &player));
        let new = NewSynth {
            number: plan.number,
            template: plan.template,
            owner: Owner::Note { note: index, part },
            slots: plan.slots,
            span: Span {
                offset,
                lasting: None,
                rings: false,
            },
        };
        let slice = self.start(new, &args, outbox);
        if let (Some(slice), Some(note)) = (slice, self.notes.get_mut(index)) {
            note.parts[part] = Voice {
                slice,
                released: false,
            };
            note.sounding += 1;
        }
    }

    /// Starts the parts of the always-on layers, some samples into the cycle. Those that listen start with the cycle:
    /// Csound's `inch` reads the cycle from its first sample wherever the synth starts.
    pub(super) fn start_always(&mut self, offset: usize, outbox: &mut Outbox) {
        for layer in 0..self.plan.layers.len() {
            if self.plan.layers[layer].trigger == Trigger::Always {
                for part in 0..self.plan.layers[layer].parts.len() {
                    self.start_always_part(layer, part, offset, outbox);
                }
            }
        }
    }

    fn start_always_part(&mut self, layer: usize, part: usize, offset: usize, outbox: &mut Outbox) {
        let plan = &self.plan.layers[layer].parts[part];
        let context = context(&self.slots, &self.plan, self.shape.a4);
        let args = Arguments::new(plan, |input| context.of_always(input));
        let offset = if plan.listens { 0 } else { offset };
        let new = NewSynth {
            number: plan.number,
            template: plan.template,
            owner: Owner::Always { layer, part },
            slots: plan.slots,
            span: Span {
                offset,
                lasting: None,
                rings: false,
            },
        };
        self.start(new, &args, outbox);
    }

    /// Marks a note as released and releases the parts that hear of it at once.
    pub(super) fn release_parts(&mut self, index: usize) {
        let Some(note) = self.notes.get_mut(index) else {
            return;
        };
        note.held = false;
        let mut slices = [0; MAX_PARTS];
        let parts = &self.plan.layers[note.layer].parts;
        for ((voice, plan), slice) in note.parts.iter_mut().zip(parts).zip(&mut slices) {
            if plan.released_at_once && voice.slice != 0 && !voice.released {
                voice.released = true;
                *slice = voice.slice;
            }
        }
        slices
            .iter()
            .filter(|&&slice| slice != 0)
            .for_each(|&slice| self.release(slice));
        self.release_followers(index);
    }

    pub(super) fn kill_note(&mut self, index: usize, outbox: &mut Outbox) {
        let Some(note) = self.notes.get_mut(index) else {
            return;
        };
        let slices = note.parts.map(|voice| voice.slice);
        note.parts = [Voice::default(); MAX_PARTS];
        slices
            .into_iter()
            .filter(|&slice| slice != 0)
            .for_each(|slice| self.kill(slice));
        self.finish_note(index, outbox);
    }
}
