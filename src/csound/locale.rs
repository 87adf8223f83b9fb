//! The process's LC_NUMERIC, which Csound's compiler switches to "C" and leaves there.

use std::ffi::{CStr, CString};
use std::ptr;

/// Puts LC_NUMERIC back on drop if it was changed meanwhile: it belongs to the host.
pub(super) struct KeepNumericLocale {
    before: Option<CString>,
}

impl KeepNumericLocale {
    pub(super) fn new() -> KeepNumericLocale {
        KeepNumericLocale {
            before: numeric_locale(),
        }
    }
}

impl Drop for KeepNumericLocale {
    fn drop(&mut self) {
        let Some(before) = &self.before else { return };
        if numeric_locale().as_ref() != Some(before) {
            // SAFETY: a valid C string, a name that setlocale itself gave.
            unsafe { libc::setlocale(libc::LC_NUMERIC, before.as_ptr()) };
        }
    }
}

/// The current name, copied: setlocale's own string lives only until its next call.
fn numeric_locale() -> Option<CString> {
    // SAFETY: a null name only asks.
    let name = unsafe { libc::setlocale(libc::LC_NUMERIC, ptr::null()) };
    // SAFETY: null or a C string that stays valid until the next setlocale.
    (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) }.to_owned())
}
