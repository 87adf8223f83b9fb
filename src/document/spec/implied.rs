//! The layers of a document that has none.

use crate::session::instr::Instr;
use crate::session::layer::{Layer, Part, Trigger};

/// A layer for each Instr: a note layer if it takes what makes a note, else one that always sounds.
pub(super) fn layers(instrs: &[Instr]) -> Vec<Layer> {
    let layer = |instr: &Instr| Layer {
        name: instr.name().to_owned(),
        trigger: if takes_notes(instr) {
            Trigger::Note
        } else {
            Trigger::Always
        },
        parts: vec![Part {
            instr: instr.name().to_owned(),
            priority: instr.min_priority(),
            ..Part::default()
        }],
        ..Layer::default()
    };
    instrs.iter().map(layer).collect()
}

/// Whether it has an argument that a note fills in. `kpan` and `kgain` alone are more often the knobs of an effect.
fn takes_notes(instr: &Instr) -> bool {
    const OF_NOTES: [&str; 10] = [
        "imidi",
        "kmidi",
        "ifreq",
        "kfreq",
        "ivel",
        "kvel",
        "iamp",
        "kamp",
        "kpressure",
        "ktimbre",
    ];
    instr
        .args()
        .iter()
        .any(|arg| OF_NOTES.contains(&arg.name.as_str()))
}
