//! Small things that several panes are made of.

use super::theme::{GRID, Palette, ROUND};
use egui::{
    Align2, Button, Color32, FontId, Response, RichText, Role, Sense, TextStyle, Ui, Vec2,
    WidgetInfo,
};
use egui_material_icons::MaterialIcon;

/// Points an icon is high.
const ICON: f32 = 17.0;

/// An icon as text.
pub(super) fn icon(icon: MaterialIcon) -> RichText {
    RichText::new(icon.codepoint)
        .family(icon.font_family())
        .size(ICON)
}

/// A button with an icon, its name under the pointer and for those who hear it.
pub(super) fn icon_button(ui: &mut Ui, symbol: MaterialIcon, name: &str) -> Response {
    icon_toggle(ui, symbol, name, false)
}

/// The same, lit while `on`, which a click turns around. Whether it was clicked.
pub(super) fn icon_switch(ui: &mut Ui, symbol: MaterialIcon, name: &str, on: &mut bool) -> bool {
    let clicked = icon_toggle(ui, symbol, name, *on).clicked();
    *on ^= clicked;
    clicked
}

fn icon_toggle(ui: &mut Ui, symbol: MaterialIcon, name: &str, on: bool) -> Response {
    let colors = Palette::of(ui);
    let color = if on { colors.accent } else { colors.weak };
    let enabled = ui.is_enabled();
    let button = Button::new(icon(symbol).color(color))
        .frame_when_inactive(false)
        .min_size(Vec2::new(26.0, 26.0));
    let response = ui.scope(|ui| {
        ui.spacing_mut().button_padding = Vec2::new(GRID, 2.0);
        ui.add(button)
    });
    let response = response.inner.on_hover_text(name);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    response
}

/// The one button of a pane that stands out.
pub(super) fn main_button(ui: &mut Ui, text: &str, enabled: bool) -> Response {
    let colors = Palette::of(ui);
    let button = Button::new(RichText::new(text).color(if enabled {
        colors.on_accent
    } else {
        colors.weak
    }));
    let fill = if enabled {
        colors.accent
    } else {
        colors.raised
    };
    ui.add_enabled(enabled, button.fill(fill))
}

/// The title of a section, small and set apart.
pub(super) fn title(ui: &mut Ui, text: &str) -> Response {
    let colors = Palette::of(ui);
    let text = RichText::new(text.to_uppercase())
        .small()
        .strong()
        .color(colors.weak);
    ui.label(text.extra_letter_spacing(0.8))
}

/// A coloured dot before what it means.
pub(super) fn state(ui: &mut Ui, color: Color32, text: &str) -> Response {
    let mut job = egui::text::LayoutJob::default();
    let font = TextStyle::Button.resolve(ui.style());
    let dot = FontId::new(font.size * 1.8, font.family.clone());
    for (piece, font) in [("• ", dot), (text, font)] {
        let format = egui::TextFormat {
            valign: egui::Align::Center,
            ..egui::TextFormat::simple(font, color)
        };
        job.append(piece, 0.0, format);
    }
    ui.label(job)
}

/// A horizontal bar, filled as far as `value` goes, 0..=1.
pub(super) fn bar(ui: &mut Ui, width: f32, value: f32, color: Color32) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, 6.0), Sense::hover());
    let mut full = rect;
    full.set_width(rect.width() * value.clamp(0.0, 1.0));
    ui.painter()
        .rect_filled(rect, ROUND, Palette::of(ui).sunken);
    ui.painter().rect_filled(full, ROUND, color);
    response
}

/// Text in the middle of an empty pane.
pub(super) fn nothing(ui: &mut Ui, text: &str) {
    ui.vertical_centered(|ui| {
        ui.add_space(4.0 * GRID);
        ui.weak(text);
    });
}

/// A number or a name painted somewhere, small.
pub(super) fn tiny(ui: &Ui, at: egui::Pos2, anchor: Align2, text: &str, color: Color32) {
    let font = FontId::new(
        TextStyle::Small.resolve(ui.style()).size - 1.0,
        egui::FontFamily::Proportional,
    );
    ui.painter().text(at, anchor, text, font, color);
}

/// Gives a field a name for those who hear it.
pub(super) fn named(ui: &Ui, id: egui::Id, name: &str) {
    ui.ctx()
        .accesskit_node_builder(id, |node| node.set_label(name));
}
