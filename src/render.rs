//! Offline: documents, scores, MIDI files and sounds in, a sound file out, through the same performer
//! as in the plugin.
//!
//! A [`Job`] is the whole of it; [`engine::Engine`] is the performer without a host, for those who want the samples.

pub mod blocks;
mod csd;
mod desktop;
pub mod engine;
pub mod error;
mod events;
pub mod input;
mod job;
pub mod midi;
mod part;
pub mod problem;
pub mod renderer;
mod room;
mod run;
pub mod score;
pub mod song;
pub mod soundfile;
mod source;
pub mod stats;
mod timeline;

pub use blocks::BlockSize;
pub use desktop::open;
pub use error::Error;
pub use job::{Job, Listener, Music, Summary};
pub use part::Part;
pub use renderer::{Form, Offline, Renderer, Rendering};
