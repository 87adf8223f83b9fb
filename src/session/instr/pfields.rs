//! Arguments that a body declares by reading p-fields: `iamp = p5`, `kfreq init p6`, `passign`, `strget`, `pset`.

use std::collections::BTreeMap;
use std::ops::Range;

use super::arg::{ArgKind, ArgNote, Value};
use super::cursor::Problem;
use super::declaration::{Item, kind_of};
use super::scan::{Scan, Token, TokenKind};

/// The first p-field an argument can have; those before are the event's own and the slice.
pub(crate) const FIRST_PLACE: u32 = 5;

/// A statement of the body that the generated code replaces.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Edit {
    /// The bytes of the code it takes.
    pub range: Range<usize>,
    /// The line on which it ends, counted from 1.
    pub last_line: u32,
    /// What stands in its place, in this order.
    pub reads: Vec<Read>,
}

/// How a variable gets the value of an argument.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Read {
    pub name: String,
    pub place: u32,
    pub form: Form,
}

/// When a variable gets the value of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// At init, from the p-field.
    Init,
    /// At init, as the text that the p-field stands for.
    Text,
    /// At init and in every cycle, from the slice.
    Always,
    /// At init, and in every cycle in which the cell has changed, from the slice.
    Changed,
}

/// What a body says about its p-fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PFields {
    pub items: BTreeMap<u32, Item>,
    pub edits: Vec<Edit>,
}

/// Finds the arguments among the statements of a body.
pub(super) fn find(scan: &Scan<'_>) -> Result<PFields, Problem> {
    let mut found = PFields::default();
    let mut defaults = BTreeMap::new();
    for line in scan.statements() {
        if line[0].is_word("pset") {
            defaults.extend(pset(line));
            found.edits.push(edit(line, Vec::new()));
        } else if let Some(reads) = statement(line) {
            found.register(line, reads);
        }
    }
    found.apply(defaults)?;
    Ok(found)
}

impl PFields {
    fn register(&mut self, line: &[Token<'_>], reads: Vec<Read>) {
        let known = |read: &Read| match self.items.get(&read.place) {
            Some(item) => item.name == read.name,
            None => {
                read.place >= FIRST_PLACE && !self.items.values().any(|item| item.name == read.name)
            }
        };
        // A second variable at the same place, or a second place for a variable, is ordinary code.
        if !reads.iter().all(known) {
            return;
        }
        for read in &reads {
            let Some(kind) = kind_of(&read.name) else {
                continue;
            };
            let default = kind.placeholder();
            let (name, note, line) = (read.name.clone(), ArgNote::default(), line[0].line);
            self.items.entry(read.place).or_insert(Item {
                name,
                kind,
                default,
                has_default: false,
                note,
                line,
            });
        }
        self.edits.push(edit(line, reads));
    }

    fn apply(&mut self, defaults: BTreeMap<u32, Default>) -> Result<(), Problem> {
        for (place, default) in defaults {
            let item = self.items.entry(place).or_insert_with(|| Item {
                name: format!("p{place}"),
                kind: ArgKind::Init,
                default: Value::Number(0.0),
                has_default: true,
                note: ArgNote::default(),
                line: default.line,
            });
            match (item.kind, default.value) {
                // `pset` has no way to leave out a text; a number there means none.
                (ArgKind::Text, Value::Number(_)) => {}
                (ArgKind::Init | ArgKind::Control, Value::Text(_)) => {
                    let message =
                        format!("pset gives p{place} a text, but {} is a number", item.name);
                    let (line, column) = (default.line, default.column);
                    return Err(Problem {
                        line,
                        column,
                        message,
                        help: None,
                    });
                }
                (_, value) => (item.default, item.has_default) = (value, true),
            }
        }
        Ok(())
    }
}

fn edit(line: &[Token<'_>], reads: Vec<Read>) -> Edit {
    let last = line[line.len() - 1];
    let more_lines = last.text.matches('\n').count();
    // A text that runs over several lines cannot end a statement of these forms, but must not break the count.
    let last_line = last.line + u32::try_from(more_lines).unwrap_or(0);
    Edit {
        range: line[0].start..last.end(),
        last_line,
        reads,
    }
}

struct Default {
    value: Value,
    line: u32,
    column: u32,
}

/// The defaults of a `pset` line from p5 on; entries that are no plain value have none.
fn pset(line: &[Token<'_>]) -> BTreeMap<u32, Default> {
    let entries = line[1..].split(|token| token.is_symbol(","));
    let numbered = (1..)
        .zip(entries)
        .skip_while(|(place, _)| *place < FIRST_PLACE);
    numbered
        .filter_map(|(place, entry)| {
            let (line, column) = (entry.first()?.line, entry.first()?.column);
            Some((
                place,
                Default {
                    value: literal(entry)?,
                    line,
                    column,
                },
            ))
        })
        .collect()
}

fn literal(entry: &[Token<'_>]) -> Option<Value> {
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    match entry {
        [token] if token.kind == TokenKind::Number => number(token.text).map(Value::Number),
        [sign, token] if token.kind == TokenKind::Number && sign.is_symbol("-") => {
            number(token.text).map(|number| Value::Number(-number))
        }
        [sign, token] if token.kind == TokenKind::Number && sign.is_symbol("+") => {
            number(token.text).map(Value::Number)
        }
        [token] if token.kind == TokenKind::Text && token.text.starts_with('"') => {
            Some(Value::Text(token.text.trim_matches('"').to_owned()))
        }
        _ => None,
    }
}

/// The reads of a statement, if it is nothing else.
fn statement(line: &[Token<'_>]) -> Option<Vec<Read>> {
    match line {
        [name, by, place] if place.pfield().is_some() => {
            single(name, by, place.pfield()?).map(|read| vec![read])
        }
        _ => passign(line),
    }
}

fn single(name: &Token<'_>, by: &Token<'_>, place: u32) -> Option<Read> {
    let form = match (variable(name)?, by.text) {
        (ArgKind::Init, "=" | "init") => Form::Init,
        (ArgKind::Control, "=") => Form::Always,
        (ArgKind::Control, "init") => Form::Changed,
        (ArgKind::Text, "=" | "strget") => Form::Text,
        _ => return None,
    };
    Some(Read {
        name: name.text.to_owned(),
        place,
        form,
    })
}

fn passign(line: &[Token<'_>]) -> Option<Vec<Read>> {
    let at = line.iter().position(|token| token.is_word("passign"))?;
    let first = match &line[at + 1..] {
        [] => 1,
        [number] if number.kind == TokenKind::Number => number.text.parse().ok()?,
        _ => return None,
    };
    let mut names = line[..at].split(|token| token.is_symbol(","));
    let all = names.by_ref().zip(first..).map(|(name, place)| match name {
        [name] => {
            let form = match variable(name)? {
                ArgKind::Init => Form::Init,
                ArgKind::Control => Form::Always,
                ArgKind::Text => Form::Text,
            };
            Some(Read {
                name: name.text.to_owned(),
                place,
                form,
            })
        }
        _ => None,
    });
    all.collect()
}

fn variable(token: &Token<'_>) -> Option<ArgKind> {
    let word = token.kind == TokenKind::Word;
    if word { kind_of(token.text) } else { None }
}
