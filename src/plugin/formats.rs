//! The plugin formats: the entries that hosts look for, and what nice-plug 0.4.2 lacks or does wrongly in them.
//! All of this folder is at the border to foreign code, and it is, with `csound`, the only one with unsafe blocks.

mod buses;
mod clap;
mod clap_discovery;
mod clap_events;
mod clap_host;
mod clap_in_time;
mod clap_pages;
mod clap_params;
mod clap_preset;
mod clap_shell;
mod clap_state;
mod link;
mod packed;
mod support;
mod values;
mod vst3;
mod vst3_buses;
mod vst3_state;
mod vst3_tables;
mod vst3_units;

pub use clap::clap_entry;
pub use link::{Link, News};
pub use values::{modulate_slot, set_slot};
pub use vst3::GetPluginFactory;

use crate::document::preflight;
use crate::plugin::Instrument;
use crate::session;

/// What every format does once when a host loads the library.
fn load() {
    nice_plug::wrapper::setup_logger::<Instrument>();
    if let Some(folder) = support::support_folder() {
        session::set_support_folder(folder.clone());
        preflight::set_support_folder(folder);
    }
}
