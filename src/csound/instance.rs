//! One instance of Csound: made, compiled, started, performed, freed.

use std::ffi::{CString, c_int, c_void};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::compile_error::CompileError;
use super::config::Config;
use super::fpu::KeepFloatMode;
use super::functions::{CSOUND, Functions};
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
    state: State,
    /// A text has compiled: before that, Csound has no list of instruments, and reading it would crash.
    has_instruments: bool,
    /// Tells the handles of this instance from those of others.
    pub(super) id: u32,
    pub(super) channels: Vec<NonNull<f64>>,
}

// SAFETY: the instance, its message buffer and the pointers into its memory are owned by this value alone, and no
// libcsound function used here keeps anything about the calling thread between calls: its locks are taken and given
// back within each call (after a long jump out of one, `give_lock_back` does it on the same thread), and
// csoundPerformBuffer sets its jump target anew in each call.
unsafe impl Send for Csound {}

/// How far an instance has come.
#[derive(Clone, Copy)]
enum State {
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

/// What came of a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Performed {
    /// One cycle was performed: [`Csound::output`] is new.
    Done,
    /// The text ended the performance (an `e` event); there will be no further cycle.
    Ended,
    /// Csound gave up with this code, or was not started; there will be no further cycle.
    Failed(i32),
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

    /// Compiles a text, which begins with [`Config::header`] when it is the first. Allocates and waits for compilations
    /// of other instances; not for the audio thread. A text that fails leaves nothing of itself behind.
    pub fn compile(&mut self, orchestra: &str) -> Result<(), CompileError> {
        if self.is_poisoned() {
            return Err(CompileError::new(UNUSABLE));
        }
        let text = CString::new(orchestra)
            .map_err(|error| CompileError::at_zero_byte(orchestra, error.nul_position()))?;
        let _one_at_a_time = compiler();
        let _locale = KeepNumericLocale::new();
        let before = self.take_text();
        let mut result = self.compile_once(&text);
        if result
            .as_ref()
            .is_err_and(|text| text.contains("__synthetic_"))
        {
            // Another user of libcsound in this process compiled at the same time; its label counter is shared.
            result = self.compile_once(&text);
        }
        drop(before);
        result.map_err(|said| CompileError::from_messages(&said, orchestra))
    }

    /// The error is what Csound said.
    fn compile_once(&mut self, text: &CString) -> Result<(), String> {
        // SAFETY: a live instance that nobody else has; Csound copies the text.
        let code = unsafe { (self.functions.compile_orchestra)(self.raw(), text.as_ptr()) };
        if code == 0 {
            self.has_instruments = true;
            return Ok(());
        }
        self.give_lock_back();
        Err(self.take_text())
    }

    /// Runs the text's global code and makes the instance ready to perform. Not for the audio thread. An error in the
    /// global code, or a header that differs from the configuration, poisons the instance.
    pub fn start(&mut self) -> Result<(), CompileError> {
        match self.state {
            State::Created => {}
            State::Started { .. } => return Err(CompileError::new("it was started before")),
            State::Poisoned => return Err(CompileError::new(UNUSABLE)),
        }
        drop(self.take_text());
        // SAFETY: a live instance that nobody else has.
        let code = unsafe { (self.functions.start)(self.raw()) };
        self.state = State::Poisoned;
        if code != 0 {
            self.give_lock_back();
            return Err(CompileError::at_start(&self.take_text(), code));
        }
        self.check_header()?;
        self.state = self.buffers().ok_or_else(|| CompileError::new(UNUSABLE))?;
        Ok(())
    }

    /// The cycle arithmetic and the buffers are those of the configuration, so a text must not change them.
    fn check_header(&self) -> Result<(), CompileError> {
        let (functions, raw, config) = (self.functions, self.raw(), &self.config);
        // SAFETY: a live instance; these only read.
        let found = unsafe {
            [
                ("sr", (functions.sample_rate)(raw), config.sample_rate),
                (
                    "ksmps",
                    f64::from((functions.ksmps)(raw)),
                    f64::from(config.ksmps),
                ),
                (
                    "nchnls",
                    f64::from((functions.outputs)(raw)),
                    f64::from(config.outputs),
                ),
                (
                    "nchnls_i",
                    f64::from((functions.inputs)(raw)),
                    f64::from(config.inputs),
                ),
                ("0dbfs", (functions.full_scale)(raw), 1.0),
            ]
        };
        match found.iter().find(|(_, found, wanted)| found != wanted) {
            None => Ok(()),
            Some((name, found, wanted)) => Err(CompileError::new(&format!(
                "{name} is {found}, but {wanted} was asked for: do not set {name} in the text"
            ))),
        }
    }

    fn buffers(&self) -> Option<State> {
        // SAFETY: a started instance; these only read.
        let (spin, spout) = unsafe {
            (
                (self.functions.spin)(self.raw()),
                (self.functions.spout)(self.raw()),
            )
        };
        Some(State::Started {
            spin: NonNull::new(spin.cast())?,
            spout: NonNull::new(spout.cast())?,
        })
    }

    /// Performs one cycle of ksmps samples. Realtime-safe as far as the opcodes in use are; any thread.
    pub fn perform_cycle(&mut self) -> Performed {
        if !self.is_started() {
            return Performed::Failed(csound_sys::CSOUND_ERROR);
        }
        // SAFETY: a started instance that nobody else has. A long jump inside stays within this call's C frames.
        let code = unsafe { (self.functions.perform_buffer)(self.raw()) };
        if code == 0 {
            return Performed::Done;
        }
        self.state = State::Poisoned;
        self.give_lock_back();
        match code {
            SECTION_END | SCORE_END => Performed::Ended,
            code => Performed::Failed(code),
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

    /// The cells the next cycle reads as its input: ksmps frames of interleaved channels, full scale 1. They keep what
    /// was written until it is overwritten. Empty unless started. Realtime-safe.
    pub fn input(&mut self) -> &mut [f64] {
        match self.state {
            // SAFETY: csoundStart allocated ksmps * nchnls_i samples, with the counts that check_header compared; they
            // stay in place until csoundDestroy, and only a performing cycle, which needs `&mut self`, touches them.
            State::Started { spin, .. } => unsafe {
                std::slice::from_raw_parts_mut(spin.as_ptr(), self.cycle_cells(self.config.inputs))
            },
            _ => &mut [],
        }
    }

    /// What the last cycle put out: ksmps frames of interleaved channels, full scale 1. Empty unless started.
    /// Realtime-safe.
    pub fn output(&self) -> &[f64] {
        match self.state {
            // SAFETY: as for the input, with nchnls.
            State::Started { spout, .. } => unsafe {
                std::slice::from_raw_parts(spout.as_ptr(), self.cycle_cells(self.config.outputs))
            },
            _ => &[],
        }
    }

    fn cycle_cells(&self, channels: u32) -> usize {
        self.config.ksmps as usize * channels as usize
    }

    /// Samples performed since the start. Realtime-safe.
    pub fn cycle_time_samples(&self) -> i64 {
        // SAFETY: a live instance; only reads.
        unsafe { (self.functions.time_samples)(self.raw()) }
    }

    /// Gives what Csound has said since the last time to `take`, in one piece, if it has said anything. Realtime-safe
    /// if `take` is. At most 32 KiB are kept between two calls.
    pub fn messages(&mut self, take: impl FnMut(&[u8])) {
        self.message_buffer().drain(take);
    }

    /// How many messages found no room or came from two threads at once, since the instance was made. Realtime-safe.
    pub fn lost_messages(&self) -> u32 {
        self.message_buffer().lost()
    }

    /// What Csound has said since the last time, as text.
    fn take_text(&mut self) -> String {
        let mut text = String::new();
        self.messages(|bytes| text = String::from_utf8_lossy(bytes).into_owned());
        text
    }

    fn message_buffer(&self) -> &MessageBuffer {
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
    fn give_lock_back(&mut self) {
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

/// One compilation at a time in the whole process: Csound's compiler counts its labels in a static variable.
fn compiler() -> MutexGuard<'static, ()> {
    static COMPILER: Mutex<()> = Mutex::new(());
    COMPILER.lock().unwrap_or_else(PoisonError::into_inner)
}

fn next_id() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

const UNUSABLE: &str = "this Csound instance has failed before; make a new one";
const NO_OPTION_FILES: &std::ffi::CStr =
    c"<CsoundSynthesizer>\n<CsInstruments>\nendin\n</CsInstruments>\n</CsoundSynthesizer>\n";
const ALL_KEYS: u32 = csound_sys::CSOUND_CALLBACK_KBD_EVENT | csound_sys::CSOUND_CALLBACK_KBD_TEXT;
/// What csoundPerformBuffer returns at the end of a section or of the performance.
const SECTION_END: c_int = 1;
const SCORE_END: c_int = 2;
const MAX_INSTRUMENT: u32 = 65_536;
