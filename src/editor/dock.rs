//! Below the code: problems, the console, what things cost, and pictures of the sound.

use super::code::{Code, Page};
use super::desk::{Desk, View};
use super::files::List;
use super::looks::Tab;
use super::parts::{bar, icon, nothing};
use super::sight::Sight;
use super::theme::{GRID, Palette};
use crate::session::diagnostic::Diagnostic;
use egui::{Label, RichText, ScrollArea, Sense, Ui, vec2};
use egui_material_icons::icons;

/// What stays of the dock between frames.
#[derive(Default)]
pub(super) struct Dock {
    /// The files that the document needs.
    pub(super) files: List,
}

impl Dock {
    /// Shows the dock.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        desk: &dyn Desk,
        view: &View,
        code: &mut Code,
        sight: &mut Sight,
        tab_shown: &mut Tab,
    ) {
        ui.horizontal(|ui| {
            let problems = view.problems.len();
            let name = if problems == 0 {
                "Problems".to_owned()
            } else {
                format!("Problems ({problems})")
            };
            let files = match self.files.missing() {
                0 => "Files".to_owned(),
                missing => format!("Files ({missing} missing)"),
            };
            for (tab, name) in [
                (Tab::Problems, name.as_str()),
                (Tab::Console, "Console"),
                (Tab::Sound, "Sound"),
                (Tab::Cost, "Cost"),
                (Tab::Files, files.as_str()),
            ] {
                ui.selectable_value(tab_shown, tab, name);
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if ui.available_width() > METER {
                    sight.meter(ui, METER);
                }
            });
        });
        ui.add_space(GRID);
        match *tab_shown {
            Tab::Problems => problems(ui, view, code),
            Tab::Console => console(ui, view),
            Tab::Sound => sound(ui, desk, sight),
            Tab::Cost => cost(ui, desk),
            Tab::Files => self.files.show(ui, desk),
        }
    }
}

/// Width of the level meter, points.
const METER: f32 = 140.0;
/// Width of the meter of an auxiliary output, points.
const AUX_METER: f32 = 80.0;

fn problems(ui: &mut Ui, view: &View, code: &mut Code) {
    if view.problems.is_empty() {
        return nothing(
            ui,
            "No problems. A document's code runs on this computer, tried out before it is heard.",
        );
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        for problem in &view.problems {
            if row(ui, problem) {
                code.jump(problem);
            }
        }
    });
}

fn row(ui: &mut Ui, problem: &Diagnostic) -> bool {
    let colors = Palette::of(ui);
    let (symbol, color) = match problem.is_error() {
        true => (icons::ICON_ERROR, colors.bad),
        false => (icons::ICON_WARNING, colors.wait),
    };
    ui.horizontal(|ui| {
        ui.label(icon(symbol).size(15.0).color(color));
        let page = Page::of(&problem.place);
        let place = page
            .as_ref()
            .map_or_else(|| problem.place.to_string(), |page| page.name().to_owned());
        let line = problem
            .line
            .map_or(String::new(), |line| format!(":{line}"));
        ui.label(
            RichText::new(format!("{place}{line}"))
                .monospace()
                .color(colors.weak),
        );
        let message = match &problem.help {
            Some(help) => format!("{}: {help}", problem.message),
            None => problem.message.clone(),
        };
        let text = ui.add(Label::new(&message).truncate().sense(Sense::click()));
        let text = text.on_hover_text(message);
        text.on_hover_cursor(egui::CursorIcon::PointingHand)
            .clicked()
    })
    .inner
}

fn console(ui: &mut Ui, view: &View) {
    if view.console.is_empty() {
        return nothing(ui, "Csound has said nothing yet.");
    }
    ScrollArea::vertical()
        .auto_shrink(false)
        .stick_to_bottom(true)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            for line in &view.console {
                ui.add(Label::new(RichText::new(line).monospace().size(11.5)).selectable(true));
            }
        });
}

fn sound(ui: &mut Ui, desk: &dyn Desk, sight: &mut Sight) {
    let height = ui.available_height().max(40.0);
    ui.horizontal(|ui| {
        if sight.has_aux() {
            ui.vertical(|ui| sight.aux(ui, AUX_METER));
        }
        let size = vec2((ui.available_width() - 2.0 * GRID) / 2.0, height);
        sight.scope(ui, size);
        sight.spectrum(ui, size, desk.running().sample_rate.unwrap_or(48_000.0));
    });
}

fn cost(ui: &mut Ui, desk: &dyn Desk) {
    let ledger = desk.ledger();
    let colors = Palette::of(ui);
    let all: f64 = ledger
        .instrs
        .iter()
        .map(|instr| instr.total.as_secs_f64())
        .sum();
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let longest = ledger.longest.map_or(String::new(), |call| {
            format!(
                "longest call {:.2} ms: {}",
                1e3 * call.time.as_secs_f64(),
                call.cause
            )
        });
        let text = format!(
            "{} late, {} dropped  {longest}",
            ledger.overruns, ledger.dropped
        );
        ui.label(RichText::new(text).small().color(colors.weak));
        egui::Grid::new("cost")
            .num_columns(4)
            .spacing([16.0, 4.0])
            .show(ui, |ui| {
                for instr in &ledger.instrs {
                    let share = instr.total.as_secs_f64() / all.max(f64::MIN_POSITIVE);
                    ui.label(&instr.name);
                    bar(ui, 160.0, share as f32, colors.accent);
                    ui.label(RichText::new(format!("{:.0} %", share * 100.0)).monospace());
                    let voice = 1e6 * instr.voice.as_secs_f64();
                    let voices = format!("{} voices, {voice:.1} µs each a cycle", instr.voices);
                    ui.label(RichText::new(voices).small().color(colors.weak));
                    ui.end_row();
                }
            });
    });
}
