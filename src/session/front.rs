//! The session: the half that the user and the editor hold.

mod begin;
mod buses;
mod clock;
mod costs;
mod define;
mod play;
mod resolve;
mod sounds;
mod tables;

pub use clock::LockedClock;
pub use play::Which;
pub(super) use resolve::unknown_arg;

use super::books::Hub;
use super::command::{Command, Report, Timed};
use super::diagnostic::Diagnostic;
use super::error::Error;
use super::handler::{RenderMode, SessionHandler};
use super::instr::Instr;
use super::link::{Capacities, SessionEnd};
use super::program::{Program, ProgramSpec};
use super::seen::SoundingNote;
use super::sound::is_built_in;
use super::synth::SetCallback;
use super::table::TableBook;
use super::when::When;
use std::collections::HashMap;

/// Where a synth stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It waits for its time.
    Future,
    /// It sounds, or rings out.
    Playing,
    /// It has ended, was cancelled, or could not be started.
    Stopped,
}

/// What the user holds: it defines Instrs, starts synths and controls them, through rings that the performer reads.
/// Any thread but the audio thread; one at a time.
pub struct Session {
    hub: Hub,
    name: String,
    spec: ProgramSpec,
    /// The program that runs is not built from `spec`.
    stale: bool,
    stopped: bool,
    tables: TableBook,
    handler: Option<Box<dyn SessionHandler>>,
    /// By Instr.
    callbacks: HashMap<String, SetCallback>,
}

impl Session {
    pub(super) fn new(end: SessionEnd, capacities: &Capacities) -> Self {
        Self {
            hub: Hub::new(end, capacities),
            name: String::new(),
            spec: ProgramSpec::default(),
            stale: true,
            stopped: false,
            tables: TableBook::default(),
            handler: None,
            callbacks: HashMap::new(),
        }
    }

    pub(super) fn scripted(end: SessionEnd, capacities: &Capacities) -> Self {
        let session = Self::new(end, capacities);
        session.hub.lock().scripted = true;
        session
    }

    /// Its name; empty unless it was given one.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives it a name.
    pub fn rename(&mut self, name: &str) {
        name.clone_into(&mut self.name);
    }

    /// What the next program is built from.
    pub fn spec(&self) -> &ProgramSpec {
        &self.spec
    }

    /// Replaces everything that the next program is built from. Tables that the session has made stay; buses that it
    /// has assigned stay valid as long as `max_buses` stays the same.
    pub fn load(&mut self, mut spec: ProgramSpec) {
        self.keep_tables(&mut spec);
        // Synths that wait were given texts by number.
        let texts = self.spec.orchestra.strings.iter();
        spec.orchestra.strings.splice(0..0, texts.cloned());
        spec.orchestra.intern_defaults();
        self.stale |= spec != self.spec;
        self.take_spec(spec);
    }

    /// Takes over what the program was built from that the performer plays already, so that it is not built again.
    pub fn attach(&mut self, mut spec: ProgramSpec) {
        self.stale = self.keep_tables(&mut spec);
        spec.orchestra.intern_defaults();
        self.take_spec(spec);
    }

    /// Takes over what a program was built from that reaches the performer by itself. That one plays its layers only:
    /// the first call that needs code builds another, with every Instr at every priority.
    pub(crate) fn follow(&mut self, spec: ProgramSpec) {
        self.load(spec);
        self.lose_program();
    }

    /// Notes that what plays may be none of its programs: the next call that needs code builds one.
    pub(crate) fn lose_program(&mut self) {
        self.stale = true;
    }

    fn take_spec(&mut self, spec: ProgramSpec) {
        self.hub.lock().sample_rate = spec.orchestra.sample_rate;
        self.spec = spec;
    }

    /// Builds and sends the program if anything has changed since the last time. Blocks for the compilation.
    ///
    /// # Errors
    /// What is wrong with the code; what plays is left as it is.
    pub fn prepare(&mut self) -> Result<(), Error> {
        self.prepare_at(When::Now)
    }

    /// The same, but the program takes over at the moment given. Until then synths start in the old one, and those of
    /// an Instr that it does not have are refused.
    ///
    /// # Errors
    /// As [`Session::prepare`].
    pub fn prepare_at(&mut self, when: When) -> Result<(), Error> {
        self.sweep_tables();
        if !self.stale {
            return Ok(());
        }
        let program = Program::build(&self.spec_everywhere()).map_err(Error::Code)?;
        self.install_at(program, when);
        self.stale = false;
        Ok(())
    }

    /// The spec with every Instr at every priority, but for the session's own, which stand where they are asked for.
    fn spec_everywhere(&self) -> ProgramSpec {
        let mut spec = self.spec.clone();
        let orchestra = &mut spec.orchestra;
        let highest = orchestra.priorities;
        let everywhere = |(index, instr): (usize, &Instr)| {
            (instr.min_priority()..=highest).map(move |priority| (index, priority))
        };
        let built_in = |index: usize| is_built_in(orchestra.instrs[index].name());
        let places = orchestra.places.iter().copied();
        let own: Vec<_> = places.filter(|(index, _)| built_in(*index)).collect();
        let instrs = orchestra.instrs.iter().enumerate();
        let others = instrs.filter(|(index, _)| !built_in(*index));
        orchestra.places = others.flat_map(everywhere).chain(own).collect();
        spec
    }

    /// Hands a program to the performer, which lets it take over at its next cycle. Those that still wait are dropped.
    pub fn install(&mut self, program: Box<Program>) {
        self.install_at(program, When::Now);
    }

    /// Hands a program to the performer, which lets it take over at the moment given, exactly at its sample. Several
    /// may wait; one is dropped when a newer one comes at the same moment, or takes over before it.
    pub fn install_at(&mut self, program: Box<Program>, when: When) {
        self.introduce(&program);
        let programs = self.hub.lock().end.programs.clone();
        if when == When::Now {
            // Where no audio thread runs, what it would drop is dropped here.
            programs.take_all().for_each(drop);
        }
        drop(programs.put(program, when));
        self.poll();
    }

    /// How many programs wait for their moment, as of the last block.
    pub fn waiting(&self) -> usize {
        let books = self.hub.lock();
        books.end.programs.len() + books.end.board.waiting()
    }

    /// Whether the performer is to say which notes sound and how loud buses are, which costs it a little.
    pub fn watch(&self, on: bool) {
        self.hub.lock().end.board.seen.watch(on);
    }

    /// The notes that sounded after the last block, 64 at most, while they are watched.
    pub fn sounding_notes(&self) -> Vec<SoundingNote> {
        self.hub.lock().end.board.seen.notes()
    }

    /// How loud each of the first buses of the document has been since this was last asked, linear, while it is watched:
    /// its peak in the program that takes new notes, and in older ones with the same buses. 0 for control buses, and where
    /// the spec has no `meters`. Of the first 256 buses at the most.
    pub fn take_levels(&self, buses: usize) -> Vec<f32> {
        self.hub.lock().end.board.seen.take_levels(buses)
    }

    /// Whether the program that takes new notes was muted for what it put out, or has ended, as of the last block.
    pub fn is_muted(&self) -> bool {
        self.hub.lock().end.board.muted()
    }

    /// Session time in seconds: of the next sample that the performer will be given. It never goes back while the same
    /// host's processing runs.
    pub fn now(&self) -> f64 {
        let books = self.hub.lock();
        books.now() as f64 / books.sample_rate
    }

    /// Sends a command that acts at a session time in samples.
    ///
    /// # Errors
    /// A full queue.
    pub fn command(&mut self, at: u64, command: Command) -> Result<(), Error> {
        self.hub.lock().try_post(&[Timed { at, command }])
    }

    /// Takes in what the performer has reported: states change, `when_finished` functions run, programs that have
    /// come back are freed, buses that nobody uses too.
    pub fn poll(&mut self) {
        self.hub.poll();
    }

    /// What Csound has printed since the last call, a line each.
    pub fn take_messages(&mut self) -> Vec<String> {
        self.poll();
        std::mem::take(&mut self.hub.lock().messages)
    }

    /// What went wrong in single notes since the last call, each problem once: an init or performance error ends its
    /// note and nothing else, and is told with its line in the body.
    pub fn take_problems(&mut self) -> Vec<Diagnostic> {
        self.poll();
        self.hub.lock().problems.take()
    }

    /// Makes the messages of a program readable that reaches the performer in another way than through
    /// [`Session::install_at`].
    pub fn introduce(&mut self, program: &Program) {
        self.hub.lock().problems.introduce(program);
    }

    /// Reports that concern no synth that goes well, since the last call.
    pub fn take_reports(&mut self) -> Vec<Report> {
        self.poll();
        std::mem::take(&mut self.hub.lock().faults)
    }

    /// Ends all synths at once and refuses new ones.
    ///
    /// # Errors
    /// A full queue.
    pub fn stop(&mut self) -> Result<(), Error> {
        let now = |command| Timed { at: 0, command };
        let end = [Command::StopAll { future: true }, Command::Panic].map(now);
        self.hub.lock().try_post(&end)?;
        self.stopped = true;
        Ok(())
    }

    /// Lets somebody else take what the session is asked to play, or nobody. Returns who did before.
    pub fn set_handler(
        &mut self,
        handler: Option<Box<dyn SessionHandler>>,
    ) -> Option<Box<dyn SessionHandler>> {
        std::mem::replace(&mut self.handler, handler)
    }

    /// Whether somebody else takes what the session is asked to play.
    pub fn has_handler(&self) -> bool {
        self.handler.is_some()
    }

    /// Whether its events go to a renderer.
    pub fn is_rendering(&self) -> bool {
        self.handler
            .as_ref()
            .is_some_and(|handler| handler.renders())
    }

    /// How it makes time.
    pub fn render_mode(&self) -> RenderMode {
        if self.is_rendering() {
            RenderMode::Offline
        } else {
            RenderMode::Online
        }
    }
}
