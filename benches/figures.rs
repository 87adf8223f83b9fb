//! The figures that the project must reach: `cargo xtask bench`, or `cargo bench --bench figures -- PART...`.

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
#[path = "kit/growth.rs"]
mod growth;
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
#[path = "kit/slope.rs"]
mod slope;
#[path = "kit/swaps.rs"]
mod swaps;
#[path = "kit/upkeep.rs"]
mod upkeep;

use rows::Row;

/// Measures some figures.
type Part = fn() -> Vec<Row>;

/// All parts, each under the name by which it can be asked for alone.
const PARTS: [(&str, Part); 9] = [
    ("upkeep", upkeep::rows),
    ("ratios", ratios::rows),
    ("bounce", bounce::rows),
    ("exact", exact::rows),
    ("swaps", swaps::rows),
    ("edits", edits::rows),
    ("frames", frames::rows),
    ("slope", slope::rows),
    ("growth", growth::rows),
];

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let alone = |name: &str| asked.iter().any(|asked| asked == name);
    let any = PARTS.iter().any(|(name, _)| alone(name));
    let parts = PARTS.iter().filter(|(name, _)| !any || alone(name));
    rows::report(parts.flat_map(|(_, rows)| rows()));
}

/// Whether the parts that take long are to be measured in full.
fn is_long() -> bool {
    std::env::var_os("BENCH_LONG").is_some()
}
