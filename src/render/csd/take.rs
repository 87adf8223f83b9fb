//! From what a program was told to statements of a score.

use super::curves::Curves;
use super::statement::{Length, Place, Start, Statement, Synth, What};
use crate::session::orchestra::{DURATION, EXTRA, FIRST_CONTROL, Layout};
use crate::session::program::{Deed, Entry, FRACTIONS, Journal, Shape};

/// A program's life on its way to a score.
pub struct Take<'a> {
    layout: &'a Layout,
    shape: Shape,
    /// The control table as it stands.
    controls: Vec<f64>,
    curves: Curves,
    statements: Vec<Statement>,
}

impl<'a> Take<'a> {
    /// All that a program was told, in order. The program must be gone.
    pub fn of(journal: Journal, layout: &'a Layout, shape: Shape) -> Vec<Statement> {
        let mut take = Take {
            layout,
            shape,
            controls: journal.controls,
            curves: Curves::default(),
            statements: Vec::new(),
        };
        let mut page = Vec::new();
        let mut cycle = 0;
        for Entry { cycle: now, deed } in journal.entries {
            if now != cycle {
                take.turn(cycle, std::mem::take(&mut page));
                cycle = now;
            }
            page.push(deed);
        }
        take.turn(cycle, page);
        take.statements.extend(take.curves.finish());
        take.statements
    }

    /// One cycle. Values first: they are what synths start with.
    fn turn(&mut self, cycle: u64, page: Vec<Deed>) {
        let mut moved = Vec::new();
        let mut starts = Vec::new();
        for deed in page {
            match deed {
                Deed::Cell {
                    table,
                    index,
                    value,
                } => {
                    if table == self.layout.control_table {
                        self.controls[index] = value;
                    }
                    moved.push((Place::Cell { table, index }, value));
                }
                Deed::Channel { name, value } => moved.push((Place::Channel(name), value)),
                Deed::Release(p1) => self.say(cycle, What::Stop(synth(p1), true)),
                Deed::Kill(p1) => self.say(cycle, What::Stop(synth(p1), false)),
                Deed::Event(fields) => starts.push(fields),
            }
        }
        for fields in &starts {
            self.start(cycle, fields);
        }
        let started: Vec<_> = starts.iter().map(|fields| fields[3] as usize).collect();
        for (place, value) in moved {
            if self.is_heard(&place, &started) {
                self.statements.extend(self.curves.add(cycle, place, value));
            }
        }
    }

    /// Whether a change is to be said: not that a synth is alive, and not what its start says already.
    fn is_heard(&self, place: &Place, started: &[usize]) -> bool {
        let size = self.layout.slice_cells as usize;
        match place {
            Place::Cell { table, index } if *table == self.layout.control_table => {
                let slice = index - index % size;
                index % size >= FIRST_CONTROL as usize && !started.contains(&slice)
            }
            _ => true,
        }
    }

    fn start(&mut self, cycle: u64, fields: &[f64]) {
        let (ksmps, rate) = (self.shape.ksmps as f64, self.shape.sample_rate);
        // The performer sends an event right before its cycle, with p2 in the cycle before that.
        let offset = (fields[1] * rate + ksmps - 0.25).round() as u64;
        let slice = fields[3] as usize;
        let synth = synth(fields[0]);
        let cell = |cell: u32| self.controls[slice + cell as usize];
        let (length, ends_at_once) = if fields[2] < 0.0 {
            (Length::Held, false)
        } else {
            Length::of(fields[2], cell(DURATION), cell(EXTRA), ksmps, rate)
        };
        let first = slice + FIRST_CONTROL as usize;
        let start = Start {
            synth,
            at: cycle * self.shape.ksmps as u64 + offset,
            length,
            slice,
            controls: self.controls[first..first + self.count_controls(synth.number)].to_vec(),
            fields: fields[4..].to_vec(),
        };
        self.say(cycle, What::Start(Box::new(start)));
        if ends_at_once {
            self.say(cycle + 1, What::Stop(synth, false));
        }
    }

    fn count_controls(&self, number: u32) -> usize {
        let mut instrs = self.layout.instrs.iter();
        let own = instrs.find(|instr| instr.numbers.values().any(|own| *own == number));
        own.map_or(0, |own| own.controls as usize)
    }

    fn say(&mut self, cycle: u64, what: What) {
        self.statements.push(Statement { cycle, what });
    }
}

/// The performer's p1 taken apart.
fn synth(p1: f64) -> Synth {
    Synth {
        number: p1 as u32,
        id: (p1.fract() * FRACTIONS) as u32,
    }
}
