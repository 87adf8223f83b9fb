//! The body of an instrument as that of an Instr.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Left;
use super::calls::{Call, calls, range_of, replaced};
use super::foreign::without_foreign;
use super::midi::{self, Needs, edits};
use super::options::Routes;
use super::orchestra::Instrument;
use super::scale::scaled;
use crate::document::BindEntry;
use crate::session::instr::{Scan, Token};

/// What starts an instrument.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// Notes of a channel, 0 for all; a score gave p3 and up, or nothing.
    Note(u32, Vec<String>),
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
    /// Those Instrs that only others start.
    pub called: &'a BTreeSet<String>,
}

/// A converted body, and what its arguments are bound to.
pub struct Converted {
    pub body: String,
    pub bind: BTreeMap<String, BindEntry>,
}

/// Opcodes that want as many inputs as they read, and what reads the same of more.
const BY_CHANNEL: [(&str, &str); 3] = [
    ("in", "inch 1"),
    ("ins", "inch 1, 2"),
    ("inq", "inch 1, 2, 3, 4"),
];
/// Opcodes that start an instrument: the place of its name, and that of the last argument before p4.
const STARTING: [(&str, usize, usize); 6] = [
    ("schedule", 0, 2),
    ("schedulek", 0, 2),
    ("event", 1, 3),
    ("event_i", 1, 3),
    ("schedwhen", 1, 3),
    ("schedkwhen", 3, 5),
];
/// Opcodes that mean an instrument by its number, as their first argument.
const MEANING: [&str; 4] = ["turnoff2", "turnoff2_i", "turnoff3", "active"];
/// Opcodes that start or mean an instrument in ways that cannot be followed.
const HIDDEN: [&str; 4] = ["scoreline", "scoreline_i", "subinstr", "readscore"];

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
    text = replaced(&text, own_numbers(&text, instrument));
    text = scaled(&text, context.full_scale);
    text = by_channel(&text);
    let started = started(&text, context, line, left);
    text = replaced(&text, started);
    text = without_foreign(&text, line, left);
    if text.trim().is_empty() {
        // A document's Instr has a body.
        text = "; empty in the CSD".to_owned();
    }
    Converted {
        body: format!("{}{}\n", needs.declaration(), text.trim_end()),
        bind: needs.bind,
    }
}

/// p4 and up: what notes or the score give, or one place further on, since p4 is the session's. A field that the body
/// assigns itself becomes a variable.
fn fields(
    text: &str,
    start: &Start,
    context: &Context<'_>,
    needs: &mut Needs<'_>,
) -> Vec<(Range<usize>, String)> {
    let scan = Scan::new(text);
    let assigned = assigned(&scan);
    let length = needs.free(midi::LENGTH);
    let sets_length = scan.words().any(|word| word.text == length);
    let tokens = scan
        .tokens
        .iter()
        .filter_map(|token| Some((token, token.pfield()?)));
    let mut edits = Vec::new();
    for (token, field) in tokens.filter(|(_, field)| *field >= 3) {
        let own = assigned.contains(&field) && !matches!(start, Start::Called);
        let new = match start {
            Start::Note(..) if field == 3 && sets_length => length.clone(),
            Start::Note(_, given) if field == 3 && !own && !given.is_empty() => {
                needs.given(field, &given[0])
            }
            _ if field == 3 => continue,
            _ if own => needs.free(&format!("i_p{field}")),
            Start::Note(_, given) => needs
                .field(field, context.routes, context.full_scale)
                .unwrap_or_else(|| match given.get(field as usize - 3) {
                    Some(value) => needs.given(field, value),
                    None => "0".to_owned(),
                }),
            Start::Always(given) => given
                .get(field as usize - 4)
                .map_or_else(|| "0".to_owned(), |value| in_parentheses(value)),
            Start::Called => format!("p{}", u64::from(field) + 1),
        };
        edits.push((token.start..token.end(), new));
    }
    edits
}

/// p1 as it is in the CSD, where it is not asked which synths are meant: numbers are the session's here.
fn own_numbers(text: &str, instrument: &Instrument) -> Vec<(Range<usize>, String)> {
    let Some(number) = instrument.number() else {
        return Vec::new();
    };
    let scan = Scan::new(text);
    let of_synths = |statement: &[Token<'_>]| {
        let found = calls(text, statement, &names_instruments);
        found.iter().any(|call| MEANING.contains(&call.name))
    };
    let statements = scan.statements().filter(|line| !of_synths(line));
    let own = statements.flatten().filter(|token| token.is_word("p1"));
    own.map(|token| (token.start..token.end(), number.to_string()))
        .collect()
}

/// The p-fields that statements begin by assigning.
fn assigned(scan: &Scan<'_>) -> BTreeSet<u32> {
    let assigns = |statement: &[Token<'_>]| {
        let sets = statement.get(1)?.is_symbol("=");
        statement[0].pfield().filter(|_| sets)
    };
    scan.statements().filter_map(assigns).collect()
}

/// An expression, so that what stands beside it does not tear it apart.
fn in_parentheses(value: &str) -> String {
    let plain = value.starts_with('"') || value.parse::<f64>().is_ok();
    if plain {
        value.to_owned()
    } else {
        format!("({value})")
    }
}

/// The text with inputs asked for by their channels: a session has four.
pub fn by_channel(text: &str) -> String {
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
        for call in calls(text, statement, &names_instruments) {
            let found = match MEANING.contains(&call.name) {
                true => meant(text, &call, context),
                false => start_of(text, &call, context),
            };
            let left_out = || {
                let what = format!(
                    "{} does not say plainly which instrument it means",
                    call.name
                );
                Left::new(line + call.line - 1, what)
            };
            match found {
                Some(own) => edits.extend(own),
                None => left.push(left_out()),
            }
        }
    }
    edits
}

fn names_instruments(opcode: &str) -> bool {
    let starts = STARTING.iter().any(|(known, ..)| *known == opcode);
    starts || MEANING.contains(&opcode) || HIDDEN.contains(&opcode)
}

/// What a number that means an instrument becomes; one that is worked out while it plays stays.
fn meant(
    text: &str,
    call: &Call<'_>,
    context: &Context<'_>,
) -> Option<Vec<(Range<usize>, String)>> {
    let instr = call.args.first()?;
    if instr.parse::<f64>().is_err() && !instr.starts_with('"') {
        let own = instr.starts_with("p1") || instr.contains("(p1)");
        return own.then(Vec::new);
    }
    let name = context.names.get(instr.trim_matches('"'))?;
    let is_called = context.called.contains(name);
    is_called.then(|| vec![(range_of(text, instr), format!("\"{name}\""))])
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
