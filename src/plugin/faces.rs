//! The faces of the slots of a document, and where its values stand.

use super::names::{Scale, SlotFace};
use crate::document::Specification;
use crate::session::instr::{Arg, Range};
use crate::session::slot::{SLOTS, SlotEntry};
use std::sync::Arc;

struct ArgScale(Arg);

impl Scale for ArgScale {
    fn text(&self, normalized: f64) -> String {
        let value = self.0.from_normalized(normalized);
        let Range { min, max, .. } = self.0.range();
        // A host's 32 bits miss a 0 in the midst of a range by a little, and nobody wants to read 7.2e-7 dB.
        let misses = min < 0.0 && max > 0.0 && value.abs() < 1e-6 * (max - min);
        self.0.format(if misses { 0.0 } else { value })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::instr::Instr;

    #[test]
    fn a_missed_0_reads_as_0() {
        let instr = Instr::new("gain", "|kgain=0 (-60..12 dB), kfine=1e-7 (0..1)|");
        let instr = instr.expect("an Instr");
        let shown = |index: usize, value: f64| {
            let scale = ArgScale(instr.args()[index].clone());
            scale.text(f64::from(scale.0.to_normalized(value) as f32))
        };
        assert_eq!(
            (shown(0, 0.0), shown(0, -6.0)),
            ("0 dB".into(), "-6 dB".into())
        );
        assert_ne!(
            shown(1, 1e-7),
            "0",
            "where a range begins at 0, small values count"
        );
    }
}
