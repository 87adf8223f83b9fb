//! What a trial tells: Csound's complaints in the lines that the user typed, and its own.

use super::Trial;
use crate::csound::{self, CompileError, Kind, Performed, RawDiagnostic};
use crate::session::diagnostic::{Diagnostic, Place};

impl Trial {
    /// Reads what Csound has said since the last time.
    pub(super) fn listen(&mut self, instr: Option<&str>) {
        let mut said = String::new();
        self.csound
            .messages(|bytes| said.push_str(&String::from_utf8_lossy(bytes)));
        for raw in csound::diagnostics(&said) {
            let told = self.locate(&raw, instr);
            self.tell(told);
        }
    }

    pub(super) fn tell(&mut self, diagnostic: Diagnostic) {
        if !self.told.contains(&diagnostic) {
            self.told.push(diagnostic);
        }
    }

    pub(super) fn checked(
        &mut self,
        done: Result<(), CompileError>,
    ) -> Result<(), Vec<Diagnostic>> {
        let Err(error) = done else { return Ok(()) };
        for raw in &error.diagnostics {
            let told = self.locate(raw, None);
            self.tell(told);
        }
        Err(std::mem::take(&mut self.told))
    }

    /// What Csound found, in the lines that the user typed.
    fn locate(&self, raw: &RawDiagnostic, playing: Option<&str>) -> Diagnostic {
        let map = &self.orchestra.source_map;
        let instr = raw
            .instr
            .as_deref()
            .and_then(|instr| self.name_of(instr))
            .or(playing);
        let place = raw.line.map(|line| match raw.kind {
            Kind::Compile => map.locate(line),
            Kind::Init | Kind::Perf => map.locate_running(line, instr),
        });
        match (place, instr) {
            (Some((place, line)), _) => Diagnostic::error(place, &*raw.message).on_line(line),
            (None, Some(instr)) => Diagnostic::error(Place::Instr(instr.to_owned()), &*raw.message),
            (None, None) => document(&raw.message),
        }
    }

    /// The Instr that Csound knows under a number or a name.
    fn name_of(&self, instr: &str) -> Option<&str> {
        let number = instr.parse::<u32>().ok();
        let mut instrs = self.orchestra.layout.instrs.iter();
        let found = instrs.find(|layout| {
            layout.name == instr
                || number.is_some_and(|number| layout.numbers.values().any(|n| *n == number))
        });
        found.map(|layout| layout.name.as_str())
    }
}

/// An error that has no line.
pub(super) fn document(message: &str) -> Diagnostic {
    Diagnostic::error(Place::Document, message)
}

fn place_of(instr: Option<&str>) -> Place {
    instr.map_or(Place::Document, |name| Place::Instr(name.to_owned()))
}

/// Why no further cycle can be performed.
pub(super) fn given_up(performed: Performed, instr: Option<&str>) -> Diagnostic {
    let (message, help) = match performed {
        Performed::Ended => (
            "it ends the performance, and with it everything that sounds",
            "send no `e` event",
        ),
        _ => (
            "Csound gives up on it",
            "look for very large delay lines or tables: it may need too much memory",
        ),
    };
    Diagnostic::error(place_of(instr), message).with_help(help)
}

/// A warning of what the performer will mute.
pub(super) fn no_number(instr: Option<&str>) -> Diagnostic {
    let message = "it puts out samples that are no numbers, so it will be muted";
    Diagnostic::warning(place_of(instr), message)
        .with_help("look for divisions by 0 and filters out of their range")
}
