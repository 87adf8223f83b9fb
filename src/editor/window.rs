//! The window's frame: its panes, and how it follows the plugin.

use super::browser::Browser;
use super::code::Code;
use super::controls::Controls;
use super::desk::{Desk, View};
use super::dock::Dock;
use super::files::Files;
use super::hints::{Hints, Places};
use super::keyboard::Keyboard;
use super::keys::Typing;
use super::looks::Looks;
use super::notice;
use super::parts::{nothing, title};
use super::sight::Sight;
use super::structure::Structure;
use super::theme::{self, GRID, Palette};
use super::top;
use crate::document::Document;
use egui::{Context, Frame as Pane, Margin, Panel, ScrollArea, Theme, Ui, Vec2, ViewportCommand};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::GuiContext;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How often the window looks whether something has changed.
const REFRESH: Duration = Duration::from_millis(33);

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
    browser: Browser,
    files: Files,
    hints: Hints,
    places: Places,
    typing: Typing,
}

impl Window {
    /// The window of a plugin.
    pub fn new(desk: Arc<dyn Desk>) -> Self {
        let mut files = Files::of_user();
        if let Some(path) = desk.file() {
            files.belongs_to(&path, desk.document());
        }
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
            browser: Browser::default(),
            files,
            hints: Hints::default(),
            places: Places::default(),
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
        self.code.close();
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

    /// Takes files that were dropped onto the window: documents, CSDs, sounds.
    pub(super) fn take_files(&mut self, paths: &[PathBuf]) {
        for path in paths {
            self.files.open(&*self.desk, path);
        }
    }

    /// Draws a frame.
    pub fn draw(&mut self, ui: &mut Ui) {
        let before = self.looks.clone();
        self.follow(ui);
        let colors = Palette::of(ui);
        let top = Panel::top("top").exact_size(44.0);
        let top = top.frame(pane(colors.base, 10, 0));
        top.show(ui, |ui| self.top(ui));
        notice::show(ui, &*self.desk, &self.view);
        self.places = Places::default();
        self.panes(ui);
        let code = egui::CentralPanel::default().frame(pane(colors.sunken, 0, 0));
        let code = code.show(ui, |ui| {
            let size = &mut self.looks.code;
            self.code
                .show(ui, &*self.desk, &self.view, self.typing, size);
        });
        self.places.code = Some(code.response.rect);
        self.browser.show(ui, &*self.desk);
        if !self.looks.hints_seen && self.hints.show(ui, &self.places) {
            self.looks.hints_seen = true;
        }
        self.remember(ui, &before);
        ui.ctx().request_repaint_after(REFRESH);
        if self.desk.closes() {
            ui.ctx().send_viewport_cmd(ViewportCommand::Close);
        }
    }

    /// The panes around the code, as far as they are wanted.
    fn panes(&mut self, ui: &mut Ui) {
        let colors = Palette::of(ui);
        // In a small window the code keeps the most of it.
        let Vec2 {
            x: width,
            y: height,
        } = ui.ctx().content_rect().size();
        if self.looks.keyboard {
            let panel = Panel::bottom("keyboard").exact_size(84.0);
            let panel = panel.frame(pane(colors.base, 10, 8));
            let shown = panel.show(ui, |ui| self.keyboard(ui));
            self.places.keyboard = Some(shown.response.rect);
        }
        if self.looks.structure {
            let panel = Panel::left("structure").resizable(true);
            let most = (width * 0.26).clamp(140.0, 420.0);
            let panel = panel.default_size(220.0).size_range(140.0..=most);
            let panel = panel.frame(pane(colors.panel, 10, 6));
            panel.show(ui, |ui| self.structure(ui));
        }
        if self.looks.controls {
            let panel = Panel::right("controls").resizable(true);
            let most = (width * 0.3).clamp(170.0, 480.0);
            let panel = panel.default_size(270.0).size_range(170.0..=most);
            let panel = panel.frame(pane(colors.panel, 14, 12));
            let shown = panel.show(ui, |ui| self.controls(ui));
            self.places.controls = Some(shown.response.rect);
        }
        if self.looks.dock {
            let panel = Panel::bottom("dock").resizable(true);
            let share = if height < 600.0 { 0.25 } else { 0.5 };
            let most = (height * share).clamp(90.0, 420.0);
            let panel = panel.default_size(140.0).size_range(90.0..=most);
            let panel = panel.frame(pane(colors.panel, 10, 6));
            panel.show(ui, |ui| self.dock(ui));
        }
    }

    fn follow(&mut self, ui: &Ui) {
        let revision = self.desk.revision();
        if self.shown != Some(revision) {
            self.view = self.desk.view();
            self.document = self.desk.document();
            self.code.follow(&self.document);
            self.structure.follow(&self.document);
            self.dock.files.follow(&self.document);
            self.shown = Some(revision);
        }
        self.files.follow(ui, &*self.desk);
        let notes = self.keyboard.typing && self.looks.keyboard;
        let api = self.host.as_ref().map(GuiContext::plugin_api);
        self.typing = Typing::of(ui.ctx(), notes, api == Some(PluginApi::Standalone));
        let seconds = ui.input(|input| input.stable_dt);
        self.sight.follow(&*self.desk, &self.document, seconds);
    }

    fn remember(&mut self, ui: &Ui, before: &Looks) {
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
        self.looks.size = ui.ctx().content_rect().size().into();
        if *before != self.looks {
            self.desk.looks().set(self.looks.clone());
        }
    }

    fn top(&mut self, ui: &mut Ui) {
        let news = top::News {
            edited: self.code.is_any_changed(),
            unsaved: self.files.is_unsaved(&self.document),
        };
        let (desk, files, browser) = (&*self.desk, &mut self.files, &mut self.browser);
        let menu = |ui: &mut Ui| {
            browser.buttons(ui, desk);
            files.menu(ui, desk);
        };
        let wishes = top::show(ui, desk, &self.view, &mut self.looks, news, menu);
        if wishes.panic {
            self.keyboard.let_go(desk);
        }
    }

    fn keyboard(&mut self, ui: &mut Ui) {
        self.keyboard
            .show(ui, &*self.desk, self.typing != Typing::Text);
    }

    fn structure(&mut self, ui: &mut Ui) {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            self.structure
                .show(ui, &*self.desk, &self.sight, &self.document, &mut self.code);
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
        self.dock.show(
            ui,
            &*self.desk,
            &self.view,
            &mut self.code,
            &mut self.sight,
            &mut self.looks.dock_tab,
        );
    }
}

fn pane(fill: egui::Color32, x: i8, y: i8) -> Pane {
    Pane::NONE.fill(fill).inner_margin(Margin::symmetric(x, y))
}
