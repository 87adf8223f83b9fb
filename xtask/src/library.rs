//! The page about the factory documents: plays each with its score, and writes down what it is.

mod page;
mod picture;

use crate::workspace::{FEATURES, cargo, run as run_command, target};
use anyhow::{Context, Result, bail};
use page::{About, Control, Entry};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the documents are.
const INSTRUMENTS: &str = "instruments";
/// What effects hear, and what comes in on the side: documents with a score.
const INPUT: &str = "pluck";
const SIDECHAIN: &str = "drums";

/// Builds the command line program, plays every document, writes `docs/library.md` and `docs/pictures/library/`.
pub fn run() -> Result<()> {
    run_command(cargo(&["build", "--workspace"]).args(FEATURES))?;
    let studio = Studio {
        program: target()?.join("debug").join("csound-session"),
        folder: target()?.join("library"),
    };
    let pictures = Path::new("docs/pictures/library");
    for folder in [pictures, &studio.folder] {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    for source in [INPUT, SIDECHAIN] {
        studio.play(source, false)?;
    }
    let mut entries = Vec::new();
    for name in names()? {
        let entry = studio.entry(&name)?;
        let sound = studio.play(&name, entry.about.is_effect())?;
        let sound = test_hosts::read_wav(&sound)?;
        picture::draw(&sound, &pictures.join(&name).with_extension("png"))?;
        entries.push(entry);
    }
    let page = page::write(&entries);
    fs::write("docs/library.md", page).context("cannot write docs/library.md")?;
    println!("docs/library.md lists {} documents.", entries.len());
    Ok(())
}

/// The documents' names without ending, sorted.
fn names() -> Result<Vec<String>> {
    let entries = fs::read_dir(INSTRUMENTS).context("cannot read instruments/")?;
    let files = entries.flatten().map(|entry| entry.file_name());
    let mut names: Vec<String> = files
        .filter_map(|file| Some(file.to_str()?.strip_suffix(".toml")?.to_owned()))
        .filter(|name| !name.ends_with(".score"))
        .collect();
    names.sort();
    Ok(names)
}

/// The program that plays, and the folder for what it plays.
struct Studio {
    program: PathBuf,
    folder: PathBuf,
}

impl Studio {
    fn wav(&self, name: &str) -> PathBuf {
        self.folder.join(name).with_extension("wav")
    }

    /// Plays a document with its score into a sound file.
    fn play(&self, name: &str, is_effect: bool) -> Result<PathBuf> {
        let wav = self.wav(name);
        let mut command = Command::new(&self.program);
        command.arg("render").arg(document(name));
        command.arg("--score").arg(score(name)).arg("-o").arg(&wav);
        if is_effect {
            command.arg("--input").arg(self.wav(INPUT));
            command.arg("--sidechain").arg(self.wav(SIDECHAIN));
        }
        run_command(&mut command)?;
        Ok(wav)
    }

    /// What a document says of itself, and the controls that a host would show.
    fn entry(&self, name: &str) -> Result<Entry> {
        let path = document(name);
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let about: About =
            toml::from_str(&text).with_context(|| format!("{} is broken", path.display()))?;
        let mut command = Command::new(&self.program);
        let told = command.arg("params").arg(&path).arg("--json").output()?;
        if !told.status.success() {
            bail!(
                "{}: {}",
                path.display(),
                String::from_utf8_lossy(&told.stderr)
            );
        }
        let controls: Vec<Control> = serde_json::from_slice(&told.stdout)
            .with_context(|| format!("the controls of {} cannot be read", path.display()))?;
        Ok(Entry {
            file: name.to_owned(),
            about,
            controls,
        })
    }
}

fn document(name: &str) -> PathBuf {
    Path::new(INSTRUMENTS).join(format!("{name}.toml"))
}

fn score(name: &str) -> PathBuf {
    Path::new(INSTRUMENTS).join(format!("{name}.score.toml"))
}
