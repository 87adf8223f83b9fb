//! The window's frame: its panes, and how it follows the plugin.

use super::code::Code;
use super::controls::Controls;
use super::desk::{Desk, View};
use super::dock::Dock;
use super::keyboard::Keyboard;
use super::keys::{Typing, taken_keys};
use super::looks::{LEAST_SIZE, Looks};
use super::parts::{nothing, title};
use super::sight::Sight;
use super::structure::Structure;
use super::theme::{self, GRID, Palette};
use super::top;
use crate::document::Document;
use egui::{Context, Frame as Pane, Margin, Panel, ScrollArea, Theme, Ui, Vec2};
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::LogicalSize;
use nice_plug::editor::{ResizeHint, SizeConstraints};
use nice_plug_egui::baseview::{HandlerError, WindowSize};
use nice_plug_egui::{
    EguiEditor, EguiEditorState, EguiNiceSettings, Frame, NiceEguiApp, RepaintNotifier,
    create_egui_editor,
};
use std::sync::Arc;
use std::time::Duration;

/// How often the window looks whether something has changed.
const REFRESH: Duration = Duration::from_millis(33);

/// The editor that hosts open; egui draws it.
pub type Editor = EguiEditor<Window>;

/// The window's own state.
pub struct Window {
    desk: Arc<dyn Desk>,
    host: Option<GuiContext>,
    shown: Option<u64>,
    view: Arc<View>,
    document: Document,
    looks: Looks,
    code: Code,
    structure: Structure,
    controls: Controls,
    dock: Dock,
    keyboard: Keyboard,
    sight: Sight,
    typing: Typing,
}

/// Makes the editor for a plugin. Nothing is drawn before the host opens it.
pub fn open(desk: Arc<dyn Desk>) -> Option<Editor> {
    let looks = desk.looks().get();
    let state =
        EguiEditorState::from_size(LogicalSize::new(looks.size[0], looks.size[1]), looks.zoom);
    let least = LogicalSize::new(LEAST_SIZE[0], LEAST_SIZE[1]);
    let resize = ResizeHint {
        can_resize: true,
        size_constraints: SizeConstraints::Logical {
            min_size: Some(least),
            max_size: None,
        },
        ..ResizeHint::default()
    };
    let settings = EguiNiceSettings::new()
        .with_tile(desk.plugin())
        .with_resize_hint(resize);
    create_egui_editor(state, RepaintNotifier::new(), settings, Window::new(desk))
}

impl NiceEguiApp for Window {
    fn build(&mut self, ctx: Context, host: GuiContext, _: &mut Frame) -> Result<(), HandlerError> {
        self.attach(&ctx, host);
        Ok(())
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame) {
        self.draw(ui);
        frame.set_key_capture(taken_keys(self.typing));
    }

    fn resized(&mut self, size: WindowSize) {
        self.looks.size = [size.logical.width as f32, size.logical.height as f32];
        self.desk.looks().set(self.looks.clone());
    }

    fn editor_closed(&mut self) {
        self.close();
    }
}

impl Window {
    /// The window of a plugin.
    pub fn new(desk: Arc<dyn Desk>) -> Self {
        Self {
            looks: desk.looks().get(),
            desk,
            host: None,
            shown: None,
            view: Arc::default(),
            document: Document::default(),
            code: Code::default(),
            structure: Structure::default(),
            controls: Controls::default(),
            dock: Dock::default(),
            keyboard: Keyboard::default(),
            sight: Sight::default(),
            typing: Typing::default(),
        }
    }

    /// The window opens in this context, in a host.
    pub fn attach(&mut self, ctx: &Context, host: GuiContext) {
        theme::install(ctx);
        self.looks = self.desk.looks().get();
        self.host = Some(host);
        self.desk.look(true);
    }

    /// The window closes: what it holds is let go, how it looks is kept.
    pub fn close(&mut self) {
        self.keyboard.let_go(&*self.desk);
        self.desk.look(false);
        self.desk.looks().set(self.looks.clone());
        self.desk.looks().keep();
        self.host = None;
    }

    /// Where typing goes.
    pub fn typing(&self) -> Typing {
        self.typing
    }

    /// Draws a frame.
    pub fn draw(&mut self, ui: &mut Ui) {
        let before = self.looks.clone();
        self.follow(ui);
        let colors = Palette::of(ui);
        let pane = |fill, x: i8, y: i8| Pane::NONE.fill(fill).inner_margin(Margin::symmetric(x, y));
        Panel::top("top")
            .exact_size(44.0)
            .frame(pane(colors.base, 10, 0))
            .show(ui, |ui| self.top(ui));
        if self.looks.keyboard {
            Panel::bottom("keyboard")
                .exact_size(84.0)
                .frame(pane(colors.base, 10, 8))
                .show(ui, |ui| self.keyboard(ui));
        }
        if self.looks.structure {
            let panel = Panel::left("structure")
                .resizable(true)
                .default_size(220.0)
                .size_range(160.0..=420.0);
            panel
                .frame(pane(colors.panel, 10, 6))
                .show(ui, |ui| self.structure(ui));
        }
        if self.looks.controls {
            let panel = Panel::right("controls")
                .resizable(true)
                .default_size(270.0)
                .size_range(200.0..=480.0);
            panel
                .frame(pane(colors.panel, 14, 12))
                .show(ui, |ui| self.controls(ui));
        }
        if self.looks.dock {
            let panel = Panel::bottom("dock")
                .resizable(true)
                .default_size(140.0)
                .size_range(80.0..=420.0);
            panel
                .frame(pane(colors.panel, 10, 6))
                .show(ui, |ui| self.dock(ui));
        }
        egui::CentralPanel::default()
            .frame(pane(colors.sunken, 0, 0))
            .show(ui, |ui| {
                let size = &mut self.looks.code;
                self.code
                    .show(ui, &*self.desk, &self.view, self.typing, size);
            });
        self.remember(ui, &before);
        ui.ctx().request_repaint_after(REFRESH);
    }

    fn follow(&mut self, ui: &Ui) {
        let revision = self.desk.revision();
        if self.shown != Some(revision) {
            self.view = self.desk.view();
            self.document = self.desk.document();
            self.code.follow(&self.document);
            self.structure.follow(&self.document);
            self.shown = Some(revision);
        }
        self.typing = Typing::of(ui.ctx(), self.keyboard.typing && self.looks.keyboard);
        self.sight
            .follow(&*self.desk, ui.input(|input| input.stable_dt));
    }

    fn remember(&self, ui: &Ui, before: &Looks) {
        let theme = if self.looks.dark {
            Theme::Dark
        } else {
            Theme::Light
        };
        if ui.ctx().theme() != theme {
            ui.ctx().set_theme(theme);
        }
        if ui.ctx().zoom_factor() != self.looks.zoom {
            ui.ctx().set_zoom_factor(self.looks.zoom);
        }
        if *before != self.looks {
            self.desk.looks().set(self.looks.clone());
        }
    }

    fn top(&mut self, ui: &mut Ui) {
        let edited = self.code.is_any_changed();
        let wishes = top::show(ui, &*self.desk, &self.view, &mut self.looks, edited, |_| {});
        if wishes.panic {
            self.keyboard.let_go(&*self.desk);
        }
    }

    fn keyboard(&mut self, ui: &mut Ui) {
        self.keyboard
            .show(ui, &*self.desk, self.typing != Typing::Text);
    }

    fn structure(&mut self, ui: &mut Ui) {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            self.structure
                .show(ui, &*self.desk, &self.document, &mut self.code);
        });
    }

    fn controls(&mut self, ui: &mut Ui) {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = Vec2::new(2.0 * GRID, 2.0);
            if self.view.controls.is_empty() {
                title(ui, "Controls");
                nothing(ui, "This document has no controls.");
            }
            if let Some(host) = &self.host {
                self.controls
                    .show(ui, &*self.desk, &self.view.controls, &host.param_setter());
            }
        });
    }

    fn dock(&mut self, ui: &mut Ui) {
        self.dock
            .show(ui, &*self.desk, &self.view, &mut self.code, &mut self.sight);
    }
}
