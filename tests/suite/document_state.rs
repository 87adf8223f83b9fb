//! The document in a DAW's project.

use csound_session::document::{Document, Implied, InstrEntry, SlotRef, StateError};
use csound_session::session::slot::{SlotEntry, SlotMap};
use proptest::prelude::*;

fn document() -> Document {
    let instr = InstrEntry {
        name: "a".to_owned(),
        body: "|kamp=0.3|\nout a(kamp)".to_owned(),
        ..InstrEntry::default()
    };
    Document {
        name: "x".to_owned(),
        instr: vec![instr],
        ..Document::default()
    }
}

#[test]
fn is_the_same_byte_for_byte_after_a_round() {
    let mut document = document();
    document.values.insert("a.kamp".to_owned(), 0.1 + 0.2);
    document.folder = Some("/some/where".into());
    let state = document.to_state();
    let again = Document::from_state(&state).unwrap();
    assert_eq!(again, document);
    assert_eq!(again.to_state(), state);
}

#[test]
fn keeps_keys_of_newer_versions_at_every_level() {
    let state = r#"{"version":1,"later":{"a":[1,2.5,null]},"instr":[{"name":"a","body":"out a(0)","colour":"red"}],
        "layer":[{"parts":[{"instr":"a","mute":true}],"bind":{"k":{"from":"key","curve":3}}}]}"#;
    let document = Document::from_state(state).unwrap();
    let written = document.to_state();
    for kept in [
        r#""later":{"a":[1,2.5,null]}"#,
        r#""colour":"red""#,
        r#""mute":true"#,
        r#""curve":3"#,
    ] {
        assert!(written.contains(kept), "{kept} is lost: {written}");
    }
    assert_eq!(Document::from_state(&written).unwrap().to_state(), written);
}

#[test]
fn a_newer_format_and_damage_are_told_apart() {
    assert_eq!(
        Document::from_state(r#"{"version":9,"instr":7}"#),
        Err(StateError::Newer(9))
    );
    for damaged in [
        "",
        "{",
        "[]",
        "{}",
        "\u{0}",
        r#"{"version":1,"instr":7}"#,
        r#"{"version":1,"ksmps":-1}"#,
    ] {
        assert!(
            matches!(Document::from_state(damaged), Err(StateError::Damaged(_))),
            "{damaged}"
        );
    }
}

#[test]
fn slots_keep_their_places_and_tombstones() {
    let mut document = document();
    document.slot = ["gone", "kamp"]
        .map(|argument| SlotRef {
            instr: "a".to_owned(),
            argument: argument.to_owned(),
            ..SlotRef::default()
        })
        .into();
    document.values.insert("a.gone".to_owned(), 2.0);
    let built = document
        .specification(48000.0, &[], Implied::Yes)
        .unwrap()
        .program;
    assert_eq!(built.slots.find("a", "kamp"), Some(1));
    let tombstone = built.slots.get(0).unwrap();
    assert!(!tombstone.live && tombstone.value == Some(2.0));
    let before = document.to_state();
    document.take_slots(&built.slots);
    assert_eq!(document.to_state(), before);
}

#[test]
fn the_129th_control_is_named() {
    let mut document = document();
    let names: Vec<_> = (0..13).map(|n| format!("i{n}")).collect();
    document.instr = names
        .iter()
        .map(|name| {
            let args: Vec<_> = (0..10).map(|n| format!("k{n}=0")).collect();
            InstrEntry {
                name: name.clone(),
                body: format!("|{}|\nout a(0)", args.join(", ")),
                ..InstrEntry::default()
            }
        })
        .collect();
    let specification = document.specification(48000.0, &[], Implied::Yes).unwrap();
    assert_eq!(specification.without_slot, ["i12.k8", "i12.k9"]);
}

#[test]
fn a_value_that_is_no_number_does_not_spoil_the_state() {
    let mut document = document();
    let mut slots = SlotMap::default();
    let entry = SlotEntry {
        instr: "a".to_owned(),
        argument: "kamp".to_owned(),
        live: true,
        value: Some(f64::NAN),
        controller: None,
    };
    slots.bind(0, entry);
    document.take_slots(&slots);
    assert!(Document::from_state(&document.to_state()).is_ok());
}

proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in "(?s).{0,100}") {
        let _ = Document::from_state(&text);
    }

    #[test]
    fn any_number_survives(value in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL | proptest::num::f64::ZERO) {
        let mut document = document();
        document.values.insert("a.kamp".to_owned(), value);
        prop_assert_eq!(Document::from_state(&document.to_state()).unwrap(), document.clone());
        prop_assert_eq!(Document::read(&document.to_toml(), "a").unwrap().values, document.values);
    }
}
