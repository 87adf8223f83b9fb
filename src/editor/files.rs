//! Documents as files: open, save, recent ones, a file that somebody writes with another editor.

mod dialog;
mod list;
mod watch;

use super::desk::{Desk, Edit};
use super::looks::{read_setting, write_setting};
use super::parts::{icon, icon_button};
use super::structure::with_sound;
use super::theme::Palette;
use crate::document::Document;
use crate::document::import::{Imported, import};
use crate::session::When;
use crate::session::diagnostic::Diagnostic;
use dialog::{Asked, Dialog, SOUNDS};
use egui::{Key, Modifiers, RichText, Ui};
use egui_material_icons::icons;
pub(super) use list::List;
use std::path::{Path, PathBuf};
use watch::Watch;

/// The user's list of recent files.
const RECENT: &str = "recent.json";
/// Most of them.
const MOST_RECENT: usize = 10;

/// What stays of the files between frames.
#[derive(Default)]
pub(super) struct Files {
    /// The file of the document, if it has one.
    path: Option<PathBuf>,
    /// What the file says.
    saved: Option<Document>,
    recent: Vec<PathBuf>,
    dialog: Option<Dialog>,
    watch: Option<Watch>,
    /// What came of the last thing that was done, and whether it failed.
    said: Option<(String, bool)>,
}

impl Files {
    /// As the user left the last window.
    pub(super) fn of_user() -> Self {
        Self {
            recent: read_setting(RECENT).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Whether the document is another than its file. One without a file is kept by the host's project alone.
    pub(super) fn is_unsaved(&self, document: &Document) -> bool {
        self.saved
            .as_ref()
            .is_some_and(|saved| told_apart(saved) != told_apart(document))
    }

    /// Takes what has happened since the last frame: chosen files, dropped ones, and a watched one that was written.
    pub(super) fn follow(&mut self, ui: &Ui, desk: &dyn Desk) {
        if let Some(chosen) = self.dialog.as_mut().and_then(Dialog::chosen) {
            self.dialog = None;
            if let Some((asked, path)) = chosen {
                self.chosen(desk, asked, &path);
            }
        }
        let dropped = ui.input(|input| input.raw.dropped_files.clone());
        for path in dropped.into_iter().map(|file| file.path().to_owned()) {
            self.open(desk, &path);
        }
        if self.watch.as_mut().is_some_and(Watch::has_changed) {
            self.read_again(desk);
        }
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        if pressed(Modifiers::COMMAND | Modifiers::SHIFT, Key::S) {
            self.ask(Asked::SaveAs, desk);
        } else if pressed(Modifiers::COMMAND, Key::S) {
            self.save(desk);
        } else if pressed(Modifiers::COMMAND, Key::O) {
            self.ask(Asked::Open, desk);
        }
    }

    /// Shows the menu.
    pub(super) fn menu(&mut self, ui: &mut Ui, desk: &dyn Desk) {
        let button = icon_button(ui, icons::ICON_FOLDER_OPEN, "Documents");
        egui::Popup::menu(&button).show(|ui| {
            ui.set_min_width(220.0);
            if item(ui, "Open …", "Ctrl+O") {
                self.ask(Asked::Open, desk);
            }
            ui.menu_button("Recent", |ui| self.recent(ui, desk));
            ui.separator();
            let name = self.path.as_ref().and_then(|path| path.file_name());
            let save = name.map_or("Save …".to_owned(), |name| {
                format!("Save {}", name.to_string_lossy())
            });
            if item(ui, &save, "Ctrl+S") {
                self.save(desk);
            }
            if item(ui, "Save as …", "Ctrl+Shift+S") {
                self.ask(Asked::SaveAs, desk);
            }
            if item(ui, "Add a sound file …", "") {
                self.ask(Asked::Sound, desk);
            }
            ui.separator();
            self.watching(ui);
        });
        if let Some((text, failed)) = &self.said {
            let colors = Palette::of(ui);
            let color = if *failed { colors.bad } else { colors.weak };
            let label =
                ui.add(egui::Label::new(RichText::new(text).small().color(color)).truncate());
            if label
                .interact(egui::Sense::click())
                .on_hover_text(text)
                .clicked()
            {
                self.said = None;
            }
        }
    }

    fn recent(&mut self, ui: &mut Ui, desk: &dyn Desk) {
        if self.recent.is_empty() {
            ui.weak("None yet");
        }
        for path in self.recent.clone() {
            let name = path
                .file_name()
                .unwrap_or(path.as_os_str())
                .to_string_lossy();
            if ui
                .button(name)
                .on_hover_text(path.display().to_string())
                .clicked()
            {
                self.open(desk, &path);
                ui.close();
            }
        }
    }

    fn watching(&mut self, ui: &mut Ui) {
        let mut on = self.watch.is_some();
        let able = self.path.is_some();
        let text = "Follow the file, to write it in another editor";
        let switch = ui.add_enabled(able, egui::Checkbox::new(&mut on, text));
        let switch = switch.on_disabled_hover_text("Save the document first: it has no file");
        if switch.changed() {
            self.watch = self.path.as_deref().filter(|_| on).map(Watch::new);
        }
        if self.watch.is_some() {
            ui.label(
                icon(icons::ICON_VISIBILITY)
                    .size(14.0)
                    .color(Palette::of(ui).accent),
            );
        }
    }

    fn ask(&mut self, asked: Asked, desk: &dyn Desk) {
        self.dialog = Some(Dialog::new(
            asked,
            self.path.as_deref(),
            &desk.view().document,
        ));
    }

    fn chosen(&mut self, desk: &dyn Desk, asked: Asked, path: &Path) {
        match asked {
            Asked::Open => self.open(desk, path),
            Asked::SaveAs => self.save_as(desk, path),
            Asked::Sound => self.add_sound(desk, path),
            Asked::Find => {}
        }
    }

    /// Takes a file: opens a document, imports a CSD, makes a table of a sound.
    pub(super) fn open(&mut self, desk: &dyn Desk, path: &Path) {
        let ending = path.extension().unwrap_or_default();
        let ends = |wanted: &&str| ending.eq_ignore_ascii_case(wanted);
        if ends(&"csd") {
            return self.import(desk, path);
        }
        if SOUNDS.iter().any(ends) {
            return self.add_sound(desk, path);
        }
        match Document::open(path) {
            Ok(document) => {
                desk.open(document.clone());
                self.belongs_to(path, document);
                self.said = None;
            }
            Err(problems) => self.fail(path, "opened", &first(&problems)),
        }
    }

    /// Gives the document a table of a sound file.
    fn add_sound(&mut self, desk: &dyn Desk, path: &Path) {
        let (document, table) = with_sound(desk.document(), path);
        desk.apply(Edit::Document(Box::new(document)), When::Now);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        self.said = Some((format!("{name} is the table gi_{table}"), false));
    }

    /// Makes a document of a CSD. It has no file of its own until it is saved.
    fn import(&mut self, desk: &dyn Desk, path: &Path) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        match std::fs::read_to_string(path) {
            Ok(csd) => {
                let Imported { document, left } = import(&csd, &name);
                desk.open(document);
                (self.path, self.saved, self.watch) = (None, None, None);
                let left: Vec<String> = left.iter().map(ToString::to_string).collect();
                let text = format!("Imported; left out, by line: {}", left.join("; "));
                self.said = (!left.is_empty()).then_some((text, false));
            }
            Err(error) => self.fail(path, "read", &error.to_string()),
        }
    }

    /// The file says something new: the document follows, and its controls stay where they are.
    fn read_again(&mut self, desk: &dyn Desk) {
        let Some(path) = self.path.clone() else {
            return;
        };
        match Document::open(&path) {
            Ok(document) => {
                self.saved = Some(document.clone());
                self.said = None;
                desk.apply(Edit::Document(Box::new(document)), When::Now);
            }
            Err(problems) => self.fail(&path, "read", &first(&problems)),
        }
    }

    fn save(&mut self, desk: &dyn Desk) {
        match self.path.clone() {
            Some(path) => self.save_as(desk, &path),
            None => self.ask(Asked::SaveAs, desk),
        }
    }

    /// Writes the document into a file, which is its own from then on.
    pub(super) fn save_as(&mut self, desk: &dyn Desk, path: &Path) {
        let document = desk.document();
        match document.save(path) {
            Ok(()) => {
                self.belongs_to(path, document);
                self.said = Some((format!("Saved {}", path.display()), false));
            }
            Err(error) => self.fail(path, "saved", &error.to_string()),
        }
    }

    fn fail(&mut self, path: &Path, what: &str, why: &str) {
        let name = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy();
        self.said = Some((format!("{name} was not {what}: {why}"), true));
    }

    pub(super) fn belongs_to(&mut self, path: &Path, document: Document) {
        self.path = Some(path.to_owned());
        self.saved = Some(document);
        self.watch = self.watch.take().map(|_| Watch::new(path));
        self.recent.retain(|known| known != path);
        self.recent.insert(0, path.to_owned());
        self.recent.truncate(MOST_RECENT);
        write_setting(RECENT, &self.recent);
    }
}

/// A document without what moves while it plays.
fn told_apart(document: &Document) -> Document {
    Document {
        values: Default::default(),
        slot: Vec::new(),
        folder: None,
        origin: Default::default(),
        ..document.clone()
    }
}

fn first(problems: &[Diagnostic]) -> String {
    problems
        .first()
        .map_or("nobody knows why".to_owned(), ToString::to_string)
}

fn item(ui: &mut Ui, text: &str, keys: &str) -> bool {
    let clicked = ui
        .add(egui::Button::new(text).shortcut_text(keys))
        .clicked();
    if clicked {
        ui.close();
    }
    clicked
}
