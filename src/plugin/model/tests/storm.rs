//! Edits of all kinds, good and bad, under a held chord, while notes come at random.

use super::{FRAMES, Rig};
use crate::session::When;
use crate::session::command::{Command, NoteAddress};
use test_hosts::{Random, resident_bytes};

/// The chord's body; it alone is heard on the left.
const CHORD: &str = "|kmidi|\nasig oscili 0.05, mtof:k(kmidi)\nasig *= linsegr:a(0, 0.01, 1, 0.05, 0)\n\
                     anull = 0\nouts asig, anull";

/// What an edit may be. The first is good; the last two hang, which takes preflight seconds to find out.
const KINDS: [&str; 14] = [
    "asig oscili 0.1, mtof:k(kmidi)",
    "asig nosuchopcode 0.1",
    "asig oscili 0.1, 440, 7777",
    "kvalues[] fillarray 1, 2\nkvalue = kvalues[9]\nasig upsamp kvalue",
    "ivalue = 1/0\nasig upsamp k(ivalue)",
    "asig oscili 0.1, mtof:k(kmidi",
    "exitnow 3\nasig = 0",
    "anull = 0\nasig delay anull, 30000",
    "asig upsamp sqrt(-1 - kmidi)",
    "asig upsamp k(1e30)",
    "asig system \"true\"",
    "",
    "ivalue = 0\nwhile ivalue < 1 do\nivalue = 0\nod\nasig = 0",
    "kvalue = 0\nwhile kvalue < 1 do\nkvalue = 0\nod\nasig = 0",
];
/// How many of the kinds are quick to judge.
const QUICK: usize = KINDS.len() - 2;

fn body(kind: usize, edit: usize) -> String {
    let code = KINDS[kind];
    format!(
        "|kmidi|\n{code}\nasig *= linsegr:a(0, 0.002, 1, 0.01, 0)\nanull = 0\nouts anull, asig ; {edit}"
    )
}

/// How many edits: few in the suite, more if the soak asks.
fn edits() -> usize {
    let asked = std::env::var("CSOUND_SESSION_EDITS");
    asked
        .ok()
        .and_then(|asked| asked.parse().ok())
        .unwrap_or(40)
}

fn chord(rig: &mut Rig) {
    (30..36).for_each(|key| rig.press(key));
}

fn lift(rig: &mut Rig, key: u8) {
    let note = NoteAddress::midi(0, key);
    rig.performer.at(0, Command::NoteOff { note });
}

/// The next edit: one in two is good.
fn edit(rig: &Rig, random: &mut Random, edit: usize, slow: bool) {
    let kinds = if slow && random.below(100) == 0 {
        KINDS.len()
    } else {
        QUICK
    };
    let kind = [0, random.below(kinds)][random.below(2)];
    let when = [When::Now, When::At(random.below(1 << 20) as u64)][random.below(2)];
    rig.edit(&body(kind, edit), when);
}

#[test]
fn a_held_chord_outlives_every_edit_to_the_last_bit() {
    let edits = edits();
    let (mut edited, mut untouched) = (Rig::new(CHORD), Rig::new(CHORD));
    chord(&mut edited);
    chord(&mut untouched);
    // From here on notes are heard on the right.
    for block in 0..20 {
        if block == 10 {
            edited.edit(&body(0, 0), When::Now);
        }
        assert!(edited.play(1) == untouched.play_alone());
    }
    let mut random = Random(5);
    let mut memory = 0;
    for number in 0..edits {
        edit(&edited, &mut random, number, edits > 100);
        for _ in 0..random.below(24) + 1 {
            let key = 60 + random.below(12) as u8;
            if random.below(3) == 0 {
                edited.press(key);
            } else {
                lift(&mut edited, key);
            }
            let heard = edited.play(1);
            assert_eq!(heard.len(), FRAMES);
            assert!(heard == untouched.play_alone(), "edit {number}");
        }
        edited.heard.clear();
        untouched.heard.clear();
        if number == edits / 2 {
            memory = resident_bytes();
        }
    }
    let view = edited.model.view();
    assert!(view.past > 0, "some edits were good: {view:?}");
    (0..128).for_each(|key| lift(&mut edited, key));
    edited.play(400);
    assert!(!edited.performer.has_voices(), "no synth is stuck");
    if edits >= 1000 {
        let grown = resident_bytes().saturating_sub(memory) as f64 / 1024.0 / (edits / 2) as f64;
        eprintln!("{edits} edits; memory grows by {grown:.2} KiB an edit");
        eprintln!("with edits:\n{}", edited.model.ledger());
        eprintln!("without:\n{}", untouched.model.ledger());
        assert!(grown < 2.0, "{grown} KiB an edit");
    }
}
