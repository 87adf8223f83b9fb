//! The document as JSON, in a DAW's project. Whatever a newer version wrote into it is kept.

use std::path::PathBuf;

use serde::{Serialize, Serializer};
use thiserror::Error;

use super::migrate::migrate;
use super::{Document, VERSION, read};

/// Why a state could not be read. Keep its text: the version that wrote it can.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StateError {
    /// It is no document: damaged, or of something else.
    #[error("the session in this project cannot be read: {0}")]
    Damaged(String),
    /// It was written in a format that this version does not know.
    #[error(
        "the session in this project has version {0}, but this program knows up to {VERSION}; open it with a newer Csound Session"
    )]
    Newer(u64),
}

impl Document {
    /// Reads a state. Keys that are not known are kept and written again; no file is looked at.
    ///
    /// # Errors
    ///
    /// [`StateError`]; the caller keeps the text.
    pub fn from_state(json: &str) -> Result<Self, StateError> {
        let damaged =
            |error: serde_json::Error| StateError::Damaged(read::for_people(&error.to_string()));
        let tree: serde_json::Value = serde_json::from_str(json).map_err(damaged)?;
        let current = u64::from(VERSION);
        match (
            tree.get("version").and_then(serde_json::Value::as_u64),
            tree,
        ) {
            (Some(version), _) if version > current => Err(StateError::Newer(version)),
            (Some(version @ 1..), serde_json::Value::Object(mut state)) if version < current => {
                migrate(&mut state, version);
                serde_json::from_value(state.into()).map_err(damaged)
            }
            // From the text again, so that a fault is told with its line.
            (Some(1..), _) => serde_json::from_str(json).map_err(damaged),
            _ => Err(StateError::Damaged(
                "it does not say its version".to_owned(),
            )),
        }
    }

    /// The state: deterministic, and equal byte for byte after reading and writing it again.
    pub fn to_state(&self) -> String {
        // Plain data with texts as keys, and the one path is made text by `lossy`: this cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Writes a path as text. A folder whose name is no Unicode does not keep a state from being written; its files are
/// reported missing when it is read.
pub(super) fn lossy<S: Serializer>(
    path: &Option<PathBuf>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    path.as_ref()
        .map(|path| path.to_string_lossy())
        .serialize(serializer)
}
