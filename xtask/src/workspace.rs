//! Where things are, and how commands are run.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Makes the repository's root the current folder.
pub fn enter() -> Result<()> {
    let xtask =
        std::env::var("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").to_owned());
    let root = Path::new(&xtask)
        .parent()
        .context("xtask lies at the root of the disk")?;
    std::env::set_current_dir(root).with_context(|| format!("cannot enter {}", root.display()))
}

/// Cargo's target folder: the one this program was built in.
pub fn target() -> Result<PathBuf> {
    let program = std::env::current_exe().context("cannot find this program")?;
    let target = program
        .ancestors()
        .nth(2)
        .context("this program lies outside of a target folder")?;
    Ok(target.to_owned())
}

/// The bundled plugins.
pub struct Bundles {
    /// The CLAP plugin, a file.
    pub clap: PathBuf,
    /// The VST3 plugin, a folder.
    pub vst3: PathBuf,
}

/// Where `bundle` puts the plugins.
pub fn bundles() -> Result<Bundles> {
    let folder = target()?.join("bundled");
    Ok(Bundles {
        clap: folder.join("Csound Session.clap"),
        vst3: folder.join("Csound Session.vst3"),
    })
}

/// The parts of the package that are left out by default; every command builds with the same ones, so that nothing is
/// built twice.
pub const FEATURES: [&str; 2] = ["--features", "csound-session/standalone"];

/// `cargo` with what the build needs: csound-sys asks for the folder of libcsound64.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var("CARGO").unwrap_or("cargo".to_owned()));
    command.args(arguments);
    if let Some(folder) = csound_folder() {
        command.env("CSOUND_LIB_DIR", folder);
    }
    command
}

/// The folder with the libcsound64 to link: the user's choice, or where systems put it.
pub fn csound_folder() -> Option<PathBuf> {
    let name = format!(
        "{}csound64{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    let chosen = std::env::var("CSOUND_LIB_DIR").ok().map(PathBuf::from);
    let arch = std::env::consts::ARCH;
    let usual = [
        format!("/usr/lib/{arch}-linux-gnu"),
        "/usr/lib64".to_owned(),
        "/usr/lib".to_owned(),
        "/usr/local/lib".to_owned(),
        "/opt/homebrew/lib".to_owned(),
    ];
    let folders = chosen
        .into_iter()
        .chain(usual.into_iter().map(PathBuf::from));
    folders
        .into_iter()
        .find(|folder| folder.join(&name).exists())
}

/// Shows a command and runs it; an error names it.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    eprintln!("$ {shown}");
    let status = command
        .status()
        .with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// True if a command exists and succeeds; its output is dropped.
pub fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
