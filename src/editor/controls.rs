//! The controls: each with its name, its value in its own units, and a slider along its range.

use super::alone::Alone;
use super::desk::{ControlView, Desk};
use super::parts::{named, title};
use super::theme::{GRID, Palette};
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{
    Align, ComboBox, CornerRadius, Id, Key, Layout, Rect, Response, RichText, Role, Sense, Stroke,
    StrokeKind, TextEdit, Ui, Vec2, WidgetInfo, pos2,
};
use nice_plug::prelude::{FloatParam, Param, ParamSetter};
use std::cell::RefCell;

/// How much slower the pointer moves a slider with Shift.
const FINE: f32 = 0.1;

/// What stays of the controls between frames.
#[derive(Default)]
pub(super) struct Controls {
    typed: Option<Typed>,
    filter: String,
    alone: RefCell<Alone>,
}

/// A value that is being typed.
struct Typed {
    slot: usize,
    text: String,
    /// The field has been shown.
    begun: bool,
}

impl Controls {
    /// Shows the controls. A drag is one host gesture; a double click sets the default.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        desk: &dyn Desk,
        controls: &[ControlView],
        setter: &ParamSetter,
    ) {
        if !controls.is_empty() {
            self.alone.get_mut().show(ui, desk);
        }
        if controls.len() > 8 {
            let field = TextEdit::singleline(&mut self.filter).hint_text("Search controls");
            let field = ui.add(field.desired_width(f32::INFINITY));
            named(ui, field.id, "Search controls");
            ui.add_space(2.0 * GRID);
        }
        let wanted = self.filter.to_lowercase();
        let fits = |control: &&ControlView| {
            let text = format!("{} {} {}", control.name, control.group, control.argument);
            text.to_lowercase().contains(&wanted)
        };
        let mut group = None;
        for control in controls.iter().filter(fits) {
            if group != Some(&control.group) {
                ui.add_space(if group.is_some() { 3.0 * GRID } else { 0.0 });
                title(ui, &control.group);
                group = Some(&control.group);
            }
            if let Some(param) = desk.slot(control.slot) {
                let alone = std::mem::take(&mut self.alone);
                let row = Row {
                    control,
                    param,
                    default: desk.default_of(control.slot),
                    setter,
                    desk,
                    alone: &alone,
                };
                self.row(ui, desk, &row);
                self.alone = alone;
            }
        }
    }

    fn row(&mut self, ui: &mut Ui, desk: &dyn Desk, row: &Row) {
        ui.add_space(GRID);
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                match row.control.choices.is_empty() {
                    true => self.number(ui, row),
                    false => row.choice(ui),
                }
                controller(ui, desk, row.control.slot);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let name = RichText::new(&row.control.name).color(Palette::of(ui).text);
                    let name = egui::Label::new(name).truncate().sense(Sense::click());
                    let name = ui.add(name);
                    name.context_menu(|ui| learn(ui, desk, row.control.slot));
                    name.on_hover_ui(|ui| row.about(ui));
                });
            });
        });
        if row.control.choices.is_empty() {
            row.slider(ui);
        }
    }

    /// The value, which becomes a field to type into when it is clicked.
    fn number(&mut self, ui: &mut Ui, row: &Row) {
        let slot = row.control.slot;
        if self.typed.as_ref().is_some_and(|typed| typed.slot == slot) {
            return self.field(ui, row);
        }
        let text = row.text(row.value());
        let label = RichText::new(&text).monospace().color(Palette::of(ui).text);
        let response = ui.add(egui::Label::new(label).sense(Sense::click()));
        let name = format!("{} value", row.control.name);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        let response = response.on_hover_text("Click to type a value, with its unit if you like");
        if response.clicked() {
            self.typed = Some(Typed {
                slot,
                text,
                begun: false,
            });
        }
    }

    fn field(&mut self, ui: &mut Ui, row: &Row) {
        let Some(Typed { text, begun, .. }) = &mut self.typed else {
            return;
        };
        let id = Id::unique(("value", row.control.slot));
        if !std::mem::replace(begun, true) {
            let end = CCursor::new(text.chars().count());
            let mut state = TextEditState::default();
            state
                .cursor
                .set_char_range(Some(CCursorRange::two(CCursor::new(0), end)));
            state.store(ui.ctx(), id);
            ui.memory_mut(|memory| memory.request_focus(id));
        }
        let field = TextEdit::singleline(text).id(id).desired_width(90.0);
        let field = ui.add(field.font(egui::TextStyle::Monospace));
        named(ui, id, &row.control.name);
        if field.lost_focus() {
            let entered = ui.input(|input| input.key_pressed(Key::Enter));
            if entered && let Some(value) = row.param.string_to_normalized_value(text) {
                row.set_at_once(value.clamp(0.0, 1.0));
            }
            self.typed = None;
        }
    }
}

/// What can be done about MIDI controllers.
fn learn(ui: &mut Ui, desk: &dyn Desk, slot: usize) {
    if ui.button("Learn a MIDI controller").clicked() {
        desk.learn(Some(slot));
        ui.close();
    }
    if let Some(number) = desk.controller_of(slot)
        && ui.button(format!("Forget controller {number}")).clicked()
    {
        desk.forget_controller(slot);
        ui.close();
    }
}

/// The MIDI controller that a control follows, or that it waits for one.
fn controller(ui: &mut Ui, desk: &dyn Desk, slot: usize) {
    let colors = Palette::of(ui);
    let small = |text: String, color| RichText::new(text).small().color(color);
    if desk.learning() == Some(slot) {
        let text = small("move a controller …".to_owned(), colors.wait);
        let label = ui.add(egui::Label::new(text).sense(Sense::click()));
        if label.on_hover_text("Click to learn none").clicked() {
            desk.learn(None);
        }
    } else if let Some(number) = desk.controller_of(slot) {
        ui.label(small(format!("CC {number}"), colors.weak));
    }
}

/// One control.
struct Row<'a> {
    control: &'a ControlView,
    param: &'a FloatParam,
    default: f32,
    setter: &'a ParamSetter<'a>,
    desk: &'a dyn Desk,
    alone: &'a RefCell<Alone>,
}

/// Whom a drag moves; it stays so until its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moves {
    Parameter,
    Note,
}

impl Row<'_> {
    fn value(&self) -> f32 {
        let value = self.param.unmodulated_normalized_value();
        self.alone.borrow().value(self.control.slot, value)
    }

    fn moves(&self) -> Moves {
        match self.alone.borrow().is_on() {
            true => Moves::Note,
            false => Moves::Parameter,
        }
    }

    fn set(&self, moves: Moves, value: f32) {
        match moves {
            Moves::Parameter => self.setter.set_parameter_normalized(self.param, value),
            Moves::Note => {
                let standing = self.param.unmodulated_normalized_value();
                let slot = self.control.slot;
                self.alone
                    .borrow_mut()
                    .set(self.desk, slot, standing, value);
            }
        }
    }

    fn text(&self, normalized: f32) -> String {
        self.param.normalized_value_to_string(normalized, true)
    }

    /// A whole gesture.
    fn set_at_once(&self, value: f32) {
        let moves = self.moves();
        self.begin(moves);
        self.set(moves, value);
        self.end(moves);
    }

    fn begin(&self, moves: Moves) {
        if moves == Moves::Parameter {
            self.setter.begin_set_parameter(self.param);
        }
    }

    fn end(&self, moves: Moves) {
        if moves == Moves::Parameter {
            self.setter.end_set_parameter(self.param);
        }
    }

    fn about(&self, ui: &mut Ui) {
        let ControlView {
            slot,
            name,
            group,
            argument,
            ..
        } = self.control;
        ui.label(RichText::new(name).strong());
        ui.label(format!("{argument} of {group}"));
        ui.label(format!(
            "Slot {}, which the host calls {:?}",
            slot + 1,
            name
        ));
        ui.label(format!(
            "{} to {}, usually {}",
            self.text(0.0),
            self.text(1.0),
            self.text(self.default)
        ));
    }

    fn choice(&self, ui: &mut Ui) {
        let last = (self.control.choices.len() - 1).max(1) as f32;
        let chosen = (self.value() * last).round() as usize;
        let shown = self.control.choices.get(chosen).map_or("", String::as_str);
        let id = ("choice", self.control.slot);
        let list = ComboBox::from_id_salt(id)
            .selected_text(shown)
            .width(110.0)
            .show_ui(ui, |ui| {
                for (index, label) in self.control.choices.iter().enumerate() {
                    if ui.selectable_label(index == chosen, label).clicked() {
                        self.set_at_once(index as f32 / last);
                    }
                }
            });
        let name = &self.control.name;
        list.response
            .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, name));
    }

    fn slider(&self, ui: &mut Ui) {
        let (rect, response) = ui.allocate_exact_size(
            Vec2::new(ui.available_width(), 18.0),
            Sense::click_and_drag(),
        );
        let track = rect.shrink2(Vec2::new(7.0, 0.0));
        self.gesture(ui, &response, track);
        let value = self.value();
        self.paint(ui, &response, track, value);
        let name = &self.control.name;
        response.widget_info(|| WidgetInfo::slider(true, f64::from(value), name));
        response.on_hover_cursor(egui::CursorIcon::ResizeHorizontal);
    }

    /// Tells the host of a drag: where it begins, each value, where it ends. The pointer takes the knob where it is;
    /// a click beside it brings it there.
    fn gesture(&self, ui: &Ui, response: &Response, track: Rect) {
        if response.double_clicked() {
            return self.set_at_once(self.default);
        }
        // The value itself may be on a step, or moved by the host, so the drag keeps its own.
        let id = response.id.with("drag");
        let at = |pointer: egui::Pos2| ((pointer.x - track.left()) / track.width()).clamp(0.0, 1.0);
        if response.drag_started() {
            let fine = ui.input(|input| input.modifiers.shift);
            let origin = ui.input(|input| input.pointer.press_origin());
            let from = origin.filter(|_| !fine).map_or_else(|| self.value(), at);
            let moves = self.moves();
            ui.data_mut(|data| data.insert_temp(id, (from, moves)));
            self.begin(moves);
        }
        if response.dragged() {
            let speed = if ui.input(|input| input.modifiers.shift) {
                FINE
            } else {
                1.0
            };
            let moved = response.drag_delta().x / track.width() * speed;
            let (value, moves) = ui.data_mut(|data| {
                let drag = data.get_temp_mut_or(id, (self.value(), Moves::Parameter));
                drag.0 += moved;
                *drag
            });
            self.set(moves, value.clamp(0.0, 1.0));
        }
        if response.drag_stopped() {
            let moves = ui.data(|data| data.get_temp::<(f32, Moves)>(id));
            self.end(moves.map_or(Moves::Parameter, |(_, moves)| moves));
        }
        if response.clicked()
            && let Some(pointer) = response.interact_pointer_pos()
        {
            self.set_at_once(at(pointer));
        }
        self.arrows(ui, response);
    }

    fn arrows(&self, ui: &Ui, response: &Response) {
        if !response.has_focus() {
            return;
        }
        let steps = ui.input(|input| {
            let count = |key| input.num_presses(key) as f32;
            count(Key::ArrowRight) + count(Key::ArrowUp)
                - count(Key::ArrowLeft)
                - count(Key::ArrowDown)
        });
        if steps != 0.0 {
            self.set_at_once((self.value() + steps * 0.01).clamp(0.0, 1.0));
        }
    }

    fn paint(&self, ui: &Ui, response: &Response, track: Rect, value: f32) {
        let colors = Palette::of(ui);
        let painter = ui.painter();
        let y = track.center().y;
        let lane = Rect::from_center_size(track.center(), Vec2::new(track.width(), 4.0));
        painter.rect(
            lane,
            2.0,
            colors.sunken,
            Stroke::new(1.0, colors.line),
            StrokeKind::Outside,
        );
        let accent = match self.moves() {
            Moves::Parameter => colors.accent,
            Moves::Note => colors.wait,
        };
        let x = egui::lerp(track.x_range(), value);
        let lit = Rect::from_min_max(lane.min, pos2(x, lane.bottom()));
        painter.rect_filled(lit, CornerRadius::same(2), accent);
        let home = egui::lerp(track.x_range(), self.default);
        painter.vline(home, (y + 5.0)..=(y + 8.0), Stroke::new(1.0, colors.weak));
        let held = response.dragged() || response.has_focus();
        let radius = if response.hovered() || held { 7.0 } else { 6.0 };
        painter.circle(
            pos2(x, y),
            radius,
            colors.panel,
            Stroke::new(2.0, if held { accent } else { colors.text }),
        );
    }
}
