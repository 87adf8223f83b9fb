//! Importing as text: what is listed, what widgets become, and that nothing makes it fail.

use csound_session::document::Document;
use csound_session::document::import::import;
use proptest::prelude::*;

use super::import::imported;
use super::render_kit::{Kit, peak, pitch};

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
        "midi_fields_set",
        "always_mixer",
        "instr_lists",
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

#[test]
fn ranges_lists_and_buttons_become_parameters() {
    let imported = imported("cabbage_ranges");
    let panel = &imported.document.instr("panel").unwrap().body;
    for wanted in [
        "klow=300 (100..5000 exp 2 step 1 \"Band from\")",
        "khigh=900 (100..5000 exp 2 step 1 \"Band to\")",
        "khard=1 (\"Soft\"/\"Hard\" \"hard\")",
        "kwave=1 (\"Sine\"/\"Saw\" \"wave\")",
        "kmix=0.7 (0..1 % \"Mix\")",
    ] {
        assert!(panel.contains(wanted), "{wanted} is not in\n{panel}");
    }
    let told: Vec<_> = imported
        .left
        .iter()
        .map(|left| (left.line, left.what.as_str()))
        .collect();
    let (texts, nowhere) = (": its channel carries texts", ": it has no channel");
    let widget = |kind, why| format!("the widget {kind} has no counterpart{why}");
    let expected = [
        (11, widget("combobox", texts)),
        (12, widget("combobox", texts)),
        (13, widget("filebutton", nowhere)),
        (16, widget("rslider", nowhere)),
    ];
    assert_eq!(
        told,
        expected
            .each_ref()
            .map(|(line, what)| (*line, what.as_str()))
    );
}

/// A CSD around an orchestra and a score, at 48 kHz.
fn csd(code: &str, score: &str) -> String {
    format!(
        "<CsoundSynthesizer>\n<CsOptions>\n</CsOptions>\n<CsInstruments>\nksmps = 32\nnchnls = 2\n0dbfs = 1\n\
         {code}\n</CsInstruments>\n<CsScore>\n{score}\n</CsScore>\n</CsoundSynthesizer>\n"
    )
}

/// What a document makes of a held key.
fn played(document: &Document) -> Vec<f64> {
    let score = "end = 1\n[[note]]\nkey = 60\ndur = 0.5\n";
    Kit::new(&document.to_toml()).score(score).left()
}

/// One instrument without a body made a document that could not be read.
#[test]
fn an_empty_instrument_is_imported() {
    let code = "massign 1, 2\ninstr 1\nendin\ninstr 2\nasig oscili 0.25, cpsmidi()\nouts asig, asig\nendin";
    let imported = import(&csd(code, ""), "x");
    assert_eq!(imported.document.instr.len(), 2);
    assert!((peak(&played(&imported.document)[2_000..20_000]) - 0.25).abs() < 0.01);
}

/// An instrument that a score plays sounds as its first note does, whatever key is pressed.
#[test]
fn what_only_a_score_plays_is_played_by_keys() {
    let code = "instr 7\naenv linseg 0, 0.1, 1, p3 - 0.2, 1, 0.1, 0\nasig oscili p4, cpspch(p5)\n\
                outs asig * aenv, asig * aenv\nendin";
    let imported = import(&csd(code, "i 7 0 [2 * 2] 0.25 8.09\ni . + . . 9.00"), "x");
    let heard = played(&imported.document);
    let part = &heard[10_000..20_000];
    assert!((pitch(part) - 440.0).abs() < 0.5 && (peak(part) - 0.25).abs() < 0.01);
    assert_eq!(imported.left.len(), 2, "{:?}", imported.left);
}

#[test]
fn opcodes_of_cabbage_read_channels_or_give_nothing() {
    let code = "instr 1\nkval, ktrig cabbageGetValue \"level\"\nkother = cabbageGetValue:k(\"level\")\n\
                Schan, kchanged cabbageChanged gSall\nif cabbageGet:k(\"a\", \"visible\") == 1 then\nkval = 0\nendif\n\
                cabbageSet ktrig, \"a\", \"visible(0)\"\nasig oscili (kval + kother) / 2, 440\nouts asig, asig\nendin";
    let panel = "<Cabbage>\nhslider channel(\"level\"), range(0, 1, 0.4)\n</Cabbage>\n";
    let imported = import(&(panel.to_owned() + &csd(code, "i1 0 z")), "x");
    let heard = played(&imported.document);
    assert!(
        (peak(&heard[4_000..]) - 0.4).abs() < 0.01,
        "{}",
        peak(&heard)
    );
    let lines: Vec<u32> = imported.left.iter().map(|left| left.line).collect();
    assert_eq!(lines, [14, 15, 18], "{:?}", imported.left);
}

#[test]
fn what_cannot_be_followed_is_listed() {
    let code = "ksmps = 512\nopcode Key, i, 0\nikey notnum\nxout ikey\nendop\nscoreline_i {{i 1 0 1}}\n\
                instr 1\nturnoff2 2, 0, 1\nturnoff2 3, 0, 0\nturnoff2 p1, 0, 0\nscoreline {{i 2 0 1}}, 1\n\
                schedulek 3, 0, 1\nasig oscili 0.1, 440\nouts asig, asig\nendin\n\
                instr 2\nouts a(0), a(0)\nendin\ninstr 3\nouts a(0), a(0)\nendin";
    let imported = import(&csd(code, "i 1 0 3600\ni 2 0 3600\nf 1 0 8 -2 [~]"), "x");
    let words = imported.left.iter().map(|left| {
        let word = left.what.split(' ').next().unwrap_or_default();
        (left.line, word)
    });
    let expected = [
        (8, "ksmps"),
        (10, "notnum"),
        (13, "scoreline_i"),
        (15, "turnoff2"),
        (18, "scoreline"),
        (33, "a"),
    ];
    assert_eq!(words.collect::<Vec<_>>(), expected, "{:?}", imported.left);
    let body = &imported.document.instr("instr1").unwrap().body;
    assert!(body.contains("turnoff2 \"instr3\"") && body.contains("schedulek \"instr3\""));
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
// Long because it lists them.
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
        "i 1 0 [2 * (3 + 4)] [~]\n",
        "schedule \"a\", 0, -1, ",
        "mididefault 60, p3\n",
        "cabbageGetValue ",
        "turnoff2 2, 0, 0\n",
        "hrange channel(\"a\", \"b\") range(0, 1, 0:1)\n",
        "button text(\"\", \"a/b\") channel(\"c\")\n",
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
