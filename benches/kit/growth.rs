//! How the cost grows: with voices, instances, the length of a cycle, channels, and lines of code.

use crate::clock::{median, timed};
use crate::host::{Calls, Hosted};
use crate::ours::build;
use crate::ratios::{self, Cost};
use crate::rows::Row;
use crate::scenes::{self, Scene};
use csound_session::document::load::prepare_with;
use csound_session::document::preflight::Preflight;
use csound_session::document::{Document, Implied};
use std::time::Instant;
use test_hosts::resident_bytes;

/// Pairs of which the median is taken.
const PAIRS: usize = 41;
/// Samples in a block, where nothing else is said.
const FRAMES: usize = 512;

pub fn rows() -> Vec<Row> {
    let parts: [fn() -> Vec<Row>; 5] = [voices, cycles, channels, instances, lines];
    parts.into_iter().flat_map(|rows| rows()).collect()
}

/// The two rows of a cost.
fn pair(what: &str, cost: &Cost) -> [Row; 2] {
    [
        Row::growth(format!("{what}, / bare loop"), cost.ratio, ""),
        Row::growth(format!("{what}, of one core"), cost.load, "%"),
    ]
}

fn voices() -> Vec<Row> {
    let counts = [1, 2, 4, 8, 16, 32, 64, 128];
    let rows = |voices| {
        let scene = Scene {
            voices,
            ..scenes::filtered()
        };
        let what = format!("plugin, filtered voices: {voices}");
        pair(&what, &ratios::plugin(&scene, FRAMES, PAIRS))
    };
    counts.into_iter().flat_map(rows).collect()
}

/// Documents allow cycles of up to 128 samples.
fn cycles() -> Vec<Row> {
    let rows = |power| {
        let ksmps = 1_u32 << power;
        let scene = Scene {
            ksmps,
            ..scenes::filtered()
        };
        let what = format!("plugin, 16 filtered voices, ksmps: {ksmps}");
        pair(&what, &ratios::plugin(&scene, FRAMES, PAIRS))
    };
    (0..=7).flat_map(rows).collect()
}

/// Hosts give four channels at the most; a document has up to sixteen main outputs, of which a plugin's host gets two.
fn channels() -> Vec<Row> {
    let counts = [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 2), (4, 2)];
    let rows = |(inputs, outputs)| {
        let scene = scenes::channels(inputs, outputs);
        let what = format!("performer, one oscili voice, channels in and out: {inputs}, {outputs}");
        pair(&what, &ratios::performer(&scene, FRAMES, PAIRS))
    };
    counts.into_iter().flat_map(rows).collect()
}

fn instances() -> Vec<Row> {
    let scene = scenes::filtered();
    let before = resident_bytes();
    let mut hosted: Vec<Hosted> = Vec::new();
    let mut rows = Vec::new();
    for count in [1, 2, 4, 8, 16, 32] {
        hosted.resize_with(count, || Hosted::playing(&scene));
        let load = 100.0 * Hosted::on_audio_thread(&mut hosted, in_turn);
        let grown = resident_bytes().saturating_sub(before) as f64 / 1e6;
        let what = format!("instances of 16 filtered voices: {count}");
        rows.push(Row::growth(
            format!("{what}, of one core each"),
            load / count as f64,
            "%",
        ));
        rows.push(Row::growth(format!("{what}, memory of all"), grown, "MB"));
    }
    rows
}

/// The share of a core that some instances take when a host calls one after the other for each block.
fn in_turn(all: &mut [&mut Calls]) -> f64 {
    const BLOCKS: usize = 8;
    let mut times: Vec<f64> = (0..PAIRS)
        .map(|_| {
            let block = |_| {
                all.iter_mut()
                    .map(|calls| calls.cost(1, FRAMES))
                    .sum::<f64>()
            };
            (0..BLOCKS).map(block).sum()
        })
        .collect();
    median(&mut times) / ((BLOCKS * FRAMES) as f64 / 48_000.0)
}

fn lines() -> Vec<Row> {
    [1, 10, 100, 500, 1000, 2000]
        .into_iter()
        .flat_map(of_lines)
        .collect()
}

fn of_lines(lines: usize) -> [Row; 2] {
    const TIMES: usize = 5;
    let preflight = Preflight {
        helper: None,
        cache: None,
    };
    let (mut judged, mut built): (Vec<f64>, Vec<f64>) = (0..TIMES)
        .map(|time| {
            let document = long_document(lines, time);
            let start = Instant::now();
            let prepared = prepare_with(&preflight, &document, 48_000.0, &[], Implied::Yes);
            let prepared = prepared.unwrap_or_else(|verdict| panic!("{verdict}"));
            let judged = start.elapsed().as_secs_f64();
            (
                judged,
                timed(|| drop(build(&prepared.specification.program))),
            )
        })
        .unzip();
    let row = |what, figure| Row::growth(format!("lines of code: {lines}, {what}"), figure, "ms");
    [
        row("trial in a child process", 1e3 * median(&mut judged)),
        row("building the program", 1e3 * median(&mut built)),
    ]
}

/// Instruments of up to twenty lines each; another text each time.
fn long_document(lines: usize, time: usize) -> Document {
    const MOST: usize = 20;
    let instr = |first: usize| {
        let count = (lines - first).min(MOST);
        let sums = (1..count).map(|line| format!("asig = asig * 0.{time}{line} + asig\n"));
        let body = format!(
            "asig oscili 0.1, {}\n{}",
            100 + first,
            sums.collect::<String>()
        );
        serde_json::json!({ "name": format!("voice{first}"), "body": format!("|imidi|\n{body}outs asig, asig") })
    };
    let instrs: Vec<_> = (0..lines).step_by(MOST).map(instr).collect();
    let text = serde_json::json!({ "version": 1, "name": "Long", "instr": instrs });
    Document::from_state(&text.to_string()).unwrap_or_else(|error| panic!("{error}"))
}
