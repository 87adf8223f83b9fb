//! Documents in the window: presets, files, dropping, saving, following, and the first minute.

use crate::suite::editor_kit::{Asked, TestDesk, window};
use csound_session::document::Document;
use csound_session::editor::{Desk, Edit, Window};
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use std::path::Path;
use std::sync::Arc;

fn opened(desk: &TestDesk) -> Document {
    match desk.asked().pop() {
        Some(Asked::Open(document)) => *document,
        other => panic!("{other:?}"),
    }
}

/// A file that is dropped onto the window.
#[derive(Debug)]
struct Dropped(std::path::PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }
    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

fn drop_file(harness: &mut Harness<'_, Window>, path: &Path) {
    harness.input_mut().dropped_files = vec![Arc::new(Dropped(path.to_owned()))];
    harness.run_steps(2);
}

#[test]
fn presets_are_stepped_through_and_searched() {
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut harness = window(&desk);
    harness.get_by_label("The next preset").click();
    harness.run_steps(2);
    let first = opened(&desk);
    harness.get_by_label("The next preset").click();
    harness.run_steps(2);
    assert_ne!(opened(&desk).name, first.name);
    harness.get_by_label("The preset before").click();
    harness.run_steps(2);
    assert_eq!(opened(&desk).name, first.name);
    harness.get_by_label("Browse presets").click();
    harness.run_steps(3);
    harness.get_by_label("Search presets").focus();
    harness.run_steps(1);
    harness.event(egui::Event::Text("glass".into()));
    harness.run_steps(3);
    harness.get_by_label("Open Glass pad").click();
    harness.run_steps(3);
    assert_eq!(opened(&desk).name, "Glass pad");
}

#[test]
fn a_dropped_document_opens_saves_and_follows_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("piece.toml");
    let text = |level: &str| {
        format!("version = 1\nname = \"Piece\"\n[[instr]]\nname = \"a\"\nbody = \"{level}\"\n")
    };
    std::fs::write(&path, text("one")).expect("a file");
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut harness = window(&desk);
    drop_file(&mut harness, &path);
    let document = opened(&desk);
    assert_eq!(
        (document.name.as_str(), document.instr[0].body.as_str()),
        ("Piece", "one")
    );

    let mut changed = document;
    changed.instr[0].body = "two".into();
    desk.take(changed);
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    harness.run_steps(2);
    let saved = Document::open(&path).expect("a document");
    assert_eq!(saved.instr[0].body, "two");

    harness.get_by_label("Documents").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Follow the file").click();
    harness.run_steps(3);
    std::fs::write(&path, text("three, and longer")).expect("a file");
    let applied = (0..200).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        harness.run_steps(1);
        desk.asked().pop()
    });
    match applied {
        Some(Asked::Apply(Edit::Document(document), _)) => {
            assert_eq!(document.instr[0].body, "three, and longer");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_csd_is_imported() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tone.csd");
    let csd = "<CsoundSynthesizer>\n<CsInstruments>\nsr = 48000\nksmps = 32\nnchnls = 2\n0dbfs = 1\n\
               massign 0, tone\ninstr tone\nicps cpsmidi\na1 oscili 0.2, icps\nouts a1, a1\nendin\n\
               </CsInstruments>\n<CsScore>\n</CsScore>\n</CsoundSynthesizer>\n";
    std::fs::write(&path, csd).expect("a file");
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut harness = window(&desk);
    drop_file(&mut harness, &path);
    assert!(
        opened(&desk)
            .instr
            .iter()
            .any(|entry| entry.body.contains("oscili"))
    );
}

#[test]
fn a_dropped_sound_becomes_a_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("two-bells 1.wav");
    std::fs::write(&path, b"RIFF").expect("a file");
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut document = desk.document();
    document.folder = Some(folder.path().to_owned());
    desk.take(document);
    let mut harness = window(&desk);
    drop_file(&mut harness, &path);
    let Some(Asked::Apply(Edit::Document(document), _)) = desk.asked().pop() else {
        panic!("nothing was applied")
    };
    let table = &document.table[0];
    let found = (table.name.as_str(), table.file.as_deref());
    assert_eq!(found, ("two_bells_1", Some("two-bells 1.wav")));
    assert!(harness.query_by_label_contains("gi_two_bells_1").is_some());
}

#[test]
fn buses_and_outputs_show_how_loud_they_are() {
    let desk = TestDesk::new(&[("synth", "a")]);
    let document = "version = 1\naux = 1\n[[bus]]\nname = \"verb\"\n[[instr]]\nname = \"a\"\nbody = \"a1 = 0\"";
    desk.take(Document::read(document, "Test").expect("a document"));
    *desk.levels.lock().expect("no panic") = (vec![0.5], [[0.25, 2.0]; 3]);
    let mut looks = desk.looks().get();
    looks.dock_tab = csound_session::editor::Tab::Sound;
    desk.looks().set(looks);
    let mut harness = window(&desk);
    harness.get_by_label_contains("@verb").hover();
    harness.run_steps(60);
    harness.get_by_label_contains("-6.0 dB");
    let below = harness.get_by_label("Aux 1").rect().center_bottom() + egui::vec2(8.0, 8.0);
    harness.hover_at(below);
    harness.run_steps(60);
    harness.get_by_label("Aux 1: left -12.0 dB, right 6.0 dB");
}

#[test]
fn a_broken_file_is_named_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("broken.toml");
    std::fs::write(&path, "version = 1\nnonsense = 2\n").expect("a file");
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut harness = window(&desk);
    drop_file(&mut harness, &path);
    assert_eq!(desk.asked(), []);
    let told = harness.get_by_label_contains("broken.toml was not opened");
    assert!(told.rect().width() > 10.0);
}

#[test]
fn three_hints_are_shown_once() {
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut looks = desk.looks().get();
    looks.hints_seen = false;
    desk.looks().set(looks);
    let mut harness = window(&desk);
    for title in ["Play it", "Turn it", "Change it"] {
        assert!(harness.query_by_label(title).is_some(), "{title}");
        let next = if title == "Change it" {
            "Start"
        } else {
            "Next"
        };
        harness.get_by_label(next).click();
        harness.run_steps(4);
    }
    assert!(harness.query_by_label("Play it").is_none());
    assert!(desk.looks().get().hints_seen);
}

#[test]
fn panes_are_put_away_and_the_window_remembers() {
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut harness = window(&desk);
    assert!(harness.query_by_label("Keyboard piano").is_some());
    harness.get_by_label("Keyboard").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Keyboard piano").is_none());
    harness.get_by_label("Light").click();
    harness.run_steps(3);
    let looks = desk.looks().get();
    assert!(!looks.keyboard && !looks.dark);
    let again = window(&desk);
    assert!(again.query_by_label("Keyboard piano").is_none());
}
