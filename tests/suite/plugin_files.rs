//! Sound files that a project carries along.

use super::plugin_kit::{RATE, instrument, state};
use super::plugin_window::{activate, load, wait_for};
use super::vst3_kit::{self, Message};
use csound_session::editor::Sound;
use csound_session::plugin::Instrument;
use std::path::Path;
use std::time::Instant;
use test_hosts::measure::{assert_same, is_silent, peak};
use test_hosts::{Event, Note, Plugin, Project, Take};

/// Plays the first second of a table that is read from `sound.wav`.
fn document(folder: &Path) -> String {
    format!(
        "version = 1\nname = \"Sampler\"\nfolder = {folder:?}\n[[table]]\nname = \"sound\"\nfile = \"sound.wav\"\n\
         [[instr]]\nname = \"play\"\nbody = '''\n|kmidi|\n\
         aout = table:a(phasor:a(1) * sr, gi_sound)\nouts aout, aout\n'''\n"
    )
}

/// A sound file of so many bytes, with another content for each seed.
fn write_sound(folder: &Path, bytes: usize, seed: usize) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE as u32,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = hound::WavWriter::create(folder.join("sound.wav"), spec).expect("a file");
    for n in 0..(bytes - 44) / 2 {
        let wave = (n * (200 + seed) % 48_000) as i16 as f32 / 48_000.0;
        file.write_sample((wave * 8_000.0) as i16).expect("room");
    }
    file.finalize().expect("room");
}

fn play(plugin: &mut Plugin) -> Vec<Vec<f32>> {
    plugin.activate(RATE, 512).expect("activates");
    let take = Take::new(9_600).at(0, Event::NoteOn(Note::key(60), 1.0));
    plugin.play(&take).expect("plays").main().to_vec()
}

/// A project with a sound of so many bytes in it, what it sounds like, and the folder it came from.
fn project(bytes: usize, seed: usize) -> (Vec<u8>, Vec<Vec<f32>>, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    write_sound(folder.path(), bytes, seed);
    let mut plugin = instrument();
    plugin
        .load(&state(&document(folder.path())))
        .expect("loads");
    let heard = play(&mut plugin);
    assert!(peak(&heard[0]) > 0.05, "the table sounds");
    (plugin.save().expect("saves"), heard, folder)
}

#[test]
fn a_project_opens_where_its_files_are_not() {
    let (saved, heard, folder) = project(100_000, 1);
    folder.close().expect("gone");
    let mut plugin = instrument();
    plugin.load(&saved).expect("loads");
    assert_same(&play(&mut plugin), &heard, "without the file");
    assert_eq!(plugin.save().expect("saves"), saved, "byte for byte");
}

#[test]
fn a_vst3_project_carries_its_files_too() {
    let folder = tempfile::tempdir().expect("a folder");
    write_sound(folder.path(), 50_000, 2);
    let text = document(folder.path());
    let first = vst3_kit::open(0);
    first.load(Project::of_toml(&text).expect("TOML").vst3_state());
    first.start();
    let notes = [(0, Message::On(60, 1.0))];
    let (heard, _) = first.play(100, &notes);
    assert!(peak(&heard) > 0.05);
    let saved = first.save();
    folder.close().expect("gone");
    let second = vst3_kit::open(0);
    second.load(&saved);
    second.start();
    assert_eq!(second.play(100, &notes).0, heard);
    assert_eq!(second.save(), saved);
}

#[test]
fn what_is_too_large_stays_where_it_is() {
    let (saved, heard, folder) = project((8 << 20) + 2, 3);
    assert!(saved.len() < 10_000, "{} bytes", saved.len());
    let mut plugin = instrument();
    plugin.load(&saved).expect("loads");
    assert_same(&play(&mut plugin), &heard, "with the file");
    folder.close().expect("gone");
    let mut plugin = instrument();
    plugin.load(&saved).expect("loads");
    assert!(is_silent(&play(&mut plugin)[0]));
    assert_eq!(plugin.save().expect("saves"), saved, "and nothing is lost");
}

#[test]
fn a_hundred_saves_of_eight_megabytes_take_less_than_a_second() {
    let (saved, _, _folder) = project(8 << 20, 4);
    assert!(saved.len() > 8 << 20);
    let mut plugin = instrument();
    plugin.load(&saved).expect("loads");
    let begun = Instant::now();
    for _ in 0..100 {
        assert_eq!(plugin.save().expect("saves").len(), saved.len());
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("100 saves: {seconds:.3} s");
    assert!(seconds < 1.0, "{seconds} s");
}

#[test]
fn damage_is_told_and_what_is_whole_still_plays() {
    let (saved, _, folder) = project(60_000, 5);
    let mut damaged = saved.clone();
    let middle = damaged.len() - 30_000;
    damaged[middle] ^= 1;
    folder.close().expect("gone");
    for state in [&damaged[..], &saved[..saved.len() - 10]] {
        let mut plugin = instrument();
        plugin.load(state).expect("the document is whole");
        let heard = play(&mut plugin);
        // A copy that was unpacked by another test of this content is as good.
        assert!(is_silent(&heard[0]), "the file is missing");
        plugin.load(&saved).expect("loads");
        assert!(
            peak(&play(&mut plugin)[0]) > 0.05,
            "the whole project is heard"
        );
        remove_copies(&saved);
    }
}

/// Removes what was unpacked, so that only the project has it.
fn remove_copies(saved: &[u8]) {
    let foot = &saved[saved.len() - 16..];
    let length = u64::from_le_bytes(foot[..8].try_into().expect("eight bytes")) as usize;
    let start = saved.len() - 16 - length;
    let hash = String::from_utf8_lossy(&saved[start..start + 64]).into_owned();
    let cache = std::env::var_os("XDG_CACHE_HOME").map_or_else(
        || Path::new(&std::env::var_os("HOME").expect("a home")).join(".cache"),
        Into::into,
    );
    let copy = cache
        .join("csound-session/files")
        .join(format!("{hash}.wav"));
    std::fs::remove_file(copy).expect("it was unpacked");
}

#[test]
fn a_missing_file_is_named_and_found_again() {
    let (old, new) = (
        tempfile::tempdir().expect("one"),
        tempfile::tempdir().expect("two"),
    );
    write_sound(new.path(), 70_000, 6);
    let mut plugin = Instrument::default();
    activate(&mut plugin);
    let tree: serde_json::Value = toml::from_str(&document(old.path())).expect("TOML");
    load(&plugin, &tree.to_string());
    let view = wait_for(&plugin, |view| matches!(view.sound, Sound::Silent(_)));
    let problem = view.problems.first().expect("a problem").to_string();
    assert!(problem.contains("sound.wav"), "{problem}");
    plugin
        .desk()
        .relocate("sound.wav", &new.path().join("sound.wav"));
    wait_for(&plugin, |view| view.sound == Sound::Playing);
    let saved = plugin_state(&plugin);
    assert!(saved.contains(&new.path().display().to_string()), "{saved}");
}

fn plugin_state(plugin: &Instrument) -> String {
    use nice_plug::prelude::Plugin;
    plugin.params().serialize_fields()["document"].clone()
}

#[test]
fn a_megabyte_of_document_is_kept_and_plays() {
    let comment = format!("; {}\n", "nothing ".repeat(50)).repeat(2_700);
    let text = format!(
        "version = 1\n[[instr]]\nname = \"long\"\nbody = '''\n|kmidi|\naout oscili 0.1, 440\nouts aout, aout\n{comment}'''\n"
    );
    let mut plugin = instrument();
    plugin.load(&state(&text)).expect("loads");
    assert!(peak(&play(&mut plugin)[0]) > 0.05);
    let saved = plugin.save().expect("saves");
    let mut second = instrument();
    second.load(&saved).expect("loads");
    assert_eq!(second.save().expect("saves"), saved);
}

/// As version 1 has written it, but for the folder.
const VERSION_1: &str = include_str!("../states/version-1.json");

#[test]
fn a_project_of_version_1_plays_and_carries_its_files_from_now_on() {
    let folder = tempfile::tempdir().expect("a folder");
    write_sound(folder.path(), 40_000, 7);
    let old = VERSION_1.replace("@FOLDER@", &folder.path().display().to_string());
    let mut plugin = instrument();
    plugin
        .load(&Project::of_text(&old).clap_state())
        .expect("loads");
    let heard = play(&mut plugin);
    assert!(peak(&heard[0]) > 0.02);
    assert_eq!(plugin.parameter("Level").expect("listed").value, 0.25);
    let saved = plugin.save().expect("saves");
    assert!(saved.len() > 40_000);
    folder.close().expect("gone");
    let mut later = instrument();
    later.load(&saved).expect("loads");
    assert_same(&play(&mut later), &heard, "without the file");
}
