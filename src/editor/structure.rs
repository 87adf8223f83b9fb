//! What the document is made of: Instrs, layers with their parts, buses, tables, and how sound goes through them.

mod change;
mod layer;
mod routing;

use super::code::{Code, Page};
use super::desk::{Desk, Edit};
use super::parts::{fitted, icon, icon_button, named, title};
use super::sight::Sight;
use super::theme::{GRID, Palette};
use crate::document::{BusKind, Document, LayerEntry, TriggerEntry};
use crate::session::When;
pub(super) use change::with_sound;
use change::{Change, Item, changed};
use egui::{Align, Button, Key, Layout, Rect, RichText, TextEdit, TextStyle, Ui, Vec2, pos2};
use egui_material_icons::MaterialIcon;
use egui_material_icons::icons;
use routing::Routing;

/// What stays of the pane between frames.
#[derive(Default)]
pub(super) struct Structure {
    routing: Routing,
    layer: layer::Form,
    /// What is being renamed, and what was typed so far.
    renamed: Option<(Item, String)>,
    /// Why the last change was not made.
    refused: Option<String>,
}

impl Structure {
    /// Follows the document.
    pub(super) fn follow(&mut self, document: &Document) {
        self.routing = Routing::of(document);
    }

    /// Shows the pane.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        desk: &dyn Desk,
        sight: &Sight,
        document: &Document,
        code: &mut Code,
    ) {
        let mut wanted = None;
        self.instrs(ui, document, code, &mut wanted);
        self.layers(ui, document, &mut wanted);
        self.buses(ui, document, sight, &mut wanted);
        self.tables(ui, document, &mut wanted);
        if let Some(refused) = &self.refused {
            ui.colored_label(Palette::of(ui).bad, refused);
        }
        ui.add_space(3.0 * GRID);
        title(ui, "Routing");
        if let Some(instr) = routing::show(ui, &self.routing) {
            code.turn_to(&Page::Body(instr));
        }
        if let Some(change) = wanted {
            match changed(desk.document(), change) {
                Ok(document) => {
                    self.refused = None;
                    desk.apply(Edit::Document(Box::new(document)), When::Now);
                }
                Err(refused) => self.refused = Some(refused),
            }
        }
    }

    fn instrs(
        &mut self,
        ui: &mut Ui,
        document: &Document,
        code: &mut Code,
        wanted: &mut Option<Change>,
    ) {
        section(ui, "Instrs", "Add an Instr", || {
            *wanted = Some(Change::Add(Item::Instr(0), String::new()))
        });
        for (index, entry) in document.instr.iter().enumerate() {
            let page = Page::Body(entry.name.clone());
            let mark = if code.is_changed(&page) { " •" } else { "" };
            let line = Line {
                shown: format!("{}{mark}", entry.name),
                about: &entry.doc,
                chosen: code.page() == Some(&page),
                ..Line::new(Item::Instr(index), icons::ICON_GRAPHIC_EQ, &entry.name)
            };
            if self.line(ui, &line, wanted) {
                code.turn_to(&page);
            }
        }
        let chosen = code.page() == Some(&Page::Init);
        let mark = if code.is_changed(&Page::Init) {
            " •"
        } else {
            ""
        };
        let text = RichText::new(format!("Global code{mark}"));
        let button = Button::selectable(chosen, (icon(icons::ICON_PUBLIC), text))
            .min_size(Vec2::new(ui.available_width(), 24.0));
        if ui.add(button).clicked() {
            code.turn_to(&Page::Init);
        }
    }

    fn layers(&mut self, ui: &mut Ui, document: &Document, wanted: &mut Option<Change>) {
        let first = document.instr.first();
        let first = first.map(|entry| entry.name.clone()).unwrap_or_default();
        section(ui, "Layers", "Add a layer", || {
            *wanted = Some(Change::Add(Item::Layer(0), first))
        });
        if document.layer.is_empty() {
            let text = RichText::new("Each Instr plays by itself").small();
            ui.label(text.color(Palette::of(ui).weak));
        }
        for (index, layer) in document.layer.iter().enumerate() {
            self.layer(ui, index, layer, wanted);
            if self.layer.is_open(index) {
                let instrs: Vec<String> = document.instr.iter().map(|e| e.name.clone()).collect();
                let asked = self.layer.show(ui, index, layer, &instrs);
                *wanted = asked.or(wanted.take());
            }
        }
    }

    fn layer(
        &mut self,
        ui: &mut Ui,
        index: usize,
        layer: &LayerEntry,
        wanted: &mut Option<Change>,
    ) {
        let (icon, about) = match layer.trigger {
            TriggerEntry::Note => {
                let about = format!(
                    "A note starts it: {} voices. Click to change it",
                    layer.voices
                );
                (icons::ICON_LAYERS, about)
            }
            TriggerEntry::Always => (
                icons::ICON_ALL_INCLUSIVE,
                "It always sounds. Click to change it".to_owned(),
            ),
        };
        let line = Line {
            about: &about,
            chosen: self.layer.is_open(index),
            ..Line::new(Item::Layer(index), icon, &layer.name)
        };
        if self.line(ui, &line, wanted) {
            self.layer.toggle(index);
        }
        for (at, part) in layer.parts.iter().enumerate() {
            let priority = part.priority.map_or(String::new(), |p| format!("  {p}"));
            let icon = icons::ICON_SUBDIRECTORY_ARROW_RIGHT;
            let line = Line {
                shown: format!("{}{priority}", part.instr),
                about: "A part: an Instr that the layer starts, and its priority",
                indent: 14.0,
                ..Line::new(Item::Part(index, at), icon, &part.instr)
            };
            self.line(ui, &line, wanted);
        }
    }

    fn buses(
        &mut self,
        ui: &mut Ui,
        document: &Document,
        sight: &Sight,
        wanted: &mut Option<Change>,
    ) {
        section(ui, "Buses", "Add a bus", || {
            *wanted = Some(Change::Add(Item::Bus(0), String::new()))
        });
        for (index, bus) in document.bus.iter().enumerate() {
            let level = match bus.kind {
                BusKind::Audio => sight.bus(index),
                BusKind::Control => None,
            };
            let about = match (bus.kind, level) {
                (BusKind::Audio, Some(level)) => format!("One channel of sound: {}", level.text()),
                (BusKind::Audio, None) => "One channel of sound".to_owned(),
                (BusKind::Control, _) => "A number that holds".to_owned(),
            };
            let line = Line {
                shown: format!("@{}", bus.name),
                about: &about,
                ..Line::new(Item::Bus(index), icons::ICON_ALT_ROUTE, &bus.name)
            };
            let top = ui.cursor().top();
            self.line(ui, &line, wanted);
            if let Some(level) = level {
                let right = ui.max_rect().right() - 2.0 * GRID;
                let middle = pos2(right - METER / 2.0, top + 12.0);
                level.paint(ui, Rect::from_center_size(middle, Vec2::new(METER, 5.0)));
            }
        }
    }

    fn tables(&mut self, ui: &mut Ui, document: &Document, wanted: &mut Option<Change>) {
        section(ui, "Tables", "Add a table", || {
            *wanted = Some(Change::Add(Item::Table(0), String::new()))
        });
        for (index, table) in document.table.iter().enumerate() {
            let file = table.file.as_ref().map(|file| format!("From {file}"));
            let line = Line {
                shown: format!("gi_{}", table.name),
                about: file.as_deref().unwrap_or("Made by Csound"),
                ..Line::new(Item::Table(index), icons::ICON_TABLE_CHART, &table.name)
            };
            self.line(ui, &line, wanted);
        }
    }

    /// One thing; whether it was clicked. A right click, or the dots, offer what can be done with it.
    fn line(&mut self, ui: &mut Ui, line: &Line, wanted: &mut Option<Change>) -> bool {
        if self
            .renamed
            .as_ref()
            .is_some_and(|(item, _)| *item == line.item)
        {
            self.rename(ui, wanted);
            return false;
        }
        let response = ui
            .horizontal(|ui| {
                ui.add_space(line.indent);
                let size = Vec2::new(ui.available_width(), 24.0);
                let symbol = icon(line.icon).size(15.0).color(Palette::of(ui).weak);
                let font = TextStyle::Button.resolve(ui.style());
                let name = fitted(ui, &line.shown, font, size.x - ICON);
                let button = Button::selectable(line.chosen, (symbol, name));
                ui.allocate_ui_with_layout(size, Layout::top_down_justified(Align::Min), |ui| {
                    ui.add(button)
                })
                .inner
            })
            .inner;
        if response.double_clicked() && !matches!(line.item, Item::Part(..)) {
            self.renamed = Some((line.item, line.name.to_owned()));
        }
        response.context_menu(|ui| self.menu(ui, line, wanted));
        let clicked = response.clicked();
        if !line.about.is_empty() {
            response.on_hover_text(line.about);
        }
        clicked
    }

    fn menu(&mut self, ui: &mut Ui, line: &Line, wanted: &mut Option<Change>) {
        let item = line.item;
        let part = matches!(item, Item::Part(..));
        if !part && ui.button("Rename").clicked() {
            self.renamed = Some((item, line.name.to_owned()));
            ui.close();
        }
        let choices = [
            ("Duplicate", Change::Duplicate(item)),
            ("Move up", Change::Move(item, true)),
            ("Move down", Change::Move(item, false)),
            ("Delete", Change::Delete(item)),
        ];
        for (name, change) in choices {
            if ui.button(name).clicked() {
                *wanted = Some(change);
                ui.close();
            }
        }
    }

    fn rename(&mut self, ui: &mut Ui, wanted: &mut Option<Change>) {
        let Some((item, text)) = &mut self.renamed else {
            return;
        };
        let field = ui.add(TextEdit::singleline(text).desired_width(f32::INFINITY));
        named(ui, field.id, "New name");
        if !field.has_focus() && !field.lost_focus() {
            field.request_focus();
        }
        if field.lost_focus() {
            if ui.input(|input| input.key_pressed(Key::Enter)) {
                *wanted = Some(Change::Rename(*item, text.clone()));
            }
            self.renamed = None;
        }
    }
}

/// Width of the meter of a bus, points.
const METER: f32 = 48.0;

/// What a line has beside its name: the icon, and room around both, points.
const ICON: f32 = 44.0;

/// One thing of the document.
struct Line<'a> {
    item: Item,
    icon: MaterialIcon,
    name: &'a str,
    shown: String,
    about: &'a str,
    chosen: bool,
    indent: f32,
}

impl<'a> Line<'a> {
    fn new(item: Item, icon: MaterialIcon, name: &'a str) -> Self {
        Self {
            item,
            icon,
            name,
            shown: name.to_owned(),
            about: "",
            chosen: false,
            indent: 0.0,
        }
    }
}

fn section(ui: &mut Ui, name: &str, add: &str, wanted: impl FnOnce()) {
    ui.add_space(2.0 * GRID);
    ui.horizontal(|ui| {
        title(ui, name);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button(ui, icons::ICON_ADD, add).clicked() {
                wanted();
            }
        });
    });
}
