//! The bundle, moved to where nothing of the source tree can help it.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::{env, fs};
use tempfile::TempDir;
use test_hosts::Binary;

/// The bundled plugins and a folder for what the tests write.
pub struct Place {
    folder: TempDir,
}

/// A copy of the bundle outside of the target folder: the plugin must find its support files beside itself.
pub fn place() -> &'static Place {
    static PLACE: LazyLock<Place> = LazyLock::new(|| {
        let bundle = env::var_os("CSOUND_SESSION_BUNDLE").map(PathBuf::from).expect(
            "CSOUND_SESSION_BUNDLE must name the folder of the bundles; `cargo xtask test` makes them and sets it",
        );
        let folder = tempfile::tempdir().expect("a temporary folder");
        copy_tree(&bundle, folder.path());
        Place { folder }
    });
    &PLACE
}

impl Place {
    /// The CLAP plugin.
    pub fn clap(&self) -> PathBuf {
        self.folder.path().join("Csound Session.clap")
    }

    /// The VST3 plugin.
    pub fn vst3(&self) -> PathBuf {
        self.folder.path().join("Csound Session.vst3")
    }

    /// The command line program beside the CLAP plugin.
    pub fn program(&self) -> PathBuf {
        self.folder
            .path()
            .join("csound-session.support/csound-session")
    }

    /// A path for a file that a test writes.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The CLAP plugin, loaded.
    pub fn binary(&self) -> Binary {
        Binary::load(&self.clap()).expect("the bundled CLAP plugin loads")
    }
}

/// The Python interpreter that has pedalboard.
pub fn python() -> PathBuf {
    env::var_os("CSOUND_SESSION_PYTHON").map(PathBuf::from).expect(
        "CSOUND_SESSION_PYTHON must name a Python with pedalboard; `cargo xtask test` makes one and sets it",
    )
}

fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder in the temporary one");
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let path = entry.expect("a readable folder").path();
        let copy = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy_tree(&path, &copy);
        } else {
            fs::copy(&path, &copy).expect("room for a copy");
        }
    }
}

#[test]
fn the_bundle_is_complete() {
    let place = place();
    let support = [
        "csound-session",
        "instruments/lead.toml",
        "instruments/samples/glass.flac",
    ];
    for file in support {
        assert!(
            place
                .folder
                .path()
                .join("csound-session.support")
                .join(file)
                .exists(),
            "{file} (CLAP)"
        );
        let inside = place
            .vst3()
            .join("Contents/Resources/csound-session.support")
            .join(file);
        assert!(inside.exists(), "{file} (VST3)");
    }
    let plugins = place.binary().plugins();
    let names: Vec<&str> = plugins.iter().map(|plugin| plugin.name.as_str()).collect();
    assert_eq!(names, [crate::INSTRUMENT, crate::EFFECT]);
    assert!(plugins[0].features.contains(&"instrument".to_owned()));
    assert!(plugins[1].features.contains(&"audio-effect".to_owned()));
}
