//! The session of an instance, for those who schedule in it.

use super::Model;
use crate::plugin::desk::Desk;
use crate::session::Session;
use std::ops::{Deref, DerefMut};
use std::sync::MutexGuard;

/// The session of an instance, for as long as this is held. Its window and its background work wait meanwhile; the audio
/// thread does not.
pub struct SessionGuard<'a>(MutexGuard<'a, Desk>);

impl Deref for SessionGuard<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.0.session
    }
}

impl DerefMut for SessionGuard<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.0.session
    }
}

impl Model {
    /// The name of the document.
    pub fn title(&self) -> String {
        self.desk().document.name.clone()
    }

    /// The session, which nobody else touches before the guard is dropped.
    pub fn session(&self) -> SessionGuard<'_> {
        SessionGuard(self.desk())
    }
}
