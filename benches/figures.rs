//! The figures that the project must reach: `cargo xtask bench`.

#[path = "kit/bare.rs"]
mod bare;
#[path = "kit/bounce.rs"]
mod bounce;
#[path = "kit/clock.rs"]
mod clock;
#[path = "kit/edits.rs"]
mod edits;
// The test of the same measures more with it.
#[allow(dead_code)]
#[path = "../tests/suite/editor_kit.rs"]
mod editor_kit;
#[path = "kit/exact.rs"]
mod exact;
#[path = "kit/frames.rs"]
mod frames;
#[path = "kit/host.rs"]
mod host;
#[path = "kit/ours.rs"]
mod ours;
#[path = "kit/ratios.rs"]
mod ratios;
#[path = "kit/rows.rs"]
mod rows;
#[path = "kit/scenes.rs"]
mod scenes;
#[path = "kit/swaps.rs"]
mod swaps;
#[path = "kit/upkeep.rs"]
mod upkeep;

use rows::Row;

fn main() {
    let figures: [fn() -> Vec<Row>; 7] = [
        upkeep::rows,
        ratios::rows,
        bounce::rows,
        exact::rows,
        swaps::rows,
        edits::rows,
        frames::rows,
    ];
    rows::report(figures.into_iter().flat_map(|rows| rows()));
}
