//! Writing a document file that people like to read: in the order of the design, defaults left out, code in
//! quotes of several lines.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{
    BindEntry, BusEntry, BusKind, Document, FILE_VERSION, IncludeEntry, InstrEntry, LayerEntry,
    PartEntry, Scalar, SlotRef, TableEntry,
};

impl Document {
    /// The text of a document file that reads as this document. Keys of a state that this version does not know are
    /// left out: a file may not have them.
    pub fn to_toml(&self) -> String {
        let mut out = Lines::default();
        self.write_header(&mut out);
        for instr in &self.instr {
            write_instr(&mut out, instr);
        }
        for bus in &self.bus {
            write_bus(&mut out, bus);
        }
        for table in &self.table {
            write_table(&mut out, table);
        }
        for layer in &self.layer {
            write_layer(&mut out, layer);
        }
        for slot in &self.slot {
            write_slot(&mut out, slot);
        }
        out.text
    }

    fn write_header(&self, out: &mut Lines) {
        let plain = Self::default();
        out.key("version", FILE_VERSION);
        out.key("name", quoted(&self.name));
        out.text("author", &self.author);
        out.text("description", &self.description);
        out.list("tags", self.tags.iter().map(|tag| quoted(tag)));
        out.differing("ksmps", &self.ksmps, &plain.ksmps);
        out.differing("channels", &self.channels, &plain.channels);
        out.differing("aux", &self.aux, &plain.aux);
        if self.on_edit != plain.on_edit {
            out.key("on_edit", word(&self.on_edit));
        }
        out.list(
            "allow",
            self.allow
                .iter()
                .map(|permission| quoted(permission.name())),
        );
        out.list("includes", self.includes.iter().map(include));
        out.text("init", &self.init);
        out.map("values", &self.values, |value| number(*value));
        out.map("learned", &self.learned, u32::to_string);
    }
}

/// The text so far.
#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn key(&mut self, key: &str, value: impl std::fmt::Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{key} = {value}");
    }

    fn header(&mut self, name: &str) {
        let _ = writeln!(self.text, "\n[[{name}]]");
    }

    fn text(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.key(key, quoted(value));
        }
    }

    fn differing<T: PartialEq + std::fmt::Display>(&mut self, key: &str, value: &T, plain: &T) {
        if value != plain {
            self.key(key, value);
        }
    }

    fn list(&mut self, key: &str, items: impl Iterator<Item = String>) {
        let items: Vec<_> = items.collect();
        if !items.is_empty() {
            self.key(key, format!("[{}]", items.join(", ")));
        }
    }

    fn map<T>(&mut self, key: &str, map: &BTreeMap<String, T>, write: impl Fn(&T) -> String) {
        if !map.is_empty() {
            self.key(key, inline(map, write));
        }
    }
}

fn write_instr(out: &mut Lines, instr: &InstrEntry) {
    out.header("instr");
    out.key("name", quoted(&instr.name));
    out.text("doc", &instr.doc);
    out.text("init", &instr.init);
    out.list("includes", instr.includes.iter().map(include));
    out.map("aliases", &instr.aliases, |name| quoted(name));
    if let Some(priority) = instr.min_priority {
        out.key("min_priority", priority);
    }
    out.key("body", quoted(&instr.body));
}

fn write_bus(out: &mut Lines, bus: &BusEntry) {
    out.header("bus");
    out.key("name", quoted(&bus.name));
    if bus.kind != BusKind::default() {
        out.key("kind", word(&bus.kind));
    }
    if let Some(value) = bus.value {
        out.key("value", number(value));
    }
}

fn write_table(out: &mut Lines, table: &TableEntry) {
    out.header("table");
    out.key("name", quoted(&table.name));
    out.text("file", table.file.as_deref().unwrap_or_default());
    out.list(
        "gen",
        table.r#gen.iter().flatten().map(|value| number(*value)),
    );
    out.list(
        "data",
        table.data.iter().flatten().map(|value| number(*value)),
    );
}

fn write_layer(out: &mut Lines, layer: &LayerEntry) {
    let plain = LayerEntry::default();
    let pair = |[low, high]: [u32; 2]| format!("[{low}, {high}]");
    out.header("layer");
    out.key("name", quoted(&layer.name));
    if layer.trigger != plain.trigger {
        out.key("trigger", word(&layer.trigger));
    }
    out.differing("keys", &pair(layer.keys), &pair(plain.keys));
    out.differing(
        "velocities",
        &pair(layer.velocities),
        &pair(plain.velocities),
    );
    out.differing("channel", &layer.channel, &plain.channel);
    out.differing("voices", &layer.voices, &plain.voices);
    if layer.mode != plain.mode {
        out.key("mode", word(&layer.mode));
    }
    out.map("bind", &layer.bind, bind);
    let parts: Vec<_> = layer.parts.iter().map(part).collect();
    out.key("parts", format!("[\n    {},\n]", parts.join(",\n    ")));
}

fn write_slot(out: &mut Lines, slot: &SlotRef) {
    out.header("slot");
    out.key("instr", quoted(&slot.instr));
    out.key("argument", quoted(&slot.argument));
}

fn part(part: &PartEntry) -> String {
    let mut fields = vec![format!("instr = {}", quoted(&part.instr))];
    fields.extend(
        part.priority
            .map(|priority| format!("priority = {priority}")),
    );
    if !part.args.is_empty() {
        fields.push(format!("args = {}", inline(&part.args, scalar)));
    }
    if part.release != Default::default() {
        fields.push(format!("release = {}", word(&part.release)));
    }
    format!("{{ {} }}", fields.join(", "))
}

fn bind(bind: &BindEntry) -> String {
    format!(
        "{{ from = {}, amount = {} }}",
        quoted(&bind.from),
        number(bind.amount)
    )
}

fn include(include: &IncludeEntry) -> String {
    match &include.text {
        Some(text) if !include.linked => {
            format!(
                "{{ path = {}, text = {} }}",
                quoted(&include.path),
                quoted(text)
            )
        }
        _ => quoted(&include.path),
    }
}

fn inline<T>(map: &BTreeMap<String, T>, write: impl Fn(&T) -> String) -> String {
    let fields: Vec<_> = map
        .iter()
        .map(|(name, value)| format!("{} = {}", key(name), write(value)))
        .collect();
    format!("{{ {} }}", fields.join(", "))
}

fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(bare) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

fn scalar(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Number(value) => number(*value),
        Scalar::Text(text) => quoted(text),
    }
}

/// A number that reads as the same one: whole ones without a point.
fn number(value: f64) -> String {
    let whole =
        value.fract() == 0.0 && value.abs() < 1e15 && !(value == 0.0 && value.is_sign_negative());
    if whole {
        format!("{value:.0}")
    } else {
        format!("{value:?}")
    }
}

/// The word of an enum's variant.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A text in the quotes that suit it: literal ones over several lines where that is possible.
fn quoted(text: &str) -> String {
    let control = text
        .chars()
        .any(|c| c.is_control() && c != '\t' && c != '\n');
    let literal = text.contains('\n') && !text.contains("'''") && !text.ends_with('\'') && !control;
    if literal {
        format!("'''\n{text}'''")
    } else {
        escaped(text)
    }
}

/// A basic string. JSON's escapes are TOML's, but for DEL, which TOML wants escaped.
fn escaped(text: &str) -> String {
    serde_json::to_string(text)
        .unwrap_or_default()
        .replace('\u{7f}', "\\u007f")
}
