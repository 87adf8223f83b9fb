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
        self.sources.push(Source {
            place,
            first,
            lines,
        });
        first
    }

    /// The text and the line in it (counted from 1) of a line number in a compiler message.
    pub fn locate(&self, csound_line: u32) -> (Place, u32) {
        let index = self
            .sources
            .partition_point(|source| source.first <= csound_line);
        match index.checked_sub(1).map(|index| &self.sources[index]) {
            Some(source) => {
                let line = csound_line - source.first + 1;
                (source.place.clone(), line.min(source.lines))
            }
            None => (Place::Prelude, csound_line),
        }
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
