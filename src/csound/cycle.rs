//! Performing: one cycle in, one cycle out.

use std::ffi::c_int;

use super::instance::{Csound, State};

/// What came of a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Performed {
    /// One cycle was performed: [`Csound::output`] is new.
    Done,
    /// The text ended the performance (an `e` event); there will be no further cycle.
    Ended,
    /// Csound gave up with this code, or was not started; there will be no further cycle.
    Failed(i32),
}

impl Csound {
    /// Performs one cycle of ksmps samples. Realtime-safe as far as the opcodes in use are; any thread.
    pub fn perform_cycle(&mut self) -> Performed {
        if !self.is_started() {
            return Performed::Failed(csound_sys::CSOUND_ERROR);
        }
        self.note_cells();
        // SAFETY: a started instance that nobody else has. A long jump inside stays within this call's C frames.
        let code = unsafe { (self.functions.perform_buffer)(self.raw()) };
        if code == 0 {
            self.note_cycle();
            return Performed::Done;
        }
        self.state = State::Poisoned;
        self.give_lock_back();
        match code {
            SECTION_END | SCORE_END => Performed::Ended,
            code => Performed::Failed(code),
        }
    }

    /// The cells the next cycle reads as its input: ksmps frames of interleaved channels, full scale 1. They keep what
    /// was written until it is overwritten. Empty unless started. Realtime-safe.
    pub fn input(&mut self) -> &mut [f64] {
        match self.state {
            // SAFETY: csoundStart allocated ksmps * nchnls_i samples, with the counts that check_header compared; they
            // stay in place until csoundDestroy, and only a performing cycle, which needs `&mut self`, touches them.
            State::Started { spin, .. } => unsafe {
                std::slice::from_raw_parts_mut(
                    spin.as_ptr(),
                    self.cycle_cells(self.config().inputs),
                )
            },
            _ => &mut [],
        }
    }

    /// What the last cycle put out: ksmps frames of interleaved channels, full scale 1. Empty unless started.
    /// Realtime-safe.
    pub fn output(&self) -> &[f64] {
        match self.state {
            // SAFETY: as for the input, with nchnls.
            State::Started { spout, .. } => unsafe {
                std::slice::from_raw_parts(spout.as_ptr(), self.cycle_cells(self.config().outputs))
            },
            _ => &[],
        }
    }

    fn cycle_cells(&self, channels: u32) -> usize {
        self.config().ksmps as usize * channels as usize
    }

    /// Samples performed since the start. Realtime-safe.
    pub fn cycle_time_samples(&self) -> i64 {
        // SAFETY: a live instance; only reads.
        unsafe { (self.functions.time_samples)(self.raw()) }
    }
}

/// What csoundPerformBuffer returns at the end of a section or of the performance.
const SECTION_END: c_int = 1;
const SCORE_END: c_int = 2;
