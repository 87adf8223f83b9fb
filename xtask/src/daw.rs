//! The bundled plugins in DAWs as Debian packages them: projects are made and loaded, bounced twice, and what comes out is
//! compared with `csound-session render` of the same events, sample by sample.

mod ardour;
mod qtractor;
mod score;

use crate::workspace::{Bundles, bundles, run as run_command, target};
use crate::{bundle, setup};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use test_hosts::measure::{first_difference, null, peak};
use test_hosts::{read_wav, write_wav};

/// The sample rate of everything here.
const RATE: u32 = 48_000;
/// What each plugin reports, in samples.
const LATENCY: u32 = 32;
/// What is played, in seconds.
const SECONDS: u32 = 8;

/// Installs the DAWs, builds with these options, plays and compares.
pub fn run(options: &[String]) -> Result<()> {
    setup::packages()?;
    setup::program("ardour", "ardour7-lua", "a DAW that hosts VST3")?;
    setup::program("qtractor", "qtractor", "a DAW that hosts CLAP")?;
    setup::program("jackd2", "jackd", "what Qtractor plays on")?;
    bundle::run(options)?;
    let studio = Studio::new()?;
    ardour::run(&studio)?;
    qtractor::run(&studio)?;
    println!("\nAll of it is in {}.", studio.folder.display());
    Ok(())
}

/// A home of its own for the DAW, with the plugins and their presets in it.
struct Studio {
    /// `target/daw`.
    folder: PathBuf,
    home: PathBuf,
    program: PathBuf,
}

impl Studio {
    fn new() -> Result<Self> {
        let folder = target()?.join("daw");
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        let home = folder.join("home");
        let bundles = bundles()?;
        let program = bundle::program(&bundles);
        let Bundles { clap, vst3 } = bundles;
        let support = clap.with_file_name(bundle::SUPPORT);
        let studio = Self {
            program,
            folder,
            home,
        };
        for (place, plugin) in [(".clap", clap), (".clap", support), (".vst3", vst3)] {
            let name = plugin.file_name().context("a plugin has a name")?;
            bundle::copy_tree(&plugin, &studio.home.join(place).join(name))?;
        }
        run_command(studio.command(&studio.program).arg("vst3-presets"))?;
        Ok(studio)
    }

    /// A command that takes the studio for the user's home.
    fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command
            .env("HOME", &self.home)
            .env("XDG_RUNTIME_DIR", &self.home)
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_CACHE_HOME")
            .stdin(std::process::Stdio::null());
        command
    }

    /// What `csound-session render` makes of a document of `instruments/` with these arguments.
    fn render(&self, document: &str, out: &str, arguments: &[&Path]) -> Result<PathBuf> {
        let out = self.folder.join(out).with_extension("wav");
        run_command(
            self.command(&self.program)
                .arg("render")
                .arg(Path::new("instruments").join(document))
                .args(arguments)
                .args(["--format", "float32", "--dur"])
                .arg(SECONDS.to_string())
                .arg("-o")
                .arg(&out),
        )?;
        Ok(out)
    }
}

/// Puts silence before a sound, and cuts it to a length if one is given; both in samples.
fn delay(file: &Path, samples: u32, length: Option<u32>) -> Result<()> {
    let mut sound = read_wav(file)?;
    for channel in &mut sound.channels {
        channel.splice(0..0, vec![0.0; samples as usize]);
        channel.truncate(length.map_or(usize::MAX, |length| length as usize));
    }
    Ok(write_wav(file, sound.rate, &sound.channels)?)
}

/// Says how alike two sound files are, and fails if one sample differs.
fn compare(heard: &Path, expected: &Path, what: &str) -> Result<()> {
    let [a, b] = [heard, expected].map(|path| read_wav(path).map(|sound| sound.channels));
    let (a, b) = (a?, b?);
    let loudest = a.iter().map(|channel| peak(channel)).fold(0.0, f32::max);
    if loudest < 0.01 {
        bail!("{what}: nothing is heard");
    }
    let lengths = (a[0].len(), b[0].len());
    match first_difference(&a, &b) {
        None => {
            println!(
                "  {what}: {} samples, not one differs, peak {loudest:.3}",
                lengths.0
            );
            Ok(())
        }
        Some((channel, sample)) => bail!(
            "{what}: {} and {} differ first at sample {sample} of channel {channel}, by {:.1} dB in all ({} and {} samples)",
            heard.display(),
            expected.display(),
            null(&a, &b),
            lengths.0,
            lengths.1,
        ),
    }
}
