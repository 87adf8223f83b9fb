//! The session model and the performer: safe Rust that knows no host, no window and no file format.
//!
//! | type | thread | may allocate | talks through |
//! |---|---|---|---|
//! | [`Session`] | main, GUI | yes | sends [`command::Command`], receives [`command::Report`] |
//! | [`program::Program::build`] | any but the audio thread | yes | returns a program, which is moved |
//! | [`performer::Performer`] | the host's audio thread | never | owns the running programs |
//!
//! A program is touched by one thread at a time: built on one, moved to the performer, moved back to be dropped.

pub mod command;
pub mod diagnostic;
mod fifo;
mod front;
pub mod instr;
pub mod layer;
pub mod link;
mod log;
pub mod name;
pub mod orchestra;
mod outbox;
pub mod performer;
mod pool;
pub mod program;
mod sched;
pub mod slot;
pub mod trial;

pub use front::{Error, Session, Status};
pub use link::{Capacities, pair};
pub use performer::Performer;
pub use sched::{ArgName, Sched};
