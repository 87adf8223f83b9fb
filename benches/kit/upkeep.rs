//! What a plugin costs that is not played: time to find, open and build, memory to keep.

use crate::clock::median;
use crate::host::{self, Hosted};
use crate::ours::build;
use crate::rows::Row;
use crate::scenes;
use std::time::{Duration, Instant};
use test_hosts::resident_bytes;

/// Instances whose memory is weighed.
const KEPT: usize = 6;
/// How long the spare programs of all of them may take.
const PATIENCE: Duration = Duration::from_secs(2);

pub fn rows() -> Vec<Row> {
    // Before anything else has loaded Csound.
    let scanning = Row::with_bar(
        "scanning the plugins",
        wall(|| drop(host::scan())),
        "ms",
        30.0,
    );
    let loaded = Row::with_bar("copies of Csound that scanning loads", csounds(), "", 0.0);
    vec![
        scanning,
        loaded,
        Row::with_bar(
            "creating an instance, median",
            median(
                &mut (0..15)
                    .map(|_| wall(|| drop(host::create())))
                    .collect::<Vec<_>>(),
            ),
            "ms",
            30.0,
        ),
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
        Row::with_bar("memory of an instance and its spare", memory(), "MB", 25.0),
    ]
}

fn build_time(scene: &scenes::Scene) -> f64 {
    let spec = scene.spec();
    median(
        &mut (0..15)
            .map(|_| wall(|| drop(build(&spec))))
            .collect::<Vec<_>>(),
    )
}

/// In milliseconds.
fn wall(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1000.0
}

/// How many files of this process's memory are libcsound.
fn csounds() -> f64 {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let libraries = maps
        .lines()
        .filter_map(|line| line.split_whitespace().nth(5));
    let found = libraries.filter(|path| path.contains("libcsound"));
    found.collect::<std::collections::BTreeSet<_>>().len() as f64
}

/// Of one instance in MB, once the first block has made it keep a spare program.
fn memory() -> f64 {
    let _first = started();
    std::thread::sleep(PATIENCE);
    let before = resident_bytes();
    let _kept: Vec<_> = (0..KEPT).map(|_| started()).collect();
    std::thread::sleep(PATIENCE);
    resident_bytes().saturating_sub(before) as f64 / KEPT as f64 / 1e6
}

fn started() -> Hosted {
    let mut hosted = Hosted::playing(&scenes::filtered());
    Hosted::on_audio_thread(std::slice::from_mut(&mut hosted), |calls| {
        calls.iter_mut().for_each(|calls| {
            calls.cost(1, 64);
        });
    });
    hosted
}
