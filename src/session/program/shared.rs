//! Buses that outlive a program: those of the session, and the control buses of the document.

use super::Program;
use crate::csound::{Csound, Table};
use crate::session::name::NameId;
use crate::session::orchestra::{BUS_UNSET, BusKind, BusLayout};
use crate::session::performer::Assigned;

/// Where the buses are in this program. Audio thread only; never allocates after it is made.
pub(super) struct SharedBuses {
    tokens: Table,
    values: Table,
    uses: Table,
    report: Table,
    meters: Option<Table>,
    layout: BusLayout,
    /// The document's control buses: number among all its buses, name, index.
    named: Vec<(usize, NameId, u32)>,
    /// The use cells as they were last seen, by handle index.
    seen: Vec<f64>,
}

impl SharedBuses {
    /// Finds the tables; `None` if the text has overwritten one.
    pub(super) fn new(csound: &mut Csound, layout: &BusLayout) -> Option<Self> {
        let control = |bus: &&crate::session::orchestra::NamedBus| bus.kind != BusKind::Audio;
        let named = layout
            .named
            .iter()
            .enumerate()
            .filter(|(_, bus)| control(bus));
        Some(Self {
            tokens: csound.table(layout.tokens)?,
            values: csound.table(layout.values)?,
            uses: csound.table(layout.uses)?,
            report: csound.table(layout.report)?,
            meters: layout.meters.and_then(|meters| csound.table(meters)),
            named: named
                .map(|(number, bus)| (number, NameId::of(&bus.name), bus.index))
                .collect(),
            seen: vec![0.0; layout.session_audio.len()],
            layout: layout.clone(),
        })
    }

    /// The tables of tokens and of values, which the code writes to as well.
    pub(super) fn tables(&self) -> [Table; 2] {
        [self.tokens, self.values]
    }

    fn cell(&self, bus: &Assigned) -> Option<usize> {
        let index = self
            .layout
            .session_index(bus.id.index, bus.value.is_none())?;
        Some(index as usize)
    }

    fn named(&self, name: NameId) -> Option<usize> {
        let (_, _, index) = self.named.iter().find(|(_, own, _)| *own == name)?;
        Some(*index as usize)
    }
}

impl Program {
    /// Makes a bus of the session valid here. Realtime-safe.
    pub(crate) fn assign_bus(&mut self, bus: &Assigned) {
        let Some(cell) = self.shared.cell(bus) else {
            return;
        };
        self.shared.seen[bus.id.index as usize] = self.csound.cells(&self.shared.uses)[cell];
        self.csound.cells_mut(&self.shared.values)[cell] = bus.value.unwrap_or(BUS_UNSET);
        self.csound.cells_mut(&self.shared.tokens)[cell] = bus.token;
    }

    /// Makes a bus of the session invalid here. Realtime-safe.
    pub(crate) fn free_bus(&mut self, bus: &Assigned) {
        if let Some(cell) = self.shared.cell(bus) {
            self.csound.cells_mut(&self.shared.tokens)[cell] = 0.0;
        }
    }

    /// The value of a control bus of the session. Realtime-safe.
    pub(crate) fn bus(&self, bus: &Assigned) -> Option<f64> {
        bus.value?;
        Some(self.csound.cells(&self.shared.values)[self.shared.cell(bus)?])
    }

    /// Sets a control bus of the session. Realtime-safe.
    pub(crate) fn set_bus(&mut self, bus: &Assigned) {
        if let (Some(value), Some(cell)) = (bus.value, self.shared.cell(bus)) {
            self.csound.cells_mut(&self.shared.values)[cell] = value;
        }
    }

    /// Whether an instrument has used the bus since this was last asked. Realtime-safe.
    pub(crate) fn bus_moved(&mut self, bus: &Assigned) -> bool {
        let Some(cell) = self.shared.cell(bus) else {
            return false;
        };
        let now = self.csound.cells(&self.shared.uses)[cell];
        std::mem::replace(&mut self.shared.seen[bus.id.index as usize], now) != now
    }

    /// The value of a control bus of the document. Realtime-safe.
    pub(crate) fn named_bus(&self, name: NameId) -> Option<f64> {
        Some(self.csound.cells(&self.shared.values)[self.shared.named(name)?])
    }

    /// Sets a control bus of the document, if it has it. Realtime-safe.
    pub(crate) fn set_named_bus(&mut self, name: NameId, value: f64) {
        if let Some(cell) = self.shared.named(name) {
            self.csound.cells_mut(&self.shared.values)[cell] = value;
        }
    }

    /// Calls `visit` with the name and value of every control bus of the document. Realtime-safe if `visit` is.
    pub(crate) fn for_named_buses(&self, mut visit: impl FnMut(NameId, f64)) {
        let values = self.csound.cells(&self.shared.values);
        self.shared
            .named
            .iter()
            .for_each(|(_, name, index)| visit(*name, values[*index as usize]));
    }

    /// Calls `visit` with the number and value of every control bus of the document. Realtime-safe if `visit` is.
    pub(crate) fn for_numbered_buses(&self, mut visit: impl FnMut(usize, f64)) {
        let values = self.csound.cells(&self.shared.values);
        let named = self.shared.named.iter();
        named.for_each(|(number, _, index)| visit(*number, values[*index as usize]));
    }

    /// Calls `visit` with the number of each of the document's buses and the peak that it has had since this was last
    /// asked; from now on peaks are kept if the buses are watched. Realtime-safe if `visit` is.
    pub(crate) fn take_levels(&mut self, watched: bool, mut visit: impl FnMut(usize, f64)) {
        let Some(meters) = &self.shared.meters else {
            return;
        };
        let Some((keep, peaks)) = self.csound.cells_mut(meters).split_first_mut() else {
            return;
        };
        let were_kept = std::mem::replace(keep, f64::from(u8::from(watched))) != 0.0;
        if watched || were_kept {
            let peaks = peaks.iter_mut().map(std::mem::take).enumerate();
            peaks.for_each(|(bus, peak)| visit(bus, peak));
        }
    }

    /// Whether the document's buses are those of another program, in the same order. Realtime-safe.
    pub(crate) fn has_buses_of(&self, other: &Program) -> bool {
        let [own, others] = [self, other].map(|program| program.shared.layout.named.iter());
        own.map(|bus| &bus.name).eq(others.map(|bus| &bus.name))
    }

    /// The last wrong token an instrument has used since this was last asked. Realtime-safe.
    pub(crate) fn take_wrong_bus(&mut self) -> Option<f64> {
        let [count, token, ..] = self.csound.cells_mut(&self.shared.report) else {
            return None;
        };
        (std::mem::take(count) != 0.0).then_some(*token)
    }
}
