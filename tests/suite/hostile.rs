//! Some hundred documents that mean harm: the preflight says why, and a host that loads them lives and plays on.

use super::plugin_kit::{RATE, SINE, instrument, state};
use super::preflight_child::document as of_body;
use csound_session::document::Document;
use csound_session::document::preflight::{Preflight, Verdict};
use serde::Deserialize;
use std::collections::BTreeMap;
use test_hosts::measure::{is_silent, peak};
use test_hosts::{Event, Note, Plugin, Project, Take};

/// What becomes of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comes {
    /// It is refused, with a reason.
    Fails,
    /// It is refused after the seconds that it takes to find out.
    Hangs,
    /// It passes, whatever it does then.
    Plays,
}

/// The cases of a kind, as they stand in `tests/hostile/*.toml`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Kind {
    fails: Vec<String>,
    hangs: Vec<String>,
    plays: Vec<String>,
}

/// A document and what must become of it.
struct Case {
    name: String,
    document: Document,
    comes: Comes,
}

fn document(body: &str, init: &str) -> Document {
    Document {
        init: init.to_owned(),
        ..of_body(body)
    }
}

fn case(name: String, document: Document, comes: Comes) -> Case {
    Case {
        name,
        document,
        comes,
    }
}

/// The cases of a file, each text made a document.
fn cases(file: &str, make: impl Fn(&str) -> Document) -> Vec<Case> {
    let text = std::fs::read_to_string(file).expect("the cases are there");
    let kinds: BTreeMap<String, Kind> = toml::from_str(&text).expect("they can be read");
    let mut all = Vec::new();
    for (
        kind,
        Kind {
            fails,
            hangs,
            plays,
        },
    ) in kinds
    {
        let lists = [
            (fails, Comes::Fails),
            (hangs, Comes::Hangs),
            (plays, Comes::Plays),
        ];
        for (texts, comes) in lists {
            let named = texts
                .iter()
                .map(|text| case(format!("{kind}: {text}"), make(text), comes));
            all.extend(named);
        }
    }
    all
}

fn bodies() -> Vec<Case> {
    cases("tests/hostile/bodies.toml", |body| document(body, ""))
}

fn inits() -> Vec<Case> {
    cases("tests/hostile/init.toml", |init| {
        document("out a(0.1)", init)
    })
}

/// What is too long, too deep or too odd to be written down.
fn made() -> Vec<Case> {
    let named =
        |(name, body): (&str, String), comes| case(name.to_owned(), document(&body, ""), comes);
    let plays = odd_but_right()
        .into_iter()
        .map(|made| named(made, Comes::Plays));
    let fails = odd_and_wrong()
        .into_iter()
        .map(|made| named(made, Comes::Fails));
    let either = beyond_measure().into_iter().map(|made| {
        let document = document(&made.1, "");
        let passes = Preflight::default().check(&document, RATE).is_fine();
        named(made, if passes { Comes::Plays } else { Comes::Fails })
    });
    plays.chain(fails).chain(either).collect()
}

/// A number in so many parentheses.
fn wrapped(before: &str, depth: usize, after: &str) -> String {
    let (before, after) = (before.repeat(depth), after.repeat(depth));
    format!("k1 = {before}1{after}\nout a(k1*0)")
}

/// So many conditions inside each other.
fn nested(depth: usize) -> String {
    let (begin, end) = ("if k1 == 0 then\n".repeat(depth), "endif\n".repeat(depth));
    format!("k1 = 0\n{begin}k1 = 1\n{end}out a(0)")
}

fn odd_but_right() -> [(&'static str, String); 6] {
    let (comment, name, words) = ("x".repeat(20_000), "x".repeat(200), "x".repeat(1_000));
    [
        ("a long comment", format!("out a(0.1) ; {comment}")),
        ("a deep expression", wrapped("(", 40, ")")),
        ("nested conditions", nested(40)),
        ("a long name", format!("k{name} = 0.1\nout a(k{name})")),
        ("a long message", format!("prints \"{words}\"\nout a(0.1)")),
        (
            "line ends of another kind",
            "k1 = 0.1\r\nout a(k1)\r\n".to_owned(),
        ),
    ]
}

fn odd_and_wrong() -> [(&'static str, String); 8] {
    [
        ("a zero byte", "out a(0)\0\nout a(1)".to_owned()),
        ("a byte order mark", "\u{feff}out a(0)".to_owned()),
        (
            "an endless string",
            format!("S1 = \"{}", "x".repeat(20_000)),
        ),
        ("braces without end", "{{".repeat(1_000)),
        ("open parentheses", wrapped("(", 5_000, "")),
        ("odd spaces", "out\u{a0}a(0)".to_owned()),
        ("right to left", "out a(0)\u{202e}".to_owned()),
        ("only endins", "endin\n".repeat(1_000)),
    ]
}

/// Whether Csound's parser manages these is its own affair.
fn beyond_measure() -> [(&'static str, String); 8] {
    let lines: String = (0..1_000).map(|n| format!("k{n} = {n}\n")).collect();
    let labels: String = (0..500).map(|n| format!("l{n}:\n")).collect();
    let sum = " + 1".repeat(3_000);
    let words = "x".repeat(20_000);
    [
        ("a very deep expression", wrapped("(", 3_000, ")")),
        ("very many conditions", nested(500)),
        ("very many lines", format!("{lines}out a(0.1)")),
        ("very many labels", format!("{labels}out a(0.1)")),
        ("a very long line", format!("k1 = 1{sum}\nout a(k1*0)")),
        (
            "a very long message",
            format!("prints \"{words}\"\nout a(0.1)"),
        ),
        (
            "a very long string",
            format!("S1 = \"{words}\"\nout a(0.1)"),
        ),
        ("a line of one word", words.clone()),
    ]
}

/// Opcodes that write files, use the network or run programs, in the ways that a text can name them.
fn guarded() -> Vec<Case> {
    let words = "dumpk fiopen fout fouti foutir foutk fprintks fprints ftaudio ftsave ftsavek hdf5write outfiles \
                 pvsfwrite OSCinit OSClisten OSCsend OSCraw sockrecv socksend stsend remoteport websocket \
                 compilecsd compileorc compilestr evalstr joystick serialBegin subprocess system system_i exitnow";
    let ways: [fn(&str) -> String; 3] = [
        |word| format!("{word} 1, \"harm\", 1\nout a(0)"),
        |word| format!("k1 = {word}:k(1)\nout a(0)"),
        |word| format!("{}/* */{} 1\nout a(0)", &word[..2], &word[2..]),
    ];
    let mut all = Vec::new();
    for (number, word) in words.split_whitespace().enumerate() {
        let body = ways[number % ways.len()](word);
        all.push(case(body.clone(), document(&body, ""), Comes::Fails));
    }
    all
}

/// A host that has a good document.
struct Host(Plugin);

impl Host {
    fn new() -> Self {
        let mut plugin = instrument();
        plugin.activate(RATE, 512).expect("it activates");
        Self(plugin)
    }

    /// Loads a document and plays it; then the good one. What is wrong with that.
    fn meet(
        &mut self,
        Case {
            document, comes, ..
        }: &Case,
    ) -> Option<&'static str> {
        let text = document.to_state();
        let load = |plugin: &mut Plugin, state: &[u8]| plugin.load(state).expect("it is taken");
        load(&mut self.0, &Project::of_text(&text).clap_state());
        let bad = self.0.play(&keys()).expect("it plays on");
        load(&mut self.0, &state(SINE));
        let good = self.0.play(&keys()).expect("it plays");
        let mut all = bad.ports.iter().flatten().flatten();
        let silent = *comes == Comes::Plays || is_silent(bad.left());
        match () {
            () if !all.all(|sample| sample.is_finite() && sample.abs() < 16.0) => Some("too loud"),
            () if !silent => Some("it sounds"),
            () if peak(good.left()) < 0.4 => Some("the next document is not heard"),
            () => None,
        }
    }
}

fn keys() -> Take {
    let off = |key| (1_000, Event::NoteOff(Note::key(key)));
    let on = |key| (100, Event::NoteOn(Note::key(key), 0.5));
    let keys = [36, 60, 96];
    Take::new(1_500).events(keys.map(on)).events(keys.map(off))
}

/// What the preflight says, if that is not what it must. Verdicts of hung documents are not remembered; the host has asked
/// already.
fn judge(
    Case {
        document, comes, ..
    }: &Case,
) -> Option<String> {
    if *comes == Comes::Hangs {
        return None;
    }
    let verdict = Preflight::default().check(document, RATE);
    let right = match &verdict {
        Verdict::Fine { .. } => *comes == Comes::Plays,
        Verdict::Diagnostics(told) | Verdict::Refused(told) => {
            *comes == Comes::Fails && told.iter().any(|told| told.is_error())
        }
        Verdict::Crashed { while_doing } => *comes == Comes::Fails && !while_doing.is_empty(),
        Verdict::Hung { .. } | Verdict::NoHelper { .. } => false,
    };
    (!right).then(|| format!("must be {comes:?}, is {verdict:?}"))
}

/// Every so many of the cases, from one of them on, so that several tests share them.
fn meet_all(cases: Vec<Case>, first: usize, step: usize) {
    let mut host = Host::new();
    let mut complaints = Vec::new();
    for case in cases.iter().skip(first).step_by(step) {
        let met = host.meet(case).map(str::to_owned);
        let name: String = case.name.chars().take(200).collect();
        complaints.extend(
            met.into_iter()
                .chain(judge(case))
                .map(|what| format!("{name}: {what}")),
        );
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn there_are_enough_of_them() {
    let count = bodies().len() + inits().len() + guarded().len() + 22;
    assert!(count >= 200, "{count}");
}

#[test]
fn hostile_bodies_of_the_first_third_leave_the_host_alive() {
    meet_all(bodies(), 0, 3);
}

#[test]
fn hostile_bodies_of_the_second_third_leave_the_host_alive() {
    meet_all(bodies(), 1, 3);
}

#[test]
fn hostile_bodies_of_the_last_third_leave_the_host_alive() {
    meet_all(bodies(), 2, 3);
}

#[test]
fn hostile_init_code_leaves_the_host_alive() {
    meet_all(inits(), 0, 1);
}

#[test]
fn texts_beyond_measure_leave_the_host_alive() {
    meet_all(made(), 0, 1);
}

#[test]
fn opcodes_that_need_a_permission_are_refused() {
    let judged = guarded().iter().filter_map(judge).collect::<Vec<_>>();
    assert!(judged.is_empty(), "{judged:?}");
}
