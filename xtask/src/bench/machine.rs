//! On what the figures were measured.

use anyhow::{Context, Result};
use std::fs;
use std::process::Command;

/// One machine at one time.
pub struct Machine {
    processor: String,
    cores: usize,
    kernel: String,
    csound: String,
    commit: String,
    /// Mean number of programs that wanted to run in the minute before.
    load: String,
}

impl Machine {
    /// This one, now.
    pub fn here() -> Result<Self> {
        let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let processor = processors
            .lines()
            .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let first = |path| {
            let text = fs::read_to_string(path).unwrap_or_default();
            text.split_whitespace().next().unwrap_or("?").to_owned()
        };
        Ok(Self {
            processor: processor
                .map_or("an unknown processor", |(_, name)| name)
                .to_owned(),
            cores: std::thread::available_parallelism()?.get(),
            kernel: first("/proc/sys/kernel/osrelease"),
            load: first("/proc/loadavg"),
            csound: csound()?,
            commit: commit()?,
        })
    }

    /// One sentence.
    pub fn sentence(&self) -> String {
        let Self {
            processor,
            cores,
            kernel,
            csound,
            commit,
            load,
        } = self;
        format!(
            "Measured at commit {commit} on {processor}, {cores} cores, Linux {kernel}, Csound {csound}; load before: {load}.",
        )
    }
}

fn csound() -> Result<String> {
    let output = Command::new("csound").arg("--version").output();
    let told = output.context("cannot start csound")?.stderr;
    let told = String::from_utf8_lossy(&told).into_owned();
    let mut words = told
        .split_whitespace()
        .skip_while(|word| *word != "version");
    Ok(words.nth(1).unwrap_or("?").to_owned())
}

fn commit() -> Result<String> {
    let output = Command::new("git")
        .args(["rev-parse", "--short", "HEAD"])
        .output();
    let output = output.context("cannot start git")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
