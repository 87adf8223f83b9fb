//! The one way from a document to something that may be compiled in this process.

use super::preflight::{Preflight, Verdict};
use super::{Document, Implied, Specification, irreproducible, refused};
use crate::session::diagnostic::Diagnostic;

/// A document that may be compiled here.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// What to build.
    pub specification: Specification,
    /// What its author might want to know.
    pub warnings: Vec<Diagnostic>,
}

/// Judges a document and has it tried out by a child process, unless its verdict is known. Blocks for some
/// milliseconds, seconds for a document that hangs; not for the audio thread.
///
/// # Errors
///
/// Any verdict but [`Verdict::Fine`]: why the document stays silent.
pub fn prepare(document: &Document, sample_rate: f64) -> Result<Prepared, Verdict> {
    prepare_with(
        &Preflight::default(),
        document,
        sample_rate,
        &[],
        Implied::Yes,
    )
}

/// The same with a preflight of one's own, with texts that a score's events will carry, and with or without implied
/// layers.
///
/// # Errors
///
/// As [`prepare`].
pub fn prepare_with(
    preflight: &Preflight,
    document: &Document,
    sample_rate: f64,
    strings: &[String],
    implied: Implied,
) -> Result<Prepared, Verdict> {
    let specification = judge(document, sample_rate, strings, implied)?;
    match preflight.check(document, sample_rate) {
        Verdict::Fine { warnings } => Ok(Prepared {
            specification,
            warnings,
        }),
        verdict => Err(verdict),
    }
}

/// Judges a document without trying it out: only for a user who was told that no child can be started, and that a bad
/// document can end this process.
///
/// # Errors
///
/// [`Verdict::Refused`] and [`Verdict::Diagnostics`].
pub fn prepare_unguarded(document: &Document, sample_rate: f64) -> Result<Prepared, Verdict> {
    let specification = judge(document, sample_rate, &[], Implied::Yes)?;
    Ok(Prepared {
        specification,
        warnings: irreproducible(document),
    })
}

fn judge(
    document: &Document,
    sample_rate: f64,
    strings: &[String],
    implied: Implied,
) -> Result<Specification, Verdict> {
    let refused = refused(document);
    if !refused.is_empty() {
        return Err(Verdict::Refused(refused));
    }
    document
        .specification(sample_rate, strings, implied)
        .map_err(Verdict::Diagnostics)
}
