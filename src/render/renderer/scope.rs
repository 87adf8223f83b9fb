//! A scope in which what a session is asked to play goes to a renderer.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Form, Renderer};
use crate::render::error::Error;
use crate::render::job::{Listener, Summary};
use crate::render::part::Part;
use crate::render::soundfile::Target;
use crate::session::{self, Event, NewTable, Session, SessionHandler, SoundFile, Synth, Table};

/// A session whose events go to a renderer until this is dropped. It lends out the session; what is not an event, such
/// as a bus, is asked of [`Rendering::renderer`].
pub struct Rendering<'a> {
    session: &'a mut Session,
    renderer: Arc<Mutex<Renderer>>,
    before: Option<Box<dyn SessionHandler>>,
}

struct Redirect(Arc<Mutex<Renderer>>);

impl SessionHandler for Redirect {
    fn sched_event(&mut self, event: &Event) -> Result<Synth, session::Error> {
        lock(&self.0).sched_event(event)
    }

    fn make_table(&mut self, table: &NewTable) -> Option<Result<Table, session::Error>> {
        Some(lock(&self.0).make_table(table.clone()))
    }

    fn read_soundfile(&mut self, file: &SoundFile) -> Option<Result<Table, session::Error>> {
        Some(lock(&self.0).read_soundfile(file.clone()))
    }
}

/// What a session can have rendered.
pub trait Offline {
    /// A renderer with the Instrs, layers, tables and settings of this session; see [`Renderer::new`].
    fn make_renderer(&self, form: Form) -> Renderer;

    /// Begins a scope in which this session's events go to a new renderer.
    fn rendering(&mut self, form: Form) -> Rendering<'_>;
}

impl Offline for Session {
    fn make_renderer(&self, form: Form) -> Renderer {
        Renderer::new(self, form)
    }

    fn rendering(&mut self, form: Form) -> Rendering<'_> {
        let renderer = Arc::new(Mutex::new(self.make_renderer(form)));
        let before = self.set_handler(Some(Box::new(Redirect(renderer.clone()))));
        Rendering {
            session: self,
            renderer,
            before,
        }
    }
}

impl Rendering<'_> {
    /// The renderer, locked: no event can be scheduled while the guard lives.
    pub fn renderer(&self) -> MutexGuard<'_, Renderer> {
        lock(&self.renderer)
    }

    /// Ends the scope and renders.
    ///
    /// # Errors
    /// As [`Renderer::render`].
    pub fn render(
        self,
        target: &Target,
        part: Part,
        listener: &mut dyn Listener,
    ) -> Result<Summary, Error> {
        self.renderer().render(target, part, listener)
    }
}

impl Deref for Rendering<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session
    }
}

impl DerefMut for Rendering<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        self.session
    }
}

impl Drop for Rendering<'_> {
    fn drop(&mut self) {
        self.session.set_handler(self.before.take());
    }
}

/// The renderer as it stands: each call leaves it whole, or failed.
fn lock(renderer: &Mutex<Renderer>) -> MutexGuard<'_, Renderer> {
    renderer.lock().unwrap_or_else(PoisonError::into_inner)
}
