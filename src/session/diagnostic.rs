//! What is wrong with a text, told in the lines and columns its author typed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether a problem keeps the text from playing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The text cannot be used.
    Error,
    /// The text can be used, but probably does not do what its author meant.
    Warning,
}

/// The text a problem is in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "name", rename_all = "snake_case")]
pub enum Place {
    /// The body of the instrument of this name.
    Instr(String),
    /// The init code of the instrument of this name.
    InstrInit(String),
    /// The init code of the document.
    Init,
    /// The included text of this name.
    Include(String),
    /// The document itself: bus names, table names, settings.
    Document,
    /// Code that this library generates around the user's own.
    Prelude,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Instr(name) => write!(f, "instr {name:?}"),
            Place::InstrInit(name) => write!(f, "init of instr {name:?}"),
            Place::Init => f.write_str("init"),
            Place::Include(name) => write!(f, "include {name:?}"),
            Place::Document => f.write_str("document"),
            Place::Prelude => f.write_str("generated code"),
        }
    }
}

/// One problem: what is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Whether the text can still be used.
    pub severity: Severity,
    /// The text the problem is in.
    pub place: Place,
    /// The line in that text, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The character in that line, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error somewhere in `place`.
    pub fn error(place: Place, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            place,
            line: None,
            column: None,
            message: message.into(),
            help: None,
        }
    }

    /// A warning somewhere in `place`.
    pub fn warning(place: Place, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(place, message)
        }
    }

    /// The same problem at a line and column, both counted from 1.
    pub fn at(self, line: u32, column: u32) -> Self {
        Self {
            line: Some(line),
            column: Some(column),
            ..self
        }
    }

    /// The same problem at a line counted from 1, its column unknown.
    pub fn on_line(self, line: u32) -> Self {
        Self {
            line: Some(line),
            ..self
        }
    }

    /// The same problem with advice.
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }

    /// Whether this keeps the text from playing.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.place)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        if self.severity == Severity::Warning {
            f.write_str(": warning")?;
        }
        write!(f, ": {}", self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Diagnostic {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_a_sentence() {
        let plain = Diagnostic::error(Place::Instr("synth".into()), "no such opcode");
        assert_eq!(plain.to_string(), "instr \"synth\": no such opcode");
        let placed = plain.at(3, 8).with_help("did you mean oscil?");
        assert_eq!(
            placed.to_string(),
            "instr \"synth\", line 3, column 8: no such opcode (did you mean oscil?)"
        );
        let warning = Diagnostic::warning(Place::Init, "seed 0").on_line(2);
        assert_eq!(warning.to_string(), "init, line 2: warning: seed 0");
    }

    #[test]
    fn survives_json() {
        let told = Diagnostic::error(Place::Include("a.udo".into()), "broken").at(1, 2);
        let json = serde_json::to_string(&told).unwrap();
        assert_eq!(serde_json::from_str::<Diagnostic>(&json).unwrap(), told);
        let bare = Diagnostic::warning(Place::Document, "odd");
        let json = serde_json::to_string(&bare).unwrap();
        assert_eq!(serde_json::from_str::<Diagnostic>(&json).unwrap(), bare);
    }
}
