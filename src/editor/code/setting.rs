//! A text set in colours, kept until it, its problems or its look change.

use super::book::Known;
use super::lexer::{Inside, Kind, line_pieces};
use crate::editor::theme::{CodeColors, Palette};
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, FontFamily, FontId, Galley, Stroke, Ui};
use std::ops::Range;
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

/// What the look of a text depends on besides the text and its problems.
#[derive(Clone, Debug, PartialEq)]
struct Look {
    dark: bool,
    size: f32,
    scale: f32,
    words: bool,
    own: super::book::Own,
}

/// A line that was set.
struct Line {
    text: String,
    begins: Inside,
    leaves: Inside,
    /// There is room for a problem below it.
    marked: bool,
    galley: Arc<Galley>,
}

/// The last text that was set, by lines: only those that have changed are set anew.
#[derive(Default)]
pub(super) struct Setting {
    text: String,
    marks: Vec<Mark>,
    look: Option<Look>,
    /// How full egui's store of letters is; when it begins afresh, what was set does not count any more.
    fill: f32,
    lines: Vec<Line>,
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
        };
        let fill = ui.fonts(|fonts| fonts.font_atlas_fill_ratio());
        if self.look.as_ref() != Some(&look) || fill < self.fill {
            self.lines.clear();
            self.galley = None;
        }
        self.fill = fill;
        if let Some(galley) = &self.galley
            && self.text == text
            && self.marks == marks
        {
            return Arc::clone(galley);
        }
        self.set(ui, text, size, known, marks);
        let galleys: Vec<_> = self
            .lines
            .iter()
            .map(|line| Arc::clone(&line.galley))
            .collect();
        let mut job = job_of(text.to_owned());
        // Nothing is painted of a job without sections. The lines have their own.
        add(
            &mut job,
            0..text.len(),
            format(Kind::Plain, size, &Palette::of(ui).code),
        );
        let galley = Arc::new(Galley::concat(Arc::new(job), &galleys, look.scale));
        (self.text, self.marks, self.look) = (text.to_owned(), marks.to_vec(), Some(look));
        self.galley = Some(Arc::clone(&galley));
        galley
    }

    /// Sets the lines that are not there yet, with the others from before.
    fn set(&mut self, ui: &Ui, text: &str, size: f32, known: &Known, marks: &[Mark]) {
        let wanted: Vec<&str> = text.split('\n').collect();
        let mut before: Vec<Option<Line>> = std::mem::take(&mut self.lines)
            .into_iter()
            .map(Some)
            .collect();
        let same = |(line, wanted): &(&Option<Line>, &&str)| {
            line.as_ref().is_some_and(|line| line.text == **wanted)
        };
        let head = before.iter().zip(&wanted).take_while(same).count();
        let tail = before[head..].iter().rev().zip(wanted[head..].iter().rev());
        let tail = tail.take_while(same).count();
        let marked: Vec<u32> = marks.iter().map(|mark| mark.line).collect();
        let mut begins = Inside::default();
        for (at, line) in wanted.iter().enumerate() {
            let old = match at {
                at if at < head => Some(at),
                at if at + tail >= wanted.len() => Some(at + before.len() - wanted.len()),
                _ => None,
            };
            let marked = marked.contains(&(at as u32 + 1));
            let fits = |line: &Line| line.begins == begins && line.marked == marked;
            let old = old.and_then(|at| before[at].take()).filter(fits);
            let line = old.unwrap_or_else(|| set_line(ui, line, begins, marked, size, known));
            begins = line.leaves;
            self.lines.push(line);
        }
    }
}

fn set_line(ui: &Ui, text: &str, begins: Inside, marked: bool, size: f32, known: &Known) -> Line {
    let (pieces, leaves) = line_pieces(text, begins, known);
    let colors = &Palette::of(ui).code;
    let mut job = job_of(text.to_owned());
    if pieces.is_empty() {
        // An empty line is as high as others.
        add(&mut job, 0..0, format(Kind::Plain, size, colors));
    }
    for piece in pieces {
        add(&mut job, piece.bytes, format(piece.kind, size, colors));
    }
    Line {
        text: text.to_owned(),
        begins,
        leaves,
        marked,
        galley: match marked {
            true => with_room_below(ui.fonts_mut(|fonts| fonts.layout_job(job)), size),
            false => ui.fonts_mut(|fonts| fonts.layout_job(job)),
        },
    }
}

/// The line with room for a problem: the letters stay where they are, at the top.
fn with_room_below(mut line: Arc<Galley>, size: f32) -> Arc<Galley> {
    for row in &mut Arc::make_mut(&mut line).rows {
        Arc::make_mut(&mut row.row).size.y = (line_height(size) * TALL).round();
    }
    line
}

fn add(job: &mut LayoutJob, bytes: Range<usize>, format: TextFormat) {
    job.sections.push(egui::text::LayoutSection {
        leading_space: 0.0,
        byte_range: bytes.start.into()..bytes.end.into(),
        format,
    });
}

fn job_of(text: String) -> LayoutJob {
    let mut job = LayoutJob {
        text,
        ..LayoutJob::default()
    };
    job.wrap.max_width = f32::INFINITY;
    job.keep_trailing_whitespace = true;
    job
}

/// How much taller a line with a problem below it is.
const TALL: f32 = 2.05;

/// Height of a line of code of that size, in points.
pub(super) fn line_height(size: f32) -> f32 {
    (size * 1.5).round()
}

fn format(kind: Kind, size: f32, colors: &CodeColors) -> TextFormat {
    TextFormat {
        font_id: FontId::new(size, FontFamily::Monospace),
        color: color(kind, colors),
        italics: kind == Kind::Comment,
        line_height: Some(line_height(size)),
        valign: Align::Center,
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
