//! What the preflight said of a document.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::session::diagnostic::Diagnostic;

/// What became of a document in a process of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It compiles, starts and sounds.
    Fine {
        /// What its author might want to know.
        warnings: Vec<Diagnostic>,
    },
    /// It does not compile, start or sound; never empty.
    Diagnostics(Vec<Diagnostic>),
    /// The process died of it.
    Crashed {
        /// What it was doing, such as `performing instr synth`.
        while_doing: String,
    },
    /// It did not come to an end in time.
    Hung {
        /// What it was doing, such as `starting instr synth`.
        while_doing: String,
    },
    /// It uses words that it may not use; nothing was run.
    Refused(Vec<Diagnostic>),
    /// The process could not be started, so nothing is known.
    NoHelper {
        /// Why, for people.
        why: String,
    },
}

impl Verdict {
    /// Whether the document may be compiled in this process.
    pub fn is_fine(&self) -> bool {
        matches!(self, Self::Fine { .. })
    }

    /// The problems it names, warnings included.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::Fine { warnings: told } | Self::Diagnostics(told) | Self::Refused(told) => told,
            Self::Crashed { .. } | Self::Hung { .. } | Self::NoHelper { .. } => &[],
        }
    }

    /// Whether asking again would give the same answer. A busy machine can make a document look hung.
    pub(super) fn is_lasting(&self) -> bool {
        !matches!(self, Self::Hung { .. } | Self::NoHelper { .. })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fine { warnings } if warnings.is_empty() => f.write_str("fine"),
            Self::Fine { warnings } => write!(f, "fine, but:\n{}", lines(warnings)),
            Self::Diagnostics(told) | Self::Refused(told) => f.write_str(&lines(told)),
            Self::Crashed { while_doing } => write!(
                f,
                "Csound crashed while {while_doing}; look there for a division by the constant 0, an opcode that \
                 calls itself without end, or an index out of range"
            ),
            Self::Hung { while_doing } => write!(
                f,
                "Csound did not come to an end while {while_doing}; look there for a loop that never ends, or an \
                 event that starts itself again at once"
            ),
            Self::NoHelper { why } => {
                write!(
                    f,
                    "the document could not be tried out safely, so it does not play: {why}"
                )
            }
        }
    }
}

fn lines(told: &[Diagnostic]) -> String {
    told.iter()
        .map(Diagnostic::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}
