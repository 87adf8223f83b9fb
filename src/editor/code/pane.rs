//! The text of one page, where it is typed.

use super::book::Known;
use super::complete::{Completion, word_at};
use super::drawn::{Drawn, gutter_width};
use super::find::{Find, replaced};
use super::keys::{self, Changed};
use super::setting::{Mark, Setting};
use crate::editor::parts::named;
use crate::editor::theme::Palette;
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::{TextEditOutput, TextEditState};
use egui::{Id, Key, Modifiers, Rect, ScrollArea, Shape, TextEdit, Ui, vec2};
use std::ops::Range;

/// What stays of a pane between frames.
#[derive(Default)]
pub(super) struct Pane {
    setting: Setting,
    pub(super) completion: Completion,
    pub(super) find: Find,
    /// Characters to select at the next frame, in sight and with the keyboard.
    pub(super) select: Option<Range<usize>>,
    /// The keyboard is wanted.
    focus: bool,
    /// What was selected last, in characters.
    pub(super) selected: Range<usize>,
}

/// A page, as it is shown.
pub(super) struct Sheet<'a> {
    pub id: Id,
    pub text: &'a mut String,
    pub size: f32,
    pub known: Known<'a>,
    pub marks: &'a [Mark],
}

impl Pane {
    /// Shows the page in what is left of `ui`.
    pub(super) fn show(&mut self, ui: &mut Ui, sheet: &mut Sheet) {
        let focused = ui.memory(|memory| memory.has_focus(sheet.id));
        if focused {
            self.keys(ui, sheet);
        }
        let colors = Palette::of(ui);
        ui.painter()
            .rect_filled(ui.available_rect_before_wrap(), 0.0, colors.sunken);
        let all = ui.available_rect_before_wrap();
        ScrollArea::both()
            .id_salt(sheet.id)
            .auto_shrink(false)
            .show(ui, |ui| self.text(ui, sheet, all, focused));
    }

    /// Keys that do more than type.
    fn keys(&mut self, ui: &Ui, sheet: &mut Sheet) {
        if let Some(accepted) = self.completion.keys(ui) {
            self.write(ui, sheet, &accepted.text, &accepted.instead_of);
            return;
        }
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        let text = sheet.text.as_str();
        if pressed(Modifiers::COMMAND, Key::F) {
            let selected = text
                .chars()
                .skip(self.selected.start)
                .take(self.selected.len());
            self.find.open(&selected.collect::<String>());
        }
        if pressed(Modifiers::COMMAND, Key::Space) {
            self.completion
                .look(text, self.selected.end, &sheet.known, true);
        }
        let changed = if pressed(Modifiers::COMMAND, Key::Slash) {
            Some(keys::toggle_comment(text, &self.selected))
        } else if pressed(Modifiers::SHIFT, Key::Tab) {
            Some(keys::indent(text, &self.selected, false))
        } else if pressed(Modifiers::NONE, Key::Tab) {
            Some(self.tab(text))
        } else if pressed(Modifiers::NONE, Key::Enter) {
            Some(keys::new_line(text, &self.selected))
        } else {
            None
        };
        if let Some(changed) = changed {
            self.take(ui, sheet, changed);
        }
    }

    /// Tab moves selected lines, and fills up to the next step elsewhere.
    fn tab(&self, text: &str) -> Changed {
        if !self.selected.is_empty() {
            return keys::indent(text, &self.selected, true);
        }
        let at = self.selected.end + 2;
        Changed {
            text: replaced(text, &self.selected, "  "),
            selected: at..at,
        }
    }

    /// Takes a changed text, with what is selected in it.
    pub(super) fn take(&mut self, ui: &Ui, sheet: &mut Sheet, changed: Changed) {
        *sheet.text = changed.text;
        store(ui, sheet.id, &changed.selected);
        self.selected = changed.selected;
        self.completion.close();
    }

    fn write(&mut self, ui: &Ui, sheet: &mut Sheet, text: &str, instead_of: &Range<usize>) {
        let at = instead_of.start + text.chars().count();
        let changed = Changed {
            text: replaced(sheet.text, instead_of, text),
            selected: at..at,
        };
        self.take(ui, sheet, changed);
    }

    fn text(&mut self, ui: &mut Ui, sheet: &mut Sheet, all: Rect, focused: bool) {
        // A click elsewhere takes the keyboard away in its own frame, so it is asked for in the next one.
        if std::mem::take(&mut self.focus) {
            ui.memory_mut(|memory| memory.request_focus(sheet.id));
        }
        let jumps = self.select.take();
        if let Some(selected) = &jumps {
            store(ui, sheet.id, selected);
            self.focus = true;
        }
        let behind = ui.painter().add(Shape::Noop);
        let (page, output) = self.write_on(ui, sheet, all);
        if let Some(range) = output.cursor_range {
            let chars = range.as_sorted_char_range();
            self.selected = chars.start.into()..chars.end.into();
        }
        let cursor = self.selected.end;
        page.current_line(ui, behind, cursor, focused);
        if focused {
            page.brackets(ui, sheet.text, cursor);
        }
        page.marks(ui, sheet.marks);
        page.gutter(ui, cursor, sheet.marks);
        if jumps.is_some() {
            ui.scroll_to_rect(page.cursor(cursor).expand2(vec2(40.0, 80.0)), None);
        }
        let changed = output.response.response.changed();
        self.complete(ui, sheet, &page, changed, focused);
    }

    fn write_on(&mut self, ui: &mut Ui, sheet: &mut Sheet, all: Rect) -> (Drawn, TextEditOutput) {
        let gutter = gutter_width(sheet.text, sheet.size);
        let (size, known, marks) = (sheet.size, &sheet.known, sheet.marks);
        let setting = &mut self.setting;
        let mut layouter = |ui: &Ui, text: &dyn egui::TextBuffer, _: f32| {
            setting.galley(ui, text.as_str(), size, known, marks)
        };
        let margin = egui::Margin {
            left: gutter as i8,
            right: 16,
            top: 6,
            bottom: 24,
        };
        let output = TextEdit::multiline(sheet.text)
            .id(sheet.id)
            .code_editor()
            .lock_focus(true)
            .frame(egui::Frame::NONE.inner_margin(margin))
            .desired_width(f32::INFINITY)
            .min_size(all.size())
            .layouter(&mut layouter)
            .show(ui);
        named(ui, sheet.id, "Code");
        let page = Drawn {
            galley: output.galley.clone(),
            at: output.galley_pos,
            all,
            size,
            gutter,
        };
        (page, output)
    }

    fn complete(&mut self, ui: &Ui, sheet: &mut Sheet, page: &Drawn, changed: bool, focused: bool) {
        let cursor = self.selected.end;
        if changed {
            self.completion
                .look(sheet.text, cursor, &sheet.known, false);
        } else if !focused
            || ui.input(|input| input.pointer.any_pressed()) && !ui.ctx().is_pointer_over_egui()
        {
            self.completion.close();
        }
        let below = page.cursor(cursor).left_bottom() + vec2(0.0, 2.0);
        if let Some(accepted) = self.completion.show(ui, below) {
            self.write(ui, sheet, &accepted.text, &accepted.instead_of);
            self.focus = true;
        }
    }

    /// The word at the cursor.
    pub(super) fn word<'t>(&self, text: &'t str) -> &'t str {
        word_at(text, self.selected.end)
    }
}

/// Puts the selection of a text where it is wanted, in characters.
fn store(ui: &Ui, id: Id, selected: &Range<usize>) {
    let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
    let range = CCursorRange::two(CCursor::new(selected.start), CCursor::new(selected.end));
    state.cursor.set_char_range(Some(range));
    state.store(ui.ctx(), id);
}
