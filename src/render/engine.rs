//! A session and its performer, driven block by block without a host.

use super::input::Inputs;
use super::song::Song;
use crate::session::command::{Report, Timed};
use crate::session::diagnostic::Diagnostic;
use crate::session::performer::BlockIo;
use crate::session::program::{Program, ProgramSpec, Shape};
use crate::session::{Capacities, Performer, Session, pair};

/// What plays a render. Its output lags behind its input by [`Engine::latency`] samples.
pub struct Engine {
    /// The user's half.
    pub session: Session,
    performer: Performer,
    song: Song,
    block: Block,
}

impl Engine {
    /// An engine for a program that was built from `spec`, with room for so many synths and commands.
    pub fn new(
        spec: ProgramSpec,
        program: Box<Program>,
        inputs: Inputs,
        song: Song,
        capacities: Capacities,
    ) -> Self {
        let (mut session, mut performer) = pair(capacities);
        session.attach(spec);
        session.introduce(&program);
        performer.install(program);
        Self {
            session,
            performer,
            song,
            block: Block::new(inputs),
        }
    }

    /// Queues commands, before the first block.
    pub fn queue(&mut self, commands: &[Timed]) {
        commands
            .iter()
            .for_each(|timed| self.performer.schedule_at(*timed));
    }

    /// Performs a block and returns its output: main channels, interleaved.
    pub fn perform(&mut self, frames: usize) -> &[f64] {
        self.block.output.clear();
        let mut left = frames as u64;
        while left > 0 {
            let start = self.performer.position();
            let (stretch, next) = self.song.at(start);
            let run = next.map_or(left, |next| left.min(next - start));
            self.block.begin(start, run as usize);
            let (transport, told_at) = (&stretch.transport, stretch.start);
            self.performer
                .process_from(&mut self.block, transport, told_at);
            left -= run;
        }
        &self.block.output
    }

    /// Samples performed so far.
    pub fn position(&self) -> u64 {
        self.performer.position()
    }

    /// How far the output lags behind, in samples.
    pub fn latency(&self) -> u64 {
        u64::from(self.performer.latency())
    }

    /// Cycle and channels.
    pub fn shape(&self) -> &Shape {
        self.performer.shape()
    }

    /// Whether a note or a synth of the session sounds.
    pub fn has_voices(&self) -> bool {
        self.performer.has_voices()
    }

    /// What went wrong in single notes since the last call.
    pub fn problems(&mut self) -> Vec<Diagnostic> {
        self.session.take_problems()
    }

    /// What the performer has reported and Csound has printed since the last call.
    pub fn news(&mut self) -> (Vec<Report>, Vec<String>) {
        (self.session.take_reports(), self.session.take_messages())
    }
}

/// A block of sound on its way through the performer.
struct Block {
    inputs: Inputs,
    start: u64,
    frames: usize,
    output: Vec<f64>,
}

impl Block {
    fn new(inputs: Inputs) -> Self {
        Self {
            inputs,
            start: 0,
            frames: 0,
            output: Vec::new(),
        }
    }

    fn begin(&mut self, start: u64, frames: usize) {
        self.start = start;
        self.frames = frames;
    }
}

impl BlockIo for Block {
    fn frames(&self) -> usize {
        self.frames
    }

    fn read(&mut self, start: usize, into: &mut [f64]) {
        let first = self.start + start as u64;
        for (at, frame) in (first..).zip(into.chunks_exact_mut(4)) {
            frame.copy_from_slice(&self.inputs.frame(at));
        }
    }

    /// The performer writes a block from its first frame to its last.
    fn write(&mut self, _start: usize, from: &[f64], shape: &Shape) {
        for frame in from.chunks_exact(shape.outputs()) {
            self.output.extend_from_slice(&frame[..shape.channels]);
        }
    }
}
