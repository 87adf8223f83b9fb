//! The rules of this repository, kept by `cargo test --test tidy`.
//!
//! Each rule is a function from sources to complaints, and comes with a test that shows it complaining: a rule that
//! never objects would keep nothing. ARCHITECTURE.md says why the arrows are what they are.

#[path = "tidy/arrows.rs"]
mod arrows;
#[path = "tidy/lengths.rs"]
mod lengths;
#[path = "tidy/source.rs"]
mod source;
#[path = "tidy/unsafety.rs"]
mod unsafety;
#[path = "tidy/words.rs"]
mod words;

use source::Source;

/// Runs one rule over every Rust file and fails with all its complaints at once.
#[track_caller]
fn keep(rule: impl Fn(&Source) -> Vec<String>) {
    let complaints: Vec<String> = source::rust_files().iter().flat_map(rule).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// Asserts what a rule says of one invented file.
#[track_caller]
fn check(rule: impl Fn(&Source) -> Vec<String>, path: &str, text: &str, expected: &[&str]) {
    let found = rule(&Source::parse(path, text));
    assert_eq!(found, expected, "in:\n{text}");
}

#[test]
fn the_rules_read_the_real_files() {
    let files = source::rust_files();
    assert!(files.iter().any(|f| f.path == "src/lib.rs"));
    assert!(files.iter().any(|f| f.path == "tests/tidy/source.rs"));
    assert!(files.iter().all(|f| !f.path.starts_with("target/")));
}

#[test]
fn the_architecture_fits_in_one_reading() {
    let lines = source::text_of("ARCHITECTURE.md").lines().count();
    assert!(
        lines <= 150,
        "ARCHITECTURE.md has {lines} lines, 150 are allowed"
    );
}

#[test]
fn no_text_file_has_trailing_space() {
    let complaints: Vec<String> = source::text_files()
        .iter()
        .flat_map(|(path, text)| words::trailing_space(path, text))
        .collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}
