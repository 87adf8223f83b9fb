//! Compiling a text into an instance and starting it.

use std::ffi::CString;
use std::ptr::NonNull;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::compile_error::CompileError;
use super::instance::{Csound, State};
use super::locale::KeepNumericLocale;

impl Csound {
    /// Compiles a text, which begins with [`crate::csound::Config::header`] when it is the first. Allocates and waits for compilations
    /// of other instances; not for the audio thread. A text that fails leaves nothing of itself behind.
    pub fn compile(&mut self, orchestra: &str) -> Result<(), CompileError> {
        if self.is_poisoned() {
            return Err(CompileError::new(UNUSABLE));
        }
        let text = CString::new(orchestra)
            .map_err(|error| CompileError::at_zero_byte(orchestra, error.nul_position()))?;
        let _one_at_a_time = compiler();
        let _locale = KeepNumericLocale::new();
        let mut result = self.compile_once(&text);
        if result
            .as_ref()
            .is_err_and(|text| text.contains("__synthetic_"))
        {
            // Another user of libcsound in this process compiled at the same time; its label counter is shared.
            result = self.compile_once(&text);
        }
        result.map_err(|said| CompileError::from_messages(&said, orchestra))
    }

    /// The error is what Csound said.
    fn compile_once(&mut self, text: &CString) -> Result<(), String> {
        let already_said = self.message_buffer().length();
        // SAFETY: a live instance that nobody else has; Csound copies the text.
        let code = unsafe { (self.functions.compile_orchestra)(self.raw(), text.as_ptr()) };
        if code == 0 {
            self.has_instruments = true;
            return Ok(());
        }
        self.give_lock_back();
        Err(self.message_buffer().take_since(already_said))
    }

    /// Runs the text's global code and makes the instance ready to perform. Not for the audio thread. An error in the
    /// global code, or a header that differs from the configuration, poisons the instance.
    pub fn start(&mut self) -> Result<(), CompileError> {
        match self.state {
            State::Created => {}
            State::Started { .. } => return Err(CompileError::new("it was started before")),
            State::Poisoned => return Err(CompileError::new(UNUSABLE)),
        }
        let already_said = self.message_buffer().length();
        // SAFETY: a live instance that nobody else has.
        let code = unsafe { (self.functions.start)(self.raw()) };
        self.state = State::Poisoned;
        if code != 0 {
            self.give_lock_back();
            let said = self.message_buffer().take_since(already_said);
            return Err(CompileError::at_start(&said, code));
        }
        self.check_header()?;
        self.state = self.buffers().ok_or_else(|| CompileError::new(UNUSABLE))?;
        Ok(())
    }

    /// The cycle arithmetic and the buffers are those of the configuration, so a text must not change them.
    fn check_header(&self) -> Result<(), CompileError> {
        let (functions, raw, config) = (self.functions, self.raw(), self.config());
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
}

/// One compilation at a time in the whole process: Csound's compiler counts its labels in a static variable.
pub(super) fn compiler() -> MutexGuard<'static, ()> {
    static COMPILER: Mutex<()> = Mutex::new(());
    COMPILER.lock().unwrap_or_else(PoisonError::into_inner)
}

const UNUSABLE: &str = "this Csound instance has failed before; make a new one";
