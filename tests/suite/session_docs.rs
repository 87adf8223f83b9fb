//! The table of the interface names tests that exist.

use std::path::Path;

/// Tests named in a table row, each as file and function.
fn named(row: &str) -> Option<(String, String)> {
    let row = row.strip_prefix("| ")?;
    let last = row.trim().trim_end_matches('|').rsplit('|').next()?.trim();
    let (file, function) = last.trim_matches('`').split_once("::")?;
    Some((file.to_owned(), function.to_owned()))
}

#[test]
fn every_test_of_the_table_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(root.join("docs/session-interface.md")).unwrap();
    let tests: Vec<(String, String)> = table.lines().filter_map(named).collect();
    assert!(tests.len() > 50, "{} rows", tests.len());
    for (file, function) in tests {
        let path = root.join(format!("tests/suite/{file}.rs"));
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            text.contains(&format!("#[test]\nfn {function}()")),
            "{file}::{function}"
        );
    }
}
