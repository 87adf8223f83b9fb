//! A session without time: all that is asked of it is said first and rendered then, by the performer of the plugin.

mod redefine;
mod scope;
mod tape;

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};

use super::blocks::BlockSize;
use super::csd::Recording;
use super::engine::Engine;
use super::error::{Error, Rejection};
use super::input::Inputs;
use super::job::{Listener, Summary};
use super::part::Part;
use super::run::{Run, Span};
use super::song::Song;
use super::soundfile::{Counted, Output, SoundWriter, Target};
use super::stats::Stats;
use crate::document::preflight::Verdict;
use crate::session::program::{Program, ProgramSpec};
use crate::session::{Capacities, Script, Session, scripted};
use redefine::Past;
use tape::Tape;

pub use scope::{Offline, Rendering};

/// What a renderer has of its own; the rest is the session's that it was made from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Form {
    /// In Hz; that of the session if not said.
    pub sample_rate: Option<f64>,
    /// Samples per cycle, 1 to 128; those of the session if not said.
    pub ksmps: Option<u32>,
    /// Main outputs, 1 to 16; those of the session if not said.
    pub channels: Option<u32>,
    /// How much fits.
    pub capacities: Capacities,
}

impl Default for Form {
    /// As the session, with room for scores of a hundred thousand commands.
    fn default() -> Self {
        Self {
            sample_rate: None,
            ksmps: None,
            channels: None,
            capacities: Capacities {
                commands: 1 << 17,
                scheduled: 1 << 20,
                ..Capacities::default()
            },
        }
    }
}

/// An offline session with the interface of [`Session`], which it lends out: synths, events, groups, buses and Instrs
/// are used as in a live one. Its time stands still at 0, so delays are session time; what is done to a synth counts
/// from the synth's start. Any thread but the audio thread.
///
/// An Instr that is defined anew plays in what is scheduled from then on; what was scheduled before keeps its code.
pub struct Renderer {
    session: Session,
    script: Script,
    tape: Tape,
    past: Past,
    capacities: Capacities,
    end_marker: Option<f64>,
}

impl Renderer {
    /// A renderer with the Instrs, layers, tables and settings of a session. Its synths and buses are not taken over;
    /// sound files that the session has read are not read again.
    pub fn new(session: &Session, form: Form) -> Self {
        let mut spec = session.spec().clone();
        let orchestra = &mut spec.orchestra;
        orchestra.sample_rate = form.sample_rate.unwrap_or(orchestra.sample_rate);
        orchestra.ksmps = form.ksmps.unwrap_or(orchestra.ksmps);
        orchestra.channels = form.channels.unwrap_or(orchestra.channels);
        // Nobody looks.
        orchestra.meters = false;
        let (mut own, script) = scripted(form.capacities);
        own.rename(session.name());
        own.load(spec);
        own.know_sound_files(session);
        Self {
            session: own,
            script,
            tape: Tape::default(),
            past: Past::default(),
            capacities: form.capacities,
            end_marker: None,
        }
    }

    /// Lets the output go on to this time in seconds at least; the end of what has no other.
    pub fn set_end_marker(&mut self, seconds: f64) {
        self.end_marker = Some(seconds);
    }

    /// Renders a part of all that was asked for so far, into a file. It can be rendered as often as wanted, and more
    /// be asked for in between. Blocks until it is done.
    ///
    /// # Errors
    /// Nothing has an end, code does not compile, a synth fails, the file cannot be written; no file is left then.
    pub fn render(
        &mut self,
        target: &Target,
        part: Part,
        listener: &mut dyn Listener,
    ) -> Result<Summary, Error> {
        let (mut engine, span, ()) = self.stage(part, |_| ())?;
        let (channels, rate) = (engine.shape().channels as u16, engine.shape().sample_rate);
        target.check_length(span.end - span.start, channels)?;
        let mut writer = SoundWriter::create(target.clone(), rate as u32, channels)?;
        let stats = self.run(&mut engine, &mut writer, span, listener)?;
        Ok(Summary {
            written: writer.finish()?,
            stats,
        })
    }

    /// Writes a CSD from which command-line `csound` makes the same sound, to the target's file; see
    /// [`super::Job::export`].
    ///
    /// # Errors
    /// As [`Renderer::render`]; a part that does not begin at 0.
    pub fn write_csd(
        &mut self,
        csd: &Path,
        target: &Target,
        part: Part,
        listener: &mut dyn Listener,
    ) -> Result<(), Error> {
        if part.start != 0.0 {
            let message = "a CSD begins at the begin of the session: it has no start".to_owned();
            return Err(Error::Request(message));
        }
        let (mut engine, span, journal) = self.stage(part, Program::keep_journal)?;
        let (spec, shape) = (engine.session.spec().complete_orchestra(), *engine.shape());
        let mut counted = Counted::new(shape.channels);
        self.run(&mut engine, &mut counted, span, listener)?;
        // The journal ends when nobody writes it any more.
        drop(engine);
        let length = counted.frames();
        let recording = Recording {
            spec,
            journal,
            shape,
            length,
        };
        let written = recording.write(target, csd);
        written.map_err(|fault| {
            fault.into_error(|told| Error::Document(Box::new(self.rejection(told))))
        })
    }

    fn stage<T>(
        &mut self,
        part: Part,
        touch: impl FnOnce(&mut Program) -> T,
    ) -> Result<(Engine, Span, T), Error> {
        self.collect();
        let spec = self.spec_to_play();
        let rate = spec.orchestra.sample_rate as u32;
        let ending = self.tape.ending(self.end_marker, rate);
        let nothing = || {
            let message = "nothing has an end: give one, or set an end marker";
            Error::Request(message.to_owned())
        };
        let span = part.of(ending, rate)?.ok_or_else(nothing)?;
        let mut program = Program::build(&spec).map_err(crate::session::Error::Code)?;
        let touched = touch(&mut program);
        let capacities = Capacities {
            // All of them are queued at once, and nobody sends more.
            scheduled: self.tape.commands().len(),
            commands: 1,
            ..self.capacities
        };
        let song = Song::steady(rate);
        let mut engine = Engine::new(spec, program, Inputs::default(), song, capacities);
        engine.queue(self.tape.commands());
        Ok((engine, span, touched))
    }

    /// What the program is built from: Instrs of old, and each at the priorities at which it plays.
    fn spec_to_play(&self) -> ProgramSpec {
        let mut spec = self.session.spec().clone();
        self.past.add_to(&mut spec.orchestra.instrs);
        spec.orchestra.places = self.tape.places(&spec.orchestra.instrs);
        spec
    }

    fn run(
        &self,
        engine: &mut Engine,
        output: &mut dyn Output,
        span: Span,
        listener: &mut dyn Listener,
    ) -> Result<Stats, Error> {
        let name = self.called();
        Run::new(&name, engine, output, span, listener).finish(BlockSize::default())
    }

    fn rejection(&self, verdict: Verdict) -> Rejection {
        Rejection::unread(self.called(), verdict.diagnostics().to_vec())
    }

    fn called(&self) -> PathBuf {
        match self.session.name() {
            "" => PathBuf::from("session"),
            name => PathBuf::from(name),
        }
    }

    /// Takes over what the session was asked for.
    fn collect(&mut self) {
        self.tape.add(self.script.take());
    }
}

impl Deref for Renderer {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for Renderer {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}
