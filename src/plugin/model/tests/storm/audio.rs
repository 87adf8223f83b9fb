//! The audio thread of the storm: two performers play the same notes in step, and one of them is edited.

use super::super::FRAMES;
use super::realtime::{self, Place};
use crate::session::command::{Command, NoteAddress};
use crate::session::ledger::Cause;
use crate::session::performer::{BlockIo, Performer, Transport};
use crate::session::program::Shape;
use rustix::time::{ClockId, clock_gettime};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};
use test_hosts::Random;

/// How long a block sounds.
pub(super) const PERIOD: Duration = Duration::from_nanos(1_000_000_000 * FRAMES as u64 / 48_000);
/// What the audio thread and the other tell each other.
#[derive(Default)]
pub(super) struct Wire {
    /// The audio thread is to end.
    pub(super) stop: AtomicBool,
    /// Blocks so far.
    pub(super) blocks: AtomicU64,
    /// The chord was not to the last bit what it is without edits.
    pub(super) torn: AtomicBool,
}

/// What was seen on the audio thread.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// How the thread was scheduled.
    pub(super) place: String,
    pub(super) blocks: u64,
    /// The first block in which the chord was not what it is without edits; 0 if there is none.
    pub(super) torn: u64,
    /// The largest second difference of the chord.
    pub(super) sharpest: f64,
    /// The largest sample beside the chord.
    pub(super) peak: f64,
    /// Something sounded on when all keys were up.
    pub(super) stuck: bool,
    /// Blocks that were not ready when the next one was due.
    pub(super) missed: u64,
    /// The longest process calls, with edits and without, longest first; without those in which a program failed.
    pub(super) longest: [Vec<Call>; 2],
    /// Process calls in which a program failed, and the longest of them.
    pub(super) faults: (u64, Duration),
}

/// A process call.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Call {
    /// The thread's own time in it: what others do meanwhile does not count.
    pub(super) took: Duration,
    /// Its block.
    pub(super) block: u64,
    /// What the ledger would say of it.
    pub(super) cause: Cause,
}

/// What a performer puts out.
#[derive(Default)]
struct Out {
    /// The chord: the left channel of a block.
    left: Vec<f64>,
    /// The largest sample on the right.
    peak: f64,
}

impl BlockIo for Out {
    fn frames(&self) -> usize {
        FRAMES
    }

    fn read(&mut self, _: usize, into: &mut [f64]) {
        into.fill(0.0);
    }

    fn write(&mut self, _: usize, from: &[f64], shape: &Shape) {
        for frame in from.chunks_exact(shape.outputs()) {
            self.left.push(frame[0]);
            let loud = if frame[1].is_finite() {
                frame[1].abs()
            } else {
                f64::INFINITY
            };
            self.peak = self.peak.max(loud);
        }
    }
}

/// One of the two performers.
struct Side {
    performer: Performer,
    out: Out,
    /// Longest first.
    longest: Vec<Call>,
    faults: (u64, Duration),
}

impl Side {
    fn new(performer: Performer) -> Self {
        Self {
            performer,
            out: Out::default(),
            longest: vec![Call::default(); 5],
            faults: (0, Duration::ZERO),
        }
    }

    fn play(&mut self, block: u64) {
        self.out.left.clear();
        let begun = thread_time();
        self.performer.process(&mut self.out, &Transport::default());
        let took = thread_time() - begun;
        let cause = self.performer.cause();
        if cause == Cause::Fault {
            self.faults = (self.faults.0 + 1, self.faults.1.max(took));
        } else if self.longest.last().is_some_and(|call| took > call.took) {
            self.longest.pop();
            let place = self.longest.partition_point(|call| call.took > took);
            self.longest.insert(place, Call { took, block, cause });
        }
    }
}

fn thread_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// Both performers.
pub(super) struct Audio {
    /// The one that is edited, and the one that is not.
    sides: [Side; 2],
    random: Random,
    seen: Seen,
    wire: Arc<Wire>,
    /// The two last samples of the chord.
    before: Option<[f64; 2]>,
}

impl Audio {
    pub(super) fn new([edited, calm]: [Performer; 2], wire: Arc<Wire>) -> Self {
        Self {
            sides: [Side::new(edited), Side::new(calm)],
            random: Random(7),
            seen: Seen::default(),
            wire,
            before: None,
        }
    }

    /// Plays in real time until it is told to stop, then lets go of all keys and plays on until nothing sounds.
    pub(super) fn run(mut self, place: Place) -> Seen {
        self.seen.place = realtime::schedule(place);
        let mut due = Instant::now() + PERIOD;
        while !self.wire.stop.load(Relaxed) {
            self.touch_keys();
            self.block();
            let now = Instant::now();
            if now > due {
                self.seen.missed += 1;
                due = now;
            } else {
                std::thread::sleep(due - now);
            }
            due += PERIOD;
        }
        (0..128).for_each(|key| self.lift(key));
        (0..400).for_each(|_| self.play());
        let [edited, calm] = self.sides;
        self.seen.stuck = edited.performer.has_voices() || calm.performer.has_voices();
        self.seen.peak = edited.out.peak;
        self.seen.faults = edited.faults;
        self.seen.longest = [edited.longest, calm.longest];
        self.seen
    }

    /// One key, at random: half of the time it comes up.
    fn touch_keys(&mut self) {
        let key = 60 + self.random.below(12) as u8;
        match self.random.below(24) {
            0 => self.press(key),
            1 | 2 => self.lift(key),
            _ => {}
        }
    }

    fn press(&mut self, key: u8) {
        let note = NoteAddress::midi(0, key);
        let velocity = 1.0;
        self.command(Command::NoteOn { note, velocity });
    }

    fn lift(&mut self, key: u8) {
        let note = NoteAddress::midi(0, key);
        self.command(Command::NoteOff { note });
    }

    fn command(&mut self, command: Command) {
        for side in &mut self.sides {
            side.performer.at(0, command);
        }
    }

    /// Both play a block; neither is always the first, which finds a colder cache.
    fn play(&mut self) {
        self.seen.blocks += 1;
        let first = (self.seen.blocks % 2) as usize;
        self.sides[first].play(self.seen.blocks);
        self.sides[1 - first].play(self.seen.blocks);
    }

    /// A block, and a look at the chord in it.
    fn block(&mut self) {
        self.play();
        let [edited, calm] = &self.sides;
        let same = edited.out.left == calm.out.left;
        self.seen.sharpest = self.seen.sharpest.max(self.sharpest());
        self.before = edited.out.left.last_chunk().copied();
        if !same && self.seen.torn == 0 {
            self.seen.torn = self.seen.blocks;
        }
        self.wire.blocks.store(self.seen.blocks, Relaxed);
        self.wire.torn.store(self.seen.torn > 0, Relaxed);
    }

    /// The largest second difference of the chord up to the end of this block.
    fn sharpest(&self) -> f64 {
        let before = self.before.iter().flatten();
        let all: Vec<f64> = before.chain(&self.sides[0].out.left).copied().collect();
        let bends = all.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs());
        bends.fold(0.0, f64::max)
    }
}
