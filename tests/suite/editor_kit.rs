//! The window without a screen: drawn and driven by egui's own harness, over a desk that remembers what is asked of it.

use csound_session::document::Document;
use csound_session::document::presets::Presets;
use csound_session::editor::{
    ControlView, Desk, Edit, InstrText, Played, Running, SharedLooks, View, Window,
};
use csound_session::session::command::NoteAddress;
use csound_session::session::ledger::Ledger;
use csound_session::session::{SoundingNote, When};
use egui_kittest::Harness;
use nice_plug::context::PluginApi;
use nice_plug::context::gui::{GuiContext, GuiContextInner};
use nice_plug::params::internals::ParamPtr;
use nice_plug::prelude::{FloatParam, FloatRange, Param, PluginState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the window has asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    Apply(Edit, When),
    RollBack,
    Stop,
    Open(Box<Document>),
    Learn(Option<usize>),
    Relocate(String, std::path::PathBuf),
    Play(Played),
    SetNote(NoteAddress, usize, f64),
    Begin(usize),
    Set(usize, f32),
    End(usize),
}

/// A desk without a plugin behind it.
pub struct TestDesk {
    document: Mutex<Document>,
    view: Mutex<Arc<View>>,
    revision: AtomicU64,
    slots: Vec<FloatParam>,
    looks: SharedLooks,
    asked: Mutex<Vec<Asked>>,
    /// What sounds.
    pub notes: Mutex<Vec<SoundingNote>>,
    /// There is no host.
    pub alone: AtomicBool,
    /// How loud buses and auxiliary outputs are.
    pub levels: Mutex<(Vec<f32>, [[f32; 2]; 3])>,
}

impl TestDesk {
    /// A desk of a document with these Instrs, and two controls: a level from 0 to 1, and a choice of three.
    pub fn new(bodies: &[(&str, &str)]) -> Arc<Self> {
        let entry = |(name, body): &(&str, &str)| csound_session::document::InstrEntry {
            name: (*name).into(),
            body: (*body).into(),
            ..Default::default()
        };
        let document = Document {
            name: "Test piece".into(),
            instr: bodies.iter().map(entry).collect(),
            ..Document::default()
        };
        let slot = |slot: usize| {
            let param = FloatParam::new(
                format!("Slot {slot}"),
                0.5,
                FloatRange::Linear { min: 0.0, max: 1.0 },
            );
            let text = |value: f32| format!("{:.0} %", value * 100.0);
            param
                .with_value_to_string(Arc::new(text))
                .with_string_to_value(Arc::new(|text| {
                    Some(text.trim_end_matches(['%', ' ']).parse::<f32>().ok()? / 100.0)
                }))
        };
        let desk = Self {
            document: Mutex::new(document),
            view: Mutex::default(),
            revision: AtomicU64::new(0),
            slots: (0..2).map(slot).collect(),
            looks: SharedLooks::default(),
            asked: Mutex::default(),
            notes: Mutex::default(),
            alone: AtomicBool::new(false),
            levels: Mutex::default(),
        };
        let mut looks = desk.looks.get();
        looks.hints_seen = true;
        desk.looks.set(looks);
        desk.change(|view| {
            view.controls = vec![
                control(0, "Level", &[]),
                control(1, "Wave", &["saw", "square", "triangle"]),
            ]
        });
        Arc::new(desk)
    }

    /// Changes what is to be shown.
    pub fn change(&self, change: impl FnOnce(&mut View)) {
        let mut view = View::clone(&self.view.lock().expect("no panic"));
        let document = self.document.lock().expect("no panic");
        view.document.clone_from(&document.name);
        view.instrs = document
            .instr
            .iter()
            .map(|entry| InstrText {
                name: entry.name.clone(),
                body: entry.body.clone(),
            })
            .collect();
        drop(document);
        change(&mut view);
        *self.view.lock().expect("no panic") = Arc::new(view);
        self.revision.fetch_add(1, Ordering::SeqCst);
    }

    /// Replaces the document.
    pub fn take(&self, document: Document) {
        *self.document.lock().expect("no panic") = document;
        self.change(|_| {});
    }

    /// What was asked for since this was last called.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().expect("no panic"))
    }

    fn ask(&self, asked: Asked) {
        self.asked.lock().expect("no panic").push(asked);
    }

    fn slot_of(&self, param: ParamPtr) -> usize {
        let is = |slot: &FloatParam| slot.as_ptr() == param;
        self.slots
            .iter()
            .position(is)
            .expect("a parameter of the desk")
    }
}

fn control(slot: usize, name: &str, choices: &[&str]) -> ControlView {
    ControlView {
        slot,
        name: name.into(),
        group: "synth".into(),
        argument: format!("k{}", name.to_lowercase()),
        choices: choices.iter().map(|label| (*label).to_owned()).collect(),
    }
}

impl Desk for TestDesk {
    fn plugin(&self) -> &'static str {
        "Test"
    }
    fn revision(&self) -> u64 {
        self.revision.load(Ordering::SeqCst)
    }
    fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.lock().expect("no panic"))
    }
    fn meter(&self) -> (f32, bool) {
        (0.25, false)
    }
    fn slot(&self, slot: usize) -> Option<&FloatParam> {
        self.slots.get(slot)
    }
    fn default_of(&self, _: usize) -> f32 {
        0.5
    }
    fn apply(&self, edit: Edit, when: When) {
        self.ask(Asked::Apply(edit, when));
    }
    fn roll_back(&self, _: When) {
        self.ask(Asked::RollBack);
    }
    fn learn(&self, slot: Option<usize>) {
        self.ask(Asked::Learn(slot));
    }
    fn learning(&self) -> Option<usize> {
        None
    }
    fn controller_of(&self, _: usize) -> Option<u8> {
        None
    }
    fn forget_controller(&self, _: usize) {}
    fn relocate(&self, name: &str, path: &std::path::Path) {
        self.ask(Asked::Relocate(name.to_owned(), path.to_owned()));
    }
    fn presets(&self) -> Presets {
        Presets::factory()
    }
    fn trust(&self) {}
    fn ledger(&self) -> Ledger {
        Ledger::default()
    }
    fn in_process_for(&self) -> Option<Duration> {
        None
    }
    fn relieve(&self, _: bool) {}
    fn stop(&self) {
        self.ask(Asked::Stop);
    }
    fn resume(&self) {}
    fn document(&self) -> Document {
        self.document.lock().expect("no panic").clone()
    }
    fn open(&self, document: Document) {
        self.ask(Asked::Open(Box::new(document)));
    }
    fn play(&self, played: Played) {
        self.ask(Asked::Play(played));
    }
    fn notes(&self) -> Vec<SoundingNote> {
        self.notes.lock().expect("no panic").clone()
    }
    fn set_note(&self, note: NoteAddress, slot: usize, offset: f64) {
        self.ask(Asked::SetNote(note, slot, offset));
    }
    fn running(&self) -> Running {
        Running::default()
    }
    fn look(&self, _: bool) {}
    fn heard(&self, into: &mut Vec<[f32; 2]>) {
        into.clear();
    }
    fn take_bus_levels(&self, buses: usize) -> Vec<f32> {
        let shown = self.levels.lock().expect("no panic");
        shown.0.iter().copied().take(buses).collect()
    }
    fn take_aux_levels(&self) -> [[f32; 2]; 3] {
        self.levels.lock().expect("no panic").1
    }
    fn looks(&self) -> &SharedLooks {
        &self.looks
    }
}

/// The host of the test desk: it does with parameters what a host does, and remembers it.
struct Host(Arc<TestDesk>);

impl GuiContextInner for Host {
    fn plugin_api(&self) -> PluginApi {
        let apis = [PluginApi::Clap, PluginApi::Standalone];
        apis[usize::from(self.0.alone.load(Ordering::Relaxed))]
    }
    unsafe fn raw_begin_set_parameter(&self, param: ParamPtr) {
        self.0.ask(Asked::Begin(self.0.slot_of(param)));
    }
    unsafe fn raw_set_parameter_normalized(&self, param: ParamPtr, normalized: f32) {
        // SAFETY: the pointer is that of a parameter of the desk, which lives as long as this.
        unsafe { param._internal_set_normalized_value(normalized) };
        self.0.ask(Asked::Set(self.0.slot_of(param), normalized));
    }
    unsafe fn raw_end_set_parameter(&self, param: ParamPtr) {
        self.0.ask(Asked::End(self.0.slot_of(param)));
    }
    fn get_state(&self) -> PluginState {
        panic!("the window keeps its hands off the state")
    }
    fn set_state(&self, _: PluginState) {
        panic!("the window keeps its hands off the state")
    }
    fn request_restart(&self) {}
}

/// A window of this size over the desk, drawn once or twice.
pub fn window_of(desk: &Arc<TestDesk>, size: [f32; 2]) -> Harness<'static, Window> {
    let window = Window::new(Arc::clone(desk) as Arc<dyn Desk>);
    let host = GuiContext::new(Arc::new(Host(Arc::clone(desk))));
    let mut attached = false;
    let mut harness = Harness::builder()
        .with_size(size)
        .with_max_steps(64)
        .with_step_dt(1.0 / 60.0)
        .build_ui_state(
            move |ui, window: &mut Window| {
                if !std::mem::replace(&mut attached, true) {
                    window.attach(ui.ctx(), host.clone());
                    // Fonts come with the next frame.
                    return;
                }
                window.draw(ui);
            },
            window,
        );
    harness.run_steps(3);
    harness
}

/// A window over the desk.
pub fn window(desk: &Arc<TestDesk>) -> Harness<'static, Window> {
    window_of(desk, [1120.0, 720.0])
}

/// The window in a bare context, to measure what a frame costs: drawn and cut into triangles, but not for a screen.
pub struct Bare {
    ctx: egui::Context,
    window: Window,
    time: f64,
    /// Corners of the triangles of the last frame.
    pub corners: usize,
}

impl Bare {
    pub fn new(desk: &Arc<TestDesk>) -> Self {
        let mut bare = Self {
            ctx: egui::Context::default(),
            window: Window::new(Arc::clone(desk) as Arc<dyn Desk>),
            time: 0.0,
            corners: 0,
        };
        let host = GuiContext::new(Arc::new(Host(Arc::clone(desk))));
        bare.window.attach(&bare.ctx, host);
        (0..5).for_each(|_| {
            bare.frame(Vec::new());
        });
        bare
    }

    /// Draws a frame with these events; how long that took on the processor, in ms.
    pub fn frame(&mut self, events: Vec<egui::Event>) -> f64 {
        self.time += 1.0 / 60.0;
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(
                egui::Pos2::ZERO,
                egui::vec2(1120.0, 720.0),
            )),
            time: Some(self.time),
            events,
            focused: true,
            ..egui::RawInput::default()
        };
        let begun = cpu_time();
        let mut output = self.ctx.run_ui(input, |ui| self.window.draw(ui));
        output.textures_delta.clear();
        let triangles = self.ctx.tessellate(output.shapes, 1.0);
        let took = (cpu_time() - begun) * 1e3;
        let corners = triangles.iter().map(|part| match &part.primitive {
            egui::epaint::Primitive::Mesh(mesh) => mesh.vertices.len(),
            egui::epaint::Primitive::Callback(_) => 0,
        });
        self.corners = corners.sum();
        took
    }
}

/// What a frame costs, median, in ms of processor time.
#[derive(Clone, Copy, Debug)]
pub struct Frames {
    /// In which a letter is typed.
    pub typing: f64,
    /// In which the cursor moves down.
    pub moving: f64,
    /// In which nothing happens.
    pub resting: f64,
}

/// A window with 2,000 lines of code in which somebody writes, and what its frames cost.
pub fn frames_of_2000_lines() -> (Bare, Frames) {
    let line = "asig vco2 0.3 * kamp, mtof:k(kmidi) * (1 + kdetune), 0, 0.5 ; a line of code\n";
    let desk = TestDesk::new(&[("synth", &line.repeat(2_000))]);
    let mut bare = Bare::new(&desk);
    let click = |pressed| egui::Event::PointerButton {
        pos: egui::pos2(500.0, 300.0),
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: egui::Modifiers::NONE,
    };
    let moved = egui::Event::PointerMoved(egui::pos2(500.0, 300.0));
    for event in [moved.clone(), click(true), click(false)] {
        bare.frame(vec![event]);
    }
    let down = egui::Event::Key {
        key: egui::Key::ArrowDown,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: egui::Modifiers::NONE,
    };
    let median = |bare: &mut Bare, event: egui::Event| {
        let mut times: Vec<f64> = (0..25).map(|_| bare.frame(vec![event.clone()])).collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let frames = Frames {
        typing: median(&mut bare, egui::Event::Text("x".into())),
        moving: median(&mut bare, down),
        resting: median(&mut bare, moved),
    };
    (bare, frames)
}

/// Seconds that this thread has had on a processor.
fn cpu_time() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
