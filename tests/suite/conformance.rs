//! What the calls of the interface must do, check by check, each test named by its number.
//!
//! What a document and a score can say is rendered by `csound-session render`, from the files in `tests/conformance/`;
//! what needs somebody who acts while it sounds goes through the session of a plugin while a host has it process.

mod arguments;
mod automation;
mod buses;
mod files;
mod hosted;
mod kit;
mod live;
mod live_buses;
mod order;

use std::collections::BTreeSet;
use std::path::Path;

/// How many checks there are.
const CHECKS: u32 = 63;
/// Those of samples, partials, the test tone and tables.
const ELSEWHERE: [u32; 8] = [35, 36, 37, 38, 39, 40, 41, 42];

/// The number of the check that a line of code defines.
fn number(line: &str) -> Option<u32> {
    let name = line.strip_prefix("fn check_")?;
    name.split('_').next()?.parse().ok()
}

#[test]
fn every_check_has_a_test_but_those_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/conformance");
    let files = std::fs::read_dir(folder).unwrap();
    let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let texts: Vec<String> = texts.collect();
    let tested: BTreeSet<u32> = texts
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(number)
        .collect();
    let wanted: BTreeSet<u32> = (1..=CHECKS)
        .filter(|check| !ELSEWHERE.contains(check))
        .collect();
    assert_eq!(tested, wanted);
}
