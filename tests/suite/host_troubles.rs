//! Machines in trouble: no Csound, another library under its name, nowhere to write, a disk that is full.

use super::csound_kit::{in_child, is_child};
use super::plugin_kit::{RATE, SINE, effect, instrument, state, with};
use csound_session::csound::library;
use csound_session::document::Document;
use csound_session::document::preflight::Preflight;
use std::path::Path;
use std::process::Command;
use test_hosts::measure::{is_silent, peak};
use test_hosts::{Event, Note, Take};

fn note() -> Take {
    Take::new(4_800).at(0, Event::NoteOn(Note::key(69), 1.0))
}

/// Puts a file in the place of all that is looked for as libcsound, before the system's own.
fn instead_of_csound(folder: &Path, put: impl Fn(&Path)) {
    let names = [
        "libcsound64-session.so.6.0",
        "libcsound64.so.6.0",
        "libcsound64.so",
    ];
    names.iter().for_each(|name| put(&folder.join(name)));
}

/// In a process that has no Csound: the plugins are silent or let the input through, keep the project and say what is
/// missing.
fn plays_nothing_and_keeps_everything(why: &str) {
    let told = library().err().expect("no Csound").to_string();
    assert!(told.contains(why) && told.contains("apt install"), "{told}");
    let mut plugin = with(SINE);
    plugin.activate(RATE, 512).expect("activates");
    assert!(is_silent(plugin.play(&note()).expect("plays on").left()));
    let saved = plugin.save().expect("saves");
    plugin.load(&saved).expect("loads");
    assert_eq!(plugin.save().expect("saves"), saved);
    plugin.reset();
    let mut effect = effect();
    effect.activate(RATE, 512).expect("activates");
    let input = vec![vec![0.25; 4_800]; 2];
    let heard = effect
        .play(&Take::new(4_800).input(0, input))
        .expect("plays on");
    assert_eq!(heard.left()[4_000], 0.25, "the input comes through");
}

#[cfg(target_os = "linux")]
#[test]
fn without_csound_the_plugins_live_and_say_so() {
    const NAME: &str = "without_csound_the_plugins_live_and_say_so";
    if is_child() {
        return plays_nothing_and_keeps_everything("too short");
    }
    let folder = tempfile::tempdir().unwrap();
    instead_of_csound(folder.path(), |path| std::fs::write(path, "").unwrap());
    in_child(module_path!(), NAME, |command| {
        command
            .env("LD_LIBRARY_PATH", folder.path())
            .env_remove("CSOUND_LIB_DIR");
    });
}

#[cfg(target_os = "linux")]
#[test]
fn another_library_under_csounds_name_is_refused() {
    const NAME: &str = "another_library_under_csounds_name_is_refused";
    if is_child() {
        return plays_nothing_and_keeps_everything("csoundGetVersion is missing");
    }
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let libm = maps.lines().find_map(|line| {
        line.split_whitespace()
            .last()
            .filter(|path| path.contains("/libm.so"))
    });
    let libm = libm.expect("every program has libm");
    let folder = tempfile::tempdir().unwrap();
    instead_of_csound(folder.path(), |path| {
        std::fs::copy(libm, path).unwrap();
    });
    in_child(module_path!(), NAME, |command| {
        command
            .env("LD_LIBRARY_PATH", folder.path())
            .env_remove("CSOUND_LIB_DIR");
    });
}

/// Neither verdicts nor the looks of the window can be written.
#[test]
fn where_nothing_can_be_written_everything_plays() {
    const NAME: &str = "where_nothing_can_be_written_everything_plays";
    if !is_child() {
        in_child(module_path!(), NAME, |command| {
            for name in ["HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
                command.env(name, "/dev/null/nothing");
            }
        });
        return;
    }
    let document = Document::read(SINE, "sine.toml").unwrap();
    assert!(Preflight::default().check(&document, RATE).is_fine());
    let mut plugin = instrument();
    plugin.activate(RATE, 512).expect("activates");
    plugin.load(&state(SINE)).expect("loads");
    assert!(peak(plugin.play(&note()).expect("plays").left()) > 0.4);
    plugin.save().expect("saves");
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_the_old_document_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    let mut document = Document::read(SINE, "sine.toml").unwrap();
    document.save(&path).unwrap();
    let before = std::fs::read(&path).unwrap();
    document.name = "Changed".to_owned();
    // What is written is first written here.
    std::os::unix::fs::symlink("/dev/full", folder.path().join("mine.toml.new")).unwrap();
    let error = document.save(&path).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing is left behind"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_exporting_fails_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("sine.toml"), SINE).unwrap();
    std::fs::write(
        folder.path().join("a.score.toml"),
        "[[note]]\nat = 0\ndur = 0.2\nkey = 60\nvelocity = 1\n",
    )
    .unwrap();
    std::os::unix::fs::symlink("/dev/full", folder.path().join("out.csd.partial")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_csound-session"))
        .current_dir(folder.path())
        .args([
            "export-csd",
            "sine.toml",
            "--score",
            "a.score.toml",
            "-o",
            "out.csd",
        ])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("No space left"), "{told}");
    let left = std::fs::read_dir(folder.path()).unwrap();
    assert_eq!(left.count(), 2, "nothing is left behind");
}
