//! The score of a CSD: the tables in it, and what sounds all the time.

use super::Left;
use super::sections::Section;
use super::sums;

/// What a score says at its begin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// Global code that makes its tables.
    pub tables: String,
    /// Its notes.
    pub notes: Vec<Note>,
}

/// An i-statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// The instrument, by number or name.
    pub instr: String,
    /// p2 in beats.
    pub start: f64,
    /// p3 in beats; infinite if it has no end.
    pub length: f64,
    /// p4 and up, as they stand.
    pub fields: Vec<String>,
    /// Its line in the CSD.
    pub line: u32,
}

impl Note {
    /// p3 and up.
    pub fn given(&self) -> Vec<String> {
        let length = if self.length.is_finite() {
            self.length
        } else {
            -1.0
        };
        let fields = self.fields.iter().cloned();
        [length.to_string()].into_iter().chain(fields).collect()
    }
}

/// Reads a score; what a document cannot have is listed.
pub fn read(section: Option<&Section<'_>>, left: &mut Vec<Left>) -> Score {
    let mut score = Score::default();
    let Some(section) = section else { return score };
    let mut in_comment = false;
    for (line, text) in (section.line..).zip(section.text.split('\n')) {
        let text = uncommented(text, &mut in_comment);
        let mut letters = text.trim().chars();
        let Some(letter) = letters.next() else {
            continue;
        };
        let fields = fields(letters.as_str());
        match letter {
            'i' => match note(&fields, line) {
                Some(note) => score.notes.push(note),
                None => left.push(Left::new(
                    line,
                    "this i-statement cannot be read".to_owned(),
                )),
            },
            'f' => table(&fields, line, &mut score.tables, left),
            'e' | 's' => {}
            _ => left.push(Left::new(
                line,
                format!("the {letter} statement has no counterpart"),
            )),
        }
    }
    score
}

fn uncommented(text: &str, in_comment: &mut bool) -> String {
    let mut kept = String::new();
    let mut rest = text;
    loop {
        if *in_comment {
            let Some((_, after)) = rest.split_once("*/") else {
                return kept;
            };
            *in_comment = false;
            rest = after;
        }
        let end = rest.find([';']).unwrap_or(rest.len());
        let end = end.min(rest.find("//").unwrap_or(rest.len()));
        match rest.find("/*").filter(|open| *open < end) {
            Some(open) => {
                kept.push_str(&rest[..open]);
                rest = &rest[open + 2..];
                *in_comment = true;
            }
            None => return kept + &rest[..end],
        }
    }
}

/// The fields of a statement; texts keep their quotes, and sums in brackets are worked out.
fn fields(text: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let (mut quote, mut depth) = (false, 0);
    for c in text.chars() {
        quote ^= c == '"';
        if !quote {
            depth += i32::from(c == '[') - i32::from(c == ']');
        }
        let last = fields.len() - 1;
        match c.is_whitespace() && !quote && depth == 0 {
            true if !fields[last].is_empty() => fields.push(String::new()),
            true => {}
            false => fields[last].push(c),
        }
    }
    fields.retain(|field| !field.is_empty());
    fields.into_iter().map(worked_out).collect()
}

/// The value of a sum in brackets; what is none, or cannot be worked out, as it is.
fn worked_out(field: String) -> String {
    let inside = field
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match inside.and_then(sums::value) {
        Some(value) => value.to_string(),
        None => field,
    }
}

/// Whether a field can stand in code: a number or a text.
fn plain(field: &str) -> bool {
    field.parse::<f64>().is_ok_and(f64::is_finite) || field.len() > 1 && field.starts_with('"')
}

fn note(fields: &[String], line: u32) -> Option<Note> {
    let number = |place: usize| {
        let number: f64 = fields.get(place)?.parse().ok()?;
        number.is_finite().then_some(number)
    };
    let rest = fields.get(3..).unwrap_or_default();
    Some(Note {
        instr: fields.first()?.trim_matches('"').to_owned(),
        start: number(1)?,
        length: match fields.get(2).map(String::as_str) {
            Some("z") | None => f64::INFINITY,
            Some(_) => number(2).map(|length| if length < 0.0 { f64::INFINITY } else { length })?,
        },
        fields: rest
            .iter()
            .all(|field| plain(field))
            .then(|| rest.to_vec())?,
        line,
    })
}

fn table(fields: &[String], line: u32, tables: &mut String, left: &mut Vec<Left>) {
    let number = |place: usize| {
        fields
            .get(place)
            .and_then(|field| field.parse::<f64>().ok())
    };
    match (number(0), number(1)) {
        (Some(0.0), _) => {}
        (Some(table), Some(0.0))
            if table > 0.0 && fields.len() > 3 && fields.iter().all(|field| plain(field)) =>
        {
            *tables += &format!("gi_f{table} ftgen {}\n", fields.join(", "));
        }
        _ => left.push(Left::new(
            line,
            "a table that is made later or freed, or is not given in numbers, has no counterpart"
                .to_owned(),
        )),
    }
}
