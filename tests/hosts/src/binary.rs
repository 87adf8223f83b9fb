//! A plugin file, or an entry point linked into this program.

use crate::error::{Error, Result};
use crate::plugin::Plugin;
use clack_host::prelude::PluginEntry;
use std::ffi::CStr;
use std::path::Path;

pub use clack_host::entry::EntryDescriptor;

/// Loaded plugin code. Unloaded when the last clone and the last [`Plugin`] of it are gone.
#[derive(Clone)]
pub struct Binary {
    entry: PluginEntry,
}

/// What a plugin says of itself before it is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// The id by which [`Binary::open`] finds it.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// CLAP's feature words, such as `instrument`.
    pub features: Vec<String>,
}

impl Binary {
    /// Loads a `.clap` file.
    pub fn load(path: &Path) -> Result<Binary> {
        let failed = |reason: String| Error::Load {
            path: path.to_owned(),
            reason,
        };
        if !path.exists() {
            return Err(failed("there is no such file".to_owned()));
        }
        // SAFETY: loading runs the file's code; the tests and the demo load only what this workspace has built.
        let entry =
            unsafe { PluginEntry::load(path) }.map_err(|error| failed(error.to_string()))?;
        Ok(Binary { entry })
    }

    /// Takes the entry point of a plugin that is linked into this program; `path` is where it pretends to be.
    pub fn linked(descriptor: &'static EntryDescriptor, path: &CStr) -> Result<Binary> {
        // SAFETY: the descriptor is a static of a plugin that keeps to CLAP, which is what is being tested.
        let entry = unsafe { PluginEntry::load_from_raw(descriptor, path) };
        let entry = entry.map_err(|error| Error::Load {
            path: path.to_string_lossy().into_owned().into(),
            reason: error.to_string(),
        })?;
        Ok(Binary { entry })
    }

    /// The plugins in this file.
    pub fn plugins(&self) -> Vec<Description> {
        let text = |text: Option<&CStr>| text.unwrap_or_default().to_string_lossy().into_owned();
        let Some(factory) = self.entry.get_plugin_factory() else {
            return Vec::new();
        };
        let descriptors = factory.plugin_descriptors();
        descriptors
            .map(|plugin| Description {
                id: text(plugin.id()),
                name: text(plugin.name()),
                features: plugin.features().map(|word| text(Some(word))).collect(),
            })
            .collect()
    }

    pub(crate) fn entry(&self) -> &PluginEntry {
        &self.entry
    }

    /// Makes a plugin, by its id or by its name.
    pub fn open(&self, id_or_name: &str) -> Result<Plugin> {
        let missing = || Error::NoSuchPlugin(id_or_name.to_owned());
        let factory = self
            .entry
            .get_plugin_factory()
            .ok_or(Error::NoExtension("plugin factory"))?;
        let matches =
            |text: Option<&CStr>| text.is_some_and(|t| t.to_bytes() == id_or_name.as_bytes());
        let found = factory
            .plugin_descriptors()
            .find(|d| matches(d.id()) || matches(d.name()));
        let id = found
            .and_then(|descriptor| descriptor.id())
            .ok_or_else(missing)?;
        Plugin::new(&self.entry, id)
    }
}
