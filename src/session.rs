//! The session model and the performer: safe Rust that knows no host, no window and no file format.
//!
//! | type | thread | may allocate | talks through |
//! |---|---|---|---|
//! | [`Session`] | main, GUI | yes | sends [`command::Command`], receives [`command::Report`] |
//! | [`program::Program::build`] | any but the audio thread | yes | returns a program, which is moved |
//! | [`performer::Performer`] | the host's audio thread | never | owns the running programs |
//!
//! A program is touched by one thread at a time: built on one, moved to the performer, moved back to be dropped.

mod board;
mod books;
mod bus;
mod bus_book;
pub mod command;
pub mod curve;
pub mod diagnostic;
mod error;
mod event;
mod fifo;
mod front;
mod group;
mod handler;
mod handover;
pub mod instr;
pub mod layer;
pub mod ledger;
pub mod line;
pub mod link;
mod log;
pub(crate) mod mailbox;
pub mod name;
pub mod orchestra;
mod outbox;
mod pending;
pub mod performer;
mod pool;
mod problems;
pub mod program;
pub mod reference;
mod sched;
mod script;
mod seen;
pub mod slot;
mod sound;
mod synth;
mod table;
pub mod trial;
mod when;

pub use crate::csound::set_support_folder;
pub use bus::{Bus, Carries};
pub use bus_book::BusLife;
pub use curve::Mode;
pub use error::Error;
pub use event::Event;
pub use front::{LockedClock, Session, Status, Which};
pub use group::SynthGroup;
pub use handler::{RenderMode, SessionHandler};
pub use line::Line;
pub use link::{Capacities, pair, scripted};
pub use performer::Performer;
pub use sched::{ArgName, Given, Sched};
pub use script::Script;
pub use seen::SoundingNote;
pub use sound::{
    PartialsSource, PlayPartials, PlaySample, SampleSource, Source, TestAudio, TestMode,
};
pub(crate) use sound::{add_built_in, built_in, is_built_in};
pub use synth::{Automation, Synth};
pub use table::{NewTable, SoundFile, Table};
pub use when::When;
