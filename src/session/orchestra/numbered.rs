//! Keeps Csound's line numbers those of the user's text.
//!
//! After a continued line, or a comment or string of several lines, Csound 6.18 forgets a declared number and goes on
//! with the line of the whole orchestra, so the number is declared again behind each of them.

use crate::session::instr::{Scan, TokenKind};

/// Code whose first line is declared to have this number already, made to keep its numbers.
pub(super) fn numbered(code: &str, first_line: u32) -> String {
    let scan = Scan::new(code);
    let mut text = String::with_capacity(code.len());
    let mut folds = scan.folds.iter().peekable();
    let mut forgotten = false;
    let mut at = 0;
    for token in &scan.tokens {
        while let Some(fold) = folds.next_if(|fold| fold.end <= token.start) {
            text.push_str(&code[at..fold.start]);
            text.push(' ');
            at = fold.end;
            forgotten = true;
        }
        forgotten |= token.kind == TokenKind::Text && token.text.contains('\n');
        if token.kind == TokenKind::LineEnd && forgotten {
            text.push_str(&code[at..token.end()]);
            text.push_str(&format!(
                "#line {}\n",
                first_line.saturating_add(token.line)
            ));
            at = token.end();
            forgotten = false;
        }
    }
    for fold in folds {
        text.push_str(&code[at..fold.start]);
        text.push(' ');
        at = fold.end;
    }
    text + &code[at..]
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
        let text = "S1 = {{a\nb}}\nout a1";
        assert_eq!(numbered(text, 100), "S1 = {{a\nb}}\n#line 102\nout a1");
    }
}
