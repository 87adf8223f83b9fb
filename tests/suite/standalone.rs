//! The plugins without a host: `csound-session run`.

use super::csound_kit::is_child;
use super::render_kit::instruments;
use super::screen_kit::{hand, on_a_screen, picture, wait};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_csound-session"));
    command.arg("run").args(arguments);
    command
}

fn windows(name: &str) -> usize {
    let found = Command::new("xdotool")
        .args(["search", "--onlyvisible", "--name", &format!("^{name}$")])
        .output();
    let found = found.expect("xdotool runs").stdout;
    String::from_utf8_lossy(&found).lines().count()
}

/// The program with a document, once its window is there.
fn opened(document: &Path, name: &str) -> Child {
    let path = document.to_str().expect("a path that is text");
    let child = program(&[path, "--backend", "dummy"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    wait("the window", Duration::from_secs(30), || windows(name) > 0);
    std::thread::sleep(Duration::from_secs(2));
    child
}

/// Ends it as Ctrl+C in its terminal does.
fn interrupt(mut child: Child) -> Output {
    let ended = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(ended.expect("kill runs").success());
    wait("its end", Duration::from_secs(10), || {
        child.try_wait().expect("a child").is_some()
    });
    child.wait_with_output().expect("its output")
}

#[test]
fn a_document_is_opened_changed_saved_and_left() {
    if !is_child() {
        return on_a_screen(
            module_path!(),
            "a_document_is_opened_changed_saved_and_left",
        );
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lead.toml");
    std::fs::copy(instruments().join("lead.toml"), &file).expect("a copy");
    let child = opened(&file, "Csound Session");
    picture("standalone.png");
    hand("mousemove 500 300 click 1");
    hand("key ctrl+End");
    hand("type ; typed here");
    hand("key ctrl+Return");
    let saved = || {
        hand("key ctrl+s");
        let text = std::fs::read_to_string(&file).expect("the document");
        text.contains("; typed here")
    };
    wait("the edit and its file", Duration::from_secs(25), saved);
    let output = interrupt(child);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn an_effect_opens_in_the_plugin_for_effects() {
    if !is_child() {
        return on_a_screen(module_path!(), "an_effect_opens_in_the_plugin_for_effects");
    }
    let child = opened(&instruments().join("delay.toml"), "Csound Session FX");
    picture("standalone-effect.png");
    let output = interrupt(child);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn what_cannot_be_opened_or_played_is_told_and_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = folder.path().join("broken.toml");
    std::fs::write(&broken, "version = 1\nnonsense = 2\n").expect("a file");
    let broken = broken.to_str().expect("a path that is text");
    let device = ["--backend", "alsa", "--output-device", "no such device"];
    for (arguments, expected) in [
        (&[broken][..], "nonsense"),
        (&["/nowhere/x.toml"], "/nowhere/x.toml"),
        (&device, "ALSA"),
    ] {
        let output = program(arguments).output().expect("it runs");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{arguments:?}: {told}");
        assert!(told.contains(expected), "{arguments:?}: {told}");
    }
}
