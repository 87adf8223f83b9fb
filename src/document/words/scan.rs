//! The words of Csound text, without its comments and strings.

/// How Csound might read two halves of a word with a comment or a continued line between them. Both readings are
/// looked at, so that no word can be hidden either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// What stands there separates words.
    Apart,
    /// Nothing stands there.
    Joined,
}

/// A word: a name or a number, or one other character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// Whether the word before it touches it.
    pub glued: bool,
}

impl Word {
    /// Whether it is a name or a number.
    pub fn is_name(&self) -> bool {
        self.text.starts_with(is_part)
    }
}

/// The words of a text.
pub(super) fn words(text: &str, reading: Reading) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut touching = false;
    for letter in letters(text, reading) {
        if letter.c.is_whitespace() {
            touching = false;
            continue;
        }
        match words.last_mut() {
            Some(word) if touching && is_part(letter.c) && word.is_name() => {
                word.text.push(letter.c)
            }
            _ => words.push(Word {
                text: letter.c.to_string(),
                line: letter.line,
                column: letter.column,
                glued: touching,
            }),
        }
        touching = true;
    }
    words
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[derive(Clone, Copy)]
struct Letter {
    c: char,
    line: u32,
    column: u32,
}

/// The characters of a text with their places; comments are replaced as the reading says, strings by nothing but
/// their quotes.
fn letters(text: &str, reading: Reading) -> Vec<Letter> {
    let all = placed(text);
    let mut kept = Vec::with_capacity(all.len());
    let mut at = 0;
    while at < all.len() {
        let rest = &all[at..];
        let (skipped, gap) = skip(rest);
        if skipped == 0 {
            kept.push(rest[0]);
            at += 1;
            continue;
        }
        if gap == Gap::Always || reading == Reading::Apart {
            kept.push(Letter { c: ' ', ..rest[0] });
        }
        at += skipped;
    }
    kept
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// It separates words.
    Always,
    /// Whether it does depends on the reading.
    Perhaps,
}

/// How many characters of a comment, a string or a continued line stand here.
fn skip(rest: &[Letter]) -> (usize, Gap) {
    let starts = |pattern: &str| {
        pattern
            .chars()
            .zip(rest)
            .filter(|(c, letter)| *c == letter.c)
            .count()
            == pattern.len()
    };
    if starts(";") || starts("//") {
        return (line_end(rest), Gap::Always);
    }
    if starts("/*") {
        return (until(rest, 2, "*/"), Gap::Perhaps);
    }
    if starts("{{") {
        return (until(rest, 2, "}}"), Gap::Always);
    }
    match rest[0].c {
        '"' => (string(rest), Gap::Always),
        '\\' => (continuation(rest), Gap::Perhaps),
        _ => (0, Gap::Always),
    }
}

fn line_end(rest: &[Letter]) -> usize {
    rest.iter()
        .position(|letter| letter.c == '\n')
        .unwrap_or(rest.len())
}

/// How far it is behind the next `end`, from `from` on; everything if there is none.
fn until(rest: &[Letter], from: usize, end: &str) -> usize {
    let end: Vec<char> = end.chars().collect();
    let is_end = |window: &[Letter]| window.iter().map(|letter| letter.c).eq(end.iter().copied());
    let found = rest[from.min(rest.len())..]
        .windows(end.len())
        .position(is_end);
    found.map_or(rest.len(), |at| from + at + end.len())
}

/// The length of a string in double quotes; an unclosed one ends with its line.
fn string(rest: &[Letter]) -> usize {
    let mut at = 1;
    while let Some(letter) = rest.get(at) {
        match letter.c {
            '\\' => at += 2,
            '"' => return at + 1,
            '\n' => return at,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of a backslash that joins its line to the next; 0 for any other.
fn continuation(rest: &[Letter]) -> usize {
    let blank = rest[1..]
        .iter()
        .take_while(|letter| letter.c != '\n' && letter.c.is_whitespace())
        .count();
    let behind = &rest[1 + blank..];
    let comment = if behind.first().is_some_and(|letter| letter.c == ';') {
        line_end(behind)
    } else {
        0
    };
    match behind.get(comment) {
        Some(letter) if letter.c == '\n' => 1 + blank + comment + 1,
        _ => 0,
    }
}

fn placed(text: &str) -> Vec<Letter> {
    let (mut line, mut column) = (1, 0);
    let place = |c| {
        column += 1;
        let letter = Letter { c, line, column };
        if c == '\n' {
            line += 1;
            column = 0;
        }
        letter
    };
    text.chars().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, reading: Reading) -> Vec<String> {
        words(text, reading)
            .into_iter()
            .map(|word| word.text)
            .collect()
    }

    #[test]
    fn leaves_comments_and_strings_out() {
        let text =
            "a1 oscil 1, \"system \\\" x\" ; system\n// system\n/* system\n*/ k1 = {{ system }}";
        assert_eq!(
            texts(text, Reading::Apart),
            ["a1", "oscil", "1", ",", "k1", "="]
        );
    }

    #[test]
    fn joins_what_a_comment_or_a_continued_line_parts() {
        for text in ["sys/**/tem", "sys\\\ntem", "sys\\ ; note\ntem"] {
            assert_eq!(texts(text, Reading::Joined), ["system"], "{text}");
            assert_eq!(texts(text, Reading::Apart), ["sys", "tem"], "{text}");
        }
    }

    #[test]
    fn knows_lines_and_columns() {
        let word = &words("\n  /* x\n */ fout", Reading::Apart)[0];
        assert_eq!((word.text.as_str(), word.line, word.column), ("fout", 3, 5));
    }

    #[test]
    fn survives_unfinished_text() {
        for text in ["/*", "\"", "\"\\", "{{", "\\", "/", "\\ ;", "\"abc\nfout"] {
            words(text, Reading::Joined);
            words(text, Reading::Apart);
        }
        assert_eq!(texts("\"abc\nfout", Reading::Apart), ["fout"]);
    }
}
