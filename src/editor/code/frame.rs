//! What stands around the code: which page it is, what is done with it, and help.

use super::book::{Book, Known};
use super::find::Asked;
use super::keys::{self, Changed};
use super::pane::{Pane, Sheet};
use super::setting::Mark;
use super::{Code, Page};
use crate::editor::desk::{Desk, View};
use crate::editor::keys::Typing;
use crate::editor::parts::{icon, icon_button, main_button, short};
use crate::editor::theme::{GRID, Palette};
use crate::editor::top::badge;
use crate::session::When;
use crate::session::diagnostic::Diagnostic;
use egui::{Align, Frame, Id, Key, Layout, Margin, Modifiers, Panel, RichText, Ui};
use egui_material_icons::icons;

impl Code {
    /// Shows the pane.
    pub(in crate::editor) fn show(
        &mut self,
        ui: &mut Ui,
        desk: &dyn Desk,
        view: &View,
        typing: Typing,
        size: &mut f32,
    ) {
        self.shortcuts(ui, desk, size);
        ui.add_space(GRID);
        self.header(ui, desk, view);
        let Some(index) = (self.selected < self.written.len()).then_some(self.selected) else {
            return;
        };
        let page = self.written[index].page.clone();
        let bar = Frame::NONE.inner_margin(Margin::symmetric(8, 4));
        let bar = bar.fill(Palette::of(ui).panel);
        let (text, cursor) = (&self.written[index].typed, self.pane.selected.end);
        let asked = match self.pane.find.is_open() {
            true => {
                bar.show(ui, |ui| self.pane.find.show(ui, text, cursor))
                    .inner
            }
            false => None,
        };
        let marks = marks(&view.problems, &page);
        let book = Book::get();
        let mut text = std::mem::take(&mut self.written[index].typed);
        let known = Known {
            book: &book,
            own: &self.own,
        };
        let id = Id::unique(("code", &page));
        let mut sheet = Sheet {
            id,
            text: &mut text,
            size: *size,
            known,
            marks: &marks,
        };
        match asked {
            Some(Asked::Select(place)) => self.pane.select = Some(place),
            Some(Asked::Replace(text, selected)) => {
                self.pane.take(ui, &mut sheet, Changed { text, selected })
            }
            None => {}
        }
        Panel::bottom("signature")
            .frame(Frame::NONE.inner_margin(Margin::symmetric(8, 4)))
            .show_separator_line(false)
            .show(ui, |ui| foot(ui, &self.pane, &sheet, typing));
        self.pane.show(ui, &mut sheet);
        self.written[index].typed = text;
    }

    /// Keys that work wherever the keyboard is in the window.
    fn shortcuts(&mut self, ui: &Ui, desk: &dyn Desk, size: &mut f32) {
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        // The longer combinations first: a shorter one takes them too.
        if pressed(Modifiers::COMMAND | Modifiers::SHIFT, Key::Enter) {
            self.apply(desk, When::Bar);
        } else if pressed(Modifiers::COMMAND, Key::Enter) {
            self.apply(desk, When::Now);
        }
        if pressed(Modifiers::COMMAND | Modifiers::ALT, Key::Z) {
            desk.roll_back(When::Now);
        }
        if pressed(Modifiers::COMMAND | Modifiers::ALT, Key::Plus)
            || pressed(Modifiers::COMMAND | Modifiers::ALT, Key::Equals)
        {
            *size = (*size + 1.0).min(32.0);
        }
        if pressed(Modifiers::COMMAND | Modifiers::ALT, Key::Minus) {
            *size = (*size - 1.0).max(8.0);
        }
    }

    fn apply(&self, desk: &dyn Desk, when: When) {
        if let Some(edit) = self.edit(desk) {
            desk.apply(edit, when);
        }
    }

    fn header(&mut self, ui: &mut Ui, desk: &dyn Desk, view: &View) {
        ui.horizontal(|ui| {
            ui.add_space(2.0 * GRID);
            let colors = Palette::of(ui);
            ui.label(icon(icons::ICON_CODE).color(colors.weak));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                self.buttons(ui, desk, view);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let name = self.page().map_or("", Page::name);
                    let edited = self.page().is_some_and(|page| self.is_changed(page));
                    let room = ui.available_width() - if edited { 50.0 } else { 0.0 };
                    short(ui, RichText::new(name).strong().size(15.0), room);
                    if edited {
                        ui.label(RichText::new("edited").small().color(colors.wait));
                    }
                });
            });
        });
        ui.add_space(GRID);
    }

    fn buttons(&mut self, ui: &mut Ui, desk: &dyn Desk, view: &View) {
        ui.add_space(GRID);
        let changed = self.is_any_changed();
        if main_button(ui, "Apply", changed)
            .on_hover_text("Make it sound now (Ctrl+Enter)")
            .clicked()
        {
            self.apply(desk, When::Now);
        }
        // The keys do it, too, where there is no room.
        if ui.available_width() > ROOMY {
            let at_bar = ui.add_enabled(changed, egui::Button::new("At the bar"));
            let at_bar =
                at_bar.on_hover_text("Make it sound at the next bar line (Ctrl+Shift+Enter)");
            if at_bar.clicked() {
                self.apply(desk, When::Bar);
            }
        }
        let revert = ui.add_enabled_ui(changed, |ui| {
            icon_button(ui, icons::ICON_BACKSPACE, "Drop what is not applied")
        });
        if revert.inner.clicked() {
            self.revert();
        }
        let back = ui.add_enabled_ui(view.past > 0, |ui| {
            icon_button(
                ui,
                icons::ICON_HISTORY,
                "Take the last edit back (Ctrl+Alt+Z)",
            )
        });
        if back.inner.clicked() {
            desk.roll_back(When::Now);
        }
        if icon_button(ui, icons::ICON_SEARCH, "Find and replace (Ctrl+F)").clicked() {
            self.pane.find.open("");
        }
        if view.waiting > 0 {
            ui.label(
                RichText::new(format!("{} waiting for the bar", view.waiting))
                    .small()
                    .color(Palette::of(ui).wait),
            );
        }
    }
}

/// Points to the left of the button that applies, where there is room for more than the name.
const ROOMY: f32 = 260.0;

/// What is wrong on a page.
fn marks(problems: &[Diagnostic], page: &Page) -> Vec<Mark> {
    let here = problems
        .iter()
        .filter(|problem| Page::of(&problem.place).as_ref() == Some(page));
    here.map(|problem| Mark {
        line: problem.line.unwrap_or(1),
        column: problem.column,
        message: match &problem.help {
            Some(help) => format!("{}: {help}", problem.message),
            None => problem.message.clone(),
        },
        error: problem.is_error(),
    })
    .collect()
}

/// How the opcode under the cursor is written, and where typing goes.
fn foot(ui: &mut Ui, pane: &Pane, sheet: &Sheet, typing: Typing) {
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            badge(ui, typing);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                help(ui, pane, sheet)
            });
        });
    });
}

fn help(ui: &mut Ui, pane: &Pane, sheet: &Sheet) {
    let colors = Palette::of(ui);
    let forms = sheet.known.help(pane.word(sheet.text));
    let Some(first) = forms.first() else {
        let line = keys::line_of(sheet.text, pane.selected.end) + 1;
        ui.label(
            RichText::new(format!("Line {line}"))
                .small()
                .color(colors.weak),
        );
        return;
    };
    let signature = RichText::new(first).monospace().size(12.0);
    let all = RichText::new(forms.join("\n")).monospace();
    ui.add(egui::Label::new(signature).truncate())
        .on_hover_text(all);
}
