//! Documents as VST3 presets. VST3 has no way to ask a plugin for presets that are files of its own kind: hosts look for
//! `.vstpreset` files in a folder of the user's, one below it for each plugin. [`write_all`] puts every document there,
//! [`remove_all`] takes away what it has put there, and presets that a host saved stay.
//!
//! Not for the audio thread: this reads and writes files.

mod container;

use super::kind::{EffectKind, InstrumentKind, Kind};
use super::state::DocumentText;
use super::vault::Vault;
use super::{Effect, Instrument};
use crate::document::presets::{Kind as Purpose, Preset, Presets};
use crate::session::diagnostic::Diagnostic;
use nice_plug::prelude::Plugin;
use serde_json::json;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The end of the files' names.
const ENDING: &str = "vstpreset";

/// What was written, and what was not.
#[derive(Debug, Default)]
pub struct Written {
    /// How many presets.
    pub count: usize,
    /// A sentence for each document that has no preset now.
    pub left_out: Vec<String>,
}

/// The user's folder of presets for both plugins, where VST3 hosts of this system look. It need not exist. `None`
/// without a home.
pub fn user_folder() -> Option<PathBuf> {
    let home = etcetera::home_dir().ok()?;
    let presets = if cfg!(target_os = "macos") {
        home.join("Library/Audio/Presets")
    } else if cfg!(windows) {
        home.join("Documents/VST3 Presets")
    } else {
        home.join(".vst3/presets")
    };
    Some(presets.join(Instrument::VENDOR))
}

/// Writes a preset for each of these documents, in place of all that an earlier call has written.
///
/// # Errors
///
/// Those of the file system, with the path.
pub fn write_all(folder: &Path, presets: &Presets) -> io::Result<Written> {
    remove_all(folder)?;
    let (mut written, mut taken) = (Written::default(), HashSet::new());
    for preset in presets.iter() {
        let place = folder.join(plugin_name(preset));
        fs::create_dir_all(&place).map_err(|error| with_path(error, &place))?;
        let Some(file) = free_name(&place, preset, &mut taken) else {
            let why = "a preset of your own has its name";
            written.left_out.push(format!("{}: {why}", preset.name));
            continue;
        };
        match bytes(preset) {
            Ok(bytes) => {
                fs::write(&file, bytes).map_err(|error| with_path(error, &file))?;
                written.count += 1;
            }
            Err(why) => written.left_out.push(format!("{}: {why}", preset.name)),
        }
    }
    Ok(written)
}

/// Removes the presets that [`write_all`] has written, and folders that are empty then; returns how many there were.
///
/// # Errors
///
/// Those of the file system, with the path.
pub fn remove_all(folder: &Path) -> io::Result<usize> {
    let mut removed = 0;
    for plugin in [InstrumentKind::NAME, EffectKind::NAME] {
        let place = folder.join(plugin);
        for file in files(&place)? {
            if fs::read(&file).is_ok_and(|bytes| container::is_ours(&bytes)) {
                fs::remove_file(&file).map_err(|error| with_path(error, &file))?;
                removed += 1;
            }
        }
        // A folder that is not empty stays.
        let _ = fs::remove_dir(&place);
    }
    let _ = fs::remove_dir(folder);
    Ok(removed)
}

/// The preset files in a folder; none if it is not there.
fn files(place: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(place) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(with_path(error, place)),
    };
    let paths = entries.flatten().map(|entry| entry.path());
    Ok(paths
        .filter(|path| path.extension() == Some(OsStr::new(ENDING)))
        .collect())
}

/// A file for the preset: by its name, or by that of its document too where two have one name. `None` if files of the
/// user's are there.
fn free_name(place: &Path, preset: &Preset, taken: &mut HashSet<PathBuf>) -> Option<PathBuf> {
    let full = format!("{} ({})", preset.name, preset.source.stem());
    let names = [&preset.name, &full];
    let files = names.map(|name| place.join(format!("{}.{ENDING}", file_name(name))));
    files
        .into_iter()
        .find(|file| !file.exists() && taken.insert(file.clone()))
}

/// The name without what file systems do not take.
fn file_name(name: &str) -> String {
    let allowed = |c: char| !c.is_control() && !r#"/\:*?"<>|"#.contains(c);
    let name: String = name
        .chars()
        .map(|c| if allowed(c) { c } else { '-' })
        .take(100)
        .collect();
    name.trim_start_matches('.').trim().to_owned()
}

fn plugin_name(preset: &Preset) -> &'static str {
    match preset.kind() {
        Purpose::Instrument => Instrument::NAME,
        Purpose::Effect => Effect::NAME,
    }
}

/// The file of a preset, or why there is none.
fn bytes(preset: &Preset) -> Result<Vec<u8>, String> {
    let (class, category) = match preset.kind() {
        Purpose::Instrument => (InstrumentKind::VST3_ID, "Instrument"),
        Purpose::Effect => (EffectKind::VST3_ID, "Fx"),
    };
    let told = |problems: Vec<Diagnostic>| {
        problems
            .first()
            .map_or("it cannot be read".to_owned(), ToString::to_string)
    };
    let state = state(preset).map_err(told)?;
    let about = container::About {
        plugin: plugin_name(preset),
        vendor: Instrument::VENDOR,
        category,
        name: &preset.name,
        author: &preset.author,
        description: &preset.description,
        tags: &preset.tags,
    };
    Ok(container::pack(class, &state, &about))
}

/// The document as a project holds it, its sound files behind it. Parameters that it does not name keep their values.
fn state(preset: &Preset) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let mut document = preset.load()?;
    let vault = Vault::default();
    let (contents, _) = document.embed_files();
    vault.put(contents);
    let text = json!(DocumentText(document.to_state())).to_string();
    let state = json!({
        "version": Instrument::VERSION, "params": {}, "fields": { "document": text },
    });
    Ok([state.to_string().as_bytes(), &vault.pack()].concat())
}

fn with_path(error: io::Error, path: &Path) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(folder: &Path) -> usize {
        let in_plugin = |plugin| files(&folder.join(plugin)).map_or(0, |files| files.len());
        in_plugin(Instrument::NAME) + in_plugin(Effect::NAME)
    }

    #[test]
    fn every_document_has_a_preset_and_those_of_others_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = folder.path().join(Instrument::NAME).join("Lead.vstpreset");
        fs::create_dir_all(own.parent().expect("a folder")).expect("made");
        fs::write(&own, "saved by a host").expect("written");
        let presets = Presets::factory();
        let total = presets.iter().count();
        for _ in 0..2 {
            let written = write_all(folder.path(), &presets).expect("writes");
            assert_eq!((written.count, written.left_out), (total, Vec::new()));
            assert_eq!(count(folder.path()), total + 1);
        }
        let beside = own.with_file_name("Lead (lead).vstpreset");
        assert!(beside.exists(), "where a host's has the name");
        assert_eq!(remove_all(folder.path()).expect("removes"), total);
        assert_eq!(fs::read(&own).expect("it stays"), b"saved by a host");
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        assert_eq!(file_name("../a/b\\c\n"), "-a-b-c-");
        assert_eq!(file_name("  Glass: pad? "), "Glass- pad-");
    }
}
