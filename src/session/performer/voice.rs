//! A running program and how much of it is heard.

use crate::session::outbox::Outbox;
use crate::session::performer::INPUTS;
use crate::session::program::Program;

/// A linear ramp between 0 and 1, a sample at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ramp {
    value: f64,
    step: f64,
    left: u32,
    target: f64,
    /// Samples until it begins to move.
    wait: u32,
}

impl Ramp {
    pub(super) fn at(value: f64) -> Self {
        Self {
            value,
            step: 0.0,
            left: 0,
            target: value,
            wait: 0,
        }
    }

    /// Goes to a value in so many samples, from wherever it is.
    pub(super) fn go(&mut self, target: f64, samples: u32) {
        self.go_after(0, target, samples);
    }

    /// The same, but some samples later.
    pub(super) fn go_after(&mut self, wait: u32, target: f64, samples: u32) {
        self.wait = wait;
        self.target = target;
        self.left = samples.max(1);
        self.step = (target - self.value) / f64::from(self.left);
    }

    pub(super) fn is_at(&self, value: f64) -> bool {
        self.left == 0 && self.value == value
    }

    /// The value for the next sample.
    fn next(&mut self) -> f64 {
        if self.wait > 0 {
            self.wait -= 1;
        } else if self.left > 0 {
            self.left -= 1;
            self.value = if self.left == 0 {
                self.target
            } else {
                self.value + self.step
            };
        }
        self.value
    }
}

/// A ramp on the host's input of one program.
pub(super) struct InputGain {
    pub(super) ramp: Ramp,
    scratch: [f64; INPUTS * MAX_KSMPS],
}

/// Longest cycle in samples.
const MAX_KSMPS: usize = 128;

impl InputGain {
    fn new(gain: f64) -> Self {
        Self {
            ramp: Ramp::at(gain),
            scratch: [0.0; INPUTS * MAX_KSMPS],
        }
    }

    /// The input as this program hears it.
    pub(super) fn apply<'a>(&'a mut self, input: &'a [f64], channels: usize) -> &'a [f64] {
        if self.ramp.is_at(1.0) {
            return input;
        }
        let own = &mut self.scratch[..input.len()];
        for (own, input) in own
            .chunks_exact_mut(channels)
            .zip(input.chunks_exact(channels))
        {
            let gain = self.ramp.next();
            own.iter_mut()
                .zip(input)
                .for_each(|(own, input)| *own = input * gain);
        }
        own
    }
}

/// A program among those that run.
pub(super) struct Running {
    pub(super) program: Box<Program>,
    /// Tells it from programs that ran before in its place.
    pub(super) serial: u64,
    pub(super) input: InputGain,
    pub(super) output: Ramp,
    /// Samples of the next cycle before it took over: nothing of it is heard there.
    pub(super) unheard: usize,
    /// Its held notes have gone over to a newer program and are released at the next cycle.
    pub(super) lets_go: bool,
    /// It fades out to make room or because it has nothing left to say.
    pub(super) leaving: bool,
    /// Samples since its last note ended.
    pub(super) ringing: u64,
    /// Samples for which it has been below the silence threshold.
    pub(super) quiet: u64,
}

impl Running {
    /// A program that takes over some samples into a cycle; it hears the input at once if it is the only one.
    pub(super) fn new(program: Box<Program>, serial: u64, alone: bool, offset: usize) -> Self {
        Self {
            program,
            serial,
            input: InputGain::new(if alone { 1.0 } else { 0.0 }),
            output: Ramp::at(1.0),
            unheard: offset,
            lets_go: false,
            leaving: false,
            ringing: 0,
            quiet: 0,
        }
    }

    /// Whether all of it is heard, on so many outputs.
    pub(super) fn is_whole(&self, outputs: usize) -> bool {
        self.unheard == 0 && self.output.is_at(1.0) && self.program.shape().outputs() == outputs
    }

    /// Adds the last cycle to the mix. Programs whose channels differ share the first ones.
    pub(super) fn add_to(&mut self, mix: &mut [f64], mixed: usize, outbox: &mut Outbox) {
        let whole = self.is_whole(mixed);
        let outputs = self.program.shape().outputs();
        let unheard = std::mem::take(&mut self.unheard);
        let Some(output) = self.program.output(outbox) else {
            return;
        };
        if whole {
            return mix
                .iter_mut()
                .zip(output)
                .for_each(|(mix, own)| *mix += own);
        }
        for (mix, own) in mix
            .chunks_exact_mut(mixed)
            .zip(output.chunks_exact(outputs))
            .skip(unheard)
        {
            let gain = self.output.next();
            mix.iter_mut()
                .zip(own)
                .for_each(|(mix, own)| *mix += own * gain);
        }
    }
}
