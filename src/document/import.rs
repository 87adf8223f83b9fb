//! From a CSD to a document: Cabbage's widgets become parameters, instruments that MIDI plays become note layers,
//! effects sound all the time. Opcodes, macros and comments stay as they are. What has no counterpart is listed by
//! line. A CSD is anybody's text: nothing in it makes this fail, and nothing of it is compiled here.

mod body;
mod cabbage;
mod calls;
mod foreign;
mod midi;
mod options;
mod orchestra;
mod panel;
mod scale;
mod score;
mod sections;
mod sums;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Document, IncludeEntry, InstrEntry, LayerEntry, PartEntry, TriggerEntry};
use crate::session::instr::Scan;
use body::{Context, Converted, Start};
use options::Routes;
use orchestra::{Instrument, Orchestra};
use score::{Note, Score};
use sections::Section;

/// Something in a CSD that is not in the document, or is there in another way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    /// The line of the CSD, counted from 1.
    pub line: u32,
    /// What it is, and why.
    pub what: String,
}

impl Left {
    fn new(line: u32, what: String) -> Self {
        Self { line, what }
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.what)
    }
}

/// A CSD as a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The document.
    pub document: Document,
    /// What was left out, by line.
    pub left: Vec<Left>,
}

/// Makes a document of a CSD. `name` is what it is called if the CSD does not say.
pub fn import(csd: &str, name: &str) -> Imported {
    let sections = sections::sections(csd);
    let section = |name: &str| {
        sections
            .iter()
            .find(|section| section.name.eq_ignore_ascii_case(name))
    };
    let mut left = Vec::new();
    for other in &sections {
        if !KNOWN
            .iter()
            .any(|known| known.eq_ignore_ascii_case(other.name))
        {
            left.push(Left::new(
                other.line,
                format!("the section <{}> has no counterpart", other.name),
            ));
        }
    }
    let mut document = Document {
        name: name.to_owned(),
        ..Document::default()
    };
    let code = section("CsInstruments").map_or("", |section| section.text);
    if let Some(Section { text, line, .. }) = section("Cabbage") {
        panel::add(
            &mut document,
            &cabbage::widgets(text),
            *line,
            code,
            &mut left,
        );
    }
    let import = Import {
        routes: options::read(section("CsOptions"), &mut left),
        orchestra: orchestra::read(section("CsInstruments"), &mut left),
        score: score::read(section("CsScore"), &mut left),
    };
    import.fill(&mut document, &mut left);
    left.sort();
    left.dedup();
    Imported { document, left }
}

/// A note that lasts so many beats sounds as long as the CSD does.
const LONG: f64 = 60.0;
const A_NOTE: &str = "a note of its own: a document has none, a score file can";

/// The sections that are read.
const KNOWN: [&str; 6] = [
    "Cabbage",
    "CsOptions",
    "CsInstruments",
    "CsScore",
    "CsLicence",
    "CsLicense",
];

/// A CSD, read.
struct Import {
    routes: Routes,
    orchestra: Orchestra,
    score: Score,
}

impl Import {
    fn fill(&self, document: &mut Document, left: &mut Vec<Left>) {
        let orchestra = &self.orchestra;
        document.ksmps = orchestra.ksmps.clamp(1.0, 128.0) as u32;
        document.channels = orchestra.channels.clamp(1.0, 16.0) as u32;
        let init = scale::scaled(&orchestra.init, orchestra.full_scale);
        document.init = self.score.tables.clone() + &body::by_channel(&init);
        document.includes = orchestra
            .includes
            .iter()
            .map(|path| include(path))
            .collect();
        let names = self.names();
        let starts = self.starts(left);
        let instruments = || orchestra.instruments.iter().zip(&starts);
        let called = instruments().filter(|(_, start)| **start == Start::Called);
        let called: BTreeSet<String> = called.map(|(own, _)| names[&own.id].clone()).collect();
        let context = Context {
            routes: &self.routes,
            full_scale: orchestra.full_scale,
            names: &names,
            called: &called,
        };
        for (instrument, start) in instruments() {
            let Converted { body, bind } = body::convert(instrument, start, &context, left);
            let name = names[&instrument.id].clone();
            if document.instr.iter().any(|known| known.name == name) {
                left.push(Left::new(
                    instrument.line,
                    format!("there are two instruments {}", instrument.id),
                ));
                continue;
            }
            document
                .layer
                .extend(layer(&name, start).map(|layer| LayerEntry { bind, ..layer }));
            document.instr.push(InstrEntry {
                name,
                body,
                ..InstrEntry::default()
            });
        }
    }

    /// The Instr of each instrument, by its number or name.
    fn names(&self) -> BTreeMap<String, String> {
        let mut names = BTreeMap::new();
        for Instrument { id, .. } in &self.orchestra.instruments {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let is_name =
                id.starts_with(|c: char| c.is_ascii_alphabetic()) && id.chars().all(plain);
            let name = match id.parse::<u32>() {
                Ok(number) => format!("instr{number}"),
                Err(_) if is_name && !id.starts_with("panel") => id.clone(),
                Err(_) => format!(
                    "own_{}",
                    id.chars().filter(|c| plain(*c)).collect::<String>()
                ),
            };
            names.insert(id.clone(), name);
        }
        names
    }

    /// What starts each instrument: MIDI, or what the score and the global code do without an end, or notes in place of
    /// those that have one.
    fn starts(&self, left: &mut Vec<Left>) -> Vec<Start> {
        let players = self.players();
        let instruments = &self.orchestra.instruments;
        let scored = |own: &&Instrument| players.is_empty() && self.notes(own).next().is_some();
        let many = instruments.iter().filter(scored).count() > 1;
        let mut starts = Vec::new();
        for instrument in instruments {
            let notes: Vec<_> = self.notes(instrument).collect();
            let long = if reads_input(instrument) { 0.0 } else { LONG };
            let endless = notes
                .iter()
                .find(|note| note.start <= 0.0 && note.length >= long);
            let start = match (players.get(&instrument.id), endless, notes.first()) {
                (Some(channel), ..) => Start::Note(*channel, Vec::new()),
                (_, Some(note), _) => Start::Always(note.fields.clone()),
                (_, _, Some(note)) if players.is_empty() => {
                    let channel = instrument.number().filter(|_| many);
                    Start::Note(channel.unwrap_or(0).min(16), note.given())
                }
                _ => Start::Called,
            };
            let is_layer =
                |note: &Note| matches!(start, Start::Always(_)) && Some(note) == endless.copied();
            let others = notes.iter().filter(|note| !is_layer(note));
            left.extend(others.map(|note| Left::new(note.line, A_NOTE.to_owned())));
            starts.push(start);
        }
        // Without a layer everything would get one of its own.
        if starts.iter().all(|start| *start == Start::Called)
            && let Some(first) = starts.first_mut()
        {
            *first = Start::Note(0, Vec::new());
        }
        starts
    }

    /// What the score and the global code start of an instrument.
    fn notes<'a>(&'a self, instrument: &'a Instrument) -> impl Iterator<Item = &'a Note> {
        let all = self.score.notes.iter().chain(&self.orchestra.started);
        all.filter(|note| is_same(&note.instr, &instrument.id))
    }

    /// The instruments that MIDI plays, by channel: those that it is assigned to, else those whose number is that of
    /// a channel and that ask for notes.
    fn players(&self) -> BTreeMap<String, u32> {
        let mut players = BTreeMap::new();
        let known = |id: &str| {
            self.orchestra
                .instruments
                .iter()
                .find(|own| is_same(id, &own.id))
        };
        for (channel, id) in &self.orchestra.assigned {
            if let Some(instrument) = known(id) {
                players.insert(instrument.id.clone(), channel.clamp(0.0, 16.0) as u32);
            }
        }
        let silenced = self
            .orchestra
            .assigned
            .iter()
            .any(|(channel, id)| *channel <= 0.0 && known(id).is_none());
        if players.len() == 1 && !silenced {
            // Channels without an instrument of their own play the only one there is.
            players.values_mut().for_each(|channel| *channel = 0);
        }
        if !players.is_empty() {
            return players;
        }
        let asks = |instrument: &&Instrument| midi::asks(&Scan::new(&instrument.body));
        let in_score = |instrument: &&Instrument| self.notes(instrument).next().is_some();
        let listening = |instrument: &&Instrument| {
            let by_route = self.routes.any() || self.routes.listens;
            instrument.number().is_some_and(|number| number <= 16)
                && (asks(instrument) || by_route && !in_score(instrument))
        };
        let own: Vec<_> = self
            .orchestra
            .instruments
            .iter()
            .filter(listening)
            .collect();
        let channel = |instrument: &Instrument| match own.len() {
            1 => 0,
            _ => instrument.number().unwrap_or(0),
        };
        own.iter()
            .map(|instrument| (instrument.id.clone(), channel(instrument)))
            .collect()
    }
}

/// Whether a score or a statement means an instrument; a number may have a fraction there.
fn is_same(said: &str, id: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok().map(f64::trunc);
    said == id || number(said).is_some_and(|said| number(id) == Some(said))
}

/// Whether an instrument is one of an effect.
fn reads_input(instrument: &Instrument) -> bool {
    let reads = ["in", "ins", "inch", "inq", "inx"];
    Scan::new(&instrument.body)
        .words()
        .any(|word| reads.contains(&word.text))
}

fn include(path: &str) -> IncludeEntry {
    IncludeEntry {
        path: path.to_owned(),
        text: None,
        linked: true,
    }
}

fn layer(instr: &str, start: &Start) -> Option<LayerEntry> {
    let (trigger, channel) = match start {
        Start::Note(channel, _) => (TriggerEntry::Note, *channel),
        Start::Always(_) => (TriggerEntry::Always, 0),
        Start::Called => return None,
    };
    Some(LayerEntry {
        name: instr.to_owned(),
        trigger,
        channel,
        parts: vec![PartEntry {
            instr: instr.to_owned(),
            ..PartEntry::default()
        }],
        ..LayerEntry::default()
    })
}
