//! From a document to what a session is built from: the second step of reading.

mod args;
mod implied;

use std::collections::BTreeSet;

use super::problem::Problem;
use super::{
    BusKind, Document, IncludeEntry, InstrEntry, LayerEntry, ModeEntry, OnEdit, PartEntry,
    ReleaseEntry, Scalar, TriggerEntry, check,
};
use crate::session::diagnostic::Diagnostic;
use crate::session::instr::Instr;
use crate::session::layer::{ArgValue, Binding, Layer, Mode, Part, Release, Source, Trigger};
use crate::session::orchestra::{
    BusKind as Carries, BusSpec, Include, OrchestraSpec, TableSource, TableSpec,
};
use crate::session::program::ProgramSpec;
use crate::session::slot::{SlotEntry, SlotMap};

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
        let mut problems = check::check(self);
        problems.extend(self.missing_files());
        let (includes, unread) = self.include_texts();
        problems.extend(unread);
        let instrs = self.instrs();
        if let Ok(instrs) = &instrs {
            problems.extend(args::check(self, instrs));
        }
        let mut told = self.diagnose(problems);
        let instrs = instrs.unwrap_or_else(|of_bodies| {
            told.extend(of_bodies);
            Vec::new()
        });
        if !told.is_empty() {
            return Err(told);
        }
        let layers = match (implied, self.layer.is_empty()) {
            (Implied::Yes, true) => implied::layers(&instrs),
            _ => self.layer.iter().map(|entry| layer(self, entry)).collect(),
        };
        let mut slots = self.slot_map();
        let without_slot = slots.follow(&instrs, &layers);
        self.give_values(&mut slots);
        let orchestra = OrchestraSpec {
            sample_rate,
            ksmps: self.ksmps,
            channels: self.channels,
            aux: self.aux,
            init: self.init.clone(),
            includes,
            places: lowest_places(&instrs),
            priorities: PRIORITIES,
            slices: slices(&layers),
            max_buses: max_buses(&layers, self.bus.len()),
            buses: self.buses(),
            tables: self.tables(),
            strings: strings.to_owned(),
            instrs,
            ..OrchestraSpec::default()
        };
        let retrigger = self.on_edit == OnEdit::Retrigger;
        Ok(Specification {
            program: ProgramSpec {
                orchestra,
                layers,
                slots,
                retrigger,
            },
            without_slot,
        })
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
                let path = self.path_of(file).to_string_lossy().into_owned();
                TableSource::File {
                    path,
                    channel: 0,
                    skip: 0.0,
                }
            }
            (_, Some(args), _) => TableSource::Gen(args.clone()),
            (_, _, data) => TableSource::Data(data.clone().unwrap_or_default()),
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

fn layer(document: &Document, entry: &LayerEntry) -> Layer {
    Layer {
        name: entry.name.clone(),
        trigger: match entry.trigger {
            TriggerEntry::Note => Trigger::Note,
            TriggerEntry::Always => Trigger::Always,
        },
        keys: pair(entry.keys),
        velocities: pair(entry.velocities),
        channel: small(entry.channel),
        voices: entry.voices,
        mode: match entry.mode {
            ModeEntry::Poly => Mode::Poly,
            ModeEntry::Mono => Mode::Mono,
            ModeEntry::Legato => Mode::Legato,
        },
        bind: entry
            .bind
            .iter()
            .filter_map(|(name, bind)| binding(name, bind))
            .collect(),
        parts: entry
            .parts
            .iter()
            .map(|entry| part(document, entry))
            .collect(),
    }
}

fn pair([low, high]: [u32; 2]) -> (u8, u8) {
    (small(low), small(high))
}

/// A number that the checks have found to be 127 at most.
fn small(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

fn binding(name: &str, bind: &super::BindEntry) -> Option<(String, Binding)> {
    Some((
        name.to_owned(),
        Binding {
            from: source(&bind.from)?,
            amount: bind.amount,
        },
    ))
}

fn part(document: &Document, entry: &PartEntry) -> Part {
    let least = document
        .instr(&entry.instr)
        .and_then(|instr| instr.min_priority)
        .unwrap_or(1);
    Part {
        instr: entry.instr.clone(),
        priority: entry.priority.and_then(priority).unwrap_or(least),
        args: entry
            .args
            .iter()
            .map(|(name, value)| (name.clone(), arg_value(value)))
            .collect(),
        release: match entry.release {
            ReleaseEntry::Auto => Release::Auto,
            ReleaseEntry::Note => Release::Note,
            ReleaseEntry::After => Release::After,
        },
    }
}

fn arg_value(value: &Scalar) -> ArgValue {
    match value {
        Scalar::Number(number) => ArgValue::Number(*number),
        Scalar::Text(text) => match text.strip_prefix('@') {
            Some(bus) if check::is_note_bus(bus) => ArgValue::NoteBus(bus.to_owned()),
            Some(bus) => ArgValue::Bus(bus.to_owned()),
            None => ArgValue::Text(text.clone()),
        },
    }
}

/// The priority that is meant: negative ones count from the last.
pub(super) fn priority(given: i32) -> Option<u32> {
    let counted = if given < 0 {
        given + PRIORITIES as i32 + 1
    } else {
        given
    };
    u32::try_from(counted)
        .ok()
        .filter(|priority| (1..=PRIORITIES).contains(priority))
}

/// What a binding's `from` means.
pub(super) fn source(from: &str) -> Option<Source> {
    Some(match from {
        "key" => Source::Key,
        "frequency" => Source::Frequency,
        "velocity" => Source::Velocity,
        "pressure" => Source::Pressure,
        "timbre" => Source::Timbre,
        "pan" => Source::Pan,
        "gain" => Source::Gain,
        "bend" => Source::Bend,
        controller => {
            let number = controller.strip_prefix("cc")?.parse().ok()?;
            (number < 128).then_some(Source::Controller(number))?
        }
    })
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

/// How many synths there is room for: what layers hold, what rings after it, twice over, and others.
fn slices(layers: &[Layer]) -> u32 {
    let synths = layers
        .iter()
        .map(|layer| layer.voices * layer.parts.len() as u32);
    synths.fold(256, |all, synths| {
        all.saturating_add(synths.saturating_mul(4))
    })
}

/// How many buses there is room for: those of the document, and the private ones of notes that are held or ring.
fn max_buses(layers: &[Layer], named: usize) -> u32 {
    let private = layers.iter().map(|layer| {
        let args = layer.parts.iter().flat_map(|part| part.args.values());
        let names = args.filter_map(|value| match value {
            ArgValue::NoteBus(name) => Some(name),
            _ => None,
        });
        let names: BTreeSet<_> = names.collect();
        (2 * layer.voices + 2) * names.len() as u32
    });
    (named as u32 + private.sum::<u32>()).max(64)
}
