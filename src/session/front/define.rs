//! What a session can play: Instrs, included files, and what becomes of them.

use super::Session;
use crate::session::command::SynthId;
use crate::session::error::Error;
use crate::session::instr::Instr;
use crate::session::orchestra::{self, Include};
use std::path::Path;
use std::sync::Arc;

impl Session {
    /// Defines an Instr, its arguments declared in its body, and registers it. An Instr of that name is replaced:
    /// synths that sound keep the old code. For init code, aliases and the rest, build an [`Instr`] and register it.
    ///
    /// # Errors
    /// What is wrong with the declaration; code is compiled when it is first needed.
    pub fn def_instr(&mut self, name: &str, body: &str) -> Result<&Instr, Error> {
        let limit = self.max_dynamic_args() as usize;
        let instr = Instr::builder(name, body)
            .max_controls(limit)
            .build()
            .map_err(Error::Code)?;
        self.register_instr(instr)?;
        self.get_instr(name)
            .ok_or_else(|| Error::UnknownInstr(name.to_owned()))
    }

    /// Registers an Instr, and reads the files it includes; false if it is registered in this very form.
    ///
    /// # Errors
    /// An included file that cannot be read.
    pub fn register_instr(&mut self, instr: Instr) -> Result<bool, Error> {
        if self.is_instr_registered(&instr) {
            return Ok(false);
        }
        for include in instr.includes() {
            self.include_file(include)?;
        }
        let instrs = &mut self.spec.orchestra.instrs;
        match instrs.iter_mut().find(|known| known.name() == instr.name()) {
            Some(known) => *known = instr,
            None => instrs.push(instr),
        }
        self.spec.orchestra.intern_defaults();
        self.stale = true;
        Ok(true)
    }

    /// Whether an Instr is registered in this very form.
    pub fn is_instr_registered(&self, instr: &Instr) -> bool {
        self.get_instr(instr.name()) == Some(instr)
    }

    /// The Instr of that name.
    pub fn get_instr(&self, name: &str) -> Option<&Instr> {
        self.spec
            .orchestra
            .instrs
            .iter()
            .find(|instr| instr.name() == name)
    }

    /// All Instrs, in order of definition.
    pub fn registered_instrs(&self) -> &[Instr] {
        &self.spec.orchestra.instrs
    }

    /// Asked before a control of any synth of an Instr that is scheduled from now on is set: the synth, the argument,
    /// the value, the delay in seconds. False leaves the control alone.
    pub fn on_set(
        &mut self,
        instr: &str,
        function: impl Fn(SynthId, &str, f64, f64) -> bool + Send + Sync + 'static,
    ) {
        self.callbacks.insert(instr.to_owned(), Arc::new(function));
    }

    /// Compiles an Instr at a priority before it is needed, with all that has changed. Blocks.
    ///
    /// # Errors
    /// An unknown Instr, a bad priority, code that does not compile.
    pub fn prepare_sched(&mut self, instr: &str, priority: i32) -> Result<(), Error> {
        let known = self.known(instr)?;
        self.priority(known, priority)?;
        self.prepare()
    }

    /// The number of the instrument that is made of an Instr at a priority, compiled if need be. A higher priority has
    /// the higher number; within one, the order of definition holds. Numbers change when Instrs are defined.
    ///
    /// # Errors
    /// An unknown Instr, a bad priority, code that does not compile.
    pub fn instrnum(&mut self, instr: &str, priority: i32) -> Result<u32, Error> {
        let known = self.known(instr)?;
        let priority = self.priority(known, priority)?;
        self.prepare()?;
        self.number(instr, priority)
            .ok_or_else(|| Error::UnknownInstr(instr.to_owned()))
    }

    /// The code between `instr` and `endin` that is made of an Instr's body, at priority 1.
    ///
    /// # Errors
    /// An unknown Instr, an orchestra that cannot be written.
    pub fn generate_instr_body(&self, instr: &str) -> Result<String, Error> {
        self.known(instr)?;
        let spec = self.spec_everywhere().complete_orchestra();
        let body = orchestra::instr_body(&spec, instr).map_err(Error::Code)?;
        body.ok_or_else(|| Error::UnknownInstr(instr.to_owned()))
    }

    /// Adds the code of a file before all init code; once for each file.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn include_file(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let failed = |error: std::io::Error| Error::File {
            path: path.display().to_string(),
            reason: error.to_string(),
        };
        let name = path.canonicalize().map_err(failed)?.display().to_string();
        let text = std::fs::read_to_string(path).map_err(failed)?;
        let includes = &mut self.spec.orchestra.includes;
        if !includes.iter().any(|include| include.name == name) {
            includes.push(Include { name, text });
            self.stale = true;
        }
        Ok(())
    }

    /// How many priorities there are.
    pub fn num_priorities(&self) -> u32 {
        self.spec.orchestra.priorities
    }

    /// How many controls an Instr may have.
    pub fn max_dynamic_args(&self) -> u32 {
        self.spec.orchestra.max_controls
    }

    /// The number of an Instr at a priority, without compiling anything.
    pub(super) fn number(&self, instr: &str, priority: u16) -> Option<u32> {
        let instrs = &self.spec.orchestra.instrs;
        let index = instrs.iter().position(|known| known.name() == instr)?;
        Some(orchestra::instr_number(
            index as u32,
            u32::from(priority),
            instrs.len() as u32,
        ))
    }

    pub(super) fn known(&self, instr: &str) -> Result<&Instr, Error> {
        self.get_instr(instr)
            .ok_or_else(|| Error::UnknownInstr(instr.to_owned()))
    }
}
