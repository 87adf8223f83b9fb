//! Figures that must be 0: samples that depend on how time is cut, and onsets beside their sample.

use crate::ours::Ours;
use crate::rows::Row;
use crate::scenes;
use csound_session::session::command::{Command, NoteAddress};

/// What is played in the comparison: 40 notes in 2 seconds.
const LENGTH: usize = 96_000;

pub fn rows() -> Vec<Row> {
    vec![
        Row::with_bar(
            "samples that differ between block sizes 1, 17, 64, 480, 512, 4096",
            differing(),
            "",
            0.0,
        ),
        Row::with_bar(
            "largest onset error over every offset, ksmps 16, 32, 64, 128",
            onset_error(),
            "frames",
            0.0,
        ),
    ]
}

fn on(key: u8) -> Command {
    Command::NoteOn {
        note: NoteAddress::midi(0, key),
        velocity: 0.8,
    }
}

/// Plays commands at their samples; returns the left channel, the latency taken off.
fn play(ours: &mut Ours, commands: &[(usize, Command)], length: usize, frames: usize) -> Vec<f32> {
    let latency = ours.performer.latency() as usize;
    let mut heard = Vec::new();
    let mut commands = commands.iter().peekable();
    while heard.len() < length + latency {
        let end = heard.len() + frames;
        while let Some((at, command)) = commands.next_if(|(at, _)| *at < end) {
            ours.performer.at((at - heard.len()) as u32, *command);
        }
        ours.block(frames);
        heard.extend_from_slice(&ours.buffers.outputs[0][..frames]);
    }
    heard[latency..latency + length].to_vec()
}

fn differing() -> f64 {
    let scene = scenes::filtered();
    let note = |key| NoteAddress::midi(0, key);
    let mut commands: Vec<(usize, Command)> = Vec::new();
    for i in 0..40 {
        let key = 40 + (i * 7 % 30) as u8;
        commands.push((100 + i * 2221, on(key)));
        commands.push((100 + i * 2221 + 3001, Command::NoteOff { note: note(key) }));
    }
    commands.sort_by_key(|(at, _)| *at);
    let heard = |frames| play(&mut Ours::new(&scene.spec()), &commands, LENGTH, frames);
    let reference = heard(64);
    assert!(reference.iter().any(|sample| sample.abs() > 0.01));
    let different = |frames| {
        heard(frames)
            .iter()
            .zip(&reference)
            .filter(|(a, b)| a != b)
            .count()
    };
    [1, 17, 480, 512, 4096]
        .map(different)
        .into_iter()
        .sum::<usize>() as f64
}

fn onset_error() -> f64 {
    let error = |ksmps: usize| {
        let mut spec = scenes::spec("dc", "|imidi|\nouts a(0.5), a(0.5)");
        spec.orchestra.ksmps = ksmps as u32;
        let onsets: Vec<usize> = (0..ksmps)
            .map(|offset| 1024 * (offset + 1) + offset)
            .collect();
        let note = NoteAddress::midi(0, 60);
        let commands: Vec<_> = onsets
            .iter()
            .flat_map(|&at| [(at, on(60)), (at + 300, Command::NoteOff { note })])
            .collect();
        let heard = play(&mut Ours::new(&spec), &commands, 1024 * (ksmps + 2), 480);
        let found = |at: usize| {
            heard[at - 500..]
                .iter()
                .position(|&sample| sample != 0.0)
                .unwrap_or(0)
        };
        onsets
            .into_iter()
            .map(|at| found(at).abs_diff(500))
            .max()
            .unwrap_or(0)
    };
    [16, 32, 64, 128].map(error).into_iter().max().unwrap_or(0) as f64
}
