//! What the two sides of an instance tell each other without waiting: flags and numbers.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Shared by the audio thread and the others. Nothing here locks.
#[derive(Default)]
pub struct Signals {
    silence: AtomicBool,
    restart: AtomicBool,
    broken: AtomicBool,
    performing: AtomicBool,
    sounding: AtomicBool,
    load: AtomicU32,
}

impl Signals {
    /// Asks the audio thread to end all that sounds and to play nothing until a program comes.
    pub fn silence(&self) {
        self.silence.store(true, Ordering::Release);
    }

    /// Asks the audio thread to ask the host for a restart.
    pub fn restart(&self) {
        self.restart.store(true, Ordering::Release);
    }

    /// From the audio thread: it has met a fault of its own and plays nothing any more.
    pub fn broke(&self) {
        self.broken.store(true, Ordering::Release);
    }

    /// Whether the audio thread has broken since this was last asked.
    pub fn take_broken(&self) -> bool {
        take(&self.broken)
    }

    /// For the audio thread: whether it is to fall silent.
    pub fn take_silence(&self) -> bool {
        take(&self.silence)
    }

    /// For the audio thread: whether it is to ask for a restart.
    pub fn take_restart(&self) -> bool {
        take(&self.restart)
    }

    /// For the audio thread: how a block went. `load` is the share of the block's time that it took.
    pub fn block(&self, sounding: bool, load: Option<f32>) {
        self.performing.store(true, Ordering::Relaxed);
        self.sounding.store(sounding, Ordering::Relaxed);
        if let Some(load) = load {
            let before = self.load();
            self.load.store(
                (before + (load - before) * 0.2).to_bits(),
                Ordering::Relaxed,
            );
        }
    }

    /// The audio thread will not run for now.
    pub fn rest(&self) {
        self.performing.store(false, Ordering::Relaxed);
        self.sounding.store(false, Ordering::Relaxed);
        self.load.store(0, Ordering::Relaxed);
    }

    /// Whether blocks have come since the last rest.
    pub fn performing(&self) -> bool {
        self.performing.load(Ordering::Relaxed)
    }

    /// Whether anything sounded in the last block.
    pub fn sounding(&self) -> bool {
        self.sounding.load(Ordering::Relaxed)
    }

    /// The share of the time that blocks take, smoothed.
    pub fn load(&self) -> f32 {
        f32::from_bits(self.load.load(Ordering::Relaxed))
    }
}

/// The flag is read before it is written, so that a block without a wish leaves the cache line alone.
fn take(flag: &AtomicBool) -> bool {
    flag.load(Ordering::Relaxed) && flag.swap(false, Ordering::AcqRel)
}
