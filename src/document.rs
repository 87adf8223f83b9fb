//! The document: everything a session is, as data. A TOML file on disk, the same as JSON in a DAW's project.
//!
//! Reading goes in two steps. [`Document`] and its entries are what was written: any text, any number of the right
//! kind. [`Document::specification`] judges it and gives what the session is built from; every fault it finds is a
//! [`Diagnostic`](crate::session::diagnostic::Diagnostic) that names the key and, for a file, line and column.
//! [`presets`] lists the documents there are to choose from.
//! [`load::prepare`] adds the [`preflight`]: no text of a document is compiled before a child process has passed it.
//!
//! Nothing here runs on the audio thread, and nothing here knows a host or a window.

pub mod embed;
pub mod entry;
pub mod import;
pub mod load;
pub mod origin;
pub mod preflight;
pub mod presets;

mod check;
mod factory;
mod files;
mod migrate;
mod problem;
mod read;
mod spec;
mod state;
mod words;
mod write;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use entry::{
    BindEntry, BusEntry, BusKind, IncludeEntry, InstrEntry, LayerEntry, ModeEntry, OnEdit,
    PartEntry, Permission, ReleaseEntry, Scalar, SlotRef, TableEntry, TriggerEntry,
};
pub use factory::factory_folder;
pub use origin::FilePlace;
pub use spec::{Implied, Specification};
pub use state::StateError;
pub use words::{irreproducible, refused};

use entry::Extra;
use origin::Origin;

/// The version of the files that this library writes. It reads this one and older ones.
pub const FILE_VERSION: u32 = 1;
/// The most auxiliary stereo outputs.
pub const MOST_AUX: usize = 3;
/// The version of the states in projects that this library writes. It reads this one and older ones.
pub const VERSION: u32 = 2;

/// Everything a session is, as it was written. Its fields are the keys of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Document {
    /// The version of a state, 1 and up; a file has its own, [`FILE_VERSION`].
    pub version: u32,
    /// A name for people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Who wrote it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// What it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Words to find it by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Samples per cycle, 1..=128.
    pub ksmps: u32,
    /// Main outputs, 1..=16.
    pub channels: u32,
    /// Auxiliary stereo outputs in use, 0..=[`MOST_AUX`].
    pub aux: u32,
    /// What an edit does to held notes.
    pub on_edit: OnEdit,
    /// What its code may do beyond making sound.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<Permission>,
    /// Files of global code, before `init`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub includes: Vec<IncludeEntry>,
    /// Global code: tables, user-defined opcodes, channels.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub init: String,
    /// Plain values of slots (`instr.argument`) where they differ from the text.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, f64>,
    /// MIDI controllers, 0..=119, that move slots (`instr.argument`) beside the host's parameters.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub learned: BTreeMap<String, u32>,
    /// The Instrs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instr: Vec<InstrEntry>,
    /// The named buses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bus: Vec<BusEntry>,
    /// The tables.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub table: Vec<TableEntry>,
    /// What a note starts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub layer: Vec<LayerEntry>,
    /// The controls in the order of their slots, those that are gone included.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slot: Vec<SlotRef>,
    /// Sound files that the project carries along. Part of a state, never of a file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<embed::FileEntry>,
    /// The folder that relative file names start from. Part of a state, never of a file, which has its own place.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "state::lossy"
    )]
    pub folder: Option<PathBuf>,
    /// Keys of a state that this version does not know; kept for the one that does.
    #[serde(flatten)]
    pub extra: Extra,
    /// Where it was read from, if from a file; see [`Document::locate`].
    #[serde(skip)]
    pub origin: Origin,
}

impl Default for Document {
    fn default() -> Self {
        Self {
            version: VERSION,
            name: String::new(),
            author: String::new(),
            description: String::new(),
            tags: Vec::new(),
            ksmps: 32,
            channels: 2,
            aux: 0,
            on_edit: OnEdit::default(),
            allow: Vec::new(),
            includes: Vec::new(),
            init: String::new(),
            values: BTreeMap::new(),
            learned: BTreeMap::new(),
            instr: Vec::new(),
            bus: Vec::new(),
            table: Vec::new(),
            layer: Vec::new(),
            slot: Vec::new(),
            files: Vec::new(),
            folder: None,
            extra: Extra::new(),
            origin: Origin::default(),
        }
    }
}

impl Document {
    /// Output channels of its orchestra: the main ones and the auxiliary pairs.
    pub fn output_channels(&self) -> u32 {
        self.channels.saturating_add(self.aux.saturating_mul(2))
    }

    /// The Instr of that name.
    pub fn instr(&self, name: &str) -> Option<&InstrEntry> {
        self.instr.iter().find(|entry| entry.name == name)
    }

    /// Whether its code may do that.
    pub fn allows(&self, permission: Permission) -> bool {
        self.allow.contains(&permission)
    }
}
