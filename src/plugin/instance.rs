//! Instances as a program sees them that links the plugins, instead of loading them.

use super::model::{Model, SessionGuard};
use super::worker::Worker;
use std::sync::Arc;

/// An instance that a host in this process holds, from the side that is not the audio thread's.
pub struct Instance(Arc<Model>);

impl Instance {
    /// All of them, the oldest first. Any thread but the audio thread.
    pub fn all() -> Vec<Self> {
        Worker::models().into_iter().map(Self).collect()
    }

    /// The name of its document. Any thread but the audio thread.
    pub fn title(&self) -> String {
        self.0.title()
    }

    /// Its session, while the host processes: what it schedules sounds among the host's notes, in the document that
    /// plays. An Instr that it defines is not part of the document and goes with the next edit. Any thread but the audio
    /// thread; waits for the instance's window and background work, and holds them up.
    pub fn session(&self) -> SessionGuard<'_> {
        self.0.session()
    }
}
