//! The figures that the project must reach, measured on this machine.

mod machine;
mod page;

use crate::setup;
use crate::workspace::{cargo, run as run_command, target};
use anyhow::{Context, Result, bail};
use machine::Machine;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;

/// The page that shows the figures.
const PAGE: &str = "docs/performance.md";

/// One figure, as the bench writes it. Smaller is better.
#[derive(Deserialize, Serialize)]
struct Row {
    name: String,
    figure: f64,
    unit: String,
    bar: Option<f64>,
    /// Whether the bar is reached, if there is one.
    met: Option<bool>,
    /// It shows how the cost grows with something.
    growth: bool,
}

/// Prints the figures, writes them to `target/bench.json` and into the page about them. `--long` measures in full what
/// takes long.
pub fn run(options: &[String]) -> Result<()> {
    let is_long = match options {
        [] => false,
        [option] if option == "--long" => true,
        _ => bail!("bench takes --long and nothing else"),
    };
    setup::packages()?;
    let quiet = quiet_audio_thread()?;
    let machine = Machine::here()?;
    let path = target()?.join("bench.json");
    let mut bench = cargo(&[
        "bench",
        "--quiet",
        "--package",
        "csound-session",
        "--bench",
        "figures",
    ]);
    if is_long {
        bench.env("BENCH_LONG", "1");
    }
    run_command(bench.env("BENCH_JSON", &path))?;
    let text = fs::read_to_string(&path).context("the bench wrote no figures")?;
    let mut rows: Vec<Row> = serde_json::from_str(&text).context("the figures cannot be read")?;
    println!("{}: {}", quiet.name, quiet.figure);
    rows.push(quiet);
    let text = serde_json::to_string_pretty(&rows)?;
    fs::write(&path, text + "\n").with_context(|| format!("cannot write {}", path.display()))?;
    page::update(Path::new(PAGE), &machine, &rows)?;
    println!("\nwritten to {} and {PAGE}", path.display());
    Ok(())
}

/// What the tests that count on the audio thread find: they are a program of their own, with its own allocator.
fn quiet_audio_thread() -> Result<Row> {
    let output = cargo(&["test", "--workspace", "--test", "realtime"])
        .output()
        .context("cannot start cargo")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let Some((passed, failed)) = text.lines().rev().find_map(results) else {
        bail!(
            "tests/realtime.rs does not run:\n{text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    Ok(Row {
        name: format!(
            "scenes of {} in which the audio thread allocated, waited for a lock or called the system",
            passed + failed
        ),
        figure: f64::from(failed),
        unit: String::new(),
        bar: Some(0.0),
        met: Some(failed == 0),
        growth: false,
    })
}

/// How many passed and failed, of the line that sums a test program up.
fn results(line: &str) -> Option<(u32, u32)> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let count = |word: &str| {
        let part = counts.split("; ").find(|part| part.ends_with(word))?;
        part.split_once(' ')?.0.parse().ok()
    };
    Some((count(" passed")?, count(" failed")?))
}

#[test]
fn the_sum_of_a_test_program_is_read() {
    let line = "test result: FAILED. 11 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 9.1s";
    assert_eq!(results(line), Some((11, 2)));
    assert_eq!(results("test quiet ... ok"), None);
}
