//! Trying an orchestra out: compile it, start it, let each Instr sound once, and tell what Csound complained of.
//!
//! Only for a process that may die of it: Csound can crash on a text, or never come back.

use std::fmt;

use super::diagnostic::Diagnostic;
use super::layer::Layer;
use super::orchestra::OrchestraSpec;

/// What is done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// The text is compiled, and its global code runs.
    Compiling,
    /// The Instr of this name runs its init pass and its first cycle.
    Starting(&'a str),
    /// It is held for some cycles.
    Performing(&'a str),
    /// It is released.
    Releasing(&'a str),
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compiling => f.write_str("compiling"),
            Self::Starting(name) => write!(f, "starting instr {name}"),
            Self::Performing(name) => write!(f, "performing instr {name}"),
            Self::Releasing(name) => write!(f, "releasing instr {name}"),
        }
    }
}
/// T.
pub fn try_out(_: &OrchestraSpec, _: &[Layer], _: impl FnMut(Step<'_>)) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> { Ok(vec![]) }
/// V.
pub fn csound_version() -> Result<String, String> { Ok(String::new()) }
