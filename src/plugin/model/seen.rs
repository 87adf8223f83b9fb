//! What the window asks of an instance's model besides its view.

use super::Model;
use crate::document::Document;
use crate::editor::Running;
use crate::session::SoundingNote;
use std::sync::atomic::Ordering;

impl Model {
    /// The document with the values that its parameters have now.
    pub fn document(&self) -> Document {
        self.current(&self.desk())
    }

    /// Sample rate and latency.
    pub fn running(&self) -> Running {
        Running {
            sample_rate: self.desk().sample_rate,
            latency: self.latency.load(Ordering::Relaxed),
        }
    }

    /// Whether the window looks: then the output and the notes that sound are kept for it.
    pub fn look(&self, on: bool) {
        self.ear.listen(on);
        self.desk().session.watch(on);
    }

    /// The notes that sound.
    pub fn sounding_notes(&self) -> Vec<SoundingNote> {
        self.desk().session.sounding_notes()
    }

    /// How loud the first buses of the document have been since this was last asked.
    pub fn take_bus_levels(&self, buses: usize) -> Vec<f32> {
        self.desk().session.take_levels(buses)
    }

    /// The host has been told of this latency, in samples.
    pub fn set_latency(&self, samples: u32) {
        self.latency.store(samples, Ordering::Relaxed);
    }
}
