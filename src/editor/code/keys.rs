//! What keys do to a text besides typing: indentation, comments, brackets. Places are characters from its start.

use std::ops::Range;

/// Spaces a step of indentation has.
const STEP: &str = "  ";

/// A text after a key, and what is selected then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Changed {
    pub text: String,
    pub selected: Range<usize>,
}

/// The byte at which a character starts.
pub(super) fn byte_at(text: &str, character: usize) -> usize {
    // In text of one byte a character, which code nearly always is, there is nothing to count.
    if text.get(..character).is_some_and(str::is_ascii) {
        return character;
    }
    let mut letters = text.char_indices();
    letters.nth(character).map_or(text.len(), |(byte, _)| byte)
}

/// The character that starts at a byte.
pub(super) fn character_at(text: &str, byte: usize) -> usize {
    text[..byte].chars().count()
}

/// The line of a character, counted from 0.
pub(super) fn line_of(text: &str, character: usize) -> usize {
    text[..byte_at(text, character)].matches('\n').count()
}

/// The first character of a line counted from 1, and of a column counted from 1 in it; the end of either if there is
/// no such place.
pub(super) fn place(text: &str, line: u32, column: Option<u32>) -> usize {
    let skipped = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1) as usize);
    let start: usize = skipped.map(|line| line.chars().count()).sum();
    let length = text
        .lines()
        .nth(line.saturating_sub(1) as usize)
        .map_or(0, |line| line.chars().count());
    start + length.min(column.unwrap_or(1).saturating_sub(1) as usize)
}

/// Makes comments of the lines that the selection touches, or code of them if all are comments.
pub(super) fn toggle_comment(text: &str, selected: &Range<usize>) -> Changed {
    let is_comment = |line: &str| line.trim_start().starts_with(';') || line.trim().is_empty();
    let lines = touched(text, selected);
    let all = text
        .lines()
        .skip(lines.start)
        .take(lines.len())
        .all(is_comment);
    each_line(text, selected, |line| {
        let indent = line.len() - line.trim_start().len();
        let (space, code) = line.split_at(indent);
        match code.strip_prefix(';') {
            Some(code) if all => format!("{space}{}", code.strip_prefix(' ').unwrap_or(code)),
            _ if all || code.is_empty() => line.to_owned(),
            _ => format!("{space}; {code}"),
        }
    })
}

/// Moves the lines that the selection touches a step to the right, or to the left.
pub(super) fn indent(text: &str, selected: &Range<usize>, right: bool) -> Changed {
    each_line(text, selected, |line| match right {
        true if line.is_empty() => String::new(),
        true => format!("{STEP}{line}"),
        false => {
            let spaces = line.len() - line.trim_start_matches(' ').len();
            line[spaces.min(STEP.len())..].to_owned()
        }
    })
}

/// A new line, as far in as the one before, and a step more behind what opens a block.
pub(super) fn new_line(text: &str, selected: &Range<usize>) -> Changed {
    let (from, to) = (byte_at(text, selected.start), byte_at(text, selected.end));
    let line = text[..from].rsplit('\n').next().unwrap_or_default();
    let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
    let opens = ["then", "ithen", "kthen", "do", "else"]
        .contains(&line.split_whitespace().last().unwrap_or_default());
    let added = format!("\n{indent}{}", if opens { STEP } else { "" });
    let at = selected.start + added.chars().count();
    Changed {
        text: format!("{}{added}{}", &text[..from], &text[to..]),
        selected: at..at,
    }
}

/// The bracket at the cursor, or before it, and its partner, if that is not too far away.
pub(super) fn brackets(text: &str, cursor: usize) -> Option<(usize, usize)> {
    let byte = byte_at(text, cursor);
    let after = text[byte..].chars().next();
    let before = text[..byte].chars().next_back();
    let is_bracket = |c: &char| "()[]{}".contains(*c);
    let (at, bracket) = match (after.filter(is_bracket), before.filter(is_bracket)) {
        (Some(bracket), _) => (cursor, bracket),
        (None, Some(bracket)) => (cursor - 1, bracket),
        (None, None) => return None,
    };
    let (partner, forward) = match bracket {
        '(' => (')', true),
        '[' => (']', true),
        '{' => ('}', true),
        ')' => ('(', false),
        ']' => ('[', false),
        _ => ('{', false),
    };
    let start = byte_at(text, at);
    let steps = match forward {
        true => balance(text[start..].chars(), bracket, partner),
        false => balance(text[..start + 1].chars().rev(), bracket, partner),
    }?;
    let other = if forward { at + steps } else { at - steps };
    Some((at, other))
}

/// How many characters on, the first of them is closed.
fn balance(letters: impl Iterator<Item = char>, open: char, close: char) -> Option<usize> {
    /// Farther than any screen shows.
    const FARTHEST: usize = 20_000;
    let mut depth = 0_i32;
    let mut letters = letters.take(FARTHEST);
    letters.position(|c| {
        depth += i32::from(c == open) - i32::from(c == close);
        depth == 0
    })
}

/// The lines, counted from 0, that a selection touches.
fn touched(text: &str, selected: &Range<usize>) -> Range<usize> {
    let first = line_of(text, selected.start);
    let last = line_of(text, selected.end);
    let at_start =
        selected.end > selected.start && text.chars().nth(selected.end - 1) == Some('\n');
    first..(if at_start { last } else { last + 1 }).max(first + 1)
}

fn each_line(text: &str, selected: &Range<usize>, change: impl Fn(&str) -> String) -> Changed {
    let lines = touched(text, selected);
    let (mut start, mut end) = (selected.start, selected.end);
    let mut changed = Vec::new();
    for (number, line) in text.split('\n').enumerate() {
        if !lines.contains(&number) {
            changed.push(line.to_owned());
            continue;
        }
        let new = change(line);
        let grown = new.chars().count() as isize - line.chars().count() as isize;
        end = end.saturating_add_signed(grown);
        if number == lines.start {
            start = start.saturating_add_signed(grown);
        }
        changed.push(new);
    }
    let text = changed.join("\n");
    let length = text.chars().count();
    let line_start = place(&text, lines.start as u32 + 1, None);
    start = start.clamp(line_start, length);
    Changed {
        text,
        selected: start..end.clamp(start, length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_come_and_go() {
        let text = "a\n  b\n\nc";
        let on = toggle_comment(text, &(0..5));
        assert_eq!(on.text, "; a\n  ; b\n\nc");
        let off = toggle_comment(&on.text, &on.selected);
        assert_eq!(off.text, text);
        assert_eq!(toggle_comment("ä\nb", &(2..3)).text, "ä\n; b");
    }

    #[test]
    fn lines_move_right_and_left() {
        let right = indent("a\nb\nc", &(0..3), true);
        assert_eq!(right.text, "  a\n  b\nc");
        assert_eq!(indent(&right.text, &right.selected, false).text, "a\nb\nc");
        assert_eq!(
            indent("a", &(1..1), false),
            Changed {
                text: "a".into(),
                selected: 1..1
            }
        );
    }

    #[test]
    fn a_new_line_stands_below_the_one_before() {
        assert_eq!(new_line("  a", &(3..3)).text, "  a\n  ");
        let after = new_line("if k1 then", &(10..10));
        assert_eq!(
            (after.text.as_str(), after.selected),
            ("if k1 then\n  ", 13..13)
        );
    }

    #[test]
    fn brackets_find_each_other() {
        assert_eq!(brackets("a(b[c])", 1), Some((1, 6)));
        assert_eq!(brackets("a(b[c])", 7), Some((6, 1)));
        assert_eq!(brackets("a(b", 1), None);
        assert_eq!(brackets("abc", 1), None);
    }

    #[test]
    fn places_are_found_by_line_and_column() {
        assert_eq!(place("ab\ncd\n", 2, Some(2)), 4);
        assert_eq!(place("ab\ncd", 2, Some(99)), 5);
        assert_eq!(place("ab", 9, None), 2);
        assert_eq!(
            (
                line_of("ab\ncd", 3),
                byte_at("äb", 1),
                character_at("äb", 2)
            ),
            (1, 2, 1)
        );
    }
}
