//! Where `unsafe` may stand, and what must stand above it.

use crate::source::{Source, words};
use crate::{check, keep};

/// The folders of the shipped crate that may say `unsafe`.
const MAY_BE_UNSAFE: [&str; 2] = ["src/csound", "src/plugin/formats"];

#[test]
fn unsafe_stays_in_its_two_folders() {
    keep(unsafe_elsewhere);
    check(unsafe_elsewhere, "src/csound/a.rs", "unsafe { a() }", &[]);
    check(
        unsafe_elsewhere,
        "src/session/a.rs",
        "// unsafe\n#![deny(unsafe_code)]",
        &[],
    );
    check(
        unsafe_elsewhere,
        "src/session/a.rs",
        "\nunsafe { a() }",
        &["src/session/a.rs:2: unsafe belongs into src/csound or src/plugin/formats"],
    );
}

#[test]
fn every_unsafe_block_says_why_it_is_sound() {
    keep(unsafe_without_reason);
    let says =
        |text, expected: &[&str]| check(unsafe_without_reason, "src/csound/a.rs", text, expected);
    says(
        "// SAFETY: the pointer came from a Box.\nunsafe { free(p) }",
        &[],
    );
    says(
        "// SAFETY: the pointer came from a Box.\nlet a =\n    unsafe { free(p) };",
        &[],
    );
    says(
        "// SAFETY: the pointer came from a Box.\n#[cold]\nunsafe impl Send for A {}",
        &[],
    );
    says(
        "unsafe extern \"C\" fn a() {}\ntype B = unsafe extern \"C\" fn();",
        &[],
    );
    let complaint = |line| format!("src/csound/a.rs:{line}: unsafe without a SAFETY sentence");
    says("unsafe { free(p) }", &[&complaint(1)]);
    says(
        "// SAFETY: the pointer came from a Box.\na();\nunsafe { free(p) }",
        &[&complaint(3)],
    );
    says("// SAFETY: yes\nunsafe { free(p) }", &[&complaint(2)]);
}

fn unsafe_elsewhere(source: &Source) -> Vec<String> {
    let shipped = source.path.starts_with("src/") || source.path.starts_with("xtask/");
    let may = MAY_BE_UNSAFE.iter().any(|folder| {
        source.path.starts_with(&format!("{folder}/")) || source.path == format!("{folder}.rs")
    });
    if !shipped || may {
        return Vec::new();
    }
    let lines = source
        .code_lines()
        .filter(|(_, code)| words(code, "unsafe").next().is_some());
    lines
        .map(|(line, _)| {
            format!(
                "{}:{line}: unsafe belongs into {}",
                source.path,
                MAY_BE_UNSAFE.join(" or ")
            )
        })
        .collect()
}

fn unsafe_without_reason(source: &Source) -> Vec<String> {
    let starts_block = |code: &str, at: usize| {
        let rest = code[at + "unsafe".len()..].trim_start();
        rest.starts_with('{') || rest.starts_with("impl")
    };
    let lines = source
        .code_lines()
        .filter(|(_, code)| words(code, "unsafe").any(|at| starts_block(code, at)))
        .filter(|(line, _)| !explained(source, *line));
    lines
        .map(|(line, _)| format!("{}:{line}: unsafe without a SAFETY sentence", source.path))
        .collect()
}

/// A SAFETY sentence counts on the line itself and above it, up to the end of the statement before.
fn explained(source: &Source, line: usize) -> bool {
    let mut comment = source.comment(line).to_owned();
    for above in (1..line).rev() {
        let code = source.code[above - 1].trim_end();
        if code.ends_with([';', '}', '{', ',']) {
            break;
        }
        comment = format!("{} {comment}", source.comment(above));
    }
    let sentence = comment.split("SAFETY:").nth(1).unwrap_or("");
    sentence
        .split_whitespace()
        .filter(|word| *word != "//")
        .count()
        >= 2
}
