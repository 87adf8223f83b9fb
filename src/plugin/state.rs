//! The document in the DAW's project.

use super::USUAL_RATE;
use super::faces::standings;
use super::model::Model;
use crate::document::{Document, Implied};
use crate::editor::{Looks, SharedLooks};
use crate::session::slot::SLOTS;
use nice_plug::params::persist::PersistentField;
use nice_plug::plugin::{ParamValue, PluginState};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// A document as a project holds it: JSON text, kept byte for byte whether it can be read or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentText(pub String);

impl Serialize for DocumentText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for DocumentText {
    /// Takes anything: were an unexpected value an error here, nobody would hear of the state at all.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Self(text),
            other => Self(other.to_string()),
        })
    }
}

/// The persistent field behind [`DocumentText`]. nice-plug tells of a loaded state by [`PersistentField::set`] and by
/// nothing else, after it has set the parameters.
pub struct DocumentField(Arc<Model>);

impl DocumentField {
    /// The document of `model`.
    pub fn new(model: Arc<Model>) -> Self {
        Self(model)
    }
}

impl<'a> PersistentField<'a, DocumentText> for DocumentField {
    fn set(&self, text: DocumentText) {
        self.0.load_state(text.0);
    }

    fn map<F, R>(&self, read: F) -> R
    where
        F: Fn(&DocumentText) -> R,
    {
        read(&DocumentText(self.0.save_state()))
    }
}

/// The persistent field behind the looks of the window. Anything can be read: a look is no reason to lose a project.
pub struct LooksField(pub SharedLooks);

/// [`Looks`] as they are read.
#[derive(Default)]
pub struct AnyLooks(Looks);

impl Serialize for AnyLooks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for AnyLooks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Ok(Self(serde_json::from_value(value).unwrap_or_default()))
    }
}

impl<'a> PersistentField<'a, AnyLooks> for LooksField {
    fn set(&self, looks: AnyLooks) {
        self.0.set(looks.0);
    }

    fn map<F, R>(&self, read: F) -> R
    where
        F: Fn(&AnyLooks) -> R,
    {
        read(&AnyLooks(self.0.get()))
    }
}

/// Adds to a state the slots that it leaves out, where its document puts them, so that nothing is left of the document
/// before. nice-plug calls this before it reads the state.
pub fn complete(state: &mut PluginState) {
    let text = state
        .fields
        .get("document")
        .and_then(|json| serde_json::from_str::<DocumentText>(json).ok());
    let document = text.and_then(|text| Document::from_state(&text.0).ok());
    let specification = document.and_then(|d| d.specification(USUAL_RATE, &[], Implied::Yes).ok());
    let Some(specification) = specification else {
        return;
    };
    let mut values = [0.0; SLOTS];
    for standing in standings(&specification) {
        values[standing.slot] = standing.normalized;
    }
    for (slot, value) in values.into_iter().enumerate() {
        state
            .params
            .entry(format!("s_{}", slot + 1))
            .or_insert(ParamValue::F32(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_value_is_taken() {
        let read = |text: &str| serde_json::from_str::<DocumentText>(text).map(|t| t.0).ok();
        assert_eq!(read(r#""{\"a\":1}""#).as_deref(), Some("{\"a\":1}"));
        assert_eq!(read("[1,2]").as_deref(), Some("[1,2]"));
    }
}
