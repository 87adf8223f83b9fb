//! A render from files to a file.

use std::path::{Path, PathBuf};

use super::blocks::BlockSize;
use super::engine::Engine;
use super::error::{Error, Rejection};
use super::events::{self, Scheduler};
use super::input::Inputs;
use super::midi::MidiPiece;
use super::run::{Run, Span};
use super::score::Score;
use super::soundfile::{SoundWriter, Target, Written};
use super::stats::Stats;
use super::timeline::{Ending, Timeline, sample_at};
use crate::document::load::{Prepared, prepare_with};
use crate::document::preflight::{Preflight, Verdict};
use crate::document::{Document, Implied};
use crate::session::Capacities;
use crate::session::command::{Command, Timed};
use crate::session::layer::Trigger;
use crate::session::program::{Program, ProgramSpec};

/// The longest time that can be asked for, in seconds: a week.
const LONGEST: f64 = 604_800.0;

/// What a render plays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Music {
    /// Nothing: for documents that sound by themselves, and for effects.
    #[default]
    Nothing,
    /// A score file.
    Score(PathBuf),
    /// A Standard MIDI file.
    Midi(PathBuf),
}

/// What is to be rendered.
#[derive(Clone, Debug)]
pub struct Job {
    /// The document file.
    pub document: PathBuf,
    /// What it plays.
    pub music: Music,
    /// The main input.
    pub input: Option<PathBuf>,
    /// The sidechain input.
    pub sidechain: Option<PathBuf>,
    /// The sound file.
    pub target: Target,
    /// In Hz, 1,000 to 768,000.
    pub sample_rate: u32,
    /// How the performer is fed; the output does not depend on it.
    pub block: BlockSize,
    /// Samples per cycle instead of the document's.
    pub ksmps: Option<u32>,
    /// Where the output begins, in seconds of session time.
    pub start: f64,
    /// Where the output ends, in seconds of session time, instead of where the music does.
    pub end: Option<f64>,
    /// Seconds after the end.
    pub tail: f64,
}

/// A finished render.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The sound file.
    pub written: Written,
    /// What it cost.
    pub stats: Stats,
}

/// What a render tells while it goes on.
pub trait Listener {
    /// Something that people should know: a line of Csound's, a note that found no room.
    fn tell(&mut self, message: &str);
    /// So many samples of those that are expected are done. Called for every block.
    fn progress(&mut self, done: u64, expected: u64);
    /// Whether the render is to be given up. Asked after every block.
    fn cancelled(&self) -> bool {
        false
    }
}

impl Job {
    /// Renders. The document is tried out in a child process before any of its text is compiled in this one.
    ///
    /// # Errors
    /// Whatever is wrong with a file, a document that does not play, a synth that fails; no file is written then.
    pub fn render(&self, listener: &mut dyn Listener) -> Result<Summary, Error> {
        self.check()?;
        let inputs = Inputs::load(
            self.input.as_deref(),
            self.sidechain.as_deref(),
            self.sample_rate,
        )?;
        let source = Source::load(&self.music, self.sample_rate)?;
        let document = self.open()?;
        let prepared = self.prepare(&document, &source)?;
        prepared
            .warnings
            .iter()
            .for_each(|warning| listener.tell(&warning.to_string()));
        let (mut engine, ending) = self.stage(&document, prepared, &source, inputs, listener)?;
        let span = self.span(ending)?;
        self.run(&mut engine, span, listener)
    }

    fn check(&self) -> Result<(), Error> {
        let rates = 1_000..=768_000;
        let ksmps = self.ksmps.unwrap_or(1);
        let fault = if !rates.contains(&self.sample_rate) {
            format!(
                "the sample rate is 1000 to 768000 Hz, not {}",
                self.sample_rate
            )
        } else if !(1..=128).contains(&ksmps) {
            format!("a cycle has 1 to 128 samples, not {ksmps}")
        } else {
            let end = self.end.unwrap_or_default();
            let times = [("start", self.start), ("tail", self.tail), ("end", end)];
            let wrong = times
                .into_iter()
                .find(|(_, time)| !(0.0..=LONGEST).contains(time));
            match wrong {
                Some((what, time)) => {
                    format!("the {what} is a time from 0 to {LONGEST} seconds, not {time}")
                }
                None if self.music == Music::Nothing && self.end.is_none() => endless(&self.music),
                None => return Ok(()),
            }
        };
        Err(Error::Request(fault))
    }

    fn open(&self) -> Result<Document, Error> {
        let mut document = Document::open(&self.document).map_err(|told| {
            Error::Document(Box::new(Rejection::unread(self.document.clone(), told)))
        })?;
        document.ksmps = self.ksmps.unwrap_or(document.ksmps);
        Ok(document)
    }

    fn prepare(&self, document: &Document, source: &Source) -> Result<Prepared, Error> {
        let (texts, implied) = match source {
            Source::Score(score) if !score.content.events.is_empty() => {
                (events::texts(score), Implied::No)
            }
            _ => (Vec::new(), Implied::Yes),
        };
        let rate = f64::from(self.sample_rate);
        prepare_with(&Preflight::default(), document, rate, &texts, implied)
            .map_err(|verdict| self.rejected(document, verdict))
    }

    fn rejected(&self, document: &Document, verdict: Verdict) -> Error {
        Error::Document(Box::new(Rejection::of(
            document,
            self.document.clone(),
            verdict,
        )))
    }

    /// Builds the program and queues all that happens.
    fn stage(
        &self,
        document: &Document,
        prepared: Prepared,
        source: &Source,
        inputs: Inputs,
        listener: &mut dyn Listener,
    ) -> Result<(Engine, Ending), Error> {
        let mut spec = prepared.specification.program;
        let timeline = source.timeline(&spec, self.sample_rate, listener)?;
        tell_unheard(&timeline, &spec, listener);
        let mut capacities = room_for(&timeline);
        if let Source::Score(score) = source {
            events::add_places(score, &mut spec.orchestra)?;
            add_room_for_events(score, &mut capacities);
        }
        let program = Program::build(&spec)
            .map_err(|told| self.rejected(document, Verdict::Diagnostics(told)))?;
        let mut engine = Engine::new(spec, program, inputs, timeline.song, capacities);
        engine.queue(&timeline.commands);
        let mut ending = timeline.ending;
        if let Source::Score(score) = source {
            self.schedule(score, &mut engine, &mut ending)?;
        }
        Ok((engine, ending))
    }

    fn schedule(
        &self,
        score: &Score,
        engine: &mut Engine,
        ending: &mut Ending,
    ) -> Result<(), Error> {
        let orchestra = engine.session.spec().complete_orchestra();
        let bus = |name: &str| orchestra.reference(name);
        let mut scheduler = Scheduler {
            score,
            session: &mut engine.session,
            bus: &bus,
            sample_rate: self.sample_rate,
        };
        Ok(scheduler.schedule(ending)?)
    }

    fn span(&self, ending: Ending) -> Result<Span, Error> {
        let sample = |seconds| sample_at(seconds, self.sample_rate);
        let asked = self.end.map(sample).or(ending.asked);
        let (start, tail) = (sample(self.start), sample(self.tail));
        let end = asked
            .or(ending.finite)
            .ok_or_else(|| Error::Request(endless(&self.music)))?;
        if start >= end + tail {
            let message = format!("the output begins at {} s and ends before that", self.start);
            return Err(Error::Request(message));
        }
        let rings_out = asked.is_none() && !ending.endless;
        Ok(Span {
            start,
            end: end + tail,
            rings_out,
        })
    }

    fn run(
        &self,
        engine: &mut Engine,
        span: Span,
        listener: &mut dyn Listener,
    ) -> Result<Summary, Error> {
        let channels = engine.shape().channels as u16;
        self.target.check_length(span.end - span.start, channels)?;
        let mut writer = SoundWriter::create(self.target.clone(), self.sample_rate, channels)?;
        let run = Run::new(&self.document, engine, &mut writer, span, listener);
        let stats = run.finish(self.block)?;
        Ok(Summary {
            written: writer.finish()?,
            stats,
        })
    }
}

fn endless(music: &Music) -> String {
    match music {
        Music::Nothing => {
            "without a score or a MIDI file, --dur says how long it sounds".to_owned()
        }
        Music::Midi(file) => format!("{}: nothing in it has an end; give --dur", file.display()),
        Music::Score(file) => {
            format!(
                "{}: nothing in it has an end; give end = SECONDS, or --dur",
                file.display()
            )
        }
    }
}

/// Music that was read.
enum Source {
    Nothing,
    Score(Score),
    Midi(PathBuf, MidiPiece),
}

impl Source {
    fn load(music: &Music, sample_rate: u32) -> Result<Self, Error> {
        Ok(match music {
            Music::Nothing => Self::Nothing,
            Music::Score(file) => Self::Score(Score::load(file)?),
            Music::Midi(file) => Self::Midi(file.clone(), MidiPiece::load(file, sample_rate)?),
        })
    }

    fn timeline(
        &self,
        spec: &ProgramSpec,
        sample_rate: u32,
        listener: &mut dyn Listener,
    ) -> Result<Timeline, Error> {
        match self {
            Self::Nothing => Ok(Timeline::empty(sample_rate)),
            Self::Score(score) => Ok(Timeline::of_score(score, &spec.slots, sample_rate)?),
            Self::Midi(file, piece) => {
                tell_unended(file, piece.unended, listener);
                Ok(Timeline::of_midi(piece.clone()))
            }
        }
    }
}

fn tell_unended(file: &Path, unended: usize, listener: &mut dyn Listener) {
    if unended > 0 {
        let file = file.display();
        listener.tell(&format!(
            "{file}: {unended} notes have no end; they are released at its end"
        ));
    }
}

fn tell_unheard(timeline: &Timeline, spec: &ProgramSpec, listener: &mut dyn Listener) {
    let is_note = |timed: &Timed| matches!(timed.command, Command::NoteOn { .. });
    let heard = spec
        .layers
        .iter()
        .any(|layer| layer.trigger == Trigger::Note);
    if !heard && timeline.commands.iter().any(is_note) {
        listener.tell("the notes are not heard: no layer takes notes (a score with events needs written layers)");
    }
}

fn room_for(timeline: &Timeline) -> Capacities {
    let defaults = Capacities::default();
    Capacities {
        scheduled: defaults.scheduled.max(timeline.commands.len()),
        ..defaults
    }
}

/// All events are queued before the first block: a start, an end and each value take room.
fn add_room_for_events(score: &Score, capacities: &mut Capacities) {
    let events = &score.content.events;
    let sizes = events.iter().map(|event| {
        let sets: usize = event.sets.iter().map(|set| set.args.len()).sum();
        2 + event.args.len() + sets
    });
    let commands = sizes.sum::<usize>();
    capacities.synths = capacities.synths.max(events.len() as u32);
    capacities.commands = capacities.commands.max(commands);
    capacities.scheduled += commands;
}
