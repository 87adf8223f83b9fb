//! Where the command line program stands, which is the preflight's child.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Says where the plugin's support files stand, which the helper is one of. Has an effect only the first time.
pub fn set_support_folder(folder: PathBuf) {
    let _ = SUPPORT_FOLDER.set(folder);
}

static SUPPORT_FOLDER: OnceLock<PathBuf> = OnceLock::new();

/// Says that this process runs the helper, whatever its file is called. Has an effect only the first time.
pub fn set_this_program(program: PathBuf) {
    let _ = THIS_PROGRAM.set(program);
}

static THIS_PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// The environment variable that names the support folder where the plugin does not find it.
const VARIABLE: &str = "CSOUND_SESSION_SUPPORT";

/// The program to start, or why there is none: this one, or one that is looked for in the support folder, in
/// `$CSOUND_SESSION_SUPPORT`, and beside this one, where cargo puts both.
pub fn helper_path() -> Result<PathBuf, String> {
    let places = places();
    match places.iter().find(|place| place.is_file()) {
        Some(place) => Ok(place.clone()),
        None => Err(format!(
            "its helper program `{}` was not found; reinstall Csound Session, or set {VARIABLE} to the folder it is \
             in (looked for: {})",
            program(),
            places
                .iter()
                .map(|place| place.display().to_string())
                .collect::<Vec<_>>()
                .join(", ")
        )),
    }
}

/// The folders in which support files may stand, the best one first.
pub(in crate::document) fn support_folders() -> Vec<PathBuf> {
    let places = places();
    let folders = places.iter().filter_map(|place| place.parent());
    folders.map(Path::to_owned).collect()
}

fn program() -> String {
    format!("csound-session{}", std::env::consts::EXE_SUFFIX)
}

fn places() -> Vec<PathBuf> {
    let mut places: Vec<_> = THIS_PROGRAM.get().cloned().into_iter().collect();
    places.extend(SUPPORT_FOLDER.get().map(|folder| folder.join(program())));
    places.extend(std::env::var_os(VARIABLE).map(|folder| Path::new(&folder).join(program())));
    if let Ok(this) = std::env::current_exe() {
        places.extend(beside(&this));
    }
    places
}

/// The neighbour of a program, and the one above `deps/`, where cargo puts tests.
fn beside(this: &Path) -> Vec<PathBuf> {
    let folder = this.parent();
    let above = folder.and_then(Path::parent);
    [folder, above]
        .into_iter()
        .flatten()
        .map(|folder| folder.join(program()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_beside_tests_and_above_them() {
        let found = beside(Path::new("/t/debug/deps/suite-1234"));
        assert_eq!(
            found,
            [
                Path::new("/t/debug/deps").join(program()),
                Path::new("/t/debug").join(program())
            ]
        );
    }
}
