//! The orchestra of a CSD: its header, its instruments, and the global code around them.

use std::ops::Range;

use super::Left;
use super::calls::{Call, arguments, calls, replaced};
use super::midi;
use super::score::Note;
use super::sections::Section;
use crate::session::instr::{Scan, Token, TokenKind};

/// An orchestra taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Orchestra {
    /// Samples per cycle, as the header has them.
    pub ksmps: f64,
    /// Output channels.
    pub channels: f64,
    /// What full scale is.
    pub full_scale: f64,
    /// The code outside of instruments, without what a document says elsewhere.
    pub init: String,
    /// Files that are included, with their lines.
    pub includes: Vec<String>,
    /// In the order of their numbers; those with names come last.
    pub instruments: Vec<Instrument>,
    /// `massign`: channel (0 for all) and instrument.
    pub assigned: Vec<(f64, String)>,
    /// What the global code starts.
    pub started: Vec<Note>,
}

/// An instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct Instrument {
    /// Its number, or the name it has instead.
    pub id: String,
    /// What stands between `instr` and `endin`.
    pub body: String,
    /// The line of the CSD on which the body begins.
    pub line: u32,
}

impl Instrument {
    /// Its number, if it has one.
    pub fn number(&self) -> Option<u32> {
        self.id.parse().ok()
    }
}

/// What is said before anything else.
const HEADER: [&str; 7] = ["sr", "kr", "ksmps", "nchnls", "nchnls_i", "0dbfs", "A4"];
/// Global statements about instruments by their numbers, which a document does not have.
const BY_NUMBER: [&str; 6] = [
    "maxalloc",
    "prealloc",
    "pgmassign",
    "cpuprc",
    "ctrlinit",
    "initc7",
];
/// Global statements that start an instrument: where it, the begin and the length stand in them.
const STARTING: [(&str, usize, Option<usize>); 5] = [
    ("schedule", 0, Some(1)),
    ("event_i", 1, Some(2)),
    ("alwayson", 0, None),
    ("turnon", 0, None),
    ("scoreline_i", 0, None),
];
/// The most samples of a cycle, and the most channels, that a document has.
const MOST_KSMPS: f64 = 128.0;
const MOST_CHANNELS: f64 = 16.0;

/// Takes an orchestra apart.
pub fn read(section: Option<&Section<'_>>, left: &mut Vec<Left>) -> Orchestra {
    let mut orchestra = Orchestra {
        ksmps: 10.0,
        channels: 1.0,
        full_scale: 32768.0,
        init: String::new(),
        includes: Vec::new(),
        instruments: Vec::new(),
        assigned: Vec::new(),
        started: Vec::new(),
    };
    let Some(section) = section else {
        return orchestra;
    };
    let scan = Scan::new(section.text);
    let mut reader = Reader {
        section,
        taken: Vec::new(),
        rates: (44_100.0, None),
        open: None,
        orchestra: &mut orchestra,
        left,
    };
    for statement in scan.statements() {
        reader.statement(statement);
    }
    let taken = std::mem::take(&mut reader.taken);
    if let (sr, Some(kr)) = reader.rates {
        orchestra.ksmps = (sr / kr).round();
    }
    orchestra.init = tidied(&replaced(section.text, taken));
    in_order(&mut orchestra.instruments);
    orchestra
}

struct Reader<'a, 'b> {
    section: &'a Section<'a>,
    /// Parts of the text that do not stay in the global code.
    taken: Vec<(Range<usize>, String)>,
    rates: (f64, Option<f64>),
    /// The instruments that are open, and where their body begins.
    open: Option<(Vec<String>, usize, u32)>,
    orchestra: &'b mut Orchestra,
    left: &'b mut Vec<Left>,
}

impl<'a> Reader<'a, '_> {
    fn statement(&mut self, statement: &[Token<'a>]) {
        let first = &statement[0];
        if first.is_word("instr") && self.open.is_none() {
            let ids = arguments(self.section.text, &statement[1..]);
            let ids = ids
                .iter()
                .map(|id| id.trim_start_matches('+').trim().to_owned())
                .collect();
            let end = statement[statement.len() - 1].end();
            self.open = Some((ids, end, first.line));
            // The closing `endin` takes the whole of it out of the global code.
            self.taken.push((first.start..first.start, String::new()));
        } else if first.is_word("endin") {
            self.close(first);
        } else if self.open.is_none() {
            self.global(statement);
        }
    }

    fn close(&mut self, endin: &Token<'a>) {
        let Some((ids, start, line)) = self.open.take() else {
            return;
        };
        let body = self.section.text[start..endin.start].trim_matches(['\r', '\n']);
        let skipped = self.section.text[start..endin.start]
            .find(body)
            .unwrap_or(0);
        let lines = self.section.text[start..start + skipped]
            .matches('\n')
            .count() as u32;
        if let Some((range, _)) = self.taken.last_mut() {
            range.end = endin.end();
        }
        for id in ids.into_iter().filter(|id| !id.is_empty()) {
            self.orchestra.instruments.push(Instrument {
                id,
                body: body.replace("\r\n", "\n"),
                line: self.section.line + line - 1 + lines,
            });
        }
    }

    fn global(&mut self, statement: &[Token<'a>]) {
        let (first, last) = (&statement[0], &statement[statement.len() - 1]);
        let range = first.start..last.end();
        let line = self.section.line + first.line - 1;
        let args = arguments(self.section.text, &statement[1..]);
        let text = |place: usize| {
            args.get(place)
                .map_or("", |arg| arg.trim().trim_matches('"'))
                .to_owned()
        };
        if let Some((name, value)) = header(self.section.text, statement) {
            self.header(name, value, line);
        } else if first.is_word("massign") {
            match text(0).parse() {
                Ok(channel) => self.orchestra.assigned.push((channel, text(1))),
                Err(_) => self.leave(line, "this massign cannot be read"),
            }
        } else if self.starts(statement, line) {
            // It is a layer now, or listed.
        } else if first.is_symbol("#")
            && statement.get(1).is_some_and(|word| word.is_word("include"))
        {
            let path = statement.get(2).map_or("", |path| path.text);
            self.orchestra
                .includes
                .push(path.trim_matches('"').to_owned());
        } else if first.kind == TokenKind::Word && BY_NUMBER.contains(&first.text) {
            self.leave(line, &format!("{} has no counterpart", first.text));
        } else {
            return self.stays(statement);
        }
        self.taken.push((range, String::new()));
    }

    /// Whether a statement starts an instrument.
    fn starts(&mut self, statement: &[Token<'a>], line: u32) -> bool {
        let starting = |name: &str| STARTING.iter().any(|(known, ..)| *known == name);
        let found = calls(self.section.text, statement, &starting);
        let Some(call) = found.first().filter(|_| starting(statement[0].text)) else {
            return false;
        };
        match started(call, line) {
            Some(note) => self.orchestra.started.push(note),
            None => {
                let what = format!("{} does not say plainly what it starts", call.name);
                self.leave(line, &what);
            }
        }
        true
    }

    /// A statement that stays in the global code.
    fn stays(&mut self, statement: &[Token<'a>]) {
        let asking = statement.iter().find(|word| midi::reads(word.text));
        if let Some(word) = asking {
            let what = format!(
                "{} stands in an opcode, where no note can give what it reads",
                word.text
            );
            self.leave(self.section.line + word.line - 1, &what);
        }
    }

    fn header(&mut self, name: &str, value: Option<f64>, line: u32) {
        let Some(value) = value.filter(|value| *value > 0.0) else {
            return self.leave(line, &format!("{name} is no plain number"));
        };
        match name {
            "sr" => self.rates.0 = value,
            "kr" => self.rates.1 = Some(value),
            "ksmps" => {
                self.orchestra.ksmps = value;
                self.at_most(line, name, value, MOST_KSMPS);
            }
            "nchnls" => {
                self.orchestra.channels = value;
                self.at_most(line, name, value, MOST_CHANNELS);
            }
            "0dbfs" => self.orchestra.full_scale = value,
            "A4" if value != 440.0 => self.leave(line, "A4 is 440 Hz"),
            _ => {}
        }
    }

    fn at_most(&mut self, line: u32, name: &str, value: f64, most: f64) {
        if value > most {
            self.leave(line, &format!("{name} is {most} here, which is the most"));
        }
    }

    fn leave(&mut self, line: u32, what: &str) {
        self.left.push(Left::new(line, what.to_owned()));
    }
}

/// What a global statement starts, if it says so plainly.
fn started(call: &Call<'_>, line: u32) -> Option<Note> {
    let (_, place, begin) = STARTING.iter().find(|(name, ..)| *name == call.name)?;
    let instr = call.args.get(*place)?.trim().trim_matches('"');
    let number = |place: usize| call.args.get(place)?.trim().parse::<f64>().ok();
    let (start, length, fields) = match begin {
        Some(at) => (number(*at)?, number(at + 1)?, at + 2),
        None => (0.0, f64::INFINITY, place + 1),
    };
    let fields = call.args.get(fields..).unwrap_or_default();
    let plain = instr.parse::<f64>().is_ok() || call.args[*place].contains('"');
    plain.then(|| Note {
        instr: instr.to_owned(),
        start,
        length: if length < 0.0 { f64::INFINITY } else { length },
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        line,
    })
}

/// The name and value of a header statement.
fn header<'a>(text: &str, statement: &[Token<'a>]) -> Option<(&'a str, Option<f64>)> {
    let assigns = statement.iter().position(|token| token.is_symbol("="))?;
    let name = match &statement[..assigns] {
        [word] => word.text,
        // The scanner may take the digit of `0dbfs` for a number of its own.
        [zero, word] if zero.text == "0" && word.text == "dbfs" => "0dbfs",
        _ => return None,
    };
    let known = HEADER.iter().find(|known| **known == name)?;
    let (first, last) = (statement.get(assigns + 1)?, statement.last()?);
    let value = text[first.start..last.end()].trim().parse::<f64>().ok();
    Some((known, value.filter(|value| value.is_finite())))
}

/// Sorts instruments as Csound performs them: by number, where those with names get the lowest free ones.
fn in_order(instruments: &mut Vec<Instrument>) {
    let taken: Vec<u32> = instruments.iter().filter_map(Instrument::number).collect();
    let mut free = (1..).filter(|number| !taken.contains(number));
    let mut numbered: Vec<(u32, Instrument)> = Vec::new();
    for instrument in instruments.drain(..) {
        let number = instrument.number().or_else(|| free.next());
        numbered.push((number.unwrap_or(u32::MAX), instrument));
    }
    numbered.sort_by_key(|(number, _)| *number);
    instruments.extend(numbered.into_iter().map(|(_, instrument)| instrument));
}

/// Without the empty lines that were left behind.
fn tidied(text: &str) -> String {
    let mut kept = String::new();
    let mut empty = true;
    for line in text.lines() {
        let is_empty = line.trim().is_empty();
        if !(is_empty && empty) {
            kept.push_str(line.trim_end());
            kept.push('\n');
        }
        empty = is_empty;
    }
    kept.trim_end().to_owned()
}
