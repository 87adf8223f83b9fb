//! The names of keys, for hosts that write them beside their piano: those of layers that answer to one key alone.

use crate::document::Specification;
use crate::session::layer::{Layer, Trigger};
use std::sync::RwLock;

/// A key with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyName {
    /// What people read.
    pub name: String,
    /// 0..=127.
    pub key: u8,
    /// 0..=15, or any.
    pub channel: Option<u8>,
}

/// The names of a document's keys. Written by the session's side, read by the host's main thread.
#[derive(Default)]
pub struct KeyNames(RwLock<Vec<KeyName>>);

impl KeyNames {
    /// Follows a document; whether a name has changed.
    pub fn follow(&self, specification: Option<&Specification>) -> bool {
        let layers = specification.map_or(&[][..], |s| &s.program.layers);
        let names: Vec<KeyName> = layers.iter().filter_map(key_name).collect();
        let Ok(mut current) = self.0.write() else {
            return false;
        };
        let changed = *current != names;
        *current = names;
        changed
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.read().map_or(0, |names| names.len())
    }

    /// One of them.
    pub fn get(&self, index: usize) -> Option<KeyName> {
        self.0.read().ok()?.get(index).cloned()
    }
}

fn key_name(layer: &Layer) -> Option<KeyName> {
    let (low, high) = layer.keys;
    let named = layer.trigger == Trigger::Note && low == high && !layer.name.is_empty();
    named.then(|| KeyName {
        name: layer.name.clone(),
        key: low,
        channel: layer.channel.checked_sub(1),
    })
}
