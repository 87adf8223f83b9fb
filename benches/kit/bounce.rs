//! A bounce of a score, beside the `csound` command that renders the same score exported as a CSD.

use crate::clock::median;
use crate::rows::Row;
use crate::scenes;
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Pairs of which the median is taken.
const PAIRS: usize = 7;
const NOTES: u32 = 120;

pub fn rows() -> Vec<Row> {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let at = |name: &str| folder.path().join(name);
    let (document, score, csd) = (at("bench.toml"), at("bench.score.toml"), at("bench.csd"));
    write(&document, &scenes::filtered().document());
    write(&score, &music());
    let ours = |command: &str, output: &Path| {
        let mut ours = Command::new(env!("CARGO_BIN_EXE_csound-session"));
        ours.arg(command).arg(&document).arg("--score").arg(&score);
        time(ours.arg("-o").arg(output))
    };
    ours("export-csd", &csd);
    let plain = || time(Command::new("csound").arg(&csd).current_dir(folder.path()));
    let mut ratios: Vec<f64> = (0..PAIRS)
        .map(|_| ours("render", &at("ours.wav")) / plain())
        .collect();
    vec![Row::with_bar(
        "bounce of a score / csound rendering the same CSD",
        median(&mut ratios),
        "",
        1.05,
    )]
}

/// Half a minute of overlapping notes.
fn music() -> String {
    (0..NOTES).fold("end = 30\n".to_owned(), |mut score, note| {
        let (at, key) = (f64::from(note) * 0.25, 40 + note * 7 % 40);
        let _ = writeln!(score, "[[note]]\nat = {at}\ndur = 1.9\nkey = {key}");
        score
    })
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Seconds until a command has succeeded.
fn time(command: &mut Command) -> f64 {
    let start = Instant::now();
    let done = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(done.is_ok_and(|status| status.success()), "{command:?}");
    start.elapsed().as_secs_f64()
}
