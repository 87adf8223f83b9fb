//! What the audio thread's work costs: kept by the performer, read by whoever asks, whenever they ask.

use super::name::NameId;
use super::performer::MAX_PROGRAMS;
use atomic_float::AtomicF64;
use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// Instrs whose cost is kept apart; what others cost is counted to the last one.
pub(crate) const INSTRS: usize = 256;

/// What the performer's work has cost since it was made. Times are those of the clock on the wall: what interrupted
/// the audio thread counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// Process calls.
    pub calls: u64,
    /// Cycles performed in them.
    pub cycles: u64,
    /// Time spent in them.
    pub busy: Duration,
    /// The longest of them.
    pub longest: Option<LongCall>,
    /// Calls that took longer than their block sounds.
    pub overruns: u64,
    /// Commands, notes and events that found no room.
    pub dropped: u64,
    /// The programs that run, oldest first; the last one takes new notes.
    pub programs: Vec<ProgramCost>,
    /// The Instrs that have run, the dearest first.
    pub instrs: Vec<InstrCost>,
}

/// A process call that took long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LongCall {
    /// How long.
    pub time: Duration,
    /// Session time of its block in samples.
    pub at: u64,
    /// What was special about it.
    pub cause: Cause,
}

/// What happened in a process call beside sounding on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cause {
    /// Nothing.
    #[default]
    Steady,
    /// So many synths started.
    Starts(u32),
    /// Synths started whose code makes or loads tables, so many in all.
    Tables(u32),
    /// A program took over, or was given back.
    Swap,
    /// A program was muted.
    Fault,
}

/// What a program costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProgramCost {
    /// Synths that sound in it.
    pub voices: u32,
    /// Time for a cycle, smoothed.
    pub cycle: Duration,
}

/// What an Instr costs.
///
/// Csound does not say; it is worked out from how the time for a cycle changes as synths come and go. The sum over all
/// Instrs, and the program itself, is right at any time. Each one's share is as exact as their numbers of voices have
/// differed: two that always start and end together share evenly. What a synth costs when it starts is not counted.
#[derive(Clone, Debug, PartialEq)]
pub struct InstrCost {
    /// Its name.
    pub name: String,
    /// Synths of it that sound.
    pub voices: u32,
    /// Time that one of them takes in a cycle.
    pub voice: Duration,
    /// Time that all of them have taken since the beginning.
    pub total: Duration,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Steady => f.write_str("nothing special"),
            Self::Starts(1) => f.write_str("a synth started"),
            Self::Starts(count) => write!(f, "{count} synths started"),
            Self::Tables(_) => f.write_str("a synth started that makes tables"),
            Self::Swap => f.write_str("a program was swapped"),
            Self::Fault => f.write_str("a program was muted"),
        }
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (dropped, overruns) = (self.dropped, self.overruns);
        write!(f, "overruns        {overruns}, dropped {dropped}")?;
        if let Some(longest) = self.longest {
            let (time, cause) = (1.0e3 * longest.time.as_secs_f64(), longest.cause);
            write!(f, "\nlongest call    {time:.3} ms: {cause}")?;
        }
        let all: f64 = self.instrs.iter().map(|i| i.total.as_secs_f64()).sum();
        for instr in &self.instrs {
            let (name, voice) = (&instr.name, 1.0e6 * instr.voice.as_secs_f64());
            let share = 100.0 * instr.total.as_secs_f64() / all.max(f64::MIN_POSITIVE);
            write!(
                f,
                "\ninstr {name:<10}{share:.1} % of the time, {voice:.2} us a voice and cycle"
            )?;
        }
        Ok(())
    }
}

impl Cause {
    /// In one number, so that it is read whole.
    fn packed(self) -> u64 {
        let (kind, count) = match self {
            Self::Steady => (0, 0),
            Self::Starts(count) => (1, count),
            Self::Tables(count) => (2, count),
            Self::Swap => (3, 0),
            Self::Fault => (4, 0),
        };
        kind << 32 | u64::from(count)
    }

    fn unpacked(packed: u64) -> Self {
        let count = packed as u32;
        match packed >> 32 {
            1 => Self::Starts(count),
            2 => Self::Tables(count),
            3 => Self::Swap,
            4 => Self::Fault,
            _ => Self::Steady,
        }
    }
}

/// The ledger as it is written: by the audio thread alone, without waiting for readers. Times are in ticks.
pub(crate) struct LedgerBoard {
    pub(crate) calls: AtomicU64,
    pub(crate) cycles: AtomicU64,
    pub(crate) busy: AtomicU64,
    pub(crate) overruns: AtomicU64,
    pub(crate) dropped: AtomicU64,
    /// When the process call began that runs now; 0 between calls.
    pub(crate) entered: AtomicU64,
    longest: [AtomicU64; 3],
    programs: [(AtomicUsize, AtomicF64); MAX_PROGRAMS + 1],
    running: AtomicUsize,
    instrs: Vec<InstrCells>,
    known: AtomicUsize,
}

#[derive(Default)]
struct InstrCells {
    name: AtomicU64,
    voices: AtomicUsize,
    voice: AtomicF64,
    total: AtomicF64,
}

/// A row of the ledger, in ticks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InstrRow {
    pub(crate) name: NameId,
    pub(crate) voices: usize,
    pub(crate) voice: f64,
    pub(crate) total: f64,
}

impl LedgerBoard {
    pub(crate) fn new() -> Self {
        let zero = AtomicU64::default;
        Self {
            calls: zero(),
            cycles: zero(),
            busy: zero(),
            overruns: zero(),
            dropped: zero(),
            entered: zero(),
            longest: Default::default(),
            programs: Default::default(),
            running: AtomicUsize::new(0),
            instrs: (0..INSTRS).map(|_| InstrCells::default()).collect(),
            known: AtomicUsize::new(0),
        }
    }

    pub(crate) fn set_longest(&self, ticks: u64, at: u64, cause: Cause) {
        let values = [ticks, at, cause.packed()];
        let cells = self.longest.iter().zip(values);
        cells.for_each(|(cell, value)| cell.store(value, Ordering::Relaxed));
    }

    pub(crate) fn set_programs(&self, programs: impl Iterator<Item = (usize, f64)>) {
        let mut running = 0;
        for ((voices, cycle), (cell, cycle_cell)) in
            programs.zip(self.programs.iter().map(|p| (&p.0, &p.1)))
        {
            cell.store(voices, Ordering::Relaxed);
            cycle_cell.store(cycle, Ordering::Relaxed);
            running += 1;
        }
        self.running.store(running, Ordering::Relaxed);
    }

    pub(crate) fn set_instrs(&self, rows: &[InstrRow]) {
        for (cells, row) in self.instrs.iter().zip(rows) {
            cells.name.store(row.name.number(), Ordering::Relaxed);
            cells.voices.store(row.voices, Ordering::Relaxed);
            cells.voice.store(row.voice, Ordering::Relaxed);
            cells.total.store(row.total, Ordering::Relaxed);
        }
        self.known.store(rows.len(), Ordering::Release);
    }

    /// What stands there, for people. Allocates.
    pub(crate) fn read(&self, pace: f64, name: impl Fn(NameId) -> Option<String>) -> Ledger {
        let time = |ticks: f64| Duration::try_from_secs_f64(ticks / pace).unwrap_or_default();
        let get = |cell: &AtomicU64| cell.load(Ordering::Relaxed);
        let [longest, at, cause] = self.longest.each_ref().map(get);
        let programs = &self.programs[..self.running.load(Ordering::Relaxed)];
        let known = &self.instrs[..self.known.load(Ordering::Acquire)];
        let mut instrs: Vec<InstrCost> = known
            .iter()
            .filter_map(|cells| {
                Some(InstrCost {
                    name: name(NameId::from_number(get(&cells.name)))?,
                    voices: cells.voices.load(Ordering::Relaxed) as u32,
                    voice: time(cells.voice.load(Ordering::Relaxed)),
                    total: time(cells.total.load(Ordering::Relaxed)),
                })
            })
            .collect();
        instrs.sort_by_key(|instr| std::cmp::Reverse(instr.total));
        Ledger {
            calls: get(&self.calls),
            cycles: get(&self.cycles),
            busy: time(get(&self.busy) as f64),
            longest: (longest > 0).then(|| LongCall {
                time: time(longest as f64),
                at,
                cause: Cause::unpacked(cause),
            }),
            overruns: get(&self.overruns),
            dropped: get(&self.dropped),
            programs: programs
                .iter()
                .map(|(voices, cycle)| ProgramCost {
                    voices: voices.load(Ordering::Relaxed) as u32,
                    cycle: time(cycle.load(Ordering::Relaxed)),
                })
                .collect(),
            instrs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_survive_the_board() {
        let all = [
            Cause::Steady,
            Cause::Starts(7),
            Cause::Tables(u32::MAX),
            Cause::Swap,
            Cause::Fault,
        ];
        for cause in all {
            assert_eq!(Cause::unpacked(cause.packed()), cause);
        }
    }
}
