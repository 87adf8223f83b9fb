//! The Python environment of the tests: pedalboard, a VST3 host that comes as a package.

use crate::workspace::{run, target};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The packages and their versions.
const REQUIREMENTS: &str = "tests/python/requirements.txt";

/// Makes `target/venv` if it is missing or out of date; returns its interpreter.
pub fn environment() -> Result<PathBuf> {
    let folder = target()?.join("venv");
    let interpreter = folder.join("bin/python3");
    let stamp = folder.join("requirements.txt");
    let wanted = fs::read(REQUIREMENTS).with_context(|| format!("cannot read {REQUIREMENTS}"))?;
    if interpreter.exists() && fs::read(&stamp).is_ok_and(|made| made == wanted) {
        return Ok(interpreter);
    }
    run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&folder))?;
    install(&interpreter)?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(interpreter)
}

fn install(interpreter: &Path) -> Result<()> {
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--retries",
        "5",
    ];
    run(Command::new(interpreter)
        .args(pip)
        .args(["--requirement", REQUIREMENTS]))
}
