//! What the window shows, and what it may ask for.

use crate::session::diagnostic::Diagnostic;
use nice_plug::prelude::FloatParam;
use std::path::Path;
use std::sync::Arc;

/// Whether the document is heard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sound {
    /// The host has not activated the plugin.
    #[default]
    Asleep,
    /// It plays.
    Playing,
    /// It is being built.
    Building,
    /// It does not play, for a reason that a person understands.
    Silent(String),
}

/// One Instr's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstrText {
    /// Its name.
    pub name: String,
    /// Its body, as typed.
    pub body: String,
}

/// One control with a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlView {
    /// The slot, 0..=127.
    pub slot: usize,
    /// The control's label.
    pub name: String,
    /// Its Instr.
    pub group: String,
}

/// All that the window shows, at one moment.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The document's name.
    pub document: String,
    /// Whether it is heard.
    pub sound: Sound,
    /// What is wrong with it.
    pub problems: Vec<Diagnostic>,
    /// The last lines that Csound and the plugin had to say.
    pub console: Vec<String>,
    /// The document's Instrs.
    pub instrs: Vec<InstrText>,
    /// The document's controls.
    pub controls: Vec<ControlView>,
}

/// The plugin, as the window sees it. GUI thread; nothing here waits for a build.
pub trait Desk: Send + Sync + 'static {
    /// The plugin's name.
    fn plugin(&self) -> &'static str;
    /// Changes whenever [`Desk::view`] does.
    fn revision(&self) -> u64;
    /// What to show.
    fn view(&self) -> Arc<View>;
    /// Load of the audio thread, 0..=1 and more, and whether anything sounds.
    fn meter(&self) -> (f32, bool);
    /// The parameter of a slot.
    fn slot(&self, slot: usize) -> Option<&FloatParam>;
    /// A slot's default, normalized.
    fn default_of(&self, slot: usize) -> f32;
    /// Has the control of a slot wait for the next MIDI controller and follow it from then on, or none.
    fn learn(&self, slot: Option<usize>);
    /// The slot that waits for a controller.
    fn learning(&self) -> Option<usize>;
    /// The MIDI controller that a slot has learned, 0..=119.
    fn controller_of(&self, slot: usize) -> Option<u8>;
    /// Takes the controller of a slot away.
    fn forget_controller(&self, slot: usize);
    /// Has the document use a sound file, which it names so, where it is now.
    fn relocate(&self, name: &str, path: &Path);
    /// Takes up changed bodies: tried first, then swapped in while the old ones ring out.
    fn apply(&self, changed: Vec<InstrText>);
    /// Ends everything that sounds.
    fn stop(&self);
    /// Lets a muted program sound again.
    fn resume(&self);
}
