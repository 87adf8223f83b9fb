//! Statements as the text of a score.
//!
//! Csound in its sample-accurate mode takes the sample of a time by cutting its fraction off, so times are a quarter of
//! a sample late; what only stores values or stops synths is an eighth late, and so comes before what starts with it.

use std::fmt::Write;

use super::assets::Assets;
use super::statement::{Length, Place, Start, Statement, Synth, What};
use crate::session::instr::Instr;
use crate::session::orchestra::{FIRST_CONTROL, Layout, OrchestraSpec};
use crate::session::program::Shape;

/// What the helpers of a score are called, unless an Instr is called so.
pub const HELPERS: &str = "session_";
/// The players of curves, for channels and for cells.
const PLAYERS: [u32; 2] = [9998, 9999];
/// How much later, in samples, a synth starts that must not be sorted before another one of the same sample.
const LATER: f64 = 0.001;

/// A score in the making.
pub struct Score<'a> {
    spec: &'a OrchestraSpec,
    layout: &'a Layout,
    shape: Shape,
    helpers: &'a str,
    text: String,
    /// The last start: its sample, what it is sorted by, and how many before it are not sorted so.
    last: Option<(u64, (u32, f64), u32)>,
    /// Who has a slice, by its first cell.
    owners: Vec<(usize, u32)>,
}

impl<'a> Score<'a> {
    /// The score of what `spec` plays in so many cycles.
    pub fn write(
        spec: &'a OrchestraSpec,
        layout: &'a Layout,
        shape: Shape,
        helpers: &'a str,
        mut statements: Vec<Statement>,
        cycles: u64,
        assets: &mut Assets,
    ) -> String {
        let mut score = Self {
            spec,
            layout,
            shape,
            helpers,
            text: String::new(),
            last: None,
            owners: Vec::new(),
        };
        statements.sort_by_key(|statement| (statement.cycle, rank(&statement.what)));
        score.begin(assets);
        for statement in &statements {
            score.statement(statement, assets);
        }
        let end = score.early(cycles);
        score.line(format_args!("i \"{helpers}end\" {end} 0\ne"), "");
        assets.short_tables() + &score.text
    }

    fn begin(&mut self, assets: &mut Assets) {
        self.text += "; A synth has two lines: its controls, for the slice of the control table that begins at p4,\n\
                      ; and its event, with that p4. Times are a fraction of a sample late, so that none is early.\n";
        let always_on = self.layout.always_on;
        self.line(format_args!("i {always_on} 0 -1"), "always on");
        for fill in assets.fills() {
            let helpers = self.helpers;
            self.line(
                format_args!("i \"{helpers}table\" 0 0 {} {}", fill.to, fill.from),
                &fill.name,
            );
        }
    }

    fn statement(&mut self, statement: &Statement, assets: &mut Assets) {
        let (time, helpers) = (self.early(statement.cycle), self.helpers);
        match &statement.what {
            What::Set(place, value) => {
                let (name, about) = (self.place(place), self.about(place));
                let helper = match place {
                    Place::Cell { .. } => "set",
                    Place::Channel(_) => "channel",
                };
                let value = number(*value);
                self.line(
                    format_args!("i \"{helpers}{helper}\" {time} 0 {name} {value}"),
                    &about,
                );
            }
            What::Curve(place, values) => {
                let (name, about) = (self.place(place), self.about(place));
                let player = PLAYERS[usize::from(matches!(place, Place::Cell { .. }))];
                let cycles = values.len() as f64 - 1.0;
                let length = self.seconds(cycles * self.shape.ksmps as f64 - 0.5);
                let table = assets.curve(values, &about);
                self.line(
                    format_args!("i {player} {time} {length} {name} {table}"),
                    &about,
                );
            }
            What::Stop(synth, releases) => {
                let (p1, releases) = (self.p1(*synth), u8::from(*releases));
                self.line(
                    format_args!("i \"{helpers}stop\" {time} 0 {p1} {releases}"),
                    &self.name(synth.number),
                );
            }
            What::Start(start) => self.start(&time, start),
        }
    }

    fn start(&mut self, time: &str, start: &Start) {
        let (helpers, slice) = (self.helpers, start.slice);
        self.owners.retain(|(own, _)| *own != slice);
        self.owners.push((slice, start.synth.number));
        let (duration, surplus, p3) = match start.length {
            Length::Held => ("-1".to_owned(), "0".to_owned(), "-1".to_owned()),
            Length::Finite {
                seconds,
                samples,
                surplus,
            } => (
                number(seconds),
                self.seconds(surplus),
                self.seconds(samples),
            ),
        };
        let controls = list(&start.controls);
        let instr = self.instr(start.synth.number);
        let names: Vec<_> = instr
            .into_iter()
            .flat_map(Instr::controls)
            .map(|arg| arg.name.as_str())
            .collect();
        let about = format!("{} {}", self.name(start.synth.number), names.join(" "));
        let p2 = self.onset(start);
        let (p1, fields) = (self.p1(start.synth), list(&start.fields));
        self.line(
            format_args!("i \"{helpers}start\" {time} 0 {slice} {duration} {surplus}{controls}"),
            about.trim_end(),
        );
        self.line(format_args!("i {p1} {p2} {p3} {slice}{fields}"), "");
    }

    /// The p2 of a synth. Csound sorts what starts at the same time by instrument and p3; here it starts in the order
    /// in which it did.
    fn onset(&mut self, start: &Start) -> String {
        let p3 = match start.length {
            Length::Held => -1.0,
            Length::Finite { samples, .. } => samples,
        };
        let key = (start.synth.number, p3);
        let later = match self.last {
            Some((at, last, later)) if at == start.at => later + u32::from(key < last),
            _ => 0,
        };
        self.last = Some((start.at, key, later));
        self.seconds(start.at as f64 + 0.25 + LATER * f64::from(later))
    }

    /// The time of what comes first in a cycle.
    fn early(&self, cycle: u64) -> String {
        self.seconds(cycle as f64 * self.shape.ksmps as f64 + 0.125)
    }

    fn seconds(&self, samples: f64) -> String {
        format!("{:.9}", samples / self.shape.sample_rate)
    }

    /// A p1 of its own for each synth that sounds at the same time.
    fn p1(&self, synth: Synth) -> String {
        let digits = self.layout.slices.to_string().len();
        format!("{}.{:0digits$}", synth.number, synth.id)
    }

    fn place(&self, place: &Place) -> String {
        match place {
            Place::Cell { table, index } => format!("{table} {index}"),
            Place::Channel(name) => format!("{name:?}"),
        }
    }

    /// What a place is to people.
    fn about(&self, place: &Place) -> String {
        match place {
            Place::Channel(_) => String::new(),
            Place::Cell { table, index } if *table == self.layout.control_table => {
                self.control(*index)
            }
            Place::Cell { table, index } if *table == self.layout.buses.values => self.bus(*index),
            Place::Cell { .. } => "a bus of a note".to_owned(),
        }
    }

    fn control(&self, index: usize) -> String {
        let size = self.layout.slice_cells as usize;
        let owner = self
            .owners
            .iter()
            .find(|(slice, _)| *slice == index - index % size);
        let Some((_, number)) = owner else {
            return String::new();
        };
        let cell = (index % size).saturating_sub(FIRST_CONTROL as usize);
        let control = self
            .instr(*number)
            .and_then(|instr| instr.controls().find(|arg| arg.cell == Some(cell as u32)));
        let control = control.map_or("", |arg| &arg.name);
        format!("{}.{control}", self.name(*number))
    }

    fn bus(&self, index: usize) -> String {
        let mut named = self.layout.buses.named.iter();
        let found = named.find(|bus| bus.index as usize == index);
        found.map_or_else(|| "a bus".to_owned(), |bus| format!("@{}", bus.name))
    }

    fn instr(&self, number: u32) -> Option<&Instr> {
        let name = self.name(number);
        self.spec.instrs.iter().find(|instr| instr.name() == name)
    }

    fn name(&self, number: u32) -> String {
        let mut instrs = self.layout.instrs.iter();
        let found = instrs.find(|instr| instr.numbers.values().any(|own| *own == number));
        found.map_or_else(String::new, |instr| instr.name.clone())
    }

    fn line(&mut self, statement: std::fmt::Arguments<'_>, comment: &str) {
        // Writing to a String cannot fail.
        let _ = match comment.replace('\n', " ") {
            comment if comment.is_empty() => writeln!(self.text, "{statement}"),
            comment => writeln!(self.text, "{statement}  ; {comment}"),
        };
    }
}

fn rank(what: &What) -> u8 {
    match what {
        What::Set(..) => 0,
        What::Curve(..) => 1,
        What::Stop(..) => 2,
        What::Start(_) => 3,
    }
}

fn list(values: &[f64]) -> String {
    values
        .iter()
        .map(|value| format!(" {}", number(*value)))
        .collect()
}

/// A number that Csound reads back to the same bits.
pub fn number(value: f64) -> String {
    let plain = value == 0.0 || (1e-6..1e15).contains(&value.abs());
    if plain {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_keep_their_bits() {
        for value in [0.0, -1.0, 0.1, 1.0 / 3.0, 440.0, 1e-7, -2.5e300, 1e15] {
            let text = number(value);
            assert_eq!(text.parse::<f64>(), Ok(value), "{text}");
            assert!(text.len() < 25, "{text}");
        }
    }
}
