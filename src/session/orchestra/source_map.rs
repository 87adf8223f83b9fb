//! From the line numbers Csound reports back to the lines the user typed.

use crate::session::diagnostic::Place;

/// Csound keeps a line number in 16 bits once the code runs.
const RUN_TIME_LINES: u32 = 1 << 16;

/// Knows which text each line number of an orchestra belongs to.
///
/// Every text has line numbers of its own, which the orchestra declares to Csound; init and performance errors carry
/// them modulo 65,536.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceMap {
    sources: Vec<Source>,
    next: u32,
}

#[derive(Clone, Debug, PartialEq)]
struct Source {
    place: Place,
    first: u32,
    lines: u32,
    text: String,
}

impl SourceMap {
    /// A map without texts.
    pub(super) fn new() -> Self {
        Self {
            sources: Vec::new(),
            next: 1,
        }
    }

    /// Gives a text its numbers and returns that of its first line. One line after it belongs to it too: errors at
    /// its very end are reported there.
    pub(super) fn add(&mut self, place: Place, text: &str) -> u32 {
        let lines = u32::try_from(text.lines().count())
            .unwrap_or(u32::MAX / 2)
            .max(1);
        let first = self.next;
        self.next = first.saturating_add(lines).saturating_add(2);
        let text = text.to_owned();
        self.sources.push(Source {
            place,
            first,
            lines,
            text,
        });
        first
    }

    /// The text and the line in it (counted from 1) of a line number in a compiler message.
    pub fn locate(&self, csound_line: u32) -> (Place, u32) {
        match self.source(csound_line) {
            Some((source, line)) => (source.place.clone(), line),
            None => (Place::Prelude, csound_line),
        }
    }

    /// The same for a message that quotes a variable or opcode. In expressions Csound tells the line before the one
    /// that has it, so the next is taken if only that has the word.
    pub fn locate_word(&self, csound_line: u32, word: &str) -> (Place, u32) {
        let has = |line: Option<&str>| {
            let words = line.map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'));
            words.is_some_and(|mut words| words.any(|found| found == word))
        };
        if let Some((source, line)) = self.source(csound_line) {
            let mut lines = source.text.lines().skip(line as usize - 1);
            if !has(lines.next()) && has(lines.next()) {
                return (source.place.clone(), line + 1);
            }
        }
        self.locate(csound_line)
    }

    fn source(&self, csound_line: u32) -> Option<(&Source, u32)> {
        let after = self
            .sources
            .partition_point(|source| source.first <= csound_line);
        let source = &self.sources[after.checked_sub(1)?];
        Some((source, (csound_line - source.first + 1).min(source.lines)))
    }

    /// The same for a message of the running instrument `instr`, where large orchestras repeat line numbers: among
    /// the texts that can be meant, that instrument's own comes first.
    pub fn locate_running(&self, csound_line: u32, instr: Option<&str>) -> (Place, u32) {
        let candidates = (csound_line..self.next).step_by(RUN_TIME_LINES as usize);
        let own = |(place, _): &(Place, u32)| match (place, instr) {
            (Place::Instr(name), Some(instr)) => name == instr,
            _ => false,
        };
        let own = candidates.map(|line| self.locate(line)).find(own);
        own.unwrap_or_else(|| self.locate(csound_line))
    }
}
