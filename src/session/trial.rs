//! Trying an orchestra out: compile it, start it, let each Instr sound once, and tell what Csound complained of.
//!
//! Only for a process that may die of it: Csound can crash on a text, or never come back.

mod event;

use std::fmt;

use super::diagnostic::{Diagnostic, Place};
use super::instr::Instr;
use super::orchestra::{self, Orchestra, TableSource};
use super::program::{Program, ProgramSpec};
use crate::csound::{
    self, CompileError, Config, Csound, Kind, Messages, Performed, RawDiagnostic, Table,
};
use event::Event;

/// Cycles for which an Instr is held.
const HELD: usize = 50;
/// Cycles for which its release is heard.
const RELEASED: usize = 20;

/// What is done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// The text is compiled.
    Compiling,
    /// The global code runs.
    RunningInit,
    /// The Instr of this name runs its init pass and its first cycle.
    Starting(&'a str),
    /// It is held for some cycles.
    Performing(&'a str),
    /// It is released.
    Releasing(&'a str),
    /// The program is built as it will be for playing, with as many synths as its layers allow.
    Building,
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compiling => f.write_str("compiling"),
            Self::RunningInit => f.write_str("running the init code"),
            Self::Starting(name) => write!(f, "starting instr {name}"),
            Self::Performing(name) => write!(f, "performing instr {name}"),
            Self::Releasing(name) => write!(f, "releasing instr {name}"),
            Self::Building => f.write_str("starting as many synths as the layers allow"),
        }
    }
}

/// The version of libcsound, such as "6.18.1".
///
/// # Errors
///
/// What is missing, and what to do about it.
pub fn csound_version() -> Result<String, String> {
    csound::library()
        .map(csound::Library::version_text)
        .map_err(ToString::to_string)
}

/// Compiles and starts an orchestra, plays each Instr with its defaults, then builds the program once as it will be
/// built for playing. `progress` is told each step before it is done, so that somebody who watches knows where it
/// ended. Takes milliseconds, or for ever, or ends the process.
///
/// # Errors
///
/// What Csound complained of, in the lines that the user typed; never empty. Without errors: warnings.
pub fn try_out(
    spec: &ProgramSpec,
    mut progress: impl FnMut(Step<'_>),
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    progress(Step::Compiling);
    let complete = spec.complete_orchestra();
    let orchestra = orchestra::write(&complete)?;
    let mut trial = Trial::compile(spec, orchestra)?;
    progress(Step::RunningInit);
    trial.start(spec)?;
    for instr in &complete.instrs {
        trial.play(spec, instr, &mut progress)?;
    }
    let Trial { told, .. } = trial;
    if told.iter().any(Diagnostic::is_error) {
        return Err(told);
    }
    progress(Step::Building);
    Program::build(spec)?;
    Ok(told)
}

/// The instance that everything is tried out in.
struct Trial {
    csound: Csound,
    orchestra: Orchestra,
    table: Option<Table>,
    /// Problems so far, each once.
    told: Vec<Diagnostic>,
}

impl Trial {
    fn compile(spec: &ProgramSpec, orchestra: Orchestra) -> Result<Self, Vec<Diagnostic>> {
        let config = Config {
            sample_rate: spec.orchestra.sample_rate,
            ksmps: spec.orchestra.ksmps,
            outputs: orchestra.layout.outputs,
            inputs: orchestra.layout.inputs,
            a4: spec.orchestra.a4,
            messages: Messages::Full,
        };
        let csound = Csound::new(&config).map_err(|error| vec![document(&error.to_string())])?;
        let mut trial = Self {
            csound,
            orchestra,
            table: None,
            told: Vec::new(),
        };
        let compiled = trial.csound.compile(&trial.orchestra.text);
        trial.checked(compiled)?;
        Ok(trial)
    }

    fn start(&mut self, spec: &ProgramSpec) -> Result<(), Vec<Diagnostic>> {
        let started = self.csound.start();
        self.checked(started)?;
        self.table = self.csound.table(self.orchestra.layout.control_table);
        self.fill_tables(spec);
        self.csound
            .event(&[f64::from(self.orchestra.layout.always_on), 0.0, -1.0]);
        self.cycles(1, None)
    }

    /// Stores the tables that a document gives as numbers.
    fn fill_tables(&mut self, spec: &ProgramSpec) {
        for (table, place) in spec
            .orchestra
            .tables
            .iter()
            .zip(&self.orchestra.layout.tables)
        {
            if let TableSource::Data(data) = &table.source
                && let Some(handle) = self.csound.table(place.number)
            {
                self.csound
                    .cells_mut(&handle)
                    .iter_mut()
                    .zip(data)
                    .for_each(|(cell, value)| *cell = *value);
            }
        }
    }

    /// Lets one synth of an Instr sound, be released, and end.
    fn play(
        &mut self,
        spec: &ProgramSpec,
        instr: &Instr,
        progress: &mut impl FnMut(Step<'_>),
    ) -> Result<(), Vec<Diagnostic>> {
        let Some(event) = Event::new(spec, instr, &self.orchestra.layout) else {
            return Ok(());
        };
        let name = instr.name();
        progress(Step::Starting(name));
        event.prepare(&mut self.csound, self.table.as_ref());
        self.csound.event(&event.fields);
        self.cycles(1, Some(name))?;
        progress(Step::Performing(name));
        self.cycles(HELD, Some(name))?;
        progress(Step::Releasing(name));
        self.csound.release(event.fields[0]);
        self.cycles(RELEASED, Some(name))?;
        self.csound.kill(event.fields[0]);
        self.cycles(1, Some(name))
    }

    /// Performs cycles on behalf of an Instr. An error means that there can be no further ones.
    fn cycles(&mut self, count: usize, instr: Option<&str>) -> Result<(), Vec<Diagnostic>> {
        for _ in 0..count {
            let performed = self.csound.perform_cycle();
            let silent = performed == Performed::Done
                && self.csound.output().iter().all(|sample| sample.is_finite());
            self.listen(instr);
            if performed != Performed::Done {
                self.tell(given_up(performed, instr));
                return Err(std::mem::take(&mut self.told));
            }
            if !silent {
                self.tell(no_number(instr));
            }
        }
        Ok(())
    }

    /// Reads what Csound has said since the last time.
    fn listen(&mut self, instr: Option<&str>) {
        let mut said = String::new();
        self.csound
            .messages(|bytes| said.push_str(&String::from_utf8_lossy(bytes)));
        for raw in csound::diagnostics(&said) {
            let told = self.locate(&raw, instr);
            self.tell(told);
        }
    }

    fn tell(&mut self, diagnostic: Diagnostic) {
        if !self.told.contains(&diagnostic) {
            self.told.push(diagnostic);
        }
    }

    fn checked(&mut self, done: Result<(), CompileError>) -> Result<(), Vec<Diagnostic>> {
        let Err(error) = done else { return Ok(()) };
        for raw in &error.diagnostics {
            let told = self.locate(raw, None);
            self.tell(told);
        }
        Err(std::mem::take(&mut self.told))
    }

    /// What Csound found, in the lines that the user typed.
    fn locate(&self, raw: &RawDiagnostic, playing: Option<&str>) -> Diagnostic {
        let map = &self.orchestra.source_map;
        let instr = raw
            .instr
            .as_deref()
            .and_then(|instr| self.name_of(instr))
            .or(playing);
        let place = raw.line.map(|line| match raw.kind {
            Kind::Compile => map.locate(line),
            Kind::Init | Kind::Perf => map.locate_running(line, instr),
        });
        match (place, instr) {
            (Some((place, line)), _) => Diagnostic::error(place, &*raw.message).on_line(line),
            (None, Some(instr)) => Diagnostic::error(Place::Instr(instr.to_owned()), &*raw.message),
            (None, None) => document(&raw.message),
        }
    }

    /// The Instr that Csound knows under a number or a name.
    fn name_of(&self, instr: &str) -> Option<&str> {
        let number = instr.parse::<u32>().ok();
        let mut instrs = self.orchestra.layout.instrs.iter();
        let found = instrs.find(|layout| {
            layout.name == instr
                || number.is_some_and(|number| layout.numbers.values().any(|n| *n == number))
        });
        found.map(|layout| layout.name.as_str())
    }
}

fn document(message: &str) -> Diagnostic {
    Diagnostic::error(Place::Document, message)
}

fn place_of(instr: Option<&str>) -> Place {
    instr.map_or(Place::Document, |name| Place::Instr(name.to_owned()))
}

/// Why no further cycle can be performed.
fn given_up(performed: Performed, instr: Option<&str>) -> Diagnostic {
    let (message, help) = match performed {
        Performed::Ended => (
            "it ends the performance, and with it everything that sounds",
            "send no `e` event",
        ),
        _ => (
            "Csound gives up on it",
            "look for very large delay lines or tables: it may need too much memory",
        ),
    };
    Diagnostic::error(place_of(instr), message).with_help(help)
}

fn no_number(instr: Option<&str>) -> Diagnostic {
    let message = "it puts out samples that are no numbers, so it will be muted";
    Diagnostic::warning(place_of(instr), message)
        .with_help("look for divisions by 0 and filters out of their range")
}
