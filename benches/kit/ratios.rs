//! How much more than the bare loop it costs: the plugin as a host calls it, and the performer inside it.

use crate::bare::Bare;
use crate::clock::{median, timed};
use crate::host::Hosted;
use crate::ours::Ours;
use crate::rows::Row;
use crate::scenes::{self, Scene};

/// Pairs of which the median is taken.
const PAIRS: usize = 201;

pub fn rows() -> Vec<Row> {
    let bars = [
        (scenes::filtered(), 64, 1.01),
        (scenes::filtered(), 512, 1.01),
        (scenes::plumbing(), 64, 1.7),
        (scenes::plumbing(), 512, 1.4),
    ];
    let both = |(scene, frames, bar): &(Scene, usize, f64)| {
        let name = |what| format!("{what} / bare loop: {}, blocks of {frames}", scene.name);
        [
            Row::with_bar(name("plugin"), plugin(scene, *frames), "", *bar),
            Row::free(name("performer"), performer(scene, *frames), ""),
        ]
    };
    bars.iter().flat_map(both).collect()
}

fn plugin(scene: &Scene, frames: usize) -> f64 {
    let mut hosted = Hosted::playing(scene);
    hosted.on_audio_thread(|calls| {
        let figure = ratio(scene, frames, |blocks| calls.cost(blocks, frames));
        assert!(calls.heard() > 0.0);
        figure
    })
}

fn performer(scene: &Scene, frames: usize) -> f64 {
    let mut ours = Ours::playing(scene);
    let figure = ratio(scene, frames, |blocks| timed(|| ours.play(blocks, frames)));
    assert!(ours.heard() > 0.0);
    figure
}

/// How many times longer `ours` takes than the bare loop, by its own account: the median of the ratios of pairs measured
/// in turn, so that whatever else the machine does meets both.
fn ratio(scene: &Scene, frames: usize, mut ours: impl FnMut(usize) -> f64) -> f64 {
    let mut bare = Bare::new(scene);
    let blocks = blocks(scene, frames);
    let mut ratios: Vec<f64> = (0..PAIRS)
        .map(|_| ours(blocks) / timed(|| bare.play(blocks, frames)))
        .collect();
    assert!(bare.heard() > 0.0);
    median(&mut ratios)
}

/// Some milliseconds for each measurement, however cheap the scene is.
fn blocks(scene: &Scene, frames: usize) -> usize {
    if scene.voices > 1 {
        8192 / frames
    } else {
        262_144 / frames
    }
}
