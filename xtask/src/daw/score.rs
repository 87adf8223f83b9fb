//! The demo's piece as a score for `csound-session render`, with the lane that the DAW draws.

use super::{RATE, SECONDS};
use crate::demo::song::Note;
use anyhow::{Context, Result};
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// The parameter that moves, and its values at the beginning and at the end.
pub const PARAMETER: &str = "lead.kamp";
const FROM: f64 = 0.125;
const TO: f64 = 0.875;

/// Notes as a score.
pub fn notes(notes: &[Note]) -> String {
    let at_its_time = |note: &Note| (note.seconds(), note.duration());
    notes_at(notes, at_its_time)
}

/// Notes as a score, each where `place` says: its start and its length in seconds.
pub fn notes_at(notes: &[Note], place: impl Fn(&Note) -> (f64, f64)) -> String {
    let mut score = format!("end = {SECONDS}.0\n");
    for note in notes {
        let (at, dur) = place(note);
        let (key, velocity) = (note.key, f64::from(note.velocity) / 127.0);
        // Writing into a text cannot fail.
        let _ = writeln!(
            score,
            "[[note]]\nat = {at:?}\ndur = {dur:?}\nkey = {key}\nvelocity = {velocity:?}",
        );
    }
    score
}

/// The lane as Ardour plays it before effects of this latency: one value a block of 1,024 samples, read off at the
/// nearest tick, 1,920 of which are a quarter note. The first block has 256 samples, and all begin late by the latency.
pub fn lane(latency: u32) -> String {
    const TICK: f64 = 12.5;
    let length = SECONDS * RATE;
    let value = |at: u32| {
        let place = (f64::from(at) / TICK).round() * TICK / f64::from(length);
        // What passes between them are 32-bit floats.
        f64::from((FROM + (TO - FROM) * place) as f32)
    };
    let line = |at: u32| {
        let seconds = f64::from(at) / f64::from(RATE);
        format!(
            "[[param]]\nname = \"{PARAMETER}\"\nat = {seconds:?}\nvalue = {:?}\n",
            value(at)
        )
    };
    let blocks = (256 + latency..length).step_by(1024);
    [0, latency].into_iter().chain(blocks).map(line).collect()
}

/// Writes a score.
pub fn write(path: &Path, score: &str) -> Result<()> {
    fs::write(path, score).with_context(|| format!("cannot write {}", path.display()))
}
