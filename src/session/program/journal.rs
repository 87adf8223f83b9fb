//! What a program is told while it plays, for a text that is to sound the same without it.

use super::Program;
use crate::csound::Watched;
use std::sync::mpsc::Receiver;

pub use crate::csound::{Deed, Entry};

/// What a program has been told, and what that changed.
pub struct Journal {
    /// All that happened, in order. Ends when the program is gone.
    pub entries: Receiver<Entry>,
    /// The cells of the control table where the journal begins.
    pub controls: Vec<f64>,
}

impl Program {
    /// Writes down every event and every change of a control, bus and channel from now on. Before the program is
    /// played, and only where nobody listens: it allocates in every cycle.
    pub fn keep_journal(&mut self) -> Journal {
        let private = Watched {
            table: self.table,
            shared: false,
        };
        let shared = |table| Watched {
            table,
            shared: true,
        };
        let [tokens, values] = self.shared.tables().map(shared);
        Journal {
            controls: self.csound.cells(&self.table).to_vec(),
            entries: self.csound.keep_journal(&[private, tokens, values]),
        }
    }
}
