//! A program: one compiled, running Csound and everything the audio thread needs to play it.
//!
//! Built by [`Program::build`] on any thread but the audio thread, then moved to the performer, which is the only
//! one to touch it until it moves back to be dropped.

pub(crate) mod api;
mod build;
mod buses;
mod channels;
pub(crate) mod controls;
mod costs;
mod ending;
mod journal;
pub(crate) mod mpe;
mod needs;
mod note;
mod note_out;
mod notes;
mod parts;
pub(crate) mod plan;
mod resolve;
mod shared;
mod slots;
mod start;
mod synths;
mod tables;
mod transport;
pub(crate) mod voices;
mod warm_up;

pub(in crate::session) use build::store_table;
pub use build::{ProgramSpec, diagnose};
pub use journal::{Deed, Entry, Journal};
pub(crate) use plan::MAX_FIELDS;
pub(crate) use resolve::slot_arg;
pub(crate) use synths::FRACTIONS;
pub(crate) use transport::Moment;
pub use transport::Transport;

use crate::csound::{Csound, Performed, Table};
use crate::session::command::{Fault, Report};
use crate::session::fifo::Fifo;
use crate::session::handover::Takeover;
use crate::session::layer::Trigger;
use crate::session::orchestra::Sources;
use crate::session::outbox::Outbox;
use crate::session::performer::MIN_LATENCY;
use buses::NoteBuses;
use channels::Channels;
use controls::Controls;
use costs::Costs;
use note_out::NoteOut;
use notes::{HeldKeys, Notes};
use plan::Plan;
use shared::SharedBuses;
use slots::Slots;
use std::sync::Arc;
use synths::{Slice, Synths};
use transport::TransportChannels;

/// A sample above this is not music: +24 dBFS.
const LOUDEST: f64 = 15.848_931_924_611_133;
/// Samples below this become 0: some hosts refuse subnormal ones.
const SMALLEST: f64 = 1e-30;

/// One compiled, running Csound instance, and who sounds in it.
pub struct Program {
    /// Tells it from all others in this process.
    id: u32,
    sources: Arc<Sources>,
    csound: Csound,
    plan: Plan,
    table: Table,
    /// Tables that the session has made for instruments to write.
    kept: Vec<Table>,
    cells: Cells,
    /// `None` when no code reads it.
    transport: Option<TransportChannels>,
    /// `None` when no code writes it.
    note_out: Option<NoteOut>,
    channels: Channels,
    slots: Slots,
    synths: Synths,
    costs: Costs,
    notes: Notes,
    /// By layer.
    held: Vec<HeldKeys>,
    buses: NoteBuses,
    shared: SharedBuses,
    /// Synths whose release is sent at the next cycle.
    due: Vec<Slice>,
    /// Synths found to have ended; empty between cycles.
    gone: Vec<Slice>,
    muted: Option<Fault>,
    /// Audio was made since it was built.
    performed: bool,
    /// Some of its code may read the host's input.
    hears: bool,
    shape: Shape,
    /// Written when it is sent to the performer.
    pub(crate) takeover: Takeover,
    /// Which document it was built from, for who keeps it meanwhile.
    pub(crate) revision: u64,
    /// For a performer of another shape: it exchanges its own for this one.
    pub(crate) fifo: Fifo,
}

/// Numbers that the performer must know of a program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Samples a second.
    pub sample_rate: f64,
    /// Samples a cycle, 1..=128.
    pub ksmps: usize,
    /// Main outputs.
    pub channels: usize,
    /// Auxiliary stereo outputs.
    pub aux: usize,
    /// Hz of key 69.
    pub a4: f64,
    /// Held notes start again in a program that replaces this one, instead of staying in it.
    pub retrigger: bool,
}

impl Shape {
    /// Samples from an input to the output it causes: at least [`MIN_LATENCY`], at least a cycle.
    pub fn latency(&self) -> u32 {
        MIN_LATENCY.max(self.ksmps as u32)
    }

    /// Whether programs of both shapes can sound together.
    pub(crate) fn fits(&self, other: &Shape) -> bool {
        let key = |shape: &Shape| (shape.ksmps, shape.channels, shape.aux);
        key(self) == key(other) && self.sample_rate == other.sample_rate
    }

    /// All outputs: the main ones, then the auxiliary ones.
    pub fn outputs(&self) -> usize {
        self.channels + 2 * self.aux
    }
}

/// Where things stand in the control table.
#[derive(Clone, Copy, Debug)]
struct Cells {
    /// Cells in a slice.
    size: usize,
    alive: usize,
    duration: usize,
    extra: usize,
    /// The first control.
    controls: usize,
}

impl Cells {
    fn slice(&self, slice: Slice) -> usize {
        slice as usize * self.size
    }
}

impl Program {
    /// Tells it from all others in this process.
    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    /// What reading its messages takes.
    pub(crate) fn sources(&self) -> Arc<Sources> {
        Arc::clone(&self.sources)
    }

    /// Sample rate, cycle and channels.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Whether it has made audio, so that the same events would no longer give the same sound.
    pub fn has_performed(&self) -> bool {
        self.performed
    }

    /// Starts the always-on parts, some samples into the cycle, and takes over where the host's parameters stand.
    /// Realtime-safe.
    pub(crate) fn begin(&mut self, controls: &Controls, offset: usize, outbox: &mut Outbox) {
        for slot in 0..self.plan.slots.len() {
            if let Some(plan) = self.plan.slots[slot] {
                self.slots.take(slot, &plan, &controls.slots[slot]);
            }
        }
        self.slots.take_changed();
        self.write_defaults(u128::MAX);
        if let Some(note_out) = &mut self.note_out {
            note_out.skip(&self.csound);
        }
        self.start_always(offset, outbox);
    }

    /// One cycle: sends what is due, performs, finds out who has ended. Silent and at rest when muted.
    /// Realtime-safe.
    pub(crate) fn perform(&mut self, input: &[f64], moment: &Moment, outbox: &mut Outbox) {
        if self.muted.is_some() {
            return;
        }
        self.performed = true;
        self.send_due();
        if let Some(transport) = &mut self.transport {
            transport.write(&mut self.csound, moment);
        }
        if self.hears {
            self.csound.input().copy_from_slice(input);
        }
        match self.csound.perform_cycle() {
            Performed::Done => {
                if let Some(note_out) = &mut self.note_out {
                    note_out.drain(&self.csound, outbox);
                }
                self.find_ended(outbox);
            }
            Performed::Ended => self.mute(Fault::Stopped(0), outbox),
            Performed::Failed(code) => self.mute(Fault::Stopped(code), outbox),
        }
    }

    /// The last cycle's output if it is sound; mutes the program if it is not. Realtime-safe.
    pub(crate) fn output(&mut self, outbox: &mut Outbox) -> Option<&[f64]> {
        if self.muted.is_some() {
            return None;
        }
        if let Some(fault) = fault(self.csound.output()) {
            self.mute(fault, outbox);
            return None;
        }
        Some(self.csound.output())
    }

    /// Writes the last cycle's output to `mix` if it is sound; mutes the program and returns false if it is not.
    /// Realtime-safe.
    pub(crate) fn output_to(&mut self, mix: &mut [f64], outbox: &mut Outbox) -> bool {
        if self.muted.is_some() {
            return false;
        }
        // One pass for both; without an early end samples are looked at side by side.
        let output = self.csound.output();
        let is_music = mix
            .iter_mut()
            .zip(output)
            .fold(true, |music, (mix, sample)| {
                *mix = flushed(*sample);
                music & is_music(*sample)
            });
        if !is_music && let Some(fault) = fault(output) {
            self.mute(fault, outbox);
        }
        is_music
    }

    /// The loudest sample of the last cycle. Realtime-safe.
    pub(crate) fn peak(&self) -> f64 {
        let output = if self.muted.is_none() {
            self.csound.output()
        } else {
            &[]
        };
        output
            .iter()
            .fold(0.0, |peak, sample| sample.abs().max(peak))
    }

    /// Whether any of its code may read the host's input.
    pub(crate) fn hears(&self) -> bool {
        self.hears
    }

    /// Why it is silent, if it was muted.
    pub fn fault(&self) -> Option<Fault> {
        self.muted
    }

    /// Lets a program sound again that was muted for what it put out. Whatever sounded in it is ended, and the
    /// always-on parts start anew, since their memory may hold what was wrong. One that Csound has left stays silent.
    pub(crate) fn unmute(&mut self, outbox: &mut Outbox) {
        if self.muted.is_some() && !self.csound.is_poisoned() {
            self.muted = None;
            self.panic(outbox);
        }
    }

    /// Whether a note or a synth of the session sounds.
    pub(crate) fn has_voices(&self) -> bool {
        self.synths.len() > self.always_sounding()
    }

    /// Whether anything sounds.
    pub(crate) fn sounding(&self) -> bool {
        self.synths.len() > 0
    }

    /// The slots that a MIDI controller moves.
    pub(crate) fn learned(&self, controller: u8) -> impl Iterator<Item = u8> {
        let learned = self.plan.learned.iter();
        learned.filter_map(move |&(number, slot)| (number == controller).then_some(slot))
    }

    /// How many notes can be held at once.
    pub(crate) fn most_voices(&self) -> u32 {
        let layers = self.plan.layers.iter();
        let of_notes = layers.filter(|layer| layer.trigger == Trigger::Note);
        of_notes.map(|layer| layer.voices as u32).sum()
    }

    /// Hands over the messages that Csound printed since the last call. Realtime-safe if `take` is.
    pub(crate) fn take_messages(&mut self, take: impl FnMut(&[u8])) {
        self.csound.messages(take);
    }

    fn mute(&mut self, fault: Fault, outbox: &mut Outbox) {
        self.muted = Some(fault);
        outbox.work.faulted = true;
        outbox.report(Report::Muted { reason: fault });
    }

    /// Writes what the host and the notes have changed into the control table.
    /// Realtime-safe.
    pub(crate) fn write_changes(&mut self, controls: &Controls) {
        if self.muted.is_some() {
            return;
        }
        let moved = self.slots.take_changed();
        if moved == 0 && !self.notes.touched() {
            return;
        }
        self.write_defaults(moved);
        for index in 0..self.synths.len() {
            let slice = self.synths.live(index);
            self.refresh(slice, moved, controls);
        }
        self.notes.settle();
    }
}

impl Program {
    /// Lets synths that code starts by name from now on begin where the moved slots stand. Realtime-safe.
    fn write_defaults(&mut self, moved: u128) {
        let cells = self.csound.cells_mut(&self.table);
        for &(slot, cell) in &self.plan.default_cells {
            if moved >> slot & 1 == 1 {
                cells[cell] = self.slots.value(slot);
            }
        }
    }
}

/// A sample as it goes out.
pub(crate) fn flushed(sample: f64) -> f64 {
    if sample.abs() < SMALLEST { 0.0 } else { sample }
}

/// One comparison: a NaN fails it as well.
fn is_music(sample: f64) -> bool {
    sample.abs() <= LOUDEST
}

fn fault(output: &[f64]) -> Option<Fault> {
    // Without an early end the comparisons are made side by side.
    if output
        .iter()
        .fold(true, |music, sample| music & is_music(*sample))
    {
        return None;
    }
    let finite = output.iter().all(|sample| sample.is_finite());
    Some(if finite {
        Fault::TooLoud
    } else {
        Fault::NotFinite
    })
}
