//! The CLAP entry: nice-plug's descriptors and instances, each instance in a shell of ours.

use super::clap_discovery;
use super::clap_shell::Shell;
use super::link::Link;
use crate::plugin::{Effect, Instrument};
use clap_sys::entry::clap_plugin_entry;
use clap_sys::factory::plugin_factory::{CLAP_PLUGIN_FACTORY_ID, clap_plugin_factory};
use clap_sys::factory::preset_discovery::{
    CLAP_PRESET_DISCOVERY_FACTORY_ID, CLAP_PRESET_DISCOVERY_FACTORY_ID_COMPAT,
};
use clap_sys::host::clap_host;
use clap_sys::plugin::{clap_plugin, clap_plugin_descriptor};
use clap_sys::version::CLAP_VERSION;
use nice_plug::wrapper::clap::{ClapPlugin, PluginDescriptor, Wrapper};
use std::ffi::{CStr, c_char, c_void};
use std::ptr::null;
use std::sync::OnceLock;

/// The entry that CLAP hosts look for.
#[allow(non_upper_case_globals)]
// SAFETY: no other symbol of this name is linked in: nice-plug's export macro is not used.
#[unsafe(no_mangle)]
#[used]
pub static clap_entry: clap_plugin_entry = clap_plugin_entry {
    clap_version: CLAP_VERSION,
    init: Some(init),
    deinit: Some(deinit),
    get_factory: Some(get_factory),
};

static FACTORY: clap_plugin_factory = clap_plugin_factory {
    get_plugin_count: Some(get_plugin_count),
    get_plugin_descriptor: Some(get_plugin_descriptor),
    create_plugin: Some(create_plugin),
};

type Constructor = fn(*const clap_host) -> *const clap_plugin;

fn plugins() -> &'static [(PluginDescriptor, Constructor); 2] {
    static PLUGINS: OnceLock<[(PluginDescriptor, Constructor); 2]> = OnceLock::new();
    PLUGINS.get_or_init(|| {
        [
            (
                PluginDescriptor::for_plugin::<Instrument>(),
                construct::<Instrument>,
            ),
            (
                PluginDescriptor::for_plugin::<Effect>(),
                construct::<Effect>,
            ),
        ]
    })
}

fn construct<P: ClapPlugin>(host: *const clap_host) -> *const clap_plugin {
    let link = Link::new();
    // SAFETY: the host keeps its `clap_host` valid until the plugin is destroyed, by CLAP's contract.
    let wrapper = link.hand_over(|| unsafe { Wrapper::<P>::new(host) });
    let inner = *wrapper.clap_plugin.borrow();
    // nice-plug's `destroy` takes this count back.
    std::mem::forget(wrapper);
    Shell::around(inner, link, host)
}

unsafe extern "C" fn init(_path: *const c_char) -> bool {
    super::load();
    true
}

unsafe extern "C" fn deinit() {}

unsafe extern "C" fn get_factory(id: *const c_char) -> *const c_void {
    // SAFETY: the host passes null or a C string.
    let id = unsafe { (!id.is_null()).then(|| CStr::from_ptr(id)) };
    match id {
        Some(id) if id == CLAP_PLUGIN_FACTORY_ID => (&raw const FACTORY).cast(),
        Some(id)
            if id == CLAP_PRESET_DISCOVERY_FACTORY_ID
                || id == CLAP_PRESET_DISCOVERY_FACTORY_ID_COMPAT =>
        {
            (&raw const clap_discovery::FACTORY).cast()
        }
        _ => null(),
    }
}

unsafe extern "C" fn get_plugin_count(_factory: *const clap_plugin_factory) -> u32 {
    plugins().len() as u32
}

unsafe extern "C" fn get_plugin_descriptor(
    _factory: *const clap_plugin_factory,
    index: u32,
) -> *const clap_plugin_descriptor {
    plugins()
        .get(index as usize)
        .map_or(null(), |(descriptor, _)| {
            descriptor.clap_plugin_descriptor()
        })
}

unsafe extern "C" fn create_plugin(
    _factory: *const clap_plugin_factory,
    host: *const clap_host,
    id: *const c_char,
) -> *const clap_plugin {
    if host.is_null() || id.is_null() {
        return null();
    }
    // SAFETY: the host passes a C string.
    let id = unsafe { CStr::from_ptr(id) };
    let plugin = plugins()
        .iter()
        .find(|(descriptor, _)| descriptor.clap_id() == id);
    plugin.map_or(null(), |(_, construct)| construct(host))
}
