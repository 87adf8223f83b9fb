//! The judgement of what refers to arguments: parts, bindings and values.

use crate::document::problem::{Problem, nearest};
use crate::document::{Document, LayerEntry, PartEntry, Scalar};
use crate::session::instr::{Arg, ArgKind, Instr};
use crate::session::slot::is_offered;

/// What is wrong with the arguments that layers name.
pub(super) fn check(document: &Document, instrs: &[Instr]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, layer) in document.layer.iter().enumerate() {
        for (at, part) in layer.parts.iter().enumerate() {
            if let Some(instr) = find(instrs, &part.instr) {
                problems.extend(check_part(
                    &format!("layer[{index}].parts[{at}]"),
                    part,
                    instr,
                ));
            }
        }
        problems.extend(check_bindings(&format!("layer[{index}]"), layer, instrs));
    }
    if document.origin.file().is_some() {
        problems.extend(check_values(document, instrs));
    }
    problems
}

/// Values of controls that are not there. A state may hold them, for controls that could come back; so may a file
/// that lists their slots.
fn check_values(document: &Document, instrs: &[Instr]) -> Vec<Problem> {
    let controls = || {
        instrs.iter().flat_map(|instr| {
            let offered = instr.args().iter().filter(|arg| is_offered(arg));
            offered.map(move |arg| full_name(instr.name(), &arg.name))
        })
    };
    let slots = || {
        document
            .slot
            .iter()
            .map(|slot| full_name(&slot.instr, &slot.argument))
    };
    let known: Vec<_> = controls().chain(slots()).collect();
    let values = document.values.keys().map(|name| ("values", name));
    let learned = document.learned.keys().map(|name| ("learned", name));
    let lost = values
        .chain(learned)
        .filter(|(_, name)| !known.contains(name));
    lost.map(|(key, name)| {
        let problem = Problem::new(
            format!("{key}.{name}"),
            format!("there is no control `{name}`"),
        );
        match nearest(name, known.iter().map(String::as_str)) {
            Some(name) => problem.help(format!("did you mean `{name}`?")),
            None => problem.help("write it as instr.argument"),
        }
    })
    .collect()
}

fn full_name(instr: &str, argument: &str) -> String {
    format!("{instr}.{argument}")
}

fn find<'a>(instrs: &'a [Instr], name: &str) -> Option<&'a Instr> {
    instrs.iter().find(|instr| instr.name() == name)
}

fn check_part(at: &str, part: &PartEntry, instr: &Instr) -> Vec<Problem> {
    let check = |(name, value): (&String, &Scalar)| {
        let path = format!("{at}.args.{name}");
        match instr.arg(name) {
            None => Some(unknown(path, name, instr)),
            Some(arg) => fits(path, arg, value),
        }
    };
    part.args.iter().filter_map(check).collect()
}

fn unknown(path: String, name: &str, instr: &Instr) -> Problem {
    let known = || instr.args().iter().map(|arg| arg.name.as_str());
    let problem = Problem::new(
        path,
        format!("Instr `{}` has no argument `{name}`", instr.name()),
    );
    match nearest(name, known()) {
        Some(name) => problem.help(format!("did you mean `{name}`?")),
        None if instr.args().is_empty() => problem.help("it has none"),
        None => problem.help(format!("it has {}", known().collect::<Vec<_>>().join(", "))),
    }
}

/// A fault if an argument cannot take a value: numbers take numbers and buses, texts take texts.
fn fits(path: String, arg: &Arg, value: &Scalar) -> Option<Problem> {
    let name = &arg.name;
    match (arg.kind, value) {
        (ArgKind::Text, Scalar::Number(_)) => Some(Problem::new(
            path,
            format!("`{name}` takes a text in quotes"),
        )),
        (ArgKind::Text, Scalar::Text(text)) if text.starts_with('@') => Some(Problem::new(
            path,
            format!("`{name}` takes a text, not a bus"),
        )),
        (ArgKind::Init | ArgKind::Control, Scalar::Text(text)) if !text.starts_with('@') => {
            Some(Problem::new(
                path,
                format!("`{name}` takes a number or a bus, such as \"@note\""),
            ))
        }
        (_, Scalar::Number(number)) if !number.is_finite() => {
            Some(Problem::new(path, format!("`{name}` cannot be {number}")))
        }
        _ => None,
    }
}

fn check_bindings(at: &str, layer: &LayerEntry, instrs: &[Instr]) -> Vec<Problem> {
    let parts: Vec<_> = layer
        .parts
        .iter()
        .filter_map(|part| find(instrs, &part.instr))
        .collect();
    let check = |name: &String| {
        let mut args = parts.iter().filter_map(|instr| instr.arg(name)).peekable();
        let path = format!("{at}.bind.{name}");
        if args.peek().is_none() {
            return Some(Problem::new(
                path,
                format!("no part of layer `{}` has an argument `{name}`", layer.name),
            ));
        }
        let text = args.any(|arg| arg.kind == ArgKind::Text);
        text.then(|| {
            Problem::new(
                path,
                format!("`{name}` is a text; only numbers can be bound"),
            )
        })
    };
    layer.bind.keys().filter_map(check).collect()
}
