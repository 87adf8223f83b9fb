//! Everything that must pass.

use crate::workspace::{FEATURES, bundles, cargo, run as run_command, succeeds};
use crate::{bundle, python, setup};
use anyhow::{Context, Result};
use std::process::Command;
use std::time::{Duration, Instant};

/// Runs every step in the order in which a failure shows soonest; stops at the first one.
pub fn run() -> Result<()> {
    let mut report = Report::new();
    report.step("setup", setup::run)?;
    report.step("format", || {
        run_command(&mut cargo(&["fmt", "--all", "--check"]))
    })?;
    report.step("licences", licences)?;
    report.step("clippy", clippy)?;
    report.step("bundle", || {
        bundle::run(&["--workspace", "--profile", "dev"].map(str::to_owned))
    })?;
    report.step("tests", tests)?;
    report.step("documentation", documentation)?;
    report.print();
    Ok(())
}

/// What `deny.toml` says, where cargo-deny is installed: building it takes longer than everything else.
fn licences() -> Result<()> {
    if !succeeds(&mut cargo(&["deny", "--version"])) {
        eprintln!("cargo-deny is not installed: nothing is checked");
        return Ok(());
    }
    run_command(&mut cargo(&[
        "deny", "check", "licenses", "bans", "sources",
    ]))
}

fn clippy() -> Result<()> {
    let arguments = ["--all-targets", "--quiet", "--", "-D", "warnings"];
    run_command(&mut cargo_workspace("clippy", &arguments))
}

/// All tests, the examples of the documentation included; they are told where the bundles are and which Python has
/// pedalboard.
fn tests() -> Result<()> {
    let bundles = bundles()?;
    let folder = bundles
        .clap
        .parent()
        .context("the bundle lies in no folder")?;
    let mut command = cargo_workspace("test", &["--quiet"]);
    command.env("CSOUND_SESSION_BUNDLE", folder);
    command.env("CSOUND_SESSION_PYTHON", python::environment()?);
    run_command(&mut command)
}

fn documentation() -> Result<()> {
    let mut command = cargo_workspace("doc", &["--no-deps", "--document-private-items", "--quiet"]);
    run_command(command.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Always the whole workspace: with fewer packages cargo would choose other features for some dependencies, and build
/// the window's libraries twice.
fn cargo_workspace(command: &str, arguments: &[&str]) -> Command {
    let mut command = cargo(&[command, "--workspace"]);
    command.args(FEATURES).args(arguments);
    command
}

/// The steps and the time each took.
struct Report {
    steps: Vec<(&'static str, Duration)>,
}

impl Report {
    fn new() -> Report {
        Report { steps: Vec::new() }
    }

    fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        eprintln!("\n== {name}");
        let start = Instant::now();
        work().with_context(|| format!("the step \"{name}\" failed"))?;
        self.steps.push((name, start.elapsed()));
        Ok(())
    }

    fn print(&self) {
        println!("\nEverything passed.");
        for (name, time) in &self.steps {
            println!("  {name:<22} {:>7.1} s", time.as_secs_f64());
        }
    }
}
