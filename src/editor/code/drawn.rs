//! A page on the screen, and what is painted around its text.

use super::keys;
use super::setting::{Mark, line_height};
use crate::editor::theme::Palette;
use egui::text::CCursor;
use egui::{
    Align2, Color32, FontFamily, FontId, Galley, Pos2, Rect, Shape, Stroke, Ui, Vec2, pos2,
};
use std::sync::Arc;

/// How much room line numbers take.
pub(super) fn gutter_width(text: &str, size: f32) -> f32 {
    let lines = text.matches('\n').count() + 1;
    let digits = lines.to_string().len().max(2) as f32;
    (digits * size * 0.62 + 26.0).round().min(120.0)
}

/// A page on the screen.
pub(super) struct Drawn {
    pub galley: Arc<Galley>,
    pub at: Pos2,
    pub all: Rect,
    pub size: f32,
    pub gutter: f32,
}

impl Drawn {
    /// Where a character stands.
    pub(super) fn cursor(&self, character: usize) -> Rect {
        self.galley
            .pos_from_cursor(CCursor::new(character))
            .translate(self.at.to_vec2())
    }

    pub(super) fn current_line(
        &self,
        ui: &Ui,
        behind: egui::layers::ShapeIdx,
        cursor: usize,
        focused: bool,
    ) {
        if focused {
            let y = self.cursor(cursor).y_range();
            let color = Palette::of(ui).raised.gamma_multiply(0.45);
            ui.painter().set(
                behind,
                Shape::rect_filled(Rect::from_x_y_ranges(self.all.x_range(), y), 0.0, color),
            );
        }
    }

    pub(super) fn brackets(&self, ui: &Ui, text: &str, cursor: usize) {
        let Some((a, b)) = keys::brackets(text, cursor) else {
            return;
        };
        for at in [a, b] {
            let place = self.cursor(at).union(self.cursor(at + 1));
            ui.painter().rect_stroke(
                place,
                2.0,
                Stroke::new(1.0, Palette::of(ui).accent),
                egui::StrokeKind::Inside,
            );
        }
    }

    /// Lines on the screen: number from 1, and where.
    fn lines(&self) -> impl Iterator<Item = (u32, Rect)> {
        let mut number = 0;
        let mut begins = true;
        self.galley.rows.iter().filter_map(move |row| {
            number += u32::from(begins);
            let shown = begins;
            begins = row.ends_with_newline;
            let rect = row.rect().translate(self.at.to_vec2());
            (shown && rect.bottom() > self.all.top() && rect.top() < self.all.bottom())
                .then_some((number, rect))
        })
    }

    /// What is wrong, below its line.
    pub(super) fn marks(&self, ui: &Ui, marks: &[Mark]) {
        let painter = ui.painter();
        for (number, rect) in self.lines() {
            let mut about = marks.iter().filter(|mark| mark.line == number);
            let Some(mark) = about.next() else { continue };
            let color = color(ui, mark);
            let height = line_height(self.size);
            let band = Rect::from_min_max(
                pos2(self.all.left(), rect.top() + height),
                pos2(self.all.right(), rect.bottom()),
            );
            painter.rect_filled(band, 0.0, color.gamma_multiply(0.12));
            let more = about.count();
            let more = if more > 0 {
                format!("   (+{more})")
            } else {
                String::new()
            };
            let text = format!("{}{more}", mark.message);
            let font = FontId::new((self.size - 1.5).max(9.0), FontFamily::Proportional);
            painter.text(
                pos2(self.at.x, band.center().y),
                Align2::LEFT_CENTER,
                text,
                font,
                color,
            );
            self.underline(ui, rect, mark, color);
        }
    }

    fn underline(&self, ui: &Ui, line: Rect, mark: &Mark, color: Color32) {
        let y = line.top() + line_height(self.size) - 2.0;
        let start = mark.column.map_or(self.at.x, |column| {
            self.at.x + (column.saturating_sub(1)) as f32 * self.letter(ui)
        });
        let end = mark
            .column
            .map_or(line.right(), |_| start + 3.0 * self.letter(ui));
        let points = (0..)
            .map(|step| start + step as f32 * 3.0)
            .take_while(|x| *x <= end.max(start + 6.0));
        let wave = points
            .enumerate()
            .map(|(step, x)| pos2(x, y + if step % 2 == 0 { 1.0 } else { -1.0 }));
        ui.painter().line(wave.collect(), Stroke::new(1.2, color));
    }

    fn letter(&self, ui: &Ui) -> f32 {
        ui.fonts_mut(|fonts| fonts.glyph_width(&FontId::new(self.size, FontFamily::Monospace), 'm'))
    }

    /// Line numbers, left of the text however far that is scrolled.
    pub(super) fn gutter(&self, ui: &Ui, cursor: usize, marks: &[Mark]) {
        let colors = Palette::of(ui);
        let strip = Rect::from_min_size(
            self.all.min,
            Vec2::new(self.gutter - 10.0, self.all.height()),
        );
        ui.painter().rect_filled(strip, 0.0, colors.sunken);
        let here = self.cursor(cursor).center().y;
        let font = FontId::new((self.size - 2.0).max(8.0), FontFamily::Monospace);
        for (number, rect) in self.lines() {
            let mark = marks.iter().find(|mark| mark.line == number);
            let current = rect.y_range().contains(here);
            let color = match mark {
                Some(mark) => color(ui, mark),
                None if current => colors.text,
                None => colors.weak.gamma_multiply(0.75),
            };
            let at = pos2(
                strip.right() - 6.0,
                rect.top() + line_height(self.size) / 2.0,
            );
            ui.painter()
                .text(at, Align2::RIGHT_CENTER, number, font.clone(), color);
            if mark.is_some() {
                ui.painter()
                    .circle_filled(pos2(strip.left() + 7.0, at.y), 3.0, color);
            }
        }
    }
}

fn color(ui: &Ui, mark: &Mark) -> Color32 {
    let colors = Palette::of(ui);
    if mark.error { colors.bad } else { colors.wait }
}
