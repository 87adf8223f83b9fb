//! What the window shows, and what it may ask for.

use super::looks::SharedLooks;
use crate::document::presets::Presets;
use crate::document::{Document, MOST_AUX};
use crate::session::command::NoteAddress;
use crate::session::diagnostic::Diagnostic;
use crate::session::ledger::Ledger;
use crate::session::{SoundingNote, When};
use nice_plug::prelude::FloatParam;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

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

/// What the user has changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// These bodies. Names that the document does not have are left out.
    Bodies(Vec<InstrText>),
    /// Anything: this document takes the place of the one it was made from. Its controls stay where they are.
    Document(Box<Document>),
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
    /// The argument's name in the text.
    pub argument: String,
    /// Labels of its values from the lowest to the highest; empty if it is no choice.
    pub choices: Vec<String>,
}

/// What a key of the window's keyboard does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Played {
    /// It goes down. Key 0..=127, velocity above 0 and up to 1.
    Down(u8, f64),
    /// It comes up.
    Up(u8),
}

/// How the plugin runs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Running {
    /// Hz, while it is active.
    pub sample_rate: Option<f64>,
    /// Samples from an input to the output it causes.
    pub latency: u32,
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
    /// How many edits [`Desk::roll_back`] can take back.
    pub past: usize,
    /// How many edits were built and wait for their beat or bar.
    pub waiting: usize,
    /// No child process could be started to try the document out, so it does not play; see [`Desk::trust`].
    pub untried: bool,
}

/// The plugin, as the window sees it. GUI thread; nothing here waits for a build.
pub trait Desk: Send + Sync + 'static {
    /// The plugin's name.
    fn plugin(&self) -> &'static str;
    /// The file of the document that the plugin began with, in the stand-alone program.
    fn file(&self) -> Option<PathBuf> {
        None
    }
    /// Whether the window is to close itself, in the stand-alone program.
    fn closes(&self) -> bool {
        false
    }
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
    /// Takes up an edit: tried first, then built, then swapped in at the moment given while what sounds plays on in the
    /// old code. An edit that fails leaves everything as it is, and [`View::problems`] says why. Several can wait.
    fn apply(&self, edit: Edit, when: When);
    /// Goes back to the document before the last edit, at the moment given; nothing if there is none. The values of its
    /// controls are those of now.
    fn roll_back(&self, when: When);
    /// The user has been told that the document cannot be tried out, that it may end the host when it is compiled, and
    /// wants it all the same: now, and for as long as the plugin lives.
    fn trust(&self);
    /// What the audio thread's work costs, and what for.
    fn ledger(&self) -> Ledger;
    /// How long the process call has taken that runs now; `None` between calls. More than a quarter of a second means
    /// that an instrument is in a loop, and that the project should be saved: nothing can end it but the host's end.
    fn in_process_for(&self) -> Option<Duration>;
    /// Whether the oldest notes are released when the audio thread comes too late, three blocks and more in a row.
    fn relieve(&self, on: bool);
    /// Ends everything that sounds.
    fn stop(&self);
    /// Lets a muted program sound again.
    fn resume(&self);
    /// The document as it stands, the values of its controls included: a copy.
    fn document(&self) -> Document;
    /// Opens a document in place of this one, in the background.
    fn open(&self, document: Document);
    /// The documents to choose from that fit this plugin. Reads the user's folder.
    fn presets(&self) -> Presets;
    /// Plays a key.
    fn play(&self, played: Played);
    /// The notes that sound, while the window looks.
    fn notes(&self) -> Vec<SoundingNote>;
    /// Moves a slot's control away from the slot's value for one sounding note alone: by a normalized offset, in place
    /// of the one before. A note can have 16 controls moved so.
    fn set_note(&self, note: NoteAddress, slot: usize, offset: f64);
    /// Sample rate and latency.
    fn running(&self) -> Running;
    /// Whether the window looks at the output; nothing is kept for it otherwise.
    fn look(&self, on: bool);
    /// The last frames of the main output, left and right, oldest first, in place of what `into` holds.
    fn heard(&self, into: &mut Vec<[f32; 2]>);
    /// How loud each of the document's first buses has been since this was last asked, linear, while the window looks; 0 for
    /// control buses. Not all of them, if they are very many.
    fn take_bus_levels(&self, buses: usize) -> Vec<f32>;
    /// The same of the auxiliary outputs, left and right.
    fn take_aux_levels(&self) -> [[f32; 2]; MOST_AUX];
    /// How the window looks, which is kept with the project.
    fn looks(&self) -> &SharedLooks;
}
