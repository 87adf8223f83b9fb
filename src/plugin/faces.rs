//! The faces of the slots of a document, and where its values stand.

use super::names::{Scale, SlotFace};
use crate::document::Specification;
use crate::session::instr::Arg;
use crate::session::slot::{SLOTS, SlotEntry};
use std::sync::Arc;

struct ArgScale(Arg);

impl Scale for ArgScale {
    fn text(&self, normalized: f64) -> String {
        self.0.format(self.0.from_normalized(normalized))
    }

    fn parse(&self, text: &str) -> Option<f64> {
        Some(self.0.to_normalized(self.0.parse(text)?))
    }
}

/// Where one slot's control stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// The slot.
    pub slot: usize,
    /// In the control's own units.
    pub plain: f64,
    /// The same as a host's parameter keeps it.
    pub normalized: f32,
}

/// The slots in use, with their entries and arguments.
pub fn live(specification: &Specification) -> impl Iterator<Item = (usize, &SlotEntry, &Arg)> {
    specification
        .program
        .slots
        .iter()
        .filter(|(_, entry)| entry.live)
        .filter_map(|(slot, entry)| {
            let instr = specification
                .program
                .orchestra
                .instrs
                .iter()
                .find(|instr| instr.name() == entry.instr)?;
            Some((slot, entry, instr.arg(&entry.argument)?))
        })
}

/// What hosts show of each slot.
pub fn faces(specification: &Specification) -> Vec<Option<SlotFace>> {
    let mut faces: Vec<Option<SlotFace>> = (0..SLOTS).map(|_| None).collect();
    for (slot, entry, arg) in live(specification) {
        faces[slot] = Some(SlotFace {
            name: arg.label().to_owned(),
            group: entry.instr.clone(),
            default: arg.to_normalized(arg.default.number().unwrap_or(0.0)),
            scale: Arc::new(ArgScale(arg.clone())),
        });
    }
    faces
}

/// Where the document puts each slot.
pub fn standings(specification: &Specification) -> Vec<Standing> {
    let standing = |(slot, entry, arg): (usize, &SlotEntry, &Arg)| {
        let plain = entry.value.or_else(|| arg.default.number()).unwrap_or(0.0);
        Standing {
            slot,
            plain,
            normalized: arg.to_normalized(plain) as f32,
        }
    };
    live(specification).map(standing).collect()
}
