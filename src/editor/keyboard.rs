//! A keyboard to play on, with the pointer or with the computer's keys.

use super::desk::{Desk, Played};
use super::keys::NOTES;
use super::parts::{icon_button, icon_switch, tiny};
use super::theme::{GRID, Palette};
use egui::{
    Align2, Color32, Key, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2,
};
use egui_material_icons::icons;
use std::collections::BTreeSet;

/// Velocity of the computer's keys.
const TYPED: f64 = 0.75;
/// Width of a white key, in points.
const WHITE: f32 = 19.0;

/// What is held, and how the keys are meant.
pub(super) struct Keyboard {
    /// The lowest C.
    first: u8,
    /// Notes stay until they are played again.
    pub(super) latch: bool,
    /// The computer's keys play.
    pub(super) typing: bool,
    /// The key under the pointer.
    pointed: Option<u8>,
    typed: BTreeSet<u8>,
    latched: BTreeSet<u8>,
}

impl Default for Keyboard {
    fn default() -> Self {
        Self {
            first: 36,
            latch: false,
            typing: false,
            pointed: None,
            typed: BTreeSet::new(),
            latched: BTreeSet::new(),
        }
    }
}

impl Keyboard {
    /// Shows the keyboard and plays what is pressed. `free` says whether no text has the computer's keys.
    pub(super) fn show(&mut self, ui: &mut Ui, desk: &dyn Desk, free: bool) {
        if self.typing && free {
            self.type_notes(ui, desk);
        } else {
            self.release_typed(desk);
        }
        ui.horizontal(|ui| {
            ui.vertical(|ui| self.buttons(ui, desk));
            self.piano(ui, desk);
        });
    }

    fn buttons(&mut self, ui: &mut Ui, desk: &dyn Desk) {
        ui.spacing_mut().item_spacing = Vec2::splat(2.0);
        ui.horizontal(|ui| {
            if icon_button(ui, icons::ICON_CHEVRON_LEFT, "An octave down").clicked() {
                self.first = self.first.saturating_sub(12);
            }
            if icon_button(ui, icons::ICON_CHEVRON_RIGHT, "An octave up").clicked() {
                self.first = (self.first + 12).min(96);
            }
        });
        ui.horizontal(|ui| {
            let typing = "Play with the computer's keys";
            icon_switch(ui, icons::ICON_KEYBOARD, typing, &mut self.typing);
            let latched = icon_switch(ui, icons::ICON_PUSH_PIN, "Hold notes", &mut self.latch);
            if latched && !self.latch {
                self.let_go(desk);
            }
        });
    }

    /// Lets all notes go.
    pub(super) fn let_go(&mut self, desk: &dyn Desk) {
        let latched = std::mem::take(&mut self.latched);
        let typed = std::mem::take(&mut self.typed);
        let pointed = self.pointed.take();
        latched
            .into_iter()
            .chain(typed)
            .chain(pointed)
            .for_each(|key| desk.play(Played::Up(key)));
    }

    fn release_typed(&mut self, desk: &dyn Desk) {
        std::mem::take(&mut self.typed)
            .into_iter()
            .for_each(|key| self.up(desk, key));
    }

    fn down(&mut self, desk: &dyn Desk, key: u8, velocity: f64) {
        if self.latch && self.latched.remove(&key) {
            return desk.play(Played::Up(key));
        }
        if self.latch {
            self.latched.insert(key);
        }
        desk.play(Played::Down(key, velocity));
    }

    fn up(&mut self, desk: &dyn Desk, key: u8) {
        if !self.latched.contains(&key) {
            desk.play(Played::Up(key));
        }
    }

    fn type_notes(&mut self, ui: &Ui, desk: &dyn Desk) {
        let pressed: Vec<(Key, bool)> = ui.input(|input| {
            let keys = input.events.iter().filter_map(|event| match event {
                egui::Event::Key {
                    key,
                    pressed,
                    repeat: false,
                    modifiers,
                    ..
                } if !modifiers.command && !modifiers.alt => Some((*key, *pressed)),
                _ => None,
            });
            keys.collect()
        });
        for (key, is_down) in pressed {
            match (key, is_down) {
                (Key::Z, true) => self.first = self.first.saturating_sub(12),
                (Key::X, true) => self.first = (self.first + 12).min(96),
                _ => self.type_note(desk, key, is_down),
            }
        }
    }

    fn type_note(&mut self, desk: &dyn Desk, key: Key, is_down: bool) {
        let Some((_, semitones)) = NOTES.iter().find(|(known, _)| *known == key) else {
            return;
        };
        let note = (self.first + 12 + semitones).min(127);
        if is_down && self.typed.insert(note) {
            self.down(desk, note, TYPED);
        } else if !is_down && self.typed.remove(&note) {
            self.up(desk, note);
        }
    }

    fn piano(&mut self, ui: &mut Ui, desk: &dyn Desk) {
        let size = Vec2::new(ui.available_width(), ui.available_height().max(56.0));
        let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Group, true, "Keyboard piano"));
        let whites = ((rect.width() / WHITE) as usize).clamp(7, 75);
        let width = rect.width() / whites as f32;
        let keys = keys(self.first, whites, rect, width);
        self.point(desk, &response, &keys);
        self.paint(ui, &keys);
    }

    /// Follows the pointer: the lower on a key, the louder.
    fn point(&mut self, desk: &dyn Desk, response: &egui::Response, keys: &[PianoKey]) {
        let pointer = response
            .interact_pointer_pos()
            .filter(|_| response.is_pointer_button_down_on());
        // Black keys come last and lie on top.
        let under = pointer.and_then(|at| {
            keys.iter()
                .rev()
                .find(|key| key.rect.contains(at))
                .map(|key| (key, at))
        });
        let key = under.map(|(key, _)| key.key);
        if key == self.pointed {
            return;
        }
        if let Some(before) = self.pointed {
            self.up(desk, before);
        }
        if let Some((key, at)) = under {
            let part = (at.y - key.rect.top()) / key.rect.height();
            self.down(desk, key.key, f64::from(part.clamp(0.0, 1.0)) * 0.85 + 0.15);
        }
        self.pointed = key;
    }

    fn paint(&self, ui: &Ui, keys: &[PianoKey]) {
        let colors = Palette::of(ui);
        let (white, black) = (Color32::from_gray(236), Color32::from_gray(38));
        for PianoKey {
            key,
            rect,
            is_black,
        } in keys
        {
            let held = self.pointed == Some(*key)
                || self.typed.contains(key)
                || self.latched.contains(key);
            let fill = match (held, is_black) {
                (true, _) => colors.accent,
                (false, true) => black,
                (false, false) => white,
            };
            let round = egui::CornerRadius {
                nw: 0,
                ne: 0,
                sw: 3,
                se: 3,
            };
            ui.painter().rect(
                *rect,
                round,
                fill,
                Stroke::new(1.0, Color32::from_gray(120)),
                StrokeKind::Inside,
            );
            if key % 12 == 0 {
                let name = format!("C{}", i32::from(*key) / 12 - 1);
                tiny(
                    ui,
                    rect.center_bottom() - egui::vec2(0.0, GRID),
                    Align2::CENTER_BOTTOM,
                    &name,
                    Color32::from_gray(90),
                );
            }
        }
    }
}

struct PianoKey {
    key: u8,
    rect: Rect,
    is_black: bool,
}

/// The keys from a C on: white ones, then black ones.
fn keys(first: u8, whites: usize, all: Rect, width: f32) -> Vec<PianoKey> {
    const STEPS: [u8; 7] = [0, 2, 4, 5, 7, 9, 11];
    let note =
        |white: usize| u32::from(first) + 12 * (white / 7) as u32 + u32::from(STEPS[white % 7]);
    let left = |white: usize| all.left() + white as f32 * width;
    let mut keys = Vec::new();
    for white in 0..whites {
        let rect = Rect::from_min_max(
            pos2(left(white), all.top()),
            pos2(left(white + 1), all.bottom()),
        );
        keys.push((note(white), rect, false));
    }
    for white in (0..whites.saturating_sub(1)).filter(|white| ![2, 6].contains(&(white % 7))) {
        let center = left(white + 1);
        let bottom = all.top() + all.height() * 0.6;
        let rect = Rect::from_min_max(
            pos2(center - width * 0.3, all.top()),
            pos2(center + width * 0.3, bottom),
        );
        keys.push((note(white) + 1, rect, true));
    }
    let real = keys.into_iter().filter_map(|(key, rect, is_black)| {
        Some(PianoKey {
            key: u8::try_from(key).ok()?,
            rect,
            is_black,
        })
    });
    real.filter(|key| key.key <= 127).collect()
}
