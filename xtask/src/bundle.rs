//! Builds the plugins and lays them out for hosts.

use crate::workspace::{Bundles, FEATURES, bundles, cargo, run as run_command, target};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of support files beside a plugin.
pub const SUPPORT: &str = "csound-session.support";

/// Builds with cargo's options (`--release` if there are none), bundles, and adds the support files.
pub fn run(options: &[String]) -> Result<()> {
    let release = ["--release".to_owned()];
    let options = if options.is_empty() {
        &release
    } else {
        options
    };
    let mut build = cargo(&["build", "--package", "csound-session"]);
    run_command(build.args(FEATURES).args(options))?;
    let folder = profile_folder(options);
    let place = ["--profile".to_owned(), folder.clone()];
    nice_plug_xtask::bundle(&target()?, "csound-session", &place, false)?;
    let Bundles { clap, vst3, .. } = bundles()?;
    let programs = target()?.join(folder);
    support(&programs, &clap.with_file_name(SUPPORT))?;
    support(&programs, &vst3.join("Contents/Resources").join(SUPPORT))
}

/// The command line program that belongs to the bundles.
pub fn program(bundles: &Bundles) -> PathBuf {
    bundles.clap.with_file_name(SUPPORT).join("csound-session")
}

/// Cargo's folder for these options.
fn profile_folder(options: &[String]) -> String {
    let mut options = options.iter();
    let mut folder = "debug".to_owned();
    while let Some(option) = options.next() {
        match option.split_once('=').unwrap_or((option, "")) {
            ("--release" | "-r", _) => folder = "release".to_owned(),
            ("--profile", "") => folder = options.next().cloned().unwrap_or(folder),
            ("--profile", name) => folder = name.to_owned(),
            _ => {}
        }
    }
    if folder == "dev" {
        "debug".to_owned()
    } else {
        folder
    }
}

/// The command line program, and the one that it starts for `run`.
const PROGRAMS: [&str; 2] = ["csound-session", "csound-session-standalone"];

/// Puts the programs and the factory documents into a support folder, afresh.
fn support(programs: &Path, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    for name in PROGRAMS.map(|name| format!("{name}{}", std::env::consts::EXE_SUFFIX)) {
        copy(&programs.join(&name), &folder.join(&name))?;
    }
    copy_tree(Path::new("instruments"), &folder.join("instruments"))
}

/// Copies a file, or a folder with all that is in it.
pub fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    with_each_file(from, to, &copy)
}

/// The same by further names for the same files, on the same file system.
pub fn link_tree(from: &Path, to: &Path) -> Result<()> {
    with_each_file(from, to, &link)
}

fn with_each_file(from: &Path, to: &Path, act: &dyn Fn(&Path, &Path) -> Result<()>) -> Result<()> {
    if from.is_file() {
        return act(from, to);
    }
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let path = entry?.path();
        let Some(name) = path.file_name() else {
            continue;
        };
        if path.is_dir() {
            with_each_file(&path, &to.join(name), act)?;
        } else {
            act(&path, &to.join(name))?;
        }
    }
    Ok(())
}

fn make_folder_of(file: &Path) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

fn link(from: &Path, to: &Path) -> Result<()> {
    make_folder_of(to)?;
    fs::hard_link(from, to)
        .with_context(|| format!("cannot link {} to {}", to.display(), from.display()))
}

/// Copies a file; the folder is made.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    make_folder_of(to)?;
    fs::copy(from, to)
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

#[test]
fn options_name_the_folder() {
    let folder = |options: &[&str]| {
        let options: Vec<String> = options.iter().map(|o| (*o).to_owned()).collect();
        profile_folder(&options)
    };
    assert_eq!(folder(&["--release"]), "release");
    assert_eq!(folder(&["--profile", "dev"]), "debug");
    assert_eq!(folder(&["--profile=profiling", "--locked"]), "profiling");
    assert_eq!(folder(&["--locked"]), "debug");
}
