//! A root file system of Debian's smallest kind, without Csound, in which the package must play.

use crate::setup;
use crate::workspace::{run as run_command, target};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Unpacks the archive there, renders a document with the command line program and plays the CLAP in a host. Needs
/// root's rights.
pub fn play(archive: &Path) -> Result<()> {
    let root = root()?;
    let inside = root.join("opt/csound-session");
    fs::create_dir_all(&inside).with_context(|| format!("cannot make {}", inside.display()))?;
    run_command(
        Command::new("tar")
            .args(["--extract", "--gzip", "--strip-components=1", "--file"])
            .arg(archive)
            .arg("--directory")
            .arg(&inside),
    )?;
    if root.join("usr/bin/csound").exists() || has_csound(&root)? {
        bail!("{} has a Csound of its own", root.display());
    }
    let host = std::env::current_exe().context("cannot find this program")?;
    fs::copy(&host, root.join("opt/xtask")).context("cannot copy the host into the root")?;
    let support = "/opt/csound-session/clap/csound-session.support";
    let document = format!("{support}/instruments/default");
    let program = format!("{support}/csound-session");
    chroot(
        &root,
        &[
            &program,
            "render",
            &format!("{document}.toml"),
            "--score",
            &format!("{document}.score.toml"),
            "-o",
            "/opt/rendered.wav",
        ],
    )?;
    let plugin = "/opt/csound-session/clap/Csound Session.clap";
    chroot(&root, &["/opt/xtask", "play", plugin])?;
    println!(
        "\nThe package plays in {}, which has no Csound.",
        root.display()
    );
    Ok(())
}

/// Made once and kept; what was unpacked there before is removed.
fn root() -> Result<PathBuf> {
    let root = target()?.join("package/root");
    if !root.join("usr/bin/env").exists() {
        setup::package("debootstrap", "makes a root file system without Csound")?;
        run_command(
            Command::new("debootstrap")
                .args(["--variant=minbase", &codename()?])
                .arg(&root),
        )?;
    }
    let before = root.join("opt");
    if before.exists() {
        fs::remove_dir_all(&before)
            .with_context(|| format!("cannot empty {}", before.display()))?;
    }
    Ok(root)
}

/// Debian's name of this release.
fn codename() -> Result<String> {
    let release = fs::read_to_string("/etc/os-release").context("cannot read /etc/os-release")?;
    let name = release
        .lines()
        .find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    Ok(name.context("this system has no code name")?.to_owned())
}

fn has_csound(root: &Path) -> Result<bool> {
    let libraries = root
        .join("usr/lib")
        .join(format!("{}-linux-gnu", std::env::consts::ARCH));
    let files =
        fs::read_dir(&libraries).with_context(|| format!("cannot read {}", libraries.display()))?;
    Ok(files
        .flatten()
        .any(|file| file.file_name().to_string_lossy().starts_with("libcsound")))
}

fn chroot(root: &Path, command: &[&str]) -> Result<()> {
    // A program finds its own file through /proc, which goes away with the namespace.
    run_command(
        Command::new("unshare")
            .args(["--mount", "chroot"])
            .arg(root)
            .args(["sh", "-c", "mount -t proc proc /proc && exec \"$@\"", "sh"])
            .args(command)
            .env_remove("CSOUND_LIB_DIR")
            .env("HOME", "/root"),
    )
}
