//! Importing as text: what is listed, what widgets become, and that nothing makes it fail.

use csound_session::document::Document;
use csound_session::document::import::import;
use proptest::prelude::*;

use super::import::imported;
use super::render_kit::{Kit, peak};

#[test]
fn what_is_left_out_is_listed_by_line() {
    let listed = |name: &str| -> Vec<(u32, String)> {
        let left = imported(name).left.into_iter();
        left.map(|left| (left.line, left.what)).collect()
    };
    let has = |name: &str, line: u32, word: &str| {
        let found = listed(name)
            .iter()
            .any(|(at, what)| *at == line && what.contains(word));
        assert!(
            found,
            "{name} has no {word} in line {line}: {:?}",
            listed(name)
        );
    };
    has("chance", 3, "--sched=2");
    has("chance", 23, "bsbPanel");
    has("cabbage_effect", 8, "filebutton");
    has("release_and_xtratim", 12, "maxalloc");
    has("midi_ctrl7", 14, "controller");
    for clean in [
        "midi_cpsmidi",
        "midi_key_options",
        "cabbage_synth",
        "effect_echo",
        "code_of_its_own",
    ] {
        assert_eq!(listed(clean), [], "{clean}");
    }
}

#[test]
fn widgets_become_parameters() {
    let document = imported("cabbage_lists").document;
    assert_eq!(document.name, "Lists");
    let panel = document.instr("panel").unwrap();
    for wanted in [
        "kshape=1 (\"Sine\"/\"Saw\"/\"Saw 3\" \"shape\")",
        "kon=1 (off/on \"On\")",
        "kx=0.25 (0..1 \"Field X\")",
    ] {
        assert!(panel.body.contains(wanted), "{}", panel.body);
    }
    let synth = imported("cabbage_synth").document;
    let cutoff = "kcutoff=1500 (100..8000 exp 2.5 step 1 Hz \"Cutoff\")";
    assert!(synth.instr("panel").unwrap().body.contains(cutoff));
    let score = "[[param]]\nname = \"panel.kon\"\nat = 0.5\nvalue = 0\n";
    let mut kit = Kit::new(&document.to_toml()).score(score);
    kit.job.end = Some(1.0);
    let left = kit.left();
    assert!(peak(&left[..23_000]) > 0.1 && peak(&left[25_000..]) == 0.0);
}

proptest! {
    /// A CSD is anybody's text: it never ends the program, and gives a document that can be written and read.
    #[test]
    fn no_text_makes_it_fail(pieces in prop::collection::vec(piece(), 0..40)) {
        let imported = import(&pieces.concat(), "x");
        let text = imported.document.to_toml();
        if !imported.document.instr.is_empty() {
            let read = Document::read(&text, "x.toml");
            prop_assert!(read.is_ok(), "{read:?}\n{text}");
        }
    }

    #[test]
    fn no_noise_makes_it_fail(text in "\\PC*") {
        import(&text, "x");
        import(&format!("<Cabbage>\n{text}\n</Cabbage>\n<CsInstruments>\n{text}\n</CsInstruments>"), "x");
    }
}

/// Pieces of CSDs, whole and broken.
fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "<CsoundSynthesizer>\n",
        "<CsOptions>\n",
        "</CsOptions>\n",
        "<CsInstruments>\n",
        "</CsInstruments>\n",
        "<CsScore>\n",
        "</CsScore>\n",
        "<Cabbage>\n",
        "</Cabbage>\n",
        "<",
        ">",
        "instr 1\n",
        "instr a, 2\n",
        "instr\n",
        "endin\n",
        "icps cpsmidi\n",
        "k1 ctrl7 1, 2, ",
        "a1, a2 ins\n",
        "outs a1, p5\n",
        "(",
        ")",
        ",",
        "[",
        "]",
        "{{",
        "}}",
        "\"",
        "/*",
        "*/",
        ";",
        "massign 0, 1\n",
        "0dbfs = 0\n",
        "ksmps = 1e9\n",
        "nchnls = x\n",
        "schedule 1, 0, 1, 2\n",
        "i 1 0 z\n",
        "f 1 0 8 10 1\n",
        "i\n",
        "rslider channel(\"a\"), range(1, 0, 5, -1)\n",
        "combobox channel(\"b\") items(",
        "midinoteonkey p4, p5\n",
        "ampmidi(ampmidi(ampmidi(",
        "\\\n",
        "#include \"x\"\n",
        "\u{e9}",
        "\r\n",
        "|",
        "= ",
        "+",
        ":",
        "op:",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => "\\PC{0,6}"]
}
