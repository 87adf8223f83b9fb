//! A CLAP host for tests and for the demo: it plays a plugin, listens to what comes out and measures it.
//!
//! [`Binary`] is a plugin file loaded the way a DAW loads it, or an entry point linked into the test program. It opens
//! [`Plugin`]s; a [`Take`] says what to play into one (events at exact samples, audio, transport, how the time is cut
//! into blocks), and [`Plugin::play`] returns the [`Heard`]. [`measure`] judges it: pitch, onset, level, silence.
//!
//! This crate knows nothing of Csound and links nothing of the plugin under test.

mod audio;
mod binary;
mod error;
mod event;
mod handlers;
pub mod measure;
mod memory;
mod midi;
mod pages;
mod parameters;
mod plugin;
mod presets;
mod project;
mod random;
mod take;
mod transport;
mod voices;
mod wav;
#[cfg(target_os = "linux")]
mod window;

pub use binary::{Binary, Description, EntryDescriptor};
pub use error::{Error, Result};
pub use event::{Event, Expression, Note, Reply};
pub use memory::resident_bytes;
pub use midi::MidiFile;
pub use pages::Page;
pub use parameters::Parameter;
pub use plugin::{Main, Plugin, Port, Requests};
pub use presets::PresetEntry;
pub use project::Project;
pub use random::Random;
pub use take::{BlockSizes, Heard, Take};
pub use transport::Transport;
pub use wav::{Sound, read_wav, write_wav};
#[cfg(target_os = "linux")]
pub use window::HostWindow;
