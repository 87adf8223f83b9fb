//! The documents there are to choose from: one after the other, or all at once by name, tag and word.

use super::desk::Desk;
use super::parts::{icon_button, named};
use super::theme::{GRID, Palette};
use crate::document::presets::{Preset, Presets, Source};
use egui::{Frame, Margin, Modal, RichText, ScrollArea, Sense, TextEdit, Ui, Vec2};
use egui_material_icons::icons;
use std::collections::BTreeMap;

/// Most tags that are offered.
const TAGS: usize = 14;

/// What stays of the browser between frames.
#[derive(Default)]
pub(super) struct Browser {
    presets: Option<Presets>,
    current: Option<Source>,
    open: bool,
    wanted: String,
    tag: Option<String>,
    /// Why the last one was not opened.
    failed: Option<String>,
}

impl Browser {
    /// Shows the buttons in the top bar.
    pub(super) fn buttons(&mut self, ui: &mut Ui, desk: &dyn Desk) {
        let back = icon_button(ui, icons::ICON_CHEVRON_LEFT, "The preset before").clicked();
        let next = icon_button(ui, icons::ICON_CHEVRON_RIGHT, "The next preset").clicked();
        if back || next {
            let presets = self.presets.get_or_insert_with(|| desk.presets());
            let current = self.current.as_ref();
            let beside = if next {
                presets.next(current)
            } else {
                presets.previous(current)
            };
            if let Some(preset) = beside.cloned() {
                self.load(desk, &preset);
            }
        }
        if icon_button(ui, icons::ICON_LIBRARY_MUSIC, "Browse presets").clicked() {
            // Files may have come since it was last open.
            self.presets = Some(desk.presets());
            self.open = true;
        }
    }

    /// Shows the browser, if it is open.
    pub(super) fn show(&mut self, ui: &Ui, desk: &dyn Desk) {
        if !self.open {
            return;
        }
        let modal = Modal::new(egui::Id::unique("browser"));
        let shown = modal.show(ui.ctx(), |ui| {
            ui.set_width(560.0_f32.min(ui.ctx().content_rect().width() - 80.0));
            self.content(ui, desk);
        });
        if shown.should_close() {
            self.open = false;
        }
    }

    fn content(&mut self, ui: &mut Ui, desk: &dyn Desk) {
        ui.horizontal(|ui| {
            ui.label(RichText::new("Presets").heading().strong());
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if icon_button(ui, icons::ICON_CLOSE, "Close").clicked() {
                    self.open = false;
                }
                let field =
                    TextEdit::singleline(&mut self.wanted).hint_text("Search names, tags, authors");
                let field = ui.add(field.desired_width(240.0));
                named(ui, field.id, "Search presets");
            });
        });
        let Some(presets) = self.presets.clone() else {
            return;
        };
        ui.add_space(GRID);
        self.tags(ui, &presets);
        if let Some(failed) = &self.failed {
            ui.colored_label(Palette::of(ui).bad, failed);
        }
        ui.add_space(GRID);
        let height = (ui.ctx().content_rect().height() - 260.0).clamp(120.0, 460.0);
        let mut picked = None;
        ScrollArea::vertical()
            .max_height(height)
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for preset in presets.iter().filter(|preset| self.fits(preset)) {
                    let current = self.current.as_ref() == Some(&preset.source);
                    if row(ui, preset, current) {
                        picked = Some(preset);
                    }
                }
            });
        if let Some(preset) = picked {
            self.load(desk, preset);
        }
    }

    fn tags(&mut self, ui: &mut Ui, presets: &Presets) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for tag in presets.iter().flat_map(|preset| &preset.tags) {
            *counts.entry(tag).or_default() += 1;
        }
        let mut tags: Vec<_> = counts.into_iter().collect();
        tags.sort_by_key(|(tag, count)| (std::cmp::Reverse(*count), *tag));
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(GRID);
            for (tag, _) in tags.into_iter().take(TAGS) {
                let chosen = self.tag.as_deref() == Some(tag);
                if ui
                    .selectable_label(chosen, RichText::new(tag).small())
                    .clicked()
                {
                    self.tag = (!chosen).then(|| tag.to_owned());
                }
            }
        });
    }

    fn fits(&self, preset: &Preset) -> bool {
        let tagged = self
            .tag
            .as_ref()
            .is_none_or(|tag| preset.tags.contains(tag));
        let all = format!(
            "{} {} {}",
            preset.name,
            preset.author,
            preset.tags.join(" ")
        )
        .to_lowercase();
        let words = self.wanted.to_lowercase();
        tagged && words.split_whitespace().all(|word| all.contains(word))
    }

    fn load(&mut self, desk: &dyn Desk, preset: &Preset) {
        match preset.load() {
            Ok(document) => {
                desk.open(document);
                self.current = Some(preset.source.clone());
                self.failed = None;
            }
            Err(problems) => {
                let why = problems.first().map_or(String::new(), ToString::to_string);
                self.failed = Some(format!("{} was not opened: {why}", preset.name));
            }
        }
    }
}

/// One preset; whether it was clicked.
fn row(ui: &mut Ui, preset: &Preset, current: bool) -> bool {
    let colors = Palette::of(ui);
    let fill = if current {
        ui.visuals().selection.bg_fill
    } else {
        egui::Color32::TRANSPARENT
    };
    let frame = Frame::NONE
        .fill(fill)
        .corner_radius(5)
        .inner_margin(Margin::symmetric(10, 6));
    let inner = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.label(RichText::new(&preset.name).strong());
            ui.label(
                RichText::new(preset.tags.join("  "))
                    .small()
                    .color(colors.accent),
            );
            if matches!(preset.source, Source::File(_)) {
                ui.label(RichText::new("yours").small().color(colors.wait));
            }
        });
        let about = preset
            .description
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        ui.add(egui::Label::new(RichText::new(about).small().color(colors.weak)).truncate());
    });
    let name = &preset.name;
    let id = ui.scope_id().with((
        "preset",
        &preset.name,
        matches!(preset.source, Source::File(_)),
    ));
    let response = ui.interact(inner.response.rect, id, Sense::click());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Open {name}"))
    });
    if response.hovered() && !current {
        let over = colors.text.gamma_multiply(0.06);
        ui.painter().rect_filled(inner.response.rect, 5.0, over);
    }
    response.clicked()
}
