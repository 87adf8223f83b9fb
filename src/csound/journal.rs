//! What an instance is told from outside while it performs, written down cycle by cycle, so that the same can be told
//! to another one later.

use std::sync::mpsc::{Receiver, Sender, channel};

use super::instance::Csound;
use super::memory::Table;

/// Something that was done to an instance between two cycles.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// An event with these p-fields; p2 counts from the begin of the cycle.
    Event(Vec<f64>),
    /// The release of the instance with this p1.
    Release(f64),
    /// The end, without release, of the instance with this p1.
    Kill(f64),
    /// A value stored into a cell of a watched table. These follow on the other deeds of their cycle, but act before
    /// its events.
    Cell {
        /// Number of the table.
        table: u32,
        /// The cell, counted from 0.
        index: usize,
        /// What it holds from then on.
        value: f64,
    },
    /// A value given to a control channel.
    Channel {
        /// Its name.
        name: String,
        /// What it holds from then on.
        value: f64,
    },
}

/// A deed, and the cycle that it came right before, counted from 0 where the journal began.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The cycle.
    pub cycle: u64,
    /// What was done.
    pub deed: Deed,
}

/// A table whose cells are watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    /// The table.
    pub table: Table,
    /// The code of the text writes to it as well: only what is stored between two cycles is a deed.
    pub shared: bool,
}

/// The end of a journal at which it is written.
pub(super) struct Writer {
    entries: Sender<Entry>,
    cycle: u64,
    tables: Vec<Known>,
}

/// A watched table as it was last seen.
struct Known {
    watched: Watched,
    cells: Vec<f64>,
}

impl Writer {
    fn write(&self, deed: Deed) {
        let cycle = self.cycle;
        // Nobody may be left to read it.
        let _ = self.entries.send(Entry { cycle, deed });
    }
}

impl Csound {
    /// Writes down everything it is told from now on. Allocates in every cycle: for renders, never for an instance on
    /// the audio thread.
    pub fn keep_journal(&mut self, tables: &[Watched]) -> Receiver<Entry> {
        let (entries, reader) = channel();
        let known = |watched: &Watched| Known {
            watched: *watched,
            cells: self.cells(&watched.table).to_vec(),
        };
        let tables = tables.iter().map(known).collect();
        self.journal = Some(Box::new(Writer {
            entries,
            cycle: 0,
            tables,
        }));
        reader
    }

    /// Writes a deed down if a journal is kept.
    pub(super) fn note(&self, deed: impl FnOnce() -> Deed) {
        if let Some(journal) = &self.journal {
            journal.write(deed());
        }
    }

    /// Writes down that a channel is given a value, if it is a new one.
    pub(super) fn note_channel(&self, name: &str, was: f64, value: f64) {
        if was.to_bits() != value.to_bits() {
            self.note(|| Deed::Channel {
                name: name.to_owned(),
                value,
            });
        }
    }

    /// Writes down what has been stored into the watched tables.
    pub(super) fn note_cells(&mut self) {
        let Some(mut journal) = self.journal.take() else {
            return;
        };
        let mut changed = Vec::new();
        for Known { watched, cells } in &mut journal.tables {
            let table = watched.table.number();
            let now = self.cells(&watched.table);
            for (index, (known, value)) in cells.iter_mut().zip(now).enumerate() {
                if known.to_bits() != value.to_bits() {
                    *known = *value;
                    changed.push(Deed::Cell {
                        table,
                        index,
                        value: *value,
                    });
                }
            }
        }
        changed.into_iter().for_each(|deed| journal.write(deed));
        self.journal = Some(journal);
    }

    /// Turns the page: a cycle was performed.
    pub(super) fn note_cycle(&mut self) {
        let Some(mut journal) = self.journal.take() else {
            return;
        };
        journal.cycle += 1;
        for Known { watched, cells } in &mut journal.tables {
            if watched.shared {
                let now = self.cells(&watched.table).iter();
                cells
                    .iter_mut()
                    .zip(now)
                    .for_each(|(known, now)| *known = *now);
            }
        }
        self.journal = Some(journal);
    }
}
