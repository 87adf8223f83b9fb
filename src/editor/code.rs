//! The text of the document: one page at a time, kept as typed until it is applied.

mod book;
mod complete;
mod drawn;
mod find;
mod frame;
mod keys;
mod lexer;
mod pane;
mod setting;

use super::desk::{Desk, Edit, InstrText};
use crate::document::Document;
use crate::session::diagnostic::{Diagnostic, Place};
use book::{Book, Own};
use pane::Pane;

/// A text of the document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Page {
    /// Its global code.
    Init,
    /// The body of this Instr.
    Body(String),
}

impl Page {
    /// The page that a problem is on.
    pub(super) fn of(place: &Place) -> Option<Self> {
        match place {
            Place::Init => Some(Self::Init),
            Place::Instr(name) => Some(Self::Body(name.clone())),
            _ => None,
        }
    }

    /// Its name for people.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Init => "Global code",
            Self::Body(name) => name,
        }
    }
}

/// One page: what the document says, and what stands in the pane.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Written {
    page: Page,
    applied: String,
    typed: String,
}

/// The code pane's state.
#[derive(Default)]
pub(super) struct Code {
    written: Vec<Written>,
    selected: usize,
    own: Own,
    pane: Pane,
}

impl Code {
    /// Follows the document. Pages that were changed here and not applied yet stay as they are.
    pub(super) fn follow(&mut self, document: &Document) {
        let init = std::iter::once((Page::Init, &document.init));
        let bodies = document
            .instr
            .iter()
            .map(|entry| (Page::Body(entry.name.clone()), &entry.body));
        let before = std::mem::take(&mut self.written);
        let chosen = before
            .get(self.selected)
            .map(|written| written.page.clone());
        self.written = bodies
            .chain(init)
            .map(|(page, text)| following(&before, page, text))
            .collect();
        self.selected = chosen.and_then(|page| self.position(&page)).unwrap_or(0);
        let includes = document
            .includes
            .iter()
            .filter_map(|include| include.text.as_deref());
        let inits = document.instr.iter().map(|entry| entry.init.as_str());
        let globals = includes.chain([document.init.as_str()]).chain(inits);
        self.own = Own::of(globals, document.bus.iter().map(|bus| bus.name.as_str()));
    }

    /// The window closes.
    pub(super) fn close(&self) {
        Book::let_go();
    }

    fn position(&self, page: &Page) -> Option<usize> {
        self.written
            .iter()
            .position(|written| written.page == *page)
    }

    /// The page in the pane.
    pub(super) fn page(&self) -> Option<&Page> {
        Some(&self.written.get(self.selected)?.page)
    }

    /// Shows another page.
    pub(super) fn turn_to(&mut self, page: &Page) {
        if let Some(index) = self.position(page) {
            self.selected = index;
            self.pane.completion.close();
        }
    }

    /// Shows where a problem is, if it is in one of the pages.
    pub(super) fn jump(&mut self, problem: &Diagnostic) {
        let Some(page) = Page::of(&problem.place) else {
            return;
        };
        self.turn_to(&page);
        if let (Some(written), Some(line)) = (self.written.get(self.selected), problem.line) {
            let at = keys::place(&written.typed, line, problem.column);
            self.pane.select = Some(at..at);
        }
    }

    /// Whether a page has been changed and not applied.
    pub(super) fn is_changed(&self, page: &Page) -> bool {
        self.written
            .iter()
            .any(|written| written.page == *page && written.typed != written.applied)
    }

    /// Whether any has.
    pub(super) fn is_any_changed(&self) -> bool {
        self.written
            .iter()
            .any(|written| written.typed != written.applied)
    }

    /// Drops what was changed and not applied.
    fn revert(&mut self) {
        self.written
            .iter_mut()
            .for_each(|written| written.typed.clone_from(&written.applied));
    }

    /// What was changed, as an edit.
    pub(super) fn edit(&self, desk: &dyn Desk) -> Option<Edit> {
        let changed = self
            .written
            .iter()
            .filter(|written| written.typed != written.applied);
        let (mut bodies, mut init) = (Vec::new(), None);
        for Written { page, typed, .. } in changed {
            match page {
                Page::Init => init = Some(typed.clone()),
                Page::Body(name) => bodies.push(InstrText {
                    name: name.clone(),
                    body: typed.clone(),
                }),
            }
        }
        match init {
            Some(init) => Some(Edit::Document(Box::new(with(
                desk.document(),
                init,
                &bodies,
            )))),
            None => (!bodies.is_empty()).then_some(Edit::Bodies(bodies)),
        }
    }
}

/// A page that follows its text in the document.
fn following(before: &[Written], page: Page, text: &str) -> Written {
    let known = before.iter().find(|written| written.page == page);
    let typed = known
        .filter(|written| written.typed != written.applied)
        .map_or(text, |written| &written.typed);
    Written {
        typed: typed.to_owned(),
        applied: text.to_owned(),
        page,
    }
}

fn with(mut document: Document, init: String, bodies: &[InstrText]) -> Document {
    document.init = init;
    for InstrText { name, body } in bodies {
        if let Some(entry) = document.instr.iter_mut().find(|entry| entry.name == *name) {
            entry.body.clone_from(body);
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::InstrEntry;

    fn document(bodies: &[(&str, &str)]) -> Document {
        let entry = |&(name, body): &(&str, &str)| InstrEntry {
            name: name.into(),
            body: body.into(),
            ..InstrEntry::default()
        };
        Document {
            instr: bodies.iter().map(entry).collect(),
            ..Document::default()
        }
    }

    fn typed(code: &Code) -> Vec<&str> {
        code.written
            .iter()
            .map(|written| written.typed.as_str())
            .collect()
    }

    #[test]
    fn what_was_typed_outlives_a_new_document() {
        let mut code = Code::default();
        code.follow(&document(&[("a", "1"), ("b", "2")]));
        code.written[0].typed = "typed".into();
        code.follow(&document(&[("a", "1"), ("b", "3")]));
        assert_eq!(typed(&code), ["typed", "3", ""]);
        assert!(code.is_changed(&Page::Body("a".into())));
        code.follow(&document(&[("a", "typed")]));
        assert!(!code.is_any_changed());
    }

    #[test]
    fn the_page_stays_when_others_come_and_go() {
        let mut code = Code::default();
        code.follow(&document(&[("a", ""), ("b", "")]));
        code.turn_to(&Page::Body("b".into()));
        code.follow(&document(&[("new", ""), ("a", ""), ("b", "")]));
        assert_eq!(code.page(), Some(&Page::Body("b".into())));
        code.follow(&document(&[("a", "")]));
        assert_eq!(code.page(), Some(&Page::Body("a".into())));
    }
}
