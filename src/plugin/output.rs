//! What happens to the performer's output: gain, and bypass, which is the dry input delayed by the latency.

use nice_plug::prelude::{Buffer, FloatParam};

/// A gain this near to 1 is 1: a host's normalized value of 0 dB does not read back exactly.
const UNITY: f32 = 1e-4;
/// Samples below this become 0: some hosts refuse subnormal ones.
const SMALLEST: f32 = 1e-30;
/// Seconds that a change of bypass takes.
const RAMP: f32 = 0.01;

/// Multiplies a block by the gain, smoothed sample by sample; leaves it bit for bit at 0 dB. Realtime-safe.
pub fn apply_gain(gain: &FloatParam, main: &mut Buffer, aux: &mut [Buffer]) {
    if !gain.smoothed.is_smoothing() {
        let gain = exact(gain.smoothed.previous_value());
        if gain != 1.0 {
            scale(main, gain);
            aux.iter_mut().for_each(|bus| scale(bus, gain));
        }
        return;
    }
    for frame in 0..main.samples() {
        let gain = exact(gain.smoothed.next());
        main.as_slice()
            .iter_mut()
            .for_each(|channel| channel[frame] *= gain);
        aux.iter_mut()
            .flat_map(|bus| bus.as_slice())
            .for_each(|channel| channel[frame] *= gain);
    }
}

fn exact(gain: f32) -> f32 {
    if (gain - 1.0).abs() < UNITY {
        1.0
    } else {
        gain
    }
}

fn scale(bus: &mut Buffer, gain: f32) {
    for channel in bus.as_slice() {
        channel.iter_mut().for_each(|sample| *sample *= gain);
    }
}

/// The way around the document: the dry input (silence for an instrument), delayed, mixed in by a short ramp.
pub struct Detour {
    /// By channel; a ring whose length is a power of two.
    ring: [Vec<f32>; 2],
    written: usize,
    latency: usize,
    /// 0 the document's sound, 1 the dry input.
    mix: f32,
    step: f32,
}

impl Default for Detour {
    fn default() -> Self {
        Self {
            ring: [vec![0.0], vec![0.0]],
            written: 0,
            latency: 0,
            mix: 0.0,
            step: 1.0,
        }
    }
}

impl Detour {
    /// For the coming blocks; `bypassed` says where the mix starts. Allocates.
    pub fn prepare(&mut self, sample_rate: f32, latency: usize, max_frames: usize, bypassed: bool) {
        let length = (max_frames + latency).next_power_of_two();
        self.ring = [vec![0.0; length], vec![0.0; length]];
        (self.written, self.latency) = (0, latency);
        (self.mix, self.step) = (
            f32::from(u8::from(bypassed)),
            1.0 / (RAMP * sample_rate).max(1.0),
        );
    }

    /// Forgets the dry input. Realtime-safe.
    pub fn reset(&mut self) {
        self.ring.iter_mut().for_each(|channel| channel.fill(0.0));
    }

    /// Keeps the dry input of a block, before its output is written over it. Realtime-safe.
    pub fn keep(&mut self, main: &mut Buffer) {
        let mask = self.ring[0].len() - 1;
        for (ring, channel) in self.ring.iter_mut().zip(main.as_slice()) {
            let (to_end, start) = (mask + 1 - (self.written & mask), self.written & mask);
            let (head, tail) = channel.split_at(channel.len().min(to_end));
            ring[start..start + head.len()].copy_from_slice(head);
            let tail = &tail[..tail.len().min(start)];
            ring[..tail.len()].copy_from_slice(tail);
        }
        self.written = self.written.wrapping_add(main.samples());
    }

    /// Mixes the dry input of the block that was just kept into its output, where `bypassed` asks for it.
    /// Realtime-safe; free while nothing is bypassed.
    pub fn mix(&mut self, main: &mut Buffer, aux: &mut [Buffer], bypassed: bool) {
        let target = if bypassed { 1.0 } else { 0.0 };
        if self.mix == 0.0 && target == 0.0 {
            return;
        }
        let (frames, mask) = (main.samples(), self.ring[0].len() - 1);
        let first = self.written.wrapping_sub(frames + self.latency);
        for frame in 0..frames {
            self.mix = towards(self.mix, target, self.step);
            let (wet, at) = (1.0 - self.mix, first.wrapping_add(frame) & mask);
            for (channel, ring) in main.as_slice().iter_mut().zip(&self.ring) {
                channel[frame] = normal(channel[frame] * wet + ring[at] * self.mix);
            }
            for channel in aux.iter_mut().flat_map(|bus| bus.as_slice()) {
                channel[frame] = normal(channel[frame] * wet);
            }
        }
    }
}

fn normal(sample: f32) -> f32 {
    if sample.abs() < SMALLEST { 0.0 } else { sample }
}

fn towards(value: f32, target: f32, step: f32) -> f32 {
    if value < target {
        (value + step).min(target)
    } else {
        (value - step).max(target)
    }
}
