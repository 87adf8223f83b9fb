//! A plugin's pages of parameters and names of keys, as a host lists them.

use crate::plugin::Main;
use clack_extensions::note_name::{NoteNameBuffer, PluginNoteName};
use clack_extensions::remote_controls::{PluginRemoteControls, RemoteControlsPageBuffer};

/// A page of parameters for eight knobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What the page belongs to.
    pub section: String,
    /// What people read.
    pub name: String,
    /// The ids of its parameters, where there are any.
    pub parameters: Vec<u32>,
}

impl Main {
    /// Every page.
    pub fn pages(&mut self) -> Vec<Page> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let pages = self.extension("remote controls", |pages: &PluginRemoteControls, plugin| {
            let page = |index| {
                let mut buffer = RemoteControlsPageBuffer::new();
                let page = pages.get(plugin, index, &mut buffer)?;
                Some(Page {
                    section: text(page.section_name),
                    name: text(page.page_name),
                    parameters: page.param_ids.iter().flatten().map(|id| id.get()).collect(),
                })
            };
            (0..pages.count(plugin)).filter_map(page).collect()
        });
        pages.unwrap_or_default()
    }

    /// Every key that has a name.
    pub fn key_names(&mut self) -> Vec<(u8, String)> {
        let names = self.extension("note names", |names: &PluginNoteName, plugin| {
            let name = |index| {
                let mut buffer = NoteNameBuffer::new();
                let name = names.get(plugin, index, &mut buffer)?;
                let key = name.key.into_specific()?;
                Some((key as u8, String::from_utf8_lossy(name.name).into_owned()))
            };
            (0..names.count(plugin) as u32).filter_map(name).collect()
        });
        names.unwrap_or_default()
    }
}
