//! What of our binaries travels: code and names. The line tables, most of their size, stay here for whoever reads a
//! report of a crash.

use crate::workspace::run as run_command;
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Moves the line tables of a binary into a file of the same name below `symbols`; debuggers find it there by the link
/// that is left in the binary.
pub fn file(binary: &Path, symbols: &Path) -> Result<()> {
    fs::create_dir_all(symbols).with_context(|| format!("cannot make {}", symbols.display()))?;
    let name = binary.file_name().context("a binary without a name")?;
    let mut kept = symbols.join(name).into_os_string();
    kept.push(".debug");
    let objcopy = || Command::new("objcopy");
    run_command(objcopy().arg("--only-keep-debug").arg(binary).arg(&kept))?;
    let mut link = std::ffi::OsString::from("--add-gnu-debuglink=");
    link.push(&kept);
    run_command(objcopy().arg("--strip-debug").arg(link).arg(binary))
}

/// The same for every program in a folder.
pub fn programs(folder: &Path, symbols: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))? {
        let path = entry?.path();
        if path.is_file() && path.extension().is_none() {
            file(&path, symbols)?;
        }
    }
    Ok(())
}

/// The same for every library of a VST3 bundle's folders of machine code.
pub fn libraries(contents: &Path, symbols: &Path) -> Result<()> {
    for folder in fs::read_dir(contents).with_context(|| format!("no {}", contents.display()))? {
        let folder = folder?.path();
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "so") {
                file(&path, symbols)?;
            }
        }
    }
    Ok(())
}
