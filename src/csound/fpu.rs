//! The floating-point control register of the calling thread.

use std::marker::PhantomData;

/// While it lives, denormal numbers are treated as zero on this thread, in and out; dropping it restores what was set
/// before. Realtime-safe. Does nothing on processors other than x86-64 and AArch64.
#[must_use = "denormals are flushed only while the guard lives"]
pub struct FlushDenormals {
    _restore: KeepFloatMode,
}

impl FlushDenormals {
    /// Flushes denormals from now on.
    pub fn new() -> FlushDenormals {
        let restore = KeepFloatMode::new();
        write_mode(restore.before | FLUSH);
        FlushDenormals { _restore: restore }
    }
}

impl Default for FlushDenormals {
    fn default() -> Self {
        FlushDenormals::new()
    }
}

/// Puts the control register back on drop: `csoundCreate` changes it for the thread that calls it, for good.
pub(super) struct KeepFloatMode {
    before: Mode,
    /// The register belongs to a thread, so the guard must not leave it.
    _not_send: PhantomData<*const ()>,
}

impl KeepFloatMode {
    pub(super) fn new() -> KeepFloatMode {
        KeepFloatMode {
            before: read_mode(),
            _not_send: PhantomData,
        }
    }
}

impl Drop for KeepFloatMode {
    fn drop(&mut self) {
        if read_mode() != self.before {
            write_mode(self.before);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod register {
    use std::arch::asm;

    pub(super) type Mode = u32;
    /// FTZ (bit 15) and DAZ (bit 6).
    pub(super) const FLUSH: Mode = 0x8040;

    pub(super) fn read_mode() -> Mode {
        let mut mode: Mode = 0;
        // SAFETY: stores four bytes where the pointer points, a local of that size.
        unsafe { asm!("stmxcsr [{}]", in(reg) &mut mode, options(nostack, preserves_flags)) };
        mode
    }

    pub(super) fn write_mode(mode: Mode) {
        // SAFETY: loads four bytes from a local; only bits read before, and FTZ and DAZ, are ever set.
        unsafe { asm!("ldmxcsr [{}]", in(reg) &mode, options(nostack, preserves_flags)) };
    }
}

#[cfg(target_arch = "aarch64")]
mod register {
    use std::arch::asm;

    pub(super) type Mode = u64;
    /// FZ (bit 24): inputs and results alike.
    pub(super) const FLUSH: Mode = 1 << 24;

    pub(super) fn read_mode() -> Mode {
        let mode: Mode;
        // SAFETY: reads a register that every thread may read.
        unsafe { asm!("mrs {}, fpcr", out(reg) mode, options(nomem, nostack, preserves_flags)) };
        mode
    }

    pub(super) fn write_mode(mode: Mode) {
        // SAFETY: only bits read before, and FZ, are ever set.
        unsafe { asm!("msr fpcr, {}", in(reg) mode, options(nomem, nostack, preserves_flags)) };
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod register {
    pub(super) type Mode = u32;
    pub(super) const FLUSH: Mode = 0;

    pub(super) fn read_mode() -> Mode {
        0
    }

    pub(super) fn write_mode(_: Mode) {}
}

use register::{FLUSH, Mode, read_mode, write_mode};

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;

    #[test]
    fn the_guard_flushes_and_restores() {
        let before = read_mode();
        let denormal = std::hint::black_box(1e-310_f64);
        {
            let _flush = FlushDenormals::new();
            assert_eq!(read_mode() & FLUSH, FLUSH);
            assert_eq!(
                std::hint::black_box(denormal) * std::hint::black_box(1.0),
                0.0
            );
        }
        assert_eq!(read_mode(), before);
        assert_eq!(
            std::hint::black_box(denormal) * std::hint::black_box(1.0),
            1e-310
        );
    }
}
