//! The session's buses on the audio thread: valid in every program, one value in all of them.

use super::Performer;
use crate::session::command::{BusId, BusKey, Report};
use crate::session::program::Program;
use std::sync::atomic::Ordering;

/// A bus that the session has assigned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Assigned {
    pub(crate) id: BusId,
    /// What instruments know it by.
    pub(crate) token: f64,
    /// What a control bus holds; `None` for an audio bus.
    pub(crate) value: Option<f64>,
}

/// The assigned buses by their handles' index. Audio thread only; never allocates after it is made.
pub(super) struct Buses {
    assigned: Vec<Option<Assigned>>,
    used: Vec<u32>,
}

impl Buses {
    pub(super) fn new(count: u32) -> Self {
        Self {
            assigned: vec![None; count as usize],
            used: Vec::with_capacity(count as usize),
        }
    }

    fn get(&self, id: BusId) -> Option<&Assigned> {
        let assigned = self.assigned.get(id.index as usize)?.as_ref();
        assigned.filter(|assigned| assigned.id == id)
    }

    /// All of them.
    fn iter(&self) -> impl Iterator<Item = &Assigned> {
        self.used
            .iter()
            .filter_map(|&index| self.assigned[index as usize].as_ref())
    }
}

impl Performer {
    pub(super) fn assign_bus(&mut self, assigned: Assigned) {
        let index = assigned.id.index;
        let Some(place) = self.buses.assigned.get_mut(index as usize) else {
            return self.outbox.count_dropped();
        };
        if place.replace(assigned).is_none() {
            self.buses.used.push(index);
        }
        self.programs()
            .for_each(|program| program.assign_bus(&assigned));
    }

    pub(super) fn free_bus(&mut self, id: BusId) {
        if let Some(assigned) = self.buses.get(id).copied() {
            self.buses.assigned[id.index as usize] = None;
            self.buses.used.retain(|&index| index != id.index);
            self.programs()
                .for_each(|program| program.free_bus(&assigned));
        }
        self.outbox.report(Report::BusFreed { bus: id });
    }

    /// What a control bus holds; `None` if there is no such one.
    pub(super) fn bus_value(&self, bus: BusKey) -> Option<f64> {
        match bus {
            BusKey::Assigned(id) => self.newest_value(self.buses.get(id)?),
            BusKey::Named(name) => self.running.last()?.program.named_bus(name),
        }
    }

    /// The value of an assigned bus in the newest program, or the last one known.
    fn newest_value(&self, assigned: &Assigned) -> Option<f64> {
        let newest = self.running.last();
        newest.map_or(assigned.value, |newest| newest.program.bus(assigned))
    }

    pub(super) fn set_bus(&mut self, bus: BusKey, value: f64) {
        match bus {
            BusKey::Named(name) => self
                .programs()
                .for_each(|program| program.set_named_bus(name, value)),
            BusKey::Assigned(id) => {
                let Some(assigned) = self.buses.get(id).copied() else {
                    return;
                };
                if assigned.value.is_some() {
                    self.share(Assigned {
                        value: Some(value),
                        ..assigned
                    });
                }
            }
        }
    }

    /// Gives a bus its value in all programs.
    fn share(&mut self, assigned: Assigned) {
        self.buses.assigned[assigned.id.index as usize] = Some(assigned);
        self.programs()
            .for_each(|program| program.set_bus(&assigned));
    }

    /// Makes the buses that exist valid in a program that takes over from the newest one.
    pub(super) fn hand_buses_to(&self, program: &mut Program) {
        for assigned in self.buses.iter() {
            let value = self.newest_value(assigned);
            program.assign_bus(&Assigned { value, ..*assigned });
        }
        if let Some(newest) = self.running.last() {
            newest
                .program
                .for_named_buses(|name, value| program.set_named_bus(name, value));
        }
    }

    /// What one program has written to a control bus holds in all of them.
    pub(super) fn reconcile_buses(&mut self) {
        if self.running.len() < 2 {
            return;
        }
        for position in 0..self.buses.used.len() {
            let index = self.buses.used[position] as usize;
            let Some(known) = self.buses.assigned[index] else {
                continue;
            };
            let values = self
                .running
                .iter()
                .rev()
                .map(|running| running.program.bus(&known));
            if let Some(written) = values.flatten().find(|value| Some(*value) != known.value) {
                self.share(Assigned {
                    value: Some(written),
                    ..known
                });
            }
        }
    }

    /// Leaves the values and uses of the buses for the session to read.
    pub(super) fn show_buses(&mut self) {
        for position in 0..self.buses.used.len() {
            let index = self.buses.used[position] as usize;
            let Some(mut assigned) = self.buses.assigned[index] else {
                continue;
            };
            assigned.value = self.newest_value(&assigned);
            self.buses.assigned[index] = Some(assigned);
            if let (Some(value), Some(cell)) = (assigned.value, self.link.board.bus(assigned.id)) {
                cell.store(value, Ordering::Relaxed);
            }
            let mut moved = false;
            for running in &mut self.running {
                moved |= running.program.bus_moved(&assigned);
            }
            if let (true, Some(cell)) = (moved, self.link.board.bus_use(assigned.id)) {
                cell.store(self.cycle_start, Ordering::Relaxed);
            }
        }
        self.show_named_buses();
    }

    fn show_named_buses(&mut self) {
        if let Some(newest) = self.running.last() {
            let board = &self.link.board;
            newest.program.for_numbered_buses(|number, value| {
                if let Some(cell) = board.named(number) {
                    cell.store(value, Ordering::Relaxed);
                }
            });
        }
        for running in &mut self.running {
            if let Some(token) = running.program.take_wrong_bus() {
                self.outbox.report(Report::WrongBus { token });
            }
        }
    }
}
