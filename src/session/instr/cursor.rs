//! A place in a text that moves forward, for the declaration of arguments.

use super::scan::{Token, number_length};

/// What is wrong at a place of one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// A problem at a token.
    pub fn at(token: &Token<'_>, message: impl Into<String>) -> Self {
        Self {
            line: token.line,
            column: token.column,
            message: message.into(),
            help: None,
        }
    }

    /// The same problem with advice.
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }
}

/// A place in a text.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    column: u32,
}

impl<'a> Cursor<'a> {
    /// The place at which a token starts.
    pub fn at(text: &'a str, token: &Token<'_>) -> Self {
        Self {
            text,
            at: token.start,
            line: token.line,
            column: token.column,
        }
    }

    /// What is left of the text.
    pub fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// How many bytes are behind.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// The line this is on, counted from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The next character.
    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// A problem here.
    pub fn problem(&self, message: impl Into<String>) -> Problem {
        Problem {
            line: self.line,
            column: self.column,
            message: message.into(),
            help: None,
        }
    }

    /// A problem here: something else was expected.
    pub fn expected(&self, what: &str) -> Problem {
        match self.peek() {
            None => self.problem(format!("expected {what}, but the text ends")),
            Some(_) => self.problem(format!("expected {what}, found {:?}", self.sample())),
        }
    }

    /// The next few characters, to be shown.
    pub fn sample(&self) -> &'a str {
        let rest = self.rest();
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = word.unwrap_or(rest.len()).max(first);
        rest.char_indices()
            .nth(24)
            .map_or(&rest[..end], |(limit, _)| &rest[..end.min(limit)])
    }

    /// Moves over one character.
    pub fn bump(&mut self) {
        if let Some(c) = self.peek() {
            self.at += c.len_utf8();
            if c == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
    }

    /// Moves over the characters that fulfil a condition and returns them.
    pub fn take_while(&mut self, condition: impl Fn(char) -> bool) -> &'a str {
        let start = self.at;
        while self.peek().is_some_and(&condition) {
            self.bump();
        }
        &self.text[start..self.at]
    }

    /// Moves over a prefix, if it is next.
    pub fn eat(&mut self, prefix: &str) -> bool {
        let found = self.rest().starts_with(prefix);
        if found {
            prefix.chars().for_each(|_| self.bump());
        }
        found
    }

    /// Moves over space, line ends and comments.
    pub fn skip_space(&mut self) {
        loop {
            self.take_while(char::is_whitespace);
            let rest = self.rest();
            if rest.starts_with(';') || rest.starts_with("//") {
                self.take_while(|c| c != '\n');
            } else if rest.starts_with("/*") && rest[2..].contains("*/") {
                self.eat("/*");
                while !self.eat("*/") {
                    self.bump();
                }
            } else {
                return;
            }
        }
    }

    /// Moves over a name: letters, digits and underscores, not starting with a digit.
    pub fn name(&mut self) -> Option<&'a str> {
        let starts = self
            .peek()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        starts.then(|| self.take_while(|c| c.is_ascii_alphanumeric() || c == '_'))
    }

    /// Moves over a number with an optional sign; leaves the place alone where there is none.
    pub fn number(&mut self) -> Option<f64> {
        let rest = self.rest();
        let sign = usize::from(rest.starts_with(['-', '+']));
        let length = sign + number_length(&rest[sign..]);
        let value = rest[..length]
            .parse()
            .ok()
            .filter(|value: &f64| value.is_finite())?;
        rest[..length].chars().for_each(|_| self.bump());
        Some(value)
    }

    /// Moves over a string in double quotes on one line and returns what it means.
    pub fn string(&mut self) -> Result<String, Problem> {
        let open = *self;
        if !self.eat("\"") {
            return Err(self.expected("a string in double quotes"));
        }
        let mut value = String::new();
        while let Some(c) = self.peek().filter(|c| *c != '\n') {
            self.bump();
            match c {
                '"' => return Ok(value),
                '\\' => value.push(self.escaped()),
                _ => value.push(c),
            }
        }
        Err(open.problem("this string is not closed"))
    }

    fn escaped(&mut self) -> char {
        let Some(c) = self.peek().filter(|c| *c != '\n') else {
            return '\\';
        };
        self.bump();
        match c {
            'n' => '\n',
            't' => '\t',
            _ => c,
        }
    }
}
