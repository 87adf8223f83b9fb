//! Why a text did not compile or start.

use super::diagnostics::{Kind, RawDiagnostic, diagnostics};

/// Why a text did not compile or start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", summary(.diagnostics))]
pub struct CompileError {
    /// Never empty; in the order in which Csound found them.
    pub diagnostics: Vec<RawDiagnostic>,
}

impl CompileError {
    pub(super) fn new(message: &str) -> CompileError {
        CompileError {
            diagnostics: vec![RawDiagnostic::new(Kind::Compile, None, message)],
        }
    }

    /// From what Csound said while it compiled `orchestra`.
    pub(super) fn from_messages(said: &str, orchestra: &str) -> CompileError {
        let mut diagnostics = diagnostics(said);
        for diagnostic in &mut diagnostics {
            correct_line(diagnostic, orchestra);
        }
        if diagnostics.is_empty() {
            return CompileError::new(match said.trim() {
                "" => "Csound gave no reason",
                said => said,
            });
        }
        CompileError { diagnostics }
    }

    /// From what Csound said while it ran the global code.
    pub(super) fn at_start(said: &str, code: i32) -> CompileError {
        let mut diagnostics = diagnostics(said);
        if diagnostics.is_empty() {
            let message = format!("the global code ended Csound (code {code})");
            diagnostics.push(RawDiagnostic::new(Kind::Init, None, &message));
        }
        CompileError { diagnostics }
    }

    pub(super) fn at_zero_byte(text: &str, position: usize) -> CompileError {
        let before = &text.as_bytes()[..position];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let message = "the text holds a zero byte; delete it";
        CompileError {
            diagnostics: vec![RawDiagnostic::new(
                Kind::Compile,
                u32::try_from(line).ok(),
                message,
            )],
        }
    }
}

fn summary(diagnostics: &[RawDiagnostic]) -> String {
    let lines: Vec<String> = diagnostics.iter().map(RawDiagnostic::to_string).collect();
    lines.join("\n")
}

/// Csound places a variable that is undefined within an expression one line too early. Moves it where the variable is,
/// if it is not on the line told.
fn correct_line(diagnostic: &mut RawDiagnostic, orchestra: &str) {
    let variable = diagnostic
        .message
        .strip_prefix("Variable '")
        .and_then(|rest| rest.split_once('\''));
    let (Some((variable, _)), Some(line)) = (variable, diagnostic.line) else {
        return;
    };
    let stands_on = |wanted: u32| {
        numbered_lines(orchestra)
            .filter(|(number, _)| *number == wanted)
            .any(|(_, text)| words(text).any(|word| word == variable))
    };
    if !stands_on(line) && stands_on(line + 1) {
        diagnostic.line = Some(line + 1);
    }
}

/// The lines of a text with the numbers Csound gives them: `#line n` makes the next line n.
fn numbered_lines(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let mut next = 1;
    text.lines().filter_map(move |line| {
        if let Some(number) = line.trim_start().strip_prefix("#line ") {
            next = number.trim().parse().unwrap_or(next);
            return None;
        }
        next += 1;
        Some((next - 1, line))
    })
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
}
