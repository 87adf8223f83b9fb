//! The judgement of layers, their parts and bindings.

use crate::document::problem::{Problem, nearest};
use crate::document::{Document, LayerEntry, PartEntry, Scalar, TriggerEntry};
use crate::session::is_built_in;

use super::{GIVEN_BUSES, is_note_bus, range};

/// What is wrong with the layers, but for the arguments, which are known when the Instrs are parsed.
pub(super) fn check(document: &Document) -> Vec<Problem> {
    let entries = document.layer.iter().enumerate();
    entries
        .flat_map(|(index, layer)| check_layer(document, &format!("layer[{index}]"), layer))
        .collect()
}

fn check_layer(document: &Document, at: &str, layer: &LayerEntry) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(span(&format!("{at}.keys"), layer.keys, 0, 127));
    problems.extend(span(&format!("{at}.velocities"), layer.velocities, 1, 127));
    problems.extend(range(format!("{at}.channel"), layer.channel, 0..=16));
    problems.extend(range(format!("{at}.voices"), layer.voices, 1..=256));
    if layer.parts.is_empty() {
        problems.push(Problem::new(
            at,
            format!("layer `{}` has no parts", layer.name),
        ));
    }
    for (index, part) in layer.parts.iter().enumerate() {
        problems.extend(check_part(
            document,
            &format!("{at}.parts[{index}]"),
            layer,
            part,
        ));
    }
    for (name, bind) in &layer.bind {
        if super::super::spec::source(&bind.from).is_none() {
            let path = format!("{at}.bind.{name}");
            problems.push(
                Problem::new(path, format!("`{}` is nothing to bind to", bind.from)).help(SOURCES),
            );
        }
        if !bind.amount.is_finite() {
            problems.push(Problem::new(
                format!("{at}.bind.{name}"),
                "the amount must be a finite number",
            ));
        }
    }
    problems
}

const SOURCES: &str = "one of key, frequency, velocity, pressure, timbre, vibrato, expression, pan, gain, bend, cc0 to cc127";

/// A fault if a pair is no range of whole numbers within bounds.
fn span(path: &str, [low, high]: [u32; 2], least: u32, most: u32) -> Option<Problem> {
    let fits = least <= low && low <= high && high <= most;
    let key = path.rsplit('.').next().unwrap_or_default();
    let message = format!(
        "{key} is [{low}, {high}]; it must be a lower and an upper bound from {least} to {most}"
    );
    (!fits).then(|| Problem::new(path, message))
}

fn check_part(document: &Document, at: &str, layer: &LayerEntry, part: &PartEntry) -> Vec<Problem> {
    let instr = document.instr(&part.instr);
    if instr.is_none() && !is_built_in(&part.instr) {
        return vec![unknown_instr(document, at, part)];
    }
    let least = instr.and_then(|instr| instr.min_priority).unwrap_or(1);
    let mut problems: Vec<_> = priority(at, part, least).into_iter().collect();
    for (name, value) in &part.args {
        if let Scalar::Text(text) = value
            && let Some(bus) = text.strip_prefix('@')
        {
            problems.extend(check_bus(
                document,
                &format!("{at}.args.{name}"),
                layer,
                bus,
            ));
        }
    }
    problems
}

fn unknown_instr(document: &Document, at: &str, part: &PartEntry) -> Problem {
    let names = document.instr.iter().map(|instr| instr.name.as_str());
    let unknown = Problem::new(
        format!("{at}.instr"),
        format!("there is no Instr called `{}`", part.instr),
    );
    match nearest(&part.instr, names) {
        Some(name) => unknown.help(format!("did you mean `{name}`?")),
        None => unknown,
    }
}

fn priority(at: &str, part: &PartEntry, least: u32) -> Option<Problem> {
    let path = format!("{at}.priority");
    let given = part.priority?;
    let Some(priority) = super::super::spec::priority(given) else {
        let message =
            format!("priority is {given}; it may be 1 to 10, or -10 to -1 counted from the last");
        return Some(Problem::new(path, message));
    };
    let message = format!(
        "priority is {priority}, but Instr `{}` must have at least {least}",
        part.instr
    );
    (priority < least).then(|| Problem::new(path, message))
}

fn check_bus(document: &Document, path: &str, layer: &LayerEntry, bus: &str) -> Option<Problem> {
    if is_note_bus(bus) {
        let message = format!(
            "`@{bus}` belongs to a note, but layer `{}` always sounds",
            layer.name
        );
        return (layer.trigger == TriggerEntry::Always).then(|| Problem::new(path, message));
    }
    let names = || {
        document
            .bus
            .iter()
            .map(|entry| entry.name.as_str())
            .chain(GIVEN_BUSES)
            .chain(document.table.iter().map(|table| table.name.as_str()))
    };
    if names().any(|name| name == bus) {
        return None;
    }
    let unknown = Problem::new(path, format!("there is no bus or table called `{bus}`"));
    Some(match nearest(bus, names()) {
        Some(name) => unknown.help(format!("did you mean `@{name}`?")),
        None => unknown.help(format!(
            "add a [[bus]] with name = \"{bus}\", or use @note, a bus private to the note"
        )),
    })
}
