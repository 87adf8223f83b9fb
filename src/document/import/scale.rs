//! Code for another full scale than 1. Levels inside an instrument stay as they are; what goes out is divided, what comes
//! in is multiplied, and opcodes that look at full scale are given and give the levels of theirs.

use std::ops::Range;

use super::calls::{Call, calls, range_of, replaced};
use crate::session::instr::{Scan, Token};

/// Which arguments of an opcode are divided by full scale.
#[derive(Clone, Copy, PartialEq)]
enum Divided {
    None,
    First,
    FirstTwo,
    /// Every second one: `outch`.
    Even,
    All,
}

/// Opcodes that know full scale: which arguments are levels, and whether what they give is one.
const KNOWING: [(Divided, bool, &[&str]); 6] = [
    (
        Divided::All,
        false,
        &[
            "out", "outs", "outs1", "outs2", "outc", "outq", "outq1", "outq2", "outq3", "outq4",
            "outh", "outo", "outx", "out32",
        ],
    ),
    (Divided::Even, false, &["outch"]),
    (
        Divided::None,
        true,
        &[
            "in", "ins", "inq", "inh", "ino", "inch", "inx", "diskin", "diskin2", "soundin",
            "mp3in", "ampdbfs", "pinker", "barmodel", "prepiano",
        ],
    ),
    (Divided::First, false, &["dbfsamp"]),
    (
        Divided::First,
        true,
        &[
            "moogladder",
            "moogladder2",
            "mvclpf1",
            "mvclpf2",
            "mvclpf3",
            "mvclpf4",
            "mvchpf",
        ],
    ),
    (Divided::FirstTwo, true, &["compress"]),
];

/// The text at a full scale of 1.
pub fn scaled(text: &str, full_scale: f64) -> String {
    let scan = Scan::new(text);
    let mut edits: Vec<(Range<usize>, String)> = scan
        .words()
        .filter(|word| word.is_word("0dbfs"))
        .map(|word| (word.start..word.end(), full_scale.to_string()))
        .collect();
    if full_scale != 1.0 {
        for statement in scan.statements() {
            edits.extend(in_statement(text, statement, full_scale));
        }
    }
    replaced(text, edits)
}

fn in_statement(
    text: &str,
    statement: &[Token<'_>],
    full_scale: f64,
) -> Vec<(Range<usize>, String)> {
    let known = |name: &str| {
        KNOWING
            .iter()
            .find(|(_, _, names)| names.contains(&name))
            .map(|(divided, gives, _)| (*divided, *gives))
    };
    let mut edits = Vec::new();
    for call in calls(text, statement, &|name| known(name).is_some()) {
        let Some((divided, gives)) = known(call.name) else {
            continue;
        };
        for arg in divided.of(&call) {
            let range = range_of(text, arg);
            edits.push((range.start..range.start, "(".to_owned()));
            edits.push((range.end..range.end, format!(") / {full_scale}")));
        }
        edits.extend(gives.then(|| multiplied(&call, full_scale)));
    }
    edits
}

impl Divided {
    fn of<'a>(self, call: &Call<'a>) -> Vec<&'a str> {
        let args = call.args.iter().copied();
        match self {
            Self::None => Vec::new(),
            Self::First => args.take(1).collect(),
            Self::FirstTwo => args.take(2).collect(),
            Self::Even => args.skip(1).step_by(2).collect(),
            Self::All => args.collect(),
        }
    }
}

/// What makes the outcome of a call as loud as its instrument takes it to be.
fn multiplied(call: &Call<'_>, full_scale: f64) -> (Range<usize>, String) {
    match &call.outputs {
        Some(outputs) => {
            let louder = |name: &&str| format!("\n{name} = {name} * {full_scale}");
            let end = call.range.end;
            (end..end, outputs.iter().map(louder).collect())
        }
        None => {
            let start = call.range.start;
            (start..start, format!("{full_scale} * "))
        }
    }
}
