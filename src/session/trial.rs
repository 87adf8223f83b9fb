//! Trying an orchestra out: compile it, start it, let each Instr sound once, and tell what Csound complained of.
//!
//! Only for a process that may die of it: Csound can crash on a text, or never come back.

mod event;
mod told;

use std::fmt;

use super::diagnostic::Diagnostic;
use super::instr::{Instr, Noticed};
use super::layer::{Layer, Trigger};
use super::orchestra::{self, Orchestra, OrchestraSpec, Sources};
use super::program::{ProgramSpec, store_table};
use crate::csound::{self, Config, Csound, Messages, Performed, Table};
use event::Event;
use told::{document, given_up, no_number};

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
    /// The Instr of this name is started as often as its layers allow at once.
    Filling(&'a str),
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compiling => f.write_str("compiling"),
            Self::RunningInit => f.write_str("running the init code"),
            Self::Starting(name) => write!(f, "starting instr {name}"),
            Self::Performing(name) => write!(f, "performing instr {name}"),
            Self::Releasing(name) => write!(f, "releasing instr {name}"),
            Self::Filling(name) => write!(f, "starting all voices of instr {name}"),
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

/// Has Csound load its opcodes, which takes some milliseconds the first time in a process.
pub fn load() {
    let orchestra = OrchestraSpec::default();
    // Why it cannot be had is told by whoever needs it.
    drop(Csound::new(&Config {
        sample_rate: orchestra.sample_rate,
        ksmps: orchestra.ksmps,
        outputs: orchestra.channels,
        inputs: orchestra.channels,
        a4: orchestra.a4,
        messages: Messages::Quiet,
    }));
}

/// Compiles and starts an orchestra, plays each Instr with its defaults, then starts it as often as a program will when
/// it warms up, which needs the memory of them all. `progress` is told each step before it is done, so that somebody who watches knows where it
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
    let definitions = complete.definitions();
    for instr in complete
        .instrs
        .iter()
        .filter(|instr| instr.noticed(&definitions) < Noticed::ByStarting)
    {
        progress(Step::Filling(instr.name()));
        trial.fill(spec, instr)?;
    }
    let Trial { told, .. } = trial;
    if told.iter().any(Diagnostic::is_error) {
        Err(told)
    } else {
        Ok(told)
    }
}

/// The instance that everything is tried out in.
struct Trial {
    csound: Csound,
    orchestra: Orchestra,
    sources: Sources,
    table: Option<Table>,
    /// Problems so far, each once.
    told: Vec<Diagnostic>,
    /// An argument of the Instr on trial that nobody gives a value: what the Instr complains of may be due to that.
    missing: Option<String>,
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
            sources: Sources::of(&orchestra),
            csound,
            orchestra,
            table: None,
            told: Vec::new(),
            missing: None,
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

    /// Stores the tables that are given as numbers.
    fn fill_tables(&mut self, spec: &ProgramSpec) {
        for (number, data) in self.orchestra.layout.table_data(&spec.orchestra) {
            store_table(&mut self.csound, number, data);
        }
    }

    /// Lets one synth of an Instr sound, be released, and end.
    fn play(
        &mut self,
        spec: &ProgramSpec,
        instr: &Instr,
        progress: &mut impl FnMut(Step<'_>),
    ) -> Result<(), Vec<Diagnostic>> {
        let Some(event) = Event::new(spec, instr, &self.orchestra.layout, 0) else {
            return Ok(());
        };
        let name = instr.name();
        self.missing = event::missing(spec, instr);
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

    /// Starts an Instr as often as its layers can: the voices that are held, and as many that ring.
    fn fill(&mut self, spec: &ProgramSpec, instr: &Instr) -> Result<(), Vec<Diagnostic>> {
        let parts_of = |layer: &Layer| {
            layer
                .parts
                .iter()
                .filter(|part| part.instr == instr.name())
                .count() as u32
        };
        let voices = |layer: &Layer| match layer.trigger {
            Trigger::Note => 2 * layer.voices * parts_of(layer),
            Trigger::Always => parts_of(layer),
        };
        let copies = spec
            .layers
            .iter()
            .map(voices)
            .sum::<u32>()
            .min(self.orchestra.layout.slices);
        let events =
            (0..copies).filter_map(|copy| Event::new(spec, instr, &self.orchestra.layout, copy));
        let events: Vec<_> = events.collect();
        self.missing = event::missing(spec, instr);
        for event in &events {
            event.prepare(&mut self.csound, self.table.as_ref());
            self.csound.event(&event.fields);
        }
        self.cycles(1, Some(instr.name()))?;
        for event in &events {
            self.csound.kill(event.fields[0]);
        }
        self.cycles(1, Some(instr.name()))
    }

    /// Performs cycles on behalf of an Instr. An error means that there can be no further ones.
    fn cycles(&mut self, count: usize, instr: Option<&str>) -> Result<(), Vec<Diagnostic>> {
        for _ in 0..count {
            let performed = self.csound.perform_cycle();
            let numbers = performed == Performed::Done
                && self.csound.output().iter().all(|sample| sample.is_finite());
            self.listen(instr);
            if performed != Performed::Done {
                self.tell(given_up(performed, instr));
                return Err(std::mem::take(&mut self.told));
            }
            if !numbers {
                self.tell(no_number(instr));
            }
        }
        Ok(())
    }
}
