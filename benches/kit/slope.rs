//! Whether memory grows with edits.

use crate::edits::Stage;
use crate::rows::Row;
use csound_session::document::preflight::let_go;
use test_hosts::resident_bytes;

/// Edits, unless the environment asks for all of them.
const FEW: usize = 1_000;
const ALL: usize = 10_000;
/// What is left out at the begin, of all: caches and pools fill.
const WARM: usize = 4;
/// Samples of the memory in the rest.
const SAMPLES: usize = 50;

pub fn rows() -> Vec<Row> {
    let edits = if crate::is_long() { ALL } else { FEW };
    let mut stage = Stage::new();
    let first = edits / WARM;
    (0..first).for_each(|edit| stage.swap(edit));
    let step = (edits - first) / SAMPLES;
    let samples: Vec<(f64, f64)> = (0..SAMPLES)
        .map(|sample| {
            (0..step).for_each(|edit| stage.swap(first + sample * step + edit));
            ((sample * step) as f64, resident_bytes() as f64 / 1024.0)
        })
        .collect();
    let_go();
    // An allocator's ups and downs of a few hundred KiB are not told from growth: the more edits, the finer.
    let finest = 1000.0 / edits as f64;
    let slope = (slope(&samples) / finest).round() * finest;
    let name = format!("memory grown by an edit, preflight included, slope over {edits}");
    vec![Row::with_bar(name, slope.max(0.0), "KiB", 0.0)]
}

/// Of the line that fits best.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let shared: f64 = points
        .iter()
        .map(|point| (point.0 - x) * (point.1 - y))
        .sum();
    shared
        / points
            .iter()
            .map(|point| (point.0 - x).powi(2))
            .sum::<f64>()
}
