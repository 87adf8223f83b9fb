//! A performer without a host: commands go in at samples, sound comes out, the latency taken off.

use csound_session::session::command::{Command, HostEvent, NoteAddress};
use csound_session::session::instr::Instr;
use csound_session::session::layer::{Layer, Part};
use csound_session::session::orchestra::OrchestraSpec;
use csound_session::session::performer::{BlockIo, INPUTS, Performer, Transport};
use csound_session::session::program::{Program, ProgramSpec, Shape};
use csound_session::session::{Capacities, Session, pair};
use test_hosts::Random;

/// How a host cuts time into blocks.
#[derive(Clone, Copy, Debug)]
pub enum Blocks {
    /// All of the same size.
    Of(usize),
    /// 1 to 700 samples, by a seeded generator.
    Random(u64),
}

impl Blocks {
    fn next(&mut self) -> usize {
        match self {
            Blocks::Of(size) => *size,
            Blocks::Random(state) => {
                let mut random = Random(*state);
                let size = random.below(700) + 1;
                *state = random.0;
                size
            }
        }
    }
}

/// A session, its performer, and the sound so far.
pub struct Stage {
    pub session: Session,
    pub performer: Performer,
    /// Where the song stands at the first sample; it goes on from there if it plays.
    pub transport: Transport,
    /// Events for the host, with their session times in samples.
    pub events: Vec<(u64, HostEvent)>,
    input: Option<Box<dyn Fn(u64) -> [f64; INPUTS]>>,
    commands: Vec<(u64, Command)>,
    heard: Vec<Vec<f64>>,
    position: u64,
}

impl Stage {
    /// A stage with a program installed as activation does it.
    #[track_caller]
    pub fn new(spec: &ProgramSpec) -> Self {
        let mut stage = Self::empty();
        stage.performer.install(build(spec));
        stage
    }

    /// A stage without a program.
    pub fn empty() -> Self {
        let (session, performer) = pair(Capacities::plugin());
        Self {
            session,
            performer,
            transport: Transport::default(),
            events: Vec::new(),
            input: None,
            commands: Vec::new(),
            heard: Vec::new(),
            position: 0,
        }
    }

    /// What the host feeds, by session time in samples.
    pub fn feed(&mut self, input: impl Fn(u64) -> [f64; INPUTS] + 'static) {
        self.input = Some(Box::new(input));
    }

    /// A command for a session time in samples.
    pub fn at(&mut self, sample: u64, command: Command) -> &mut Self {
        self.commands.push((sample, command));
        self
    }

    /// A note of velocity 1 from one sample to another.
    pub fn note(&mut self, key: u8, on: u64, off: u64) -> &mut Self {
        let note = NoteAddress::midi(0, key);
        self.at(
            on,
            Command::NoteOn {
                note,
                velocity: 1.0,
            },
        );
        self.at(off, Command::NoteOff { note })
    }

    /// Plays on until `samples` of output are there, the latency taken off, and returns all of it by channel.
    pub fn play(&mut self, samples: usize, mut blocks: Blocks) -> Vec<Vec<f64>> {
        self.commands.sort_by_key(|(at, _)| *at);
        while (self.position as usize) < samples + self.performer.latency() as usize {
            let frames = blocks.next();
            self.block(frames);
        }
        let latency = self.performer.latency() as usize;
        let channels = self.heard.iter();
        channels
            .map(|channel| channel[latency..latency + samples].to_vec())
            .collect()
    }

    /// One block of the host.
    pub fn block(&mut self, frames: usize) {
        let end = self.position + frames as u64;
        let due = self.commands.iter().take_while(|(at, _)| *at < end).count();
        for (at, command) in self.commands.drain(..due) {
            self.performer
                .at(at.saturating_sub(self.position) as u32, command);
        }
        let outputs = self.performer.shape().outputs();
        self.heard.resize(outputs, Vec::new());
        let (position, rate) = (self.position, self.performer.shape().sample_rate);
        let mut io = Io {
            frames,
            start: self.position,
            input: self.input.as_deref(),
            heard: &mut self.heard,
        };
        let here = self.transport.moved(position as i64, rate);
        self.performer.process(&mut io, &here);
        let events = self.performer.host_events().iter();
        self.events
            .extend(events.map(|event| (position + u64::from(offset(event)), *event)));
        self.position = end;
    }
}

fn offset(event: &HostEvent) -> u32 {
    match *event {
        HostEvent::VoiceEnded { offset, .. }
        | HostEvent::NoteOn { offset, .. }
        | HostEvent::NoteOff { offset, .. }
        | HostEvent::Controller { offset, .. } => offset,
    }
}

struct Io<'a> {
    frames: usize,
    start: u64,
    input: Option<&'a dyn Fn(u64) -> [f64; INPUTS]>,
    heard: &'a mut [Vec<f64>],
}

impl BlockIo for Io<'_> {
    fn frames(&self) -> usize {
        self.frames
    }

    fn read(&mut self, start: usize, into: &mut [f64]) {
        for (i, frame) in into.chunks_exact_mut(INPUTS).enumerate() {
            let silence = [0.0; INPUTS];
            let at = self.start + (start + i) as u64;
            frame.copy_from_slice(&self.input.map_or(silence, |input| input(at)));
        }
    }

    fn write(&mut self, _start: usize, from: &[f64], shape: &Shape) {
        for frame in from.chunks_exact(shape.outputs()) {
            self.heard
                .iter_mut()
                .zip(frame)
                .for_each(|(heard, sample)| heard.push(*sample));
        }
    }
}

/// Has a performer render a block that nobody hears.
pub fn silence(performer: &mut Performer, frames: usize) {
    let mut heard = vec![Vec::new(); performer.shape().outputs()];
    let mut io = Io {
        frames,
        start: 0,
        input: None,
        heard: &mut heard,
    };
    performer.process(&mut io, &Transport::default());
}

/// Builds a program, or says what is wrong with it.
#[track_caller]
pub fn build(spec: &ProgramSpec) -> Box<Program> {
    match Program::build(spec) {
        Ok(program) => program,
        Err(diagnostics) => {
            let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
            panic!("{}", lines.join("\n"))
        }
    }
}

/// A spec of Instrs, each a name and a body, and of layers.
#[track_caller]
pub fn spec(instrs: &[(&str, &str)], layers: Vec<Layer>) -> ProgramSpec {
    let instrs: Vec<Instr> = instrs
        .iter()
        .map(|(name, body)| Instr::new(name, body).unwrap())
        .collect();
    let mut spec = ProgramSpec {
        orchestra: OrchestraSpec {
            instrs,
            slices: 320,
            ..OrchestraSpec::default()
        },
        layers,
        ..ProgramSpec::default()
    };
    let overflow = spec.slots.follow(&spec.orchestra.instrs, &spec.layers);
    assert!(overflow.is_empty());
    spec
}

/// A layer whose notes start one Instr at priority 1.
pub fn layer(instr: &str) -> Layer {
    Layer {
        name: instr.to_owned(),
        parts: vec![part(instr, 1)],
        ..Layer::default()
    }
}

/// A part without arguments.
pub fn part(instr: &str, priority: u32) -> Part {
    Part {
        instr: instr.to_owned(),
        priority,
        ..Part::default()
    }
}

/// The first sample that is not 0.
pub fn onset(channel: &[f64]) -> Option<usize> {
    channel.iter().position(|&sample| sample != 0.0)
}

/// The first sample after the last one that is not 0.
pub fn end(channel: &[f64]) -> Option<usize> {
    channel
        .iter()
        .rposition(|&sample| sample != 0.0)
        .map(|last| last + 1)
}
