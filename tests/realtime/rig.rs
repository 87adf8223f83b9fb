//! A host's audio thread under watch: blocks of planar floats, and nothing uncounted.

use crate::counters::{Counts, watch};
use crate::stage;
use csound_session::csound::FlushDenormals;
use csound_session::session::command::Command;
use csound_session::session::performer::{BlockIo, INPUTS, Performer};
use csound_session::session::program::{ProgramSpec, Shape, Transport};
use csound_session::session::{Capacities, Session, pair};

/// The largest block.
const FRAMES: usize = 1024;
const OUTPUTS: usize = 8;

/// A session and the thread that performs it.
pub struct Rig {
    pub session: Session,
    pub transport: Transport,
    performer: Performer,
    buffers: Buffers,
    counts: Counts,
    /// The first block that was not calm.
    culprit: Option<(u64, Counts, String)>,
    due: Vec<Command>,
    block: u64,
    /// Events for the host.
    sent: usize,
}

struct Buffers {
    inputs: [Vec<f32>; INPUTS],
    outputs: [Vec<f32>; OUTPUTS],
    frames: usize,
}

impl Rig {
    pub fn new(capacities: Capacities) -> Self {
        let (session, performer) = pair(capacities);
        // The thread's own cells and the names of the functions behind ours are looked up once.
        watch(|| ());
        let noise = |channel: usize| {
            (0..FRAMES).map(move |i| ((i * 7919 + channel) % 199) as f32 / 400.0 - 0.25)
        };
        Self {
            session,
            transport: Transport::default(),
            performer,
            buffers: Buffers {
                inputs: std::array::from_fn(|channel| noise(channel).collect()),
                outputs: std::array::from_fn(|_| vec![0.0; FRAMES]),
                frames: 0,
            },
            counts: Counts::default(),
            culprit: None,
            due: Vec::with_capacity(256),
            block: 0,
            sent: 0,
        }
    }

    /// Builds a program and lets it take over as activation does; the latter is watched.
    pub fn install(&mut self, spec: &ProgramSpec) {
        let program = stage::build(spec);
        let performer = &mut self.performer;
        let counts = watch(|| performer.install(program));
        self.note(counts, &[]);
    }

    /// A command for the next block.
    pub fn now(&mut self, command: Command) -> &mut Self {
        self.due.push(command);
        self
    }

    /// So many blocks; the commands that wait go into the first one.
    pub fn blocks(&mut self, count: usize, frames: usize) -> &mut Self {
        for _ in 0..count {
            let Self {
                performer,
                buffers,
                due,
                transport,
                ..
            } = self;
            buffers.frames = frames;
            let counts = watch(|| {
                let _flush = FlushDenormals::new();
                for (i, command) in due.iter().enumerate() {
                    performer.at((i % frames) as u32, *command);
                }
                performer.process(buffers, transport);
            });
            let commands = std::mem::take(&mut self.due);
            self.note(counts, &commands);
            self.block += 1;
            self.sent += self.performer.host_events().len();
            self.transport.beat += 0.01;
            self.transport.seconds += 0.01;
        }
        self
    }

    fn note(&mut self, counts: Counts, commands: &[Command]) {
        self.counts = self.counts.plus(counts);
        if !counts.calm() && self.culprit.is_none() {
            self.culprit = Some((self.block, counts, format!("{commands:?}")));
        }
    }

    /// How many events the host was told.
    pub fn sent(&self) -> usize {
        self.sent
    }

    /// What was counted so far; counting begins anew.
    pub fn take_counts(&mut self) -> Counts {
        self.culprit = None;
        std::mem::take(&mut self.counts)
    }

    /// Whether anything was heard in the last block.
    pub fn hears(&self) -> bool {
        let outputs = self.buffers.outputs.iter();
        outputs
            .flat_map(|output| &output[..self.buffers.frames])
            .any(|sample| *sample != 0.0)
    }

    /// What was done that an audio thread must not do, and when first.
    pub fn culprit(&self) -> Option<String> {
        let (block, counts, commands) = self.culprit.as_ref()?;
        let all = &self.counts;
        Some(format!(
            "{all:?}; first in block {block}: {counts:?}, after {commands}"
        ))
    }

    /// Asserts that nothing was done that an audio thread must not do.
    #[track_caller]
    pub fn assert_calm(&self, name: &str) {
        if let Some(culprit) = self.culprit() {
            panic!("{name}: {culprit}");
        }
        assert!(
            self.block > 0 && self.counts.locks > 0,
            "{name}: nothing was performed"
        );
    }
}

impl BlockIo for Buffers {
    fn frames(&self) -> usize {
        self.frames
    }

    fn read(&mut self, start: usize, into: &mut [f64]) {
        for (i, frame) in into.chunks_exact_mut(INPUTS).enumerate() {
            for (to, from) in frame.iter_mut().zip(&self.inputs) {
                *to = f64::from(from[start + i]);
            }
        }
    }

    fn write(&mut self, start: usize, from: &[f64], shape: &Shape) {
        for (i, frame) in from.chunks_exact(shape.outputs()).enumerate() {
            for (from, to) in frame.iter().zip(&mut self.outputs) {
                to[start + i] = *from as f32;
            }
        }
    }
}
