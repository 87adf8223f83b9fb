//! What cannot be an orchestra.

use std::collections::BTreeSet;

use super::layout::HOST_INPUTS;
use super::spec::{BusKind, MOST_SLICES, OrchestraSpec, TableSource, TableSpec};
use crate::session::diagnostic::{Diagnostic, Place};
use crate::session::instr::refused_in_init;

/// Everything that is wrong with a spec.
pub(super) fn of_spec(spec: &OrchestraSpec) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    settings(spec, &mut problems);
    instruments(spec, &mut problems);
    places(spec, &mut problems);
    buses(spec, &mut problems);
    tables(spec, &mut problems);
    strings(spec, &mut problems);
    global_code(spec, &mut problems);
    problems
}

/// Whether a name can be one of Csound's.
pub(super) fn is_identifier(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn document(problems: &mut Vec<Diagnostic>, wrong: bool, message: impl FnOnce() -> String) {
    if wrong {
        problems.push(Diagnostic::error(Place::Document, message()));
    }
}

fn settings(spec: &OrchestraSpec, problems: &mut Vec<Diagnostic>) {
    let (rate, a4) = (spec.sample_rate, spec.a4);
    let mut refuse = |wrong: bool, message: String| document(problems, wrong, || message);
    refuse(
        !(1.0..=1e6).contains(&rate),
        format!("a sample rate of {rate} Hz is outside 1 to 1,000,000"),
    );
    refuse(
        !(1..=8192).contains(&spec.ksmps),
        format!("ksmps is {}, outside 1 to 8192", spec.ksmps),
    );
    refuse(
        !(1..=16).contains(&spec.channels),
        format!("{} main outputs are outside 1 to 16", spec.channels),
    );
    refuse(
        spec.aux > 16,
        format!("{} auxiliary outputs are more than 16", spec.aux),
    );
    refuse(
        !(1.0..=20_000.0).contains(&a4),
        format!("an A4 of {a4} Hz is outside 1 to 20,000"),
    );
    refuse(
        !(2..=99).contains(&spec.priorities),
        format!("{} priorities are outside 2 to 99", spec.priorities),
    );
    refuse(
        spec.max_controls > 512,
        format!(
            "{} controls per instrument are more than 512",
            spec.max_controls
        ),
    );
    refuse(
        spec.slices > MOST_SLICES,
        format!("{} synths at once are more than 131,071", spec.slices),
    );
    refuse(
        spec.max_buses > 16_384,
        format!("{} buses are more than 16,384", spec.max_buses),
    );
}

fn instruments(spec: &OrchestraSpec, problems: &mut Vec<Diagnostic>) {
    let mut names = BTreeSet::new();
    for instr in &spec.instrs {
        let place = || Place::Instr(instr.name().to_owned());
        if !names.insert(instr.name()) {
            let message = format!("there are two instruments named {:?}", instr.name());
            problems.push(Diagnostic::error(place(), message));
        }
        let (count, limit) = (instr.controls().count(), spec.max_controls);
        if count > limit as usize {
            let message = format!("{count} controls are more than the limit of {limit}");
            problems.push(Diagnostic::error(place(), message).with_help("raise the limit"));
        }
        for name in instr.includes() {
            if !spec.includes.iter().any(|include| include.name == *name) {
                problems.push(Diagnostic::error(
                    place(),
                    format!("the include {name:?} is missing"),
                ));
            }
        }
    }
}

fn places(spec: &OrchestraSpec, problems: &mut Vec<Diagnostic>) {
    for (index, priority) in &spec.places {
        let Some(instr) = spec.instrs.get(*index) else {
            document(problems, true, || {
                format!("there is no instrument number {index}")
            });
            continue;
        };
        let range = instr.min_priority()..=spec.priorities;
        if *priority == 0 || !range.contains(priority) {
            let message = format!(
                "priority {priority} is outside {} to {}",
                range.start().max(&1),
                range.end()
            );
            problems.push(Diagnostic::error(
                Place::Instr(instr.name().to_owned()),
                message,
            ));
        }
    }
}

fn buses(spec: &OrchestraSpec, problems: &mut Vec<Diagnostic>) {
    let mut names = BTreeSet::from(HOST_INPUTS);
    names.insert("note");
    for bus in &spec.buses {
        document(problems, !names.insert(&bus.name), || {
            format!("the bus name {:?} is reserved or taken twice", bus.name)
        });
        document(problems, !is_identifier(&bus.name), || {
            format!(
                "the bus name {:?} is not of letters, digits and underscores",
                bus.name
            )
        });
        let finite = !matches!(bus.kind, BusKind::Control { value } if !value.is_finite());
        document(problems, !finite, || {
            format!("the value of the bus {:?} is no number", bus.name)
        });
    }
    let audio = spec
        .buses
        .iter()
        .filter(|bus| bus.kind == BusKind::Audio)
        .count();
    let most = audio.max(spec.buses.len() - audio);
    document(problems, most > spec.max_buses as usize, || {
        format!(
            "{most} buses of one kind are more than the limit of {}",
            spec.max_buses
        )
    });
}

fn tables(spec: &OrchestraSpec, problems: &mut Vec<Diagnostic>) {
    let mut names = BTreeSet::new();
    for table in &spec.tables {
        let name = &table.name;
        document(problems, !names.insert(name), || {
            format!("there are two tables named {name:?}")
        });
        document(problems, !is_identifier(&format!("t{name}")), || {
            format!("the table name {name:?} is not of letters, digits and underscores")
        });
        document(problems, !has_content(table), || match table.source {
            TableSource::Gen(_) => {
                format!("table {name:?} needs a size, a generator and numbers for it")
            }
            TableSource::Data(_) => {
                format!("table {name:?} needs at least one value, and only numbers")
            }
            TableSource::File { .. } => {
                format!("table {name:?} needs a file and a skip of 0 or more")
            }
        });
    }
}

fn has_content(table: &TableSpec) -> bool {
    let numbers = |values: &[f64]| values.iter().all(|value| value.is_finite());
    match &table.source {
        TableSource::Gen(values) => (2..1900).contains(&values.len()) && numbers(values),
        TableSource::Data(values) => {
            !values.is_empty() && values.len() < 1 << 31 && numbers(values)
        }
        TableSource::File { path, skip, .. } => {
            !path.is_empty() && !path.contains('\0') && *skip >= 0.0 && skip.is_finite()
        }
    }
}

fn strings(spec: &OrchestraSpec, problems: &mut Vec<Diagnostic>) {
    let zero = |text: &&String| text.contains('\0');
    for text in spec.strings.iter().filter(zero) {
        document(problems, true, || {
            format!("the text {text:?} has a zero character")
        });
    }
}

fn global_code(spec: &OrchestraSpec, problems: &mut Vec<Diagnostic>) {
    let includes = spec
        .includes
        .iter()
        .map(|include| (Place::Include(include.name.clone()), include.text.as_str()));
    let inits = spec
        .instrs
        .iter()
        .map(|instr| (Place::InstrInit(instr.name().to_owned()), instr.init()));
    let document = (Place::Init, spec.init.as_str());
    for (place, text) in includes.chain([document]).chain(inits) {
        for problem in refused_in_init(text) {
            let told =
                Diagnostic::error(place.clone(), problem.message).at(problem.line, problem.column);
            problems.push(Diagnostic {
                help: problem.help,
                ..told
            });
        }
    }
}
