//! The performer: the half of a session that the audio thread holds.
//!
//! It owns the running programs, cuts the host's blocks into cycles at a fixed latency, applies commands at the
//! sample they are for, and mixes. It knows no names, no host and no files, and never allocates, locks or waits.

mod automation;
mod buses;
mod exchange;
mod handles;
mod retire;
mod route;
mod schedule;
mod tally;
mod voice;
mod waiting;

pub(crate) use buses::Assigned;
pub(crate) use handles::MAX_ARGS;

pub use crate::session::program::Transport;

use crate::csound::FlushDenormals;
use crate::session::command::{Command, HostEvent, Timed};
use crate::session::fifo::Fifo;
use crate::session::handover::WAITING;
use crate::session::link::{Capacities, PerformerEnd, PerformerEnds};
use crate::session::outbox::Outbox;
use crate::session::program::controls::Controls;
use crate::session::program::{Moment, Program, Shape, flushed};
use automation::Automations;
use buses::Buses;
use handles::Handles;
use schedule::Schedule;
use std::sync::atomic::Ordering;
use tally::Tally;
use voice::Running;

/// Input channels of every program: the main pair and the sidechain pair.
pub const INPUTS: usize = 4;
/// The least latency in samples. Programs with shorter cycles are delayed to it.
pub const MIN_LATENCY: u32 = 32;
/// The most programs that can play at once; see [`Capacities::programs`]. One more may be fading out.
pub const MAX_PROGRAMS: usize = 16;
/// Room for commands of the host beside those of the session.
const HOST_COMMANDS: usize = 4096;

/// A host block, as the performer sees it.
pub trait BlockIo {
    /// Samples in the block.
    fn frames(&self) -> usize;
    /// Fills `into` with input frames from `start` on, [`INPUTS`] channels interleaved: main left and right,
    /// sidechain left and right. Must be realtime-safe.
    fn read(&mut self, start: usize, into: &mut [f64]);
    /// Takes output frames from `start` on: `shape.outputs()` channels interleaved. Must be realtime-safe.
    fn write(&mut self, start: usize, from: &[f64], shape: &Shape);
}

/// The audio thread's half of a session; see [`crate::session::link::pair`].
pub struct Performer {
    link: PerformerEnd,
    /// Oldest first; the last one takes new notes.
    running: Vec<Running>,
    /// How many may play at once.
    most_running: usize,
    /// Programs that are to take over, oldest first.
    #[expect(
        clippy::vec_box,
        reason = "they come and go in boxes, which are made and freed elsewhere"
    )]
    waiting: Vec<Box<Program>>,
    /// A program may read the host's input.
    hears: bool,
    controls: Controls,
    handles: Handles,
    schedule: Schedule,
    automations: Automations,
    buses: Buses,
    /// Commands taken out of the ring.
    received: u64,
    /// How many controls of a synth the session can read back.
    controls_shown: usize,
    fifo: Fifo,
    shape: Shape,
    outbox: Outbox,
    tally: Tally,
    /// Session time of the first sample of the cycle that fills.
    cycle_start: u64,
    /// Session time of the next sample that the host gives.
    position: u64,
    /// Serial number of the newest program.
    serial: u64,
    /// Samples performed since a program played, as far as they count.
    silent: u32,
}

impl Performer {
    pub(crate) fn new((link, reports): PerformerEnds, capacities: &Capacities) -> Self {
        let shape = Shape {
            sample_rate: 48_000.0,
            ksmps: MIN_LATENCY as usize,
            channels: 2,
            aux: 0,
            a4: 440.0,
            retrigger: false,
        };
        Self {
            outbox: Outbox::new(reports),
            tally: Tally::new(link.ledger.clone()),
            running: Vec::with_capacity(MAX_PROGRAMS + 1),
            most_running: capacities.programs.clamp(1, MAX_PROGRAMS),
            waiting: Vec::with_capacity(WAITING),
            hears: false,
            controls: Controls::new(),
            handles: Handles::new(capacities.synths),
            schedule: Schedule::new(capacities.scheduled + HOST_COMMANDS),
            automations: Automations::new(capacities.automations, capacities.points),
            buses: Buses::new(capacities.buses),
            received: 0,
            controls_shown: capacities.controls as usize,
            fifo: Fifo::new(&shape),
            link,
            shape,
            cycle_start: 0,
            position: 0,
            serial: 0,
            silent: u32::MAX,
        }
    }

    /// Samples from an input to the output it causes: at least [`MIN_LATENCY`], at least a cycle.
    pub fn latency(&self) -> u32 {
        self.shape.latency()
    }

    /// Sample rate, cycle and channels of the sound it makes.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Session time in samples of the next sample given to [`Performer::process`].
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Replaces all that runs by a program, and begins session time anew. For activation and reset, while nothing is
    /// processed. Realtime-safe.
    pub fn install(&mut self, program: Box<Program>) {
        self.clear();
        self.take_over(program, 0);
        self.fifo.reset();
    }

    /// Ends all that runs; what follows is silence until a program comes. Realtime-safe.
    pub fn clear(&mut self) {
        while let Some(running) = self.running.pop() {
            self.forget_handles(&running.program);
            self.give_away(running.program);
        }
        // One that waits was built before this was asked for.
        self.dismiss_waiting();
        self.forget();
        self.begin_anew();
    }

    /// Ends all that sounds, at once and without a release; the programs stay, those that wait too. For a reset that has
    /// no fresh program to install. Realtime-safe.
    pub fn silence(&mut self) {
        self.forget();
        self.panic();
        self.controls.forget_channels();
        self.fifo.reset();
        self.cycle_start = self.position;
    }

    fn forget(&mut self) {
        self.drop_scheduled();
        self.stop_all(true);
        self.end_automations();
    }

    fn begin_anew(&mut self) {
        self.controls.forget_channels();
        self.fifo.reset();
        self.outbox.end_sent(0);
        self.silent = u32::MAX;
        self.cycle_start = 0;
        self.set_position(0);
    }

    /// Forgets what waits for a time that will not come. What the session believes to hold, and where the host's
    /// parameters stand, is carried out.
    fn drop_scheduled(&mut self) {
        if self.position > 0 {
            self.receive();
        }
        while let Some(timed) = self.schedule.pop_before(u64::MAX) {
            if timed.command.is_lasting() {
                self.apply(timed.command, 0);
            }
        }
        self.schedule.clear();
    }

    /// Queues a command for a sample of the block that the next [`Performer::process`] renders. Realtime-safe.
    pub fn at(&mut self, offset: u32, command: Command) {
        self.schedule_at(Timed {
            at: self.position + u64::from(offset),
            command,
        });
    }

    /// Queues a command for a session time in samples. Realtime-safe.
    pub fn schedule_at(&mut self, timed: Timed) {
        if self.schedule.push(timed).is_err() {
            self.outbox.count_dropped();
        }
    }

    /// Renders one block. `transport` is that of its first sample. Realtime-safe.
    pub fn process(&mut self, io: &mut impl BlockIo, transport: &Transport) {
        self.process_from(io, transport, self.position);
    }

    /// Renders one block. `transport` is that of the session time `told_at`, in samples: with one anchor for many
    /// blocks, the song's position does not depend on where they are cut. Realtime-safe.
    pub fn process_from(&mut self, io: &mut impl BlockIo, transport: &Transport, told_at: u64) {
        self.tally.begin_call();
        let begun_at = self.position;
        let _flush = FlushDenormals::new();
        self.outbox.begin_block();
        self.receive();
        if self.fifo.is_between_cycles() && !self.has_program() {
            // Between two cycles the next one may be of another length; before the first sample even another latency
            // can be taken over.
            self.adopt_first();
        }
        let told = (told_at, transport);
        let frames = io.frames();
        let block_start = self.position;
        let mut done = 0;
        while done < frames {
            let run = self.fifo.run(frames - done);
            if self.hears {
                io.read(done, self.fifo.input_mut(run));
            }
            io.write(done, self.fifo.output(run), &self.shape);
            done += run;
            self.position += run as u64;
            self.outbox.deliver(block_start, self.position);
            if self.fifo.advance(run) {
                self.outbox.offset = (done - 1) as u32;
                self.cycle(&self.moment(told));
            }
        }
        self.take_messages();
        self.show();
        self.set_position(self.position);
        self.end_call(frames, begun_at);
    }

    /// What the last block has to tell the host, in order of time.
    pub fn host_events(&self) -> &[HostEvent] {
        self.outbox.host_events()
    }

    /// Whether anything sounds, always-on parts included.
    pub fn sounding(&self) -> bool {
        self.running
            .iter()
            .any(|running| running.program.sounding())
    }

    /// Whether a note or a synth of the session sounds; always-on parts do not count.
    pub fn has_voices(&self) -> bool {
        self.running
            .iter()
            .any(|running| running.program.has_voices())
    }

    /// How many notes can be held at once in the program that plays new ones.
    pub fn most_voices(&self) -> u32 {
        self.running
            .last()
            .map_or(0, |running| running.program.most_voices())
    }

    /// Whether a program is there to play.
    pub fn has_program(&self) -> bool {
        !self.running.is_empty()
    }

    /// Whether the program that plays has made audio since it was built.
    pub fn has_performed(&self) -> bool {
        self.running
            .iter()
            .any(|running| running.program.has_performed())
    }

    /// Where the cycle stands in the song, given by a session time and the transport there.
    fn moment<'a>(&self, (start, transport): (u64, &'a Transport)) -> Moment<'a> {
        Moment {
            block: transport,
            samples: self.cycle_start as i64 - start as i64,
            sample_rate: self.shape.sample_rate,
        }
    }

    /// One cycle: its input is complete, and every command before its end is known.
    fn cycle(&mut self, moment: &Moment) {
        self.running.iter_mut().for_each(Running::let_go);
        if self.has_program() {
            self.silent = 0;
            self.adopt_due(moment);
        } else {
            self.silent = self.silent.saturating_add(self.shape.ksmps as u32);
        }
        // A program that waits for this cycle's end is to hear of this cycle's notes.
        if self.has_program() || self.waiting.is_empty() && self.link.programs.is_empty() {
            self.apply_before(self.shape.ksmps);
        }
        self.move_controls();
        self.outbox.heard_at = self.cycle_start + u64::from(self.latency());
        self.outbox.sample_rate = self.shape.sample_rate;
        self.perform(moment);
        self.reconcile_buses();
        self.mix();
        self.retire();
        self.fifo.complete();
        self.cycle_start += self.shape.ksmps as u64;
        if !self.has_program() {
            // Between two cycles the next one may be of another length.
            self.adopt_first();
        }
    }

    /// Carries out the commands before a sample of the cycle.
    fn apply_before(&mut self, sample: usize) {
        let end = self.cycle_start + sample as u64;
        while let Some(timed) = self.schedule.pop_before(end) {
            let offset = timed.at.saturating_sub(self.cycle_start) as usize;
            self.apply(timed.command, offset);
        }
    }

    /// Slots first: a running automation has the last word.
    fn move_controls(&mut self) {
        for running in &mut self.running {
            running.program.write_changes(&self.controls);
        }
        self.automate();
    }

    fn perform(&mut self, moment: &Moment) {
        self.timed(|performer, index| {
            let running = &mut performer.running[index];
            let input = running.input.apply(performer.fifo.cycle_input(), INPUTS);
            running
                .program
                .perform(input, moment, &mut performer.outbox);
        });
    }

    fn take_messages(&mut self) {
        for running in &mut self.running {
            let (id, log) = (running.program.id(), &mut self.link.log);
            running.program.take_messages(|text| log.write(id, text));
        }
    }

    fn mix(&mut self) {
        let mix = self.fifo.mix_mut();
        // Most of the time one program plays, and its output is the mix.
        if let [only] = &mut self.running[..]
            && only.is_whole(self.shape.outputs())
            && only.program.output_to(mix, &mut self.outbox)
        {
            return;
        }
        mix.fill(0.0);
        for running in &mut self.running {
            running.add_to(mix, self.shape.outputs(), &mut self.outbox);
        }
        mix.iter_mut().for_each(|sample| *sample = flushed(*sample));
    }

    fn set_position(&mut self, position: u64) {
        self.position = position;
        self.link.position.store(position, Ordering::Release);
    }
}
