//! Installs what the build and the tests need.

use crate::python;
use crate::workspace::{csound_folder, run as run_command, succeeds};
use anyhow::{Result, bail};
use std::process::Command;

/// Debian's packages and what each is for.
const PACKAGES: [(&str, &str); 4] = [
    (
        "libcsound64-dev",
        "the library that the plugin plays with, and the name the linker looks for",
    ),
    (
        "csound",
        "Csound's own command line, which the tests compare with",
    ),
    ("gcc", "the linker, and the C compiler for zstd"),
    (
        "python3-venv",
        "a virtual environment for pedalboard, the VST3 host of the tests",
    ),
];

/// The same for systems without apt.
const ELSEWHERE: &str = "\
  Fedora:  sudo dnf install csound csound-devel gcc python3
  Arch:    sudo pacman -S csound gcc python
  macOS:   brew install csound python
Then, if libcsound64 lies in none of the usual folders, set CSOUND_LIB_DIR to its folder.";

/// Everything: packages and the Python environment of the tests.
pub fn run() -> Result<()> {
    packages()?;
    python::environment()?;
    println!("Everything is installed.");
    Ok(())
}

/// The system's packages.
pub fn packages() -> Result<()> {
    if !succeeds(Command::new("dpkg").arg("--version")) {
        return check_elsewhere();
    }
    let missing: Vec<&str> = PACKAGES
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !installed(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    for (name, reason) in PACKAGES.iter().filter(|(name, _)| missing.contains(name)) {
        eprintln!("missing: {name} ({reason})");
    }
    install(&missing)
}

fn installed(package: &str) -> bool {
    let query = Command::new("dpkg-query")
        .args(["-W", "-f=${db:Status-Status}", package])
        .output();
    query.is_ok_and(|output| output.status.success() && output.stdout == b"installed")
}

fn install(packages: &[&str]) -> Result<()> {
    let Some(rights) = Rights::find() else {
        bail!(
            "please run:\n\n  sudo apt-get install {}\n",
            packages.join(" ")
        );
    };
    let install = |rights: Rights| {
        let mut command = rights.apt_get();
        command
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages);
        run_command(&mut command)
    };
    // A fresh machine has no package lists, an old one has stale ones; both show by a failure.
    if install(rights).is_err() {
        run_command(rights.apt_get().arg("update"))?;
        install(rights)?;
    }
    Ok(())
}

/// How this process may install packages.
#[derive(Clone, Copy)]
enum Rights {
    Root,
    Sudo,
}

impl Rights {
    fn find() -> Option<Rights> {
        let user = Command::new("id").arg("-u").output().ok()?;
        if user.stdout.trim_ascii() == b"0" {
            return Some(Rights::Root);
        }
        succeeds(Command::new("sudo").args(["-n", "true"])).then_some(Rights::Sudo)
    }

    fn apt_get(self) -> Command {
        let mut command = match self {
            Rights::Root => Command::new("apt-get"),
            Rights::Sudo => Command::new("sudo"),
        };
        if let Rights::Sudo = self {
            command.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .arg("--quiet");
        command
    }
}

fn check_elsewhere() -> Result<()> {
    let has_python = succeeds(Command::new("python3").args(["-m", "venv", "--help"]));
    if csound_folder().is_some() && has_python {
        return Ok(());
    }
    bail!(
        "Csound 6.18 with its development files and Python 3 are needed. Please install them:\n\n{ELSEWHERE}"
    );
}
