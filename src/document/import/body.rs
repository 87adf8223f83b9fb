//! The body of an instrument as that of an Instr.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Left;
use super::calls::{Call, calls, replaced};
use super::midi::{Needs, edits};
use super::options::Routes;
use super::orchestra::Instrument;
use crate::document::BindEntry;
use crate::session::instr::{Scan, Token, TokenKind};

/// What starts an instrument.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// Notes of a channel, 0 for all.
    Note(u32),
    /// The program; p4 and up are these.
    Always(Vec<String>),
    /// Other instruments, or nothing.
    Called,
}

/// What a body is converted with.
pub struct Context<'a> {
    /// P-fields that notes give.
    pub routes: &'a Routes,
    /// What full scale is in the CSD.
    pub full_scale: f64,
    /// The Instrs by the numbers or names of the instruments.
    pub names: &'a BTreeMap<String, String>,
}

/// A converted body, and what its arguments are bound to.
pub struct Converted {
    pub body: String,
    pub bind: BTreeMap<String, BindEntry>,
}

/// Opcodes that put sound out, all of whose arguments are sound.
const OUT: [&str; 12] = [
    "out", "outs", "outs1", "outs2", "outc", "outq", "outq1", "outq2", "outq3", "outq4", "outh",
    "outo",
];
/// Opcodes that read sound.
const IN: [&str; 7] = ["in", "ins", "inq", "inh", "ino", "inch", "inx"];
/// Those of them that want as many inputs as they read, and what reads the same of more.
const BY_CHANNEL: [(&str, &str); 3] = [
    ("in", "inch 1"),
    ("ins", "inch 1, 2"),
    ("inq", "inch 1, 2, 3, 4"),
];
/// Opcodes that start an instrument: the place of its name, and that of the last argument before p4.
const STARTING: [(&str, usize, usize); 5] = [
    ("schedule", 0, 2),
    ("event", 1, 3),
    ("event_i", 1, 3),
    ("schedwhen", 1, 3),
    ("schedkwhen", 3, 5),
];

/// Converts the body of an instrument.
pub fn convert(
    instrument: &Instrument,
    start: &Start,
    context: &Context<'_>,
    left: &mut Vec<Left>,
) -> Converted {
    let line = instrument.line;
    let original = Scan::new(&instrument.body);
    let mut needs = Needs::new(&original, matches!(start, Start::Always(_)));
    let mut text = instrument.body.clone();
    // An argument of a MIDI opcode may hold another one.
    for _ in 0..3 {
        let found = edits(&text, &Scan::new(&text), &mut needs, line, left);
        if found.is_empty() {
            break;
        }
        text = replaced(&text, found);
    }
    let fields = fields(&text, start, context, &mut needs);
    text = replaced(&text, fields);
    text = scaled(&text, context.full_scale);
    text = by_channel(&text);
    let started = started(&text, context, line, left);
    text = replaced(&text, started);
    text = without_foreign(&text, line, left);
    Converted {
        body: format!("{}{}\n", needs.declaration(), text.trim_end()),
        bind: needs.bind,
    }
}

/// p4 and up: what notes or the score give, or one place further on, since p4 is the session's.
fn fields(
    text: &str,
    start: &Start,
    context: &Context<'_>,
    needs: &mut Needs<'_>,
) -> Vec<(Range<usize>, String)> {
    let scan = Scan::new(text);
    let tokens = scan
        .tokens
        .iter()
        .filter_map(|token| Some((token, token.pfield()?)));
    let mut edits = Vec::new();
    for (token, field) in tokens.filter(|(_, field)| *field >= 4) {
        let new = match start {
            Start::Note(_) => needs
                .field(field, context.routes, context.full_scale)
                .unwrap_or_else(|| "0".to_owned()),
            Start::Always(given) => given
                .get(field as usize - 4)
                .cloned()
                .unwrap_or_else(|| "0".to_owned()),
            Start::Called => format!("p{}", u64::from(field) + 1),
        };
        edits.push((token.start..token.end(), new));
    }
    edits
}

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
            edits.extend(scaled_sound(text, statement, full_scale));
        }
    }
    replaced(text, edits)
}

fn scaled_sound(
    text: &str,
    statement: &[Token<'_>],
    full_scale: f64,
) -> Vec<(Range<usize>, String)> {
    let mut edits = Vec::new();
    for call in calls(text, statement, &|name| {
        OUT.contains(&name) || name == "outch" || IN.contains(&name)
    }) {
        let every = if call.name == "outch" { 2 } else { 1 };
        if !IN.contains(&call.name) {
            for arg in call.args.iter().skip(every - 1).step_by(every) {
                let range = range_of(text, arg);
                edits.push((range.start..range.start, "(".to_owned()));
                edits.push((range.end..range.end, format!(") / {full_scale}")));
            }
        } else if let Some(outputs) = &call.outputs {
            let louder = outputs
                .iter()
                .map(|name| format!("\n{name} = {name} * {full_scale}"));
            edits.push((call.range.end..call.range.end, louder.collect()));
        } else {
            edits.push((
                call.range.start..call.range.start,
                format!("{full_scale} * "),
            ));
        }
    }
    edits
}

/// The text with inputs asked for by their channels: a session has four.
fn by_channel(text: &str) -> String {
    let scan = Scan::new(text);
    let mut edits = Vec::new();
    for statement in scan.statements() {
        for call in calls(text, statement, &|name| {
            BY_CHANNEL.iter().any(|(known, _)| *known == name)
        }) {
            let same = BY_CHANNEL.iter().find(|(known, _)| *known == call.name);
            let Some((_, same)) = same else { continue };
            let new = match &call.outputs {
                Some(_) => (*same).to_owned(),
                None => same.replacen("inch ", "inch(", 1) + ")",
            };
            edits.push((call.range, new));
        }
    }
    replaced(text, edits)
}

/// Where a piece of a text stands in it.
fn range_of(text: &str, piece: &str) -> Range<usize> {
    let start = (piece.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    start..start + piece.len()
}

/// Instruments that start others do so by their names here, and with a p4 of the session before what they give.
fn started(
    text: &str,
    context: &Context<'_>,
    line: u32,
    left: &mut Vec<Left>,
) -> Vec<(Range<usize>, String)> {
    let scan = Scan::new(text);
    let mut edits = Vec::new();
    for statement in scan.statements() {
        for call in calls(text, statement, &|name| {
            STARTING.iter().any(|(known, ..)| *known == name)
        }) {
            match start_of(text, &call, context) {
                Some(own) => edits.extend(own),
                None => {
                    let what = format!(
                        "{} does not say plainly which instrument it starts",
                        call.name
                    );
                    left.push(Left::new(line + call.line - 1, what));
                }
            }
        }
    }
    edits
}

fn start_of(
    text: &str,
    call: &Call<'_>,
    context: &Context<'_>,
) -> Option<Vec<(Range<usize>, String)>> {
    let (_, place, last) = STARTING.iter().find(|(name, ..)| *name == call.name)?;
    let instr = call.args.get(*place)?;
    let name = context.names.get(instr.trim_matches('"'))?;
    let mut edits = vec![(range_of(text, instr), format!("\"{name}\""))];
    if let (Some(before), Some(_)) = (call.args.get(*last), call.args.get(last + 1)) {
        let end = range_of(text, before).end;
        edits.push((end..end, ", 0".to_owned()));
    }
    Some(edits)
}

/// The text without statements that only Cabbage or a whole orchestra understands, each as a comment and listed.
fn without_foreign(text: &str, line: u32, left: &mut Vec<Left>) -> String {
    let scan = Scan::new(text);
    let mut edits = Vec::new();
    for statement in scan.statements() {
        let words = statement
            .iter()
            .filter(|token| token.kind == TokenKind::Word);
        for word in words {
            let why = match word.text {
                "cabbageGetValue" | "cabbageGet" => {
                    edits.push((word.start..word.end(), "chnget".to_owned()));
                    continue;
                }
                name if name.starts_with("cabbage") => "is Cabbage's own",
                "setksmps" => "would change the cycle of all other instruments",
                "massign" | "pgmassign" | "ctrlinit" | "initc7" => {
                    "belongs to the global code of an orchestra"
                }
                _ => continue,
            };
            left.push(Left::new(
                line + word.line - 1,
                format!("{} {why}; its line is a comment", word.text),
            ));
            let start = statement[0].start;
            edits.push((start..start, "; ".to_owned()));
            break;
        }
    }
    replaced(text, edits)
}
