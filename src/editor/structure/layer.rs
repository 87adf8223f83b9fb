//! What a layer answers to, and what it starts: a form below its name.

use super::change::{Change, Item};
use crate::document::{LayerEntry, ModeEntry, PartEntry, ReleaseEntry, TriggerEntry};
use crate::editor::parts::{icon_button, key_name, key_of, named};
use crate::editor::theme::{GRID, Palette};
use egui::{ComboBox, DragValue, Frame, Grid, Margin, Response, RichText, Ui};
use egui_material_icons::icons;
use std::ops::RangeInclusive;

/// The form of the layer that is looked at.
#[derive(Default)]
pub(super) struct Form {
    open: Option<usize>,
    /// The layer in the document, and as it is in the form.
    layer: Option<(LayerEntry, LayerEntry)>,
}

impl Form {
    /// Opens the form of a layer, or closes it.
    pub(super) fn toggle(&mut self, layer: usize) {
        self.open = (self.open != Some(layer)).then_some(layer);
        self.layer = None;
    }

    /// Whether the form of this layer is open.
    pub(super) fn is_open(&self, layer: usize) -> bool {
        self.open == Some(layer)
    }

    /// Shows the form; the change that it asks for, once that is finished.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        layer: usize,
        entry: &LayerEntry,
        instrs: &[String],
    ) -> Option<Change> {
        if self.layer.as_ref().is_none_or(|(seen, _)| seen != entry) {
            self.layer = Some((entry.clone(), entry.clone()));
        }
        let (_, draft) = self.layer.as_mut()?;
        let frame = Frame::NONE
            .fill(Palette::of(ui).base)
            .corner_radius(crate::editor::theme::ROUND)
            .inner_margin(Margin::symmetric(8, 6));
        let mut done = false;
        let mut added = false;
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            let grid = Grid::new(("layer", layer))
                .num_columns(2)
                .spacing([2.0 * GRID, GRID]);
            grid.show(ui, |ui| {
                done |= starts(ui, draft);
                if draft.trigger == TriggerEntry::Note {
                    done |= answers(ui, draft);
                }
            });
            ui.add_space(GRID);
            for (at, part) in draft.parts.iter_mut().enumerate() {
                done |= starts_part(ui, at, part, instrs);
            }
            added = icon_button(ui, icons::ICON_ADD, "Add a part").clicked();
        });
        if added {
            let instr = instrs.first().cloned().unwrap_or_default();
            return Some(Change::Add(Item::Part(layer, 0), instr));
        }
        (done && draft != entry).then(|| Change::Layer(layer, Box::new(draft.clone())))
    }
}

fn label(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).small().color(Palette::of(ui).weak));
}

/// Whether a number has been typed or dragged to its end.
fn settled(response: &Response) -> bool {
    response.drag_stopped() || response.lost_focus()
}

fn number(ui: &mut Ui, value: &mut u32, range: RangeInclusive<u32>, name: &str) -> bool {
    let field = ui.add(DragValue::new(value).range(range));
    named(ui, field.id, name);
    settled(&field)
}

fn key(ui: &mut Ui, value: &mut u32, name: &str) -> bool {
    let field = DragValue::new(value)
        .range(0..=127)
        .custom_formatter(|key, _| key_name(key as u8))
        .custom_parser(|text| key_of(text).map(f64::from));
    let field = ui.add(field);
    named(ui, field.id, name);
    settled(&field)
}

/// A list to choose from; whether something else was chosen.
fn choice<T: Copy + PartialEq>(
    ui: &mut Ui,
    id: impl std::hash::Hash + std::fmt::Debug,
    name: &str,
    value: &mut T,
    choices: &[(T, String)],
) -> bool {
    let before = *value;
    let shown = choices.iter().find(|(choice, _)| choice == value);
    let list = ComboBox::from_id_salt(id)
        .width(96.0)
        .truncate()
        .selected_text(shown.map_or("", |(_, text)| text))
        .show_ui(ui, |ui| {
            for (choice, text) in choices {
                ui.selectable_value(value, *choice, text);
            }
        });
    list.response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, name));
    *value != before
}

fn starts(ui: &mut Ui, draft: &mut LayerEntry) -> bool {
    label(ui, "Starts");
    let choices = [
        (TriggerEntry::Note, "with a note".to_owned()),
        (TriggerEntry::Always, "at once".to_owned()),
    ];
    let changed = choice(ui, "trigger", "Starts", &mut draft.trigger, &choices);
    ui.end_row();
    changed
}

/// Which notes it takes, and how many.
fn answers(ui: &mut Ui, draft: &mut LayerEntry) -> bool {
    let mut done = false;
    label(ui, "Keys");
    ui.horizontal(|ui| {
        done |= key(ui, &mut draft.keys[0], "Lowest key");
        done |= key(ui, &mut draft.keys[1], "Highest key");
    });
    ui.end_row();
    label(ui, "Velocities");
    ui.horizontal(|ui| {
        done |= number(ui, &mut draft.velocities[0], 1..=127, "Lowest velocity");
        done |= number(ui, &mut draft.velocities[1], 1..=127, "Highest velocity");
    });
    ui.end_row();
    label(ui, "Channel");
    let channels: Vec<(u32, String)> = (0..=16)
        .map(|channel| match channel {
            0 => (0, "any".to_owned()),
            channel => (channel, channel.to_string()),
        })
        .collect();
    done |= choice(ui, "channel", "Channel", &mut draft.channel, &channels);
    ui.end_row();
    label(ui, "Voices");
    done |= number(ui, &mut draft.voices, 1..=256, "Voices");
    ui.end_row();
    label(ui, "Mode");
    let modes = [
        (ModeEntry::Poly, "poly"),
        (ModeEntry::Mono, "mono"),
        (ModeEntry::Legato, "legato"),
    ]
    .map(|(mode, text)| (mode, text.to_owned()));
    done |= choice(ui, "mode", "Mode", &mut draft.mode, &modes);
    ui.end_row();
    if done {
        draft.keys.sort_unstable();
        draft.velocities.sort_unstable();
    }
    done
}

/// A part: its Instr, its priority, and when it hears of the end of the note.
fn starts_part(ui: &mut Ui, at: usize, part: &mut PartEntry, instrs: &[String]) -> bool {
    let mut done = false;
    ui.horizontal_wrapped(|ui| {
        let names: Vec<(usize, String)> = instrs.iter().cloned().enumerate().collect();
        let mut chosen = instrs.iter().position(|name| *name == part.instr);
        let before = chosen;
        let options: Vec<(Option<usize>, String)> = names
            .into_iter()
            .map(|(index, name)| (Some(index), name))
            .collect();
        let number = at + 1;
        choice(
            ui,
            ("part", at),
            &format!("Instr of part {number}"),
            &mut chosen,
            &options,
        );
        if chosen != before
            && let Some(name) = chosen.and_then(|index| instrs.get(index))
        {
            name.clone_into(&mut part.instr);
            done = true;
        }
        let mut priorities = vec![(None, "lowest priority".to_owned())];
        priorities
            .extend((1..=10).map(|priority| (Some(priority), format!("priority {priority}"))));
        let name = format!("Priority of part {number}");
        done |= choice(ui, ("priority", at), &name, &mut part.priority, &priorities);
        let releases = [
            (ReleaseEntry::Auto, "ends by its code"),
            (ReleaseEntry::Note, "ends with the key"),
            (ReleaseEntry::After, "ends after the others"),
        ]
        .map(|(release, text)| (release, text.to_owned()));
        let name = format!("End of part {number}");
        done |= choice(ui, ("release", at), &name, &mut part.release, &releases);
    });
    done
}
