//! The fixed latency: input samples fill a cycle while earlier output is emitted.

use super::INPUTS;

/// Frames of output that can wait. At least the largest latency plus the largest cycle; a power of two.
const CAPACITY: usize = 256;

/// Gathers input into cycles and hands out the output of earlier ones, `latency` samples late.
/// Audio thread only; nothing is allocated after it is made.
pub(super) struct Fifo {
    input: Vec<f64>,
    filled: usize,
    ksmps: usize,
    output: Vec<f64>,
    channels: usize,
    read: usize,
    waiting: usize,
}

impl Fifo {
    /// A FIFO for cycles of `ksmps` samples that delays by `latency` samples.
    pub(super) fn new(ksmps: usize, latency: usize, channels: usize) -> Self {
        debug_assert!(ksmps <= latency && latency + ksmps <= CAPACITY);
        Self {
            input: vec![0.0; ksmps * INPUTS],
            filled: 0,
            ksmps,
            output: vec![0.0; CAPACITY * channels],
            channels,
            read: 0,
            waiting: latency,
        }
    }

    /// Begins anew: silence of `latency` samples waits. Realtime-safe.
    pub(super) fn reset(&mut self, latency: usize) {
        self.filled = 0;
        self.read = 0;
        self.waiting = latency;
        self.output.fill(0.0);
    }

    /// How many frames may be exchanged at once before a cycle is full or the buffer wraps.
    pub(super) fn run(&self, wanted: usize) -> usize {
        wanted.min(self.ksmps - self.filled).min(CAPACITY - self.read)
    }

    /// Where the next `frames` input frames belong.
    pub(super) fn input_mut(&mut self, frames: usize) -> &mut [f64] {
        &mut self.input[self.filled * INPUTS..(self.filled + frames) * INPUTS]
    }

    /// The next `frames` output frames.
    pub(super) fn output(&self, frames: usize) -> &[f64] {
        debug_assert!(frames <= self.waiting);
        &self.output[self.read * self.channels..(self.read + frames) * self.channels]
    }

    /// Marks `frames` frames as exchanged; true when a cycle is full and must be performed.
    pub(super) fn advance(&mut self, frames: usize) -> bool {
        self.read = (self.read + frames) % CAPACITY;
        self.waiting -= frames;
        self.filled += frames;
        self.filled == self.ksmps
    }

    /// The full cycle of input, interleaved.
    pub(super) fn cycle_input(&self) -> &[f64] {
        &self.input
    }

    /// Takes the output of the cycle just performed and begins the next one.
    pub(super) fn complete(&mut self, cycle: &[f64]) {
        let frames = cycle.len() / self.channels;
        let start = (self.read + self.waiting) % CAPACITY;
        let (before_wrap, after_wrap) = cycle.split_at(frames.min(CAPACITY - start) * self.channels);
        self.output[start * self.channels..][..before_wrap.len()].copy_from_slice(before_wrap);
        self.output[..after_wrap.len()].copy_from_slice(after_wrap);
        self.waiting += frames;
        self.filled = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_by_the_latency_whatever_the_cycle() {
        for (ksmps, latency) in [(1, 32), (5, 32), (16, 32), (32, 32), (64, 64), (128, 128)] {
            let mut fifo = Fifo::new(ksmps, latency, 1);
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
                    let cycle: Vec<f64> = fifo.cycle_input().chunks_exact(INPUTS).map(|f| f[0]).collect();
                    fifo.complete(&cycle);
                }
            }
            let first = heard.iter().position(|&x| x == 1.0);
            assert_eq!(first, Some(latency), "ksmps {ksmps}");
            assert!(heard[latency..].iter().enumerate().all(|(i, &x)| x == (i + 1) as f64));
        }
    }
}
