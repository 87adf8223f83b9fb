//! The plugin formats: the entries that hosts look for, and what nice-plug 0.4.2 lacks or does wrongly in them.
//! All of this folder is at the border to foreign code, and it is, with `csound`, the only one with unsafe blocks.

mod buses;
mod clap;
mod clap_host;
mod clap_params;
mod clap_shell;
mod link;
mod values;
mod vst3;
mod vst3_buses;
mod vst3_tables;

pub use clap::clap_entry;
pub use link::{Link, News};
pub use values::set_slot;
pub use vst3::GetPluginFactory;
