//! Layers: what one note starts. Plain data that a document spells out.

use std::collections::BTreeMap;

/// What starts a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trigger {
    /// A note.
    #[default]
    Note,
    /// Nothing: its parts sound as long as the program runs.
    Always,
}

/// How many notes a layer plays at once, and what a second one does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Every note has synths of its own.
    #[default]
    Poly,
    /// A new note releases the sounding one.
    Mono,
    /// A new note gives its values to the sounding one.
    Legato,
}

/// When a part hears of the note-off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Release {
    /// At once if its body has a release, else after the parts of lower priority.
    #[default]
    Auto,
    /// At once.
    Note,
    /// When all parts of lower priority of that note have ended, plus one cycle.
    After,
}

/// A value that a part gives to an argument.
#[derive(Clone, Debug, PartialEq)]
pub enum ArgValue {
    /// A number.
    Number(f64),
    /// A string.
    Text(String),
    /// A bus or a table of the document by its name, without the `@`.
    Bus(String),
    /// A bus private to the note, by its name, without the `@` (`note`, `note2`, ...).
    NoteBus(String),
}

/// Where a bound argument takes its value from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The key with tuning and bend, in semitones.
    Key,
    /// The same in Hz.
    Frequency,
    /// 0..=1.
    Velocity,
    /// 0..=1.
    Pressure,
    /// 0..=1.
    Timbre,
    /// 0..=1.
    Vibrato,
    /// 0..=1.
    Expression,
    /// -1..=1.
    Pan,
    /// Linear.
    Gain,
    /// -1..=1.
    Bend,
    /// 0..=1.
    Controller(u8),
}

/// Adds `amount` times a source to an argument.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Binding {
    /// The source.
    pub from: Source,
    /// Its weight, in the argument's own unit.
    pub amount: f64,
}

/// One Instr of a layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Name of the Instr.
    pub instr: String,
    /// 1 and up; a higher one is evaluated later.
    pub priority: u32,
    /// Arguments that the part fixes.
    pub args: BTreeMap<String, ArgValue>,
    /// When it hears of the note-off.
    pub release: Release,
}

/// What one note starts, or what always sounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// A name for people.
    pub name: String,
    /// What starts it.
    pub trigger: Trigger,
    /// Lowest and highest key, 0..=127.
    pub keys: (u8, u8),
    /// Lowest and highest velocity, 1..=127.
    pub velocities: (u8, u8),
    /// 0 for any, else 1..=16.
    pub channel: u8,
    /// How many notes may be held at once, 1 and up.
    pub voices: u32,
    /// What a second note does.
    pub mode: Mode,
    /// Arguments bound to what the note does.
    pub bind: BTreeMap<String, Binding>,
    /// The Instrs it starts.
    pub parts: Vec<Part>,
}

impl Default for Layer {
    fn default() -> Self {
        Self {
            name: String::new(),
            trigger: Trigger::Note,
            keys: (0, 127),
            velocities: (1, 127),
            channel: 0,
            voices: 16,
            mode: Mode::Poly,
            bind: BTreeMap::new(),
            parts: Vec::new(),
        }
    }
}
