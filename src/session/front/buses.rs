//! Buses of the session, of the document and of the host.

use super::Session;
use crate::session::books::{Needs, full};
use crate::session::bus::{Bus, Carries, Origin};
use crate::session::bus_book::BusLife;
use crate::session::command::{BusKey, Command, Timed};
use crate::session::error::Error;
use crate::session::name::NameId;
use crate::session::orchestra::{BusKind, BusLayout};
use std::sync::atomic::Ordering;

impl Session {
    /// Assigns a bus: an audio bus, or a control bus with its first value. Give the handle or its token to synths as
    /// an argument. See [`BusLife`] for how long it lives; a dropped handle releases it.
    ///
    /// # Errors
    /// No bus is free; a value that is no number; a full queue.
    pub fn assign_bus(&mut self, kind: BusKind, life: BusLife) -> Result<Bus, Error> {
        let (carries, value) = match kind {
            BusKind::Audio => (Carries::Audio, None),
            BusKind::Control { value } if value.is_finite() => (Carries::Control, Some(value)),
            BusKind::Control { .. } => return Err(Error::BadValue("bus".to_owned())),
        };
        self.poll();
        let mut books = self.hub.lock();
        books.room(&Needs::commands(1))?;
        let buses = books.capacities.buses as usize;
        full(books.buses.left() == 0, "buses", "Capacities::buses", buses)?;
        let layout = BusLayout::of(&self.spec.orchestra);
        let token = |bus: crate::session::command::BusId| {
            let index = layout.session_index(bus.index, value.is_none())?;
            Some(layout.token(index, bus.generation))
        };
        let limit = self.spec.orchestra.max_buses as usize;
        let what = Error::Full {
            what: "buses",
            limit: "OrchestraSpec::max_buses",
            now: limit,
        };
        let (bus, token) = books.buses.assign(life, token).ok_or(what)?;
        if let Some(last_use) = books.end.board.bus_use(bus) {
            last_use.store(0, Ordering::Relaxed);
        }
        if let (Some(value), Some(cell)) = (value, books.end.board.bus(bus)) {
            cell.store(value, Ordering::Relaxed);
        }
        books.post([Timed {
            at: 0,
            command: Command::AssignBus { bus, token, value },
        }]);
        drop(books);
        Ok(Bus::new(
            self.hub.clone(),
            Origin::Assigned(bus),
            carries,
            token,
        ))
    }

    /// A bus of the document by its name without `@`, or one of the host's inputs: `input1`, `input2`, `sidechain1`,
    /// `sidechain2`.
    ///
    /// # Errors
    /// No such bus.
    pub fn bus(&self, name: &str) -> Result<Bus, Error> {
        let unknown = || Error::UnknownBus(name.to_owned());
        let layout = BusLayout::of(&self.spec.orchestra);
        let token = layout.token_of(name).ok_or_else(unknown)?;
        let number = layout.named.iter().position(|bus| bus.name == name);
        let (origin, carries) = match number {
            None => (Origin::Input, Carries::Audio),
            Some(number) => {
                let carries = match layout.named[number].kind {
                    BusKind::Audio => Carries::Audio,
                    BusKind::Control { .. } => Carries::Control,
                };
                (
                    Origin::Named(BusKey::Named(NameId::of(name)), number),
                    carries,
                )
            }
        };
        Ok(Bus::new(self.hub.clone(), origin, carries, token))
    }

    /// Whether instruments can use buses: always.
    pub fn has_bus_support(&self) -> bool {
        true
    }
}
