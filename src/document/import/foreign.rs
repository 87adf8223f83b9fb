//! Statements that only Cabbage or a whole orchestra understands.

use std::ops::Range;

use super::Left;
use super::calls::{Call, calls, replaced};
use crate::session::instr::{Scan, Token};

/// Why an opcode cannot stay, if it cannot.
fn why(opcode: &str) -> Option<&'static str> {
    Some(match opcode {
        _ if opcode.starts_with("cabbage") => "is Cabbage's own",
        "setksmps" => "would change the cycle of all other instruments",
        "massign" | "pgmassign" | "ctrlinit" | "initc7" => {
            "belongs to the global code of an orchestra"
        }
        _ => return None,
    })
}

/// The text without such statements: what they would have given is 0 or empty, and each is listed. Those that read a
/// channel read it here too.
pub fn without_foreign(text: &str, line: u32, left: &mut Vec<Left>) -> String {
    let scan = Scan::new(text);
    let mut edits = Vec::new();
    for statement in scan.statements() {
        for call in calls(text, statement, &|name| why(name).is_some()) {
            if let Some(same) = channel_read(statement, &call) {
                edits.push(same);
                continue;
            }
            let what = format!(
                "{} {}; what it would give is 0",
                call.name,
                why(call.name).unwrap_or_default()
            );
            left.push(Left::new(line + call.line - 1, what));
            edits.extend(nothing(statement, &call));
        }
    }
    replaced(text, edits)
}

/// A channel's value read in Csound's own way.
fn channel_read(statement: &[Token<'_>], call: &Call<'_>) -> Option<(Range<usize>, String)> {
    let alone = call.name == "cabbageGetValue" || call.name == "cabbageGet" && call.args.len() == 1;
    let channel = call.args.first().filter(|_| alone)?;
    let suffix = match call.rate {
        'i' | 'k' | 'S' => format!(":{}", call.rate),
        _ => ":k".to_owned(),
    };
    match call.outputs.as_deref() {
        Some([_]) => Some((call.range.clone(), format!("chnget {channel}"))),
        // The second one tells that it has changed.
        Some([value, changed]) => {
            let read = format!("{value} chnget {channel}\n{changed} changed2 {value}");
            Some((statement[0].start..call.range.end, read))
        }
        Some(_) => None,
        None => Some((call.range.clone(), format!("chnget{suffix}({channel})"))),
    }
}

/// What takes the place of a call.
fn nothing(statement: &[Token<'_>], call: &Call<'_>) -> Vec<(Range<usize>, String)> {
    match call.outputs.as_deref() {
        None => {
            let empty = if call.rate == 'S' { "\"\"" } else { "0" };
            vec![(call.range.clone(), empty.to_owned())]
        }
        Some([]) => {
            let start = statement[0].start;
            vec![(start..call.range.end, String::new())]
        }
        Some(outputs) => {
            let start = statement[0].start;
            let zero = |name: &&str| match name.starts_with(['S', 'g']) && name.contains('S') {
                true => format!("{name} = \"\""),
                false => format!("{name} = 0"),
            };
            let zeros: Vec<String> = outputs.iter().map(zero).collect();
            vec![(start..call.range.end, zeros.join("\n"))]
        }
    }
}
