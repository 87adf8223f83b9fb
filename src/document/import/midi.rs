//! MIDI opcodes in a body, as arguments that a note gives.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Left;
use super::calls::{Call, calls};
use super::options::Routes;
use crate::document::BindEntry;
use crate::session::instr::Scan;

/// Opcodes that ask what a note or its channel does.
const ASKING: [&str; 23] = [
    "notnum",
    "veloc",
    "cpsmidi",
    "octmidi",
    "pchmidi",
    "cpsmidib",
    "octmidib",
    "pchmidib",
    "ampmidi",
    "pchbend",
    "aftouch",
    "midictrl",
    "midic7",
    "ctrl7",
    "chanctrl",
    "midichn",
    "midinoteonkey",
    "midinoteoncps",
    "midinoteonoct",
    "midinoteonpch",
    "midicontrolchange",
    "midipitchbend",
    "mididefault",
];
/// Opcodes that read MIDI in ways that a note cannot give.
const BEYOND: [&str; 13] = [
    "midiin",
    "polyaft",
    "ctrl14",
    "ctrl21",
    "midic14",
    "midic21",
    "cpstmid",
    "midiprogramchange",
    "midipolyaftertouch",
    "midichannelaftertouch",
    "initc7",
    "ctrlinit",
    "slider8",
];

/// The variable that stands for a length which is set for MIDI alone.
pub const LENGTH: &str = "i_p3";

/// Whether an opcode reads MIDI.
pub fn reads(opcode: &str) -> bool {
    ASKING.contains(&opcode) || BEYOND.contains(&opcode)
}

/// Whether a text asks what a note does.
pub fn asks(scan: &Scan<'_>) -> bool {
    let of_notes = |name: &str| ASKING.contains(&name) && !["ctrl7", "chanctrl"].contains(&name);
    scan.words().any(|word| of_notes(word.text))
}

/// What the body of a note needs from outside.
pub struct Needs<'a> {
    words: BTreeSet<&'a str>,
    /// No note is there to bind to: what a channel does is left to parameters.
    always: bool,
    /// Arguments with their defaults and notes, in order of need.
    arguments: Vec<(String, String)>,
    /// The bindings that their names alone do not make.
    pub bind: BTreeMap<String, BindEntry>,
}

impl<'a> Needs<'a> {
    /// Of a body that has these words.
    pub fn new(scan: &Scan<'a>, always: bool) -> Self {
        Self {
            always,
            words: scan.words().map(|word| word.text).collect(),
            arguments: Vec::new(),
            bind: BTreeMap::new(),
        }
    }

    /// The declaration of the arguments; empty if there are none.
    pub fn declaration(&self) -> String {
        let list: Vec<_> = self
            .arguments
            .iter()
            .map(|(name, rest)| format!("{name}={rest}"))
            .collect();
        if list.is_empty() {
            String::new()
        } else {
            format!("|{}|\n", list.join(", "))
        }
    }

    /// The key as it was played.
    fn key(&mut self) -> String {
        self.argument("imidi", "0", "key", true)
    }

    /// The velocity in 127 steps.
    fn velocity(&mut self) -> String {
        format!(
            "round({} * 127)",
            self.argument("ivel", "0", "velocity", true)
        )
    }

    fn bend(&mut self, rate: char) -> String {
        let name = self.argument("kbend", "0 (internal)", "bend", false);
        at_rate(&name, rate)
    }

    fn pressure(&mut self, rate: char) -> String {
        let name = self.argument("kpressure", "0 (internal)", "pressure", true);
        at_rate(&name, rate)
    }

    fn controller(&mut self, number: u8, rate: char) -> String {
        let name = self.argument(
            &format!("kcc{number}"),
            "0 (internal)",
            &format!("cc{number}"),
            false,
        );
        at_rate(&name, rate)
    }

    /// The argument for something that a note does, under a name that the body does not use. `known` names are bound
    /// by themselves.
    fn argument(&mut self, name: &str, rest: &str, from: &str, known: bool) -> String {
        let free = self.free(name);
        let rest = if self.always && rest.contains("internal") {
            "0 (0..1)"
        } else {
            rest
        };
        if !self.arguments.iter().any(|(own, _)| *own == free) {
            self.arguments.push((free.clone(), rest.to_owned()));
        }
        if !known || free != name {
            let bind = BindEntry {
                from: from.to_owned(),
                amount: 1.0,
                extra: Default::default(),
            };
            self.bind.insert(free.clone(), bind);
        }
        free
    }

    /// A name that the body does not use.
    pub fn free(&self, name: &str) -> String {
        let mut free = name.to_owned();
        while self.words.contains(free.as_str()) {
            free.push_str("_in");
        }
        free
    }

    /// An argument for a p-field that the score gave, with the value it had there; a text stands for itself.
    pub fn given(&mut self, number: u32, value: &str) -> String {
        if value.parse::<f64>().is_err() {
            return value.to_owned();
        }
        let free = self.free(&format!("ip{number}"));
        if !self.arguments.iter().any(|(own, _)| *own == free) {
            self.arguments.push((free.clone(), value.to_owned()));
        }
        free
    }

    /// The p-field of a note to which the options route something, as an expression.
    pub fn field(&mut self, number: u32, routes: &Routes, full_scale: f64) -> Option<String> {
        let is = |route: Option<u32>| route == Some(number);
        Some(if is(routes.key) {
            self.key()
        } else if is(routes.key_cps) {
            format!("cpsoct({} / 12 + 3)", self.key())
        } else if is(routes.key_oct) {
            format!("({} / 12 + 3)", self.key())
        } else if is(routes.key_pch) {
            format!("pchmidinn({})", self.key())
        } else if is(routes.velocity) {
            self.velocity()
        } else if is(routes.velocity_amp) {
            let velocity = self.velocity();
            format!("({velocity} * {velocity} / 16239 * {full_scale})")
        } else {
            return None;
        })
    }

    /// What replaces a MIDI opcode; `None` if it stays.
    fn replacement(&mut self, call: &Call<'_>) -> Option<String> {
        let arg = |place: usize, default: &str| match call.args.get(place) {
            Some(text) if !text.is_empty() => (*text).to_owned(),
            _ => default.to_owned(),
        };
        let within = |value: String, low: String, high: String| {
            format!("({low}) + {value} * (({high}) - ({low}))")
        };
        let controller = |place: usize| {
            call.args
                .get(place)
                .and_then(|text| text.trim().parse::<u8>().ok())
                .filter(|n| *n < 128)
        };
        Some(match call.name {
            "notnum" => self.key(),
            "veloc" => within(
                format!("{} / 127", self.velocity()),
                arg(0, "0"),
                arg(1, "127"),
            ),
            "cpsmidi" => format!("cpsoct({} / 12 + 3)", self.key()),
            "octmidi" => format!("{} / 12 + 3", self.key()),
            "pchmidi" => format!("pchoct({} / 12 + 3)", self.key()),
            "cpsmidib" => format!("cpsoct({})", self.bent(call, &arg(0, "2"))),
            "octmidib" => self.bent(call, &arg(0, "2")),
            "pchmidib" => format!("pchoct({})", self.bent(call, &arg(0, "2"))),
            "ampmidi" if call.args.len() == 2 => {
                let (velocity, table) = (self.velocity(), arg(1, "0"));
                format!(
                    "tab_i(int({velocity} / 128 * ftlen({table})), {table}) * ({})",
                    arg(0, "1")
                )
            }
            "ampmidi" => format!("{} / 128 * ({})", self.velocity(), arg(0, "1")),
            "pchbend" => within(self.bend(call.rate), arg(0, "-1"), arg(1, "1")),
            "aftouch" => within(self.pressure(call.rate), arg(0, "0"), arg(1, "127")),
            "midictrl" | "midic7" => {
                let high = if call.name == "midictrl" { "127" } else { "1" };
                within(
                    self.controller(controller(0)?, call.rate),
                    arg(1, "0"),
                    arg(2, high),
                )
            }
            "ctrl7" | "chanctrl" if call.args.len() < 5 => {
                let high = if call.name == "ctrl7" { "1" } else { "127" };
                within(
                    self.controller(controller(1)?, call.rate),
                    arg(2, "0"),
                    arg(3, high),
                )
            }
            "midichn" => "1".to_owned(),
            name => return self.assignment(call, name),
        })
    }

    /// The octave of a key with its channel's bend.
    fn bent(&mut self, call: &Call<'_>, range: &str) -> String {
        let (key, bend) = (self.key(), self.bend(call.rate));
        // The key has a bend of two semitones in it that stood when it was pressed.
        let start = self.bend('i');
        format!("({key} - 2 * {start} + {bend} * ({range})) / 12 + 3")
    }

    /// Opcodes that store what a note does in the variables they are given.
    fn assignment(&mut self, call: &Call<'_>, name: &str) -> Option<String> {
        let first = call.args.first()?;
        let second = call.args.get(1)?;
        if name == "mididefault" {
            // A length that is set in this way is for envelopes: the note goes on until it is released.
            let length = self.free(LENGTH);
            let variable = if *second == "p3" { &length } else { *second };
            return Some(format!("{variable} = {first}"));
        }
        let key = match name {
            "midinoteonkey" => self.key(),
            "midinoteoncps" => format!("cpsmidinn({})", self.key()),
            "midinoteonoct" => format!("{} / 12 + 3", self.key()),
            "midinoteonpch" => format!("pchmidinn({})", self.key()),
            _ => return None,
        };
        Some(format!("{first} = {key}\n{second} = {}", self.velocity()))
    }
}

/// What is not quite the same.
fn departure(call: &Call<'_>) -> Option<&'static str> {
    match call.name {
        "ctrl7" | "chanctrl" => Some("the controller is that of the note's own channel here"),
        "aftouch" => Some("the pressure is 0 before the first message here, and 127 in Csound"),
        _ => None,
    }
}

fn at_rate(name: &str, rate: char) -> String {
    match rate {
        'i' | 'g' => format!("i({name})"),
        _ => name.to_owned(),
    }
}

/// The edits that make a body ask its arguments instead of MIDI.
pub fn edits(
    text: &str,
    scan: &Scan<'_>,
    needs: &mut Needs<'_>,
    line: u32,
    left: &mut Vec<Left>,
) -> Vec<(Range<usize>, String)> {
    let mut edits = Vec::new();
    for statement in scan.statements() {
        for call in calls(text, statement, &reads) {
            let Some(new) = needs.replacement(&call) else {
                let what = format!("{} reads MIDI in a way that a note cannot give", call.name);
                left.push(Left::new(line + call.line - 1, what));
                continue;
            };
            left.extend(
                departure(&call).map(|what| Left::new(line + call.line - 1, what.to_owned())),
            );
            let new = match &call.outputs {
                None => format!("({new})"),
                Some(outputs) if outputs.is_empty() => new,
                Some(_) => format!("= {new}"),
            };
            edits.push((call.range, new));
        }
    }
    edits
}
