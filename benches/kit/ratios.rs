//! How much more than the bare loop it costs: the plugin as a host calls it, and the performer inside it.

use crate::bare::Bare;
use crate::clock::{median, timed};
use crate::host::Hosted;
use crate::ours::Ours;
use crate::rows::Row;
use crate::scenes::{self, Scene};

/// Pairs of which the median is taken.
const PAIRS: usize = 201;

/// What something costs.
pub struct Cost {
    /// How many times as long as the bare loop.
    pub ratio: f64,
    /// The share of one core, in percent.
    pub load: f64,
}

pub fn rows() -> Vec<Row> {
    let bars = [
        (scenes::filtered(), 64, 1.01),
        (scenes::filtered(), 512, 1.01),
        (scenes::plumbing(), 64, 1.7),
        (scenes::plumbing(), 512, 1.4),
    ];
    let both = |(scene, frames, bar): &(Scene, usize, f64)| {
        let name = |what| format!("{what} / bare loop: {}, blocks of {frames}", scene.name);
        let (plugin, performer) = (
            plugin(scene, *frames, PAIRS),
            performer(scene, *frames, PAIRS),
        );
        [
            Row::with_bar(name("plugin"), plugin.ratio, "", *bar),
            Row::free(name("performer"), performer.ratio, ""),
        ]
    };
    bars.iter().flat_map(both).collect()
}

/// The plugin's process calls in blocks of so many samples.
pub fn plugin(scene: &Scene, frames: usize, pairs: usize) -> Cost {
    let mut hosted = [Hosted::playing(scene)];
    Hosted::on_audio_thread(&mut hosted, |calls| {
        let [calls] = calls else {
            unreachable!("one instance")
        };
        let cost = cost(scene, frames, pairs, |blocks| calls.cost(blocks, frames));
        assert!(calls.heard() > 0.0);
        cost
    })
}

/// The performer's in the same.
pub fn performer(scene: &Scene, frames: usize, pairs: usize) -> Cost {
    let mut ours = Ours::playing(scene);
    let cost = cost(scene, frames, pairs, |blocks| {
        timed(|| ours.play(blocks, frames))
    });
    assert!(ours.heard() > 0.0);
    cost
}

/// How long `ours` takes, by its own account, beside the bare loop: the median of the ratios of pairs measured in turn, so
/// that whatever else the machine does meets both.
fn cost(scene: &Scene, frames: usize, pairs: usize, mut ours: impl FnMut(usize) -> f64) -> Cost {
    let mut bare = Bare::new(scene);
    let blocks = blocks(scene, frames);
    let (mut ratios, mut times): (Vec<f64>, Vec<f64>) = (0..pairs)
        .map(|_| {
            let time = ours(blocks);
            (time / timed(|| bare.play(blocks, frames)), time)
        })
        .unzip();
    assert!(bare.heard() > 0.0);
    let sounds = (blocks * frames) as f64 / 48_000.0;
    Cost {
        ratio: median(&mut ratios),
        load: 100.0 * median(&mut times) / sounds,
    }
}

/// Some milliseconds for each measurement, however cheap the scene is.
fn blocks(scene: &Scene, frames: usize) -> usize {
    let samples = if scene.controls == 0 {
        262_144
    } else {
        131_072 / scene.voices
    };
    samples / frames
}
