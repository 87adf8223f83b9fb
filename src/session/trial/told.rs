//! What a trial tells: Csound's complaints in the lines that the user typed, and its own.

use super::Trial;
use crate::csound::{self, CompileError, Performed};
use crate::session::diagnostic::{Diagnostic, Place, Severity};

impl Trial {
    /// Reads what Csound has said since the last time.
    pub(super) fn listen(&mut self, instr: Option<&str>) {
        let mut said = String::new();
        self.csound
            .messages(|bytes| said.push_str(&String::from_utf8_lossy(bytes)));
        for raw in csound::diagnostics(&said) {
            let told = self.sources.locate(&raw, instr);
            self.tell(self.forgiven(told));
        }
    }

    /// An argument without a default is a promise that somebody gives it a value: what fails without is a warning.
    fn forgiven(&self, told: Diagnostic) -> Diagnostic {
        match &self.missing {
            Some(arg) if told.is_error() && told.help.is_none() => Diagnostic {
                severity: Severity::Warning,
                help: Some(format!(
                    "tried without a value for {arg}, which has no default"
                )),
                ..told
            },
            _ => told,
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
            let told = self.sources.locate(raw, None);
            self.tell(told);
        }
        Err(std::mem::take(&mut self.told))
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
