//! Installs what the build and the tests need.

use crate::python;
use crate::workspace::{csound_folder, run as run_command, succeeds};
use anyhow::{Result, bail};
use std::process::Command;

/// Something that must be there.
struct Need {
    /// Debian's package.
    package: &'static str,
    /// What it is for.
    reason: &'static str,
    /// Whether it is there, from whatever source.
    present: fn() -> bool,
}

const NEEDS: [Need; 11] = [
    Need {
        package: "libcsound64-dev",
        reason: "the library that the plugin plays with, and the name that the linker looks for",
        present: || csound_folder().is_some(),
    },
    Need {
        package: "csound",
        reason: "Csound's own command line, which the tests compare with",
        present: || exists("csound", &["--version"]),
    },
    Need {
        package: "csound-plugins",
        reason: "opcodes that a usual installation of Csound has: linear algebra, the STK",
        present: has_opcode_libraries,
    },
    Need {
        package: "gcc",
        reason: "the linker, and the C compiler for zstd",
        present: || exists("cc", &["--version"]),
    },
    Need {
        package: "pkg-config",
        reason: "finds those headers for the stand-alone program",
        present: || exists("pkg-config", &["--version"]),
    },
    Need {
        package: "libasound2-dev",
        reason: "the sound card, for the stand-alone program",
        present: || has_headers("alsa"),
    },
    Need {
        package: "libjack-jackd2-dev",
        reason: "JACK, for the stand-alone program",
        present: || has_headers("jack"),
    },
    Need {
        package: "python3-venv",
        reason: "a virtual environment for pedalboard, the VST3 host of the tests",
        present: || exists("python3", &["-c", "import ensurepip, venv"]),
    },
    Need {
        package: "xvfb",
        reason: "a screen for the tests of the window",
        present: || exists("which", &["Xvfb"]),
    },
    Need {
        package: "xdotool",
        reason: "the hand that types and drags in those tests",
        present: || exists("xdotool", &["--version"]),
    },
    Need {
        package: "libgl1-mesa-dri",
        reason: "OpenGL in software, for a window without a graphics card",
        present: has_software_gl,
    },
];

/// Whether the headers of a sound system of Linux are there; other systems have their own.
fn has_headers(name: &str) -> bool {
    !cfg!(target_os = "linux") || exists("pkg-config", &["--exists", name])
}

/// Whether Mesa's software renderer lies where Debian puts it; elsewhere it is taken to be there.
fn has_software_gl() -> bool {
    let folders = [
        "/usr/lib/x86_64-linux-gnu/dri",
        "/usr/lib/aarch64-linux-gnu/dri",
    ];
    let renderer = |folder: &str| std::path::Path::new(folder).join("swrast_dri.so").exists();
    !exists("apt-get", &["--version"]) || folders.into_iter().any(renderer)
}

/// Whether the opcode libraries lie beside Debian's Csound; any other Csound comes with them.
fn has_opcode_libraries() -> bool {
    let library =
        |folder: std::path::PathBuf| folder.join("csound/plugins64-6.0/liblinear_algebra.so");
    let is_debians = |folder: &std::path::PathBuf| folder.starts_with("/usr/lib");
    let debians = csound_folder().filter(is_debians);
    !exists("apt-get", &["--version"]) || debians.is_none_or(|folder| library(folder).exists())
}

/// What to do where there is no apt-get.
const ELSEWHERE: &str = "\
  Fedora:  sudo dnf install csound csound-devel gcc python3 pkgconf alsa-lib-devel jack-audio-connection-kit-devel
  Arch:    sudo pacman -S csound gcc python pkgconf alsa-lib jack2
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
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for need in &missing {
        eprintln!("missing: {} ({})", need.package, need.reason);
    }
    if !exists("apt-get", &["--version"]) {
        bail!("please install what is missing:\n\n{ELSEWHERE}");
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    install(&packages)?;
    match missing.iter().find(|need| !(need.present)()) {
        Some(need) => bail!(
            "{} is installed, but what it is for is still missing: {}",
            need.package,
            need.reason
        ),
        None => Ok(()),
    }
}

/// A Debian package of that name, whose program has the same name.
pub fn package(name: &str, reason: &str) -> Result<()> {
    program(name, name, reason)
}

/// A Debian package that brings a program.
pub fn program(package: &str, program: &str, reason: &str) -> Result<()> {
    if exists("which", &[program]) {
        return Ok(());
    }
    eprintln!("missing: {package} ({reason})");
    install(&[package])
}

fn exists(program: &str, arguments: &[&str]) -> bool {
    succeeds(Command::new(program).args(arguments))
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
