//! How much a program has room for.

use std::collections::BTreeSet;

use crate::session::layer::{ArgValue, Layer};
use crate::session::orchestra::MOST_SLICES;

/// How many synths there is room for: what layers hold, what rings after it, twice over, and others.
pub(super) fn slices(layers: &[Layer]) -> u32 {
    let synths = layers
        .iter()
        .map(|layer| layer.voices * layer.parts.len() as u32);
    synths.fold(256, |all, synths| {
        all.saturating_add(synths.saturating_mul(4))
            .min(MOST_SLICES)
    })
}

/// How many buses there is room for: those of the document, and the private ones of notes that are held or ring.
pub(super) fn max_buses(layers: &[Layer], named: usize) -> u32 {
    let private = layers.iter().map(|layer| {
        let args = layer.parts.iter().flat_map(|part| part.args.values());
        let names = args.filter_map(|value| match value {
            ArgValue::NoteBus(name) => Some(name),
            _ => None,
        });
        let names: BTreeSet<_> = names.collect();
        (2 * layer.voices + 2) * names.len() as u32
    });
    (named as u32 + private.sum::<u32>()).max(64)
}
