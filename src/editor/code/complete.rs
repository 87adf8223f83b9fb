//! The list of what could be written at the cursor.

use super::book::{Known, Offer};
use super::keys::byte_at;
use super::lexer::is_word;
use crate::editor::theme::{CODE, GRID, Palette};
use egui::{Area, Frame, Id, Key, Modifiers, Order, Pos2, RichText, ScrollArea, Ui};
use std::ops::Range;

/// Letters after which the list opens by itself.
const LETTERS: usize = 2;

/// The list.
#[derive(Default)]
pub(super) struct Completion {
    offers: Vec<Offer>,
    chosen: usize,
    /// The user has moved in the list, so that Enter is meant for it.
    moved: bool,
    /// The characters that an offer replaces.
    word: Range<usize>,
}

/// What is written instead of what was typed.
pub(super) struct Accepted {
    pub text: String,
    pub instead_of: Range<usize>,
}

impl Completion {
    pub(super) fn is_open(&self) -> bool {
        !self.offers.is_empty()
    }

    pub(super) fn close(&mut self) {
        self.offers.clear();
    }

    /// Looks again, after the text has changed. `asked` opens the list for a single letter too.
    pub(super) fn look(&mut self, text: &str, cursor: usize, known: &Known, asked: bool) {
        self.word = word_before(text, cursor);
        let typed = &text[byte_at(text, self.word.start)..byte_at(text, self.word.end)];
        let enough =
            typed.starts_with('@') || typed.chars().count() >= if asked { 1 } else { LETTERS };
        let number = typed.starts_with(|c: char| c.is_ascii_digit());
        self.offers = if enough && !number {
            known.offers(text, typed)
        } else {
            Vec::new()
        };
        (self.chosen, self.moved) = (0, false);
    }

    /// Takes the keys that are meant for the list, before the text sees them.
    pub(super) fn keys(&mut self, ui: &Ui) -> Option<Accepted> {
        if !self.is_open() {
            return None;
        }
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        if pressed(Key::ArrowDown) {
            (self.chosen, self.moved) = ((self.chosen + 1).min(self.offers.len() - 1), true);
        }
        if pressed(Key::ArrowUp) {
            (self.chosen, self.moved) = (self.chosen.saturating_sub(1), true);
        }
        if pressed(Key::Escape) {
            self.close();
            return None;
        }
        let taken = pressed(Key::Tab) || (self.moved && pressed(Key::Enter));
        taken.then(|| self.accept(self.chosen)).flatten()
    }

    fn accept(&mut self, index: usize) -> Option<Accepted> {
        let offer = self.offers.get(index)?.text.clone();
        self.close();
        Some(Accepted {
            text: offer,
            instead_of: self.word.clone(),
        })
    }

    /// Draws the list below the cursor.
    pub(super) fn show(&mut self, ui: &Ui, below: Pos2) -> Option<Accepted> {
        if !self.is_open() {
            return None;
        }
        let area = Area::new(Id::unique("completion"))
            .order(Order::Foreground)
            .fixed_pos(below);
        let shown = area.constrain(true).show(ui.ctx(), |ui| {
            Frame::popup(ui.style()).show(ui, |ui| self.list(ui)).inner
        });
        shown.inner.and_then(|index| self.accept(index))
    }

    fn list(&self, ui: &mut Ui) -> Option<usize> {
        let colors = Palette::of(ui);
        let mut picked = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.set_width(460.0);
        ScrollArea::vertical().max_height(190.0).show(ui, |ui| {
            for (index, offer) in self.offers.iter().enumerate() {
                let row = ui.horizontal(|ui| {
                    let name = RichText::new(&offer.text).monospace().size(CODE - 1.0);
                    let row = ui.selectable_label(index == self.chosen, name);
                    ui.add_space(GRID);
                    ui.add(
                        egui::Label::new(RichText::new(&offer.about).small().color(colors.weak))
                            .truncate(),
                    );
                    row
                });
                if row.inner.clicked() {
                    picked = Some(index);
                }
                if index == self.chosen && self.moved {
                    row.response.scroll_to_me(None);
                }
            }
        });
        picked
    }
}

/// The characters of the word that ends at the cursor, with the `@` of a bus.
fn word_before(text: &str, cursor: usize) -> Range<usize> {
    let before = &text[..byte_at(text, cursor)];
    let length = before.chars().rev().take_while(|&c| is_word(c)).count();
    let at = before.chars().rev().nth(length) == Some('@');
    cursor - length - usize::from(at)..cursor
}

/// The word around the cursor.
pub(super) fn word_at(text: &str, cursor: usize) -> &str {
    let byte = byte_at(text, cursor);
    let start = text[..byte].rfind(|c| !is_word(c)).map_or(0, |at| {
        at + text[at..].chars().next().map_or(1, char::len_utf8)
    });
    let end = text[byte..]
        .find(|c| !is_word(c))
        .map_or(text.len(), |at| byte + at);
    &text[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_around_the_cursor() {
        assert_eq!(
            (word_before("a1 osci", 7), word_before("\"@ver", 5)),
            (3..7, 1..5)
        );
        assert_eq!(
            (word_at("ä osc(", 4), word_at("osc", 0), word_at("a  b", 2)),
            ("osc", "osc", "")
        );
    }
}
