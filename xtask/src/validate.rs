//! Runs the formats' own validators, wherever they were built: they are in no package registry.

use crate::workspace::{Bundles, bundles, run as run_command};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

/// Runs each validator on the bundle it is made for, known by its file name; fails if one of them does.
pub fn run(validators: &[String]) -> Result<()> {
    let bundles = bundles()?;
    for path in [&bundles.clap, &bundles.vst3] {
        if !path.exists() {
            bail!(
                "{} is missing; `cargo xtask bundle` makes it",
                path.display()
            );
        }
    }
    for validator in validators {
        let mut command = command(Path::new(validator), &bundles)?;
        run_command(&mut command)?;
    }
    println!("\nAll validators are content.");
    Ok(())
}

fn command(validator: &Path, bundles: &Bundles) -> Result<Command> {
    let mut command = Command::new(validator);
    let name = validator
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let vst3 = bundles
        .vst3
        .canonicalize()
        .context("the VST3 bundle has no path")?;
    match name {
        "clap-validator" => command
            .args(["validate", "--only-failed"])
            .arg(&bundles.clap),
        "validator" => command.arg(vst3),
        "pluginval" if std::env::var_os("DISPLAY").is_some() => command
            .args(["--strictness-level", "10", "--validate"])
            .arg(vst3),
        "pluginval" => command
            .args(["--strictness-level", "10", "--skip-gui-tests", "--validate"])
            .arg(vst3),
        _ => bail!(
            "{} is none of clap-validator, validator and pluginval",
            validator.display()
        ),
    };
    Ok(command)
}
