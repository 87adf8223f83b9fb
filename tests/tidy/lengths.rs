//! How long files and functions may be.

use crate::source::{Source, words};
use crate::{check, keep};

/// The most lines a file may have.
const FILE: usize = 400;
/// The most lines the body of a function may have.
const FUNCTION: usize = 60;
/// The comment that lifts the limit; it must go on.
const REASON: &str = "// Long because ";

#[test]
fn files_are_short_or_say_why_not() {
    keep(long_file);
    let long = "\n".repeat(FILE + 1);
    check(long_file, "src/a.rs", &"\n".repeat(FILE), &[]);
    check(
        long_file,
        "src/a.rs",
        &format!("{REASON}it is a table.{long}"),
        &[],
    );
    let complaint = format!(
        "src/a.rs: {} lines; split it, or say `{REASON}...`",
        FILE + 1
    );
    check(long_file, "src/a.rs", &long, &[&complaint]);
}

#[test]
fn functions_are_short_or_say_why_not() {
    keep(long_function);
    let body = "\n".repeat(FUNCTION + 1);
    let short = format!(
        "fn a<F: Fn(u8) -> u8>(f: F)\nwhere\n    F: Send,\n{{{}}}",
        "\n".repeat(FUNCTION)
    );
    check(long_function, "src/a.rs", &short, &[]);
    check(
        long_function,
        "src/a.rs",
        "trait A { fn a(&self); }\ntype F = fn(u8);",
        &[],
    );
    check(
        long_function,
        "src/a.rs",
        &format!("{REASON}one table.\nfn a() {{{body}}}"),
        &[],
    );
    let complaint = format!(
        "src/a.rs:2: a function of {FUNCTION} lines and more; `{REASON}...` lifts the limit"
    );
    check(
        long_function,
        "src/a.rs",
        &format!("\nfn a(b: [u8; 2]) {{{body}}}"),
        &[&complaint],
    );
}

fn long_file(source: &Source) -> Vec<String> {
    let lines = source
        .code
        .iter()
        .rposition(|line| !line.is_empty())
        .map_or(source.code.len() - 1, |i| i + 1);
    let lines = lines.max(source.code.len() - 1);
    if lines <= FILE || has_reason(source, 1, lines) {
        return Vec::new();
    }
    vec![format!(
        "{}: {lines} lines; split it, or say `{REASON}...`",
        source.path
    )]
}

fn long_function(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    for (line, code) in source.code_lines() {
        let named = words(code, "fn").any(|at| code[at + 2..].starts_with(' '));
        let Some((first, last)) = named.then(|| body(source, line)).flatten() else {
            continue;
        };
        if last - first > FUNCTION && !has_reason(source, line.saturating_sub(4).max(1), last) {
            let path = &source.path;
            complaints.push(format!(
                "{path}:{line}: a function of {FUNCTION} lines and more; `{REASON}...` lifts the limit"
            ));
        }
    }
    complaints
}

/// The lines of the braces of the function that starts on `line`; `None` when it has no body.
fn body(source: &Source, line: usize) -> Option<(usize, usize)> {
    let mut brackets = 0usize;
    for (number, code) in source.code_lines().skip(line - 1) {
        let start = if number == line {
            code.find("fn ").unwrap_or(0)
        } else {
            0
        };
        for c in code[start..].chars() {
            match c {
                '(' | '[' => brackets += 1,
                ')' | ']' => brackets = brackets.saturating_sub(1),
                ';' if brackets == 0 => return None,
                '{' if brackets == 0 => return Some((number, source.block_end(number)?)),
                _ => {}
            }
        }
    }
    None
}

fn has_reason(source: &Source, first: usize, last: usize) -> bool {
    (first..=last).any(|line| source.comment(line).starts_with(REASON))
}
