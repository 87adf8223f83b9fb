//! Taking programs over, letting them ring out, and giving them back to be freed.

use super::Performer;
use super::Program;
use super::handles::Phase;
use super::route::end;
use super::voice::Running;
use crate::session::command::Report;
use rtrb::PushError;

/// Length of the fade between inputs, in seconds.
const INPUT_FADE: f64 = 0.010;
/// Length of the fade of a program that leaves, in seconds.
pub(super) const OUTPUT_FADE: f64 = 0.020;
/// A program that rings out is over after this long, in seconds, below [`SILENCE`].
const QUIET: f64 = 0.050;
/// -90 dBFS.
const SILENCE: f64 = 3.162_277_660_168_379e-5;
/// The longest that a program rings out, in seconds.
const TAIL: f64 = 10.0;

impl Performer {
    /// Makes a program the one that takes new notes, some samples into the cycle.
    pub(super) fn take_over(&mut self, mut program: Box<Program>, offset: usize) {
        self.serial += 1;
        self.outbox.work.swapped = true;
        self.expect_costs(&mut program);
        if !program.shape().fits(&self.shape) {
            std::mem::swap(&mut self.fifo, &mut program.fifo);
            self.fifo.reset();
        }
        self.shape = *program.shape();
        let fade = self.samples(INPUT_FADE);
        program.begin(&self.controls, offset, &mut self.outbox);
        self.hand_buses_to(&mut program);
        if let Some(older) = self.running.last() {
            program.take_channels(&older.program);
            program.take_tables(&older.program);
        }
        let alone = self.running.is_empty();
        let mut newest = Running::new(program, self.serial, alone, offset);
        for older in &mut self.running {
            older.input.ramp.go_after(offset as u32, 0.0, fade);
        }
        let rise = if alone { 1 } else { fade };
        newest.input.ramp.go_after(offset as u32, 1.0, rise);
        if newest.program.shape().retrigger {
            self.retrigger(&mut newest, offset);
        }
        if newest.program.hears() && !self.hears {
            // Nothing was read so far in this cycle.
            self.fifo.clear_input();
        }
        self.running.push(newest);
        self.count_ears();
        self.outbox.report(Report::Swapped);
    }

    /// Starts the held notes again in the new program and releases them in the old ones: in the cycle that comes, or in
    /// the next one if this would be heard before the new program is.
    fn retrigger(&mut self, newest: &mut Running, offset: usize) {
        let (program, controls, outbox) = (&mut newest.program, &self.controls, &mut self.outbox);
        for older in &mut self.running {
            older.program.hand_over(|held| {
                program.note_on(held.pressed(offset), controls, outbox);
                if held.pedalled {
                    program.note_off(&held.address, offset, controls, outbox);
                }
            });
            older.lets_go = true;
            if offset == 0 {
                older.let_go();
            }
        }
    }

    /// Whether one more program may play. If not, the one that will be missed least begins to fade out, unless every
    /// one of them holds notes.
    pub(super) fn has_room(&mut self) -> bool {
        let playing = self
            .running
            .iter()
            .filter(|running| !running.leaving)
            .count();
        let most = self.most_running;
        if playing < most || self.running.len() > most {
            return playing < most && self.running.len() <= most;
        }
        let fade = self.samples(OUTPUT_FADE);
        let missed_least = self.running.iter_mut().min_by_key(|running| {
            let (held, sounding) = running.program.count_held();
            (running.program.has_voices(), held, sounding)
        });
        let idle = missed_least.filter(|running| running.program.count_held().0 == 0);
        idle.map(|running| running.leave(fade)).is_some()
    }

    /// Sees to the programs that play no new notes: the cycle that was just performed may have been their last.
    pub(super) fn retire(&mut self) {
        self.end_muted();
        let mut index = 0;
        let mut older = self.running.len().saturating_sub(1);
        if self.running.last().is_some_and(|newest| newest.leaving) {
            older += 1;
        }
        while index < older {
            if self.is_over(index) {
                let mut running = self.running.remove(index);
                self.forget_handles(&running.program);
                running.program.end_all(&mut self.outbox);
                self.give_away(running.program);
                self.count_ears();
                older -= 1;
            } else {
                index += 1;
            }
        }
    }

    /// Ends what sounded in programs that were muted: they are not performed, so none of it would ever end.
    fn end_muted(&mut self) {
        for Running { program, .. } in &mut self.running {
            if program.fault().is_some() && program.sounding() {
                program.for_requests(|id| end(&mut self.handles, &mut self.outbox, id));
                program.end_all(&mut self.outbox);
            }
        }
    }

    fn is_over(&mut self, index: usize) -> bool {
        let (fade, quiet, tail) = (
            self.samples(OUTPUT_FADE),
            self.samples(QUIET),
            self.samples(TAIL),
        );
        let running = &mut self.running[index];
        if running.program.fault().is_some() {
            return true;
        }
        if running.leaving {
            return running.output.is_at(0.0);
        }
        if running.program.has_voices() {
            return false;
        }
        if !running.program.sounding() {
            return true;
        }
        if !running.program.listens() {
            running.leave(fade);
            return false;
        }
        running.ring(self.shape.ksmps as u64, SILENCE);
        running.quiet >= u64::from(quiet) || running.ringing >= u64::from(tail)
    }

    /// Sends a program back to be freed. If the way back is full it is kept until there is room.
    pub(super) fn give_away(&mut self, mut program: Box<Program>) {
        self.outbox.work.swapped = true;
        let id = program.id();
        program.take_messages(|text| self.link.log.write(id, text));
        if let Err(PushError::Full(program)) = self.link.retired.push(program) {
            // The ring holds more programs than can run and wait together; freeing here would break the promise of
            // the audio thread, and dropping the box without freeing loses only memory.
            std::mem::forget(program);
            self.outbox.count_dropped();
        }
    }

    /// Lets all programs fade out, so that one can follow that cannot sound beside them.
    pub(super) fn leave_all(&mut self) {
        let fade = self.samples(OUTPUT_FADE);
        self.running
            .iter_mut()
            .for_each(|running| running.leave(fade));
    }

    /// Finds out whether the host's input has to be read.
    fn count_ears(&mut self) {
        self.hears = self.running.iter().any(|running| running.program.hears());
    }

    /// Ends the session's synths in a program that goes.
    pub(super) fn forget_handles(&mut self, program: &Program) {
        program.for_requests(|id| {
            if self.handles.phase(id) != Phase::Free {
                end(&mut self.handles, &mut self.outbox, id);
            }
        });
    }

    pub(super) fn samples(&self, seconds: f64) -> u32 {
        (seconds * self.shape.sample_rate).round() as u32
    }
}

impl Running {
    /// Releases the notes that have gone over to a newer program.
    pub(super) fn let_go(&mut self) {
        if std::mem::take(&mut self.lets_go) {
            self.program.release_all_notes();
        }
    }

    /// Begins to fade out.
    fn leave(&mut self, samples: u32) {
        if !self.leaving {
            self.leaving = true;
            self.output.go(0.0, samples);
        }
    }

    /// Counts a cycle of ringing.
    fn ring(&mut self, samples: u64, silence: f64) {
        self.ringing += samples;
        self.quiet = if self.program.peak() < silence {
            self.quiet + samples
        } else {
            0
        };
    }
}
