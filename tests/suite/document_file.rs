//! Document files: what is read, what is refused and where, and that writing gives what was read.

use csound_session::document::{Document, FilePlace, Implied};
use csound_session::session::diagnostic::{Diagnostic, Place};
use csound_session::session::layer::{ArgValue, Mode, Release, Source, Trigger};
use csound_session::session::orchestra::TableSource;
use proptest::prelude::*;

/// The document of the design, as it would stand in a file.
const PAD: &str = r#"version = 1
name = "Glass pad"
tags = ["pad"]
channels = 2
includes = []
init = '''giwave ftgen 0, 0, 16384, 10, 1, .5'''
values = { "filter.kcutoff" = 1500 }

[[instr]]
name = "synth"
body = '''
|ibus, kmidi=60, kamp=0.2 (0..1), kbright=0.5 (0..1)|
asig vco2 kamp, mtof:k(kmidi)
asig *= linsegr:a(0, 0.01, 1, 0.3, 0)
busout ibus, asig
'''

[[instr]]
name = "filter"
min_priority = 2
body = '''
|ibus, kcutoff=1200 (20..20000 log Hz), kres=0.3 (0..0.95)|
asig = moogladder2(busin:a(ibus), kcutoff, kres)
outs asig, asig
'''

[[bus]]
name = "verb"
kind = "control"
value = 0.5

[[table]]
name = "wave"
gen = [1024, 10, 1, 0.5]

[[layer]]
name = "pad"
keys = [12, 100]
voices = 8
mode = "legato"
bind = { kbright = { from = "pressure", amount = 0.4 } }
parts = [ { instr = "synth",  priority = 1, args = { ibus = "@note" } },
          { instr = "filter", priority = -9, args = { ibus = "@note" }, release = "after" } ]
"#;

/// Line, column and text of everything that is wrong with a file.
pub fn faults(text: &str) -> Vec<(u32, u32, String)> {
    let told = Document::read(text, "a.toml").expect_err("this document is bad");
    told.into_iter().map(place_and_text).collect()
}

fn place_and_text(told: Diagnostic) -> (u32, u32, String) {
    assert_eq!(told.place, Place::Document, "{told}");
    let text = told.to_string();
    (
        told.line.expect("a line"),
        told.column.expect("a column"),
        text,
    )
}

/// Checks that one fault is told, at a line and column, in words that contain all of `words`.
#[track_caller]
pub fn refused(text: &str, line: u32, column: u32, words: &[&str]) {
    let found = faults(text);
    assert_eq!(found.len(), 1, "{found:?}");
    let (at_line, at_column, said) = &found[0];
    assert_eq!((*at_line, *at_column), (line, column), "{said}");
    for word in words {
        assert!(said.contains(word), "{said:?} does not contain {word:?}");
    }
}

pub fn instr(body: &str) -> String {
    format!("[[instr]]\nname = \"a\"\nbody = '''\n{body}\n'''\n")
}

#[test]
fn reads_the_whole_of_a_document() {
    let document = Document::read(PAD, "pad.toml").unwrap();
    assert_eq!(document.name, "Glass pad");
    let built = document
        .specification(44100.0, &[], Implied::Yes)
        .unwrap()
        .program;
    assert_eq!(built.orchestra.sample_rate, 44100.0);
    assert_eq!(built.orchestra.ksmps, 32);
    assert_eq!(built.orchestra.places, [(0, 1), (1, 2)]);
    assert_eq!(
        built.orchestra.tables[0].source,
        TableSource::Gen(vec![1024.0, 10.0, 1.0, 0.5])
    );
    let layer = &built.layers[0];
    assert_eq!(
        (layer.keys, layer.velocities, layer.voices),
        ((12, 100), (1, 127), 8)
    );
    assert_eq!((layer.trigger, layer.mode), (Trigger::Note, Mode::Legato));
    let bind = layer.bind["kbright"];
    assert_eq!((bind.from, bind.amount), (Source::Pressure, 0.4));
    let [synth, filter] = &layer.parts[..] else {
        panic!("two parts")
    };
    assert_eq!(synth.args["ibus"], ArgValue::NoteBus("note".to_owned()));
    assert_eq!(
        (synth.release, filter.release),
        (Release::Auto, Release::After)
    );
    assert_eq!(filter.priority, 2, "-9 of 10");
    let slots: Vec<_> = built
        .slots
        .iter()
        .map(|(_, entry)| (entry.name(), entry.value))
        .collect();
    assert!(
        slots.contains(&("filter.kcutoff".to_owned(), Some(1500.0))),
        "{slots:?}"
    );
    assert!(
        slots.contains(&("filter.kres".to_owned(), None)),
        "{slots:?}"
    );
}

#[test]
fn names_line_column_and_key() {
    refused(
        &format!("version = 1\nname = 3\n{}", instr("out a(0)")),
        2,
        8,
        &["name", "text in quotes"],
    );
    refused(
        &format!("ksmps = 300\n{}", instr("out a(0)")),
        1,
        1,
        &["ksmps", "300", "1 to 128"],
    );
    refused(
        &format!("channels = 0\n{}", instr("out a(0)")),
        1,
        1,
        &["channels", "1 to 16"],
    );
    refused(
        &format!("aux = -1\n{}", instr("out a(0)")),
        1,
        7,
        &["aux", "whole number"],
    );
    refused(
        &format!("name = \"x\nksmps = 1\n{}", instr("out a(0)")),
        1,
        10,
        &["string"],
    );
    let layer = "[[layer]]\nname = \"l\"\nparts = [{ instr = \"b\" }]\n";
    refused(
        &format!("{}{layer}", instr("out a(0)")),
        8,
        12,
        &["parts[0].instr", "`b`", "did you mean `a`"],
    );
}

#[test]
fn unknown_keys_are_errors_with_a_proposal() {
    refused(
        &format!("kmsps = 16\n{}", instr("out a(0)")),
        1,
        1,
        &["kmsps", "did you mean `ksmps`"],
    );
    let text = "[[instr]]\nname = \"a\"\nbody = \"out a(0)\"\n  bdy = 1\n";
    refused(text, 4, 3, &["instr[0].bdy", "did you mean `body`"]);
    let layer = "[[layer]]\nparts = [{ instr = \"a\", prio = 1 }]\n";
    refused(
        &format!("{}{layer}", instr("out a(0)")),
        7,
        25,
        &["parts[0].prio", "priority"],
    );
    refused(
        &format!("folder = \"/\"\n{}", instr("out a(0)")),
        1,
        1,
        &["folder"],
    );
}

#[test]
fn tells_every_fault_in_the_order_of_the_file() {
    let text = "ksmps = 0\naux = 4\n[[instr]]\nname = \"1a\"\nbody = \"\"\n[[bus]]\nname = \"note2\"\nvalue = 1\n";
    let lines: Vec<_> = faults(text).into_iter().map(|(line, ..)| line).collect();
    assert_eq!(lines, [1, 2, 4, 5, 7, 8]);
}

#[test]
fn names_are_those_of_csound_and_used_once() {
    let two = format!("{}{}", instr("out a(0)"), instr("out a(0)"));
    refused(&two, 7, 1, &["two Instr entries called `a`"]);
    for name in ["", "1st", "a b", "ä", "a.b"] {
        let text = format!("[[instr]]\nname = \"{name}\"\nbody = \"out a(0)\"\n");
        refused(&text, 2, 1, &["name"]);
    }
}

#[test]
fn a_table_has_one_content() {
    let text = |keys: &str| format!("{}[[table]]\nname = \"t\"\n{keys}\n", instr("out a(0)"));
    refused(&text(""), 6, 1, &["`t` has no content"]);
    refused(
        &text("data = [1]\ngen = [8, 10, 1]"),
        6,
        1,
        &["exactly one"],
    );
    refused(&text("gen = [8]"), 8, 1, &["GEN"]);
}

#[test]
fn a_newer_version_says_so_and_nothing_else() {
    refused(
        "version = 7\nfuture = true\n",
        1,
        1,
        &["version 7", "newer Csound Session"],
    );
    refused("version = \"x\"\n", 1, 1, &["whole number"]);
    refused(
        &format!("version = 0\n{}", instr("out a(0)")),
        1,
        1,
        &["version"],
    );
}

#[test]
fn lines_of_a_body_are_found_in_the_file() {
    let document = Document::read(PAD, "pad.toml").unwrap();
    let at = |place: Place, line, column| {
        document.locate(&Diagnostic::error(place, "x").at(line, column))
    };
    let file = |line, column| {
        Some(FilePlace {
            file: "pad.toml".to_owned(),
            line,
            column,
        })
    };
    assert_eq!(at(Place::Instr("synth".to_owned()), 2, 6), file(13, 6));
    assert_eq!(at(Place::Instr("filter".to_owned()), 1, 1), file(22, 1));
    assert_eq!(
        at(Place::Init, 1, 3),
        file(6, 13),
        "the text starts in the line of its key"
    );
    let mut edited = document.clone();
    edited.instr[0].body.insert_str(0, "; new\n");
    let moved = edited.locate(&Diagnostic::error(Place::Instr("synth".to_owned()), "x").at(2, 1));
    assert_eq!(moved, None, "an edited text stands in no file");
}

#[test]
fn a_fault_in_a_declaration_names_the_line_of_the_body() {
    let document = Document::read(&instr("\n|kamp=0.x|\nout a(0)"), "a.toml").unwrap();
    let told = document
        .specification(48000.0, &[], Implied::Yes)
        .unwrap_err();
    assert_eq!(
        (told[0].place.clone(), told[0].line),
        (Place::Instr("a".to_owned()), Some(2))
    );
    assert_eq!(document.locate(&told[0]).unwrap().line, 5);
}

#[test]
fn writing_gives_what_was_read() {
    let document = Document::read(PAD, "pad.toml").unwrap();
    let text = document.to_toml();
    let again =
        Document::read(&text, "again.toml").unwrap_or_else(|told| panic!("{told:?}\n{text}"));
    assert_eq!(document, again, "{text}");
    assert!(text.contains("body = '''\n|ibus, kmidi=60"), "{text}");
    assert!(text.contains("\"filter.kcutoff\" = 1500 }"), "{text}");
}

#[test]
fn the_default_document_plays_notes() {
    let document = Document::default_document();
    assert_eq!(document.instr.len(), 1);
    let built = document
        .specification(48000.0, &[], Implied::Yes)
        .unwrap()
        .program;
    assert_eq!(built.layers[0].trigger, Trigger::Note);
    assert!(built.slots.iter().count() >= 5);
    assert_eq!(
        Document::read(&document.to_toml(), "default").unwrap(),
        document
    );
}

proptest! {
    #[test]
    fn any_body_survives_writing(body in "(?s)[a-z'\"\\\\\n\r\t\u{0}\u{7f}é ]{1,40}x") {
        let mut document = Document::read(PAD, "pad.toml").unwrap();
        document.instr[0].body = body.clone();
        document.init = body;
        let text = document.to_toml();
        let again = Document::read(&text, "a").unwrap_or_else(|told| panic!("{told:?}\n{text}"));
        prop_assert_eq!(&again, &document);
    }

    #[test]
    fn no_text_makes_reading_panic(text in "(?s).{0,200}") {
        let _ = Document::read(&text, "a");
    }

    #[test]
    fn no_cut_of_a_document_makes_reading_panic(at in 0..PAD.len(), len in 0_usize..40) {
        let end = (at + len).min(PAD.len());
        let cut = format!("{}{}", &PAD[..at], &PAD[end..]);
        if let Ok(document) = Document::read(&cut, "a") {
            let _ = document.specification(48000.0, &[], Implied::Yes);
        }
    }
}
