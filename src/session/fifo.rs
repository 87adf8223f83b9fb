//! The fixed latency: input samples fill a cycle while earlier output is emitted.

use super::performer::INPUTS;
use super::program::Shape;

/// Frames of output that can wait. At least the largest latency plus the largest cycle; a power of two.
const CAPACITY: usize = 256;

/// Gathers input into cycles and hands out the output of earlier ones, `latency` samples late.
/// Audio thread only; nothing is allocated after it is made.
pub(crate) struct Fifo {
    latency: usize,
    input: Vec<f64>,
    /// The sound of one cycle that does not lie in one piece in the ring.
    apart: Vec<f64>,
    filled: usize,
    ksmps: usize,
    output: Vec<f64>,
    channels: usize,
    read: usize,
    waiting: usize,
}

impl Fifo {
    /// A FIFO for the cycles and channels of a program. Allocates.
    pub(crate) fn new(shape: &Shape) -> Self {
        Self::with(shape.ksmps, shape.latency() as usize, shape.outputs())
    }

    fn with(ksmps: usize, latency: usize, channels: usize) -> Self {
        debug_assert!(ksmps <= latency && latency + ksmps <= CAPACITY);
        Self {
            latency,
            apart: vec![0.0; ksmps * channels],
            input: vec![0.0; ksmps * INPUTS],
            filled: 0,
            ksmps,
            output: vec![0.0; CAPACITY * channels],
            channels,
            read: 0,
            waiting: latency,
        }
    }

    /// Begins anew: silence as long as the latency waits. Realtime-safe.
    pub(crate) fn reset(&mut self) {
        self.filled = 0;
        self.read = 0;
        self.waiting = self.latency;
        self.output.fill(0.0);
    }

    /// Whether no sample of the next cycle has come yet.
    pub(crate) fn is_between_cycles(&self) -> bool {
        self.filled == 0
    }

    /// How many frames may be exchanged at once before a cycle is full or the buffer wraps.
    pub(crate) fn run(&self, wanted: usize) -> usize {
        wanted
            .min(self.ksmps - self.filled)
            .min(CAPACITY - self.read)
    }

    /// Where the next `frames` input frames belong.
    pub(crate) fn input_mut(&mut self, frames: usize) -> &mut [f64] {
        &mut self.input[self.filled * INPUTS..(self.filled + frames) * INPUTS]
    }

    /// Silence where no input was written.
    pub(crate) fn clear_input(&mut self) {
        self.input.fill(0.0);
    }

    /// The next `frames` output frames.
    pub(crate) fn output(&self, frames: usize) -> &[f64] {
        debug_assert!(frames <= self.waiting);
        &self.output[self.read * self.channels..(self.read + frames) * self.channels]
    }

    /// Marks `frames` frames as exchanged; true when a cycle is full and must be performed.
    pub(crate) fn advance(&mut self, frames: usize) -> bool {
        self.read = (self.read + frames) % CAPACITY;
        self.waiting -= frames;
        self.filled += frames;
        self.filled == self.ksmps
    }

    /// The full cycle of input, interleaved.
    pub(crate) fn cycle_input(&self) -> &[f64] {
        &self.input
    }

    /// Where the sound of the cycle just performed belongs; it holds old sound.
    pub(crate) fn mix_mut(&mut self) -> &mut [f64] {
        let start = self.end();
        if start + self.ksmps > CAPACITY {
            return &mut self.apart;
        }
        &mut self.output[start * self.channels..][..self.ksmps * self.channels]
    }

    /// Takes the mix of the cycle just performed and begins the next one.
    pub(crate) fn complete(&mut self) {
        let start = self.end();
        if start + self.ksmps > CAPACITY {
            let (before_wrap, after_wrap) = self.apart.split_at((CAPACITY - start) * self.channels);
            self.output[start * self.channels..].copy_from_slice(before_wrap);
            self.output[..after_wrap.len()].copy_from_slice(after_wrap);
        }
        self.waiting += self.ksmps;
        self.filled = 0;
    }

    /// Where the output that waits ends.
    fn end(&self) -> usize {
        (self.read + self.waiting) % CAPACITY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_by_the_latency_whatever_the_cycle() {
        for (ksmps, latency) in [(1, 32), (5, 32), (16, 32), (32, 32), (64, 64), (128, 128)] {
            let mut fifo = Fifo::with(ksmps, latency, 1);
            let mut heard = Vec::new();
            let mut given = 0;
            while given < 1000 {
                let run = fifo.run(7);
                for (i, frame) in fifo.input_mut(run).chunks_exact_mut(INPUTS).enumerate() {
                    frame[0] = (given + i + 1) as f64;
                }
                heard.extend_from_slice(fifo.output(run));
                given += run;
                if fifo.advance(run) {
                    let first = |frame: &[f64]| frame[0];
                    let cycle: Vec<f64> =
                        fifo.cycle_input().chunks_exact(INPUTS).map(first).collect();
                    fifo.mix_mut().copy_from_slice(&cycle);
                    fifo.complete();
                }
            }
            let first = heard.iter().position(|&x| x == 1.0);
            assert_eq!(first, Some(latency), "ksmps {ksmps}");
            assert!(
                heard[latency..]
                    .iter()
                    .enumerate()
                    .all(|(i, &x)| x == (i + 1) as f64)
            );
        }
    }
}
