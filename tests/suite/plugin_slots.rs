//! Which control each host parameter moves, however the text is edited; values as people type them.

use super::plugin_kit::{RATE, with};
use super::stage::layer;
use csound_session::session::instr::Instr;
use csound_session::session::layer::Layer;
use csound_session::session::slot::{SLOTS, SlotMap};
use std::collections::{HashMap, HashSet};
use test_hosts::measure::pitch;
use test_hosts::{Event, Note, Random, Take};

/// The text of a session, as far as slots are concerned: Instrs and their arguments.
type Text = Vec<(String, Vec<String>)>;

/// Instrs that were read before, by name and arguments.
#[derive(Default)]
struct Reader(HashMap<(String, Vec<String>), Instr>);

impl Reader {
    fn instrs(&mut self, text: &Text) -> Vec<Instr> {
        let mut instr = |entry: &(String, Vec<String>)| {
            let known = self.0.entry(entry.clone());
            known.or_insert_with(|| instr(&entry.0, &entry.1)).clone()
        };
        text.iter().map(&mut instr).collect()
    }
}

fn instr(name: &str, args: &[String]) -> Instr {
    let args: Vec<String> = args.iter().map(|arg| format!("{arg}=0 (0..1)")).collect();
    let body = if args.is_empty() {
        "outs a(0), a(0)".to_owned()
    } else {
        format!("|{}|\nouts a(0), a(0)", args.join(", "))
    };
    Instr::new(name, &body).expect("a body")
}

/// Inserts, deletes, renames or moves an argument or an Instr.
fn edit(text: &mut Text, dice: &mut Random) {
    let fresh = |dice: &mut Random| {
        let kind = ["k", "k", "k", "i"][dice.below(4)];
        format!("{kind}arg{}", dice.below(24))
    };
    let at = dice.below(text.len());
    match dice.below(6) {
        0 | 1 => {
            let name = fresh(dice);
            let args = &mut text[at].1;
            if !args.contains(&name) && args.len() < 6 {
                let place = dice.below(args.len() + 1);
                args.insert(place, name);
            }
        }
        2 if !text[at].1.is_empty() => {
            let place = dice.below(text[at].1.len());
            text[at].1.remove(place);
        }
        3 if !text[at].1.is_empty() => {
            let (place, name) = (dice.below(text[at].1.len()), fresh(dice));
            if !text[at].1.contains(&name) {
                text[at].1[place] = name;
            }
        }
        4 if text[at].1.len() > 1 => {
            let places = (dice.below(text[at].1.len()), dice.below(text[at].1.len()));
            text[at].1.swap(places.0, places.1);
        }
        _ => {
            let other = dice.below(text.len());
            text.swap(at, other);
        }
    }
}

fn full_names(text: &Text) -> HashSet<String> {
    let names = |(instr, args): &(String, Vec<String>)| {
        let full = args.iter().map(|arg| format!("{instr}.{arg}"));
        full.collect::<Vec<_>>()
    };
    text.iter().flat_map(names).collect()
}

#[test]
fn ten_thousand_edits_move_no_binding() {
    let mut dice = Random(7);
    let mut text: Text = (0..4).map(|n| (format!("instr{n}"), Vec::new())).collect();
    let layers: Vec<Layer> = text.iter().map(|(name, _)| layer(name)).collect();
    let (mut slots, mut reader) = (SlotMap::default(), Reader::default());
    let mut ever: HashMap<String, usize> = HashMap::new();
    let (mut returned, mut refused) = (0, 0);
    for round in 0..10_000 {
        edit(&mut text, &mut dice);
        let without = slots.follow(&reader.instrs(&text), &layers);
        let names = full_names(&text);
        for (slot, entry) in slots.iter() {
            let name = entry.name();
            assert_eq!(entry.live, names.contains(&name), "edit {round}: {name}");
            let before = *ever.entry(name.clone()).or_insert(slot);
            assert_eq!(before, slot, "edit {round}: {name} has moved");
        }
        for name in &names {
            let slot = ever.get(name);
            assert_eq!(
                slot.is_none(),
                without.contains(name),
                "edit {round}: {name}"
            );
            refused += usize::from(slot.is_none());
        }
        assert_eq!(
            ever.len(),
            slots.iter().count(),
            "edit {round}: one control a slot"
        );
        returned += slots.iter().filter(|(_, entry)| !entry.live).count();
    }
    assert_eq!(ever.len(), SLOTS, "all slots were taken");
    assert!(
        returned > 0 && refused > 0,
        "tombstones and a full list were met"
    );
}

const ORGAN: &str = r#"
version = 1
name = "Organ"
[[instr]]
name = "organ"
body = '''
|kmidi=69, kcutoff=1000 (20..20000 log Hz), klevel=0.1 (0..1), kwave=0 (saw/square/triangle), kmix=0.5 (0..1 %), ioctave=0 (-2..2 step 1 "Octave")|
aout oscili klevel, mtof:k(kmidi + 12 * ioctave)
outs aout, aout
'''
"#;

#[test]
fn an_argument_that_notes_read_once_acts_on_the_next_note() {
    let mut plugin = with(ORGAN);
    plugin.activate(RATE, 512).expect("activates");
    let names: Vec<String> = plugin
        .parameters()
        .into_iter()
        .filter(|parameter| !parameter.hidden)
        .map(|parameter| parameter.name)
        .collect();
    assert_eq!(
        names,
        ["Gain", "Bypass", "cutoff", "level", "wave", "mix", "Octave"],
        "controls come first"
    );
    let octave = plugin.parameter("Octave").expect("a slot").id;
    let take = Take::new(72_000)
        .at(0, Event::NoteOn(Note::key(69), 1.0))
        .at(12_000, Event::Parameter(octave, 0.75))
        .at(36_000, Event::NoteOff(Note::key(69)))
        .at(36_000, Event::NoteOn(Note::key(69), 1.0));
    let heard = plugin.play(&take).expect("plays");
    let hz = |from: usize| pitch(&heard.left()[from..from + 20_000], RATE);
    assert!(
        (hz(14_000) - 440.0).abs() < 0.5,
        "the sounding note stays: {}",
        hz(14_000)
    );
    assert!(
        (hz(40_000) - 880.0).abs() < 0.5,
        "the next one takes it: {}",
        hz(40_000)
    );
    assert_eq!(plugin.text_of(octave, 0.75).expect("reads"), "1");
}

#[test]
fn values_are_typed_in_units() {
    let mut plugin = with(ORGAN);
    for (name, typed, shown) in [
        ("cutoff", "1.2 kHz", "1.2 kHz"),
        ("cutoff", "440", "440 Hz"),
        ("level", "-6 dB", "0.50119"),
        ("level", "50 %", "0.5"),
        ("mix", "50 %", "50 %"),
        ("wave", "triangle", "triangle"),
        ("Gain", "-6 dB", "-6.00 dB"),
    ] {
        let id = plugin.parameter(name).expect("listed").id;
        let value = plugin.value_of(id, typed).expect(typed);
        assert_eq!(
            plugin.text_of(id, value).expect("writes"),
            shown,
            "{name} {typed}"
        );
    }
    let cutoff = plugin.parameter("cutoff").expect("listed").id;
    assert!(plugin.value_of(cutoff, "loud").is_err());
}
