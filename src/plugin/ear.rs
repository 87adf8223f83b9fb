//! The last of the output, for the window to look at. The audio thread writes it while a window looks, and waits for
//! nobody; what is read while it is written may be torn between two blocks, which no eye sees.

use nice_plug::prelude::Buffer;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

/// Frames that are kept; a power of two.
const FRAMES: usize = 4096;

/// A ring of frames of the main output.
pub struct Ear {
    open: AtomicBool,
    /// Frames written since it was made.
    written: AtomicUsize,
    frames: Box<[[AtomicU32; 2]]>,
}

impl Default for Ear {
    fn default() -> Self {
        Self {
            open: AtomicBool::new(false),
            written: AtomicUsize::new(0),
            frames: (0..FRAMES).map(|_| Default::default()).collect(),
        }
    }
}

impl Ear {
    /// Whether a window looks.
    pub fn listen(&self, on: bool) {
        self.open.store(on, Ordering::Relaxed);
    }

    /// From the audio thread: a block of output. Realtime-safe.
    pub fn hear(&self, main: &mut Buffer) {
        if !self.open.load(Ordering::Relaxed) {
            return;
        }
        let channels = main.as_slice();
        let Some((left, rest)) = channels.split_first() else {
            return;
        };
        let right = rest.first().unwrap_or(left);
        let from = self.written.load(Ordering::Relaxed);
        for (index, (left, right)) in left.iter().zip(right.iter()).enumerate() {
            let frame = &self.frames[(from + index) % FRAMES];
            frame[0].store(left.to_bits(), Ordering::Relaxed);
            frame[1].store(right.to_bits(), Ordering::Relaxed);
        }
        self.written.store(from + left.len(), Ordering::Release);
    }

    /// The last frames, oldest first, in place of what `into` holds.
    pub fn heard(&self, into: &mut Vec<[f32; 2]>) {
        into.clear();
        let written = self.written.load(Ordering::Acquire);
        let frames = (written.saturating_sub(FRAMES)..written).map(|at| &self.frames[at % FRAMES]);
        into.extend(frames.map(|frame| {
            frame
                .each_ref()
                .map(|cell| f32::from_bits(cell.load(Ordering::Relaxed)))
        }));
    }
}
