//! Whose fault a message of Csound tells, in the lines that the user typed.

use super::{InstrLayout, Orchestra, SourceMap};
use crate::csound::{Kind, RawDiagnostic};
use crate::session::diagnostic::{Diagnostic, Place};

/// What is needed of an orchestra to read the messages of a Csound that runs it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sources {
    map: SourceMap,
    instrs: Vec<InstrLayout>,
}

impl Sources {
    /// Those of an orchestra.
    pub fn of(orchestra: &Orchestra) -> Self {
        Self {
            map: orchestra.source_map.clone(),
            instrs: orchestra.layout.instrs.clone(),
        }
    }

    /// The names of the Instrs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.instrs.iter().map(|instr| instr.name.as_str())
    }

    /// What Csound found, in the lines that the user typed; `playing` is the Instr that it must be in if Csound names
    /// none.
    pub fn locate(&self, raw: &RawDiagnostic, playing: Option<&str>) -> Diagnostic {
        let instr = raw.instr.as_deref().and_then(|instr| self.name_of(instr));
        let instr = instr.or(playing);
        let place = raw.line.map(|line| match raw.kind {
            Kind::Compile => self.map.locate(line),
            Kind::Init | Kind::Perf => self.map.locate_running(line, instr),
        });
        let told = match (place, instr) {
            (Some((place, line)), _) => Diagnostic::error(place, &*raw.message).on_line(line),
            (None, Some(instr)) => Diagnostic::error(Place::Instr(instr.to_owned()), &*raw.message),
            (None, None) => Diagnostic::error(Place::Document, &*raw.message),
        };
        match advice(&raw.message) {
            Some(advice) => told.with_help(advice),
            None => told,
        }
    }

    /// The Instr that Csound knows under a number or a name.
    fn name_of(&self, instr: &str) -> Option<&str> {
        let number = instr.parse::<u32>().ok();
        let mut instrs = self.instrs.iter();
        let found = instrs.find(|layout| {
            layout.name == instr
                || number.is_some_and(|number| layout.numbers.values().any(|n| *n == number))
        });
        found.map(|layout| layout.name.as_str())
    }
}

/// To Csound's parser a name that is no opcode's is just a word too much.
fn advice(message: &str) -> Option<String> {
    let (_, word) = message.split_once("unexpected T_IDENT (token \"")?;
    let word = word.strip_suffix("\")")?;
    Some(format!(
        "there is no opcode {word}, or something is missing before it"
    ))
}
