//! What a host's browser finds, and loads.

use crate::binary::Binary;
use crate::error::{Error, Result};
use crate::plugin::Main;
use clack_extensions::preset_discovery::prelude::*;
use clack_host::prelude::{HostError, HostInfo};
use std::ffi::{CStr, CString};

/// A preset as a browser lists it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PresetEntry {
    /// What people read.
    pub name: String,
    /// What tells it from others in the same place.
    pub key: String,
    /// The plugins it is for.
    pub plugins: Vec<String>,
    /// Who made it.
    pub creators: Vec<String>,
    /// What it is.
    pub description: String,
    /// Words to find it by.
    pub features: Vec<String>,
}

/// The places that a plugin file names.
#[derive(Default)]
struct Places {
    extensions: Vec<String>,
    /// Folders; `None` is the program itself.
    folders: Vec<Option<CString>>,
}

impl IndexerImpl for Places {
    fn declare_filetype(&mut self, file: FileType) -> std::result::Result<(), HostError> {
        self.extensions.extend(file.file_extension.map(text));
        Ok(())
    }

    fn declare_location(&mut self, place: LocationInfo) -> std::result::Result<(), HostError> {
        self.folders.push(match place.location {
            Location::Plugin => None,
            Location::File { path } => Some(path.to_owned()),
        });
        Ok(())
    }

    fn declare_soundpack(&mut self, _: Soundpack) -> std::result::Result<(), HostError> {
        Ok(())
    }
}

/// What a plugin file tells of the presets in a place.
#[derive(Default)]
struct Receiver {
    found: Vec<PresetEntry>,
    errors: Vec<String>,
}

impl Receiver {
    fn last(&mut self, change: impl FnOnce(&mut PresetEntry)) {
        change(self.found.last_mut().expect("a preset has begun"));
    }
}

impl MetadataReceiverImpl for Receiver {
    fn on_error(&mut self, _: i32, message: Option<&CStr>) {
        self.errors.push(message.map(text).unwrap_or_default());
    }

    fn begin_preset(
        &mut self,
        name: Option<&CStr>,
        key: Option<&CStr>,
    ) -> std::result::Result<(), HostError> {
        self.found.push(PresetEntry {
            name: name.map(text).unwrap_or_default(),
            key: key.map(text).unwrap_or_default(),
            ..PresetEntry::default()
        });
        Ok(())
    }

    fn add_plugin_id(&mut self, id: UniversalPluginId) {
        self.last(|preset| preset.plugins.push(text(id.id)));
    }

    fn set_soundpack_id(&mut self, _: &CStr) {}

    fn set_flags(&mut self, _: Flags) {}

    fn add_creator(&mut self, creator: &CStr) {
        self.last(|preset| preset.creators.push(text(creator)));
    }

    fn set_description(&mut self, description: &CStr) {
        self.last(|preset| preset.description = text(description));
    }

    fn set_timestamps(&mut self, _: Option<Timestamp>, _: Option<Timestamp>) {}

    fn add_feature(&mut self, feature: &CStr) {
        self.last(|preset| preset.features.push(text(feature)));
    }

    fn add_extra_info(&mut self, _: &CStr, _: &CStr) {}
}

fn text(text: &CStr) -> String {
    text.to_string_lossy().into_owned()
}

impl Binary {
    /// The presets that come with the plugins of this file.
    pub fn presets(&self) -> Result<Vec<PresetEntry>> {
        self.presets_in(Location::Plugin)
    }

    /// The presets in a file, or why there are none.
    pub fn presets_in_file(&self, path: &CStr) -> Result<Vec<PresetEntry>> {
        self.presets_in(Location::File { path })
    }

    fn presets_in(&self, place: Location) -> Result<Vec<PresetEntry>> {
        let missing = Error::NoExtension("preset discovery");
        let factory: PresetDiscoveryFactory = self.entry().get_factory().ok_or(missing)?;
        let info = HostInfo::new("Test host", "csound-session", "", "1").expect("no zeros");
        let mut receiver = Receiver::default();
        for descriptor in factory.provider_descriptors() {
            let id = descriptor.id().ok_or(Error::Refused("name its provider"))?;
            let provider = Provider::instantiate(Places::default(), self.entry(), id, &info);
            let mut provider = provider.map_err(|_| Error::Refused("make a provider"))?;
            if provider.indexer().extensions.is_empty() || provider.indexer().folders.is_empty() {
                return Err(Error::Refused("say where to look"));
            }
            provider.get_metadata(place, &mut receiver);
        }
        if receiver.errors.is_empty() {
            Ok(receiver.found)
        } else {
            Err(Error::Document(receiver.errors.join("\n")))
        }
    }
}

impl Main {
    /// Loads a preset that comes with the plugin, by its key.
    pub fn load_preset(&mut self, key: &CStr) -> Result<()> {
        self.load_from(Location::Plugin, Some(key))
    }

    /// Loads a preset from a file.
    pub fn load_preset_file(&mut self, path: &CStr) -> Result<()> {
        self.load_from(Location::File { path }, None)
    }

    fn load_from(&mut self, place: Location, key: Option<&CStr>) -> Result<()> {
        let loaded = self.extension("preset load", |load: &PluginPresetLoad, plugin| {
            load.load_from_location(plugin, place, key)
        })?;
        self.answer();
        loaded.map_err(|_| Error::Refused("load this preset"))
    }
}
