//! The figures that the project must reach, measured on this machine.

use crate::setup;
use crate::workspace::{cargo, run as run_command, target};
use anyhow::{Context, Result};
use std::fs;

/// The benches, each of which writes a list of rows as `NAME.json`.
const BENCHES: [&str; 2] = ["session", "plugin"];

/// Runs all benches and joins their rows in `target/bench.json`.
pub fn run() -> Result<()> {
    setup::packages()?;
    let folder = target()?.join("bench");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for bench in BENCHES {
        let arguments = [
            "bench",
            "--quiet",
            "--package",
            "csound-session",
            "--bench",
            bench,
        ];
        run_command(cargo(&arguments).env("BENCH_FOLDER", &folder))?;
    }
    let mut rows = Vec::new();
    for bench in BENCHES {
        let path = folder.join(format!("{bench}.json"));
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        rows.push(inside(&text).to_owned());
    }
    let joined = target()?.join("bench.json");
    fs::write(&joined, format!("[{}]\n", rows.join(",\n")))
        .with_context(|| format!("cannot write {}", joined.display()))?;
    println!("\nwritten to {}", joined.display());
    Ok(())
}

/// The elements of a JSON list.
fn inside(list: &str) -> &str {
    let list = list.trim();
    list.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(list)
}

#[test]
fn lists_are_joined_without_their_brackets() {
    assert_eq!(inside(" [{\"a\":[1]},2]\n"), "{\"a\":[1]},2");
}
