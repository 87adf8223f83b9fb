//! The window's frame: title, state, problems, and the two panes.

use super::code::Code;
use super::controls;
use super::desk::{Desk, Sound, View};
use crate::session::diagnostic::Diagnostic;
use egui::{Color32, Panel, RichText, ScrollArea, Ui};
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::LogicalSize;
use nice_plug_egui::baseview::HandlerError;
use nice_plug_egui::{
    EguiEditor, EguiEditorState, EguiNiceSettings, Frame, NiceEguiApp, RepaintNotifier,
    create_egui_editor,
};
use std::sync::Arc;
use std::time::Duration;

const SIZE: (f32, f32) = (860.0, 560.0);
/// How often the window looks whether something has changed.
const REFRESH: Duration = Duration::from_millis(100);
const WRONG: Color32 = Color32::from_rgb(0xe0, 0x6c, 0x5c);
const FINE: Color32 = Color32::from_rgb(0x7c, 0xb3, 0x78);

/// The editor that hosts open; egui draws it.
pub type Editor = EguiEditor<Window>;

/// The window's own state.
pub struct Window {
    desk: Arc<dyn Desk>,
    host: Option<GuiContext>,
    shown: Option<u64>,
    view: Arc<View>,
    code: Code,
}

/// Makes the editor for a plugin. Nothing is drawn before the host opens it.
pub fn open(desk: Arc<dyn Desk>) -> Option<Editor> {
    let state = EguiEditorState::from_size(LogicalSize::new(SIZE.0, SIZE.1), 1.0);
    let window = Window {
        desk,
        host: None,
        shown: None,
        view: Arc::default(),
        code: Code::default(),
    };
    create_egui_editor(
        state,
        RepaintNotifier::new(),
        EguiNiceSettings::default(),
        window,
    )
}

impl NiceEguiApp for Window {
    fn build(
        &mut self,
        _: egui::Context,
        host: GuiContext,
        _: &mut Frame,
    ) -> Result<(), HandlerError> {
        self.host = Some(host);
        Ok(())
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut Frame) {
        self.follow();
        Panel::top("state").show(ui, |ui| self.state(ui));
        Panel::bottom("console")
            .resizable(true)
            .show(ui, |ui| self.problems(ui));
        Panel::left("controls")
            .default_size(360.0)
            .show(ui, |ui| self.controls(ui));
        egui::CentralPanel::default().show(ui, |ui| self.code.show(ui, &*self.desk));
        ui.ctx().request_repaint_after(REFRESH);
    }

    fn editor_closed(&mut self) {
        self.host = None;
    }
}

impl Window {
    fn follow(&mut self) {
        let revision = self.desk.revision();
        if self.shown != Some(revision) {
            self.view = self.desk.view();
            self.code.follow(&self.view);
            self.shown = Some(revision);
        }
    }

    fn state(&self, ui: &mut Ui) {
        ui.horizontal_wrapped(|ui| {
            ui.heading(self.desk.plugin());
            ui.label(&self.view.document);
            ui.separator();
            match &self.view.sound {
                Sound::Playing => ui.colored_label(FINE, "ready"),
                Sound::Building => ui.label("building …"),
                Sound::Asleep => ui.label("not active"),
                Sound::Silent(reason) => ui.colored_label(WRONG, format!("silent: {reason}")),
            };
            ui.separator();
            let (load, sounding) = self.desk.meter();
            ui.monospace(format!(
                "{:>3.0} % {}",
                load * 100.0,
                if sounding { "sounding" } else { "quiet" }
            ));
            if ui
                .button("Stop")
                .on_hover_text("Ends everything that sounds")
                .clicked()
            {
                self.desk.stop();
            }
            if ui
                .button("Unmute")
                .on_hover_text("Lets a program that was muted sound again")
                .clicked()
            {
                self.desk.resume();
            }
        });
    }

    fn problems(&self, ui: &mut Ui) {
        ScrollArea::vertical().max_height(140.0).stick_to_bottom(true).show(ui, |ui| {
            for problem in &self.view.problems {
                ui.label(problem_text(problem));
            }
            for line in &self.view.console {
                ui.monospace(line);
            }
            if self.view.problems.is_empty() && self.view.console.is_empty() {
                ui.weak("No problems. A document's code runs on this computer, checked before it is heard.");
            }
        });
    }

    fn controls(&self, ui: &mut Ui) {
        ScrollArea::vertical().show(ui, |ui| {
            if self.view.controls.is_empty() {
                ui.weak("This document has no controls.");
            }
            if let Some(host) = &self.host {
                controls::show(ui, &*self.desk, &self.view.controls, &host.param_setter());
            }
        });
    }
}

fn problem_text(problem: &Diagnostic) -> RichText {
    let text = RichText::new(problem.to_string());
    if problem.is_error() {
        text.color(WRONG)
    } else {
        text
    }
}
