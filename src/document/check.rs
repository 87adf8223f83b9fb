//! The judgement of a document's own keys: ranges, names, references between entries. What its code says is
//! judged when it is parsed.

mod layers;

use std::collections::HashSet;
use std::ops::RangeInclusive;

use super::problem::Problem;
use super::{BusEntry, BusKind, Document, MOST_AUX, TableEntry};
use crate::session::is_built_in;

/// Names of buses that the program gives itself.
const GIVEN_BUSES: [&str; 4] = ["input1", "input2", "sidechain1", "sidechain2"];

/// Everything that is wrong with the keys of a document.
pub(super) fn check(document: &Document) -> Vec<Problem> {
    let mut problems = header(document);
    problems.extend(instrs(document));
    problems.extend(buses(document));
    problems.extend(tables(document));
    problems.extend(values(document));
    problems.extend(learned(document));
    problems.extend(layers::check(document));
    problems
}

fn header(document: &Document) -> Vec<Problem> {
    let ranges = [
        range("ksmps", document.ksmps, 1..=128),
        range("channels", document.channels, 1..=16),
        range("aux", document.aux, 0..=MOST_AUX as u32),
    ];
    let mut problems: Vec<_> = ranges.into_iter().flatten().collect();
    let mut parts = document.layer.iter().flat_map(|layer| &layer.parts);
    if document.instr.is_empty() && !parts.any(|part| is_built_in(&part.instr)) {
        let empty = Problem::new("instr", "the document has no Instr, so nothing can sound");
        problems.push(empty.help("add an [[instr]] with a name and a body"));
    }
    problems
}

/// A fault if a number is outside its range.
fn range(path: impl Into<String>, value: u32, allowed: RangeInclusive<u32>) -> Option<Problem> {
    let path = path.into();
    let key = path.rsplit('.').next().unwrap_or_default().to_owned();
    let message = format!(
        "{key} is {value}; it may be {} to {}",
        allowed.start(),
        allowed.end()
    );
    (!allowed.contains(&value)).then(|| Problem::new(path, message))
}

fn instrs(document: &Document) -> Vec<Problem> {
    let names = document.instr.iter().map(|instr| instr.name.as_str());
    let mut problems = names_of("instr", "Instr", names);
    for (index, instr) in document.instr.iter().enumerate() {
        let at = format!("instr[{index}]");
        if let Some(priority) = instr.min_priority {
            problems.extend(range(format!("{at}.min_priority"), priority, 1..=10));
        }
        if instr.body.trim().is_empty() {
            problems.push(Problem::new(
                format!("{at}.body"),
                format!("Instr `{}` has no body", instr.name),
            ));
        }
    }
    problems
}

/// Faults of the names of a list of entries: each must be one that Csound can write, and no two the same.
fn names_of<'a>(list: &str, kind: &str, names: impl Iterator<Item = &'a str>) -> Vec<Problem> {
    let mut seen = HashSet::new();
    let mut problems = Vec::new();
    for (index, name) in names.enumerate() {
        let path = format!("{list}[{index}].name");
        if name.is_empty() {
            problems.push(Problem::new(path, format!("this {kind} has no name")));
        } else if !is_name(name) {
            let bad = Problem::new(path, format!("`{name}` cannot name a {kind}"));
            problems.push(bad.help("use letters, digits and _, and no digit first"));
        } else if !seen.insert(name) {
            problems.push(Problem::new(
                path,
                format!("there are two {kind} entries called `{name}`"),
            ));
        }
    }
    problems
}

/// Whether Csound can write this as a name.
fn is_name(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit())
}

fn buses(document: &Document) -> Vec<Problem> {
    let mut problems = names_of(
        "bus",
        "bus",
        document.bus.iter().map(|bus| bus.name.as_str()),
    );
    for (index, bus) in document.bus.iter().enumerate() {
        problems.extend(bus_entry(&format!("bus[{index}]"), bus));
    }
    problems
}

fn bus_entry(at: &str, bus: &BusEntry) -> Vec<Problem> {
    let mut problems = Vec::new();
    if GIVEN_BUSES.contains(&bus.name.as_str()) || is_note_bus(&bus.name) {
        problems.push(Problem::new(
            format!("{at}.name"),
            format!("`@{}` is a bus that is always there", bus.name),
        ));
    }
    match bus.value {
        Some(_) if bus.kind == BusKind::Audio => {
            let bad = Problem::new(format!("{at}.value"), "an audio bus has no value");
            problems.push(bad.help("leave it out, or say kind = \"control\""));
        }
        Some(value) if !value.is_finite() => {
            problems.push(Problem::new(
                format!("{at}.value"),
                format!("a bus cannot have the value {value}"),
            ));
        }
        _ => {}
    }
    problems
}

/// Whether a name is that of a bus private to a note: `note`, `note2`, ...
pub(super) fn is_note_bus(name: &str) -> bool {
    name.strip_prefix("note")
        .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
}

fn tables(document: &Document) -> Vec<Problem> {
    let mut problems = names_of(
        "table",
        "table",
        document.table.iter().map(|table| table.name.as_str()),
    );
    for (index, table) in document.table.iter().enumerate() {
        problems.extend(table_entry(&format!("table[{index}]"), table));
        if document.bus.iter().any(|bus| bus.name == table.name) {
            let name = &table.name;
            let path = format!("table[{index}].name");
            let twice = Problem::new(path, format!("a bus is called `{name}` too"));
            problems.push(twice.help("rename one: arguments refer to both as @name"));
        }
    }
    problems
}

fn table_entry(at: &str, table: &TableEntry) -> Vec<Problem> {
    let sources = usize::from(table.file.is_some())
        + usize::from(table.r#gen.is_some())
        + usize::from(table.data.is_some());
    let mut problems = Vec::new();
    if sources != 1 {
        let what = if sources == 0 {
            "has no content"
        } else {
            "says twice what it contains"
        };
        let bad = Problem::new(at, format!("table `{}` {what}", table.name));
        problems.push(bad.help("give exactly one of file, gen and data"));
    }
    if table.r#gen.as_ref().is_some_and(|args| args.len() < 2) {
        let short = Problem::new(
            format!("{at}.gen"),
            "gen needs a size and the number of a GEN routine",
        );
        problems.push(short.help("for example gen = [16384, 10, 1, 0.5]"));
    }
    for (key, numbers) in [("gen", &table.r#gen), ("data", &table.data)] {
        if let Some(number) = numbers.iter().flatten().find(|number| !number.is_finite()) {
            problems.push(Problem::new(
                format!("{at}.{key}"),
                format!("a table cannot hold {number}"),
            ));
        }
    }
    if table.data.as_ref().is_some_and(Vec::is_empty) {
        problems.push(Problem::new(
            format!("{at}.data"),
            format!("table `{}` has no values", table.name),
        ));
    }
    problems
}

/// Controllers above these are MIDI's channel mode messages.
const LAST_CONTROLLER: u32 = 119;

fn learned(document: &Document) -> Vec<Problem> {
    let wrong = document
        .learned
        .iter()
        .filter(|(_, controller)| **controller > LAST_CONTROLLER);
    wrong
        .map(|(name, controller)| {
            Problem::new(
                format!("learned.{name}"),
                format!("there is no controller {controller}; they are 0 to {LAST_CONTROLLER}"),
            )
        })
        .collect()
}

fn values(document: &Document) -> Vec<Problem> {
    let wrong = document
        .values
        .iter()
        .filter(|(_, value)| !value.is_finite());
    wrong
        .map(|(name, value)| {
            Problem::new(
                format!("values.{name}"),
                format!("`{name}` cannot be {value}"),
            )
        })
        .collect()
}
