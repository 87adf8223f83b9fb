//! Widgets as Instrs that write the channels they move: their arguments are the host parameters.

use std::fmt::Write;

use super::Left;
use super::cabbage::Widget;
use crate::document::{Document, InstrEntry, LayerEntry, PartEntry, TriggerEntry};

/// Most arguments of an Instr that can be set.
const MOST_CONTROLS: usize = 16;
/// Widgets that only show something, or that hosts have themselves.
const SILENT: [&str; 18] = [
    "form",
    "label",
    "image",
    "groupbox",
    "keyboard",
    "line",
    "csoundoutput",
    "infobutton",
    "plant",
    "soundfiler",
    "vmeter",
    "hmeter",
    "signaldisplay",
    "gentable",
    "keyboarddisplay",
    "screw",
    "textbox",
    "loadbutton",
];
/// Channels of the host that Cabbage keeps, and what they are here.
const OF_HOST: [(&str, &str); 2] = [("HOST_BPM", "hosttempo"), ("IS_PLAYING", "hostplaying")];

/// Adds what the widgets are to a document: its name, and Instrs that come before all others. `code` is the
/// orchestra, `line` that of the section.
pub fn add(
    document: &mut Document,
    widgets: &[Widget],
    line: u32,
    code: &str,
    left: &mut Vec<Left>,
) {
    if let Some(name) = widgets
        .iter()
        .find(|w| w.kind == "form")
        .and_then(|form| form.text("caption"))
    {
        name.clone_into(&mut document.name);
    }
    let mut controls = Vec::new();
    for widget in widgets {
        let at = line + widget.line - 1;
        let found = of_widget(widget);
        if found.is_empty() && !SILENT.contains(&widget.kind.as_str()) {
            let what = format!(
                "the widget {} has no counterpart{}",
                widget.kind,
                why(widget)
            );
            left.push(Left::new(at, what));
        }
        for control in found {
            let known = |own: &Control| own.channel == control.channel;
            if !controls.iter().any(known) {
                controls.push(control);
            }
        }
    }
    let host: String = OF_HOST
        .iter()
        .filter(|(channel, _)| code.contains(&format!("\"{channel}\"")))
        .map(|(channel, opcode)| format!("chnset {opcode}:k(), \"{channel}\"\n"))
        .collect();
    if controls.is_empty() && !host.is_empty() {
        push(document, 0, &[], &host);
    }
    for (number, controls) in controls.chunks(MOST_CONTROLS).enumerate() {
        push(
            document,
            number,
            controls,
            if number == 0 { &host } else { "" },
        );
    }
}

fn push(document: &mut Document, number: usize, controls: &[Control], more: &str) {
    let name = match number {
        0 => "panel".to_owned(),
        _ => format!("panel{}", number + 1),
    };
    document.instr.push(InstrEntry {
        name: name.clone(),
        doc: "The controls, for the channels that they move.".to_owned(),
        body: body(controls) + more,
        ..InstrEntry::default()
    });
    document.layer.push(LayerEntry {
        name: name.clone(),
        trigger: TriggerEntry::Always,
        parts: vec![PartEntry {
            instr: name,
            ..PartEntry::default()
        }],
        ..LayerEntry::default()
    });
}

/// A channel that a widget moves.
struct Control {
    channel: String,
    /// What stands in parentheses after the default.
    note: String,
    default: f64,
    /// What is added for the channel: lists count from 1 there.
    offset: f64,
}

/// Why a widget that could be a parameter is none.
fn why(widget: &Widget) -> &'static str {
    match widget.kind.as_str() {
        "combobox" | "listbox" if speaks(widget) => ": its channel carries texts",
        "combobox" | "listbox" => ": it does not say what can be chosen",
        kind if kind.contains("slider") || kind.contains("button") || kind == "checkbox" => {
            ": it has no channel"
        }
        _ => "",
    }
}

/// Whether a widget's channel carries texts.
fn speaks(widget: &Widget) -> bool {
    let kind = widget.text("channeltype");
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("string"))
        || widget.text("populate").is_some()
}

fn of_widget(widget: &Widget) -> Vec<Control> {
    let Some(channel) = widget.text("channel").filter(|channel| is_plain(channel)) else {
        return Vec::new();
    };
    let label = widget
        .text("text")
        .or(widget.text("caption"))
        .filter(|text| !text.trim().is_empty());
    let label = label.unwrap_or(channel);
    match widget.kind.as_str() {
        "rslider" | "hslider" | "vslider" | "nslider" | "slider" | "numberbox" | "encoder" => {
            vec![slider(widget, "range", channel, label)]
        }
        "xypad" => {
            let second = widget.values("channel").and_then(|both| both.get(1));
            let second = second
                .filter(|channel| is_plain(channel))
                .map(String::as_str);
            let across = slider(widget, "rangeX", channel, &format!("{label} X"));
            let up = second.map(|channel| slider(widget, "rangeY", channel, &format!("{label} Y")));
            [across].into_iter().chain(up).collect()
        }
        "hrange" | "vrange" => {
            let second = widget.values("channel").and_then(|both| both.get(1));
            let second = second.filter(|channel| is_plain(channel));
            let low = ranged(widget, 2, channel, &format!("{label} from"));
            let high = second.map(|channel| ranged(widget, 3, channel, &format!("{label} to")));
            [low].into_iter().chain(high).collect()
        }
        "checkbox" | "button" => vec![switch(widget, channel, label)],
        "combobox" | "listbox" if !speaks(widget) => list(widget, channel, label),
        _ => Vec::new(),
    }
}

/// A button with two texts shows what it is set to.
fn switch(widget: &Widget, channel: &str, label: &str) -> Control {
    let texts = widget.values("text").unwrap_or_default();
    let choice = |text: &String| {
        unquoted(text)
            .replace(['/', '{', '}'], " ")
            .trim()
            .to_owned()
    };
    let (choices, label) = match texts {
        [off, on]
            if choice(off) != choice(on) && ![off, on].iter().any(|t| choice(t).is_empty()) =>
        {
            (format!("\"{}\"/\"{}\"", choice(off), choice(on)), channel)
        }
        _ => ("off/on".to_owned(), label),
    };
    Control {
        channel: channel.to_owned(),
        note: format!("{choices} \"{}\"", unquoted(label)),
        default: f64::from(widget.number("value", 0).unwrap_or(0.0) != 0.0),
        offset: 0.0,
    }
}

/// Whether a channel can be named in code as it stands.
fn is_plain(channel: &str) -> bool {
    !channel.is_empty() && !channel.contains(['"', '\\', '\n', '\r', '\''])
}

/// One end of a range: its value stands at this place, and skew and step after both.
fn ranged(widget: &Widget, place: usize, channel: &str, label: &str) -> Control {
    let places = [0, 1, place, 4, 5];
    bounded(widget, "range", places, channel, label)
}

fn slider(widget: &Widget, range: &str, channel: &str, label: &str) -> Control {
    bounded(widget, range, [0, 1, 2, 3, 4], channel, label)
}

/// `places` are those of least, most, value, skew and step.
fn bounded(
    widget: &Widget,
    range: &str,
    places: [usize; 5],
    channel: &str,
    label: &str,
) -> Control {
    let number = |which: usize| widget.number(range, places[which]);
    let min = number(0).or(widget.number("min", 0)).unwrap_or(0.0);
    let max = number(1).or(widget.number("max", 0)).unwrap_or(1.0);
    let (min, max) = if min < max {
        (min, max)
    } else {
        (min, min + 1.0)
    };
    let default = number(2).or(widget.number("value", 0)).unwrap_or(min);
    let skew = number(3).unwrap_or(1.0);
    let mut note = format!("{min}..{max}");
    if skew > 0.0 && skew != 1.0 {
        let _ = write!(note, " exp {}", 1.0 / skew);
    }
    // Cabbage has a step of 0.001 where none is given, which is not meant.
    if let Some(step) = number(4).filter(|step| *step >= 0.01 && *step <= max - min) {
        let _ = write!(note, " step {step}");
    }
    let unit = widget.text("valuePostfix").map(str::trim);
    if let Some(unit) = unit.filter(|unit| ["Hz", "dB", "ms", "s", "%"].contains(unit)) {
        let _ = write!(note, " {unit}");
    }
    let _ = write!(note, " \"{}\"", unquoted(label));
    Control {
        channel: channel.to_owned(),
        note,
        default: default.clamp(min, max),
        offset: 0.0,
    }
}

fn list(widget: &Widget, channel: &str, label: &str) -> Vec<Control> {
    let items = widget
        .values("items")
        .or(widget.values("text"))
        .unwrap_or_default();
    let mut labels: Vec<String> = Vec::new();
    for item in items {
        let mut own = unquoted(item).replace(['/', '|', '{', '}'], " ");
        if own.trim().is_empty() || labels.contains(&own) {
            own = format!("{own} {}", labels.len() + 1);
        }
        labels.push(own);
    }
    if labels.len() < 2 {
        return Vec::new();
    }
    let first = widget.number("value", 0).unwrap_or(1.0) - 1.0;
    let choices: Vec<_> = labels
        .iter()
        .map(|label| format!("\"{}\"", label.trim()))
        .collect();
    vec![Control {
        channel: channel.to_owned(),
        note: format!("{} \"{}\"", choices.join("/"), unquoted(label)),
        default: first.clamp(0.0, labels.len() as f64 - 1.0).round(),
        offset: 1.0,
    }]
}

fn unquoted(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !"\"\\|".contains(*c))
        .collect()
}

fn body(controls: &[Control]) -> String {
    if controls.is_empty() {
        return String::new();
    }
    let names = names(controls);
    let args: Vec<_> = controls
        .iter()
        .zip(&names)
        .map(|(control, name)| format!("{name}={} ({})", control.default, control.note))
        .collect();
    let mut body = format!("|{}|\n", args.join(",\n "));
    for (control, name) in controls.iter().zip(&names) {
        let plus = if control.offset == 0.0 {
            String::new()
        } else {
            format!(" + {}", control.offset)
        };
        let channel = &control.channel;
        // Notes that start in the first cycle read the channel in their init pass.
        let _ = write!(
            body,
            "chnset i({name}){plus}, \"{channel}\"\nchnset {name}{plus}, \"{channel}\"\n"
        );
    }
    body
}

/// An argument for each channel.
fn names(controls: &[Control]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for control in controls {
        let plain: String = control
            .channel
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        let base = format!("k{plain}");
        let free = (1..).map(|n| {
            if n == 1 {
                base.clone()
            } else {
                format!("{base}_{n}")
            }
        });
        // There are more numbers than names.
        names.push(
            free.into_iter()
                .find(|name| !names.contains(name))
                .unwrap_or(base),
        );
    }
    names
}
