//! Uses of opcodes in Csound text, as statements and inside expressions.

use std::ops::Range;

use crate::session::instr::{Token, TokenKind};

/// A use of an opcode.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// The opcode.
    pub name: &'a str,
    /// Its line in the text, counted from 1.
    pub line: u32,
    /// All of it but what is assigned to, as bytes of the text.
    pub range: Range<usize>,
    /// What it is given.
    pub args: Vec<&'a str>,
    /// The variables that it is assigned to, if it is a statement of its own.
    pub outputs: Option<Vec<&'a str>>,
    /// The first letter of what the statement it stands in is assigned to; a space if nothing is.
    pub rate: char,
}

/// The uses in one statement of the opcodes for which `wanted` holds.
pub fn calls<'a>(
    text: &'a str,
    statement: &[Token<'a>],
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<Call<'a>> {
    let mut found = Vec::new();
    let rate = rate(statement);
    let mut at = 0;
    while at < statement.len() {
        let token = &statement[at];
        let is_wanted = token.kind == TokenKind::Word && wanted(token.text);
        let (call, next) = match is_wanted {
            true => call(text, statement, at, rate),
            false => (None, at + 1),
        };
        found.extend(call);
        at = next;
    }
    found
}

fn rate(statement: &[Token<'_>]) -> char {
    let assigns = statement.len() > 1 && !statement[1].is_symbol("(");
    let first = statement
        .first()
        .filter(|token| assigns && token.kind == TokenKind::Word);
    first
        .and_then(|token| token.text.chars().next())
        .unwrap_or(' ')
}

fn call<'a>(
    text: &'a str,
    statement: &[Token<'a>],
    at: usize,
    rate: char,
) -> (Option<Call<'a>>, usize) {
    let token = &statement[at];
    let mut open = at + 1;
    // A suffix says the rate: `ctrl7:k(...)`.
    let suffixed = open + 1 < statement.len() && statement[open].is_symbol(":");
    let rate = match statement.get(at + 2) {
        Some(suffix) if suffixed => suffix.text.chars().next().unwrap_or(rate),
        _ => rate,
    };
    if suffixed {
        open += 2;
    }
    let inside = statement
        .get(open)
        .is_some_and(|token| token.is_symbol("("));
    let outputs = outputs(text, &statement[..at]);
    let functional = inside && (suffixed || outputs.is_none() || closes_last(statement, open));
    let (first, end) = match functional {
        true => (open + 1, closing(statement, open)),
        false => (at + 1, statement.len()),
    };
    let args = arguments(text, &statement[first.min(end)..end]);
    let last = match functional {
        true => statement.get(end).unwrap_or(&statement[end - 1]),
        false => &statement[end - 1],
    };
    let is_statement = !functional && outputs.as_ref().is_some_and(Vec::is_empty);
    let call = Call {
        name: token.text,
        line: token.line,
        range: token.start..last.end(),
        args,
        outputs: if functional { None } else { outputs },
        rate: if is_statement { ' ' } else { rate },
    };
    (Some(call), if functional { at + 1 } else { end })
}

/// What stands before an opcode, if that is a list of variables or nothing.
fn outputs<'a>(text: &'a str, before: &[Token<'a>]) -> Option<Vec<&'a str>> {
    let plain = |token: &Token<'_>| {
        matches!(token.kind, TokenKind::Word | TokenKind::Number)
            || [",", "[", "]", ":"]
                .iter()
                .any(|symbol| token.is_symbol(symbol))
    };
    let apart = |pair: &[Token<'_>]| pair.iter().any(|token| token.kind == TokenKind::Symbol);
    let listed = before.iter().all(plain) && before.windows(2).all(apart);
    listed.then(|| arguments(text, before))
}

/// Whether the parenthesis that opens there is closed by the last token.
fn closes_last(statement: &[Token<'_>], open: usize) -> bool {
    closing(statement, open) + 1 >= statement.len()
}

/// The token that closes a parenthesis, or the end.
fn closing(statement: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in statement.iter().enumerate().skip(open) {
        depth += depth_of(token);
        if depth == 0 {
            return at;
        }
    }
    statement.len()
}

fn depth_of(token: &Token<'_>) -> i32 {
    let is = |symbols: &[&str]| symbols.iter().any(|symbol| token.is_symbol(symbol));
    i32::from(is(&["(", "["])) - i32::from(is(&[")", "]"]))
}

/// The pieces between commas that stand in no parentheses.
pub fn arguments<'a>(text: &'a str, tokens: &[Token<'a>]) -> Vec<&'a str> {
    let mut depth = 0;
    let mut pieces = tokens.split(|token| {
        depth += depth_of(token);
        depth == 0 && token.is_symbol(",")
    });
    let piece = |tokens: &[Token<'a>]| match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => &text[first.start..last.end()],
        _ => "",
    };
    let found: Vec<_> = pieces.by_ref().map(piece).collect();
    if found == [""] { Vec::new() } else { found }
}

/// Where a piece of a text stands in it.
pub fn range_of(text: &str, piece: &str) -> Range<usize> {
    let start = (piece.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    start..start + piece.len()
}

/// A text with parts of it replaced. Of two that overlap the first in the text is done.
pub fn replaced(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut done = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in edits {
        if range.start >= at {
            done.push_str(&text[at..range.start]);
            done.push_str(&new);
            at = range.end;
        }
    }
    done + &text[at..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::instr::Scan;

    /// Arguments, outputs, rate and the whole of it.
    type Found<'a> = (Vec<&'a str>, Option<Vec<&'a str>>, char, &'a str);

    fn found(text: &str) -> Vec<Found<'_>> {
        let scan = Scan::new(text);
        let statement: Vec<_> = scan.statements().next().unwrap().to_vec();
        let calls = calls(text, &statement, &|name| name == "op");
        calls
            .into_iter()
            .map(|call| (call.args, call.outputs, call.rate, &text[call.range]))
            .collect()
    }

    #[test]
    fn both_forms_are_found() {
        assert_eq!(
            found("k1, k2 op 1, f(2, 3)"),
            [(
                vec!["1", "f(2, 3)"],
                Some(vec!["k1", "k2"]),
                'k',
                "op 1, f(2, 3)"
            )]
        );
        assert_eq!(
            found("i1 = 2 * op:k(a[1], 2) + 1"),
            [(vec!["a[1]", "2"], None, 'k', "op:k(a[1], 2)")]
        );
        assert_eq!(found("op k1"), [(vec!["k1"], Some(vec![]), ' ', "op k1")]);
        assert_eq!(found("i1 op"), [(vec![], Some(vec!["i1"]), 'i', "op")]);
        assert_eq!(
            found("a1 op (1 + 2) * 3, 4"),
            [(
                vec!["(1 + 2) * 3", "4"],
                Some(vec!["a1"]),
                'a',
                "op (1 + 2) * 3, 4"
            )]
        );
        assert_eq!(found("a1 other op(2)"), [(vec!["2"], None, 'a', "op(2)")]);
        assert_eq!(found("i1 = op()"), [(vec![], None, 'i', "op()")]);
    }
}
