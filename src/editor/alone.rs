//! One sounding note, picked to be set alone.

use super::desk::Desk;
use super::parts::key_name;
use super::theme::{GRID, Palette};
use crate::session::SoundingNote;
use egui::scroll_area::ScrollBarVisibility;
use egui::{Align, Button, Label, Layout, Response, RichText, ScrollArea, Ui, Vec2};
use std::collections::BTreeMap;

/// The picked note, if any, and how far its controls have been moved away from their slots.
#[derive(Default)]
pub(super) struct Alone {
    picked: Option<SoundingNote>,
    /// By slot, normalized.
    offsets: BTreeMap<usize, f32>,
}

impl Alone {
    /// Shows what sounds, to pick from. A note that has ended is let go.
    pub(super) fn show(&mut self, ui: &mut Ui, desk: &dyn Desk) {
        let mut notes = desk.notes();
        notes.sort_by_key(|sounding| (sounding.note.key, sounding.press));
        notes.dedup_by_key(|sounding| sounding.press);
        let sounds = |picked: &SoundingNote| notes.iter().any(|note| note.press == picked.press);
        if !self.picked.as_ref().is_none_or(sounds) {
            self.pick(None);
        }
        // As high without notes: nothing moves below the pointer when one is played.
        let size = Vec2::new(ui.available_width(), 28.0);
        let layout = Layout::left_to_right(Align::Center);
        ui.allocate_ui_with_layout(size, layout, |ui| {
            ui.set_min_size(size);
            let strip = ScrollArea::horizontal().auto_shrink(false);
            let strip = strip.scroll_bar_visibility(ScrollBarVisibility::AlwaysHidden);
            strip.show(ui, |ui| self.chips(ui, &notes));
        });
        ui.add_space(GRID);
    }

    fn chips(&mut self, ui: &mut Ui, notes: &[SoundingNote]) {
        ui.spacing_mut().item_spacing.x = GRID;
        if notes.is_empty() {
            let text = RichText::new("Notes that sound can be set alone here").small();
            ui.add(Label::new(text.color(Palette::of(ui).weak)).truncate());
            return;
        }
        let all = chip(ui, "All notes", self.picked.is_none());
        if all.clicked() {
            self.pick(None);
        }
        for sounding in notes {
            let name = sounding.note.key.map_or("?".to_owned(), key_name);
            let name = if sounding.held {
                name
            } else {
                format!("{name} …")
            };
            let on = self
                .picked
                .is_some_and(|picked| picked.press == sounding.press);
            let chip =
                chip(ui, &name, on).on_hover_text("What you turn now, that note alone hears");
            if chip.clicked() {
                self.pick(Some(*sounding));
            }
        }
    }

    fn pick(&mut self, picked: Option<SoundingNote>) {
        let pressed = |note: Option<SoundingNote>| note.map(|note| note.press);
        if pressed(picked) != pressed(self.picked) {
            self.offsets.clear();
        }
        self.picked = picked;
    }

    /// Whether a note is picked.
    pub(super) fn is_on(&self) -> bool {
        self.picked.is_some()
    }

    /// What the picked note hears, where the slot is at `value`; both normalized.
    pub(super) fn value(&self, slot: usize, value: f32) -> f32 {
        let offset = self.offsets.get(&slot).copied().unwrap_or(0.0);
        (value + offset).clamp(0.0, 1.0)
    }

    /// Sets it for the picked note.
    pub(super) fn set(&mut self, desk: &dyn Desk, slot: usize, slot_value: f32, wanted: f32) {
        if let Some(picked) = self.picked {
            let offset = wanted.clamp(0.0, 1.0) - slot_value;
            self.offsets.insert(slot, offset);
            desk.set_note(picked.note, slot, offset.into());
        }
    }
}

fn chip(ui: &mut Ui, name: &str, on: bool) -> Response {
    let button = Button::selectable(on, RichText::new(name).small());
    ui.add(button.frame_when_inactive(true))
}
