//! How the window looks: two palettes, a type scale, and a grid of four points.

use egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Margin, Stroke, Style, TextStyle, Theme,
    Ui, Vec2, style::WidgetVisuals,
};

/// The grid that all distances are multiples of, in points.
pub(super) const GRID: f32 = 4.0;
/// Corners of what can be pressed.
pub(super) const ROUND: CornerRadius = CornerRadius::same(5);
/// Text of the code pane at its usual size.
pub(super) const CODE: f32 = 13.0;

/// The colours of a theme.
pub(super) struct Palette {
    /// Behind everything.
    pub base: Color32,
    /// Panes.
    pub panel: Color32,
    /// What stands out of a pane: buttons, fields under the pointer.
    pub raised: Color32,
    /// What lies deeper than a pane: text fields, meters.
    pub sunken: Color32,
    /// Lines between things.
    pub line: Color32,
    /// Text.
    pub text: Color32,
    /// Text that can be overlooked.
    pub weak: Color32,
    /// What is chosen, turned up, or to be pressed.
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// It plays.
    pub good: Color32,
    /// It is on its way.
    pub wait: Color32,
    /// It does not.
    pub bad: Color32,
    /// Colours of code.
    pub code: CodeColors,
}

/// The colours of code.
pub(super) struct CodeColors {
    pub comment: Color32,
    pub string: Color32,
    pub number: Color32,
    pub opcode: Color32,
    pub own_opcode: Color32,
    pub keyword: Color32,
    pub init: Color32,
    pub control: Color32,
    pub audio: Color32,
    pub text: Color32,
    pub global: Color32,
    pub macros: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

const DARK: Palette = Palette {
    base: rgb(0x13151a),
    panel: rgb(0x1a1d24),
    raised: rgb(0x282d38),
    sunken: rgb(0x14161b),
    line: rgb(0x2b303b),
    text: rgb(0xd9dee8),
    weak: rgb(0x8e98aa),
    accent: rgb(0x53c7b4),
    on_accent: rgb(0x0b1f1c),
    good: rgb(0x74cf8e),
    wait: rgb(0xe8b65a),
    bad: rgb(0xf27a70),
    code: CodeColors {
        comment: rgb(0x78849a),
        string: rgb(0xa9cf7f),
        number: rgb(0xe0a97a),
        opcode: rgb(0x6fb7f2),
        own_opcode: rgb(0x5fd0c0),
        keyword: rgb(0xc79af0),
        init: rgb(0xe6c98a),
        control: rgb(0xd9dee8),
        audio: rgb(0xf29cb0),
        text: rgb(0xa9cf7f),
        global: rgb(0xf0b06a),
        macros: rgb(0xd68ad0),
    },
};

const LIGHT: Palette = Palette {
    base: rgb(0xe9e6e0),
    panel: rgb(0xf6f4f0),
    raised: rgb(0xe5e1d9),
    sunken: rgb(0xfffefc),
    line: rgb(0xd6d1c7),
    text: rgb(0x262a33),
    weak: rgb(0x656c79),
    accent: rgb(0x0a7468),
    on_accent: rgb(0xffffff),
    good: rgb(0x2a7d46),
    wait: rgb(0x946000),
    bad: rgb(0xbe352b),
    code: CodeColors {
        comment: rgb(0x6f7683),
        string: rgb(0x3f7420),
        number: rgb(0xa5530f),
        opcode: rgb(0x1a63b0),
        own_opcode: rgb(0x0b7a6e),
        keyword: rgb(0x7a3fb8),
        init: rgb(0x7d6200),
        control: rgb(0x262a33),
        audio: rgb(0xb02f57),
        text: rgb(0x3f7420),
        global: rgb(0xa4560a),
        macros: rgb(0x97329a),
    },
};

impl Palette {
    /// The colours of dark or light.
    pub(super) fn of_theme(theme: Theme) -> &'static Self {
        match theme {
            Theme::Dark => &DARK,
            Theme::Light => &LIGHT,
        }
    }

    /// The colours in use.
    pub(super) fn of(ui: &Ui) -> &'static Self {
        Self::of_theme(ui.theme())
    }
}

/// Gives a context both themes and the icons.
pub(super) fn install(ctx: &Context) {
    egui_material_icons::initialize(ctx);
    for theme in [Theme::Dark, Theme::Light] {
        ctx.style_mut_of(theme, |style| dress(style, Palette::of_theme(theme)));
    }
}

fn dress(style: &mut Style, colors: &Palette) {
    style.text_styles = [
        (TextStyle::Small, 11.0, FontFamily::Proportional),
        (TextStyle::Body, 13.0, FontFamily::Proportional),
        (TextStyle::Button, 13.0, FontFamily::Proportional),
        (TextStyle::Heading, 17.0, FontFamily::Proportional),
        (TextStyle::Monospace, 12.5, FontFamily::Monospace),
    ]
    .map(|(text, size, family)| (text, FontId::new(size, family)))
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::new(2.0 * GRID, GRID);
    spacing.button_padding = Vec2::new(2.0 * GRID, GRID);
    spacing.interact_size = Vec2::new(28.0, 24.0);
    spacing.menu_margin = Margin::same(6);
    spacing.window_margin = Margin::same(12);
    spacing.scroll = egui::style::ScrollStyle::thin();
    style.interaction.selectable_labels = false;
    style.visuals.collapsing_header_frame = false;
    paint(style, colors);
}

fn paint(style: &mut Style, colors: &Palette) {
    let visuals = &mut style.visuals;
    visuals.panel_fill = colors.panel;
    visuals.window_fill = colors.panel;
    visuals.window_stroke = Stroke::new(1.0, colors.line);
    visuals.extreme_bg_color = colors.sunken;
    visuals.text_edit_bg_color = Some(colors.sunken);
    visuals.faint_bg_color = colors.base;
    visuals.code_bg_color = colors.sunken;
    visuals.weak_text_color = Some(colors.weak);
    visuals.hyperlink_color = colors.accent;
    visuals.warn_fg_color = colors.wait;
    visuals.error_fg_color = colors.bad;
    visuals.selection.bg_fill = colors.accent.gamma_multiply(0.35);
    visuals.selection.stroke = Stroke::new(1.0, colors.text);
    visuals.text_cursor.stroke = Stroke::new(2.0, colors.accent);
    visuals.widgets.noninteractive = widget(colors.panel, colors.line, colors.text);
    visuals.widgets.inactive = widget(colors.raised, Color32::TRANSPARENT, colors.text);
    let over = colors.raised.lerp_to_gamma(colors.text, 0.12);
    visuals.widgets.hovered = widget(over, colors.line, colors.text);
    let held = colors.raised.lerp_to_gamma(colors.accent, 0.25);
    visuals.widgets.active = widget(held, colors.accent, colors.text);
    visuals.widgets.open = widget(colors.raised, colors.line, colors.text);
}

fn widget(fill: Color32, line: Color32, text: Color32) -> WidgetVisuals {
    WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, line),
        corner_radius: ROUND,
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, as WCAG defines it.
    fn luminance(color: Color32) -> f32 {
        let [r, g, b, _] = egui::Rgba::from(color).to_array();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(a: Color32, b: Color32) -> f32 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_can_be_read_in_both_themes() {
        for theme in [Theme::Dark, Theme::Light] {
            let p = Palette::of_theme(theme);
            let c = &p.code;
            let code = [
                c.comment,
                c.string,
                c.number,
                c.opcode,
                c.own_opcode,
                c.keyword,
                c.init,
                c.control,
                c.audio,
                c.text,
                c.global,
                c.macros,
            ];
            let states = [p.text, p.weak, p.good, p.wait, p.bad, p.accent];
            let on = |text, ground| contrast(text, ground);
            for color in code {
                assert!(on(color, p.sunken) >= 4.5, "{theme:?} {color:?}");
            }
            for color in states {
                assert!(on(color, p.panel) >= 4.5, "{theme:?} {color:?}");
            }
            assert!(on(p.on_accent, p.accent) >= 4.5, "{theme:?}");
        }
    }
}
