//! Layers of a document file: where they may lead, and which ones there are without any.

use csound_session::document::{Document, Implied};
use csound_session::session::layer::{Source, Trigger};

use super::document_file::{faults, instr, refused};

#[test]
fn layers_must_lead_somewhere() {
    let with = |layer: &str| format!("{}{layer}", instr("|ibus, kamp=1, Sname=\"x\"|\nout a(0)"));
    let cases = [
        ("[[layer]]\nparts = []\n", "no parts"),
        (
            "[[layer]]\nkeys = [60, 50]\nparts = [{ instr = \"a\" }]\n",
            "keys is [60, 50]",
        ),
        (
            "[[layer]]\nvelocities = [0, 127]\nparts = [{ instr = \"a\" }]\n",
            "from 1 to 127",
        ),
        (
            "[[layer]]\nvoices = 0\nparts = [{ instr = \"a\" }]\n",
            "voices is 0",
        ),
        (
            "[[layer]]\nchannel = 17\nparts = [{ instr = \"a\" }]\n",
            "0 to 16",
        ),
        (
            "[[layer]]\nparts = [{ instr = \"a\", priority = 0 }]\n",
            "priority is 0",
        ),
        (
            "[[layer]]\nparts = [{ instr = \"a\", priority = 11 }]\n",
            "priority is 11",
        ),
        (
            "[[layer]]\nparts = [{ instr = \"a\", args = { ibus = \"@vreb\" } }]\n",
            "no bus or table called `vreb`",
        ),
        (
            "[[layer]]\ntrigger = \"always\"\nparts = [{ instr = \"a\", args = { ibus = \"@note\" } }]\n",
            "always sounds",
        ),
        (
            "[[layer]]\nmode = \"mnoo\"\nparts = [{ instr = \"a\" }]\n",
            "mnoo",
        ),
        (
            "[[layer]]\nbind = { kamp = { from = \"breath\" } }\nparts = [{ instr = \"a\" }]\n",
            "cc0 to cc127",
        ),
        (
            "[[layer]]\nbind = { kamp = { from = \"cc128\" } }\nparts = [{ instr = \"a\" }]\n",
            "cc128",
        ),
    ];
    for (layer, words) in cases {
        let found = faults(&with(layer));
        assert!(
            found.iter().any(|(_, _, said)| said.contains(words)),
            "{layer}: {found:?}"
        );
    }
}

#[test]
fn arguments_must_be_there_and_fit() {
    let with = |layer: &str| format!("{}{layer}", instr("|ibus, kamp=1, Sname=\"x\"|\nout a(0)"));
    let cases = [
        (
            "parts = [{ instr = \"a\", args = { kapm = 1 } }]",
            "did you mean `kamp`",
        ),
        (
            "parts = [{ instr = \"a\", args = { kamp = \"loud\" } }]",
            "takes a number or a bus",
        ),
        (
            "parts = [{ instr = \"a\", args = { Sname = 1 } }]",
            "takes a text",
        ),
        (
            "bind = { kfoo = { from = \"bend\" } }\nparts = [{ instr = \"a\" }]",
            "no argument",
        ),
    ];
    for (layer, words) in cases {
        let document = Document::read(&with(&format!("[[layer]]\n{layer}\n")), "a.toml").unwrap();
        let told = document
            .specification(48000.0, &[], Implied::Yes)
            .expect_err(layer);
        let said = told[0].to_string();
        assert!(
            said.contains(words) || words == "no argument" && said.contains("an argument `kfoo`"),
            "{said}"
        );
        assert!(told[0].line > Some(6), "{said}");
    }
}

#[test]
fn min_priority_holds_for_parts() {
    let text = "[[instr]]\nname = \"a\"\nmin_priority = 3\nbody = \"out a(0)\"\n[[layer]]\nparts = [{ instr = \"a\", priority = 2 }]\n";
    refused(text, 6, 25, &["at least 3"]);
    let unsaid = text.replace(", priority = 2", "");
    let built = Document::read(&unsaid, "a")
        .unwrap()
        .specification(48000.0, &[], Implied::Yes)
        .unwrap()
        .program;
    assert_eq!(built.layers[0].parts[0].priority, 3);
}

#[test]
fn without_layers_notes_and_effects_are_told_apart() {
    let text = "[[instr]]\nname = \"sine\"\nbody = \"|kmidi=60|\\nout a(0)\"\n[[instr]]\nname = \"fx\"\nbody = \"|kgain=1|\\nout a(0)\"\n";
    let document = Document::read(text, "a").unwrap();
    let built = document
        .specification(48000.0, &[], Implied::Yes)
        .unwrap()
        .program;
    let triggers: Vec<_> = built
        .layers
        .iter()
        .map(|layer| (layer.name.as_str(), layer.trigger))
        .collect();
    assert_eq!(triggers, [("sine", Trigger::Note), ("fx", Trigger::Always)]);
    assert!(
        document
            .specification(48000.0, &[], Implied::No)
            .unwrap()
            .program
            .layers
            .is_empty()
    );
}

#[test]
fn every_source_can_be_bound() {
    let sources = [
        ("key", Source::Key),
        ("frequency", Source::Frequency),
        ("velocity", Source::Velocity),
        ("pressure", Source::Pressure),
        ("timbre", Source::Timbre),
        ("vibrato", Source::Vibrato),
        ("expression", Source::Expression),
        ("pan", Source::Pan),
        ("gain", Source::Gain),
        ("bend", Source::Bend),
        ("cc0", Source::Controller(0)),
        ("cc127", Source::Controller(127)),
    ];
    for (name, source) in sources {
        let bind = format!(
            "[[layer]]\nbind = {{ kamp = {{ from = \"{name}\" }} }}\nparts = [{{ instr = \"a\" }}]\n"
        );
        let document =
            Document::read(&format!("{}{bind}", instr("|kamp=1|\nout a(0)")), "a").unwrap();
        let built = document
            .specification(48000.0, &[], Implied::Yes)
            .unwrap()
            .program;
        let bound = built.layers[0].bind["kamp"];
        assert_eq!((bound.from, bound.amount), (source, 1.0));
    }
}
