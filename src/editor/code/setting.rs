//! A text set in colours, kept until it, its problems or its look change.

use super::book::Known;
use super::lexer::{Cutter, Kind, Piece};
use crate::editor::theme::{CodeColors, Palette};
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, FontFamily, FontId, Galley, Stroke, Ui};
use std::sync::Arc;

/// A problem in a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Mark {
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: Option<u32>,
    /// What is wrong, and what to do.
    pub message: String,
    /// Whether it keeps the text from playing.
    pub error: bool,
}

/// What the look of a text depends on besides the text.
#[derive(Clone, Debug, PartialEq)]
struct Look {
    dark: bool,
    size: f32,
    scale: f32,
    words: bool,
    own: super::book::Own,
    marks: Vec<Mark>,
}

/// The last text that was set.
#[derive(Default)]
pub(super) struct Setting {
    cutter: Cutter,
    text: String,
    look: Option<Look>,
    galley: Option<Arc<Galley>>,
}

impl Setting {
    /// The text, set. Only a change costs more than a comparison.
    pub(super) fn galley(
        &mut self,
        ui: &Ui,
        text: &str,
        size: f32,
        known: &Known,
        marks: &[Mark],
    ) -> Arc<Galley> {
        let look = Look {
            dark: ui.visuals().dark_mode,
            size,
            scale: ui.pixels_per_point(),
            words: known.book.is_empty(),
            own: known.own.clone(),
            marks: marks.to_vec(),
        };
        if let Some(galley) = &self.galley
            && self.text == text
            && self.look.as_ref() == Some(&look)
        {
            return Arc::clone(galley);
        }
        let means = |look: &Look| (look.words, look.own.clone());
        if self.look.as_ref().map(means) != Some(means(&look)) {
            self.cutter.forget();
        }
        let pieces = self.cutter.pieces(text, known);
        let job = job(text, pieces, size, marks, Palette::of(ui));
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
        (self.text, self.look, self.galley) =
            (text.to_owned(), Some(look), Some(Arc::clone(&galley)));
        galley
    }
}

/// How much taller a line with a problem below it is.
const TALL: f32 = 2.05;

/// Height of a line of code of that size, in points.
pub(super) fn line_height(size: f32) -> f32 {
    (size * 1.5).round()
}

fn job(text: &str, pieces: Vec<Piece>, size: f32, marks: &[Mark], palette: &Palette) -> LayoutJob {
    let mut job = LayoutJob {
        text: text.to_owned(),
        ..LayoutJob::default()
    };
    job.wrap.max_width = f32::INFINITY;
    job.keep_trailing_whitespace = true;
    let mut line = 1;
    for piece in pieces {
        let mut from = piece.bytes.start;
        // A piece is cut at line ends, so that each part knows its line.
        while from < piece.bytes.end {
            let rest = &text[from..piece.bytes.end];
            let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
            let marked = marks.iter().any(|mark| mark.line == line);
            let format = format(piece.kind, size, marked, &palette.code);
            job.sections.push(egui::text::LayoutSection {
                leading_space: 0.0,
                byte_range: from.into()..(from + length).into(),
                format,
            });
            line += u32::from(rest[..length].ends_with('\n'));
            from += length;
        }
    }
    job
}

fn format(kind: Kind, size: f32, marked: bool, colors: &CodeColors) -> TextFormat {
    let height = line_height(size) * if marked { TALL } else { 1.0 };
    TextFormat {
        font_id: FontId::new(size, FontFamily::Monospace),
        color: color(kind, colors),
        italics: kind == Kind::Comment,
        line_height: Some(height.round()),
        valign: if marked { Align::TOP } else { Align::Center },
        underline: Stroke::NONE,
        ..TextFormat::default()
    }
}

fn color(kind: Kind, colors: &CodeColors) -> Color32 {
    match kind {
        Kind::Plain | Kind::Control => colors.control,
        Kind::Comment => colors.comment,
        Kind::Text => colors.string,
        Kind::Number => colors.number,
        Kind::Opcode => colors.opcode,
        Kind::OwnOpcode => colors.own_opcode,
        Kind::Keyword | Kind::Bar => colors.keyword,
        Kind::Init => colors.init,
        Kind::Audio => colors.audio,
        Kind::TextVariable => colors.text,
        Kind::Global => colors.global,
        Kind::Macro => colors.macros,
    }
}
