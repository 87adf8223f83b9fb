//! `clap.preset-load`: a document from the host's browser, opened as the window opens one.

use super::clap_discovery::{c_text, source};
use super::clap_shell::Shell;
use clap_sys::ext::preset_load::clap_plugin_preset_load;
use clap_sys::factory::preset_discovery::clap_preset_discovery_location_kind;
use clap_sys::plugin::clap_plugin;
use std::ffi::c_char;

/// The functions for the host.
pub(super) static PRESET_LOAD: clap_plugin_preset_load = clap_plugin_preset_load {
    from_location: Some(from_location),
};

unsafe extern "C" fn from_location(
    plugin: *const clap_plugin,
    kind: clap_preset_discovery_location_kind,
    location: *const c_char,
    key: *const c_char,
) -> bool {
    if plugin.is_null() {
        return false;
    }
    // SAFETY: the host passes the pointer it was given, and null or C strings.
    let (shell, source) = unsafe { (Shell::of(plugin), source(kind, location, key)) };
    let place = (kind, location, key);
    let Some(source) = source else {
        shell.host().preset_failed(place, c"there is no such place");
        return false;
    };
    match (source.load(), shell.link().model()) {
        (Ok(document), Some(model)) => {
            model.open(document);
            shell.host().preset_loaded(place);
            true
        }
        (Err(problems), _) => {
            let told = problems
                .first()
                .map(ToString::to_string)
                .unwrap_or_default();
            shell.host().preset_failed(place, &c_text(&told));
            false
        }
        (Ok(_), None) => false,
    }
}
