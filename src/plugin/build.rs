//! From a document to a program, or to the reason why there is none.

use crate::document::Document;
use crate::document::load;
use crate::document::preflight::Verdict;
use crate::session::diagnostic::Diagnostic;
use crate::session::program::{Program, ProgramSpec};
use std::panic::catch_unwind;

const FAULT: &str = "a fault in Csound Session itself; please report it with this document";

/// A document that plays.
pub struct Built {
    /// Its program, which has not performed.
    pub program: Box<Program>,
    /// What the program was built from, unless that is known.
    pub spec: Option<ProgramSpec>,
    /// What its author might want to know.
    pub warnings: Vec<Diagnostic>,
}

impl Built {
    /// One that was built before, and spoken of then.
    pub fn again(program: Box<Program>) -> Self {
        Self {
            program,
            spec: None,
            warnings: Vec::new(),
        }
    }
}

/// A document that does not play.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// One sentence for the head of the window.
    pub reason: String,
    /// What is wrong, place by place.
    pub problems: Vec<Diagnostic>,
    /// No child could be started to try it out: nothing is known against it.
    pub untried: bool,
}

/// Whether a document is tried out before it is built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Caution {
    /// In a child process.
    #[default]
    Child,
    /// Not at all: the user was told that no child can be started, and what that means.
    None,
}

/// Tries a document out in a child process, unless its verdict is known, and builds it. Takes milliseconds to
/// seconds: not for the audio thread.
///
/// # Errors
/// Why it stays silent.
pub fn build(document: &Document, sample_rate: f64, caution: Caution) -> Result<Built, Failure> {
    // A panic would end the host: unwinding stops at the border to it.
    let built = catch_unwind(|| build_unguarded(document, sample_rate, caution));
    built.unwrap_or_else(|_| {
        Err(Failure {
            reason: FAULT.to_owned(),
            problems: Vec::new(),
            untried: false,
        })
    })
}

fn build_unguarded(
    document: &Document,
    sample_rate: f64,
    caution: Caution,
) -> Result<Built, Failure> {
    let prepared = match caution {
        Caution::Child => load::prepare(document, sample_rate),
        Caution::None => load::prepare_unguarded(document, sample_rate),
    };
    let prepared = prepared.map_err(|verdict| refused(&verdict))?;
    let mut spec = prepared.specification.program;
    spec.orchestra.meters = true;
    let program = Program::build(&spec).map_err(|problems| broken(&problems))?;
    Ok(Built {
        program,
        spec: Some(spec),
        warnings: prepared.warnings,
    })
}

fn refused(verdict: &Verdict) -> Failure {
    match verdict {
        Verdict::Diagnostics(problems) | Verdict::Refused(problems) => broken(problems),
        other => Failure {
            reason: other.to_string(),
            problems: Vec::new(),
            untried: matches!(other, Verdict::NoHelper { .. }),
        },
    }
}

fn broken(problems: &[Diagnostic]) -> Failure {
    let first = problems
        .first()
        .map_or_else(|| "it cannot be built".to_owned(), Diagnostic::to_string);
    let reason = match problems.len() {
        0 | 1 => first,
        more => format!("{first} (and {} more)", more - 1),
    };
    Failure {
        reason,
        problems: problems.to_vec(),
        untried: false,
    }
}
