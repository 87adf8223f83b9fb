//! When a child that says nothing counts as hung.

use std::time::{Duration, Instant};

/// How long the child may take to come up on a busy machine.
pub(super) const START_UP: Duration = Duration::from_secs(10);
/// How long it may take for one step: compiling, or one Instr.
const STEP: Duration = Duration::from_secs(2);
/// A step that has had less of the processor than this is not the child's fault: the machine is busy.
const WORK: Duration = Duration::from_secs(1);
/// How long a step may take on a busy machine, or waiting for something.
const SLOW_STEP: Duration = Duration::from_secs(10);
/// How long it may take for everything.
const ALL: Duration = Duration::from_secs(30);

/// The child's time: since it was started, and since its last word.
pub(super) struct Patience {
    pid: u32,
    start: Instant,
    step: Instant,
    /// What the child had used of the processor when the step began.
    worked: Option<Duration>,
    ready: bool,
}

impl Patience {
    /// For a child that was just started.
    pub fn new(pid: u32) -> Self {
        let now = Instant::now();
        Self {
            pid,
            start: now,
            step: now,
            worked: None,
            ready: false,
        }
    }

    /// The child has said what it does next.
    pub fn renew(&mut self) {
        self.step = Instant::now();
        self.worked = processor_time(self.pid);
        self.ready = true;
    }

    /// Whether nothing is to be expected of the child any more.
    pub fn is_over(&self) -> bool {
        let silent = self.step.elapsed();
        if !self.ready {
            return silent > START_UP;
        }
        silent > SLOW_STEP || self.start.elapsed() > ALL || silent > STEP && self.has_worked()
    }

    /// Whether the step has had its share of the processor; assumed where that cannot be told.
    fn has_worked(&self) -> bool {
        let now = processor_time(self.pid);
        let worked = now.zip(self.worked);
        worked.is_none_or(|(now, then)| now.saturating_sub(then) > WORK)
    }
}

/// What a process has used of the processor, in all its threads.
#[cfg(target_os = "linux")]
fn processor_time(pid: u32) -> Option<Duration> {
    /// The kernel's unit here, whatever its own tick is.
    const TICK: Duration = Duration::from_millis(10);
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field, a name in parentheses, may hold anything; user and system time are fields 14 and 15.
    let (_, fields) = text.rsplit_once(") ")?;
    let mut times = fields.split(' ').skip(11);
    let user: u32 = times.next()?.parse().ok()?;
    let system: u32 = times.next()?.parse().ok()?;
    Some(TICK * (user + system))
}

#[cfg(not(target_os = "linux"))]
fn processor_time(_: u32) -> Option<Duration> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn work_is_told_from_waiting() {
        let own = || processor_time(std::process::id()).unwrap();
        let before = own();
        let end = Instant::now() + Duration::from_secs(20);
        while own() < before + Duration::from_millis(100) {
            assert!(Instant::now() < end, "work is not seen");
        }
        let idle = std::process::Command::new("sleep").arg("10").spawn();
        let mut idle = idle.unwrap();
        std::thread::sleep(Duration::from_millis(300));
        assert!(processor_time(idle.id()).unwrap() < Duration::from_millis(100));
        idle.kill().unwrap();
        idle.wait().unwrap();
    }
}
