//! Who has ended: found after every cycle by the cells that living synths set.

use super::Program;
use super::plan::MAX_PARTS;
use super::synths::{Owner, Synth};
use crate::session::command::{Ending, HostEvent, Report};
use crate::session::layer::Trigger;
use crate::session::outbox::Outbox;

impl Program {
    /// Reads and clears the alive cell of every synth; one that did not set it is gone.
    pub(super) fn find_ended(&mut self, outbox: &mut Outbox) {
        let layout = self.cells;
        let cells = self.csound.cells_mut(&self.table);
        let gone = &mut self.gone;
        self.synths.for_each_live(|slice, synth| {
            let alive = &mut cells[layout.slice(slice) + layout.alive];
            if std::mem::take(alive) == 0.0 {
                gone.push(slice);
            } else {
                synth.fresh = false;
            }
        });
        for index in 0..self.gone.len() {
            if let Some(synth) = self.synths.end(self.gone[index]) {
                self.ended(&synth, outbox);
            }
        }
        self.gone.clear();
    }

    fn ended(&mut self, synth: &Synth, outbox: &mut Outbox) {
        if synth.fresh {
            self.report_failure(synth, outbox);
        }
        match synth.owner {
            Owner::Note { note, part } => self.part_ended(note, part, outbox),
            Owner::Always { .. } => {}
            Owner::Handle { id, .. } => {
                let how = if synth.fresh {
                    Ending::Failed
                } else {
                    Ending::Played
                };
                outbox.report(Report::Ended { synth: id, how });
            }
        }
    }

    fn report_failure(&self, synth: &Synth, outbox: &mut Outbox) {
        let number = synth.p1 as u32;
        let failed = |t: &&super::plan::Template| t.numbers.iter().any(|(_, own)| *own == number);
        if let Some(template) = self.plan.templates.iter().find(failed) {
            outbox.report(Report::InitFailed {
                instr: template.name,
            });
        }
    }

    fn part_ended(&mut self, index: usize, part: usize, outbox: &mut Outbox) {
        let Some(note) = self.notes.get_mut(index) else {
            return;
        };
        note.parts[part].slice = 0;
        note.sounding -= 1;
        if note.sounding == 0 {
            self.finish_note(index, outbox);
        } else if !note.held {
            self.release_followers(index);
        }
    }

    /// Releases the parts of a released note that waited for all parts of lower priority to end.
    pub(super) fn release_followers(&mut self, index: usize) {
        let Some(note) = self.notes.get_mut(index) else {
            return;
        };
        let parts = &self.plan.layers[note.layer].parts;
        let sounding = |i: usize, note: &super::note::Note| note.parts[i].slice != 0;
        let lowest = (0..parts.len())
            .find(|&i| sounding(i, note))
            .map(|i| parts[i].priority);
        let mut slices = [0; MAX_PARTS];
        for (i, plan) in parts.iter().enumerate() {
            let voice = &mut note.parts[i];
            if voice.slice != 0 && !voice.released && Some(plan.priority) == lowest {
                voice.released = true;
                slices[i] = voice.slice;
            }
        }
        slices
            .iter()
            .filter(|&&slice| slice != 0)
            .for_each(|&slice| self.release(slice));
    }

    /// Forgets a note whose last part has ended, and tells the host.
    pub(super) fn finish_note(&mut self, index: usize, outbox: &mut Outbox) {
        if let Some(note) = self.notes.remove(index) {
            self.return_buses(&note);
            if !note.handed_over && !self.notes.has_press(note.press) {
                outbox.tell_host(HostEvent::VoiceEnded {
                    offset: outbox.offset,
                    note: note.address,
                });
            }
        }
    }

    /// How many synths belong to always-on layers.
    pub(super) fn always_sounding(&self) -> usize {
        let owner = |position| {
            self.synths
                .get(self.synths.live(position))
                .map(|synth| synth.owner)
        };
        let always = |position: &usize| matches!(owner(*position), Some(Owner::Always { .. }));
        (0..self.synths.len()).filter(always).count()
    }

    /// Whether an always-on part hears buses or the host's input.
    pub(crate) fn listens(&self) -> bool {
        let always = self
            .plan
            .layers
            .iter()
            .filter(|layer| layer.trigger == Trigger::Always);
        always
            .flat_map(|layer| &layer.parts)
            .any(|part| part.listens)
    }
}
