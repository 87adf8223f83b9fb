//! The demo: builds the bundle, loads it as a DAW does, plays a piece and shows what came out.

mod picture;
mod rack;
pub mod song;
mod summary;

use crate::workspace::{bundles, target};
use crate::{bundle, setup};
use anyhow::{Context, Result};
use rack::{EFFECT, INSTRUMENT, RATE, Unit};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;
use test_hosts::{Binary, MidiFile, Sound, Take};

/// What rings on after the last bar, in seconds.
const TAIL: f64 = 2.0;

/// Installs, builds with these options, plays, writes `target/demo/` and tells what was heard.
pub fn run(options: &[String]) -> Result<()> {
    setup::packages()?;
    bundle::run(options)?;
    let folder = target()?.join("demo");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let clap = bundles()?.clap;
    let stage = Stage {
        binary: Binary::load(&clap)?,
        folder,
    };
    println!("\nLoaded {}.", clap.display());
    let melody = stage.melody()?;
    let drums = stage.drums()?;
    let ducked = stage.ducked(&melody, &drums)?;
    stage.mix(&ducked, &drums)?;
    println!(
        "\nAll of it is in {}, each with a picture.",
        stage.folder.display()
    );
    Ok(())
}

/// Left and right.
type Stereo = Vec<Vec<f32>>;

/// The loaded plugins and where to write what they play.
struct Stage {
    binary: Binary,
    folder: PathBuf,
}

impl Stage {
    /// The instrument plays a MIDI file while a lane opens its filter.
    fn melody(&self) -> Result<Stereo> {
        let start = Instant::now();
        let mut lead = Unit::open(&self.binary, INSTRUMENT, "lead.toml")?;
        let lane = lead.lane("Cutoff", "200 Hz", "5000 Hz", song::LENGTH)?;
        let notes = song::melody();
        let take = self.midi("melody.mid", &notes)?.events(lane);
        let sound = lead.play(take)?;
        let facts = [
            summary::check_melody(&sound[0], &notes)?,
            summary::check_sweep(&sound[0], &notes[3], &notes[notes.len() - 1])?,
        ];
        self.write(
            "melody",
            "Lead: a MIDI file and an automation lane",
            &sound,
            &facts,
            start,
        )?;
        Ok(sound)
    }

    /// A second instance of the instrument plays the drums.
    fn drums(&self) -> Result<Stereo> {
        let start = Instant::now();
        let mut kit = Unit::open(&self.binary, INSTRUMENT, "drums.toml")?;
        let sound = kit.play(self.midi("drums.mid", &song::drums())?)?;
        self.write("drums", "Drums", &sound, &[], start)?;
        Ok(sound)
    }

    /// The effect turns the melody down wherever the drums on its sidechain are loud.
    fn ducked(&self, melody: &Stereo, drums: &Stereo) -> Result<Stereo> {
        let start = Instant::now();
        let mut ducker = Unit::open(&self.binary, EFFECT, "ducker.toml")?;
        let take = Take::new(melody[0].len())
            .input(0, melody.clone())
            .input(1, drums.clone());
        let sound = ducker.play(take)?;
        let facts = [summary::check_ducking(
            &melody[0],
            &sound[0],
            &song::kicks(),
        )?];
        self.write(
            "ducked",
            "The melody through the ducker, drums on its sidechain",
            &sound,
            &facts,
            start,
        )?;
        Ok(sound)
    }

    /// Everything together, in a room.
    fn mix(&self, ducked: &Stereo, drums: &Stereo) -> Result<()> {
        let start = Instant::now();
        let mut reverb = Unit::open(&self.binary, EFFECT, "reverb.toml")?;
        let sum = |(a, b): (&Vec<f32>, &Vec<f32>)| {
            a.iter().zip(b).map(|(x, y)| 0.7 * x + 0.5 * y).collect()
        };
        let dry: Stereo = ducked.iter().zip(drums).map(sum).collect();
        let sound = reverb.play(Take::new(dry[0].len()).input(0, dry))?;
        self.write(
            "mix",
            "Ducked melody and drums in a reverb",
            &sound,
            &[],
            start,
        )
    }

    /// Writes notes as a MIDI file, and reads the file as a take.
    fn midi(&self, name: &str, notes: &[song::Note]) -> Result<Take> {
        let path = self.folder.join(name);
        song::write(&path, notes)?;
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let frames = ((song::LENGTH + TAIL) * f64::from(RATE)) as usize;
        Ok(Take::new(frames).events(MidiFile::parse(&bytes)?.events(f64::from(RATE))))
    }

    /// Writes the sound and its picture, and prints what there is to say.
    fn write(
        &self,
        name: &str,
        title: &str,
        sound: &Stereo,
        facts: &[String],
        start: Instant,
    ) -> Result<()> {
        let wav = self.folder.join(name).with_extension("wav");
        test_hosts::write_wav(&wav, RATE, sound)?;
        let took = start.elapsed();
        println!("\n{}  {title}", shown(&wav));
        println!(
            "  {}, played in {:.2} s",
            summary::level(sound)?,
            took.as_secs_f64()
        );
        for fact in facts {
            println!("  {fact}");
        }
        let sound = Sound {
            rate: RATE,
            channels: sound.clone(),
        };
        picture::draw(&sound, title, &wav.with_extension("png"))
    }
}

fn shown(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
