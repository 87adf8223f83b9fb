//! `csound-session params`

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use csound_session::document::preflight::Verdict;
use csound_session::document::{Document, Implied, Specification};
use csound_session::render::error::Rejection;
use csound_session::session::instr::{Arg, Curve};
use csound_session::session::slot::SlotEntry;
use serde_json::{Value, json};

use crate::args::ParamsArgs;

/// Prints the host parameters of a document on standard output. None of its text is compiled.
pub fn run(args: &ParamsArgs) -> ExitCode {
    let specification = match specify(&args.document) {
        Ok(specification) => specification,
        Err(rejection) => {
            eprintln!("{rejection}");
            return ExitCode::FAILURE;
        }
    };
    for name in &specification.without_slot {
        eprintln!("{name} has no parameter: there are more controls than parameters");
    }
    let parameters = parameters(&specification);
    let printed = match args.json {
        true => writeln!(
            io::stdout(),
            "{:#}",
            Value::Array(parameters.iter().map(Parameter::json).collect())
        ),
        false => parameters
            .iter()
            .try_for_each(|parameter| writeln!(io::stdout(), "{}", parameter.line())),
    };
    // A reader that has seen enough is no failure.
    printed.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

fn specify(file: &Path) -> Result<Specification, Box<Rejection>> {
    let document =
        Document::open(file).map_err(|told| Box::new(Rejection::unread(file.to_owned(), told)))?;
    document
        .specification(48_000.0, &[], Implied::Yes)
        .map_err(|told| {
            Box::new(Rejection::of(
                &document,
                file.to_owned(),
                Verdict::Diagnostics(told),
            ))
        })
}

struct Parameter<'a> {
    slot: usize,
    entry: &'a SlotEntry,
    arg: &'a Arg,
}

fn parameters(specification: &Specification) -> Vec<Parameter<'_>> {
    let program = &specification.program;
    let live = program.slots.iter().filter(|(_, entry)| entry.live);
    live.filter_map(|(slot, entry)| {
        let instr = program
            .orchestra
            .instrs
            .iter()
            .find(|instr| instr.name() == entry.instr)?;
        Some(Parameter {
            slot,
            entry,
            arg: instr.arg(&entry.argument)?,
        })
    })
    .collect()
}

impl Parameter<'_> {
    fn default(&self) -> f64 {
        self.arg.default.number().unwrap_or_default()
    }

    fn value(&self) -> f64 {
        self.entry.value.unwrap_or_else(|| self.default())
    }

    fn line(&self) -> String {
        let range = self.arg.range();
        format!(
            "{:3}  {:<24} {:<16} {}  ({} to {}, {})",
            self.slot,
            self.entry.name(),
            self.arg.label(),
            self.arg.format(self.value()),
            self.arg.format(range.min),
            self.arg.format(range.max),
            curve(self.arg),
        )
    }

    fn json(&self) -> Value {
        let range = self.arg.range();
        json!({
            "slot": self.slot,
            "name": self.entry.name(),
            "label": self.arg.label(),
            "min": range.min,
            "max": range.max,
            "curve": curve(self.arg),
            "step": self.arg.note.step,
            "unit": self.arg.note.unit,
            "choices": self.arg.note.choices,
            "default": self.default(),
            "value": self.value(),
        })
    }
}

fn curve(arg: &Arg) -> String {
    match arg.note.curve {
        Curve::Linear => "lin".to_owned(),
        Curve::Log => "log".to_owned(),
        Curve::Exp(power) => format!("exp {power}"),
    }
}
