//! One instance of Csound: how it is made, what state it is in, how it is freed.

use std::ffi::{CStr, c_int, c_void};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};

use super::build::compiler;
use super::config::Config;
use super::fpu::KeepFloatMode;
use super::functions::{CSOUND, Functions};
use super::journal;
use super::library::{LoadError, library, no_key};
use super::locale::KeepNumericLocale;
use super::messages::{self, MessageBuffer};

/// One instance of Csound and everything that belongs to it.
///
/// It is made, compiled and started on a thread that may allocate, then may be moved to the audio thread to be
/// performed, and moved back to be dropped. Exactly one thread has it at any time; which one, Csound does not care.
pub struct Csound {
    pub(super) functions: &'static Functions,
    raw: NonNull<CSOUND>,
    /// Csound's host data; freed after the instance, which speaks until its end.
    messages: NonNull<MessageBuffer>,
    config: Config,
    pub(super) state: State,
    /// A text has compiled: before that, Csound has no list of instruments, and reading it would crash.
    pub(super) has_instruments: bool,
    /// Tells the handles of this instance from those of others.
    pub(super) id: u32,
    /// Control channels in use: their names and values.
    pub(super) channels: Vec<(String, NonNull<f64>)>,
    pub(super) journal: Option<Box<journal::Writer>>,
}

// SAFETY: the instance, its message buffer and the pointers into its memory are owned by this value alone, and no
// libcsound function used here keeps anything about the calling thread between calls: its locks are taken and given
// back within each call (after a long jump out of one, `give_lock_back` does it on the same thread), and
// csoundPerformBuffer sets its jump target anew in each call.
unsafe impl Send for Csound {}

/// How far an instance has come.
#[derive(Clone, Copy)]
pub(super) enum State {
    /// Text may be compiled; nothing sounds yet.
    Created,
    /// Performing. The buffers were allocated by the start and stay where they are.
    Started {
        spin: NonNull<f64>,
        spout: NonNull<f64>,
    },
    /// Csound jumped out of its own code; nothing is asked of it any more but to be freed.
    Poisoned,
}

/// Why an instance could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// libcsound is not there or does not suit.
    #[error("{0}")]
    Library(LoadError),
    /// A value of the [`Config`] is out of range.
    #[error("{0}")]
    Config(&'static str),
    /// Csound gave no instance: out of memory, or another user of the library in this process has broken it.
    #[error("Csound could not create an instance (out of memory?)")]
    Create,
}

impl Csound {
    /// An instance without a text. Takes some milliseconds and allocates; not for the audio thread. Leaves the calling
    /// thread's floating-point mode and the process's locale as they were.
    pub fn new(config: &Config) -> Result<Csound, Error> {
        let functions = &library()
            .map_err(|error| Error::Library(error.clone()))?
            .functions;
        if let Some(fault) = config.fault() {
            return Err(Error::Config(fault));
        }
        let _one_at_a_time = compiler();
        let _float_mode = KeepFloatMode::new();
        let messages = NonNull::from(Box::leak(Box::new(MessageBuffer::new())));
        // SAFETY: the host data is a pointer that Csound only hands back.
        let raw = unsafe { (functions.create)(messages.as_ptr().cast::<c_void>()) };
        let Some(raw) = NonNull::new(raw) else {
            // SAFETY: it came from Box::leak above and nobody else has it.
            drop(unsafe { Box::from_raw(messages.as_ptr()) });
            return Err(Error::Create);
        };
        let mut csound = Csound {
            functions,
            raw,
            messages,
            config: *config,
            state: State::Created,
            has_instruments: false,
            id: next_id(),
            channels: Vec::new(),
            journal: None,
        };
        csound.set_up();
        Ok(csound)
    }

    /// Options and callbacks, in the order Csound needs.
    fn set_up(&mut self) {
        let (functions, raw) = (self.functions, self.raw());
        // SAFETY: a fresh instance of our own; the strings outlive the calls that copy them.
        unsafe {
            (functions.set_host_audio)(raw, 1, 0);
            (functions.set_host_midi)(raw, 1);
            for option in self.config.options() {
                (functions.set_option)(raw, option.as_ptr());
            }
            (functions.set_keyboard)(raw, Some(no_key), std::ptr::null_mut(), ALL_KEYS);
            // csoundStart reads options from .csound6rc files, which may open audio devices, unless a CSD has been
            // seen; the instruments of this one do not parse, so nothing else comes of it.
            let _locale = KeepNumericLocale::new();
            (functions.compile_document)(raw, NO_OPTION_FILES.as_ptr());
            messages::attach(functions, raw);
        }
    }

    /// True after a cycle or a start that failed: silent for good, fit only to be dropped.
    pub fn is_poisoned(&self) -> bool {
        matches!(self.state, State::Poisoned)
    }

    /// What it was made with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    pub(super) fn message_buffer(&self) -> &MessageBuffer {
        // SAFETY: leaked in `new`, freed only in `drop`, never mutated except through its own lock.
        unsafe { self.messages.as_ref() }
    }

    pub(super) fn raw(&self) -> *mut CSOUND {
        self.raw.as_ptr()
    }

    pub(super) fn is_started(&self) -> bool {
        matches!(self.state, State::Started { .. })
    }

    /// After a long jump Csound's recursive lock still belongs to this thread, and any other would wait for it for
    /// ever. csoundKillInstance with a mode that does not exist gives it back, for any instrument number that exists;
    /// which ones do cannot be asked. Without the lock it does nothing. Takes less than a millisecond, once.
    pub(super) fn give_lock_back(&mut self) {
        const NO_SUCH_MODE: c_int = 99;
        if !self.has_instruments {
            return;
        }
        for number in 1..=MAX_INSTRUMENT {
            // SAFETY: a live instance; the mode is refused before anything is killed.
            unsafe {
                (self.functions.kill_instance)(
                    self.raw(),
                    f64::from(number),
                    std::ptr::null(),
                    NO_SUCH_MODE,
                    0,
                )
            };
        }
    }
}

impl Drop for Csound {
    /// Allocates and frees; not for the audio thread. Any other thread may do it.
    fn drop(&mut self) {
        // SAFETY: the last use of the instance; its lock is free (see `give_lock_back`).
        unsafe { (self.functions.destroy)(self.raw()) };
        // SAFETY: leaked in `new`; the instance that wrote to it is gone.
        drop(unsafe { Box::from_raw(self.messages.as_ptr()) });
    }
}

fn next_id() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

const NO_OPTION_FILES: &CStr =
    c"<CsoundSynthesizer>\n<CsInstruments>\nendin\n</CsInstruments>\n</CsoundSynthesizer>\n";
const ALL_KEYS: u32 = csound_sys::CSOUND_CALLBACK_KBD_EVENT | csound_sys::CSOUND_CALLBACK_KBD_TEXT;
const MAX_INSTRUMENT: u32 = 65_536;
