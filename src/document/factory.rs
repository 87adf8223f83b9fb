//! Documents that come with the program.

use std::sync::OnceLock;

use super::Document;

/// The document of a new session.
const DEFAULT: &str = include_str!("../../instruments/default.toml");

/// The document of a new effect.
const EFFECT: &str = include_str!("../../instruments/effect.toml");

/// Every document that is compiled in. Tests try each of them out, so nobody has to do it again.
const ALL: [(&str, &str); 8] = [
    ("default.toml", DEFAULT),
    ("drums.toml", include_str!("../../instruments/drums.toml")),
    ("ducker.toml", include_str!("../../instruments/ducker.toml")),
    ("effect.toml", EFFECT),
    ("lead.toml", include_str!("../../instruments/lead.toml")),
    ("pad.toml", include_str!("../../instruments/pad.toml")),
    ("reverb.toml", include_str!("../../instruments/reverb.toml")),
    ("sine.toml", include_str!("../../instruments/sine.toml")),
];

impl Document {
    /// The document of a new session: a synth that can be played at once.
    pub fn default_document() -> Self {
        // A test reads it, so this cannot fail.
        Self::read(DEFAULT, "default.toml").unwrap_or_default()
    }

    /// The document of a new effect: an echo.
    pub fn default_effect() -> Self {
        // A test reads it, so this cannot fail.
        Self::read(EFFECT, "effect.toml").unwrap_or_default()
    }

    /// All documents that come with the program, by their file names.
    pub fn factory() -> Vec<(&'static str, Self)> {
        let read = |(name, text)| Some((name, Self::read(text, name).ok()?));
        ALL.into_iter().filter_map(read).collect()
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
