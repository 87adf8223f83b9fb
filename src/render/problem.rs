//! What is wrong with a file that a render was given, and where.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Something wrong in a score, a MIDI file or a sound file, in words for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// Where in the file, if it is a text.
    pub place: Option<Place>,
    /// What is wrong, and what to do where that is not plain.
    pub message: String,
}

/// A place in a text file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The key of the line, if it has one.
    pub key: Option<String>,
}

impl Problem {
    /// A problem with a file as a whole.
    pub fn of_file(file: &Path, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            place: None,
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:", self.file.display())?;
        if let Some(place) = &self.place {
            write!(out, "{}:{}:", place.line, place.column)?;
            if let Some(key) = &place.key {
                write!(out, " {key}:")?;
            }
        }
        write!(out, " {}", self.message)
    }
}

impl std::error::Error for Problem {}

/// A text file with its name, for telling places.
#[derive(Clone, Debug)]
pub struct SourceText {
    file: PathBuf,
    text: String,
}

impl SourceText {
    /// Reads a text file.
    ///
    /// # Errors
    /// The file cannot be read or is not UTF-8.
    pub fn read(file: &Path) -> Result<Self, Problem> {
        let text = std::fs::read_to_string(file)
            .map_err(|error| Problem::of_file(file, format!("cannot be read: {error}")))?;
        Ok(Self::new(file, text))
    }

    /// A text that is at hand.
    pub fn new(file: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            text: text.into(),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The file it came from.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// A problem with a byte range of the text.
    pub fn problem(&self, span: Range<usize>, message: impl Into<String>) -> Problem {
        let place = Some(self.place(span.start));
        Problem {
            file: self.file.clone(),
            place,
            message: message.into(),
        }
    }

    fn place(&self, offset: usize) -> Place {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            line: before.matches('\n').count() + 1,
            column: before[start..].chars().count() + 1,
            key: self.key_at(before.len()),
        }
    }

    /// The key whose value the offset is in or whose name it is at: the word before the last `=` up to
    /// the offset, else the word at the offset.
    fn key_at(&self, offset: usize) -> Option<String> {
        let start = self.text[..offset]
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
        let before = &self.text[start..offset];
        let here = &self.text[offset..];
        let key = match before.rfind('=') {
            Some(equals) if !starts_key(here) => last_word(&before[..equals]),
            _ => here.split(|c: char| !is_key(c)).next().unwrap_or_default(),
        };
        (!key.is_empty()).then(|| key.to_owned())
    }
}

fn is_key(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

fn starts_key(text: &str) -> bool {
    let rest = text.trim_start_matches(is_key).trim_start();
    rest.len() < text.len() && rest.starts_with('=')
}

fn last_word(text: &str) -> &str {
    let text = text.trim_end().trim_end_matches(['"', '\'']);
    text.rsplit(|c: char| !is_key(c)).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place_of(text: &str, needle: &str) -> Place {
        let start = text.find(needle).unwrap();
        let source = SourceText::new("a.toml", text);
        source
            .problem(start..start + needle.len(), "bad")
            .place
            .unwrap()
    }

    #[test]
    fn a_value_is_placed_by_line_column_and_key() {
        let place = place_of("end = 1\n[[note]]\nat = -1\n", "-1");
        assert_eq!((place.line, place.column), (3, 6));
        assert_eq!(place.key.as_deref(), Some("at"));
    }

    #[test]
    fn the_nearest_key_of_an_inline_table_counts() {
        let place = place_of("args = { kfreq = 1, kamp = \"x\" }", "\"x\"");
        assert_eq!(place.key.as_deref(), Some("kamp"));
        let place = place_of("args = { kfreq = 1, bad = 2 }", "bad");
        assert_eq!(place.key.as_deref(), Some("bad"));
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(place_of("name = \"é\" x", "x").column, 12);
    }

    #[test]
    fn an_offset_beyond_the_text_is_its_end() {
        let problem = SourceText::new("a.toml", "a = 1").problem(99..100, "early end");
        assert_eq!(problem.to_string(), "a.toml:1:6: a: early end");
    }
}
