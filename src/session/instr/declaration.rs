//! The inline declaration of arguments: `|iamp=0.1 (0..1), kcutoff=1000|`.

use std::ops::Range;

use super::arg::{ArgKind, ArgNote, Value};
use super::cursor::{Cursor, Problem};
use super::note;
use super::scan::{Scan, Token};

/// One declared argument, its place not yet known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub name: String,
    pub kind: ArgKind,
    pub default: Value,
    pub has_default: bool,
    pub note: ArgNote,
    /// 0 if it was declared outside the text.
    pub line: u32,
}

/// A whole declaration.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Declaration {
    pub items: Vec<Item>,
    /// The bytes it takes, its bars included.
    pub range: Range<usize>,
}

/// The kind of argument a name stands for, by its prefix.
pub(super) fn kind_of(name: &str) -> Option<ArgKind> {
    let mut chars = name.chars();
    let kind = match chars.next()? {
        'i' => ArgKind::Init,
        'k' => ArgKind::Control,
        'S' => ArgKind::Text,
        _ => return None,
    };
    let rest = chars.as_str();
    let word = !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    word.then_some(kind)
}

/// The declaration of a body, or an empty one if it has none.
pub(super) fn parse(text: &str, scan: &Scan<'_>) -> Result<Declaration, Problem> {
    let mut opens = scan
        .statements()
        .map(|line| line[0])
        .filter(opens_declaration);
    let Some(open) = opens.next() else {
        return Ok(Declaration::default());
    };
    let declaration = read(text, &open)?;
    match opens.find(|token| token.start >= declaration.range.end) {
        Some(second) => Err(Problem::at(
            &second,
            "a body declares its arguments only once",
        )),
        None => Ok(declaration),
    }
}

fn opens_declaration(token: &Token<'_>) -> bool {
    token.is_symbol("|") || token.is_symbol("{")
}

fn read(text: &str, open: &Token<'_>) -> Result<Declaration, Problem> {
    let mut cursor = Cursor::at(text, open);
    let start = cursor.offset();
    let close = if open.is_symbol("|") { '|' } else { '}' };
    cursor.bump();
    let mut items = Vec::new();
    cursor.skip_space();
    if cursor.peek() != Some(close) {
        read_items(&mut cursor, close, &mut items)?;
    }
    cursor.bump();
    let range = start..cursor.offset();
    let after = text[range.end..].lines().next().unwrap_or("").trim_start();
    if after.is_empty()
        || after.starts_with(';')
        || after.starts_with("//")
        || after.starts_with("/*")
    {
        return Ok(Declaration { items, range });
    }
    cursor.take_while(|c| c.is_whitespace());
    let message = format!("only a comment may follow the closing {close:?} on its line");
    Err(cursor.problem(message).with_help("start a new line"))
}

fn read_items(cursor: &mut Cursor<'_>, close: char, items: &mut Vec<Item>) -> Result<(), Problem> {
    loop {
        cursor.skip_space();
        let item = read_item(cursor, items)?;
        cursor.skip_space();
        match cursor.peek() {
            Some(',') => cursor.bump(),
            Some(c) if c == close => {
                items.push(item);
                return Ok(());
            }
            None => {
                return Err(cursor.problem(format!("the arguments are not closed with {close:?}")));
            }
            Some(_) => {
                let message = format!("{:?} after {} means nothing", cursor.sample(), item.name);
                let help = "arguments are separated by commas; notes stand in parentheses";
                return Err(cursor.problem(message).with_help(help));
            }
        }
        items.push(item);
    }
}

fn read_item(cursor: &mut Cursor<'_>, before: &[Item]) -> Result<Item, Problem> {
    let start = *cursor;
    let name = cursor
        .name()
        .ok_or_else(|| start.expected("the name of an argument"))?;
    let kind = kind_of(name).ok_or_else(|| unknown_prefix(&start, name))?;
    if before.iter().any(|item| item.name == name) {
        return Err(start.problem(format!("the argument {name} is declared twice")));
    }
    cursor.skip_space();
    let declared = read_default(cursor, name, kind)?;
    let has_default = declared.is_some();
    let default = declared.unwrap_or_else(|| kind.placeholder());
    cursor.skip_space();
    let noted = *cursor;
    let note = if cursor.eat("(") {
        note::parse(cursor, name)?
    } else {
        ArgNote::default()
    };
    fits(&noted, name, kind, &default, &note)?;
    Ok(Item {
        name: name.to_owned(),
        kind,
        default,
        has_default,
        note,
        line: start.line(),
    })
}

pub(super) fn prefix_message(name: &str) -> String {
    format!("the argument {name} starts with none of i, k and S")
}

pub(super) const PREFIX_HELP: &str =
    "i is a number fixed at the start, k one that can change, S a text; a name follows the letter";

fn unknown_prefix(at: &Cursor<'_>, name: &str) -> Problem {
    at.problem(prefix_message(name)).with_help(PREFIX_HELP)
}

fn read_default(
    cursor: &mut Cursor<'_>,
    name: &str,
    kind: ArgKind,
) -> Result<Option<Value>, Problem> {
    if !cursor.eat("=") {
        return Ok(None);
    }
    cursor.skip_space();
    if kind == ArgKind::Text {
        return cursor.string().map(Value::Text).map(Some);
    }
    let start = *cursor;
    let number = cursor
        .number()
        .ok_or_else(|| start.expected(&format!("a number as the default of {name}")))?;
    Ok(Some(Value::Number(number)))
}

fn fits(
    at: &Cursor<'_>,
    name: &str,
    kind: ArgKind,
    default: &Value,
    note: &ArgNote,
) -> Result<(), Problem> {
    let numeric = note.range.is_some()
        || note.step.is_some()
        || !note.unit.is_empty()
        || !note.choices.is_empty();
    if kind == ArgKind::Text && numeric {
        return Err(at.problem(format!(
            "{name} is a text: it takes no range, step, unit or choices"
        )));
    }
    if kind != ArgKind::Control && note.smooth_ms.is_some() {
        return Err(at.problem(format!(
            "{name} is fixed at the start, so there is nothing to smooth"
        )));
    }
    let Some(value) = default.number() else {
        return Ok(());
    };
    let last = note.choices.len().saturating_sub(1) as f64;
    let numbered = (0.0..=last).contains(&value) && value.fract() == 0.0;
    if !note.choices.is_empty() && !numbered {
        return Err(at.problem(format!(
            "the default of {name} is {value}, not a choice: they are numbered 0 to {last}"
        )));
    }
    match note.range {
        Some((min, max)) if !(min..=max).contains(&value) => Err(at.problem(format!(
            "the default of {name}, {value}, is outside its range {min}..{max}"
        ))),
        _ => Ok(()),
    }
}
