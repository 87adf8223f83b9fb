//! Puts the bundles where hosts look for plugins, and takes them away again.

use crate::bundle::{SUPPORT, copy_tree};
use crate::workspace::{Bundles, bundles, run};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// This user's plugin folders.
struct Folders {
    clap: PathBuf,
    vst3: PathBuf,
}

impl Folders {
    fn of_user() -> Result<Self> {
        let home = PathBuf::from(
            std::env::var_os("HOME")
                .or_else(|| std::env::var_os("USERPROFILE"))
                .context("HOME says nothing, so there is no folder for plugins")?,
        );
        let (clap, vst3) = if cfg!(target_os = "macos") {
            let plugins = home.join("Library/Audio/Plug-Ins");
            (plugins.join("CLAP"), plugins.join("VST3"))
        } else if cfg!(windows) {
            let programs = home.join("AppData/Local/Programs/Common");
            (programs.join("CLAP"), programs.join("VST3"))
        } else {
            (home.join(".clap"), home.join(".vst3"))
        };
        Ok(Self { clap, vst3 })
    }

    /// The installed program, which writes and removes the VST3 presets of the documents.
    fn program(&self) -> PathBuf {
        self.clap.join(SUPPORT).join("csound-session")
    }

    /// What is installed: each with where it comes from.
    fn places(&self) -> Result<[(PathBuf, PathBuf); 3]> {
        let Bundles { clap, vst3 } = bundles()?;
        let support = clap.with_file_name(SUPPORT);
        let place = |folder: &Path, from: PathBuf| {
            let name = from.file_name().unwrap_or_default();
            (folder.join(name), from)
        };
        Ok([
            place(&self.clap, clap),
            place(&self.clap, support),
            place(&self.vst3, vst3),
        ])
    }
}

/// Copies the bundles into this user's plugin folders, over older ones.
pub fn install() -> Result<()> {
    let folders = Folders::of_user()?;
    for (place, from) in &folders.places()? {
        remove(place)?;
        copy_tree(from, place)?;
        println!("installed {}", place.display());
    }
    run(Command::new(folders.program()).arg("vst3-presets"))
}

/// Removes what `install` has put there. Documents of the user's own are elsewhere and stay.
pub fn uninstall() -> Result<()> {
    let folders = Folders::of_user()?;
    let program = folders.program();
    if program.exists() {
        run(Command::new(program).args(["vst3-presets", "--remove"]))?;
    }
    for (place, _) in folders.places()? {
        if remove(&place)? {
            println!("removed {}", place.display());
        }
    }
    Ok(())
}

/// Whether there was anything.
fn remove(place: &Path) -> Result<bool> {
    let removed = if place.is_dir() {
        fs::remove_dir_all(place)
    } else if place.exists() {
        fs::remove_file(place)
    } else {
        return Ok(false);
    };
    removed.with_context(|| format!("cannot remove {}", place.display()))?;
    Ok(true)
}
