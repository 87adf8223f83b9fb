//! The performer as the plugin drives it: planar float buffers, automation in every block, a song that plays.

use crate::bare::planar;
use crate::scenes::Scene;
use csound_session::session::command::{Command, NoteAddress, SlotValue};
use csound_session::session::performer::{BlockIo, INPUTS, Performer};
use csound_session::session::program::{Program, ProgramSpec, Shape, Transport};
use csound_session::session::{Capacities, Session, pair};

/// The largest block.
const FRAMES: usize = 4096;

/// A session and its performer.
pub struct Ours {
    pub session: Session,
    pub performer: Performer,
    pub buffers: Buffers,
    transport: Transport,
    controls: usize,
    block: usize,
}

/// A host's buffers.
pub struct Buffers {
    inputs: [Vec<f32>; INPUTS],
    pub outputs: Vec<Vec<f32>>,
    pub frames: usize,
}

impl Ours {
    /// A program installed as activation does it.
    pub fn new(spec: &ProgramSpec) -> Self {
        let mut ours = Self::empty(spec.orchestra.channels);
        ours.performer.install(build(spec));
        ours
    }

    /// Without a program, for so many outputs.
    pub fn empty(channels: u32) -> Self {
        let (session, performer) = pair(Capacities::plugin());
        Self {
            session,
            performer,
            buffers: Buffers {
                inputs: std::array::from_fn(|_| vec![0.0; FRAMES]),
                outputs: vec![vec![0.0; FRAMES]; channels as usize],
                frames: 0,
            },
            transport: Transport {
                playing: true,
                ..Transport::default()
            },
            controls: 0,
            block: 0,
        }
    }

    /// The scene with all its voices sounding and all its controls automated.
    pub fn playing(scene: &Scene) -> Self {
        let mut ours = Self::new(&scene.spec());
        ours.controls = scene.controls;
        for key in scene.keys() {
            let note = NoteAddress::midi(0, key);
            ours.performer.at(
                0,
                Command::NoteOn {
                    note,
                    velocity: 0.8,
                },
            );
        }
        ours
    }

    /// Blocks as a host gives them.
    pub fn play(&mut self, blocks: usize, frames: usize) {
        for _ in 0..blocks {
            self.block(frames);
            std::hint::black_box(&self.buffers.outputs);
        }
    }

    /// One block.
    pub fn block(&mut self, frames: usize) {
        self.buffers.frames = frames;
        self.block += 1;
        for slot in 0..self.controls {
            let value = Scene::automation(slot, self.block);
            self.performer.at(
                0,
                Command::Slot {
                    slot: slot as u8,
                    value: SlotValue::Normalized(value),
                },
            );
        }
        self.performer.process(&mut self.buffers, &self.transport);
        self.transport.beat += frames as f64 / 24_000.0;
        self.transport.seconds += frames as f64 / 48_000.0;
    }

    /// The loudest sample of the last block on the left.
    pub fn heard(&self) -> f32 {
        let left = self.buffers.outputs[0].iter();
        left.take(self.buffers.frames)
            .fold(0.0, |peak, sample| peak.max(sample.abs()))
    }
}

/// Builds a program that must build.
pub fn build(spec: &ProgramSpec) -> Box<Program> {
    Program::build(spec).unwrap_or_else(|diagnostics| panic!("{diagnostics:?}"))
}

impl BlockIo for Buffers {
    fn frames(&self) -> usize {
        self.frames
    }

    fn read(&mut self, start: usize, into: &mut [f64]) {
        let frames = into.len() / INPUTS;
        let [left, right, side_left, side_right] = &self.inputs;
        let main = left[start..][..frames]
            .iter()
            .zip(&right[start..][..frames]);
        let side = side_left[start..][..frames]
            .iter()
            .zip(&side_right[start..][..frames]);
        for (frame, (main, side)) in into.chunks_exact_mut(INPUTS).zip(main.zip(side)) {
            frame.copy_from_slice(
                &[main.0, main.1, side.0, side.1].map(|sample| f64::from(*sample)),
            );
        }
    }

    fn write(&mut self, start: usize, from: &[f64], _: &Shape) {
        planar(from, &mut self.outputs, start);
    }
}
