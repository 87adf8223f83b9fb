//! Instrs that were defined anew, as what was scheduled before plays them.

use super::Renderer;
use crate::session::Error;
use crate::session::instr::Instr;
use crate::session::name::NameId;

/// The Instrs of old under names of their own, each with the name it had.
#[derive(Default)]
pub struct Past(Vec<(String, Instr)>);

impl Past {
    /// Puts them before those that took their names, so that the order within a priority stays.
    pub fn add_to(&self, instrs: &mut Vec<Instr>) {
        for (name, old) in &self.0 {
            let place = instrs.iter().position(|instr| instr.name() == name);
            instrs.insert(place.unwrap_or(instrs.len()), old.clone());
        }
    }

    fn next_name(&self, name: &str) -> String {
        let before = self.0.iter().filter(|(own, _)| own == name).count();
        format!("{name} ({})", before + 1)
    }
}

impl Renderer {
    /// Defines an Instr; see [`crate::session::Session::def_instr`]. What was scheduled keeps the code it had.
    ///
    /// # Errors
    /// What is wrong with the declaration.
    pub fn def_instr(&mut self, name: &str, body: &str) -> Result<&Instr, Error> {
        let limit = self.session.max_dynamic_args() as usize;
        let instr = Instr::builder(name, body).max_controls(limit).build();
        self.register_instr(instr.map_err(Error::Code)?)?;
        self.session
            .get_instr(name)
            .ok_or_else(|| Error::UnknownInstr(name.to_owned()))
    }

    /// Registers an Instr; see [`crate::session::Session::register_instr`]. What was scheduled keeps the code it had.
    ///
    /// # Errors
    /// An included file that cannot be read.
    pub fn register_instr(&mut self, instr: Instr) -> Result<bool, Error> {
        self.collect();
        let old = self.session.get_instr(instr.name()).cloned();
        let is_new = self.session.register_instr(instr)?;
        if let Some(old) = old.filter(|_| is_new) {
            let name = old.name().to_owned();
            let past = self.past.next_name(&name);
            if self.tape.rename(NameId::of(&name), NameId::of(&past)) {
                self.past.0.push((name, old.renamed(&past)));
            }
        }
        Ok(is_new)
    }
}
