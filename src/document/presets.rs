//! The documents there are to choose from: those that come with the program, and those in the user's folder.
//!
//! A preset is a document; nothing else is stored. [`Presets::list`] reads the folders anew, so it belongs off the
//! audio thread, and a window keeps the list it got. A file that cannot be read as a document is not listed.

use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::Document;
use super::factory::factory_folder;
use crate::session::diagnostic::Diagnostic;

/// A document file larger than this, in bytes, is not looked into.
const LARGEST: u64 = 4 << 20;

/// How deep below the user's folder files are looked for.
const DEEPEST: usize = 4;

/// Where a preset is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// It comes with the program, under this file name.
    Factory(String),
    /// A document file.
    File(PathBuf),
}

/// What a preset is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is played by notes.
    Instrument,
    /// It changes what it hears.
    Effect,
}

/// What is known of a document before it is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its name, or that of its file if it has none.
    pub name: String,
    /// Who wrote it; may be empty.
    pub author: String,
    /// What it is; may be empty.
    pub description: String,
    /// Words to find it by. An effect has `effect` among them.
    pub tags: Vec<String>,
    /// Where it is.
    pub source: Source,
}

impl Preset {
    /// The preset of a document file.
    ///
    /// # Errors
    ///
    /// As [`Document::open`].
    pub fn of_file(path: &Path) -> Result<Self, Vec<Diagnostic>> {
        let document = Document::open(path)?;
        Ok(Self::new(&document, Source::File(path.to_owned())))
    }

    /// The preset of that file name among those that come with the program.
    pub fn of_factory(name: &str) -> Option<Self> {
        let document = Document::factory_document(name)?;
        Some(Self::new(&document, Source::Factory(name.to_owned())))
    }

    fn new(document: &Document, source: Source) -> Self {
        let name = match document.name.as_str() {
            "" => source.stem(),
            name => name.to_owned(),
        };
        Self {
            name,
            author: document.author.clone(),
            description: document.description.clone(),
            tags: document.tags.clone(),
            source,
        }
    }

    /// What it is for.
    pub fn kind(&self) -> Kind {
        if self.tags.iter().any(|tag| tag == "effect") {
            Kind::Effect
        } else {
            Kind::Instrument
        }
    }

    /// Reads the document.
    ///
    /// # Errors
    ///
    /// As [`Source::load`].
    pub fn load(&self) -> Result<Document, Vec<Diagnostic>> {
        self.source.load()
    }
}

impl Source {
    /// Reads the document.
    ///
    /// # Errors
    ///
    /// As [`Document::open`], and for a name that does not come with the program.
    pub fn load(&self) -> Result<Document, Vec<Diagnostic>> {
        match self {
            Self::File(path) => Document::open(path),
            Self::Factory(name) => Document::factory_document(name).ok_or_else(|| {
                let why = format!("no document `{name}` comes with this version");
                let place = crate::session::diagnostic::Place::Document;
                vec![Diagnostic::error(place, why)]
            }),
        }
    }

    /// Its file: for one that comes with the program, the copy for people to read, if it is there.
    pub fn path(&self) -> Option<PathBuf> {
        match self {
            Self::File(path) => Some(path.clone()),
            Self::Factory(name) => Some(factory_folder()?.join(name)).filter(|path| path.is_file()),
        }
    }

    /// The name of its file, without the ending.
    pub fn stem(&self) -> String {
        let path = match self {
            Self::File(path) => path.as_path(),
            Self::Factory(name) => Path::new(name),
        };
        path.file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default()
    }
}

/// A list of presets: those that come with the program first, then the user's, each by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presets(Vec<Preset>);

impl Presets {
    /// All there are now. Reads the user's folder.
    pub fn list() -> Self {
        let mut presets = Self::factory();
        if let Some(folder) = user_folder() {
            presets.0.extend(Self::in_folder(&folder).0);
        }
        presets
    }

    /// Those that come with the program.
    pub fn factory() -> Self {
        let documents = Document::factory();
        let preset = |(name, document): &(&str, Document)| {
            Preset::new(document, Source::Factory((*name).to_owned()))
        };
        Self::sorted(documents.iter().map(preset).collect())
    }

    /// Those in a folder and in the folders in it.
    pub fn in_folder(folder: &Path) -> Self {
        let mut files = Vec::new();
        collect(folder, DEEPEST, &mut files);
        let presets = files.iter().filter_map(|file| Preset::of_file(file).ok());
        Self::sorted(presets.collect())
    }

    fn sorted(mut presets: Vec<Preset>) -> Self {
        presets.sort_by_cached_key(|preset| (preset.name.to_lowercase(), preset.source.stem()));
        Self(presets)
    }

    /// Those for one kind of plugin.
    #[must_use]
    pub fn of_kind(&self, kind: Kind) -> Self {
        let fitting = self.0.iter().filter(|preset| preset.kind() == kind);
        Self(fitting.cloned().collect())
    }

    /// The presets in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Preset> {
        self.0.iter()
    }

    /// The one at this place.
    pub fn find(&self, source: &Source) -> Option<&Preset> {
        self.0.iter().find(|preset| preset.source == *source)
    }

    /// The one after this, round again from the last; the first if this one is not in the list.
    pub fn next(&self, current: Option<&Source>) -> Option<&Preset> {
        self.beside(current, 1).or_else(|| self.0.first())
    }

    /// The one before this, round again from the first; the last if this one is not in the list.
    pub fn previous(&self, current: Option<&Source>) -> Option<&Preset> {
        self.beside(current, self.0.len().saturating_sub(1))
            .or_else(|| self.0.last())
    }

    fn beside(&self, current: Option<&Source>, steps: usize) -> Option<&Preset> {
        let at = self
            .0
            .iter()
            .position(|preset| Some(&preset.source) == current)?;
        self.0.get((at + steps) % self.0.len())
    }
}

/// The user's folder of documents: `~/.local/share/csound-session` and its like on other systems. It need not exist.
/// `None` without a home.
pub fn user_folder() -> Option<PathBuf> {
    let base = etcetera::base_strategy::choose_native_strategy().ok()?;
    Some(base.data_dir().join("csound-session"))
}

/// The document files in a folder, and in those in it.
fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            if depth > 0 {
                collect(&path, depth - 1, files);
            }
        } else if is_document(&path) {
            files.push(path);
        }
    }
}

/// Whether a file may be a document, by its name and size.
fn is_document(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let small = fs::metadata(path).is_ok_and(|about| about.is_file() && about.len() <= LARGEST);
    name.ends_with(".toml") && !name.ends_with(".score.toml") && small
}
