//! What can go wrong while hosting a plugin.

use std::path::PathBuf;

/// The result of everything a host does.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the plugin could not be loaded or played.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is no plugin, or loading it failed.
    #[error("cannot load {path}: {reason}")]
    Load {
        /// The plugin file.
        path: PathBuf,
        /// What the loader said.
        reason: String,
    },
    /// The plugin file holds no plugin of that id.
    #[error("there is no plugin {0:?} in this file")]
    NoSuchPlugin(String),
    /// The plugin lacks an extension of CLAP that was asked for.
    #[error("the plugin has no {0}")]
    NoExtension(&'static str),
    /// The plugin has no parameter of that name.
    #[error("the plugin has no parameter {0:?}")]
    NoSuchParameter(String),
    /// The plugin refused.
    #[error("the plugin refused to {0}")]
    Refused(&'static str),
    /// An error of the plugin or of the CLAP layer.
    #[error(transparent)]
    Plugin(#[from] clack_host::plugin::PluginInstanceError),
    /// A sound file could not be read or written.
    #[error("{path}: {source}")]
    Sound {
        /// The sound file.
        path: PathBuf,
        /// What hound said.
        source: hound::Error,
    },
    /// A document that is not even TOML.
    #[error("not a document: {0}")]
    Document(String),
    /// A MIDI file could not be understood.
    #[error("not a MIDI file this host can play: {0}")]
    Midi(String),
    /// The X server does not do what a host needs.
    #[error("no window: {0}")]
    Screen(String),
}
