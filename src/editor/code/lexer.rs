//! Csound text, cut into pieces to be coloured.

use std::ops::Range;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Space, brackets, operators, words of which nothing is known.
    Plain,
    Comment,
    /// A text in quotes or double braces.
    Text,
    Number,
    /// An opcode of Csound or of this library.
    Opcode,
    /// An opcode that the document defines.
    OwnOpcode,
    Keyword,
    /// An `i` variable.
    Init,
    /// A `k` variable.
    Control,
    /// An `a`, `f` or `w` variable.
    Audio,
    /// An `S` variable.
    TextVariable,
    /// A global variable.
    Global,
    /// `$MACRO` and `#define`.
    Macro,
    /// A bar of the line of arguments.
    Bar,
}

/// A piece: what it is, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub kind: Kind,
    pub bytes: Range<usize>,
}

/// Tells what a word names.
pub(super) trait Words {
    /// Whether Csound, or this library, has an opcode of that name.
    fn is_opcode(&self, word: &str) -> bool;
    /// Whether the document defines one.
    fn is_own(&self, word: &str) -> bool;
}

const KEYWORDS: [&str; 29] = [
    "if", "then", "ithen", "kthen", "else", "elseif", "endif", "while", "do", "od", "until",
    "enduntil", "for", "in", "goto", "igoto", "kgoto", "cggoto", "cigoto", "ckgoto", "instr",
    "endin", "opcode", "endop", "xin", "xout", "sr", "ksmps", "nchnls",
];

/// What a line begins inside of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Inside {
    /// Code.
    #[default]
    Code,
    /// A comment of several lines.
    Comment,
    /// A text in double braces.
    Braces,
}

impl Inside {
    /// How it ends, and what it is.
    fn end(self) -> Option<(&'static str, Kind)> {
        match self {
            Self::Code => None,
            Self::Comment => Some(("*/", Kind::Comment)),
            Self::Braces => Some(("}}", Kind::Text)),
        }
    }

    /// Where the line after a piece begins that ends its line.
    fn after(piece: &str) -> Self {
        let open = |begin: &str, end: &str| {
            piece
                .strip_prefix(begin)
                .is_some_and(|rest| !rest.ends_with(end))
        };
        match () {
            () if open("/*", "*/") => Self::Comment,
            () if open("{{", "}}") => Self::Braces,
            () => Self::Code,
        }
    }
}

/// Cuts a line, without its end, of a text that is cut line by line; with what the next line begins inside of.
pub(super) fn line_pieces(line: &str, inside: Inside, words: &dyn Words) -> (Vec<Piece>, Inside) {
    let mut pieces = Vec::new();
    let mut at = 0;
    if let Some((end, kind)) = inside.end() {
        let Some(closed) = line.find(end) else {
            let whole = Piece {
                kind,
                bytes: 0..line.len(),
            };
            return (vec![whole], inside);
        };
        at = closed + end.len();
        pieces.push(Piece { kind, bytes: 0..at });
    }
    let mut leaves = Inside::Code;
    while at < line.len() {
        let (kind, length) = next(&line[at..], words);
        let end = at + length.max(1);
        leaves = Inside::after(&line[at..end]);
        match pieces.last_mut() {
            Some(Piece { kind: last, bytes }) if *last == kind => bytes.end = end,
            _ => pieces.push(Piece {
                kind,
                bytes: at..end,
            }),
        }
        at = end;
    }
    (pieces, leaves)
}

fn next(rest: &str, words: &dyn Words) -> (Kind, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    let second = rest[first.len_utf8()..].chars().next().unwrap_or(' ');
    match (first, second) {
        (';', _) | ('/', '/') => (Kind::Comment, line_end(rest)),
        ('/', '*') => (Kind::Comment, through(rest, "*/", 2)),
        ('{', '{') => (Kind::Text, through(rest, "}}", 2)),
        ('"', _) => (Kind::Text, quoted(rest)),
        ('$', c) if is_word(c) => (Kind::Macro, 1 + word_length(&rest[1..])),
        ('#', c) if c.is_ascii_alphabetic() => (Kind::Macro, 1 + word_length(&rest[1..])),
        ('|', '|') => (Kind::Plain, 2),
        ('|', _) => (Kind::Bar, 1),
        ('0'..='9', _) | ('.', '0'..='9') => (Kind::Number, number_length(rest)),
        (c, _) if is_word(c) => {
            let length = word_length(rest);
            (word_kind(&rest[..length], words), length)
        }
        (c, _) => (Kind::Plain, c.len_utf8()),
    }
}

/// Whether a character can stand in a name.
pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn word_length(rest: &str) -> usize {
    rest.find(|c| !is_word(c)).unwrap_or(rest.len())
}

fn line_end(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

/// As far as `end` goes, or all of it.
fn through(rest: &str, end: &str, skip: usize) -> usize {
    rest[skip..]
        .find(end)
        .map_or(rest.len(), |at| skip + at + end.len())
}

/// A quoted text ends at its quote or with its line.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' => return at,
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    rest.len()
}

fn number_length(rest: &str) -> usize {
    let mut before = ' ';
    let belongs = |c: char, before: char| {
        c.is_ascii_digit()
            || c == '.'
            || "eExX".contains(c)
            || ("+-".contains(c) && "eE".contains(before))
    };
    for (at, c) in rest.char_indices() {
        if !belongs(c, before) {
            return at;
        }
        before = c;
    }
    rest.len()
}

fn word_kind(word: &str, words: &dyn Words) -> Kind {
    if KEYWORDS.contains(&word) {
        return Kind::Keyword;
    }
    if words.is_own(word) {
        return Kind::OwnOpcode;
    }
    if words.is_opcode(word) {
        return Kind::Opcode;
    }
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (Some('g'), Some('i' | 'k' | 'a' | 'S' | 'f' | 'w')) => Kind::Global,
        (Some('i' | 'p'), _) => Kind::Init,
        (Some('k'), _) => Kind::Control,
        (Some('a' | 'f' | 'w'), _) => Kind::Audio,
        (Some('S'), _) => Kind::TextVariable,
        _ => Kind::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Cuts a text at once. The pieces lie side by side and cover all of it.
    fn pieces(text: &str, words: &dyn Words) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let (kind, length) = next(&text[at..], words);
            let end = at + length.max(1);
            match pieces.last_mut() {
                Some(last) if last.kind == kind => last.bytes.end = end,
                _ => pieces.push(Piece {
                    kind,
                    bytes: at..end,
                }),
            }
            at = end;
        }
        pieces
    }

    struct Some2;

    impl Words for Some2 {
        fn is_opcode(&self, word: &str) -> bool {
            word == "oscili"
        }
        fn is_own(&self, word: &str) -> bool {
            word == "wah"
        }
    }

    fn cut(text: &str) -> Vec<(Kind, &str)> {
        pieces(text, &Some2)
            .into_iter()
            .map(|p| (p.kind, &text[p.bytes]))
            .collect()
    }

    #[test]
    fn each_kind_is_told_apart() {
        use Kind::*;
        let text = "|kx=.5|\na1 oscili gkq*1e-3, $M ; a \"b\"\nS1=\"a;b\" /* x\ny */wah(i1) if";
        let expected = [
            (Bar, "|"),
            (Control, "kx"),
            (Plain, "="),
            (Number, ".5"),
            (Bar, "|"),
            (Plain, "\n"),
            (Audio, "a1"),
            (Plain, " "),
            (Opcode, "oscili"),
            (Plain, " "),
            (Global, "gkq"),
            (Plain, "*"),
            (Number, "1e-3"),
            (Plain, ", "),
            (Macro, "$M"),
            (Plain, " "),
            (Comment, "; a \"b\""),
            (Plain, "\n"),
            (TextVariable, "S1"),
            (Plain, "="),
            (Text, "\"a;b\""),
            (Plain, " "),
            (Comment, "/* x\ny */"),
            (OwnOpcode, "wah"),
            (Plain, "("),
            (Init, "i1"),
            (Plain, ") "),
            (Keyword, "if"),
        ];
        assert_eq!(cut(text), expected);
    }

    proptest! {
        #[test]
        fn lines_are_cut_as_the_whole_is(text in "([ -~\n]{0,12}(/\\*|\\*/|\\{\\{|\\}\\}|\n)){0,6}") {
            let of_letters = |pieces: &[Piece]| -> Vec<Kind> {
                pieces.iter().flat_map(|piece| piece.bytes.clone().map(|_| piece.kind)).collect()
            };
            let whole = of_letters(&pieces(&text, &Some2));
            let (mut inside, mut from) = (Inside::default(), 0);
            for line in text.split('\n') {
                let (cut, leaves) = line_pieces(line, inside, &Some2);
                let end = from + line.len();
                prop_assert_eq!(of_letters(&cut), whole[from..end].to_vec(), "{:?} in {:?}", line, text);
                (inside, from) = (leaves, end + 1);
            }
        }

        #[test]
        fn the_pieces_are_the_text(text in "[ -~äλ\n]{0,60}") {
            prop_assert_eq!(cut(&text).into_iter().map(|(_, piece)| piece).collect::<String>(), text);
        }
    }
}
