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
    /// What is being learned, or was: see [`Signals::learn`].
    lesson: AtomicU32,
}

/// A lesson that has been learned, with the slot in bits 8..16 and the controller below.
const LEARNED: u32 = 1 << 31;
/// In place of a controller: there shall be none.
const NOTHING: u32 = 0xff;
/// A lesson that goes on, with the slot in bits 8..16.
const LEARNING: u32 = 1 << 30;

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

    /// Has a slot wait for the next MIDI controller, or none.
    pub fn learn(&self, slot: Option<u8>) {
        let lesson = slot.map_or(0, |slot| LEARNING | u32::from(slot) << 8);
        self.lesson.store(lesson, Ordering::Release);
    }

    /// The slot that waits for a controller.
    pub fn learning(&self) -> Option<u8> {
        let lesson = self.lesson.load(Ordering::Acquire);
        (lesson & LEARNING != 0).then_some((lesson >> 8) as u8)
    }

    /// Has the controller of a slot taken away.
    pub fn forget(&self, slot: u8) {
        let lesson = LEARNED | u32::from(slot) << 8 | NOTHING;
        self.lesson.store(lesson, Ordering::Release);
    }

    /// For the audio thread: a controller was moved.
    pub fn hear(&self, controller: u8) {
        let lesson = self.lesson.load(Ordering::Relaxed);
        if lesson & LEARNING != 0 {
            let learned = lesson & !LEARNING | LEARNED | u32::from(controller);
            let swap =
                self.lesson
                    .compare_exchange(lesson, learned, Ordering::AcqRel, Ordering::Relaxed);
            // Another lesson has begun meanwhile: it hears the next controller.
            let _ = swap;
        }
    }

    /// The slot of a lesson that has ended since this was last asked, and its controller from now on.
    pub fn take_learned(&self) -> Option<(u8, Option<u8>)> {
        let lesson = self.lesson.load(Ordering::Acquire);
        if lesson & LEARNED == 0 {
            return None;
        }
        let taken = self
            .lesson
            .compare_exchange(lesson, 0, Ordering::AcqRel, Ordering::Relaxed);
        let controller = Some(lesson & 0xff).filter(|&controller| controller != NOTHING);
        let learned = ((lesson >> 8) as u8, controller.map(|number| number as u8));
        taken.is_ok().then_some(learned)
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
