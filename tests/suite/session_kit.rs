//! A session whose host is the test: time passes when sound is asked for.

use super::stage::{Blocks, Stage};
use csound_session::session::instr::Instr;
use csound_session::session::orchestra::{BusKind, BusSpec, OrchestraSpec};
use csound_session::session::performer::BlockIo;
use csound_session::session::program::{ProgramSpec, Shape};
use csound_session::session::{Capacities, Sched, Session, Synth, pair};

pub const RATE: usize = 48_000;

/// What most tests play: a control as a steady level.
pub const DC: &str = "|kval=0.25|\noutch 1, a(kval)";

/// A bus of the document.
pub fn bus(name: &str, kind: BusKind) -> BusSpec {
    BusSpec {
        name: name.to_owned(),
        kind,
    }
}

/// A session at 48 kHz with cycles of 64 samples, and what it has made audible.
pub struct Live {
    pub stage: Stage,
}

impl Live {
    /// A session with these Instrs, each a name and a body.
    #[track_caller]
    pub fn new(instrs: &[(&str, &str)]) -> Self {
        let instrs = instrs
            .iter()
            .map(|(name, body)| Instr::new(name, body).unwrap());
        Self::of(instrs, |_| {})
    }

    /// The same with other Instrs, and whatever else is to be different.
    pub fn of(
        instrs: impl IntoIterator<Item = Instr>,
        change: impl FnOnce(&mut ProgramSpec),
    ) -> Self {
        Self::with(Capacities::plugin(), instrs, change)
    }

    /// The same with other limits.
    pub fn with(
        capacities: Capacities,
        instrs: impl IntoIterator<Item = Instr>,
        change: impl FnOnce(&mut ProgramSpec),
    ) -> Self {
        let mut spec = ProgramSpec {
            orchestra: OrchestraSpec {
                ksmps: 64,
                priorities: 4,
                slices: 320,
                instrs: instrs.into_iter().collect(),
                ..OrchestraSpec::default()
            },
            ..ProgramSpec::default()
        };
        change(&mut spec);
        let mut stage = Stage::empty();
        (stage.session, stage.performer) = pair(capacities);
        stage.session.load(spec);
        // The host's processing starts with a program, whose cycle decides the latency.
        stage.session.prepare().unwrap();
        Self { stage }
    }

    pub fn session(&mut self) -> &mut Session {
        &mut self.stage.session
    }

    #[track_caller]
    pub fn sched(&mut self, instr: &str, sched: Sched) -> Synth {
        self.session().sched(instr, sched).unwrap()
    }

    /// Lets time pass up to a session time in seconds. What is read is delayed by the latency, so this is `latency`
    /// further than the last sample heard.
    pub fn until(&mut self, seconds: f64) {
        let samples = (seconds * RATE as f64).round() as u64;
        while self.stage.performer.position() < samples {
            let left = samples - self.stage.performer.position();
            self.stage.block(left.min(480) as usize);
        }
    }

    /// Everything heard up to a session time in seconds, by channel.
    pub fn heard(&mut self, seconds: f64) -> Vec<Vec<f64>> {
        self.stage
            .play((seconds * RATE as f64).round() as usize, Blocks::Of(480))
    }

    /// Asserts what channel 1 reads at times in seconds, within 0.001.
    #[track_caller]
    pub fn reads(&mut self, expected: &[(f64, f64)]) {
        let end = expected.iter().map(|(at, _)| *at).fold(0.0, f64::max);
        let heard = self.heard(end + 0.001);
        for &(at, value) in expected {
            let read = heard[0][(at * RATE as f64).round() as usize];
            assert!(
                (read - value).abs() < 1e-3,
                "at {at} s it reads {read}, not {value}"
            );
        }
    }
}

/// The pitch of a sound by its rising zero crossings, in Hz.
pub fn pitch(sound: &[f64]) -> f64 {
    let crossing = |pair: (usize, &[f64])| {
        let (at, [before, after]) = (pair.0, pair.1) else {
            return None;
        };
        let rises = *before < 0.0 && *after >= 0.0;
        rises.then(|| at as f64 + before / (before - after))
    };
    let crossings: Vec<f64> = sound.windows(2).enumerate().filter_map(crossing).collect();
    let span = crossings.last().unwrap() - crossings[0];
    RATE as f64 * (crossings.len() - 1) as f64 / span
}

/// Root mean square.
pub fn rms(sound: &[f64]) -> f64 {
    (sound.iter().map(|sample| sample * sample).sum::<f64>() / sound.len() as f64).sqrt()
}

/// Highest absolute value.
pub fn peak(sound: &[f64]) -> f64 {
    sound
        .iter()
        .fold(0.0, |peak, sample| peak.max(sample.abs()))
}

/// A host that hears nothing, with blocks of this size.
pub struct Silent(pub usize);

impl BlockIo for Silent {
    fn frames(&self) -> usize {
        self.0
    }

    fn read(&mut self, _start: usize, into: &mut [f64]) {
        into.fill(0.0);
    }

    fn write(&mut self, _start: usize, _from: &[f64], _shape: &Shape) {}
}
