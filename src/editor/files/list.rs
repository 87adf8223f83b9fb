//! The files that a document needs: what is in the project, what stands outside, and what is missing.

use super::dialog::{Asked, Dialog};
use crate::document::Document;
use crate::editor::desk::Desk;
use crate::editor::parts::{icon, nothing};
use crate::editor::theme::Palette;
use egui::{Grid, RichText, ScrollArea, Ui};
use egui_material_icons::icons;

/// A file that the document needs.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Needed {
    /// As the document names it.
    name: String,
    what: &'static str,
    place: Place,
}

/// Where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the project, so many bytes.
    Inside(u64),
    /// In the file system, so many bytes.
    Outside(u64),
    Missing,
}

/// The list, as it was when it was last looked at.
#[derive(Default)]
pub(in crate::editor) struct List {
    needed: Vec<Needed>,
    /// The file that is looked for.
    search: Option<(String, Dialog)>,
}

impl List {
    /// Looks again.
    pub(in crate::editor) fn follow(&mut self, document: &Document) {
        let includes = document
            .includes
            .iter()
            .chain(document.instr.iter().flat_map(|instr| &instr.includes));
        let includes = includes.map(|include| Needed {
            name: include.path.clone(),
            what: "code",
            place: include
                .text
                .as_ref()
                .map_or(Place::Missing, |text| Place::Inside(text.len() as u64)),
        });
        let tables = document
            .table
            .iter()
            .filter_map(|table| table.file.as_ref());
        let sounds = tables.map(|name| Needed {
            name: name.clone(),
            what: "sound",
            place: place(document, name),
        });
        self.needed = includes.chain(sounds).collect();
    }

    /// How many are missing.
    pub(in crate::editor) fn missing(&self) -> usize {
        self.needed
            .iter()
            .filter(|file| file.place == Place::Missing)
            .count()
    }

    /// Shows the list.
    pub(in crate::editor) fn show(&mut self, ui: &mut Ui, desk: &dyn Desk) {
        let chosen = self.search.as_mut().and_then(|(_, dialog)| dialog.chosen());
        if let Some(chosen) = chosen
            && let (Some((name, _)), Some((_, path))) = (self.search.take(), chosen)
        {
            desk.relocate(&name, &path);
        }
        if self.needed.is_empty() {
            return nothing(ui, "This document needs no files.");
        }
        let mut wanted = None;
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            Grid::new("files")
                .num_columns(4)
                .spacing([16.0, 4.0])
                .show(ui, |ui| {
                    for file in &self.needed {
                        if row(ui, file) {
                            wanted = Some(file.name.clone());
                        }
                        ui.end_row();
                    }
                });
        });
        if let Some(name) = wanted {
            self.search = Some((name.clone(), Dialog::new(Asked::Find, None, &name)));
        }
    }
}

fn place(document: &Document, name: &str) -> Place {
    let inside = document
        .files
        .iter()
        .find(|entry| entry.path == name && !entry.hash.is_empty());
    let outside = || std::fs::metadata(document.path_of(name)).ok();
    match (inside, outside()) {
        (Some(entry), _) => Place::Inside(entry.bytes),
        (None, Some(about)) => Place::Outside(about.len()),
        (None, None) => Place::Missing,
    }
}

/// One file; whether it is to be looked for.
fn row(ui: &mut Ui, file: &Needed) -> bool {
    let colors = Palette::of(ui);
    let (symbol, color, text) = match file.place {
        Place::Inside(size) => (
            icons::ICON_INVENTORY_2,
            colors.good,
            format!("in the project, {}", bytes(size)),
        ),
        Place::Outside(size) => (
            icons::ICON_DRAFT,
            colors.weak,
            format!("beside the document, {}", bytes(size)),
        ),
        Place::Missing => (icons::ICON_ERROR, colors.bad, "missing".to_owned()),
    };
    ui.label(icon(symbol).size(15.0).color(color));
    ui.label(&file.name);
    ui.label(
        RichText::new(format!("{}, {text}", file.what))
            .small()
            .color(color),
    );
    file.what == "sound"
        && ui
            .small_button("Find …")
            .on_hover_text("Use a file from another place")
            .clicked()
}

fn bytes(size: u64) -> String {
    match size {
        0..1_000 => format!("{size} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", size as f64 / 1e3),
        _ => format!("{:.1} MB", size as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TableEntry;

    #[test]
    fn a_file_is_found_or_missed() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("there.wav"), [0; 1500]).expect("a file");
        let table = |file: &str| TableEntry {
            file: Some(file.into()),
            ..TableEntry::default()
        };
        let document = Document {
            table: vec![table("there.wav"), table("gone.wav")],
            folder: Some(folder.path().to_owned()),
            ..Document::default()
        };
        let mut list = List::default();
        list.follow(&document);
        let places: Vec<_> = list.needed.iter().map(|file| file.place).collect();
        assert_eq!(places, [Place::Outside(1500), Place::Missing]);
        assert_eq!((list.missing(), bytes(1500).as_str()), (1, "1.5 kB"));
    }
}
