//! The bar at the top: what is played, whether it plays, and what concerns all of it.

use super::desk::{Desk, Sound, View};
use super::keys::Typing;
use super::looks::{GREATEST_ZOOM, LEAST_ZOOM, Looks};
use super::parts::{bar, icon, icon_button, icon_switch, short, state};
use super::theme::{GRID, Palette};
use egui::{Align, Button, Label, Layout, RichText, Ui};
use egui_material_icons::icons;

/// What is not where it will be in the end.
#[derive(Clone, Copy, Default)]
pub(super) struct News {
    /// There are edits that do not sound yet.
    pub edited: bool,
    /// The document is another than its file.
    pub unsaved: bool,
}

/// What the bar asks of the window.
#[derive(Default)]
pub(super) struct Wishes {
    /// All notes of the window's keyboard are to be let go.
    pub panic: bool,
}

/// Where typing goes, for all to see.
pub(super) fn badge(ui: &mut Ui, typing: Typing) {
    let colors = Palette::of(ui);
    let (symbol, color) = match typing {
        Typing::Host | Typing::Nowhere => (icons::ICON_KEYBOARD_HIDE, colors.weak),
        Typing::Text => (icons::ICON_KEYBOARD, colors.accent),
        Typing::Notes => (icons::ICON_PIANO, colors.wait),
    };
    let text = RichText::new(typing.label()).small().color(color);
    // Laid out from the right.
    ui.label(text).on_hover_text(typing.advice());
    ui.label(icon(symbol).size(15.0).color(color));
}

/// Room that the buttons for presets and files take, points.
const FILES: f32 = 150.0;
/// Where there is less, the meter is left out.
const NARROW: f32 = 680.0;

/// Shows the bar.
pub(super) fn show(
    ui: &mut Ui,
    desk: &dyn Desk,
    view: &View,
    looks: &mut Looks,
    news: News,
    files: impl FnOnce(&mut Ui),
) -> Wishes {
    let mut wishes = Wishes::default();
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = GRID;
        icon_panes(ui, looks);
        ui.add_space(GRID);
        let narrow = ui.available_width() < NARROW;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            zoom(ui, looks);
            theme(ui, looks);
            ui.separator();
            wishes.panic = buttons(ui, desk);
            meter(ui, desk, narrow);
            ui.separator();
            sound(ui, view, desk);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let room = ui.available_width() - FILES;
                name(ui, desk, view, news, room);
                files(ui);
            });
        });
    });
    wishes
}

fn icon_panes(ui: &mut Ui, looks: &mut Looks) {
    let panes = [
        (icons::ICON_ACCOUNT_TREE, "Structure", &mut looks.structure),
        (icons::ICON_TUNE, "Controls", &mut looks.controls),
        (
            icons::ICON_MONITORING,
            "Problems, console and scopes",
            &mut looks.dock,
        ),
        (icons::ICON_PIANO, "Keyboard", &mut looks.keyboard),
    ];
    for (symbol, name, shown) in panes {
        icon_switch(ui, symbol, name, shown);
    }
}

fn name(ui: &mut Ui, desk: &dyn Desk, view: &View, news: News, room: f32) {
    let colors = Palette::of(ui);
    let name = if view.document.is_empty() {
        "Untitled"
    } else {
        &view.document
    };
    short(ui, RichText::new(name).heading().strong(), room).on_hover_text(desk.plugin());
    let about = match news {
        News { edited: true, .. } => "There are edits that do not sound yet",
        News { unsaved: true, .. } => "The document has changed since it was saved",
        _ => return,
    };
    let dot = RichText::new("•").size(22.0).color(colors.wait);
    ui.label(dot).on_hover_text(about);
}

fn sound(ui: &mut Ui, view: &View, desk: &dyn Desk) {
    let colors = Palette::of(ui);
    let running = desk.running();
    let rate = running.sample_rate.map_or(String::new(), |rate| {
        format!("{} kHz, {} samples late", rate / 1000.0, running.latency)
    });
    let (color, text, about) = match &view.sound {
        Sound::Playing => (colors.good, "Ready", rate),
        Sound::Building => (
            colors.wait,
            "Building",
            "The new program is tried out and built; the old one plays on".into(),
        ),
        Sound::Asleep => (
            colors.weak,
            "Asleep",
            "The host has not switched the plugin on".into(),
        ),
        Sound::Silent(reason) => (colors.bad, "Silent", reason.clone()),
    };
    state(ui, color, text).on_hover_text(about);
}

fn meter(ui: &mut Ui, desk: &dyn Desk, narrow: bool) {
    let colors = Palette::of(ui);
    let (load, sounding) = desk.meter();
    let color = match load {
        load if load > 0.9 => colors.bad,
        load if load > 0.6 => colors.wait,
        _ => colors.accent,
    };
    let voices: u32 = desk
        .ledger()
        .programs
        .iter()
        .map(|program| program.voices)
        .sum();
    let label = |text: String, width: f32, ui: &mut Ui| {
        let text = RichText::new(text).small().monospace().color(colors.weak);
        ui.add_sized([width, 20.0], Label::new(text))
    };
    let about = if sounding { "Sounding" } else { "Quiet" };
    if narrow {
        let text = format!("{:>3.0} %", load * 100.0);
        let about = format!("How much of its time the audio thread takes; {voices} voices");
        label(text, 40.0, ui).on_hover_text(about);
        return;
    }
    label(
        match voices {
            1 => "  1 voice ".to_owned(),
            voices => format!("{voices:>3} voices"),
        },
        74.0,
        ui,
    )
    .on_hover_text(about);
    label(format!("{:>3.0} %", load * 100.0), 40.0, ui)
        .on_hover_text("How much of its time the audio thread takes");
    bar(ui, 56.0, load, color);
}

fn buttons(ui: &mut Ui, desk: &dyn Desk) -> bool {
    let panic = icon_button(ui, icons::ICON_STOP_CIRCLE, "Stop everything that sounds");
    if panic.clicked() {
        desk.stop();
    }
    if icon_button(ui, icons::ICON_VOLUME_UP, "Let what was muted sound again").clicked() {
        desk.resume();
    }
    panic.clicked()
}

fn theme(ui: &mut Ui, looks: &mut Looks) {
    let (symbol, name) = match looks.dark {
        true => (icons::ICON_LIGHT_MODE, "Light"),
        false => (icons::ICON_DARK_MODE, "Dark"),
    };
    if icon_button(ui, symbol, name).clicked() {
        looks.dark = !looks.dark;
    }
}

fn zoom(ui: &mut Ui, looks: &mut Looks) {
    let text = format!("{:.0} %", looks.zoom * 100.0);
    let button = Button::new(RichText::new(text).small()).frame_when_inactive(false);
    let menu = egui::containers::menu::MenuButton::from_button(button).ui(ui, |ui| {
        for percent in [50, 75, 100, 125, 150, 200, 250, 300] {
            let zoom = (percent as f32 / 100.0).clamp(LEAST_ZOOM, GREATEST_ZOOM);
            if ui
                .selectable_label(looks.zoom == zoom, format!("{percent} %"))
                .clicked()
            {
                looks.zoom = zoom;
                ui.close();
            }
        }
    });
    menu.0.on_hover_text("Zoom");
}
