//! What comes before the user's code: header, tables of the session, buses, texts and tables of the document.

use std::fmt::Write;

use super::layout::{
    BUS_UNSET, BusLayout, CABBAGE_CHANNELS, FIRST_CONTROL, Layout, NamedBus, NoteOutLayout,
    RECORD_CELLS, TRANSPORT_CHANNELS, TableLayout,
};
use super::spec::{BusKind, OrchestraSpec, TableSource};
use crate::csound::control_rate;
use crate::session::instr::Value;

pub(super) const ALWAYS_ON: u32 = 1;
/// The instrument that ends all synths of the one that its p4 names before they perform.
pub(super) const STOPPER: u32 = 2;
/// Where the random numbers begin: where Csound's own do for noise and grains.
const CHANCE: u32 = 15_937;
pub(super) const CONTROL_TABLE: u32 = 9001;
pub(super) const NOTE_OUT: NoteOutLayout = NoteOutLayout {
    table: 9002,
    capacity: 256,
};
const BUS_TOKENS: u32 = 9003;
const BUS_VALUES: u32 = 9004;
const BUS_USES: u32 = 9005;
const BUS_REPORT: u32 = 9006;
const BUS_STAMPS: u32 = 9007;
const BUS_LEASES: u32 = 9008;
const BUS_METERS: u32 = 9009;
pub(super) const FIRST_TABLE: u32 = 9101;

/// How many audio and how many control buses `busassign` has for the instruments themselves.
const OWN_BUSES: u32 = 32;

/// The audio buses of the performer come first, then those of the session, then those of `busassign`, then the same
/// for control buses.
pub(super) fn bus_layout(spec: &OrchestraSpec) -> BusLayout {
    let control_start = 2 * spec.max_buses + OWN_BUSES;
    let modulus = (2 * control_start).next_power_of_two();
    let (mut audio, mut control) = (0, control_start);
    let named = spec.buses.iter().map(|bus| {
        let next = match bus.kind {
            BusKind::Audio => &mut audio,
            BusKind::Control { .. } => &mut control,
        };
        let index = *next;
        *next += 1;
        let token = f64::from(modulus + index);
        NamedBus {
            name: bus.name.clone(),
            kind: bus.kind,
            index,
            token,
        }
    });
    let named = named.collect();
    BusLayout {
        audio: audio..spec.max_buses,
        control: control..control_start + spec.max_buses,
        session_audio: spec.max_buses..2 * spec.max_buses,
        session_control: control_start + spec.max_buses..control_start + 2 * spec.max_buses,
        modulus,
        tokens: BUS_TOKENS,
        values: BUS_VALUES,
        uses: BUS_USES,
        report: BUS_REPORT,
        meters: has_meters(spec).then_some(BUS_METERS),
        named,
    }
}

fn has_meters(spec: &OrchestraSpec) -> bool {
    let audio = spec.buses.iter().any(|bus| bus.kind == BusKind::Audio);
    spec.meters && audio && spec.any_word(|word| word.starts_with("bus"))
}

pub(super) fn table_layouts(spec: &OrchestraSpec) -> Vec<TableLayout> {
    let layout = |(number, table): (u32, &super::spec::TableSpec)| TableLayout {
        name: table.name.clone(),
        number,
        fill: matches!(table.source, TableSource::Data(_)) && !table.source.is_short(),
    };
    (FIRST_TABLE..).zip(&spec.tables).map(layout).collect()
}

/// Everything up to the opcodes of the prelude.
pub(super) fn header(spec: &OrchestraSpec, layout: &Layout) -> String {
    let kr = control_rate(spec.sample_rate, spec.ksmps);
    let mut text = format!(
        "sr = {}\n{kr}ksmps = {}\nnchnls = {}\nnchnls_i = {}\n0dbfs = 1\nA4 = {}\n",
        spec.sample_rate, spec.ksmps, layout.outputs, layout.inputs, spec.a4
    );
    let own_audio = 2 * spec.max_buses;
    let audio = own_audio + OWN_BUSES;
    for (name, value) in [
        ("bus_modulus", f64::from(layout.buses.modulus)),
        ("bus_audio", f64::from(audio)),
        ("bus_own", f64::from(OWN_BUSES)),
        ("bus_own_audio", f64::from(own_audio)),
        ("bus_own_control", f64::from(audio + own_audio)),
        ("note_out_size", f64::from(NOTE_OUT.capacity)),
    ] {
        line(&mut text, format_args!("gi__{name} = {value}"));
    }
    line(&mut text, format_args!("gi__bus_unset = {BUS_UNSET:e}"));
    let mut table = |name: &str, number: u32, cells: u32| {
        line(
            &mut text,
            format_args!("gi__{name} ftgen {number}, 0, {}, -2, 0", -i64::from(cells)),
        );
    };
    // One cell more than indices: the index of tokens that cannot be right.
    let indices = layout.buses.modulus + 1;
    table("controls", CONTROL_TABLE, layout.control_cells);
    table(
        "note_out",
        NOTE_OUT.table,
        1 + NOTE_OUT.capacity * RECORD_CELLS,
    );
    table("bus_tokens", BUS_TOKENS, indices);
    table("bus_values", BUS_VALUES, indices);
    table("bus_uses", BUS_USES, indices);
    table("bus_report", BUS_REPORT, 2);
    table("bus_stamps", BUS_STAMPS, indices);
    table("bus_leases", BUS_LEASES, indices);
    if let Some(meters) = layout.buses.meters {
        table("bus_meters", meters, 1 + layout.buses.named.len() as u32);
    }
    text
}

/// What follows the prelude: the values of all that was declared so far, and the instrument that is always on.
pub(super) fn tables(spec: &OrchestraSpec, layout: &Layout) -> String {
    let mut text = String::new();
    buses(&mut text, layout);
    let cabbage = CABBAGE_CHANNELS
        .into_iter()
        .filter(|channel| spec.any_word(|word| word == *channel));
    for channel in TRANSPORT_CHANNELS.into_iter().chain(cabbage) {
        let value = match channel {
            ".tempo" | "HOST_BPM" => 120,
            ".numerator" | ".denominator" | "TIME_SIG_NUM" | "TIME_SIG_DENOM" => 4,
            _ => 0,
        };
        line(
            &mut text,
            format_args!("chn_k {channel:?}, 3\nchnset {value}, {channel:?}"),
        );
    }
    if spec.has_texts() {
        // The index of no text; without it an instrument would find the text of the note before.
        line(&mut text, format_args!("strset 0, \"\""));
    }
    for (index, string) in (1..).zip(&layout.strings) {
        line(
            &mut text,
            format_args!("strset {index}, {}", quoted(string)),
        );
    }
    for (instr, numbers) in spec.instrs.iter().zip(&layout.instrs) {
        for (arg, cell) in instr.controls().filter_map(|arg| Some((arg, arg.cell?))) {
            let (cell, value) = (
                numbers.default_slice + FIRST_CONTROL + cell,
                number(&arg.default),
            );
            line(
                &mut text,
                format_args!("tabw_i {value}, {cell}, {CONTROL_TABLE}"),
            );
        }
    }
    for (table, numbers) in spec.tables.iter().zip(&layout.tables) {
        let values = source(&table.source);
        line(
            &mut text,
            format_args!("gi_{} ftgen {}, 0, {values}", table.name, numbers.number),
        );
    }
    for (number, table) in &spec.made {
        let values = source(&table.source);
        line(
            &mut text,
            format_args!("i__made ftgen {number}, 0, {values}"),
        );
    }
    always_on(&mut text, spec, layout);
    text
}

fn buses(text: &mut String, layout: &Layout) {
    let modulus = layout.buses.modulus;
    // No token is this number, so that what points here is always wrong.
    line(text, format_args!("tabw_i -9e299, {modulus}, {BUS_TOKENS}"));
    // Cycles count from 0: free for `busassign` is what was last used two cycles before.
    line(text, format_args!("vadd_i gi__bus_uses, -10, {modulus}"));
    line(text, format_args!("vadd_i gi__bus_leases, -10, {modulus}"));
    for bus in &layout.buses.named {
        line(
            text,
            format_args!("tabw_i {}, {}, {BUS_TOKENS}", bus.token, bus.index),
        );
        if let BusKind::Control { value } = bus.kind {
            line(
                text,
                format_args!("tabw_i {value}, {}, {BUS_VALUES}", bus.index),
            );
        }
    }
}

/// What must come first in every cycle: the count of cycles that buses go by, and silence on all channels, without which
/// `outch` of a note that starts inside a cycle is late. Code that needs neither is spared the time.
fn always_on(text: &mut String, spec: &OrchestraSpec, layout: &Layout) {
    line(text, format_args!("instr {ALWAYS_ON}"));
    if spec.any_word(|word| word.starts_with("bus")) {
        if layout.buses.meters.is_some() {
            meters(text, &layout.buses.named);
        }
        line(text, format_args!("gk__cycle += 1"));
    }
    if spec.any_word(|word| word.starts_with("out") && !["out", "outs"].contains(&word)) {
        let outputs = vec!["a__silence"; layout.outputs as usize].join(", ");
        line(text, format_args!("a__silence = 0\nout {outputs}"));
    }
    line(text, format_args!("endin"));
}

/// While somebody looks: how loud the audio buses have become in the cycle before, when all had written to them.
fn meters(text: &mut String, buses: &[NamedBus]) {
    line(text, format_args!("if tab:k(0, gi__bus_meters) != 0 then"));
    for (cell, bus) in (1..).zip(buses) {
        if bus.kind == BusKind::Audio {
            meter(text, cell, bus.index);
        }
    }
    line(text, format_args!("endif"));
}

fn meter(text: &mut String, cell: u32, bus: u32) {
    for statement in [
        format_args!("if tab:k({bus}, gi__bus_stamps) == gk__cycle then"),
        format_args!("k__peak max_k ga__bus[{bus}], 1, 1"),
        format_args!("k__peak = max:k(k__peak, tab:k({cell}, gi__bus_meters))"),
        format_args!("tabw k__peak, {cell}, gi__bus_meters"),
        format_args!("endif"),
    ] {
        line(text, statement);
    }
}

/// The beginning of the random numbers, as the last of the global code.
pub(super) fn chance(spec: &OrchestraSpec) -> String {
    match spec.begins_chance() {
        true => format!("seed {CHANCE}\n"),
        false => String::new(),
    }
}

/// What the warm-up plays last: synths that are started in the same cycle end before they have performed, and the random
/// numbers are where the performance begins with them.
pub(super) fn stopper(spec: &OrchestraSpec) -> String {
    let chance = chance(spec);
    let stop = "if p4 > 0 then\nturnoff2 p4, 0, 0\nendif\nturnoff";
    format!("instr {STOPPER}\n{chance}{stop}\nendin\n")
}

fn source(source: &TableSource) -> String {
    let list = |values: &[f64]| {
        values
            .iter()
            .map(f64::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match source {
        TableSource::Gen(values) => list(values),
        TableSource::Data(values) if source.is_short() => {
            format!("-{}, -2, {}", values.len(), list(values))
        }
        TableSource::Data(values) => format!("-{}, -2, 0", values.len()),
        TableSource::File {
            path,
            channel,
            skip,
        } => file_arguments(path, *channel, *skip),
    }
}

/// What `ftgen` is given for a sound file, from its third argument on.
pub(crate) fn file_arguments(path: &str, channel: u32, skip: f64) -> String {
    format!("0, -1, {}, {skip}, 0, {channel}", quoted(path))
}

/// A default as a p-field carries it, texts left aside.
pub(super) fn number(value: &Value) -> f64 {
    value.number().unwrap_or(0.0)
}

/// A text as a string of Csound.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{arguments}");
}
