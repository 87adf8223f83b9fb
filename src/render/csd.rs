//! A render as a CSD: a text that command-line `csound` turns into the same sound.
//!
//! The performer plays it once, unheard, and everything it tells its program is written down: each event with its
//! sample, each release, each value of a control, bus or channel with its cycle. So notes, layers, voices that are
//! stolen and automation are in the score as what they came to, and nothing has to be worked out a second time.

mod assets;
mod curves;
mod score;
mod statement;
mod take;

use std::fs;
use std::path::{Path, PathBuf};

use super::error::Error;
use super::job::{Job, Listener};
use super::problem::Problem;
use super::soundfile::Target;
use crate::document::preflight::Verdict;
use crate::session::diagnostic::Diagnostic;
use crate::session::orchestra::{OrchestraSpec, Plain, write_plain};
use crate::session::program::{Journal, Shape};
use assets::Assets;
use score::{HELPERS, Score};
use take::Take;

/// The instruments that a score needs beside those of the document.
const HELPER_TEXT: &str = include_str!("csd/helpers.orc");

/// What was played, for a score.
pub struct Recording {
    /// What the program was built from, complete.
    pub spec: OrchestraSpec,
    /// What it was told.
    pub journal: Journal,
    /// Cycle and channels.
    pub shape: Shape,
    /// Length in samples.
    pub length: u64,
}

impl Job {
    /// Writes a CSD that renders what [`Job::render`] does, to the file that the job is for; sound files and long
    /// tables are put into a folder beside it. It begins at session time 0. Inputs are not part of it: whoever renders
    /// it gives a file of four channels with `-i`, the main input and the sidechain.
    ///
    /// # Errors
    /// As [`Job::render`]; no file is written then. The start of the job must be 0.
    pub fn export(&self, csd: &Path, listener: &mut dyn Listener) -> Result<(), Error> {
        if self.start != 0.0 {
            let message = "a CSD begins at the begin of the session: it has no start".to_owned();
            return Err(Error::Request(message));
        }
        let recording = self.record(listener)?;
        recording
            .write(&self.target, csd)
            .map_err(|fault| fault.into_error(|told| self.refuse(told)))
    }
}

/// Why a recording cannot be written.
pub(super) enum Fault {
    /// Its code.
    Text(Vec<Diagnostic>),
    /// Its files.
    File(Problem),
}

impl Fault {
    pub(super) fn into_error(self, refuse: impl FnOnce(Verdict) -> Error) -> Error {
        match self {
            Fault::Text(told) => refuse(Verdict::Diagnostics(told)),
            Fault::File(problem) => Error::File(problem),
        }
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Fault::File(problem)
    }
}

impl Recording {
    /// Writes the CSD, which is to write a sound file.
    pub(super) fn write(self, target: &Target, csd: &Path) -> Result<(), Fault> {
        let Self {
            mut spec,
            journal,
            shape,
            length,
        } = self;
        let mut assets = Assets::new(csd, shape.sample_rate as u32);
        assets.take_sounds(&mut spec);
        let Plain { text, layout } = write_plain(&spec).map_err(Fault::Text)?;
        assets.take_data(&spec, &layout);
        let helpers = free_prefix(&spec);
        let statements = Take::of(journal, &layout, shape);
        let cycles = length.div_ceil(shape.ksmps as u64);
        let score = Score::write(
            &spec,
            &layout,
            shape,
            &helpers,
            statements,
            cycles,
            &mut assets,
        );
        let helper_text = HELPER_TEXT.replace(HELPERS, &helpers);
        let options = options(target, csd);
        let csd_text = format!(
            "<CsoundSynthesizer>\n<CsOptions>\n{options}\n</CsOptions>\n<CsInstruments>\n{text}\
             {helper_text}</CsInstruments>\n<CsScore>\n{score}</CsScore>\n</CsoundSynthesizer>\n"
        );
        assets.save()?;
        Ok(save(csd, &csd_text)?)
    }
}

/// A begin of names that no Instr has.
fn free_prefix(spec: &OrchestraSpec) -> String {
    let mut prefix = HELPERS.to_owned();
    while spec
        .instrs
        .iter()
        .any(|instr| instr.name().starts_with(&prefix))
    {
        prefix.push('_');
    }
    prefix
}

/// What the command line would say. The sound file stands beside the CSD if they are in the same folder.
fn options(target: &Target, csd: &Path) -> String {
    let path = target.path();
    let beside = path.parent() == csd.parent();
    let name = match path.file_name() {
        Some(name) if beside => PathBuf::from(name),
        _ => path.to_owned(),
    };
    format!(
        "-d -m0 --sample-accurate {} -o {:?}",
        target.csound_format(),
        name.display().to_string()
    )
}

fn save(csd: &Path, text: &str) -> Result<(), Problem> {
    let new = csd.with_extension("csd.partial");
    let written = fs::write(&new, text).and_then(|()| fs::rename(&new, csd));
    written.map_err(|error| {
        // Half a file is no use, and on a full disk it is in the way.
        let _ = fs::remove_file(&new);
        Problem::of_file(csd, format!("cannot be written: {error}"))
    })
}
