//! Tables that instruments write, which outlive a program.

use super::Program;
use crate::csound::{Csound, Table};
use crate::session::orchestra::OrchestraSpec;

/// The tables of the session that were made empty.
pub(super) fn kept(csound: &mut Csound, spec: &OrchestraSpec) -> Vec<Table> {
    let made = spec.made.iter().filter(|(_, table)| table.kept);
    let tables = made.filter_map(|(number, _)| csound.table(*number));
    let tables: Vec<Table> = tables.collect();
    // The system gives memory out when it is first written, which must not be on the audio thread.
    tables
        .iter()
        .for_each(|table| csound.cells_mut(table).fill(0.0));
    tables
}

impl Program {
    /// Takes over what instruments of an older program have written into tables of the session. Realtime-safe; takes
    /// a tenth of a millisecond or so for each second of sound.
    pub(crate) fn take_tables(&mut self, older: &Program) {
        for table in &self.kept {
            if older.kept.contains(table) {
                let written = older.csound.cells(table);
                let own = self.csound.cells_mut(table);
                let length = own.len().min(written.len());
                own[..length].copy_from_slice(&written[..length]);
            }
        }
    }
}
