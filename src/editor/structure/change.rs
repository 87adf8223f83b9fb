//! Changes to the structure of a document, as data.

use std::path::Path;

use crate::document::{BusEntry, Document, InstrEntry, LayerEntry, PartEntry, TableEntry};

/// One thing of a document, by its place in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::editor) enum Item {
    Instr(usize),
    Layer(usize),
    /// A part of a layer.
    Part(usize, usize),
    Bus(usize),
    Table(usize),
}

/// What to do with a thing.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::editor) enum Change {
    /// Another of the kind, behind the others; of a layer, a part that starts this Instr.
    Add(Item, String),
    Rename(Item, String),
    Duplicate(Item),
    Delete(Item),
    /// Towards the beginning of its list, or the end.
    Move(Item, bool),
    /// A layer becomes this one.
    Layer(usize, Box<LayerEntry>),
}

/// What a new Instr plays: a sine, so that it is heard at once.
const NEW_BODY: &str = "|kmidi=60, kamp=0.2 (0..1 \"Level\")|\naenv linsegr 0, 0.01, 1, 0.2, 0\nasig oscili kamp, mtof:k(kmidi)\nouts asig * aenv, asig * aenv\n";

/// The document with a change, or why it cannot be changed so.
pub(in crate::editor) fn changed(
    mut document: Document,
    change: Change,
) -> Result<Document, String> {
    match change {
        Change::Add(item, instr) => add(&mut document, item, instr),
        Change::Rename(item, name) => rename(&mut document, item, &name)?,
        Change::Duplicate(item) => duplicate(&mut document, item),
        Change::Delete(item) => delete(&mut document, item)?,
        Change::Move(item, up) => shift(&mut document, item, up),
        Change::Layer(at, layer) => {
            if let Some(entry) = document.layer.get_mut(at) {
                *entry = *layer;
            }
        }
    }
    Ok(document)
}

fn add(document: &mut Document, item: Item, instr: String) {
    match item {
        Item::Instr(_) => {
            let name = free_name("instr", document.instr.iter().map(|entry| &entry.name));
            // Where layers are written, one that no layer has would never be heard.
            if !document.layer.is_empty() {
                let part = PartEntry {
                    instr: name.clone(),
                    ..PartEntry::default()
                };
                document.layer.push(LayerEntry {
                    name: name.clone(),
                    parts: vec![part],
                    ..LayerEntry::default()
                });
            }
            document.instr.push(InstrEntry {
                name,
                body: NEW_BODY.to_owned(),
                ..InstrEntry::default()
            });
        }
        Item::Layer(_) => {
            let name = free_name("layer", document.layer.iter().map(|entry| &entry.name));
            let part = PartEntry {
                instr,
                ..PartEntry::default()
            };
            document.layer.push(LayerEntry {
                name,
                parts: vec![part],
                ..LayerEntry::default()
            });
        }
        Item::Part(layer, _) => {
            if let Some(layer) = document.layer.get_mut(layer) {
                layer.parts.push(PartEntry {
                    instr,
                    ..PartEntry::default()
                });
            }
        }
        Item::Bus(_) => {
            let name = free_name("bus", document.bus.iter().map(|entry| &entry.name));
            document.bus.push(BusEntry {
                name,
                ..BusEntry::default()
            });
        }
        Item::Table(_) => {
            let name = free_name("table", document.table.iter().map(|entry| &entry.name));
            let sine = Some(vec![8192.0, 10.0, 1.0]);
            document.table.push(TableEntry {
                name,
                r#gen: sine,
                ..TableEntry::default()
            });
        }
    }
}

/// The document with a table of a sound file, and the table's name.
pub(in crate::editor) fn with_sound(mut document: Document, path: &Path) -> (Document, String) {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let kept = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let stem: String = stem.chars().map(kept).collect();
    let stem = match stem.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => stem,
        false => format!("sound_{stem}"),
    };
    let name = free_name(&stem, document.table.iter().map(|entry| &entry.name));
    // Relative to the document where it lies below it, so that both can move.
    let inside = document
        .folder
        .as_ref()
        .and_then(|folder| path.strip_prefix(folder).ok());
    let file = inside.unwrap_or(path).to_string_lossy().into_owned();
    document.table.push(TableEntry {
        name: name.clone(),
        file: Some(file),
        ..TableEntry::default()
    });
    (document, name)
}

fn free_name<'a>(stem: &str, taken: impl Iterator<Item = &'a String>) -> String {
    let taken: Vec<&String> = taken.collect();
    let names = (1..).map(|number| {
        if number == 1 {
            stem.to_owned()
        } else {
            format!("{stem}{number}")
        }
    });
    let mut free = names.filter(|name| !taken.contains(&name));
    // An endless supply against a list that ends.
    free.next().unwrap_or_default()
}

fn rename(document: &mut Document, item: Item, name: &str) -> Result<(), String> {
    let name = name.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let layer = matches!(item, Item::Layer(_));
    if name.is_empty()
        || (!layer
            && (!name.chars().all(is_name) || name.starts_with(|c: char| c.is_ascii_digit())))
    {
        return Err(format!(
            "{name:?} is no name: use letters, digits and _, a letter first"
        ));
    }
    let taken = match item {
        Item::Instr(at) => document
            .instr
            .iter()
            .enumerate()
            .any(|(i, entry)| i != at && entry.name == name),
        Item::Bus(at) => document
            .bus
            .iter()
            .enumerate()
            .any(|(i, entry)| i != at && entry.name == name),
        Item::Table(at) => document
            .table
            .iter()
            .enumerate()
            .any(|(i, entry)| i != at && entry.name == name),
        Item::Layer(_) | Item::Part(..) => false,
    };
    if taken {
        return Err(format!("{name:?} is taken: choose another name"));
    }
    match item {
        Item::Instr(at) => rename_instr(document, at, name),
        Item::Bus(at) => rename_bus(document, at, name),
        Item::Table(at) => set(
            document.table.get_mut(at).map(|entry| &mut entry.name),
            name,
        ),
        Item::Layer(at) => set(
            document.layer.get_mut(at).map(|entry| &mut entry.name),
            name,
        ),
        Item::Part(..) => {}
    }
    Ok(())
}

fn set(name: Option<&mut String>, to: &str) {
    if let Some(name) = name {
        to.clone_into(name);
    }
}

/// With all that names it: parts, slots and values, so that controls keep their places and automation.
fn rename_instr(document: &mut Document, at: usize, name: &str) {
    let Some(entry) = document.instr.get_mut(at) else {
        return;
    };
    let old = std::mem::replace(&mut entry.name, name.to_owned());
    let parts = document.layer.iter_mut().flat_map(|layer| &mut layer.parts);
    let parts = parts.map(|part| &mut part.instr);
    let slots = document.slot.iter_mut().map(|slot| &mut slot.instr);
    parts
        .chain(slots)
        .filter(|instr| **instr == old)
        .for_each(|instr| name.clone_into(instr));
    let values = std::mem::take(&mut document.values).into_iter();
    document.values = values
        .map(|(key, value)| match key.split_once('.') {
            Some((instr, argument)) if instr == old => (format!("{name}.{argument}"), value),
            _ => (key, value),
        })
        .collect();
}

fn rename_bus(document: &mut Document, at: usize, name: &str) {
    use crate::document::Scalar;
    let Some(entry) = document.bus.get_mut(at) else {
        return;
    };
    let old = format!("@{}", std::mem::replace(&mut entry.name, name.to_owned()));
    let parts = document.layer.iter_mut().flat_map(|layer| &mut layer.parts);
    for value in parts.flat_map(|part| part.args.values_mut()) {
        if matches!(value, Scalar::Text(text) if *text == old) {
            *value = Scalar::Text(format!("@{name}"));
        }
    }
}

fn duplicate(document: &mut Document, item: Item) {
    fn twice<T: Clone>(list: &mut Vec<T>, at: usize, name: impl FnOnce(&mut T, &[T])) {
        if let Some(mut copy) = list.get(at).cloned() {
            name(&mut copy, list);
            list.insert(at + 1, copy);
        }
    }
    match item {
        Item::Instr(at) => twice(&mut document.instr, at, |entry, all| {
            entry.name = free_name(&entry.name, all.iter().map(|entry| &entry.name));
        }),
        Item::Layer(at) => twice(&mut document.layer, at, |entry, all| {
            entry.name = free_name(&entry.name, all.iter().map(|entry| &entry.name));
        }),
        Item::Bus(at) => twice(&mut document.bus, at, |entry, all| {
            entry.name = free_name(&entry.name, all.iter().map(|entry| &entry.name));
        }),
        Item::Table(at) => twice(&mut document.table, at, |entry, all| {
            entry.name = free_name(&entry.name, all.iter().map(|entry| &entry.name));
        }),
        Item::Part(layer, at) => {
            if let Some(layer) = document.layer.get_mut(layer) {
                twice(&mut layer.parts, at, |_, _| {});
            }
        }
    }
}

fn delete(document: &mut Document, item: Item) -> Result<(), String> {
    match item {
        Item::Instr(_) if document.instr.len() == 1 => {
            return Err("the last Instr stays: a document without one makes no sound".to_owned());
        }
        Item::Instr(at) if at < document.instr.len() => {
            let name = document.instr.remove(at).name;
            for layer in &mut document.layer {
                layer.parts.retain(|part| part.instr != name);
            }
            document.layer.retain(|layer| !layer.parts.is_empty());
        }
        Item::Layer(at) if at < document.layer.len() => drop(document.layer.remove(at)),
        Item::Bus(at) if at < document.bus.len() => drop(document.bus.remove(at)),
        Item::Table(at) if at < document.table.len() => drop(document.table.remove(at)),
        Item::Part(layer, at) => {
            let parts = document.layer.get_mut(layer).map(|layer| &mut layer.parts);
            if let Some(parts) = parts.filter(|parts| at < parts.len() && parts.len() > 1) {
                parts.remove(at);
            }
        }
        _ => {}
    }
    Ok(())
}

fn shift(document: &mut Document, item: Item, up: bool) {
    fn swap<T>(list: &mut [T], at: usize, up: bool) {
        let other = if up { at.checked_sub(1) } else { Some(at + 1) };
        if let Some(other) = other.filter(|other| at.max(*other) < list.len()) {
            list.swap(at, other);
        }
    }
    match item {
        Item::Instr(at) => swap(&mut document.instr, at, up),
        Item::Layer(at) => swap(&mut document.layer, at, up),
        Item::Bus(at) => swap(&mut document.bus, at, up),
        Item::Table(at) => swap(&mut document.table, at, up),
        Item::Part(layer, at) => {
            if let Some(layer) = document.layer.get_mut(layer) {
                swap(&mut layer.parts, at, up);
            }
        }
    }
}
