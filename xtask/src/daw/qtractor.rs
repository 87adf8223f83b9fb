//! Qtractor on a screen that nobody sees, driven by its menus: its exporter bounces a session with the CLAP, which no other
//! DAW of Debian hosts. It has no sidechain for plugins.

mod screen;

use super::{LATENCY, RATE, SECONDS, Studio, compare, delay, score};
use crate::demo::song::{self, Note};
use crate::workspace::run as run_command;
use anyhow::{Context, Result, bail};
use screen::{Guard, Screen, wait_for};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use test_hosts::{Project, read_wav};

/// JACK's, in samples.
const PERIOD: u32 = 512;

/// The instrument, bounced twice.
pub fn run(studio: &Studio) -> Result<()> {
    let folder = studio.folder.join("qtractor");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let melody = folder.join("melody.mid");
    song::write(&melody, &song::melody())?;
    let expected = expected(studio, &folder)?;
    let session = session(studio, &folder, &melody)?;
    let first = bounce(studio, &session, "first")?;
    let second = bounce(studio, &session, "second")?;
    compare(&second, &first, "Qtractor, two bounces")?;
    compare(&first, &expected, "Qtractor, the instrument")
}

/// The render of what Qtractor 0.9 plays, late by the latency as its export is.
///
/// In an export it hands over the notes of a period after the plugins have played it: one begins with the next period. It
/// ends on time, which is before the sample at which the file says that it ends.
fn expected(studio: &Studio, folder: &Path) -> Result<PathBuf> {
    let path = folder.join("melody.score.toml");
    score::write(&path, &score::notes_at(&song::melody(), played))?;
    let render = studio.render(
        "lead.toml",
        "qtractor/expected",
        &["--score".as_ref(), &path],
    )?;
    delay(&render, LATENCY, Some(SECONDS * RATE))?;
    Ok(render)
}

/// When a note begins and how long it is, in seconds.
fn played(note: &Note) -> (f64, f64) {
    let sample = |seconds: f64| (seconds * f64::from(RATE)).round() as u32;
    let start = (sample(note.seconds()) / PERIOD + 1) * PERIOD;
    let end = sample(note.seconds() + note.duration()) - 1;
    let seconds = |samples: u32| f64::from(samples) / f64::from(RATE);
    (seconds(start), seconds(end - start))
}

fn session(studio: &Studio, folder: &Path, melody: &Path) -> Result<PathBuf> {
    let (session, state) = (folder.join("piece.qtr"), folder.join("lead.state"));
    let document = fs::read_to_string("instruments/lead.toml").context("cannot read lead.toml")?;
    fs::write(&state, Project::of_toml(&document)?.clap_state())
        .with_context(|| format!("cannot write {}", state.display()))?;
    run_command(
        studio
            .command("python3")
            .arg("xtask/daw/qtractor_session.py")
            .arg(&session)
            .arg(studio.home.join(".clap/Csound Session.clap"))
            .arg(state)
            .arg(melody)
            .arg((SECONDS * RATE).to_string()),
    )?;
    Ok(session)
}

/// Opens the session and exports it.
fn bounce(studio: &Studio, session: &Path, name: &str) -> Result<PathBuf> {
    let screen = Screen::new()?;
    let server = format!("csound-session-{}", std::process::id());
    let command = |program: &str| {
        let mut command = studio.command(program);
        command
            .env("JACK_DEFAULT_SERVER", &server)
            .env("JACK_NO_AUDIO_RESERVATION", "1")
            .env("CLAP_PATH", studio.home.join(".clap"))
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("DISPLAY", screen.display());
        command
    };
    let period = PERIOD.to_string();
    let rate = RATE.to_string();
    let driver = ["-r", "-d", "dummy", "-r", &rate, "-p", &period];
    let _jack = Guard::start(command("jackd").args(["-n", &server]).args(driver))?;
    let qtractor = &mut command("qtractor");
    let _qtractor = Guard::start(qtractor.env("LD_PRELOAD", sequencer(session)?).arg(session))?;
    wait_for("Qtractor's output", || {
        let ports = command("jack_lsp").output();
        ports.is_ok_and(|ports| contains(&ports.stdout, "Qtractor:Master/out_2"))
    })?;
    let file = session.with_file_name(name).with_extension("wav");
    export(&screen, &file)?;
    wait_until_written(&file)?;
    Ok(file)
}

fn contains(bytes: &[u8], text: &str) -> bool {
    String::from_utf8_lossy(bytes).contains(text)
}

/// The library that stands in for ALSA's sequencer, built anew.
fn sequencer(session: &Path) -> Result<PathBuf> {
    let library = session.with_file_name("no_sequencer.so");
    run_command(
        Command::new("cc")
            .args(["-shared", "-fPIC", "-O2", "-w", "-o"])
            .arg(&library)
            .arg("xtask/daw/no_sequencer.c"),
    )?;
    Ok(library)
}

/// Track, Export Tracks, Audio: all of the session from the bus "Master" as 32-bit floats. The places are those of the
/// dialog of Qtractor 0.9.
fn export(screen: &Screen, file: &Path) -> Result<()> {
    let main = screen.window("piece.qtr")?;
    // Until plugins and clips are loaded.
    std::thread::sleep(Duration::from_secs(2));
    screen.click(main, (400, 400))?;
    for key in ["alt+t", "x", "a"] {
        screen.key(key)?;
    }
    let dialog = screen.window("Export Audio Tracks")?;
    for key in ["ctrl+a", "Delete"] {
        screen.key(key)?;
    }
    screen.text(&file.display().to_string())?;
    screen.click(dialog, (177, 93))?;
    for key in ["F", "Return"] {
        screen.key(key)?;
    }
    screen.click(dialog, (265, 147))?;
    screen.click(dialog, (297, 346))
}

fn wait_until_written(file: &Path) -> Result<()> {
    let size = u64::from(SECONDS * RATE) * 2 * 4;
    let is_whole = || fs::metadata(file).is_ok_and(|data| data.len() > size);
    wait_for("the whole bounce", is_whole)?;
    std::thread::sleep(Duration::from_secs(1));
    match read_wav(file) {
        Ok(sound) if sound.channels.len() == 2 => Ok(()),
        Ok(_) => bail!("{} is not stereo", file.display()),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}
