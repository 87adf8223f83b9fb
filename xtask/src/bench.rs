//! The figures that the project must reach, measured on this machine.

use crate::setup;
use crate::workspace::{cargo, run as run_command, target};
use anyhow::Result;

/// Prints the figures and writes them to `target/bench.json`.
pub fn run() -> Result<()> {
    setup::packages()?;
    let path = target()?.join("bench.json");
    let arguments = [
        "bench",
        "--quiet",
        "--package",
        "csound-session",
        "--bench",
        "figures",
    ];
    run_command(cargo(&arguments).env("BENCH_JSON", &path))?;
    println!("\nwritten to {}", path.display());
    Ok(())
}
