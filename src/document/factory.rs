//! Documents that come with the program.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::Document;
use super::preflight::support_folders;

/// A file of `instruments/` with its text.
macro_rules! documents {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../instruments/", $name)))),*]
    };
}

/// Every document that is compiled in, by name. Tests try each of them out, so nobody has to do it again.
const ALL: [(&str, &str); 35] = documents![
    "arp.toml",
    "autopan.toml",
    "bass.toml",
    "bell.toml",
    "brass.toml",
    "choir.toml",
    "chorus.toml",
    "compressor.toml",
    "convolution.toml",
    "default.toml",
    "delay.toml",
    "distortion.toml",
    "drums.toml",
    "ducker.toml",
    "effect.toml",
    "flute.toml",
    "freeze.toml",
    "grains.toml",
    "keys.toml",
    "lead.toml",
    "lofi.toml",
    "mallets.toml",
    "organ.toml",
    "pad.toml",
    "phaser.toml",
    "pluck.toml",
    "reverb.toml",
    "sequence.toml",
    "shimmer.toml",
    "sine.toml",
    "squelch.toml",
    "strings.toml",
    "supersaw.toml",
    "vocoder.toml",
    "wah.toml",
];

/// The folder of the documents that come with the program, with their samples and scores: in the support folder, or
/// that of the sources above the folder that cargo builds into.
pub fn factory_folder() -> Option<PathBuf> {
    let this = std::env::current_exe().ok();
    let above = this
        .iter()
        .flat_map(|this| this.ancestors().skip(1).take(4));
    let mut places = support_folders()
        .into_iter()
        .chain(above.map(Path::to_owned))
        .map(|folder| folder.join("instruments"));
    places.find(|folder| folder.join("default.toml").is_file())
}

impl Document {
    /// The document of a new session: a synth that can be played at once.
    pub fn default_document() -> Self {
        // A test reads it, so this cannot fail.
        Self::factory_document("default.toml").unwrap_or_default()
    }

    /// The document of a new effect: an echo.
    pub fn default_effect() -> Self {
        // A test reads it, so this cannot fail.
        Self::factory_document("effect.toml").unwrap_or_default()
    }

    /// All documents that come with the program, by their file names.
    pub fn factory() -> Vec<(&'static str, Self)> {
        let read = |(name, _)| Some((name, Self::factory_document(name)?));
        ALL.into_iter().filter_map(read).collect()
    }

    /// The document of that file name among those that come with the program.
    pub fn factory_document(name: &str) -> Option<Self> {
        let (name, text) = ALL.into_iter().find(|(known, _)| *known == name)?;
        let mut document = Self::read(text, name).ok()?;
        if document.table.iter().any(|table| table.file.is_some()) {
            document.folder = factory_folder();
        }
        Some(document)
    }

    /// Whether its code is that of a document that comes with the program.
    pub(super) fn is_factory(&self) -> bool {
        static KNOWN: OnceLock<Vec<blake3::Hash>> = OnceLock::new();
        let known = KNOWN.get_or_init(|| {
            Self::factory()
                .iter()
                .map(|(_, document)| document.code_hash())
                .collect()
        });
        // What a file contains is not part of the code.
        let files = self.table.iter().any(|table| table.file.is_some());
        !files && known.contains(&self.code_hash())
    }

    /// Tells documents apart that Csound would see differently; their names and values do not count.
    pub(super) fn code_hash(&self) -> blake3::Hash {
        let code = Self {
            allow: self.allow.clone(),
            aux: self.aux,
            bus: self.bus.clone(),
            channels: self.channels,
            folder: self
                .table
                .iter()
                .any(|table| table.file.is_some())
                .then(|| self.folder.clone())
                .flatten(),
            includes: self.includes.clone(),
            init: self.init.clone(),
            instr: self.instr.clone(),
            ksmps: self.ksmps,
            layer: self.layer.clone(),
            table: self.table.clone(),
            ..Self::default()
        };
        blake3::hash(code.to_state().as_bytes())
    }
}
