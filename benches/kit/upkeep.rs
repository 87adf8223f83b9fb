//! What a program costs that is not played: time to build, memory to keep.

use crate::clock::median;
use crate::ours::build;
use crate::rows::Row;
use crate::scenes;
use crate::swaps::resident;
use std::time::Instant;

/// Programs whose memory is weighed.
const KEPT: usize = 8;

pub fn rows() -> Vec<Row> {
    vec![
        Row::free(
            "building a program of 16 filtered voices, median",
            build_time(&scenes::filtered()),
            "ms",
        ),
        Row::free(
            "building a program of one Instr without tables, median",
            build_time(&scenes::plumbing()),
            "ms",
        ),
        Row::with_bar(
            "memory of an instance and its spare",
            2.0 * memory(),
            "MiB",
            25.0,
        ),
    ]
}

fn build_time(scene: &scenes::Scene) -> f64 {
    let spec = scene.spec();
    let time = |_| {
        let start = Instant::now();
        drop(build(&spec));
        start.elapsed().as_secs_f64() * 1000.0
    };
    median(&mut (0..15).map(time).collect::<Vec<_>>())
}

/// Of one program, in MiB.
fn memory() -> f64 {
    let spec = scenes::filtered().spec();
    let first = build(&spec);
    let before = resident();
    let kept: Vec<_> = (0..KEPT).map(|_| build(&spec)).collect();
    let grown = resident() - before;
    drop((first, kept));
    grown / KEPT as f64 / f64::from(1 << 20)
}
