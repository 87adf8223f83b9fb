//! The safe layer over libcsound: the only folder that calls Csound.
//!
//! # Rules for this folder
//!
//! * libcsound is loaded at run time, once per process ([`library()`]); without it everything else of the crate still
//!   loads and can say what is missing.
//! * A [`Csound`] has one owner at a time: a background thread builds it, the audio thread may perform it, a background
//!   thread drops it. So Csound's own locks are never waited for, and none of its `Async` functions is used.
//! * Nothing is ever compiled into an instance that is performing for somebody: build another and swap.
//! * Every function of libcsound is called in one place, behind a method with Rust types; every callback is a few lines
//!   that neither allocate nor panic.
//! * Csound may jump out of its own code (`exitnow`, out of memory). It does so within one call; the instance is
//!   poisoned then and only good for being dropped.
//! * No text is passed as an option, and no option file of the user is read: both can end the process.
//!
//! What cannot be contained here, because it never returns or ends the process (endless loops, `1/0` among constants,
//! endless recursion), has to be tried in a child process first.

mod build;
mod clock;
mod compile_error;
mod config;
mod cycle;
mod diagnostics;
mod events;
mod fpu;
mod functions;
mod instance;
mod journal;
mod library;
mod locale;
mod memory;
mod messages;
mod opcode_folder;
mod opcodes;

pub use clock::{ticks, ticks_per_second};
pub use compile_error::CompileError;
pub use config::{Config, Messages, control_rate};
pub use cycle::Performed;
pub use diagnostics::{Kind, RawDiagnostic, diagnostics};
pub use events::MAX_PFIELDS;
pub use fpu::FlushDenormals;
pub use instance::{Csound, Error};
pub use journal::{Deed, Entry, Watched};
pub use library::{Library, LoadError, library, set_support_folder};
pub use memory::{Channel, Table};
pub use opcodes::OpcodeEntry;
