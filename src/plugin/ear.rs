//! The last of the output, and how loud the auxiliary ones are, for the window to look at. The audio thread writes it
//! while a window looks, and waits for nobody; what is read while it is written may be torn between two blocks, which no
//! eye sees.

use crate::document::MOST_AUX;
use atomic_float::AtomicF32;
use nice_plug::prelude::Buffer;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

/// Frames that are kept; a power of two.
const FRAMES: usize = 4096;

/// A ring of frames of the main output.
#[derive(Default)]
pub struct Ear {
    open: AtomicBool,
    /// Frames written since it was made.
    written: AtomicUsize,
    /// Made when a window looks for the first time.
    frames: OnceLock<Box<[[AtomicU32; 2]]>>,
    /// Peaks of the auxiliary outputs since they were last read.
    aux: [[AtomicF32; 2]; MOST_AUX],
}

impl Ear {
    /// Whether a window looks. Not for the audio thread.
    pub fn listen(&self, on: bool) {
        if on {
            self.frames
                .get_or_init(|| (0..FRAMES).map(|_| Default::default()).collect());
            self.take_aux_levels();
        }
        self.open.store(on, Ordering::Relaxed);
    }

    /// From the audio thread: a block of output. Realtime-safe.
    pub fn hear(&self, main: &mut Buffer, aux: &mut [Buffer]) {
        if self.open.load(Ordering::Relaxed) {
            self.hear_main(main);
            self.aux.iter().zip(aux).for_each(hear_aux);
        }
    }

    fn hear_main(&self, main: &mut Buffer) {
        let channels = main.as_slice();
        let Some((left, rest)) = channels.split_first() else {
            return;
        };
        let Some(frames) = self.frames.get() else {
            return;
        };
        let right = rest.first().unwrap_or(left);
        let from = self.written.load(Ordering::Relaxed);
        for (index, (left, right)) in left.iter().zip(right.iter()).enumerate() {
            let frame = &frames[(from + index) % FRAMES];
            frame[0].store(left.to_bits(), Ordering::Relaxed);
            frame[1].store(right.to_bits(), Ordering::Relaxed);
        }
        self.written.store(from + left.len(), Ordering::Release);
    }

    /// How loud each auxiliary output has been since this was last asked: left and right, linear.
    pub fn take_aux_levels(&self) -> [[f32; 2]; MOST_AUX] {
        let take = |peak: &AtomicF32| peak.swap(0.0, Ordering::Relaxed);
        self.aux.each_ref().map(|aux| aux.each_ref().map(take))
    }

    /// The last frames, oldest first, in place of what `into` holds.
    pub fn heard(&self, into: &mut Vec<[f32; 2]>) {
        into.clear();
        let Some(kept) = self.frames.get() else {
            return;
        };
        let written = self.written.load(Ordering::Acquire);
        let frames = (written.saturating_sub(FRAMES)..written).map(|at| &kept[at % FRAMES]);
        into.extend(frames.map(|frame| {
            frame
                .each_ref()
                .map(|cell| f32::from_bits(cell.load(Ordering::Relaxed)))
        }));
    }
}

fn hear_aux((peaks, output): (&[AtomicF32; 2], &mut Buffer)) {
    for (peak, channel) in peaks.iter().zip(output.as_slice_immutable()) {
        let loudest = channel
            .iter()
            .fold(0.0_f32, |most, sample| most.max(sample.abs()));
        peak.fetch_max(loudest, Ordering::Relaxed);
    }
}
