//! Reading a document file: TOML to data, every fault with its line, column and key.

mod unknown;

use std::ops::Range;

use serde::Deserialize;
use toml::de::{DeTable, DeValue, Deserializer};

use super::origin::{Origin, line_and_column};
use super::problem::Problem;
use super::{Document, FILE_VERSION, FilePlace, VERSION, check};
use crate::session::diagnostic::{Diagnostic, Place};

impl Document {
    /// Reads the text of a document file; `name` is what the file is called in messages. Files that it refers to
    /// are not looked at: see [`Document::open`].
    ///
    /// # Errors
    ///
    /// All faults that are found, in the order of the text. Their place is [`Place::Document`], their lines and
    /// columns are those of the file.
    pub fn read(text: &str, name: &str) -> Result<Self, Vec<Diagnostic>> {
        let (tree, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            return Err(errors.iter().map(|error| syntax(text, error)).collect());
        }
        let origin = Origin::new(name, text, tree.get_ref());
        check_version(tree.get_ref(), &origin)?;
        let mut document = Self::deserialize(Deserializer::from(tree))
            .map_err(|error| vec![wrong_kind(&origin, text, &error)])?;
        let mut problems = unknown::take(&mut document);
        problems.extend(check::check(&document));
        document.origin = origin;
        document.version = VERSION;
        if problems.is_empty() {
            Ok(document)
        } else {
            Err(document.diagnose(problems))
        }
    }

    /// Where a problem of this document stands in the file it was read from. `None` if it was not read from a file,
    /// or the text in question was edited since.
    pub fn locate(&self, diagnostic: &Diagnostic) -> Option<FilePlace> {
        let line = diagnostic.line.unwrap_or(1) as usize;
        let column = diagnostic.column.unwrap_or(1) as usize;
        let text = match &diagnostic.place {
            Place::Instr(name) => &self.instr(name)?.body,
            Place::InstrInit(name) => &self.instr(name)?.init,
            Place::Init => &self.init,
            Place::Include(path) => {
                return Some(FilePlace {
                    file: path.clone(),
                    line,
                    column,
                });
            }
            Place::Document => {
                let file = self.origin.file()?.to_owned();
                return Some(FilePlace { file, line, column });
            }
            Place::Prelude => return None,
        };
        self.origin.in_text(text, line, column)
    }

    /// The problems as diagnostics, in the order of the file where there is one.
    pub(super) fn diagnose(&self, problems: Vec<Problem>) -> Vec<Diagnostic> {
        let mut told: Vec<_> = problems
            .into_iter()
            .map(|p| diagnostic(&self.origin, p))
            .collect();
        told.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
        told
    }
}

fn diagnostic(origin: &Origin, problem: Problem) -> Diagnostic {
    let message = format!("{}: {}", problem.path, problem.message);
    let told = Diagnostic::error(Place::Document, message);
    let told = match origin.of_key(&problem.path) {
        Some(place) => told.at(place.line as u32, place.column as u32),
        None => told,
    };
    match problem.help {
        Some(help) => told.with_help(help),
        None => told,
    }
}

fn syntax(text: &str, error: &toml::de::Error) -> Diagnostic {
    let at = error.span().unwrap_or(0..0);
    let (line, column) = line_and_column(text, at.start);
    Diagnostic::error(Place::Document, error.message()).at(line as u32, column as u32)
}

/// Refuses a version that this library does not know, before anything in it is judged by today's rules.
fn check_version(tree: &DeTable<'_>, origin: &Origin) -> Result<(), Vec<Diagnostic>> {
    let Some(value) = tree.get("version") else {
        return Ok(());
    };
    let version = match value.get_ref() {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
        _ => None,
    };
    let problem = match version {
        Some(version) if (1..=i64::from(FILE_VERSION)).contains(&version) => return Ok(()),
        Some(version) if version > 0 => newer(version),
        _ => Problem::new("version", "the version must be a whole number, 1 and up"),
    };
    Err(vec![diagnostic(origin, problem)])
}

fn newer(version: i64) -> Problem {
    let message =
        format!("the document has version {version}, but this program knows up to {FILE_VERSION}");
    Problem::new("version", message).help("open it with a newer Csound Session")
}

fn wrong_kind(origin: &Origin, text: &str, error: &toml::de::Error) -> Diagnostic {
    let at: Range<usize> = error.span().unwrap_or(0..0);
    let message = for_people(error.message());
    let message = match origin.path_at(&at) {
        Some(path) => format!("{path}: {message}"),
        None => message,
    };
    let (line, column) = line_and_column(text, at.start);
    Diagnostic::error(Place::Document, message).at(line as u32, column as u32)
}

/// A message of serde without the names of Rust types.
pub(super) fn for_people(message: &str) -> String {
    const WORDS: [(&str, &str); 12] = [
        ("invalid type: ", "wrong kind of value: "),
        ("invalid value: ", "impossible value: "),
        ("floating point ", "the number "),
        ("integer ", "the number "),
        ("string ", "the text "),
        ("boolean ", ""),
        ("expected u32", "expected a whole number, 0 and up"),
        ("expected i32", "expected a whole number"),
        ("expected f64", "expected a number"),
        ("expected a string", "expected a text in quotes"),
        ("a sequence", "a list"),
        ("a map", "a table of keys and values"),
    ];
    const UNTAGGED: [(&str, &str); 2] = [
        (
            "data did not match any variant of untagged enum Scalar",
            "expected a number or a text in quotes",
        ),
        (
            "data did not match any variant of untagged enum IncludeForm",
            "expected a file name in quotes, or { path = \"...\", text = '''...''' }",
        ),
    ];
    let all = UNTAGGED.iter().chain(&WORDS);
    all.fold(message.to_owned(), |text, (from, to)| {
        text.replace(from, to)
    })
}
