//! Finding and replacing in one text.

use super::keys::character_at;
use crate::editor::parts::{icon_button, named};
use egui::{Key, TextEdit, Ui};
use egui_material_icons::icons;
use std::ops::Range;

/// The bar above the code.
#[derive(Default)]
pub(super) struct Find {
    open: bool,
    wanted: String,
    instead: String,
    case: bool,
    fresh: bool,
}

/// What the bar asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Select these characters.
    Select(Range<usize>),
    /// Take this text, and select these characters.
    Replace(String, Range<usize>),
}

impl Find {
    /// Opens the bar, with the keyboard in it.
    pub(super) fn open(&mut self, selected: &str) {
        self.open = true;
        self.fresh = true;
        if !selected.is_empty() && !selected.contains('\n') {
            self.wanted = selected.to_owned();
        }
    }

    /// Whether it is open.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Draws the bar. `cursor` is where the next one is looked for, in characters.
    pub(super) fn show(&mut self, ui: &mut Ui, text: &str, cursor: usize) -> Option<Asked> {
        let mut asked = None;
        ui.horizontal(|ui| {
            let field = ui.add(
                TextEdit::singleline(&mut self.wanted)
                    .hint_text("Find")
                    .desired_width(150.0),
            );
            named(ui, field.id, "Find");
            if std::mem::take(&mut self.fresh) {
                field.request_focus();
            }
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            let back = ui.input(|input| input.modifiers.shift);
            if entered {
                asked = self.next(text, cursor, !back).map(Asked::Select);
                field.request_focus();
            }
            if icon_button(ui, icons::ICON_KEYBOARD_ARROW_UP, "Find the one before").clicked() {
                asked = self.next(text, cursor, false).map(Asked::Select);
            }
            if icon_button(ui, icons::ICON_KEYBOARD_ARROW_DOWN, "Find the next").clicked() {
                asked = self.next(text, cursor, true).map(Asked::Select);
            }
            ui.toggle_value(&mut self.case, "Aa")
                .on_hover_text("Tell capitals from small letters");
            ui.weak(count(self.found(text).len()));
            let instead = ui.add(
                TextEdit::singleline(&mut self.instead)
                    .hint_text("Replace with")
                    .desired_width(120.0),
            );
            named(ui, instead.id, "Replace with");
            if ui.button("Replace").clicked() {
                asked = self.replace_next(text, cursor);
            }
            if ui.button("All").on_hover_text("Replace all").clicked() {
                asked = Some(Asked::Replace(self.replace_all(text), 0..0));
            }
            if icon_button(ui, icons::ICON_CLOSE, "Close").clicked()
                || ui.input(|input| input.key_pressed(Key::Escape))
            {
                self.open = false;
            }
        });
        asked
    }

    /// All places in characters.
    fn found(&self, text: &str) -> Vec<Range<usize>> {
        if self.wanted.is_empty() {
            return Vec::new();
        }
        let (hay, needle) = match self.case {
            true => (text.to_owned(), self.wanted.clone()),
            false => (text.to_ascii_lowercase(), self.wanted.to_ascii_lowercase()),
        };
        let length = needle.chars().count();
        let starts = hay
            .match_indices(&needle)
            .map(|(byte, _)| character_at(&hay, byte));
        starts.map(|start| start..start + length).collect()
    }

    fn next(&self, text: &str, cursor: usize, forward: bool) -> Option<Range<usize>> {
        let found = self.found(text);
        let next = match forward {
            true => found
                .iter()
                .find(|place| place.start >= cursor)
                .or(found.first()),
            false => found
                .iter()
                .rev()
                .find(|place| place.end < cursor)
                .or(found.last()),
        };
        next.cloned()
    }

    fn replace_next(&self, text: &str, cursor: usize) -> Option<Asked> {
        let length = self.wanted.chars().count();
        let place = self.next(text, cursor.saturating_sub(length), true)?;
        let replaced = replaced(text, &place, &self.instead);
        let end = place.start + self.instead.chars().count();
        Some(Asked::Replace(replaced, place.start..end))
    }

    fn replace_all(&self, text: &str) -> String {
        let places = self.found(text);
        places.iter().rev().fold(text.to_owned(), |text, place| {
            replaced(&text, place, &self.instead)
        })
    }
}

/// A text with other characters at a place.
pub(super) fn replaced(text: &str, place: &Range<usize>, instead: &str) -> String {
    let before = text.chars().take(place.start);
    let after = text.chars().skip(place.end);
    before.chain(instead.chars()).chain(after).collect()
}

fn count(found: usize) -> String {
    match found {
        0 => "none".to_owned(),
        found => format!("{found} found"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(wanted: &str, instead: &str, case: bool) -> Find {
        Find {
            wanted: wanted.into(),
            instead: instead.into(),
            case,
            ..Find::default()
        }
    }

    #[test]
    fn places_are_found_around_the_end() {
        let bar = find("ab", "", false);
        assert_eq!(bar.next("äb ab AB", 0, true), Some(3..5));
        assert_eq!(bar.next("äb ab AB", 5, true), Some(6..8));
        assert_eq!(bar.next("äb ab AB", 8, true), Some(3..5));
        assert_eq!(bar.next("äb ab AB", 3, false), Some(6..8));
        assert_eq!(find("ab", "", true).found("AB ab").len(), 1);
        assert!(find("", "", true).found("AB").is_empty());
    }

    #[test]
    fn one_or_all_are_replaced() {
        let bar = find("a", "bb", true);
        assert_eq!(bar.replace_all("ä a a"), "ä bb bb");
        assert_eq!(
            bar.replace_next("a a", 1),
            Some(Asked::Replace("bb a".into(), 0..2))
        );
    }
}
