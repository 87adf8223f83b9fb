//! Ardour without a screen: its Lua makes a project with the VST3 plugins, its exporter bounces it.

use super::{LATENCY, SECONDS, Studio, compare, delay, score};
use crate::demo::song;
use crate::workspace::run as run_command;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::time::Duration;
use test_hosts::read_wav;

/// Ardour 7.3 works out latencies while its exporter may have begun: on a busy machine a bounce can come out early as a
/// whole, or the exporter crashes at its end. Such a bounce is made again.
const ATTEMPTS: usize = 6;

/// The instrument with a lane, then the effect with a sidechain behind it.
pub fn run(studio: &Studio) -> Result<()> {
    let ardour = Ardour::find()?;
    ardour.scan(studio)?;
    let melody = studio.folder.join("melody.mid");
    let kicks = studio.folder.join("kicks.mid");
    song::write(&melody, &song::melody())?;
    song::write(&kicks, &song::kicks())?;
    let lead = instrument(studio, "melody", 0)?;
    let bounce = ardour.bounce(studio, "instrument", &[], &[("Melody", &melody)])?;
    compare(&bounce, &lead, "the instrument with a lane")?;
    let ducked = effect(studio)?;
    let tracks = [("Melody", melody.as_path()), ("Key", &kicks)];
    let bounce = ardour.bounce(studio, "effect", &["Drum kit", "Ducker"], &tracks)?;
    compare(&bounce, &ducked, "the effect with a sidechain")
}

/// The instrument with its lane, before effects of this latency.
fn instrument(studio: &Studio, name: &str, latency: u32) -> Result<PathBuf> {
    let path = studio.folder.join(name).with_extension("score.toml");
    let score = score::notes(&song::melody()) + &score::lane(latency);
    score::write(&path, &score)?;
    studio.render("lead.toml", name, &["--score".as_ref(), &path])
}

/// The effect, whose main input is the instrument. Ardour 7 hands over the sidechain late, by the latency of the
/// instrument that stands before the effect.
fn effect(studio: &Studio) -> Result<PathBuf> {
    let lead = instrument(studio, "before", LATENCY)?;
    let path = studio.folder.join("kicks.score.toml");
    score::write(&path, &score::notes(&song::kicks()))?;
    let kicks = studio.render("drums.toml", "kicks", &["--score".as_ref(), &path])?;
    delay(&kicks, LATENCY, None)?;
    let inputs: [&Path; 4] = ["--input".as_ref(), &lead, "--sidechain".as_ref(), &kicks];
    studio.render("ducker.toml", "ducked", &inputs)
}

/// An installed Ardour.
struct Ardour {
    version: String,
    libraries: PathBuf,
}

impl Ardour {
    fn find() -> Result<Self> {
        let versions = ["9", "8", "7"].map(str::to_owned);
        let libraries = |version: &String| PathBuf::from(format!("/usr/lib/ardour{version}"));
        let mut found = versions.into_iter().map(|version| Self {
            libraries: libraries(&version),
            version,
        });
        found
            .find(|ardour| ardour.libraries.is_dir())
            .context("Ardour lies in none of the usual folders")
    }

    fn program(&self, name: &str) -> String {
        format!("ardour{}-{name}", self.version)
    }

    /// Ardour's programs read what a scan has found, and do not scan themselves.
    fn scan(&self, studio: &Studio) -> Result<()> {
        // What was found counts only if it is younger than the plugin, in whole seconds.
        std::thread::sleep(Duration::from_secs(1));
        let name = format!("ardour{}", self.version);
        let plugin = studio.home.join(".vst3/Csound Session.vst3");
        run_command(
            studio
                .command(self.libraries.join("ardour-vst3-scanner"))
                .env("LD_LIBRARY_PATH", &self.libraries)
                .env("ARDOUR_DLL_PATH", &self.libraries)
                .env("ARDOUR_DATA_PATH", Path::new("/usr/share").join(&name))
                .env("ARDOUR_CONFIG_PATH", Path::new("/etc").join(&name))
                .arg("-f")
                .arg(plugin),
        )
    }

    /// Makes a project and bounces it until two bounces are the same.
    fn bounce(
        &self,
        studio: &Studio,
        name: &str,
        words: &[&str],
        tracks: &[(&str, &Path)],
    ) -> Result<PathBuf> {
        let project = studio.folder.join(name);
        run_command(
            studio
                .command(self.program("lua"))
                .arg("xtask/daw/ardour_project.lua")
                .arg(&project)
                .args(words),
        )?;
        let notes = tracks
            .iter()
            .map(|(track, file)| format!("{track}={}", file.display()));
        run_command(
            studio
                .command("python3")
                .arg("xtask/daw/ardour_notes.py")
                .arg(&project)
                .arg(SECONDS.to_string())
                .args(notes),
        )?;
        let mut bounces: Vec<Vec<Vec<f32>>> = Vec::new();
        for attempt in 1..=ATTEMPTS {
            let file = studio.folder.join(format!("{name}-{attempt}.wav"));
            if let Err(error) = self.export(studio, &project, &file) {
                println!("  bounce {attempt}: {error}; again");
                continue;
            }
            let sound = read_wav(&file)?.channels;
            if bounces.contains(&sound) {
                println!("  {name}: bounce {attempt} is one of those before, sample by sample");
                return Ok(file);
            }
            bounces.push(sound);
        }
        bail!("of {ATTEMPTS} bounces no two are the same")
    }

    fn export(&self, studio: &Studio, project: &Path, file: &Path) -> Result<()> {
        run_command(
            studio
                .command(self.program("export"))
                .args(["-b", "float", "-o"])
                .args([file, project])
                .args(project.file_name()),
        )
    }
}
