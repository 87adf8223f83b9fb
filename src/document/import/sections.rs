//! A CSD taken apart.

/// A part of a CSD between a tag and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section<'a> {
    /// The tag's name.
    pub name: &'a str,
    /// What stands between.
    pub text: &'a str,
    /// The line of the CSD on which the text begins, counted from 1.
    pub line: u32,
}

/// The sections of a CSD, in order. A tag inside a section belongs to its text, and one that is not closed goes on to
/// the end.
pub fn sections(csd: &str) -> Vec<Section<'_>> {
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some((name, start)) = next_tag(csd, at) {
        line += lines(&csd[at..start]);
        at = start;
        if name == "CsoundSynthesizer" || name.starts_with('/') {
            continue;
        }
        let end = format!("</{name}>");
        let text = csd[start..].split(&end).next().unwrap_or_default();
        found.push(Section { name, text, line });
        at = start + text.len();
        if csd[at..].starts_with(&end) {
            at += end.len();
        }
        line += lines(text);
    }
    found
}

fn lines(text: &str) -> u32 {
    text.matches('\n').count() as u32
}

/// The next tag that stands alone at the begin of a line: its name, and where what follows begins.
fn next_tag(csd: &str, from: usize) -> Option<(&str, usize)> {
    let mut at = from;
    for line in csd[from..].split_inclusive('\n') {
        let start = line.len() - line.trim_start().len();
        let tag = line[start..].strip_prefix('<');
        if let Some((name, _)) = tag.and_then(|rest| rest.split_once('>')) {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '/';
            let name_end = name.find(|c| !plain(c)).unwrap_or(name.len());
            if name_end > 0 && (name_end == name.len() || name[name_end..].starts_with(' ')) {
                return Some((&name[..name_end], at + start + name.len() + 2));
            }
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_have_their_lines() {
        let csd = "<Cabbage>\nform\n</Cabbage>\n<CsoundSynthesizer>\n<CsOptions>\n-d\n</CsOptions>\n\
                   <CsInstruments>\nif 1 < 2 then\n<x\n</CsInstruments>\n<CsScore>\ne";
        let found: Vec<_> = sections(csd)
            .iter()
            .map(|s| (s.name, s.line, s.text))
            .collect();
        let expected = [
            ("Cabbage", 1, "\nform\n"),
            ("CsOptions", 5, "\n-d\n"),
            ("CsInstruments", 8, "\nif 1 < 2 then\n<x\n"),
            ("CsScore", 12, "\ne"),
        ];
        assert_eq!(found, expected);
    }
}
