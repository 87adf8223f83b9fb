//! What a render cost.

use std::fmt;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::session::ledger::Ledger;
use crate::session::program::Shape;

/// The cost of the calls that rendered, without reading and writing files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    /// Calls of the performer.
    pub blocks: u64,
    /// Cycles in them.
    pub cycles: f64,
    /// Sound in them, in seconds.
    pub seconds: f64,
    /// Processor time of the rendering thread.
    pub cpu: Duration,
    /// Longest call by the clock on the wall.
    pub longest: Duration,
    /// What the performer has kept.
    pub ledger: Ledger,
}

impl Stats {
    /// Runs one call and adds its cost.
    pub fn measure<T>(&mut self, call: impl FnOnce() -> T) -> T {
        let (wall, cpu) = (Instant::now(), thread_time());
        let result = call();
        self.cpu += thread_time().saturating_sub(cpu);
        self.longest = self.longest.max(wall.elapsed());
        self.blocks += 1;
        result
    }

    /// Says how much sound the last call made.
    pub fn add_sound(&mut self, frames: u64, shape: &Shape) {
        self.cycles += frames as f64 / shape.ksmps as f64;
        self.seconds += frames as f64 / shape.sample_rate;
    }
}

fn thread_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

impl fmt::Display for Stats {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cpu = self.cpu.as_secs_f64();
        writeln!(
            out,
            "cpu per cycle   {:.3} us",
            1.0e6 * cpu / self.cycles.max(1.0)
        )?;
        writeln!(
            out,
            "cpu per second  {:.3} ms",
            1.0e3 * cpu / self.seconds.max(f64::MIN_POSITIVE)
        )?;
        writeln!(
            out,
            "cpu in all      {cpu:.3} s for {:.3} s of sound",
            self.seconds
        )?;
        let longest = 1.0e3 * self.longest.as_secs_f64();
        writeln!(
            out,
            "longest block   {longest:.3} ms of {} blocks",
            self.blocks
        )?;
        self.ledger.fmt(out)
    }
}
