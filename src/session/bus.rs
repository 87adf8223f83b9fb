//! Handles of buses. Any thread but the audio thread.

use super::books::Hub;
use super::command::{BusId, BusKey, Command, Moves, Timed};
use super::error::Error;
use super::line::Line;
use super::synth::Automation;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What a bus carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// One channel of sound.
    Audio,
    /// A number that holds.
    Control,
}

/// Whose bus it is.
pub(super) enum Origin {
    /// The session's.
    Assigned(BusId),
    /// A bus of the document, with its number among them.
    Named(BusKey, usize),
    /// A channel of the host's input.
    Input,
}

struct Hold {
    hub: Hub,
    origin: Origin,
    carries: Carries,
    token: f64,
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let Origin::Assigned(id) = self.origin {
            self.hub.lock().buses.release(id);
        }
    }
}

/// A handle of a bus. When the last handle of an assigned bus is dropped, the bus is released, as by
/// [`Bus::release`]; buses of the document stay. Any thread but the audio thread.
#[derive(Clone)]
pub struct Bus(Arc<Hold>);

impl Bus {
    pub(super) fn new(hub: Hub, origin: Origin, carries: Carries, token: f64) -> Self {
        Self(Arc::new(Hold {
            hub,
            origin,
            carries,
            token,
        }))
    }

    /// What instruments know it by: the value of an argument that is a bus. Valid as long as the bus is.
    pub fn token(&self) -> f64 {
        self.0.token
    }

    /// What it carries.
    pub fn kind(&self) -> Carries {
        self.0.carries
    }

    /// Sets a control bus, `delay` seconds from now.
    ///
    /// # Errors
    /// An audio bus, a released one, a value that is no number, a bad delay, a full queue.
    pub fn set(&self, value: f64, delay: f64) -> Result<(), Error> {
        let bus = self.control()?;
        if !value.is_finite() {
            return Err(Error::BadValue("bus".to_owned()));
        }
        let mut books = self.0.hub.lock();
        let at = books.after(delay)?;
        books.try_post(&[Timed {
            at,
            command: Command::SetBus { bus, value },
        }])
    }

    /// What a control bus holds, as of the last block.
    ///
    /// # Errors
    /// An audio bus, a released one.
    pub fn get(&self) -> Result<f64, Error> {
        self.control()?;
        let books = self.0.hub.lock();
        let board = &books.end.board;
        let cell = match self.0.origin {
            Origin::Assigned(id) => board.bus(id),
            Origin::Named(_, number) => board.named(number),
            Origin::Input => None,
        };
        cell.map(|cell| cell.load(Ordering::Relaxed))
            .ok_or(Error::NoValue)
    }

    /// Lets a control bus follow a line, `delay` seconds from now. The last value holds; a newer automation ends this
    /// one.
    ///
    /// # Errors
    /// An audio bus, a released one, no line, a bad delay, a full pool or queue.
    pub fn automate(&self, line: impl Into<Line>, delay: f64) -> Result<Automation, Error> {
        let moves = Moves::Bus(self.control()?);
        let mut books = self.0.hub.lock();
        let at = books.after(delay)?;
        let id = books.begin(moves, &line.into(), at)?;
        drop(books);
        Ok(Automation::new(self.0.hub.clone(), id))
    }

    /// Gives an assigned bus up: its token is refused from now on, and the bus is free for another once no synth uses
    /// it. Buses of the document stay.
    pub fn release(&self) {
        if let Origin::Assigned(id) = self.0.origin {
            self.0.hub.lock().buses.release(id);
            self.0.hub.poll();
        }
    }

    /// Whether its token can still be used.
    pub fn is_valid(&self) -> bool {
        self.0.hub.poll();
        match self.0.origin {
            Origin::Assigned(id) => self.0.hub.lock().buses.is_valid(id),
            Origin::Named(..) | Origin::Input => true,
        }
    }

    pub(super) fn key(&self) -> Option<BusKey> {
        match self.0.origin {
            Origin::Assigned(id) => Some(BusKey::Assigned(id)),
            Origin::Named(key, _) => Some(key),
            Origin::Input => None,
        }
    }

    /// The key of a control bus that can be used.
    fn control(&self) -> Result<BusKey, Error> {
        match (self.0.carries, self.key()) {
            (Carries::Control, Some(_)) if !self.is_valid() => Err(Error::ReleasedBus),
            (Carries::Control, Some(key)) => Ok(key),
            _ => Err(Error::NoValue),
        }
    }
}

impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bus")
            .field("kind", &self.0.carries)
            .field("token", &self.0.token)
            .finish()
    }
}
