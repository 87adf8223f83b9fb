//! Somebody else who takes what a session is asked to play.

use super::error::Error;
use super::event::Event;
use super::synth::Synth;

/// Takes the events of a session in its place, as an offline renderer does.
pub trait SessionHandler: Send {
    /// Schedules an event.
    ///
    /// # Errors
    /// What a session would refuse.
    fn sched_event(&mut self, event: &Event) -> Result<Synth, Error>;

    /// Whether it renders offline.
    fn renders(&self) -> bool {
        true
    }
}

/// How a session makes time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenderMode {
    /// A host asks for blocks.
    Online,
    /// Its events go to a renderer.
    Offline,
}
