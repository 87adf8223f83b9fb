//! A fault of a document, by the path of its key; where that stands in a file is looked up afterwards.

/// What is wrong with a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Problem {
    /// The path of the key, such as `layer[0].parts[1].instr`.
    pub path: String,
    /// What is wrong, for people.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// A fault of the key at `path`.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
            help: None,
        }
    }

    /// The same with advice.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }
}

/// The known name that was most likely meant by `wrong`, if one is near.
pub(super) fn nearest<'a>(
    wrong: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let near = known.into_iter().map(|name| (distance(wrong, name), name));
    let (edits, name) = near.min()?;
    (edits <= 1 + wrong.chars().count() / 4).then_some(name)
}

/// How many characters must be added, removed or replaced to make `b` of `a` (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_is_near() {
        let known = ["body", "name", "min_priority"];
        assert_eq!(nearest("bdy", known), Some("body"));
        assert_eq!(nearest("min_prioritty", known), Some("min_priority"));
        assert_eq!(nearest("colour", known), None);
    }
}
