//! Small things that several panes are made of.

use super::theme::{GRID, Palette, ROUND};
use egui::{
    Align2, Button, Color32, FontId, Galley, Response, RichText, Role, Sense, TextStyle, Ui, Vec2,
    WidgetInfo,
};
use egui_material_icons::MaterialIcon;
use std::sync::Arc;

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
        .rect_filled(rect, ROUND, Palette::of(ui).raised);
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

/// A line of text in the colour of where it is painted, cut short with dots where it is wider.
pub(super) fn fitted(ui: &Ui, text: &str, font: FontId, width: f32) -> Arc<Galley> {
    let color = Color32::PLACEHOLDER;
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(0.0));
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}

/// Text painted in the middle of a box, cut short with dots where it does not fit.
pub(super) fn boxed(ui: &Ui, place: egui::Rect, text: &str, color: Color32) {
    let galley = fitted(ui, text, FontId::proportional(12.0), place.width());
    let at = Align2::CENTER_CENTER
        .align_size_within_rect(galley.size(), place)
        .min;
    ui.painter().galley(at, galley, color);
}

/// A name that is cut short where there is less room than `width`; the whole of it shows under the pointer.
pub(super) fn short(ui: &mut Ui, text: RichText, width: f32) -> Response {
    let whole = text.text().to_owned();
    let shown = ui.scope(|ui| {
        ui.set_max_width(width.max(0.0));
        ui.add(egui::Label::new(text).truncate())
    });
    shown.inner.on_hover_text(whole)
}

/// Gives a field a name for those who hear it.
pub(super) fn named(ui: &Ui, id: egui::Id, name: &str) {
    ui.ctx()
        .accesskit_node_builder(id, |node| node.set_label(name));
}

/// The name of a key, 0..=127; 60 is C4.
pub(super) fn key_name(key: u8) -> String {
    const NAMES: [&str; 12] = [
        "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B",
    ];
    format!(
        "{}{}",
        NAMES[usize::from(key % 12)],
        i32::from(key) / 12 - 1
    )
}

/// The key of a name like `C4`, `f#3` or `Bb-1`, or of its number.
pub(super) fn key_of(text: &str) -> Option<u8> {
    let text = text.trim();
    if let Ok(key) = text.parse::<u8>() {
        return Some(key).filter(|key| *key <= 127);
    }
    let mut letters = text.chars();
    let step = match letters.next()?.to_ascii_uppercase() {
        'C' => 0,
        'D' => 2,
        'E' => 4,
        'F' => 5,
        'G' => 7,
        'A' => 9,
        'B' => 11,
        _ => return None,
    };
    let rest = letters.as_str();
    let (sharp, octave) = match rest.chars().next()? {
        '#' => (1, &rest[1..]),
        'b' => (-1, &rest[1..]),
        _ => (0, rest),
    };
    let octave: i32 = octave.parse().ok()?;
    let key = octave.checked_add(1)?.checked_mul(12)? + step + sharp;
    u8::try_from(key).ok().filter(|key| *key <= 127)
}

#[cfg(test)]
mod tests {
    use super::{key_name, key_of};

    #[test]
    fn keys_have_names() {
        for key in 0..=127 {
            assert_eq!(key_of(&key_name(key)), Some(key));
        }
        assert_eq!(
            (key_of("bb3"), key_of("60"), key_of("H1"), key_of("C99")),
            (Some(58), Some(60), None, None)
        );
    }
}
