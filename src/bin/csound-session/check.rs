//! `csound-session check`

use std::path::Path;
use std::process::ExitCode;

use csound_session::document::Document;
use csound_session::document::load::prepare;
use csound_session::document::preflight::{Verdict, child_main};
use csound_session::render::error::Rejection;
use serde_json::{Value, json};

use crate::args::CheckArgs;

/// Prints the verdict on a document: on standard error, or as JSON on standard output.
pub fn run(args: &CheckArgs) -> ExitCode {
    let document = match &args.document {
        _ if args.child => return child_main(),
        Some(document) => document,
        None => return ExitCode::FAILURE,
    };
    let report = judge(document, f64::from(args.sr));
    if args.json {
        println!("{:#}", as_json(document, &report));
    } else if !report.verdict().diagnostics().is_empty() || !report.verdict().is_fine() {
        eprintln!("{report}");
    } else {
        eprintln!("{}: fine", document.display());
    }
    if report.verdict().is_fine() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn judge(file: &Path, sample_rate: f64) -> Rejection {
    let document = match Document::open(file) {
        Ok(document) => document,
        Err(told) => return Rejection::unread(file.to_owned(), told),
    };
    let verdict = match prepare(&document, sample_rate) {
        Ok(prepared) => Verdict::Fine {
            warnings: prepared.warnings,
        },
        Err(verdict) => verdict,
    };
    Rejection::of(&document, file.to_owned(), verdict)
}

fn as_json(file: &Path, report: &Rejection) -> Value {
    let problems = report.problems().map(|(told, place)| {
        json!({
            "severity": told.severity,
            "file": place.map_or_else(|| file.display().to_string(), |place| place.file.clone()),
            "line": place.map(|place| place.line),
            "column": place.map(|place| place.column),
            "in": told.place.to_string(),
            "message": told.message,
            "help": told.help,
        })
    });
    let (verdict, reason) = describe(report.verdict());
    json!({
        "file": file.display().to_string(),
        "fine": report.verdict().is_fine(),
        "verdict": verdict,
        "reason": reason,
        "problems": problems.collect::<Vec<_>>(),
    })
}

/// The word for a verdict, and its reason where no list of problems gives it.
fn describe(verdict: &Verdict) -> (&'static str, Option<String>) {
    let word = match verdict {
        Verdict::Fine { .. } => "fine",
        Verdict::Diagnostics(_) => "problems",
        Verdict::Refused(_) => "refused",
        Verdict::Crashed { .. } => "crashed",
        Verdict::Hung { .. } => "hung",
        Verdict::NoHelper { .. } => "untried",
    };
    let told = !verdict.diagnostics().is_empty() || verdict.is_fine();
    (word, (!told).then(|| verdict.to_string()))
}
