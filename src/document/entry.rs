//! The entries of a document, as written: low-level data without judgement.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Keys that this version does not know, by name.
pub type Extra = BTreeMap<String, serde_json::Value>;

/// What an edit does to notes that are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnEdit {
    /// They keep the old code until they end.
    #[default]
    Keep,
    /// They start again with the new code.
    Retrigger,
}

/// What the code of a document may do beyond making sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Permission {
    /// Write files, and include others.
    Files,
    /// Send and receive over a network.
    Network,
    /// Run programs, use devices, compile code while it plays.
    System,
}

impl Permission {
    /// The word in `allow`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Network => "network",
            Self::System => "system",
        }
    }
}

/// A file of code: named in a document file, embedded with its text in a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "IncludeForm")]
pub struct IncludeEntry {
    /// The file, relative to the document.
    pub path: String,
    /// Its text, once it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether a document file names it only, so that the file beside it is the source of the text.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub linked: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum IncludeForm {
    Path(String),
    Embedded {
        path: String,
        text: Option<String>,
        #[serde(default)]
        linked: bool,
    },
}

impl From<IncludeForm> for IncludeEntry {
    fn from(form: IncludeForm) -> Self {
        match form {
            IncludeForm::Path(path) => Self {
                path,
                text: None,
                linked: true,
            },
            IncludeForm::Embedded { path, text, linked } => Self { path, text, linked },
        }
    }
}

/// An Instr: a named template of Csound code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct InstrEntry {
    /// Its name, unique in the document.
    pub name: String,
    /// What it is, for people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// Global code it needs.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub init: String,
    /// Files of global code it needs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub includes: Vec<IncludeEntry>,
    /// Other names of its arguments.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<String, String>,
    /// The lowest priority it may be started with, 1 and up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_priority: Option<u32>,
    /// Its code, arguments included.
    pub body: String,
    /// Keys of a state that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a bus carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BusKind {
    /// One channel of samples.
    #[default]
    Audio,
    /// A number that holds.
    Control,
}

/// A named bus.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BusEntry {
    /// Arguments refer to it as `@name`.
    pub name: String,
    /// What it carries.
    pub kind: BusKind,
    /// The value a control bus starts with; 0 when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Keys of a state that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A number or a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// A table; its number is in the global variable `gi_<name>`. It says exactly one of `file`, `gen` and `data`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TableEntry {
    /// Its name, unique in the document.
    pub name: String,
    /// A sound file, relative to the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Size, number and arguments of a GEN routine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#gen: Option<Vec<f64>>,
    /// Its values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Vec<f64>>,
    /// Keys of a state that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What starts a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TriggerEntry {
    /// A note.
    #[default]
    Note,
    /// The program.
    Always,
}

/// What a second note does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModeEntry {
    /// It sounds beside the first.
    #[default]
    Poly,
    /// It replaces the first.
    Mono,
    /// It takes the first one over.
    Legato,
}

/// What one note starts, or what always sounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LayerEntry {
    /// A name for people.
    pub name: String,
    /// What starts it.
    pub trigger: TriggerEntry,
    /// Lowest and highest key, 0..=127.
    pub keys: [u32; 2],
    /// Lowest and highest velocity, 1..=127.
    pub velocities: [u32; 2],
    /// 0 for any, else 1..=16.
    pub channel: u32,
    /// Notes at once, 1..=256.
    pub voices: u32,
    /// What a second note does.
    pub mode: ModeEntry,
    /// Arguments bound to what the note does.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub bind: BTreeMap<String, BindEntry>,
    /// The Instrs it starts.
    pub parts: Vec<PartEntry>,
    /// Keys of a state that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Default for LayerEntry {
    fn default() -> Self {
        Self {
            name: String::new(),
            trigger: TriggerEntry::Note,
            keys: [0, 127],
            velocities: [1, 127],
            channel: 0,
            voices: 16,
            mode: ModeEntry::Poly,
            bind: BTreeMap::new(),
            parts: Vec::new(),
            extra: Extra::new(),
        }
    }
}

/// Where a bound argument takes its value from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BindEntry {
    /// `key`, `frequency`, `velocity`, `pressure`, `timbre`, `vibrato`, `expression`, `pan`, `gain`, `bend`, or `cc0` to
    /// `cc127`.
    pub from: String,
    /// What the source is multiplied with before it is added.
    #[serde(default = "one")]
    pub amount: f64,
    /// Keys of a state that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

fn one() -> f64 {
    1.0
}

/// When a part hears of the note-off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReleaseEntry {
    /// At once if its body has a release, else after the parts of lower priority.
    #[default]
    Auto,
    /// At once.
    Note,
    /// After the parts of lower priority.
    After,
}

/// One Instr of a layer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartEntry {
    /// The Instr.
    pub instr: String,
    /// 1..=10, or -10..=-1 counted from the last; the lowest the Instr allows when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
    /// Arguments that the part fixes: numbers, texts, `@bus`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, Scalar>,
    /// When it hears of the note-off.
    pub release: ReleaseEntry,
    /// Keys of a state that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The control that a slot is bound to. It may be gone from the text; the slot waits for it then.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SlotRef {
    /// The Instr.
    pub instr: String,
    /// The argument.
    pub argument: String,
    /// Keys of a state that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
