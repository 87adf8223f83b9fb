//! The command line program of the bundle.

use crate::place::place;
use std::path::Path;
use std::process::{Command, Output};
use test_hosts::read_wav;

/// `csound-session render` of a MIDI file; `block` is a number or `random`.
#[track_caller]
pub fn render(document: &str, midi: &Path, frames: usize, block: &str) -> Vec<Vec<f32>> {
    let name = format!("render-{:?}-{block}", std::thread::current().id());
    let (toml, wav) = (
        place().file(&format!("{name}.toml")),
        place().file(&format!("{name}.wav")),
    );
    std::fs::write(&toml, document).expect("a writable folder");
    let seconds = format!("{}", frames as f64 / crate::RATE);
    let output = program(&[
        "render".as_ref(),
        toml.as_ref(),
        "--midi".as_ref(),
        midi,
        "-o".as_ref(),
        wav.as_ref(),
        "--block".as_ref(),
        block.as_ref(),
        "--dur".as_ref(),
        seconds.as_ref(),
        "--format".as_ref(),
        "float32".as_ref(),
    ]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "render: {}\n{said}", output.status);
    read_wav(&wav).expect("render wrote a sound").channels
}

/// The program with these arguments.
pub fn program(arguments: &[&Path]) -> Output {
    Command::new(place().program())
        .args(arguments)
        .output()
        .expect("the bundled program starts")
}

#[test]
fn check_knows_good_from_deadly() {
    let check = |name: &str, text: &str| {
        let path = place().file(name);
        std::fs::write(&path, text).expect("a writable folder");
        program(&["check".as_ref(), &path])
    };
    let good = check("good.toml", crate::documents::SINE);
    assert_eq!(
        good.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&good.stderr)
    );
    let deadly = check("deadly.toml", crate::documents::DEADLY);
    assert_eq!(
        deadly.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&deadly.stderr)
    );
    assert!(!deadly.stderr.is_empty(), "the reason is told");
}
