//! From a name, a body and settings to an instrument.

use std::collections::BTreeMap;

use super::arg::{Arg, ArgKind, ArgNote, Value};
use super::cursor::Problem;
use super::declaration::{self, Declaration, Item, kind_of};
use super::pfields::{self, FIRST_PLACE, PFields};
use super::scan::Scan;
use super::{Instr, checks};
use crate::session::diagnostic::{Diagnostic, Place};

/// Settings of an instrument that is being made.
#[derive(Clone, Debug)]
pub struct InstrBuilder {
    name: String,
    body: String,
    args: Vec<(String, Value)>,
    init: String,
    doc: String,
    includes: Vec<String>,
    aliases: BTreeMap<String, String>,
    properties: BTreeMap<String, String>,
    min_priority: u32,
    max_controls: usize,
}

impl InstrBuilder {
    pub(super) fn new(name: &str, body: &str) -> Self {
        Self {
            name: name.to_owned(),
            body: body.to_owned(),
            args: Vec::new(),
            init: String::new(),
            doc: String::new(),
            includes: Vec::new(),
            aliases: BTreeMap::new(),
            properties: BTreeMap::new(),
            min_priority: 1,
            max_controls: 16,
        }
    }

    /// Declares arguments with their defaults, after those of the text; a default given here overrides one there.
    pub fn args<N: Into<String>, V: Into<Value>>(
        mut self,
        args: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.args.extend(
            args.into_iter()
                .map(|(name, default)| (name.into(), default.into())),
        );
        self
    }

    /// Sets the global code the instrument needs.
    pub fn init(self, init: impl Into<String>) -> Self {
        Self {
            init: init.into(),
            ..self
        }
    }

    /// Sets what people are told about the instrument.
    pub fn doc(self, doc: impl Into<String>) -> Self {
        Self {
            doc: doc.into(),
            ..self
        }
    }

    /// Sets the names of the texts that come before the init code.
    pub fn includes<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        Self {
            includes: names.into_iter().map(Into::into).collect(),
            ..self
        }
    }

    /// Gives arguments other names: pairs of the new name and the argument's own.
    pub fn aliases<A: Into<String>, N: Into<String>>(
        self,
        aliases: impl IntoIterator<Item = (A, N)>,
    ) -> Self {
        let aliases = aliases
            .into_iter()
            .map(|(alias, name)| (alias.into(), name.into()))
            .collect();
        Self { aliases, ..self }
    }

    /// Notes something else about the instrument, which the session only keeps.
    pub fn property(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.properties.insert(name.into(), value.into());
        self
    }

    /// Sets the lowest priority the instrument may be played at.
    pub fn min_priority(self, priority: u32) -> Self {
        Self {
            min_priority: priority,
            ..self
        }
    }

    /// Sets how many controls the instrument may have; 16 if not said.
    pub fn max_controls(self, limit: usize) -> Self {
        Self {
            max_controls: limit,
            ..self
        }
    }

    /// Reads the body.
    ///
    /// # Errors
    /// What is wrong with the declaration, the settings or forbidden in a body.
    pub fn build(self) -> Result<Instr, Vec<Diagnostic>> {
        let place = Place::Instr(self.name.clone());
        let told = |problem: Problem| {
            let told =
                Diagnostic::error(place.clone(), problem.message).at(problem.line, problem.column);
            Diagnostic {
                help: problem.help,
                ..told
            }
        };
        let read = self
            .read()
            .map_err(|problems| problems.into_iter().map(told).collect::<Vec<_>>())?;
        let problems = self.check(&read);
        if problems.is_empty() {
            Ok(self.finish(read))
        } else {
            Err(problems)
        }
    }

    fn read(&self) -> Result<ReadBody, Vec<Problem>> {
        let body = self.body.replace("\r\n", "\n");
        let scan = Scan::new(&body);
        let problems = checks::of_body(&body, &scan);
        if !problems.is_empty() {
            return Err(problems);
        }
        let declaration = declaration::parse(&body, &scan).map_err(|problem| vec![problem])?;
        let declared = !declaration.items.is_empty() || !self.args.is_empty();
        let code = blank(&body, &declaration);
        let scan = Scan::new(&code);
        let last = checks::last_pfield(&scan);
        let (args, edits) = if declared {
            let args = placed((FIRST_PLACE..).zip(self.with_own(declaration.items)));
            let problems = checks::of_declared(&scan, &args);
            if !problems.is_empty() {
                return Err(problems);
            }
            (args, Vec::new())
        } else {
            let PFields { items, edits } = pfields::find(&scan).map_err(|problem| vec![problem])?;
            (placed(items), edits)
        };
        let last_pfield = args
            .iter()
            .map(|arg| arg.place)
            .max()
            .unwrap_or(0)
            .max(last)
            .max(FIRST_PLACE - 1);
        Ok(ReadBody {
            args,
            code,
            edits,
            declared,
            last_pfield,
        })
    }

    /// The arguments of the text with those of the settings.
    fn with_own(&self, mut items: Vec<Item>) -> Vec<Item> {
        for (name, default) in &self.args {
            match items.iter_mut().find(|item| item.name == *name) {
                Some(item) => {
                    (item.default, item.has_default) = (default.clone(), true);
                }
                None => {
                    // A name without a prefix is reported by `check`.
                    let kind = kind_of(name).unwrap_or(ArgKind::Init);
                    let (name, default, note) = (name.clone(), default.clone(), ArgNote::default());
                    items.push(Item {
                        name,
                        kind,
                        default,
                        has_default: true,
                        note,
                        line: 0,
                    });
                }
            }
        }
        items
    }

    fn check(&self, read: &ReadBody) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        if self.name.trim().is_empty() || self.name.chars().any(|c| c.is_control() || c == '"') {
            problems.push(self.refuse("an instrument needs a name without quotes and line ends"));
        }
        problems.extend(
            self.args
                .iter()
                .filter_map(|(name, value)| self.check_arg(name, value)),
        );
        for (alias, name) in &self.aliases {
            let is_argument = |name: &String| read.args.iter().any(|arg| arg.name == *name);
            if !is_argument(name) {
                let message = format!("the alias {alias} stands for {name}, which is no argument");
                problems.push(self.refuse(message));
            } else if is_argument(alias) {
                let message = format!("the alias {alias} is the name of an argument");
                problems.push(self.refuse(message));
            }
        }
        problems.extend(self.check_limit(&read.args));
        problems
    }

    fn refuse(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Place::Instr(self.name.clone()), message)
    }

    fn check_arg(&self, name: &str, default: &Value) -> Option<Diagnostic> {
        let Some(kind) = kind_of(name) else {
            let told = self.refuse(declaration::prefix_message(name));
            return Some(told.with_help(declaration::PREFIX_HELP));
        };
        let fits = match default {
            Value::Number(number) => kind != ArgKind::Text && number.is_finite(),
            Value::Text(text) => kind == ArgKind::Text && !text.contains('\0'),
        };
        let what = if kind == ArgKind::Text {
            "text"
        } else {
            "number"
        };
        (!fits).then(|| self.refuse(format!("the default of {name} must be a {what}")))
    }

    fn check_limit(&self, args: &[Arg]) -> Option<Diagnostic> {
        let controls = args.iter().filter(|arg| arg.cell.is_some());
        let over = controls.clone().nth(self.max_controls)?;
        let (limit, count, name) = (self.max_controls, controls.count(), &over.name);
        let message =
            format!("{count} controls are more than the limit of {limit}, from {name} on");
        let told = self.refuse(message);
        let told = told.with_help("raise the limit, or make some of them i arguments");
        Some(if over.line > 0 {
            told.on_line(over.line)
        } else {
            told
        })
    }

    fn finish(self, read: ReadBody) -> Instr {
        Instr {
            name: self.name,
            body: self.body,
            init: self.init,
            doc: self.doc,
            includes: self.includes,
            aliases: self.aliases,
            properties: self.properties,
            min_priority: self.min_priority,
            args: read.args,
            code: read.code,
            edits: read.edits,
            declared: read.declared,
            last_pfield: read.last_pfield,
        }
    }
}

struct ReadBody {
    args: Vec<Arg>,
    code: String,
    edits: Vec<pfields::Edit>,
    declared: bool,
    last_pfield: u32,
}

/// The body with a space for every character of the declaration but line ends.
fn blank(body: &str, declaration: &Declaration) -> String {
    let range = declaration.range.clone();
    let space = |c: char| if c == '\n' { '\n' } else { ' ' };
    let blank: String = body[range.clone()].chars().map(space).collect();
    format!("{}{blank}{}", &body[..range.start], &body[range.end..])
}

fn placed(items: impl IntoIterator<Item = (u32, Item)>) -> Vec<Arg> {
    let mut cells = 0..;
    let arg = |(place, item): (u32, Item)| {
        let cell = if item.kind == ArgKind::Control {
            cells.next()
        } else {
            None
        };
        let Item {
            name,
            kind,
            default,
            has_default,
            note,
            line,
        } = item;
        Arg {
            name,
            kind,
            place,
            cell,
            default,
            has_default,
            note,
            line,
        }
    };
    items.into_iter().map(arg).collect()
}
