//! What the user has asked for and what can be gone back to.

use crate::document::Document;
use crate::editor::Edit;
use crate::session::When;
use std::collections::VecDeque;

/// Documents that can be gone back to.
const PAST: usize = 32;

/// Something to be built.
pub(super) enum Asked {
    /// The document with this changed.
    Edit(Edit),
    /// The document before the last edit.
    RollBack,
    /// This document in place of the one that is there.
    Open(Box<Document>),
}

/// Requests in order, and the documents that were replaced by edits.
#[derive(Default)]
pub(super) struct History {
    asked: VecDeque<(Asked, When)>,
    past: Vec<Document>,
}

impl History {
    /// Adds a request. An edit that was not begun is left out if this one, which contains it, comes no later.
    pub(super) fn ask(&mut self, asked: Asked, when: When) {
        if matches!(asked, Asked::Edit(_)) {
            self.asked.retain(|(older, then)| {
                !matches!(older, Asked::Edit(_)) || when != When::Now && when != *then
            });
        }
        self.asked.push_back((asked, when));
    }

    /// The next request.
    pub(super) fn next(&mut self) -> Option<(Asked, When)> {
        self.asked.pop_front()
    }

    /// Whether requests wait.
    pub(super) fn is_asked(&self) -> bool {
        !self.asked.is_empty()
    }

    /// Keeps a document that played and was replaced.
    pub(super) fn keep(&mut self, document: Document) {
        if self.past.len() == PAST {
            self.past.remove(0);
        }
        self.past.push(document);
    }

    /// The document before.
    pub(super) fn last(&self) -> Option<&Document> {
        self.past.last()
    }

    /// The document before has become the current one.
    pub(super) fn went_back(&mut self) {
        self.past.pop();
    }

    /// How many edits can be taken back.
    pub(super) fn len(&self) -> usize {
        self.past.len()
    }
}
