//! Where the parts of a document stand in the file it was read from.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A place in a document file, for people: lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePlace {
    /// The file as it was named.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl fmt::Display for FilePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// The map from keys and texts of a document to its file; empty if it was not read from one.
#[derive(Clone, Default)]
pub struct Origin(Option<Arc<Map>>);

struct Map {
    file: String,
    source: String,
    keys: Vec<Key>,
}

/// One key of the file.
struct Key {
    /// Its path, such as `layer[0].parts[1].instr`.
    path: String,
    /// Where its value stands, delimiters included.
    value: Range<usize>,
    /// Where the key itself stands; the value in an array.
    name: Range<usize>,
    /// The value, if it is a text of several lines.
    text: Option<String>,
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Origin")
            .field(&self.0.as_ref().map(|map| &map.file))
            .finish()
    }
}

/// Two documents are equal if they say the same, wherever they were read.
impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Origin {
    /// The map of a parsed file.
    pub(super) fn new(file: &str, source: &str, tree: &DeTable<'_>) -> Self {
        let mut keys = Vec::new();
        walk_table("", tree, &mut keys);
        Self(Some(Arc::new(Map {
            file: file.to_owned(),
            source: source.to_owned(),
            keys,
        })))
    }

    /// The file's name, if there is one.
    pub fn file(&self) -> Option<&str> {
        Some(&self.0.as_ref()?.file)
    }

    /// Where a key stands, by its path; where the nearest key around it stands if it is not written.
    pub fn of_key(&self, path: &str) -> Option<FilePlace> {
        let map = self.0.as_ref()?;
        let mut path = path;
        loop {
            if let Some(key) = map.keys.iter().find(|key| key.path == path) {
                return Some(map.place(key.name.start));
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }

    /// Where a value stands, by the path of its key.
    pub fn of_value(&self, path: &str) -> Option<FilePlace> {
        let map = self.0.as_ref()?;
        let key = map.keys.iter().find(|key| key.path == path)?;
        Some(map.place(key.value.start))
    }

    /// Where a line and column (from 1) of a text of the document stand. `None` once the text was edited.
    pub fn in_text(&self, text: &str, line: usize, column: usize) -> Option<FilePlace> {
        let map = self.0.as_ref()?;
        let key = map
            .keys
            .iter()
            .find(|key| key.text.as_deref() == Some(text))?;
        Some(map.place_in(&key.value, line, column))
    }

    /// The path of the innermost key around a byte of the file.
    pub(super) fn path_at(&self, at: &Range<usize>) -> Option<&str> {
        let map = self.0.as_ref()?;
        let around = map
            .keys
            .iter()
            .filter(|key| key.value.start <= at.start && at.end <= key.value.end);
        around
            .min_by_key(|key| key.value.len())
            .map(|key| key.path.as_str())
    }
}

impl Map {
    fn place(&self, byte: usize) -> FilePlace {
        let (line, column) = line_and_column(&self.source, byte);
        FilePlace {
            file: self.file.clone(),
            line,
            column,
        }
    }

    /// The place of a line and column inside a quoted value. In a text on one line with escapes, only the line.
    fn place_in(&self, value: &Range<usize>, line: usize, column: usize) -> FilePlace {
        let raw = &self.source[value.clone()];
        let start = self.place(value.start);
        let quotes = if raw.starts_with("'''") || raw.starts_with("\"\"\"") {
            3
        } else {
            1
        };
        let opening = &raw[quotes.min(raw.len())..];
        if quotes == 1 {
            return start;
        }
        let below = opening.starts_with('\n') || opening.starts_with("\r\n");
        let on_first = line == 1 && !below;
        FilePlace {
            line: start.line + line.saturating_sub(1) + usize::from(below),
            column: if on_first {
                start.column + quotes + column.saturating_sub(1)
            } else {
                column
            },
            ..start
        }
    }
}

/// Line and column, from 1, of a byte of a text.
pub(super) fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before: String = text
        .char_indices()
        .take_while(|(at, _)| *at < byte)
        .map(|(_, c)| c)
        .collect();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

fn walk_table(prefix: &str, table: &DeTable<'_>, keys: &mut Vec<Key>) {
    for (name, value) in table {
        let path = match prefix {
            "" => name.get_ref().to_string(),
            _ => format!("{prefix}.{}", name.get_ref()),
        };
        walk_value(path, name.span(), value, keys);
    }
}

fn walk_value(path: String, name: Range<usize>, value: &Spanned<DeValue<'_>>, keys: &mut Vec<Key>) {
    match value.get_ref() {
        DeValue::Table(table) => walk_table(&path, table, keys),
        DeValue::Array(array) => {
            for (index, item) in array.iter().enumerate() {
                walk_value(format!("{path}[{index}]"), item.span(), item, keys);
            }
        }
        _ => {}
    }
    let text = match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        _ => None,
    };
    keys.push(Key {
        path,
        value: value.span(),
        name,
        text,
    });
}
