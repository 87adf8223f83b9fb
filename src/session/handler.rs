//! Somebody else who takes what a session is asked to play.

use super::error::Error;
use super::event::Event;
use super::synth::Synth;
use super::table::{NewTable, SoundFile, Table};

/// Takes the events of a session in its place, as an offline renderer does.
pub trait SessionHandler: Send {
    /// Schedules an event.
    ///
    /// # Errors
    /// What a session would refuse.
    fn sched_event(&mut self, event: &Event) -> Result<Synth, Error>;

    /// Makes a table; `None` leaves that to the session.
    fn make_table(&mut self, _table: &NewTable) -> Option<Result<Table, Error>> {
        None
    }

    /// Reads a sound file into a table; `None` leaves that to the session.
    fn read_soundfile(&mut self, _file: &SoundFile) -> Option<Result<Table, Error>> {
        None
    }

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
