//! Keeping the ledger: reads the processor's counter around every call and around some cycles, and nothing else.

use super::Performer;
use crate::csound::{ticks, ticks_per_second};
use crate::session::command::Report;
use crate::session::ledger::{Cause, INSTRS, InstrRow, LedgerBoard};
use crate::session::name::NameId;
use crate::session::outbox::Work;
use crate::session::program::Program;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// So many cycles in a row are timed for the Instrs, the cheapest of which counts.
const TIMED: u32 = 3;
/// That is done once in so many cycles. Odd, so that it does not keep step with the host's blocks.
const EVERY: u32 = 21;
/// The tables of the ledger are written anew after so many times.
const SHOWN_EVERY: u32 = 5;
/// So many overruns in a row are an overload.
const OVERLOAD: u32 = 3;

/// The performer's own sums. Audio thread only; never allocates after it is made.
pub(super) struct Tally {
    board: Arc<LedgerBoard>,
    pace: f64,
    begun: u64,
    longest: u64,
    /// Overruns since the last call that was in time.
    overruns: u32,
    /// The overload that lasts was reported.
    told: bool,
    /// Notes are released when there is an overload.
    pub(super) relieves: bool,
    /// Cycles since the first of those that were timed last.
    since_timed: u32,
    /// How often until the tables are shown.
    until_shown: u32,
    /// Synths started in this call before this cycle.
    starts: u32,
    rows: Vec<InstrRow>,
}

impl Tally {
    pub(super) fn new(board: Arc<LedgerBoard>) -> Self {
        Self {
            board,
            pace: ticks_per_second(),
            begun: 0,
            longest: 0,
            overruns: 0,
            told: false,
            relieves: false,
            since_timed: 0,
            until_shown: 0,
            starts: 0,
            rows: Vec::with_capacity(INSTRS),
        }
    }

    /// A process call begins.
    pub(super) fn begin_call(&mut self) {
        self.begun = ticks();
        self.starts = 0;
        self.board.entered.store(self.begun, Relaxed);
    }

    /// Whether the cycle that comes is one to be timed, and the last one in a row. Cycles in which synths start are not:
    /// their init is no cost of sounding.
    fn times_cycle(&mut self, work: &Work) -> (bool, bool) {
        add(&self.board.cycles, 1);
        let starts = std::mem::replace(&mut self.starts, work.starts) != work.starts;
        if starts && self.since_timed < TIMED {
            return (false, false);
        }
        let timed = (self.since_timed < TIMED, self.since_timed == TIMED - 1);
        self.since_timed = (self.since_timed + 1) % EVERY;
        timed
    }

    /// The row of an Instr; the last one when there are too many.
    fn row(&mut self, name: NameId) -> &mut InstrRow {
        let known = self.rows.iter().position(|row| row.name == name);
        let index = known.unwrap_or_else(|| {
            if self.rows.len() < INSTRS {
                self.rows.push(InstrRow {
                    name,
                    voices: 0,
                    voice: 0.0,
                    total: 0.0,
                });
            }
            self.rows.len() - 1
        });
        &mut self.rows[index]
    }

    /// Adds what a program's Instrs have cost since the last timed cycle.
    fn add_costs(&mut self, program: &Program) {
        program.for_costs(|name, voices, cost| {
            if voices > 0 || cost > 0.0 {
                let row = self.row(name);
                row.voices += voices;
                row.voice = cost;
                row.total += f64::from(EVERY) * cost * voices as f64;
            }
        });
    }

    /// The Instr that costs most at the moment.
    fn dearest(&self) -> Option<NameId> {
        let now = |row: &InstrRow| row.voices as f64 * row.voice;
        let dearest = self.rows.iter().max_by(|a, b| now(a).total_cmp(&now(b)));
        dearest.filter(|row| now(row) > 0.0).map(|row| row.name)
    }
}

impl Performer {
    /// Performs a cycle of all programs by `perform`, with the time of each if it is to be known.
    pub(super) fn timed(&mut self, mut perform: impl FnMut(&mut Self, usize)) {
        let (timed, last) = self.tally.times_cycle(&self.outbox.work);
        for index in 0..self.running.len() {
            if !timed {
                perform(self, index);
                continue;
            }
            let begun = ticks();
            perform(self, index);
            let took = ticks().saturating_sub(begun);
            self.running[index].program.note_cost(took, last);
        }
        if last {
            self.account();
        }
    }

    fn account(&mut self) {
        self.tally.rows.iter_mut().for_each(|row| row.voices = 0);
        for running in &self.running {
            self.tally.add_costs(&running.program);
        }
        if self.tally.until_shown > 0 {
            self.tally.until_shown -= 1;
            return;
        }
        self.tally.until_shown = SHOWN_EVERY - 1;
        self.tally.board.set_instrs(&self.tally.rows);
        let programs = self.running.iter().map(|running| &running.program);
        let costs = programs.map(|program| (program.voices(), program.cycle_cost()));
        self.tally.board.set_programs(costs);
    }

    /// What an Instr of that name has cost before.
    pub(super) fn expect_costs(&self, program: &mut Program) {
        let rows = &self.tally.rows;
        program.expect_costs(|name| Some(rows.iter().find(|row| row.name == name)?.voice));
    }

    /// What was special about the last process call, or is about the one that runs. Realtime-safe.
    pub fn cause(&self) -> Cause {
        self.outbox.work.cause()
    }

    /// A process call of so many samples ends, whose first was at session time `at`.
    pub(super) fn end_call(&mut self, frames: usize, at: u64) {
        let tally = &mut self.tally;
        let took = ticks().saturating_sub(tally.begun);
        let board = &tally.board;
        board.entered.store(0, Relaxed);
        add(&board.calls, 1);
        add(&board.busy, took);
        board.dropped.store(self.outbox.dropped_in_all(), Relaxed);
        if took > tally.longest {
            tally.longest = took;
            board.set_longest(took, at, self.outbox.work.cause());
        }
        let allowed = frames as f64 / self.shape.sample_rate * tally.pace;
        if (took as f64) <= allowed {
            (tally.overruns, tally.told) = (0, false);
            return;
        }
        add(&board.overruns, 1);
        tally.overruns += 1;
        let instr = tally.dearest();
        // Who costs most is not known from the first cycle on.
        let known = instr.is_some() || tally.overruns > 10 * OVERLOAD;
        if tally.overruns >= OVERLOAD && known && !std::mem::replace(&mut tally.told, true) {
            self.outbox.report(Report::Overloaded { instr });
        }
        if tally.overruns >= OVERLOAD && tally.relieves {
            self.release_oldest();
        }
    }
}

impl Performer {
    /// Releases the oldest note of the oldest program that holds one.
    fn release_oldest(&mut self) {
        let holds = |program: &&mut Program| program.count_held().0 > 0;
        if let Some(program) = self.programs().find(holds) {
            program.release_oldest();
        }
    }
}

/// Only the audio thread writes, so this needs no read-modify-write.
fn add(cell: &std::sync::atomic::AtomicU64, more: u64) {
    cell.store(cell.load(Relaxed) + more, Relaxed);
}

impl Work {
    fn cause(&self) -> Cause {
        match *self {
            // Dearer than a swap, which may come with it.
            Work { faulted: true, .. } => Cause::Fault,
            Work { swapped: true, .. } => Cause::Swap,
            Work { tables: true, .. } => Cause::Tables(self.starts),
            Work { starts: 0, .. } => Cause::Steady,
            Work { starts, .. } => Cause::Starts(starts),
        }
    }
}
