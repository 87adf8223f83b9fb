//! The score of a CSD: the tables in it, and what sounds all the time.

use super::Left;
use super::sections::Section;

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
    /// p4 and up, as they stand.
    pub fields: Vec<String>,
    /// Its line in the CSD.
    pub line: u32,
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

/// The fields of a statement; texts keep their quotes.
fn fields(text: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quote = false;
    for c in text.chars() {
        quote ^= c == '"';
        let last = fields.len() - 1;
        match c.is_whitespace() && !quote {
            true if !fields[last].is_empty() => fields.push(String::new()),
            true => {}
            false => fields[last].push(c),
        }
    }
    fields.retain(|field| !field.is_empty());
    fields
}

fn note(fields: &[String], line: u32) -> Option<Note> {
    let plain = |field: &String| {
        field.parse::<f64>().is_ok_and(f64::is_finite) || field.len() > 1 && field.starts_with('"')
    };
    let rest = fields.get(3..).unwrap_or_default();
    Some(Note {
        instr: fields.first()?.trim_matches('"').to_owned(),
        start: fields
            .get(1)?
            .parse()
            .ok()
            .filter(|start: &f64| start.is_finite())?,
        fields: rest.iter().all(plain).then(|| rest.to_vec())?,
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
        (Some(table), Some(0.0)) if table > 0.0 && fields.len() > 3 => {
            *tables += &format!("gi_f{table} ftgen {}\n", fields.join(", "));
        }
        _ => left.push(Left::new(
            line,
            "a table that is made later or freed has no counterpart".to_owned(),
        )),
    }
}
