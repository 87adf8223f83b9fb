//! From a document to what a session is built from: the second step of reading.

mod args;
mod implied;
mod layers;
mod room;

use super::problem::Problem;
use super::{BusKind, Document, IncludeEntry, InstrEntry, OnEdit, check};
use crate::session::built_in;
use crate::session::diagnostic::Diagnostic;
use crate::session::instr::Instr;
use crate::session::orchestra::{
    BusKind as Carries, BusSpec, Include, OrchestraSpec, TableSource, TableSpec,
};
use crate::session::program::ProgramSpec;
use crate::session::slot::{SlotEntry, SlotMap};

pub(super) use layers::{priority, source};

/// How many priorities there are.
const PRIORITIES: u32 = 10;

/// Whether a document without layers gets some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Implied {
    /// Every Instr that takes a note is a layer of its own, any other one always sounds.
    Yes,
    /// Only what is written counts: for scores that start synths themselves.
    No,
}

/// A document, judged: all names are good, all references lead somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Specification {
    /// What a program is built from, implied layers and slots included.
    pub program: ProgramSpec,
    /// Full names of the controls that found no slot.
    pub without_slot: Vec<String>,
}

impl Document {
    /// What a session is built from. `strings` are texts that a score's events will carry. Reads nothing but the
    /// directory entries of the files that the document names.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the document and can be told without compiling it.
    pub fn specification(
        &self,
        sample_rate: f64,
        strings: &[String],
        implied: Implied,
    ) -> Result<Specification, Vec<Diagnostic>> {
        let (mut instrs, includes) = self.judge()?;
        let layers = match (implied, self.layer.is_empty()) {
            (Implied::Yes, true) => implied::layers(&instrs),
            _ => self
                .layer
                .iter()
                .map(|entry| layers::layer(self, entry))
                .collect(),
        };
        let mut slots = self.slot_map();
        let without_slot = slots.follow(&instrs, &layers);
        self.give_values(&mut slots);
        // They join here, so that they are no host parameters and no implied layers.
        instrs.extend(self.built_ins());
        let orchestra = OrchestraSpec {
            sample_rate,
            ksmps: self.ksmps,
            channels: self.channels,
            aux: self.aux,
            init: self.init.clone(),
            includes,
            places: lowest_places(&instrs),
            priorities: PRIORITIES,
            slices: room::slices(&layers),
            max_buses: room::max_buses(&layers, self.bus.len()),
            buses: self.buses(),
            tables: self.tables(),
            strings: strings.to_owned(),
            instrs,
            ..OrchestraSpec::default()
        };
        let retrigger = self.on_edit == OnEdit::Retrigger;
        let program = ProgramSpec {
            orchestra,
            layers,
            slots,
            retrigger,
        };
        Ok(Specification {
            program,
            without_slot,
        })
    }

    /// The Instrs and the included texts of a document without fault.
    fn judge(&self) -> Result<(Vec<Instr>, Vec<Include>), Vec<Diagnostic>> {
        let mut problems = check::check(self);
        problems.extend(self.missing_files());
        let (includes, unread) = self.include_texts();
        problems.extend(unread);
        let instrs = self.instrs();
        if let Ok(instrs) = &instrs {
            let own = self.built_ins();
            problems.extend(args::check(self, &[instrs.as_slice(), &own].concat()));
        }
        let mut told = self.diagnose(problems);
        match instrs {
            Ok(instrs) if told.is_empty() => Ok((instrs, includes)),
            Ok(_) => Err(told),
            Err(of_bodies) => {
                told.extend(of_bodies);
                Err(told)
            }
        }
    }

    /// The Instrs, as far as their texts can be read; their problems name lines of the bodies.
    ///
    /// # Errors
    ///
    /// What is wrong with the bodies.
    pub fn instrs(&self) -> Result<Vec<Instr>, Vec<Diagnostic>> {
        let mut told = Vec::new();
        let read: Vec<_> = self
            .instr
            .iter()
            .filter_map(|entry| instr(entry).map_err(|faults| told.extend(faults)).ok())
            .collect();
        if told.is_empty() { Ok(read) } else { Err(told) }
    }

    /// The session's own Instrs that parts use, each once.
    fn built_ins(&self) -> Vec<Instr> {
        let mut found: Vec<Instr> = Vec::new();
        for part in self.layer.iter().flat_map(|layer| &layer.parts) {
            let known = found.iter().any(|instr| instr.name() == part.instr);
            if !known && let Some(Ok(instr)) = built_in(&part.instr) {
                found.push(instr);
            }
        }
        found
    }

    /// Takes the slots of a session over, so that the document keeps what was bound and set.
    pub fn take_slots(&mut self, slots: &SlotMap) {
        let entries = || slots.iter().map(|(_, entry)| entry);
        self.slot = entries()
            .map(|entry| super::SlotRef {
                instr: entry.instr.clone(),
                argument: entry.argument.clone(),
                ..Default::default()
            })
            .collect();
        let values = entries().filter_map(|entry| Some((entry.name(), entry.value?)));
        self.values = values.filter(|(_, value)| value.is_finite()).collect();
    }

    /// Takes over the bindings and values of the slots of another version of itself.
    pub fn take_values(&mut self, other: &Document) {
        self.slot.clone_from(&other.slot);
        self.values.clone_from(&other.values);
    }

    fn include_texts(&self) -> (Vec<Include>, Vec<Problem>) {
        let mut texts: Vec<Include> = Vec::new();
        let mut problems = Vec::new();
        let own = self
            .includes
            .iter()
            .enumerate()
            .map(|(n, include)| (format!("includes[{n}]"), include));
        let of_instrs = self.instr.iter().enumerate().flat_map(|(at, instr)| {
            let all = instr.includes.iter().enumerate();
            all.map(move |(n, include)| (format!("instr[{at}].includes[{n}]"), include))
        });
        for (
            path,
            IncludeEntry {
                path: name, text, ..
            },
        ) in own.chain(of_instrs)
        {
            let known = texts.iter().find(|include| include.name == *name);
            match (text, known) {
                (None, _) => problems.push(Problem::new(
                    path,
                    format!("the text of `{name}` was not read"),
                )),
                (Some(text), Some(known)) if known.text != *text => {
                    problems.push(Problem::new(
                        path,
                        format!("there are two texts called `{name}`"),
                    ));
                }
                (Some(_), Some(_)) => {}
                (Some(text), None) => texts.push(Include {
                    name: name.clone(),
                    text: text.clone(),
                }),
            }
        }
        (texts, problems)
    }

    fn buses(&self) -> Vec<BusSpec> {
        let kind = |entry: &super::BusEntry| match entry.kind {
            BusKind::Audio => Carries::Audio,
            BusKind::Control => Carries::Control {
                value: entry.value.unwrap_or(0.0),
            },
        };
        self.bus
            .iter()
            .map(|entry| BusSpec {
                name: entry.name.clone(),
                kind: kind(entry),
            })
            .collect()
    }

    fn tables(&self) -> Vec<TableSpec> {
        let source = |entry: &super::TableEntry| match (&entry.file, &entry.r#gen, &entry.data) {
            (Some(file), ..) => {
                let path = self.sound_file(file).to_string_lossy().into_owned();
                TableSource::File {
                    path,
                    channel: 0,
                    skip: 0.0,
                }
            }
            (_, Some(args), _) => TableSource::Gen(args.clone()),
            (_, _, data) => TableSource::Data(data.clone().unwrap_or_default().into()),
        };
        self.table
            .iter()
            .map(|entry| TableSpec {
                name: entry.name.clone(),
                source: source(entry),
            })
            .collect()
    }

    fn slot_map(&self) -> SlotMap {
        let mut slots = SlotMap::default();
        for (slot, entry) in self.slot.iter().enumerate() {
            let (instr, argument) = (entry.instr.clone(), entry.argument.clone());
            slots.bind(
                slot,
                SlotEntry {
                    instr,
                    argument,
                    live: false,
                    value: None,
                    controller: None,
                },
            );
        }
        slots
    }

    fn give_values(&self, slots: &mut SlotMap) {
        for (name, value) in &self.values {
            // A value whose control was never there has nowhere to go; it stays in the document.
            slots.set_value(name, *value);
        }
        for (name, controller) in &self.learned {
            // The checks have found it to be 119 at most.
            slots.set_controller(name, *controller as u8);
        }
    }
}

fn instr(entry: &InstrEntry) -> Result<Instr, Vec<Diagnostic>> {
    Instr::builder(&entry.name, &entry.body)
        .init(entry.init.as_str())
        .doc(entry.doc.as_str())
        .includes(entry.includes.iter().map(|include| include.path.as_str()))
        .aliases(&entry.aliases)
        .min_priority(entry.min_priority.unwrap_or(1))
        .build()
}

/// Every Instr can be started by itself, at its lowest priority; where layers use it is added when the program is
/// built.
fn lowest_places(instrs: &[Instr]) -> Vec<(usize, u32)> {
    instrs
        .iter()
        .enumerate()
        .map(|(index, instr)| (index, instr.min_priority()))
        .collect()
}
