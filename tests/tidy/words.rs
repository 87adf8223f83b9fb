//! Words that do not belong into finished code.

use crate::source::{Source, words};
use crate::{check, keep};

#[test]
fn nothing_is_left_for_later() {
    keep(unfinished);
    let macros = ["todo", "unimplemented", "dbg"];
    for name in macros {
        let complaint = format!("src/a.rs:1: {name}! does not belong into finished code");
        check(
            unfinished,
            "src/a.rs",
            &format!("fn a() {{ {name}!() }}"),
            &[&complaint],
        );
        check(
            unfinished,
            "src/a.rs",
            &format!("let a = \"{name}!()\"; // {name}!()"),
            &[],
        );
    }
    for mark in MARKS {
        let complaint = format!("src/a.rs:1: {mark} in a comment: do it, or open an issue");
        check(
            unfinished,
            "src/a.rs",
            &format!("a(); // {mark}: later"),
            &[&complaint],
        );
        check(unfinished, "src/a.rs", &format!("let a = \"{mark}\";"), &[]);
    }
}

#[test]
fn no_test_is_switched_off_in_silence() {
    keep(ignored);
    check(
        ignored,
        "tests/a.rs",
        "#[ignore = \"needs a sound card\"]\nfn a() {}",
        &[],
    );
    let complaint = "tests/a.rs:1: #[ignore] without a reason";
    check(ignored, "tests/a.rs", "#[ignore]\nfn a() {}", &[complaint]);
}

#[test]
fn what_may_panic_is_proved_not_to() {
    keep(unproved);
    let says = |text, expected: &[&str]| check(unproved, "src/a.rs", text, expected);
    says("// The list was filled above.\nlet a = b.unwrap();", &[]);
    says("let a = b.unwrap(); // Filled above.", &[]);
    says(
        "#[cfg(test)]\nmod tests {\n    fn a() { b.unwrap(); }\n}",
        &[],
    );
    says("let a = b.unwrap_or(1);\n/// `b.unwrap()`\nfn c() {}", &[]);
    says(
        "let a = b.unwrap();",
        &["src/a.rs:1: .unwrap() without a comment that proves it"],
    );
    says(
        "// Proved.\n\nlet a = b\n    .expect(\"x\");",
        &["src/a.rs:4: .expect( without a comment that proves it"],
    );
    check(unproved, "tests/a.rs", "let a = b.unwrap();", &[]);
}

#[test]
fn trailing_space_is_seen() {
    let complaints = trailing_space("a.md", "one\ntwo \nthree\t\n");
    assert_eq!(
        complaints,
        ["a.md:2: trailing space", "a.md:3: trailing space"]
    );
}

/// Words in comments that put work off.
const MARKS: [&str; 3] = ["FIXME", "TODO", "XXX"];

fn unfinished(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    for (line, code) in source.code_lines() {
        for name in ["todo", "unimplemented", "dbg"] {
            if words(code, name).any(|at| code[at + name.len()..].starts_with('!')) {
                let path = &source.path;
                complaints.push(format!(
                    "{path}:{line}: {name}! does not belong into finished code"
                ));
            }
        }
        for mark in MARKS {
            if words(source.comment(line), mark).next().is_some() {
                let path = &source.path;
                complaints.push(format!(
                    "{path}:{line}: {mark} in a comment: do it, or open an issue"
                ));
            }
        }
    }
    complaints
}

fn ignored(source: &Source) -> Vec<String> {
    let lines = source
        .code_lines()
        .filter(|(_, code)| code.contains("#[ignore]"));
    lines
        .map(|(line, _)| format!("{}:{line}: #[ignore] without a reason", source.path))
        .collect()
}

fn unproved(source: &Source) -> Vec<String> {
    if source.is_test() {
        return Vec::new();
    }
    let tests = source.test_ranges();
    let mut complaints = Vec::new();
    for (line, code) in source.code_lines() {
        let tested = tests
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&line));
        let proved = !source.comment(line).is_empty() || !source.comment(line - 1).is_empty();
        for call in [".unwrap()", ".expect("] {
            if code.contains(call) && !tested && !proved {
                complaints.push(format!(
                    "{}:{line}: {call} without a comment that proves it",
                    source.path
                ));
            }
        }
    }
    complaints
}

/// Lines that end in a blank.
pub fn trailing_space(path: &str, text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.ends_with([' ', '\t']));
    lines
        .map(|(i, _)| format!("{path}:{}: trailing space", i + 1))
        .collect()
}
