//! The state that a project would hold: nice-plug's JSON around a document.

use crate::error::{Error, Result};
use serde_json::{Value, json};

/// A state with a document in it and every parameter at its default.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    json: Vec<u8>,
}

impl Project {
    /// A project that holds this document.
    pub fn of_toml(document: &str) -> Result<Project> {
        let document: Value =
            toml::from_str(document).map_err(|error| Error::Document(error.to_string()))?;
        Ok(Project::of_text(&document.to_string()))
    }

    /// A project that holds this text where the document should be, whatever it is.
    pub fn of_text(document: &str) -> Project {
        let field = Value::String(document.to_owned()).to_string();
        let state = json!({ "version": "0.1.0", "params": {}, "fields": { "document": field } });
        Project {
            json: state.to_string().into_bytes(),
        }
    }

    /// The bytes that a CLAP host hands over: nice-plug puts their number before them.
    pub fn clap_state(&self) -> Vec<u8> {
        [
            &(self.json.len() as u64).to_le_bytes(),
            self.json.as_slice(),
        ]
        .concat()
    }

    /// The bytes that a VST3 host hands over.
    pub fn vst3_state(&self) -> &[u8] {
        &self.json
    }
}
