//! What Csound says, caught without allocating.

use std::cell::UnsafeCell;
use std::ffi::{c_char, c_int, c_void};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::functions::{CSOUND, Functions};
use super::instance::Csound;
use super::library::library;

/// Bytes of text an instance can hold between two drains.
const CAPACITY: usize = 32 * 1024;

unsafe extern "C" {
    /// From C's standard library; the last argument is a `va_list` (see `MessageCallback`).
    fn vsnprintf(
        to: *mut c_char,
        size: usize,
        format: *const c_char,
        arguments: *mut c_void,
    ) -> c_int;
}

/// The text an instance has produced since it was last drained. Written by [`receive`] on whichever thread calls into
/// that instance, and in rare cases by a thread that an opcode started: whoever finds it in use drops its text.
pub(super) struct MessageBuffer {
    in_use: AtomicBool,
    /// Something may have been said since the last drain: there mostly is nothing, and to see that is cheaper than to
    /// look into the text.
    said: AtomicBool,
    /// Messages that were dropped, ever.
    lost: AtomicU32,
    text: UnsafeCell<Text>,
}

// SAFETY: `text` is reached through `with_text` only, which lets one thread in at a time.
unsafe impl Sync for MessageBuffer {}

struct Text {
    bytes: [u8; CAPACITY],
    length: usize,
    /// A message did not fit; later ones are dropped too, so that what is kept has no hole in it.
    full: bool,
}

impl MessageBuffer {
    pub(super) fn new() -> MessageBuffer {
        MessageBuffer {
            in_use: AtomicBool::new(false),
            said: AtomicBool::new(false),
            lost: AtomicU32::new(0),
            text: UnsafeCell::new(Text {
                bytes: [0; CAPACITY],
                length: 0,
                full: false,
            }),
        }
    }

    /// Gives the text to `take`, if there is any, and forgets it.
    fn drain(&self, take: impl FnOnce(&[u8])) {
        if !self.said.load(Ordering::Acquire) {
            return;
        }
        self.with_text(|text| {
            self.said.store(false, Ordering::Relaxed);
            if text.length > 0 {
                take(&text.bytes[..text.length]);
            }
            text.length = 0;
            text.full = false;
        });
    }

    /// Bytes held now.
    pub(super) fn length(&self) -> usize {
        self.with_text(|text| text.length).unwrap_or(0)
    }

    /// Takes out what came after the first `length` bytes; those stay for the next drain. Allocates.
    pub(super) fn take_since(&self, length: usize) -> String {
        let taken = self.with_text(|text| {
            let start = length.min(text.length);
            let said = String::from_utf8_lossy(&text.bytes[start..text.length]).into_owned();
            text.length = start;
            said
        });
        taken.unwrap_or_default()
    }

    fn lost(&self) -> u32 {
        self.lost.load(Ordering::Relaxed)
    }

    /// None if another thread has it. Nobody waits: this runs on the audio thread.
    fn with_text<T>(&self, work: impl FnOnce(&mut Text) -> T) -> Option<T> {
        if self.in_use.swap(true, Ordering::Acquire) {
            return None;
        }
        // SAFETY: `in_use` was false and is now true, so no one else is in here.
        let result = work(unsafe { &mut *self.text.get() });
        self.in_use.store(false, Ordering::Release);
        Some(result)
    }
}

impl Text {
    /// Formats at the end of the text; false if it did not fit.
    ///
    /// # Safety
    /// `format` and `arguments` must be what Csound gave its message callback.
    unsafe fn append(&mut self, format: *const c_char, arguments: *mut c_void) -> bool {
        if self.full {
            return false;
        }
        let free = &mut self.bytes[self.length..];
        // SAFETY: writes at most `free.len()` bytes there; the caller vouches for the rest.
        let needed = unsafe { vsnprintf(free.as_mut_ptr().cast(), free.len(), format, arguments) };
        // One byte more is taken by the terminating zero.
        let fits = usize::try_from(needed).is_ok_and(|needed| needed < free.len());
        if fits {
            self.length += needed as usize;
        }
        self.full = !fits;
        fits
    }
}

impl Csound {
    /// Gives what Csound has said since the last time to `take`, in one piece, if it has said anything. Realtime-safe
    /// if `take` is. At most 32 KiB are kept between two calls.
    pub fn messages(&mut self, take: impl FnMut(&[u8])) {
        self.message_buffer().drain(take);
    }

    /// How many messages found no room or came from two threads at once, since the instance was made. Realtime-safe.
    pub fn lost_messages(&self) -> u32 {
        self.message_buffer().lost()
    }
}

/// Makes `csound`'s messages go to the [`MessageBuffer`] that is its host data.
///
/// # Safety
/// `csound` must be a live instance whose host data is a `MessageBuffer` that outlives it.
pub(super) unsafe fn attach(functions: &Functions, csound: *mut CSOUND) {
    // SAFETY: the callback's needs are the caller's promise.
    unsafe { (functions.set_messages)(csound, receive) };
}

/// The callback: may run on the audio thread, so it neither allocates nor waits.
unsafe extern "C" fn receive(
    csound: *mut CSOUND,
    _attributes: c_int,
    format: *const c_char,
    arguments: *mut c_void,
) {
    let Ok(library) = library() else { return };
    // SAFETY: Csound calls with its own instance.
    let data = unsafe { (library.functions.host_data)(csound) };
    // SAFETY: `attach` was promised that the host data is a MessageBuffer that outlives the instance.
    let Some(buffer) = (unsafe { data.cast::<MessageBuffer>().as_ref() }) else {
        return;
    };
    // SAFETY: format and arguments are Csound's own.
    let kept = buffer.with_text(|text| unsafe { text.append(format, arguments) });
    buffer.said.store(true, Ordering::Release);
    if kept != Some(true) {
        buffer.lost.fetch_add(1, Ordering::Relaxed);
    }
}
