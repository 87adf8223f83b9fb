//! Keeps Csound's line numbers those of the user's text.
//!
//! After a continued line, a comment or string of several lines, or the use of a macro of several lines Csound 6.18
//! loses a declared number, so the number is declared again behind each of them.

use crate::session::instr::{Scan, Token, TokenKind};

/// Code whose first line is declared to have this number already, made to keep its numbers.
pub(super) fn numbered(code: &str, first_line: u32) -> String {
    let scan = Scan::new(code);
    let mut text = String::with_capacity(code.len());
    let mut folds = scan.folds.iter().peekable();
    let mut macros = Macros::default();
    let mut lost = false;
    let mut at = 0;
    for token in &scan.tokens {
        while let Some(fold) = folds.next_if(|fold| fold.end <= token.start) {
            text.push_str(&code[at..fold.start]);
            text.push(' ');
            at = fold.end;
            lost = true;
        }
        let inside = macros.inside(token);
        lost |= token.kind == TokenKind::Text && token.text.contains('\n');
        lost |= token.is_symbol("$");
        if token.kind == TokenKind::LineEnd && lost && !inside {
            text.push_str(&code[at..token.end()]);
            text.push_str(&format!(
                "#line {}\n",
                first_line.saturating_add(token.line)
            ));
            at = token.end();
            lost = false;
        }
    }
    for fold in folds {
        text.push_str(&code[at..fold.start]);
        text.push(' ');
        at = fold.end;
    }
    text + &code[at..]
}

/// Follows `#define NAME #...#` over line ends.
#[derive(Default)]
struct Macros {
    after_hash: bool,
    escaped: bool,
    /// How many of its two marks a definition still needs.
    marks: u8,
}

impl Macros {
    /// Whether the text of a definition goes on at this token.
    fn inside(&mut self, token: &Token<'_>) -> bool {
        let mark = token.is_symbol("#") && !self.escaped;
        match self.marks {
            0 if self.after_hash && token.is_word("define") => self.marks = 2,
            0 => {}
            left => self.marks = left - u8::from(mark),
        }
        self.after_hash = mark;
        self.escaped = token.is_symbol("\\");
        self.marks == 1
    }
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn plain_code_stays_as_it_is() {
        let code = "a1 = 1 ; a /* b\n\nout \"x/*\" /* c */\n";
        assert_eq!(numbered(code, 100), code);
    }

    #[test]
    fn numbers_are_declared_again_where_they_are_forgotten() {
        let continued = "a1 = \\ ; more\n 1\nout a1";
        assert_eq!(numbered(continued, 100), "a1 =   1\n#line 102\nout a1");
        let commented = "a1 = 1 /* b\nc */\nout a1 /*\n*/";
        assert_eq!(numbered(commented, 100), "a1 = 1  \n#line 102\nout a1  ");
        let defined = "#define A(x) #$x +\n\n \\# 2#\nk1 = $A(1)\nout a2";
        let again = "#define A(x) #$x +\n\n \\# 2#\n#line 103\nk1 = $A(1)\n#line 104\nout a2";
        assert_eq!(numbered(defined, 100), again);
        let text = "S1 = {{a\nb}}\nout a1";
        assert_eq!(numbered(text, 100), "S1 = {{a\nb}}\n#line 102\nout a1");
    }
}
