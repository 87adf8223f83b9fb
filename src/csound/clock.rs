//! Time without asking the system: the processor's own counter, which runs at one pace on all cores.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// How long the counter is compared with the system's clock, once in a process.
const COMPARED: Duration = Duration::from_millis(2);

/// The counter of this moment. Takes nanoseconds; no system call. Realtime-safe.
pub fn ticks() -> u64 {
    counter::read()
}

/// How far the counter goes in a second. The first call in a process takes two milliseconds: not for the audio thread.
pub fn ticks_per_second() -> f64 {
    static PACE: OnceLock<f64> = OnceLock::new();
    *PACE.get_or_init(|| {
        let (start, first) = (Instant::now(), ticks());
        while start.elapsed() < COMPARED {
            std::hint::spin_loop();
        }
        let passed = ticks().wrapping_sub(first) as f64;
        (passed / start.elapsed().as_secs_f64()).max(1.0)
    })
}

#[cfg(target_arch = "x86_64")]
mod counter {
    pub(super) fn read() -> u64 {
        // SAFETY: every x86-64 processor has the instruction, and systems leave it to programs; it only reads.
        unsafe { std::arch::x86_64::_rdtsc() }
    }
}

#[cfg(target_arch = "aarch64")]
mod counter {
    pub(super) fn read() -> u64 {
        let count: u64;
        // SAFETY: reads the virtual counter, which systems leave to programs.
        unsafe { std::arch::asm!("mrs {}, cntvct_el0", out(reg) count, options(nomem, nostack)) };
        count
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod counter {
    use std::sync::OnceLock;
    use std::time::Instant;

    pub(super) fn read() -> u64 {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed().as_nanos() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_come_out_as_seconds() {
        let pace = ticks_per_second();
        let (start, first) = (Instant::now(), ticks());
        std::thread::sleep(Duration::from_millis(50));
        let counted = (ticks() - first) as f64 / pace;
        let passed = start.elapsed().as_secs_f64();
        assert!(
            (counted / passed - 1.0).abs() < 0.01,
            "{counted} for {passed}"
        );
    }
}
