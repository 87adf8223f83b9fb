//! Numbers that one half of a session leaves for the other to read whenever it likes: no queue, no waiting.

use super::command::{BusId, SynthId};
use super::link::Capacities;
use super::seen::Seen;
use atomic_float::AtomicF64;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

/// Written by one side each, read by the other. Realtime-safe.
pub(crate) struct Board {
    /// Session: how many commands of the ring may be taken. Those of one call are released together.
    published: AtomicU64,
    /// Performer: how many commands of the ring have been carried out, or refused.
    done: AtomicU64,
    /// Performer: how many programs it has that wait for their moment.
    waiting: AtomicUsize,
    /// Performer: the program that takes new notes is muted.
    muted: AtomicBool,
    /// Performer: the controls of the sounding synths as of the last block, some for each handle.
    controls: Box<[AtomicF64]>,
    /// Performer: the assigned control buses as of the last block. Session: the start value.
    buses: Box<[AtomicF64]>,
    /// Performer: session time of the last block in which an instrument used each assigned bus. Session: 0 at first.
    uses: Box<[AtomicU64]>,
    /// Performer: the document's control buses as of the last block.
    named: Box<[AtomicF64]>,
    /// Performer: what a window shows.
    pub(crate) seen: Seen,
}

impl Board {
    pub(crate) fn new(capacities: &Capacities) -> Self {
        let cells = |count: u32| (0..count).map(|_| AtomicF64::new(0.0)).collect();
        Self {
            published: AtomicU64::new(0),
            done: AtomicU64::new(0),
            waiting: AtomicUsize::new(0),
            muted: AtomicBool::new(false),
            controls: cells(capacities.synths * capacities.controls),
            buses: cells(capacities.buses),
            uses: (0..capacities.buses).map(|_| AtomicU64::new(0)).collect(),
            named: cells(capacities.buses),
            seen: Seen::default(),
        }
    }

    pub(crate) fn publish(&self, commands: u64) {
        self.published.store(commands, Ordering::Release);
    }

    pub(crate) fn published(&self) -> u64 {
        self.published.load(Ordering::Acquire)
    }

    pub(crate) fn set_done(&self, commands: u64) {
        self.done.store(commands, Ordering::Release);
    }

    pub(crate) fn done(&self) -> u64 {
        self.done.load(Ordering::Acquire)
    }

    pub(crate) fn set_waiting(&self, programs: usize) {
        self.waiting.store(programs, Ordering::Relaxed);
    }

    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(crate) fn set_muted(&self, muted: bool) {
        self.muted.store(muted, Ordering::Relaxed);
    }

    pub(crate) fn muted(&self) -> bool {
        self.muted.load(Ordering::Relaxed)
    }

    /// The cells of a synth's controls; those beyond the capacity have none.
    pub(crate) fn controls(&self, synth: SynthId, per_synth: usize) -> &[AtomicF64] {
        let start = synth.index as usize * per_synth;
        self.controls.get(start..start + per_synth).unwrap_or(&[])
    }

    /// The cell of an assigned bus.
    pub(crate) fn bus(&self, bus: BusId) -> Option<&AtomicF64> {
        self.buses.get(bus.index as usize)
    }

    /// When an assigned bus was last used.
    pub(crate) fn bus_use(&self, bus: BusId) -> Option<&AtomicU64> {
        self.uses.get(bus.index as usize)
    }

    /// The cell of the document's n-th bus.
    pub(crate) fn named(&self, number: usize) -> Option<&AtomicF64> {
        self.named.get(number)
    }
}
