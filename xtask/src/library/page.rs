//! The page as Markdown.

use serde::Deserialize;
use std::fmt::Write;

/// One document.
pub struct Entry {
    /// Its file name without ending.
    pub file: String,
    /// What it says of itself.
    pub about: About,
    /// Its controls, in the order of their slots.
    pub controls: Vec<Control>,
}

/// The keys of a document that describe it.
#[derive(Deserialize)]
pub struct About {
    name: String,
    description: String,
    tags: Vec<String>,
}

impl About {
    /// Whether it changes what it hears.
    pub fn is_effect(&self) -> bool {
        self.tags.iter().any(|tag| tag == "effect")
    }
}

/// A control as `csound-session params --json` tells it.
#[derive(Deserialize)]
pub struct Control {
    label: String,
    min: f64,
    max: f64,
    default: f64,
    unit: String,
    choices: Vec<String>,
}

const HEAD: &str = "\
# The library

Written by `cargo xtask library`. These documents come with the plugins: pick one to play, or open it and change its
code. Each stands in `instruments/` with a score that shows it off, which is what the pictures show: time from left to
right, pitch from 40 Hz to 16 kHz upwards, a line at 100 Hz, 1 kHz and 10 kHz and at each second, 84 dB from black to
pale. Effects hear the score of the warm synth, their sidechain the drums.
";

/// The whole page: instruments, then effects, each by name.
pub fn write(entries: &[Entry]) -> String {
    let mut page = HEAD.to_owned();
    for (title, effects) in [("Instruments", false), ("Effects", true)] {
        let mut some: Vec<_> = entries
            .iter()
            .filter(|e| e.about.is_effect() == effects)
            .collect();
        some.sort_by_key(|entry| entry.about.name.to_lowercase());
        let _ = write!(page, "\n## {title}\n\n");
        for entry in &some {
            let name = &entry.about.name;
            let _ = writeln!(page, "* [{name}](#{})", anchor(name));
        }
        some.iter().for_each(|entry| describe(&mut page, entry));
    }
    page
}

fn describe(page: &mut String, entry: &Entry) {
    let Entry {
        file,
        about,
        controls,
    } = entry;
    let tags = about.tags.join(", ");
    let _ = write!(
        page,
        "\n### {}\n\n{}\n\n`{file}.toml`: {tags}\n\n![the sound of {file}](pictures/library/{file}.png)\n\n",
        about.name,
        about.description.trim(),
    );
    page.push_str("| control | range | unit | at first |\n|---|---|---|---|\n");
    for control in controls {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |",
            control.label,
            control.range(),
            control.unit,
            control.start(),
        );
    }
}

impl Control {
    fn range(&self) -> String {
        match self.choices.as_slice() {
            [] => format!("{} to {}", self.min, self.max),
            choices => choices.join(", "),
        }
    }

    fn start(&self) -> String {
        let index = self.default.round().max(0.0) as usize;
        match self.choices.get(index) {
            Some(choice) => choice.clone(),
            None => self.default.to_string(),
        }
    }
}

/// The name of a heading in links.
fn anchor(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

#[test]
fn a_document_is_listed_with_its_controls() {
    let about = |name: &str, tag: &str| About {
        name: name.to_owned(),
        description: "Hums.".to_owned(),
        tags: vec![tag.to_owned()],
    };
    let control = |choices: &[&str]| Control {
        label: "Tone".to_owned(),
        min: 20.0,
        max: 2000.0,
        default: 1.0,
        unit: "Hz".to_owned(),
        choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
    };
    let entry = |file: &str, about, controls| Entry {
        file: file.to_owned(),
        about,
        controls,
    };
    let page = write(&[
        entry(
            "b",
            about("Big room", "effect"),
            vec![control(&["dark", "light"])],
        ),
        entry("a", about("A hum", "drone"), vec![control(&[])]),
    ]);
    assert!(page.contains("* [Big room](#big-room)"), "{page}");
    assert!(page.contains("| Tone | 20 to 2000 | Hz | 1 |"), "{page}");
    assert!(
        page.contains("| Tone | dark, light | Hz | light |"),
        "{page}"
    );
    assert!(page.find("### A hum") < page.find("### Big room"), "{page}");
}
