//! Csound text cut into words, with comments, strings and line continuations understood, and never a failure.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A name, a keyword or an opcode.
    Word,
    /// A number.
    Number,
    /// A string with its quotes or double braces.
    Text,
    /// One other character.
    Symbol,
    /// The end of a line that is not continued.
    LineEnd,
}

/// A piece of Csound text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// Its characters.
    pub text: &'a str,
    /// Where it starts in the text, in bytes.
    pub start: usize,
    /// Its line, counted from 1.
    pub line: u32,
    /// Its column in characters, counted from 1.
    pub column: u32,
}

impl Token<'_> {
    /// Whether this is the word `word`.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text == word
    }

    /// Whether this is the character `symbol`.
    pub fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }

    /// The N of `pN`.
    pub fn pfield(&self) -> Option<u32> {
        let digits = self.text.strip_prefix('p')?;
        let plain = self.kind == TokenKind::Word && digits.bytes().all(|b| b.is_ascii_digit());
        if plain { digits.parse().ok() } else { None }
    }

    /// Where it ends in the text, in bytes.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// Something that starts and never ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclosed {
    /// What it is: a string or a comment.
    pub what: &'static str,
    /// The line it starts on.
    pub line: u32,
    /// The column it starts at.
    pub column: u32,
}

/// A text as tokens.
#[derive(Clone, Debug, Default)]
pub struct Scan<'a> {
    /// The tokens, comments and continued line ends left out.
    pub tokens: Vec<Token<'a>>,
    /// Comments of several lines and continued line ends, as bytes of the text, in order.
    pub folds: Vec<Range<usize>>,
    /// A string or comment that is not closed.
    pub unclosed: Option<Unclosed>,
}

impl<'a> Scan<'a> {
    /// Cuts up a text.
    pub fn new(text: &'a str) -> Self {
        let mut scanner = Scanner {
            text,
            at: 0,
            line: 1,
            column: 1,
            scan: Scan::default(),
        };
        scanner.run();
        scanner.scan
    }

    /// The lines that are not empty, continued ones joined, without their ends.
    pub fn statements(&self) -> impl Iterator<Item = &[Token<'a>]> {
        let lines = self.tokens.split(|token| token.kind == TokenKind::LineEnd);
        lines.filter(|line| !line.is_empty())
    }

    /// All words of the text.
    pub fn words(&self) -> impl Iterator<Item = &Token<'a>> {
        self.tokens
            .iter()
            .filter(|token| token.kind == TokenKind::Word)
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    column: u32,
    scan: Scan<'a>,
}

impl<'a> Scanner<'a> {
    fn run(&mut self) {
        while let Some(next) = self.rest().chars().next() {
            match next {
                '\n' => self.token(TokenKind::LineEnd, 1),
                _ if next.is_whitespace() => self.skip(next.len_utf8()),
                ';' => self.line_comment(),
                '/' if self.rest().starts_with("//") => self.line_comment(),
                '/' if self.rest().starts_with("/*") => self.block_comment(),
                '\\' if self.continues() => self.continuation(),
                '"' => self.quoted(),
                '{' if self.rest().starts_with("{{") => self.braced(),
                _ => self.plain(next),
            }
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Moves on by `bytes`, which must end between two characters.
    fn skip(&mut self, bytes: usize) {
        for c in self.text[self.at..self.at + bytes].chars() {
            if c == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.at += bytes;
    }

    fn token(&mut self, kind: TokenKind, bytes: usize) {
        let text = &self.text[self.at..self.at + bytes];
        let (start, line, column) = (self.at, self.line, self.column);
        self.scan.tokens.push(Token {
            kind,
            text,
            start,
            line,
            column,
        });
        self.skip(bytes);
    }

    fn line_comment(&mut self) {
        let rest = self.rest();
        self.skip(rest.find('\n').unwrap_or(rest.len()));
    }

    fn block_comment(&mut self) {
        // The star of "/*" may not be that of "*/".
        match self.rest()[2..].find("*/") {
            Some(end) => self.fold(end + 4),
            None => self.unclosed("comment"),
        }
    }

    fn unclosed(&mut self, what: &'static str) {
        let (line, column) = (self.line, self.column);
        self.scan
            .unclosed
            .get_or_insert(Unclosed { what, line, column });
        self.skip(self.rest().len());
    }

    /// Whether only space and a comment follow the backslash on its line.
    fn continues(&self) -> bool {
        let rest = &self.rest()[1..];
        let line = rest.split('\n').next().unwrap_or(rest).trim_start();
        line.is_empty() || line.starts_with(';') || line.starts_with("//")
    }

    fn continuation(&mut self) {
        let rest = self.rest();
        self.fold(rest.find('\n').map_or(rest.len(), |end| end + 1));
    }

    /// Moves on over what the code does not contain any more for Csound.
    fn fold(&mut self, bytes: usize) {
        if self.rest()[..bytes].contains('\n') {
            self.scan.folds.push(self.at..self.at + bytes);
        }
        self.skip(bytes);
    }

    fn quoted(&mut self) {
        let mut escaped = false;
        for (at, c) in self.rest().char_indices().skip(1) {
            match c {
                '\n' => break,
                '"' if !escaped => return self.token(TokenKind::Text, at + 1),
                _ => escaped = c == '\\' && !escaped,
            }
        }
        self.unclosed("string");
    }

    fn braced(&mut self) {
        match self.rest()[2..].find("}}") {
            Some(end) => self.token(TokenKind::Text, end + 4),
            None => self.unclosed("string"),
        }
    }

    fn plain(&mut self, first: char) {
        let rest = self.rest();
        let word_end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        if rest.starts_with("0dbfs") || is_word(first) && !first.is_ascii_digit() {
            return self.token(TokenKind::Word, word_end);
        }
        match number_length(rest) {
            0 => self.token(TokenKind::Symbol, first.len_utf8()),
            length => self.token(TokenKind::Number, length),
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// How many bytes at the start of a text are a number without a sign; a point before another one does not count, so
/// that `20..100` starts with `20`.
pub fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let whole = digits(0);
    let mut length = whole;
    if bytes.get(whole) == Some(&b'.') && bytes.get(whole + 1) != Some(&b'.') {
        let fraction = digits(whole + 1);
        if whole + fraction == 0 {
            return 0;
        }
        length = whole + 1 + fraction;
    }
    if length > 0 && matches!(bytes.get(length), Some(b'e' | b'E')) {
        let signed = matches!(bytes.get(length + 1), Some(b'+' | b'-'));
        let from = length + 1 + usize::from(signed);
        let exponent = if from <= bytes.len() { digits(from) } else { 0 };
        if exponent > 0 {
            length = from + exponent;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        Scan::new(text)
            .tokens
            .iter()
            .map(|token| token.text)
            .collect()
    }

    #[test]
    fn comments_and_continuations_vanish() {
        assert_eq!(texts("a1 = 2 ; p4"), ["a1", "=", "2"]);
        assert_eq!(texts("a1 // p4\nb"), ["a1", "\n", "b"]);
        assert_eq!(texts("a /* p4\n */ b"), ["a", "b"]);
        assert_eq!(texts("a \\ ; more\n b"), ["a", "b"]);
        assert_eq!(texts("a /**/ b /*/ */ c"), ["a", "b", "c"]);
    }

    #[test]
    fn strings_are_one_token() {
        assert_eq!(
            texts(r#"S = "a;b \" c" d"#),
            ["S", "=", r#""a;b \" c""#, "d"]
        );
        assert_eq!(
            texts("S = {{ a\n\" ; b }} d"),
            ["S", "=", "{{ a\n\" ; b }}", "d"]
        );
    }

    #[test]
    fn numbers_are_whole() {
        assert_eq!(
            texts("1e-3*.5+5.|20..30"),
            ["1e-3", "*", ".5", "+", "5.", "|", "20", ".", ".30"]
        );
        assert_eq!(texts("0dbfs = 1e"), ["0dbfs", "=", "1", "e"]);
    }

    #[test]
    fn places_are_counted_in_characters() {
        let scan = Scan::new("é = \"ü\" x\n  y");
        let x = scan.words().find(|token| token.text == "x").unwrap();
        assert_eq!((x.line, x.column), (1, 9));
        let y = scan.words().last().unwrap();
        assert_eq!((y.line, y.column), (2, 3));
    }

    #[test]
    fn what_never_ends_is_told() {
        for (text, what, line, column) in [
            ("a\n \"b\n", "string", 2, 2),
            ("/* a", "comment", 1, 1),
            ("{{ a }", "string", 1, 1),
            ("/*/", "comment", 1, 1),
        ] {
            let unclosed = Scan::new(text).unclosed.unwrap();
            assert_eq!(
                (unclosed.what, unclosed.line, unclosed.column),
                (what, line, column)
            );
        }
    }
}
