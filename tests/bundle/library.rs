//! The factory documents that stand beside the plugin.

use crate::place::place;
use crate::program::program;
use test_hosts::{measure, read_wav};

/// Documents, scores and samples are all there: the copy in the bundle plays by itself.
#[test]
fn the_documents_of_the_bundle_play_with_their_samples() {
    let instruments = place().file("csound-session.support/instruments");
    let wav = place().file("grains.wav");
    let said = program(&[
        "render".as_ref(),
        &instruments.join("grains.toml"),
        "--score".as_ref(),
        &instruments.join("grains.score.toml"),
        "--dur".as_ref(),
        "2".as_ref(),
        "-o".as_ref(),
        &wav,
    ]);
    assert!(
        said.status.success(),
        "{}",
        String::from_utf8_lossy(&said.stderr)
    );
    let sound = read_wav(&wav).expect("render wrote a sound");
    assert!(measure::peak(&sound.channels[0]) > 0.01);
}
