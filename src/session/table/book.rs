//! The tables that a session has handed out.

use super::{SoundFile, Table};
use crate::session::orchestra::FIRST_MADE;
use std::collections::BTreeMap;

/// Handles by number, and which of them are to go.
#[derive(Default)]
pub(in crate::session) struct TableBook {
    entries: BTreeMap<u32, Entry>,
    /// The number of the next one; none is given twice.
    next: u32,
    /// Those that are freed at a session time in samples.
    due: Vec<(u64, Table)>,
}

struct Entry {
    table: Table,
    /// It goes when nobody else has a handle.
    free_with_handles: bool,
}

impl TableBook {
    /// A number that no table has had, nor one of those that came with the program.
    pub(in crate::session) fn number(&mut self, last_known: Option<u32>) -> u32 {
        let number = self
            .next
            .max(last_known.map_or(FIRST_MADE, |last| last + 1));
        self.next = number.saturating_add(1);
        number
    }

    pub(in crate::session) fn enter(&mut self, table: &Table, free_with_handles: bool) {
        let table = table.clone();
        let entry = Entry {
            table,
            free_with_handles,
        };
        self.entries.insert(entry.table.number(), entry);
    }

    /// The table of a number, unless it was freed.
    pub(in crate::session) fn find(&self, number: u32) -> Option<&Table> {
        let entry = self.entries.get(&number)?;
        Some(&entry.table).filter(|table| table.is_valid())
    }

    /// The table that a file was read into before.
    pub(in crate::session) fn of_file(&self, file: &SoundFile) -> Option<&Table> {
        let tables = self.entries.values().map(|entry| &entry.table);
        tables
            .filter(|table| table.is_valid())
            .find(|table| table.is_of(file))
    }

    /// The tables that sound files were read into, by number.
    pub(in crate::session) fn of_files(&self) -> impl Iterator<Item = &Table> {
        let tables = self.entries.values().map(|entry| &entry.table);
        tables.filter(|table| table.is_valid() && table.path().is_some())
    }

    /// Frees a table at a session time in samples.
    pub(in crate::session) fn free_at(&mut self, at: u64, table: Table) {
        self.due.push((at, table));
    }

    /// Takes out what is freed by a session time in samples, and returns the numbers.
    pub(in crate::session) fn sweep(&mut self, now: u64) -> Vec<u32> {
        let due = self.due.extract_if(.., |(at, _)| *at <= now);
        due.for_each(|(_, table)| table.free());
        let gone = |entry: &Entry| {
            !entry.table.is_valid() || entry.free_with_handles && entry.table.is_forgotten()
        };
        let freed = self.entries.extract_if(.., |_, entry| gone(entry));
        freed
            .map(|(number, entry)| {
                entry.table.free();
                number
            })
            .collect()
    }
}
