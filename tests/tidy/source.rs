//! Rust source split into code and comments, so that no rule mistakes one for the other.

use std::fs;
use std::path::{Path, PathBuf};

/// One Rust file. `code` and `comments` have the lines and columns of the file; what does not belong is blank.
pub struct Source {
    /// Relative to the repository, with `/` between folders.
    pub path: String,
    /// The text without comments and without the insides of string and character literals.
    pub code: Vec<String>,
    /// The text of comments alone, their slashes included.
    pub comments: Vec<String>,
}

impl Source {
    /// Splits `text` as the file `path` would be.
    pub fn parse(path: &str, text: &str) -> Source {
        let mut lexer = Lexer::new(text);
        lexer.run();
        let lines = |text: String| text.split('\n').map(str::to_owned).collect();
        Source {
            path: path.to_owned(),
            code: lines(lexer.code),
            comments: lines(lexer.comments),
        }
    }

    /// Every line number (from 1) with the text of code in it.
    pub fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code
            .iter()
            .enumerate()
            .map(|(i, line)| (i + 1, line.as_str()))
    }

    /// The comment on a line, empty where there is none. Lines count from 1.
    pub fn comment(&self, line: usize) -> &str {
        line.checked_sub(1)
            .and_then(|i| self.comments.get(i))
            .map_or("", |text| text.trim())
    }

    /// True for files that exist for tests only.
    pub fn is_test(&self) -> bool {
        !self.path.starts_with("src/")
            || self.path.ends_with("/tests.rs")
            || self.path.contains("/tests/")
    }

    /// The lines that only a test build has, as (first, last).
    pub fn test_ranges(&self) -> Vec<(usize, usize)> {
        let for_tests = |code: &str| {
            let cfg = code.find("#[cfg(").map(|at| &code[at..]);
            let cfg =
                cfg.is_some_and(|cfg| words(cfg, "test").next().is_some() && !cfg.contains("not("));
            cfg || code.contains("#[test]")
        };
        let marks = self.code_lines().filter(|(_, code)| for_tests(code));
        marks
            .map(|(line, _)| (line, self.block_end(line).unwrap_or(line + 1)))
            .collect()
    }

    /// The line on which the first `{` at or after `line` is closed; `None` when a `;` comes before it.
    pub fn block_end(&self, line: usize) -> Option<usize> {
        let (mut depth, mut brackets) = (0usize, 0usize);
        for (number, code) in self.code_lines().skip(line - 1) {
            for c in code.chars() {
                match c {
                    '(' | '[' => brackets += 1,
                    ')' | ']' => brackets = brackets.saturating_sub(1),
                    ';' if depth == 0 && brackets == 0 => return None,
                    '{' => depth += 1,
                    '}' if depth == 1 => return Some(number),
                    '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
        }
        None
    }
}

/// True if `code` has `word` at byte `at` and no part of a longer name around it.
pub fn is_word(code: &str, at: usize, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let before = code[..at].chars().next_back();
    let after = code[at + word.len()..].chars().next();
    !before.is_some_and(part) && !after.is_some_and(part)
}

/// Byte offsets of `word` in `code`, whole words only.
pub fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |&at| is_word(code, at, word))
}

struct Lexer {
    input: Vec<char>,
    at: usize,
    code: String,
    comments: String,
}

impl Lexer {
    fn new(text: &str) -> Lexer {
        Lexer {
            input: text.chars().collect(),
            at: 0,
            code: String::new(),
            comments: String::new(),
        }
    }

    fn run(&mut self) {
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('/', Some('/')) => self.line_comment(),
                ('/', Some('*')) => self.block_comment(),
                ('"', _) => self.string(),
                ('r', Some('"' | '#')) if !self.in_name() && self.raw_hashes().is_some() => {
                    self.raw_string()
                }
                ('\'', _) if self.is_character() => self.character(),
                _ => self.take_code(),
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.input.get(self.at + ahead).copied()
    }

    /// True if the character here continues a name; `b` and `c` may stand before a raw string.
    fn in_name(&self) -> bool {
        let before = |n: usize| self.at.checked_sub(n).map(|i| self.input[i]);
        let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        match before(1) {
            Some('b' | 'c') => part(before(2)),
            other => part(other),
        }
    }

    /// The number of `#` of a raw string that starts here.
    fn raw_hashes(&self) -> Option<usize> {
        let hashes = (1..).take_while(|&n| self.peek(n) == Some('#')).count();
        (self.peek(hashes + 1) == Some('"')).then_some(hashes)
    }

    /// Tells `'a'` from the lifetime `'a`.
    fn is_character(&self) -> bool {
        self.peek(1) == Some('\\') || self.peek(2) == Some('\'')
    }

    fn take_code(&mut self) {
        let c = self.input[self.at];
        self.code.push(c);
        self.comments.push(if c == '\n' { '\n' } else { ' ' });
        self.at += 1;
    }

    fn take_comment(&mut self) {
        let c = self.input[self.at];
        self.comments.push(c);
        self.code.push(if c == '\n' { '\n' } else { ' ' });
        self.at += 1;
    }

    fn take_blank(&mut self) {
        let c = if self.input[self.at] == '\n' {
            '\n'
        } else {
            ' '
        };
        self.code.push(c);
        self.comments.push(c);
        self.at += 1;
    }

    fn line_comment(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.take_comment();
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        while let Some(c) = self.peek(0) {
            let pair = (c, self.peek(1));
            match pair {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth -= 1,
                _ => {}
            }
            self.take_comment();
            if matches!(pair, ('/', Some('*')) | ('*', Some('/'))) {
                self.take_comment();
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        self.take_code();
        while let Some(c) = self.peek(0) {
            match c {
                '"' => return self.take_code(),
                '\\' if self.peek(1).is_some() => {
                    self.take_blank();
                    self.take_blank();
                }
                _ => self.take_blank(),
            }
        }
    }

    fn raw_string(&mut self) {
        let hashes = self.raw_hashes().unwrap_or(0);
        for _ in 0..hashes + 2 {
            self.take_code();
        }
        while let Some(c) = self.peek(0) {
            if c == '"' && (1..=hashes).all(|n| self.peek(n) == Some('#')) {
                return (0..=hashes).for_each(|_| self.take_code());
            }
            self.take_blank();
        }
    }

    fn character(&mut self) {
        self.take_code();
        if self.peek(0) == Some('\\') {
            self.take_blank();
        }
        if self.peek(0).is_some() {
            self.take_blank();
        }
        while self.peek(0).is_some_and(|c| c != '\'' && c != '\n') {
            self.take_blank();
        }
        if self.peek(0) == Some('\'') {
            self.take_code();
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the repository.
pub fn text_of(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every Rust file of the repository.
pub fn rust_files() -> Vec<Source> {
    files(&["rs"])
        .map(|path| Source::parse(&path, &text_of(&path)))
        .collect()
}

/// Every file that people read, Rust or not, as (path, text).
pub fn text_files() -> Vec<(String, String)> {
    let kinds = ["rs", "md", "toml", "py", "csd", "run"];
    files(&kinds)
        .map(|path| (path.clone(), text_of(&path)))
        .collect()
}

fn files(kinds: &[&str]) -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() && !matches!(name.as_str(), "target" | ".git") {
                folders.push(path);
            } else if kinds
                .iter()
                .any(|kind| name.ends_with(&format!(".{kind}")) || name == *kind)
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
        .into_iter()
        .filter(|path| path.is_file())
        .map(relative)
}

fn relative(path: PathBuf) -> String {
    let inside = path
        .strip_prefix(root())
        .expect("the walk starts at the root");
    inside.to_string_lossy().replace('\\', "/")
}

#[test]
fn code_and_comments_are_told_apart() {
    let text = "let a = \"unsafe // x\"; // unsafe\nlet b = '\\''; /* a /* b */ c */ let c: &'static str = r#\"q\"\"#;";
    let source = Source::parse("src/a.rs", text);
    assert_eq!(source.code[0].trim_end(), "let a = \"           \";");
    assert_eq!(source.comment(1), "// unsafe");
    assert!(source.code[1].starts_with("let b = '  ';"));
    assert!(source.code[1].ends_with("let c: &'static str = r#\"  \"#;"));
    assert_eq!(source.comment(2), "/* a /* b */ c */");
}

#[test]
fn test_modules_are_found() {
    let source = Source::parse(
        "src/a.rs",
        "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\nfn c() {}\n",
    );
    assert_eq!(source.test_ranges(), [(2, 5)]);
    let source = Source::parse("src/a.rs", "#[cfg(test)]\nmod tests;\nfn c() {}\n");
    assert_eq!(source.test_ranges(), [(1, 2)]);
    let source = Source::parse(
        "src/a.rs",
        "#[cfg(all(test, unix))]\nmod tests {}\n#[cfg(not(test))]\nfn c() {}\n",
    );
    assert_eq!(source.test_ranges(), [(1, 2)]);
}
