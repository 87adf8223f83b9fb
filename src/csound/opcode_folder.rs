//! The folder Csound loads its opcode libraries from: only libraries that are safe inside somebody else's process.
//!
//! Csound's own folder would bring Python, LLVM, a GUI toolkit and several audio servers into the host.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Without the `lib` prefix and the extension. Left out: everything that needs Python, LLVM, FLTK, X11, JACK,
/// PulseAudio, PortAudio, ALSA, FluidSynth, STK, HDF5, libpng, LAME or websockets; that opens network connections
/// (`osc`, `ipmidi`, `ableton_link_opcodes`), devices (`joystick`), windows (`control`) or foreign plugins
/// (`dssi4cs`).
const ALLOWED: [&str; 17] = [
    "ampmidid",
    "arrayops",
    "bformdec2",
    "chua",
    "deprecated",
    "doppler",
    "fractalnoise",
    "ftsamplebank",
    "lfsr",
    "linear_algebra",
    "mixer",
    "padsynth",
    "pvsops",
    "scansyn",
    "signalflowgraph",
    "trigenvsegs",
    "urandom",
];

/// `opcodes/` in the support folder if it is there, else links to the allowed libraries of the installed Csound. None
/// if neither can be had: Csound then has its built-in opcodes only.
pub(super) fn find(support: Option<&Path>, library: &Path) -> Option<PathBuf> {
    let packaged = support.map(|folder| folder.join("opcodes"));
    if let Some(packaged) = packaged.filter(|folder| folder.is_dir()) {
        return Some(packaged);
    }
    let installed = installed_folder(library)?;
    candidates()
        .into_iter()
        .find_map(|base| curate(&installed, &base).ok())
}

/// Where the installed Csound keeps its opcode libraries.
fn installed_folder(library: &Path) -> Option<PathBuf> {
    let environment = std::env::var_os("OPCODE6DIR64").map(PathBuf::from);
    let beside = library.parent().map(|folder| folder.join(PLUGINS));
    let usual = ["/usr/lib", "/usr/local/lib"].map(|folder| Some(Path::new(folder).join(PLUGINS)));
    [environment, beside]
        .into_iter()
        .chain(usual)
        .flatten()
        .find(|folder| folder.is_absolute() && folder.is_dir())
}

const PLUGINS: &str = "csound/plugins64-6.0";

/// Folders of this user's own that may hold ours, best first.
fn candidates() -> Vec<PathBuf> {
    let from = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let cache = from("XDG_CACHE_HOME").or_else(|| from("HOME").map(|home| home.join(".cache")));
    let shared = std::env::temp_dir().join(format!("csound-session-{}", user()));
    cache
        .map(|cache| cache.join("csound-session"))
        .into_iter()
        .chain([shared])
        .collect()
}

/// Makes `base/opcodes-<hash>` hold a link to each allowed library of `installed`, and nothing else. The name depends
/// on the content, so processes that do this at the same time make the same folder.
fn curate(installed: &Path, base: &Path) -> io::Result<PathBuf> {
    let wanted = wanted(installed);
    let folder = base.join(format!("opcodes-{}", name_for(installed, &wanted)));
    private_folder(base)?;
    private_folder(&folder)?;
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        let expected = wanted.iter().any(|name| entry.file_name() == name.as_str());
        let library = entry
            .path()
            .extension()
            .is_some_and(|extension| extension == LIBRARY_EXTENSION);
        if library && !expected {
            fs::remove_file(entry.path())?;
        }
    }
    for name in &wanted {
        link(&installed.join(name), &folder.join(name))?;
    }
    Ok(folder)
}

/// File names of the allowed libraries that are installed.
fn wanted(installed: &Path) -> Vec<String> {
    ALLOWED
        .iter()
        .map(|name| format!("lib{name}.{LIBRARY_EXTENSION}"))
        .filter(|name| installed.join(name).is_file())
        .collect()
}

const LIBRARY_EXTENSION: &str = if cfg!(target_os = "macos") {
    "dylib"
} else {
    "so"
};

fn name_for(installed: &Path, wanted: &[String]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(installed.as_os_str().as_encoded_bytes());
    for name in wanted {
        hasher.update(b"/").update(name.as_bytes());
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

/// Makes `link` point at `target`; replaces whatever else is there in one step, so that no other process ever sees a
/// half-made folder.
#[cfg(unix)]
fn link(target: &Path, link: &Path) -> io::Result<()> {
    if fs::read_link(link).is_ok_and(|current| current == target) {
        return Ok(());
    }
    // Another thread may be at the same link.
    static MADE: AtomicU32 = AtomicU32::new(0);
    let nth = MADE.fetch_add(1, Ordering::Relaxed);
    let mut fresh = link.as_os_str().to_owned();
    fresh.push(format!(".{}-{nth}-new", std::process::id()));
    let fresh = PathBuf::from(fresh);
    let _ = fs::remove_file(&fresh);
    std::os::unix::fs::symlink(target, &fresh)?;
    fs::rename(&fresh, link)
}

#[cfg(not(unix))]
fn link(target: &Path, link: &Path) -> io::Result<()> {
    fs::copy(target, link).map(|_| ())
}

/// Makes the folder for this user only; refuses one that somebody else could write to, because what lies in it is
/// loaded as code.
#[cfg(unix)]
fn private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let found = fs::symlink_metadata(folder)?;
    let ours = found.is_dir() && found.uid() == user() && found.mode() & 0o022 == 0;
    ours.then_some(())
        .ok_or_else(|| io::Error::from(io::ErrorKind::PermissionDenied))
}

#[cfg(not(unix))]
fn private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
fn user() -> u32 {
    // SAFETY: cannot fail and touches nothing.
    unsafe { libc::geteuid() }
}

#[cfg(not(unix))]
fn user() -> u32 {
    0
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn installed_with(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in names {
            fs::write(folder.path().join(name), b"").expect("a file");
        }
        folder
    }

    fn names_in(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("the folder exists");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("readable")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn only_allowed_libraries_are_linked() {
        let installed = installed_with(&["libpy.so", "libmixer.so", "libjacko.so", "libchua.so"]);
        let cache = tempfile::tempdir().expect("a temporary folder");
        let folder = curate(installed.path(), &cache.path().join("mine")).expect("curated");
        assert_eq!(names_in(&folder), ["libchua.so", "libmixer.so"]);
    }

    #[test]
    fn strangers_and_stale_links_are_repaired() {
        let installed = installed_with(&["libmixer.so"]);
        let cache = tempfile::tempdir().expect("a temporary folder");
        let base = cache.path().join("mine");
        let folder = curate(installed.path(), &base).expect("curated");
        fs::write(folder.join("libevil.so"), b"").expect("a file");
        fs::remove_file(folder.join("libmixer.so")).expect("the link");
        fs::write(folder.join("libmixer.so"), b"not a link").expect("a file");
        let again = curate(installed.path(), &base).expect("curated again");
        assert_eq!(again, folder);
        assert_eq!(names_in(&folder), ["libmixer.so"]);
        assert_eq!(
            fs::read_link(folder.join("libmixer.so")).expect("a link"),
            installed.path().join("libmixer.so")
        );
    }

    #[test]
    fn a_folder_that_others_may_write_is_refused() {
        let installed = installed_with(&["libmixer.so"]);
        let base = tempfile::tempdir().expect("a temporary folder");
        fs::set_permissions(base.path(), fs::Permissions::from_mode(0o777)).expect("permissions");
        let error = curate(installed.path(), base.path()).expect_err("not private");
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
    }

    #[test]
    fn many_at_once_make_one_folder() {
        let installed = installed_with(&["libmixer.so", "libchua.so"]);
        let base = tempfile::tempdir().expect("a temporary folder");
        let base = base.path().join("mine");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        curate(installed.path(), &base).expect("curated");
                    }
                });
            }
        });
        let folder = curate(installed.path(), &base).expect("curated");
        assert_eq!(names_in(&folder), ["libchua.so", "libmixer.so"]);
    }
}
