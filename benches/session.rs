//! The figures of the session without a host: `cargo bench --bench session`, or `cargo xtask bench` for all of them.

#![allow(dead_code, reason = "each bench uses a part of the kit")]

#[path = "kit/bare.rs"]
mod bare;
#[path = "kit/clock.rs"]
mod clock;
#[path = "kit/exact.rs"]
mod exact;
#[path = "kit/ours.rs"]
mod ours;
#[path = "kit/rows.rs"]
mod rows;
#[path = "kit/scenes.rs"]
mod scenes;
#[path = "kit/swaps.rs"]
mod swaps;
#[path = "kit/upkeep.rs"]
mod upkeep;

use bare::Bare;
use ours::Ours;
use rows::{Row, report};
use scenes::Scene;

fn main() {
    let figures: [fn() -> Vec<Row>; 4] = [ratios, exact::rows, upkeep::rows, swaps::rows];
    report("session", figures.into_iter().flat_map(|rows| rows()));
}

fn ratios() -> Vec<Row> {
    let bars = [
        (scenes::filtered(), 64, 1.01),
        (scenes::filtered(), 512, 1.01),
        (scenes::plumbing(), 64, 1.7),
        (scenes::plumbing(), 512, 1.4),
    ];
    bars.into_iter()
        .map(|(scene, frames, bar)| ratio(&scene, frames, bar))
        .collect()
}

fn ratio(scene: &Scene, frames: usize, bar: f64) -> Row {
    let (mut ours, mut bare) = (Ours::playing(scene), Bare::new(scene));
    // Some milliseconds for each measurement, however cheap the scene is.
    let blocks = if scene.voices > 1 { 8192 } else { 262_144 } / frames;
    let figure = clock::ratio(
        || ours.play(blocks, frames),
        || bare.play(blocks, frames),
        201,
    );
    assert!(ours.heard() > 0.0 && bare.heard() > 0.0, "both are heard");
    Row::with_bar(
        format!("performer / bare loop: {}, blocks of {frames}", scene.name),
        figure,
        "",
        bar,
    )
}
