//! Keys of a file that no entry knows.

use crate::document::Document;
use crate::document::entry::Extra;
use crate::document::problem::{Problem, nearest};

const DOCUMENT: &[&str] = &[
    "version",
    "name",
    "author",
    "description",
    "tags",
    "ksmps",
    "channels",
    "aux",
    "on_edit",
    "allow",
    "includes",
    "init",
    "values",
    "learned",
    "instr",
    "bus",
    "table",
    "layer",
    "slot",
];
const INSTR: &[&str] = &[
    "name",
    "doc",
    "init",
    "includes",
    "aliases",
    "min_priority",
    "body",
];
const BUS: &[&str] = &["name", "kind", "value"];
const TABLE: &[&str] = &["name", "file", "gen", "data"];
const LAYER: &[&str] = &[
    "name",
    "trigger",
    "keys",
    "velocities",
    "channel",
    "voices",
    "mode",
    "bind",
    "parts",
];
const BIND: &[&str] = &["from", "amount"];
const PART: &[&str] = &["instr", "priority", "args", "release"];
const SLOT: &[&str] = &["instr", "argument"];

/// Takes what the entries did not know out of them; each such key is a fault.
pub(super) fn take(document: &mut Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut take = |at: &str, extra: &mut Extra, known: &[&str]| {
        problems.extend(
            std::mem::take(extra)
                .into_keys()
                .map(|key| unknown(at, &key, known)),
        );
    };
    take("", &mut document.extra, DOCUMENT);
    for (index, instr) in document.instr.iter_mut().enumerate() {
        take(&format!("instr[{index}]."), &mut instr.extra, INSTR);
    }
    for (index, bus) in document.bus.iter_mut().enumerate() {
        take(&format!("bus[{index}]."), &mut bus.extra, BUS);
    }
    for (index, table) in document.table.iter_mut().enumerate() {
        take(&format!("table[{index}]."), &mut table.extra, TABLE);
    }
    for (index, slot) in document.slot.iter_mut().enumerate() {
        take(&format!("slot[{index}]."), &mut slot.extra, SLOT);
    }
    for (index, layer) in document.layer.iter_mut().enumerate() {
        take(&format!("layer[{index}]."), &mut layer.extra, LAYER);
        for (name, bind) in &mut layer.bind {
            take(
                &format!("layer[{index}].bind.{name}."),
                &mut bind.extra,
                BIND,
            );
        }
        for (part, entry) in layer.parts.iter_mut().enumerate() {
            take(
                &format!("layer[{index}].parts[{part}]."),
                &mut entry.extra,
                PART,
            );
        }
    }
    if !std::mem::take(&mut document.files).is_empty() {
        problems.push(unknown("", "files", DOCUMENT));
    }
    if document.folder.take().is_some() {
        problems.push(unknown("", "folder", DOCUMENT));
    }
    problems
}

fn unknown(at: &str, key: &str, known: &[&str]) -> Problem {
    let problem = Problem::new(format!("{at}{key}"), "there is no such key");
    match nearest(key, known.iter().copied()) {
        Some(name) => problem.help(format!("did you mean `{name}`?")),
        None => problem.help(format!("the keys here are {}", known.join(", "))),
    }
}
