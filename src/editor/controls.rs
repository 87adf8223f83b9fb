//! The controls: a slider and its value each, grouped by Instr.

use super::desk::{ControlView, Desk};
use egui::{Response, Ui};
use nice_plug::prelude::{FloatParam, Param, ParamSetter};

const WIDTH: f32 = 180.0;

/// Shows the controls. A drag is one host gesture; a double click sets the default.
pub(super) fn show(ui: &mut Ui, desk: &dyn Desk, controls: &[ControlView], setter: &ParamSetter) {
    let mut group = None;
    egui::Grid::new("controls")
        .num_columns(3)
        .striped(true)
        .show(ui, |ui| {
            for control in controls {
                if group != Some(&control.group) {
                    ui.strong(&control.group);
                    ui.end_row();
                    group = Some(&control.group);
                }
                if let Some(param) = desk.slot(control.slot) {
                    ui.label(&control.name);
                    slider(ui, param, desk.default_of(control.slot), setter);
                    ui.end_row();
                }
            }
        });
}

fn slider(ui: &mut Ui, param: &FloatParam, default: f32, setter: &ParamSetter) {
    let mut value = param.unmodulated_normalized_value();
    ui.spacing_mut().slider_width = WIDTH;
    let slider = egui::Slider::new(&mut value, 0.0..=1.0).show_value(false);
    let response = ui
        .add(slider)
        .on_hover_text("Drag to change, double-click for the default");
    gesture(&response, param, value, default, setter);
    ui.monospace(param.normalized_value_to_string(value, true));
}

/// Tells the host of a drag: where it begins, each value, where it ends.
fn gesture(
    response: &Response,
    param: &FloatParam,
    value: f32,
    default: f32,
    setter: &ParamSetter,
) {
    if response.double_clicked() {
        setter.begin_set_parameter(param);
        setter.set_parameter_normalized(param, default);
        setter.end_set_parameter(param);
        return;
    }
    if response.drag_started() {
        setter.begin_set_parameter(param);
    }
    if response.changed() {
        // A click beside the knob and the arrow keys change the value without a drag.
        let alone = !response.dragged() && !response.drag_started() && !response.drag_stopped();
        if alone {
            setter.begin_set_parameter(param);
        }
        setter.set_parameter_normalized(param, value);
        if alone {
            setter.end_set_parameter(param);
        }
    }
    if response.drag_stopped() {
        setter.end_set_parameter(param);
    }
}
