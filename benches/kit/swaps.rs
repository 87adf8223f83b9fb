//! What edits cost while a chord is held.

use crate::clock::timed;
use crate::ours::{Ours, build};
use crate::rows::Row;
use crate::scenes::{self, Scene};
use csound_session::session::command::{Command, NoteAddress};
use test_hosts::resident_bytes;

const SWAPS: usize = 500;
const FRAMES: usize = 64;

pub fn rows() -> Vec<Row> {
    let scene = scenes::filtered();
    let mut ours = Ours::playing(&scene);
    let calls = SWAPS * 4;
    let calm = longest((0..calls).map(|_| timed(|| ours.block(FRAMES))));
    let before = resident_bytes();
    let swapping = longest((0..SWAPS).flat_map(|_| swap(&mut ours, &scene)));
    ours.session.poll();
    let grown = resident_bytes().saturating_sub(before) as f64 / SWAPS as f64;
    vec![
        Row::with_bar(
            "longest process call during 500 swaps / longest without",
            swapping / calm,
            "",
            2.0,
        ),
        Row::with_bar(
            "longest process call during 500 swaps, of a block's time",
            swapping * 48_000.0 / FRAMES as f64,
            "",
            1.0,
        ),
        Row::free("memory grown by a swap", grown / 1024.0, "KiB"),
    ]
}

/// The times of some blocks around a swap; the chord is played again in the new program.
fn swap(ours: &mut Ours, scene: &Scene) -> Vec<f64> {
    ours.session.install(build(&scene.spec()));
    let times = (0..4).map(|_| timed(|| ours.block(FRAMES))).collect();
    ours.performer.at(0, Command::AllNotesOff);
    for key in scene.keys() {
        let note = NoteAddress::midi(0, key);
        ours.performer.at(
            1,
            Command::NoteOn {
                note,
                velocity: 0.8,
            },
        );
    }
    // The old program rings for 0.1 s, then goes.
    ours.play(120, FRAMES);
    ours.session.poll();
    times
}

fn longest(times: impl Iterator<Item = f64>) -> f64 {
    times.fold(0.0, f64::max)
}
