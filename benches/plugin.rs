//! The figures of the plugin in a CLAP host: `cargo bench --bench plugin`, or `cargo xtask bench` for all of them.

#![allow(dead_code, reason = "each bench uses a part of the kit")]

#[path = "kit/bare.rs"]
mod bare;
#[path = "kit/clock.rs"]
mod clock;
#[path = "kit/host.rs"]
mod host;
#[path = "kit/rows.rs"]
mod rows;
#[path = "kit/scenes.rs"]
mod scenes;

use bare::Bare;
use host::Hosted;
use rows::{Row, report};
use scenes::Scene;

const PAIRS: usize = 201;

fn main() {
    let figures = [
        (scenes::filtered(), 64, 1.01),
        (scenes::filtered(), 512, 1.01),
        (scenes::plumbing(), 64, 1.7),
        (scenes::plumbing(), 512, 1.4),
    ];
    let rows = figures
        .into_iter()
        .map(|(scene, frames, bar)| ratio(&scene, frames, bar));
    report("plugin", rows);
}

/// The process calls of the plugin against the bare loop. The clock is read around each call; what reading it costs is
/// measured in the same run and taken off.
fn ratio(scene: &Scene, frames: usize, bar: f64) -> Row {
    let (mut hosted, mut bare) = (Hosted::playing(scene), Bare::new(scene));
    let blocks = if scene.voices > 1 { 8192 } else { 262_144 } / frames;
    let reading = clock::reading() * blocks as f64;
    let mut ratios: Vec<f64> = (0..PAIRS)
        .map(|_| {
            hosted.spent = 0.0;
            hosted.play(blocks, frames);
            (hosted.spent - reading) / clock::timed(|| bare.play(blocks, frames))
        })
        .collect();
    assert!(hosted.heard() > 0.0 && bare.heard() > 0.0, "both are heard");
    let name = format!("plugin / bare loop: {}, blocks of {frames}", scene.name);
    Row::with_bar(name, clock::median(&mut ratios), "", bar)
}
