//! The window: what a session is, what is wrong with it, its controls, and the text of its Instrs.
//!
//! It knows documents and the session, and reaches the plugin only through a [`Desk`]; nothing in it is shared with
//! the audio thread.

mod alone;
mod browser;
mod code;
mod controls;
mod desk;
mod dock;
#[cfg(target_os = "linux")]
mod drops;
mod files;
mod hints;
mod keyboard;
mod keys;
mod looks;
mod notice;
mod open;
mod opened;
mod parts;
mod sight;
mod structure;
mod theme;
mod top;
mod window;

pub use desk::{ControlView, Desk, Edit, InstrText, Played, Running, Sound, View};
pub use keys::{Typing, taken_keys};
pub use looks::{Looks, SharedLooks, Tab};
pub use open::{Editor, open};
pub use window::Window;
