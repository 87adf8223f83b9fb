//! The template of an instrument: a body of Csound code with typed, named arguments.
//!
//! Everything here is text: nothing is compiled, no thread is involved, no input makes it panic.

mod arg;
mod builder;
mod checks;
mod cursor;
mod declaration;
mod effects;
mod note;
mod pfields;
mod range;
mod scan;
mod units;

use std::collections::BTreeMap;

pub use arg::{Arg, ArgKind, ArgNote, Curve, Value};
pub use builder::InstrBuilder;
pub use effects::Noticed;
pub use range::Range;

pub(crate) use checks::refused_in_init;
pub(crate) use pfields::{Edit, FIRST_PLACE, Form, Read};
pub(crate) use scan::{Scan, Token, TokenKind};

use crate::session::diagnostic::Diagnostic;

/// A template that synths are made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Instr {
    name: String,
    body: String,
    init: String,
    doc: String,
    includes: Vec<String>,
    aliases: BTreeMap<String, String>,
    properties: BTreeMap<String, String>,
    min_priority: u32,
    args: Vec<Arg>,
    code: String,
    edits: Vec<Edit>,
    declared: bool,
    last_pfield: u32,
}

impl Instr {
    /// The same under another name.
    pub fn renamed(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Reads a body, its arguments declared in it.
    ///
    /// # Errors
    /// What is wrong with the declaration or forbidden in a body, with line and column.
    pub fn new(name: &str, body: &str) -> Result<Self, Vec<Diagnostic>> {
        Self::builder(name, body).build()
    }

    /// Starts an instrument that has more than a name and a body.
    pub fn builder(name: &str, body: &str) -> InstrBuilder {
        InstrBuilder::new(name, body)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The body as it was typed.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Global code it needs.
    pub fn init(&self) -> &str {
        &self.init
    }

    /// What it is, for people.
    pub fn doc(&self) -> &str {
        &self.doc
    }

    /// Names of the texts it needs before its init code.
    pub fn includes(&self) -> &[String] {
        &self.includes
    }

    /// Other names of its arguments, each with the argument it stands for.
    pub fn aliases(&self) -> &BTreeMap<String, String> {
        &self.aliases
    }

    /// What else is noted about it, by name; the session only keeps it.
    pub fn properties(&self) -> &BTreeMap<String, String> {
        &self.properties
    }

    /// The lowest priority it may be played at.
    pub fn min_priority(&self) -> u32 {
        self.min_priority
    }

    /// Its arguments by their places.
    pub fn args(&self) -> &[Arg] {
        &self.args
    }

    /// The argument of this name, alias or p-field (`p5`).
    pub fn arg(&self, name: &str) -> Option<&Arg> {
        let real = self.aliases.get(name).map_or(name, String::as_str);
        let place = || {
            real.strip_prefix('p')
                .and_then(|digits| digits.parse().ok())
        };
        let named = self.args.iter().find(|arg| arg.name == real);
        named.or_else(|| {
            let place: u32 = place()?;
            self.args.iter().find(|arg| arg.place == place)
        })
    }

    /// The name that people know an argument by: an alias if it has one.
    pub fn shown_name<'a>(&'a self, arg: &'a Arg) -> &'a str {
        let alias = self.aliases.iter().find(|(_, real)| **real == arg.name);
        alias.map_or(&arg.name, |(alias, _)| alias)
    }

    /// The arguments that can change while a synth sounds, in the order of their cells.
    pub fn controls(&self) -> impl Iterator<Item = &Arg> {
        self.args.iter().filter(|arg| arg.kind == ArgKind::Control)
    }

    /// How many p-fields an event for it carries: up to the last one it declares or reads, and 4 at least.
    pub fn pfields(&self) -> u32 {
        self.last_pfield
    }

    /// Whether a note-off lets its body ring out by itself, opcodes defined elsewhere left aside.
    pub fn releases(&self) -> bool {
        self.releases_with(&[])
    }

    /// Whether a note-off lets its body ring out by itself, given the texts that define opcodes it may call.
    pub fn releases_with(&self, definitions: &[&str]) -> bool {
        let definitions: Vec<&str> = definitions.iter().copied().chain([self.init()]).collect();
        checks::releases(&self.code, &definitions)
    }

    /// Whether the body gives p3 another value.
    pub(crate) fn sets_own_length(&self) -> bool {
        checks::sets_own_length(&self.code)
    }

    /// The body without its declaration; every other character is on the line it was typed on.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Statements of the code that the orchestra replaces, in their order.
    pub(crate) fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// Whether the arguments were declared, not found as p-fields in the body.
    pub(crate) fn is_declared(&self) -> bool {
        self.declared
    }
}
