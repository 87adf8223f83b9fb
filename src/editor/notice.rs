//! What the user must know, or decide, before anything else.

use super::desk::{Desk, Sound, View};
use super::parts::icon;
use super::theme::{GRID, Palette};
use egui::{Color32, Frame, Label, Margin, Panel, RichText, Ui};
use egui_material_icons::icons;
use std::time::Duration;

/// A process call that takes longer than this does not come back.
const LONG: Duration = Duration::from_millis(250);

/// Shows what there is to be told, below the top bar.
pub(super) fn show(ui: &mut Ui, desk: &dyn Desk, view: &View) {
    let colors = Palette::of(ui);
    if desk.in_process_for().is_some_and(|time| time > LONG) {
        let text = "An instrument seems to be in an endless loop, which only the end of the host ends. Save the project now.";
        return line(ui, colors.bad, text, |_| {});
    }
    if view.untried {
        let text = "This document could not be tried out beforehand: no helper process could be started. Its code could end the host.";
        return line(ui, colors.wait, text, |ui| {
            if ui.button("Play it anyway").clicked() {
                desk.trust();
            }
        });
    }
    if let Sound::Silent(reason) = &view.sound {
        line(ui, colors.bad, &format!("Silent: {reason}"), |_| {});
    }
}

fn line(ui: &mut Ui, color: Color32, text: &str, more: impl FnOnce(&mut Ui)) {
    let frame = Frame::NONE
        .fill(Palette::of(ui).panel.lerp_to_gamma(color, 0.16))
        .inner_margin(Margin::symmetric(12, 6));
    Panel::top("notice").frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(icon(icons::ICON_WARNING).color(color));
            ui.add_space(GRID);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                more(ui);
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    let label =
                        Label::new(RichText::new(text).color(Palette::of(ui).text)).truncate();
                    ui.add(label).on_hover_text(text);
                });
            });
        });
    });
}
