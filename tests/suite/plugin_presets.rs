//! Presets in the host's browser.

use super::plugin_kit::{RATE, SINE, binary, effect, instrument};
use csound_session::document::presets::{Kind, Presets};
use std::ffi::CString;
use test_hosts::measure::{is_silent, pitch};
use test_hosts::{Event, Note, Take};

#[test]
fn the_browser_lists_what_comes_with_the_plugin() {
    let listed = binary().presets().expect("lists");
    let presets = Presets::factory();
    assert_eq!(listed.len(), presets.iter().count());
    for (listed, preset) in listed.iter().zip(presets.iter()) {
        assert_eq!(listed.name, preset.name);
        assert_eq!(listed.description, preset.description);
        assert_eq!(listed.features, preset.tags);
        let plugin = match preset.kind() {
            Kind::Instrument => "org.csound-session.instrument",
            Kind::Effect => "org.csound-session.effect",
        };
        assert_eq!(listed.plugins, [plugin], "{}", preset.name);
    }
}

#[test]
fn each_loads_by_its_key_and_the_project_is_its_own_then() {
    let mut plugin = instrument();
    plugin.activate(RATE, 512).expect("activates");
    for listed in binary().presets().expect("lists") {
        let key = CString::new(listed.key.clone()).expect("a name");
        plugin.load_preset(&key).expect(&listed.key);
    }
    let lead = CString::new("lead.toml").expect("a name");
    let before = plugin.requests().dirty;
    plugin.load_preset(&lead).expect("loads");
    assert!(plugin.requests().dirty > before, "the project has changed");
    let take = Take::new(24_000).at(4_800, Event::NoteOn(Note::key(69), 1.0));
    let heard = plugin.play(&take).expect("plays");
    assert!(!is_silent(&heard.left()[9_600..]));
    let unknown = CString::new("nothing.toml").expect("a name");
    assert!(plugin.load_preset(&unknown).is_err());
    assert!(effect().load_preset(&lead).is_ok());
}

#[test]
fn a_document_file_is_a_preset() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| {
        let path = folder.path().join(name);
        CString::new(path.to_str().expect("a name")).expect("no zero")
    };
    let text = SINE.replace(
        "name = \"Sine\"",
        "name = \"My sine\"\nauthor = \"Me\"\ntags = [\"plain\"]",
    );
    std::fs::write(folder.path().join("mine.toml"), text).expect("written");
    std::fs::write(folder.path().join("other.toml"), "colour = 1").expect("written");
    let found = binary().presets_in_file(&path("mine.toml")).expect("lists");
    let [preset] = &found[..] else {
        panic!("{found:?}")
    };
    assert_eq!(
        (preset.name.as_str(), &preset.creators[..]),
        ("My sine", &["Me".to_owned()][..])
    );
    let why = binary()
        .presets_in_file(&path("other.toml"))
        .expect_err("no document");
    assert!(why.to_string().contains("no Instr"), "{why}");
    let mut plugin = instrument();
    plugin.load_preset_file(&path("mine.toml")).expect("loads");
    plugin.activate(RATE, 512).expect("activates");
    let take = Take::new(24_000).at(0, Event::NoteOn(Note::key(69), 1.0));
    let heard = plugin.play(&take).expect("plays");
    assert!((pitch(&heard.left()[2_000..], RATE) - 440.0).abs() < 0.5);
    assert_eq!(plugin.parameter("Level").expect("listed").value, 0.5);
}
