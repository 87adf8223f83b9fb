//! Programs that wait for their moment, and the one whose moment has come.
//!
//! A program takes over at a sample, not at a cycle: commands before that sample go to the old program and later ones
//! to the new, whose always-on parts start there, whose output is not heard before, and whose input rises from there.

use super::retire::OUTPUT_FADE;
use super::{Performer, Program};
use crate::session::command::Report;
use crate::session::handover::WAITING;
use crate::session::program::Moment;
use crate::session::when::Clock;
use std::cmp::Reverse;

impl Performer {
    /// Lets programs take over whose moment lies in this cycle, each after the commands that come before it.
    pub(super) fn adopt_due(&mut self, moment: &Moment) {
        self.take_in_programs();
        while let Some((index, offset)) = self.next_due(moment) {
            self.apply_before(offset);
            let program = self.take_waiting(index);
            self.adopt(program, offset);
        }
    }

    /// Lets the newest program take over while nothing plays, whatever it waits for.
    pub(super) fn adopt_first(&mut self) {
        self.take_in_programs();
        let Some(newest) = self.waiting.len().checked_sub(1) else {
            return;
        };
        // One of another cycle has a FIFO of its own: what waits in this one must have been heard.
        if self.silent >= self.shape.latency() || !self.must_be_alone(newest) {
            let program = self.take_waiting(newest);
            self.adopt(program, 0);
        }
    }

    /// Ends the waiting of all, unheard.
    pub(super) fn dismiss_waiting(&mut self) {
        self.take_in_programs();
        while let Some(waiting) = self.waiting.pop() {
            self.give_away(waiting);
        }
    }

    fn take_in_programs(&mut self) {
        // Twice as cheap as to try, and in nearly every cycle there is nothing.
        if self.link.programs.is_empty() {
            return;
        }
        for newer in self.link.programs.take_all() {
            let mut index = 0;
            while index < self.waiting.len() {
                let when = self.waiting[index].takeover.when;
                if when.is_superseded_by(newer.takeover.when) {
                    let older = self.waiting.remove(index);
                    self.give_away(older);
                } else {
                    index += 1;
                }
            }
            if self.waiting.len() == WAITING {
                let oldest = self.waiting.remove(0);
                self.give_away(oldest);
            }
            self.waiting.push(newer);
        }
    }

    /// The next one to take over in this cycle, and at which of its samples; at the same sample the newest.
    fn next_due(&mut self, moment: &Moment) -> Option<(usize, usize)> {
        if self.waiting.is_empty() {
            return None;
        }
        let clock = Clock {
            now: self.cycle_start,
            song: moment.song(),
            sample_rate: self.shape.sample_rate,
        };
        let waiting = self.waiting.iter().enumerate();
        let (index, until) = waiting
            .map(|(index, waiting)| (index, clock.until(waiting.takeover.when)))
            .min_by_key(|&(index, until)| (until, Reverse(index)))?;
        let ksmps = self.shape.ksmps as u64;
        if until < ksmps && self.must_be_alone(index) {
            self.leave_all();
            return None;
        }
        // One that has to make room needs the time to fade out.
        let soon = until < u64::from(self.samples(OUTPUT_FADE)) + 2 * ksmps;
        (soon && self.has_room() && until < ksmps).then_some((index, until as usize))
    }

    /// Whether a program has another cycle or other channels than those that play, but could take over from silence.
    fn must_be_alone(&self, index: usize) -> bool {
        let shape = self.waiting[index].shape();
        !shape.fits(&self.shape)
            && shape.latency() == self.shape.latency()
            && shape.sample_rate == self.shape.sample_rate
    }

    /// Takes one out; those that were sent before it are never heard.
    fn take_waiting(&mut self, index: usize) -> Box<Program> {
        let chosen = self.waiting.remove(index);
        for _ in 0..index {
            let older = self.waiting.remove(0);
            self.give_away(older);
        }
        chosen
    }

    fn adopt(&mut self, program: Box<Program>, offset: usize) {
        let same_latency = program.shape().latency() == self.shape.latency() || self.position == 0;
        if program.shape().fits(&self.shape) || self.running.is_empty() && same_latency {
            self.take_over(program, offset);
        } else {
            // Another latency or sample rate: only a restart of the host's processing can take it.
            self.outbox.report(Report::NeedsRestart);
            self.give_away(program);
        }
    }
}
