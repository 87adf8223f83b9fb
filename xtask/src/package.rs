//! An archive that plays on a Debian machine without Csound: libcsound, the libraries that it needs and the opcode
//! libraries travel in the support folders.
//!
//! The library goes under a name of its own, in the file and as its soname, so that another Csound plugin in the same
//! host shares nothing with ours.

mod clean_root;
mod slim;

use crate::bundle::{self, SUPPORT, copy, copy_tree, link_tree};
use crate::setup;
use crate::workspace::{Bundles, bundles, csound_folder, run as run_command, target};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The name that the plugin looks for first in its support folder.
const OWN_NAME: &str = "libcsound64-session.so.6.0";
const SYSTEM_NAME: &str = "libcsound64.so.6.0";

/// Libraries that every Debian has; all others travel along.
const EVERYWHERE: [&str; 7] = [
    "ld-linux",
    "libc.so",
    "libdl.so",
    "libgcc_s.so",
    "libm.so",
    "libpthread.so",
    "libstdc++.so",
];

/// Builds, bundles and packs; `--check` plays the package in a root file system that has no Csound.
pub fn run(options: &[String]) -> Result<()> {
    let checks = match options {
        [] => false,
        [option] if option == "--check" => true,
        _ => bail!("package takes --check and nothing else"),
    };
    if !cfg!(target_os = "linux") {
        bail!("packages are made on Linux; docs/platforms.md says what other systems take");
    }
    setup::packages()?;
    setup::package("patchelf", "gives the packaged library its own name")?;
    bundle::run(&[])?;
    let folder = stage()?;
    let archive = folder.with_extension("tar.gz");
    let parent = folder.parent().context("the package has no folder")?;
    run_command(
        Command::new("tar")
            .args(["--create", "--gzip", "--owner=0", "--group=0", "--file"])
            .arg(&archive)
            .arg("--directory")
            .arg(parent)
            .arg(folder.file_name().unwrap_or_default()),
    )?;
    println!("\n{}", archive.display());
    if checks {
        clean_root::play(&archive)?;
    }
    Ok(())
}

/// The folder that is packed.
fn stage() -> Result<PathBuf> {
    let name = format!(
        "csound-session-{}-linux-{}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::ARCH
    );
    // A dot in the version is no file name extension.
    let folder = target()?.join("package").join(name.replace('.', "_"));
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    let Bundles { clap, vst3 } = bundles()?;
    let clap_name = clap.file_name().context("the CLAP has no name")?;
    let vst3_name = vst3.file_name().context("the VST3 has no name")?;
    let symbols = folder.with_extension("symbols");
    copy(&clap, &folder.join("clap").join(clap_name))?;
    slim::file(&folder.join("clap").join(clap_name), &symbols)?;
    let support = folder.join("clap").join(SUPPORT);
    copy_tree(&clap.with_file_name(SUPPORT), &support)?;
    slim::programs(&support, &symbols)?;
    add_csound(&support)?;
    let bundle = folder.join("vst3").join(vst3_name);
    copy_tree(&vst3, &bundle)?;
    slim::libraries(&bundle.join("Contents"), &symbols)?;
    // Both formats have a support folder of their own wherever they are copied to; in the archive it takes room once.
    let own = bundle.join("Contents/Resources").join(SUPPORT);
    fs::remove_dir_all(&own).with_context(|| format!("cannot remove {}", own.display()))?;
    link_tree(&support, &own)?;
    for file in ["README.txt", "install.sh", "uninstall.sh"] {
        copy(&Path::new("xtask/package").join(file), &folder.join(file))?;
    }
    copy(Path::new("LICENSE"), &folder.join("LICENSE"))?;
    Ok(folder)
}

/// Puts Csound into a support folder.
fn add_csound(support: &Path) -> Result<()> {
    let installed = csound_folder().context("libcsound64 is not installed")?;
    let own = support.join(OWN_NAME);
    copy(&installed.join(SYSTEM_NAME), &own)?;
    patch(
        &own,
        &["--set-soname", OWN_NAME, "--set-rpath", "$ORIGIN/lib"],
    )?;
    let mut needed = needed_by(&own)?;
    let mut given = vec![installed.join(SYSTEM_NAME)];
    let opcodes = support.join("opcodes");
    for library in bundled_opcodes()? {
        let name = library
            .file_name()
            .context("an opcode library without a name")?;
        copy(&library, &opcodes.join(name))?;
        patch(&opcodes.join(name), &["--set-rpath", "$ORIGIN/../lib"])?;
        needed.extend(needed_by(&library)?);
    }
    for library in needed {
        let name = library.file_name().context("a library without a name")?;
        let copied = support.join("lib").join(name);
        copy(&library, &copied)?;
        patch(&copied, &["--set-rpath", "$ORIGIN"])?;
        given.push(library);
    }
    for library in given {
        let (package, terms) = terms(&library)?;
        copy(&terms, &support.join("licences").join(package + ".txt"))?;
    }
    Ok(())
}

/// Debian's package that a library comes from, and the file that says under which terms.
fn terms(library: &Path) -> Result<(String, PathBuf)> {
    let library = library.canonicalize()?;
    // Some packages list their files as they were before /lib became a link.
    let before = Path::new("/").join(library.strip_prefix("/usr").unwrap_or(&library));
    for path in [&library, &before] {
        let told = Command::new("dpkg").arg("--search").arg(path).output()?;
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        if let Some((package, _)) = told.split_once(':') {
            let terms = Path::new("/usr/share/doc").join(package).join("copyright");
            return Ok((package.to_owned(), terms));
        }
    }
    bail!(
        "no package has {}, so its terms are not known",
        library.display()
    )
}

/// The opcode libraries that the plugin would load from the system's folder. It knows which are safe in a host, and
/// shows it by the links that it makes in its cache.
fn bundled_opcodes() -> Result<Vec<PathBuf>> {
    let target = target()?;
    let cache = target.join("package/cache");
    run_command(
        Command::new(target.join("release/csound-session"))
            .args(["render", "instruments/sine.toml", "--dur", "0.1", "-o"])
            .arg(target.join("package/probe.wav"))
            .env("XDG_CACHE_HOME", &cache),
    )?;
    let mut found = Vec::new();
    for folder in fs::read_dir(cache.join("csound-session")).context("the plugin made no cache")? {
        let folder = folder?.path();
        let is_opcodes = |name: &str| name.starts_with("opcodes-");
        if folder
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(is_opcodes)
        {
            for link in fs::read_dir(&folder)? {
                found.push(link?.path());
            }
        }
    }
    if found.is_empty() {
        bail!("no opcode libraries were found; is Debian's csound complete?");
    }
    Ok(found)
}

/// The libraries that one needs, as the loader finds them, without those that are everywhere.
fn needed_by(library: &Path) -> Result<Vec<PathBuf>> {
    let output = Command::new("ldd")
        .arg(library)
        .output()
        .context("cannot start ldd")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let paths = text.lines().filter_map(|line| {
        let (_, path) = line.split_once(" => ")?;
        Some(PathBuf::from(path.split(" (").next()?.trim()))
    });
    let travels = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| !EVERYWHERE.iter().any(|known| name.starts_with(known)))
    };
    Ok(paths.filter(travels).collect())
}

fn patch(library: &Path, arguments: &[&str]) -> Result<()> {
    run_command(Command::new("patchelf").args(arguments).arg(library))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terms_of_csound_are_found() {
        let library = csound_folder()
            .expect("Csound is installed")
            .join(SYSTEM_NAME);
        let (package, terms) = terms(&library).expect("a package has it");
        assert!(package.starts_with("libcsound64"), "{package}");
        let text = fs::read_to_string(terms).expect("it says its terms");
        assert!(text.contains("LGPL"), "{text}");
    }
}
