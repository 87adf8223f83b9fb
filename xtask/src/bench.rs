//! The figures: what the session costs, beside a bare loop around the same Csound.

use crate::setup;
use crate::workspace::{cargo, run as run_command};
use anyhow::Result;

/// Runs all benchmarks as an optimised build; options go to `cargo bench`.
pub fn run(options: &[String]) -> Result<()> {
    setup::packages()?;
    run_command(cargo(&["bench", "--package", "csound-session"]).args(options))
}
