//! A render from files to a file.

use std::path::{Path, PathBuf};

use super::blocks::BlockSize;
use super::csd::Recording;
use super::engine::Engine;
use super::error::{Error, Rejection};
use super::events::{self, Scheduler};
use super::input::Inputs;
use super::part::Part;
use super::room;
use super::run::{Run, Span};
use super::soundfile::{Counted, SoundWriter, Target, Written};
use super::source::Source;
use super::stats::Stats;
use super::timeline::{Ending, Timeline};
use crate::document::load::{Prepared, prepare_with};
use crate::document::preflight::{Preflight, Verdict};
use crate::document::{Document, Implied};
use crate::session::command::{Command, Timed};
use crate::session::layer::Trigger;
use crate::session::program::{Program, ProgramSpec};

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

impl Music {
    /// What was asked for; a score comes first.
    pub fn given(score: Option<&Path>, midi: Option<&Path>) -> Self {
        match (score, midi) {
            (Some(score), _) => Self::Score(score.to_owned()),
            (None, Some(midi)) => Self::Midi(midi.to_owned()),
            (None, None) => Self::Nothing,
        }
    }
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
#[derive(Clone, Debug, PartialEq)]
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
        let (mut engine, span, ()) = self.ready(listener, |_| ())?;
        self.run(&mut engine, span, listener)
    }

    /// Plays it unheard and writes down what the program is told.
    ///
    /// # Errors
    /// As [`Job::render`].
    pub(super) fn record(&self, listener: &mut dyn Listener) -> Result<Recording, Error> {
        let (mut engine, span, journal) = self.ready(listener, Program::keep_journal)?;
        let (spec, shape) = (engine.session.spec().complete_orchestra(), *engine.shape());
        let mut counted = Counted::new(shape.channels);
        Run::new(&self.document, &mut engine, &mut counted, span, listener).finish(self.block)?;
        Ok(Recording {
            spec,
            journal,
            shape,
            length: counted.frames(),
        })
    }

    /// Everything up to the first block. `touch` gets the program before it sounds.
    fn ready<T>(
        &self,
        listener: &mut dyn Listener,
        touch: impl FnOnce(&mut Program) -> T,
    ) -> Result<(Engine, Span, T), Error> {
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
        let staged = self.stage(&document, prepared, &source, inputs, listener, touch)?;
        let (engine, ending, touched) = staged;
        Ok((engine, self.span(ending)?, touched))
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
            match self.music == Music::Nothing && self.end.is_none() {
                true => endless(&self.music),
                false => return Ok(()),
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

    /// What is wrong with the document file's code.
    pub(super) fn refuse(&self, verdict: Verdict) -> Error {
        match self.open() {
            Ok(document) => self.rejected(&document, verdict),
            Err(error) => error,
        }
    }

    fn rejected(&self, document: &Document, verdict: Verdict) -> Error {
        Error::Document(Box::new(Rejection::of(
            document,
            self.document.clone(),
            verdict,
        )))
    }

    /// Builds the program and queues all that happens.
    fn stage<T>(
        &self,
        document: &Document,
        prepared: Prepared,
        source: &Source,
        inputs: Inputs,
        listener: &mut dyn Listener,
        touch: impl FnOnce(&mut Program) -> T,
    ) -> Result<(Engine, Ending, T), Error> {
        let mut spec = prepared.specification.program;
        let timeline = source.timeline(&spec, self.sample_rate, listener)?;
        tell_unheard(&timeline, &spec, listener);
        let mut capacities = room::for_commands(timeline.commands.len());
        if let Source::Score(score) = source {
            events::add_places(score, &mut spec.orchestra)?;
            room::add_slices(score, &mut spec.orchestra);
            room::add(score, &mut capacities);
        }
        let mut program = Program::build(&spec)
            .map_err(|told| self.rejected(document, Verdict::Diagnostics(told)))?;
        let touched = touch(&mut program);
        let mut engine = Engine::new(spec, program, inputs, timeline.song, capacities);
        engine.queue(&timeline.commands);
        let mut ending = timeline.ending;
        if let Source::Score(score) = source {
            let mut scheduler = Scheduler {
                score,
                session: &mut engine.session,
                sample_rate: self.sample_rate,
            };
            scheduler.schedule(&mut ending)?;
        }
        Ok((engine, ending, touched))
    }

    fn span(&self, ending: Ending) -> Result<Span, Error> {
        let part = Part {
            start: self.start,
            end: self.end,
            tail: self.tail,
        };
        part.of(ending, self.sample_rate)?
            .ok_or_else(|| Error::Request(endless(&self.music)))
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
