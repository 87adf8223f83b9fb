//! The first minute: three things to try, each beside where it is tried.

use super::parts::main_button;
use super::theme::{GRID, Palette};
use egui::{Align2, Area, Frame, Id, Margin, Order, Pos2, RichText, Stroke, Ui, Vec2};

/// A hint: what to do, what happens then.
struct Hint {
    title: &'static str,
    text: &'static str,
}

const HINTS: [Hint; 3] = [
    Hint {
        title: "Play it",
        text: "Press the keys below, or play from the host. The document sounds as it is.",
    },
    Hint {
        title: "Turn it",
        text: "Each control is a parameter that the host can automate. Shift drags finely, a double click goes back.",
    },
    Hint {
        title: "Change it",
        text: "Write in the code and press Ctrl+Enter. What sounds plays on; new notes use the new code.",
    },
];

/// The places that the hints are about.
#[derive(Clone, Copy, Default)]
pub(super) struct Places {
    pub keyboard: Option<egui::Rect>,
    pub controls: Option<egui::Rect>,
    pub code: Option<egui::Rect>,
}

/// Which hint is shown.
#[derive(Default)]
pub(super) struct Hints {
    at: usize,
}

impl Hints {
    /// Shows the hint that is next; whether the user is done with them.
    pub(super) fn show(&mut self, ui: &Ui, places: &Places) -> bool {
        let Some(hint) = HINTS.get(self.at) else {
            return true;
        };
        let Some((at, anchor)) = place(self.at, places) else {
            self.at += 1;
            return false;
        };
        let area = Area::new(Id::unique("hint"))
            .order(Order::Foreground)
            .fixed_pos(at)
            .pivot(anchor);
        let next = area.show(ui.ctx(), |ui| card(ui, hint, self.at)).inner;
        match next {
            Some(Next::Hint) => self.at += 1,
            Some(Next::Done) => return true,
            None => {}
        }
        self.at == HINTS.len()
    }
}

enum Next {
    Hint,
    Done,
}

fn place(hint: usize, places: &Places) -> Option<(Pos2, Align2)> {
    let gap = 3.0 * GRID;
    Some(match hint {
        0 => (
            places.keyboard?.center_top() - Vec2::new(0.0, gap),
            Align2::CENTER_BOTTOM,
        ),
        1 => (
            places.controls?.left_top() + Vec2::new(-gap, 60.0),
            Align2::RIGHT_TOP,
        ),
        _ => (places.code?.center(), Align2::CENTER_CENTER),
    })
}

fn card(ui: &mut Ui, hint: &Hint, at: usize) -> Option<Next> {
    let colors = Palette::of(ui);
    let frame = Frame::popup(ui.style())
        .inner_margin(Margin::same(16))
        .stroke(Stroke::new(1.5, colors.accent));
    frame
        .show(ui, |ui| {
            ui.set_width(280.0);
            ui.label(RichText::new(hint.title).heading().strong());
            ui.add_space(GRID);
            ui.label(hint.text);
            ui.add_space(2.0 * GRID);
            ui.horizontal(|ui| {
                ui.label(
                    RichText::new(format!("{} of {}", at + 1, HINTS.len()))
                        .small()
                        .color(colors.weak),
                );
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let last = at + 1 == HINTS.len();
                    let next = main_button(ui, if last { "Start" } else { "Next" }, true).clicked();
                    let skip = !last && ui.button("No hints").clicked();
                    match (next, skip) {
                        (_, true) => Some(Next::Done),
                        (true, _) => Some(Next::Hint),
                        _ => None,
                    }
                })
                .inner
            })
            .inner
        })
        .inner
}
