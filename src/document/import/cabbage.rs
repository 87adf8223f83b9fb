//! The widgets of a Cabbage section.

/// A line of the section: a widget and what is said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Widget {
    /// What it is: `rslider`, `form`, ...
    pub kind: String,
    /// Its line, counted from 1 at the begin of the section.
    pub line: u32,
    /// Identifiers with what their parentheses hold, texts without their quotes.
    identifiers: Vec<(String, Vec<String>)>,
}

impl Widget {
    /// What an identifier was given last, in any case of letters.
    pub fn values(&self, identifier: &str) -> Option<&[String]> {
        let mut found = self.identifiers.iter().rev();
        let (_, values) = found.find(|(name, _)| name.eq_ignore_ascii_case(identifier))?;
        Some(values)
    }

    /// The first text of an identifier.
    pub fn text(&self, identifier: &str) -> Option<&str> {
        self.values(identifier)?.first().map(String::as_str)
    }

    /// A number of an identifier, counted from 0.
    pub fn number(&self, identifier: &str, place: usize) -> Option<f64> {
        let number: f64 = self.values(identifier)?.get(place)?.trim().parse().ok()?;
        number.is_finite().then_some(number)
    }
}

/// The widgets of a section, in order; braces of nested ones are read over. Never fails: what cannot be understood is
/// left out.
pub fn widgets(section: &str) -> Vec<Widget> {
    let mut found = Vec::new();
    let mut in_comment = false;
    for (line, text) in joined(section) {
        let text = text.trim().trim_start_matches(['{', '}']).trim_start();
        in_comment |= text.starts_with("/*");
        if in_comment {
            in_comment = !text.contains("*/");
            continue;
        }
        if !text.starts_with(';') && !text.starts_with("//") {
            found.extend(widget(text, line));
        }
    }
    found
}

/// The lines of a section with their numbers; one that ends with a backslash goes on in the next.
fn joined(section: &str) -> Vec<(u32, String)> {
    let mut lines: Vec<(u32, String)> = Vec::new();
    let mut goes_on = false;
    for (line, text) in (1..).zip(section.split('\n')) {
        let text = text.trim_end();
        let (kept, next) = match text.strip_suffix('\\') {
            Some(kept) => (kept, true),
            None => (text, false),
        };
        match lines.last_mut() {
            Some((_, last)) if goes_on => {
                last.push(' ');
                last.push_str(kept);
            }
            _ => lines.push((line, kept.to_owned())),
        }
        goes_on = next;
    }
    lines
}

fn widget(text: &str, line: u32) -> Option<Widget> {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(text.len());
    let kind = &text[..end];
    if kind.is_empty() {
        return None;
    }
    let identifiers = identifiers(&text[end..]);
    Some(Widget {
        kind: kind.to_ascii_lowercase(),
        line,
        identifiers,
    })
}

fn identifiers(text: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('(') {
        let before = &rest[..open];
        let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':');
        let name = &before[start.map_or(0, |at| {
            at + before[at..].chars().next().map_or(1, char::len_utf8)
        })..];
        let (values, after) = values(&rest[open + 1..]);
        found.push((name.to_owned(), values));
        rest = after;
    }
    found
}

/// What stands between parentheses, and what follows them.
fn values(text: &str) -> (Vec<String>, &str) {
    let mut values = vec![String::new()];
    let mut quote = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quote = !quote,
            ')' if !quote => return (trimmed(values), &text[at + 1..]),
            ',' | ':' if !quote => values.push(String::new()),
            _ => values
                .iter_mut()
                .next_back()
                .into_iter()
                .for_each(|value| value.push(c)),
        }
    }
    (trimmed(values), "")
}

fn trimmed(values: Vec<String>) -> Vec<String> {
    values
        .into_iter()
        .map(|value| value.trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_can_go_on() {
        let found =
            widgets("rslider channel(\"a\"), \\\n range(0, 1, 0.5)\nhslider channel(\"b\")");
        assert_eq!(found[0].number("range", 2), Some(0.5));
        assert_eq!((found[1].line, found.len()), (3, 2));
    }

    #[test]
    fn widgets_are_read_with_their_identifiers() {
        let section = "\nform caption(\"A (synth)\") size(300, 200), colour(1,2,3)\n; rslider no\n\
                       groupbox bounds(0, 0, 1, 1) {\nrslider bounds(1,2,3,4), channel(\"cut\"), Range(20, 20000, 1000, 0.5, 1) text(\"Cut, off\")\n}\n";
        let found = widgets(section);
        let kinds: Vec<_> = found
            .iter()
            .map(|widget| (widget.kind.as_str(), widget.line))
            .collect();
        assert_eq!(kinds, [("form", 2), ("groupbox", 4), ("rslider", 5)]);
        assert_eq!(found[0].text("caption"), Some("A (synth)"));
        let slider = &found[2];
        assert_eq!(
            (slider.text("channel"), slider.text("text")),
            (Some("cut"), Some("Cut, off"))
        );
        assert_eq!(
            (slider.number("range", 3), slider.number("range", 5)),
            (Some(0.5), None)
        );
    }
}
