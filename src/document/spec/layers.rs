//! Layers, from how they are written to how a program knows them.

use super::PRIORITIES;
use crate::document::{
    BindEntry, Document, LayerEntry, ModeEntry, PartEntry, ReleaseEntry, Scalar, TriggerEntry,
    check,
};
use crate::session::layer::{ArgValue, Binding, Layer, Mode, Part, Release, Source, Trigger};

/// A layer as a program knows it. The checks have passed.
pub(super) fn layer(document: &Document, entry: &LayerEntry) -> Layer {
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

fn binding(name: &str, bind: &BindEntry) -> Option<(String, Binding)> {
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
pub(in crate::document) fn priority(given: i32) -> Option<u32> {
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
pub(in crate::document) fn source(from: &str) -> Option<Source> {
    Some(match from {
        "key" => Source::Key,
        "frequency" => Source::Frequency,
        "velocity" => Source::Velocity,
        "pressure" => Source::Pressure,
        "timbre" => Source::Timbre,
        "vibrato" => Source::Vibrato,
        "expression" => Source::Expression,
        "pan" => Source::Pan,
        "gain" => Source::Gain,
        "bend" => Source::Bend,
        controller => {
            let number = controller.strip_prefix("cc")?.parse().ok()?;
            (number < 128).then_some(Source::Controller(number))?
        }
    })
}
