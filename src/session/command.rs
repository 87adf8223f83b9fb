//! What crosses to the audio thread, and what comes back: closed enums without heap data.

use super::curve::Mode;
use super::name::NameId;
use std::num::NonZeroU64;

/// Which notes a message means. `None` stands for "any" in a message that ends or shapes notes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoteAddress {
    /// MIDI channel, 0..=15.
    pub channel: Option<u8>,
    /// MIDI key, 0..=127.
    pub key: Option<u8>,
    /// The host's own id of the note, where it gives one.
    pub id: Option<i32>,
}

impl NoteAddress {
    /// The address of a plain MIDI note: channel 0..=15, key 0..=127.
    pub fn midi(channel: u8, key: u8) -> Self {
        Self {
            channel: Some(channel),
            key: Some(key),
            id: None,
        }
    }

    /// Whether a message to `self` reaches the note `other`. An id on both sides decides alone;
    /// otherwise channel and key must agree where both are given.
    pub fn reaches(&self, other: &NoteAddress) -> bool {
        match (self.id, other.id) {
            (Some(a), Some(b)) => a == b,
            _ => agrees(self.channel, other.channel) && agrees(self.key, other.key),
        }
    }
}

fn agrees(a: Option<u8>, b: Option<u8>) -> bool {
    a.is_none() || b.is_none() || a == b
}

/// A per-note expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expression {
    /// Semitones added to the key.
    Tuning,
    /// 0..=1.
    Pressure,
    /// Brightness, 0..=1.
    Timbre,
    /// 0..=1.
    Vibrato,
    /// 0..=1.
    Expression,
    /// -1 (left) ..= 1 (right).
    Pan,
    /// Linear gain, 1 leaves the note as it is.
    Gain,
}

/// A value for a host parameter slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SlotValue {
    /// 0..=1 along the control's range and curve, as hosts give it.
    Normalized(f64),
    /// In the control's own units.
    Plain(f64),
}

/// A synth that the session started: an index into a fixed table and the generation of that entry,
/// so that a handle to an ended synth never reaches another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SynthId {
    pub(crate) index: u32,
    pub(crate) generation: u32,
}

/// An automation that the session started; made like a [`SynthId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AutomationId {
    pub(crate) index: u32,
    pub(crate) generation: u32,
}

/// A bus that the session assigned; made like a [`SynthId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BusId {
    pub(crate) index: u32,
    pub(crate) generation: u32,
}

/// A bus, whoever made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BusKey {
    /// Assigned by the session.
    Assigned(BusId),
    /// A bus of the document.
    Named(NameId),
}

/// What an automation moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moves {
    /// A control of a synth.
    Control(SynthId, ArgKey),
    /// A control bus.
    Bus(BusKey),
}

/// An argument of a synth: its name, or a bare p-field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArgKey {
    /// A declared argument or an alias.
    Name(NameId),
    /// p-field number, 5 and up.
    Place(u16),
}

/// How long a synth sounds, in samples: a sample at the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lasting {
    length: NonZeroU64,
    told: NonZeroU64,
}

impl Lasting {
    /// So long; its body is told another length where it is stopped before its time.
    pub fn new(length: u64, told: u64) -> Self {
        let samples = |count| NonZeroU64::new(count).unwrap_or(NonZeroU64::MIN);
        Self {
            length: samples(length),
            told: samples(told),
        }
    }

    /// How long it sounds.
    pub fn length(self) -> u64 {
        self.length.get()
    }

    /// How long its body is told that it sounds.
    pub fn told(self) -> u64 {
        self.told.get()
    }
}

/// What the session, the plugin or the renderer asks of the performer.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(
    missing_docs,
    reason = "the sentence on each variant tells what its fields are"
)]
pub enum Command {
    /// Starts a note in every layer that takes it. Velocity 0..=1.
    NoteOn { note: NoteAddress, velocity: f64 },
    /// Releases notes.
    NoteOff { note: NoteAddress },
    /// Ends notes at once, without release.
    Choke { note: NoteAddress },
    /// Sets an expression of notes.
    Express {
        note: NoteAddress,
        kind: Expression,
        value: f64,
    },
    /// Pitch bend of a channel, -1..=1.
    Bend { channel: u8, value: f64 },
    /// Pressure of a channel, 0..=1.
    ChannelPressure { channel: u8, value: f64 },
    /// A controller of a channel, 0..=1.
    Controller { channel: u8, number: u8, value: f64 },
    /// Releases every note.
    AllNotesOff,
    /// Ends every synth at once.
    Panic,
    /// Lets muted programs sound again, from silence.
    Unmute,
    /// Whether the oldest note is released whenever process calls come too late, three and more in a row.
    Relieve { on: bool },
    /// A host parameter moved.
    Slot { slot: u8, value: SlotValue },
    /// Monophonic modulation of a slot: a normalized offset that is added to its value.
    SlotModulation { slot: u8, offset: f64 },
    /// Modulation of a slot for single notes: a normalized offset.
    NoteModulation {
        slot: u8,
        note: NoteAddress,
        offset: f64,
    },
    /// Starts a synth of the session. Its arguments were sent before, by [`Command::Argument`].
    Start {
        /// The handle, minted by the session.
        synth: SynthId,
        /// The Instr's name.
        instr: NameId,
        /// 1 and up.
        priority: u16,
        /// How long it sounds; `None` until stopped.
        lasting: Option<Lasting>,
    },
    /// A start value for a synth that has not started yet.
    Argument {
        synth: SynthId,
        key: ArgKey,
        value: f64,
    },
    /// Sets a control of a synth.
    Set {
        synth: SynthId,
        key: ArgKey,
        value: f64,
    },
    /// Stops a synth: released when it plays, cancelled when it has not started.
    Stop { synth: SynthId },
    /// Stops every synth of the session, those that have not started too if `future`.
    StopAll { future: bool },
    /// The next point of an automation that has not begun: seconds from its begin, and a value. Takes effect when it
    /// is received.
    Point {
        automation: AutomationId,
        time: f64,
        value: f64,
    },
    /// Begins an automation whose points were sent before. Others of the same control or bus end.
    Automate {
        /// The handle, minted by the session.
        automation: AutomationId,
        /// What it moves.
        moves: Moves,
        /// The shape between points.
        mode: Mode,
        /// Begin with the value that is there.
        overtake: bool,
    },
    /// Ends an automation; the control stays where it is.
    Cancel { automation: AutomationId },
    /// Makes a bus valid in every program: under this token; a control bus with this value, an audio bus without one.
    AssignBus {
        bus: BusId,
        token: f64,
        value: Option<f64>,
    },
    /// Makes the token of a bus invalid.
    FreeBus { bus: BusId },
    /// Sets a control bus.
    SetBus { bus: BusKey, value: f64 },
}

impl Command {
    /// Whether it says how things stand from now on, apart from what sounds.
    pub(crate) fn is_lasting(&self) -> bool {
        matches!(
            self,
            Self::AssignBus { .. }
                | Self::FreeBus { .. }
                | Self::SetBus { .. }
                | Self::Slot { .. }
                | Self::SlotModulation { .. }
                | Self::Relieve { .. }
        )
    }
}

/// A command and the session time, in samples, at which it acts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timed {
    /// Session time in samples. A time that has passed acts at once.
    pub at: u64,
    /// What to do.
    pub command: Command,
}

/// What the performer tells the session.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(
    missing_docs,
    reason = "the sentence on each variant tells what its fields are"
)]
pub enum Report {
    /// A synth of the session sounds.
    Started { synth: SynthId },
    /// A synth of the session is gone, its release included.
    Ended { synth: SynthId, how: Ending },
    /// A synth failed when it was started; the message is in the program's log.
    InitFailed { instr: NameId },
    /// A program was muted.
    Muted { reason: Fault },
    /// A program took over.
    Swapped,
    /// A program was given back: its latency or its sample rate differs, so processing must be restarted for it.
    NeedsRestart,
    /// An automation is over: at its end, ended by a newer one, cancelled, or its synth or bus is gone.
    AutomationEnded { automation: AutomationId },
    /// A bus is free to be assigned again.
    BusFreed { bus: BusId },
    /// An instrument has used a bus that does not exist, or a token of the wrong kind.
    WrongBus { token: f64 },
    /// Three process calls in a row took longer than their blocks sound; the Instr costs most, if that is known.
    Overloaded { instr: Option<NameId> },
    /// Commands, notes or host events that found no room since the last report.
    Dropped { count: u32 },
}

/// How a synth of the session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It played to its end, release included.
    Played,
    /// It was cancelled before it started.
    Cancelled,
    /// Its init pass failed.
    Failed,
    /// The program has no such Instr at that priority, or no slice was free.
    Refused,
}

/// Why a program was silenced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A sample was not a number or infinite.
    NotFinite,
    /// A sample was above +24 dBFS.
    TooLoud,
    /// Csound left its cycle by a long jump, with this code.
    Stopped(i32),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::NotFinite => f.write_str("a sample was not a number, or infinite"),
            Fault::TooLoud => f.write_str("a sample was louder than +24 dBFS"),
            Fault::Stopped(code) => write!(f, "Csound broke off with code {code}"),
        }
    }
}

/// What the performer asks the plugin to tell the host.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(
    missing_docs,
    reason = "the sentence on each variant tells what its fields are"
)]
pub enum HostEvent {
    /// All synths of a note have ended.
    VoiceEnded { offset: u32, note: NoteAddress },
    /// A note that an instrument plays.
    NoteOn {
        offset: u32,
        channel: u8,
        key: u8,
        velocity: f64,
    },
    /// The end of a note that an instrument plays.
    NoteOff { offset: u32, channel: u8, key: u8 },
    /// A controller that an instrument sends, 0..=1.
    Controller {
        offset: u32,
        channel: u8,
        number: u8,
        value: f64,
    },
}
