//! What is done about a program that was muted while it played.

use crate::document::Document;
use std::time::{Duration, Instant};

/// A document that has played for so long is a good one; and what is muted again so soon is not helped by a rescue.
const PROVEN: Duration = Duration::from_secs(10);

/// The state of an instance's rescues.
#[derive(Default)]
pub(super) struct Rescue {
    /// What plays instead of the document, which was muted.
    instead: Option<Document>,
    /// When the document was taken up by an edit.
    edited: Option<Instant>,
    last: Option<Instant>,
    /// This muting was dealt with.
    seen: bool,
}

impl Rescue {
    /// Whether a muted program is to be replaced: once for each muting, and not shortly after another one.
    pub(super) fn is_due(&mut self, muted: bool) -> bool {
        if !muted || std::mem::replace(&mut self.seen, true) {
            self.seen = muted;
            return false;
        }
        let soon = self.last.is_some_and(|last| last.elapsed() < PROVEN);
        self.last = Some(Instant::now());
        !soon
    }

    /// What is muted now, if anything is, is replaced in another way.
    pub(super) fn dealt_with(&mut self, muted: bool) {
        self.seen = muted;
    }

    /// Whether the document has been edited too short a time ago to be called good.
    pub(super) fn is_fresh(&self) -> bool {
        self.edited.is_some_and(|edited| edited.elapsed() < PROVEN)
    }

    /// An edit was taken up.
    pub(super) fn edited(&mut self) {
        *self = Self {
            edited: Some(Instant::now()),
            ..Self::default()
        };
    }

    /// Another document plays instead of the one that was muted.
    pub(super) fn play_instead(&mut self, document: Document) {
        self.instead = Some(document);
    }

    /// What plays instead of the document.
    pub(super) fn instead(&self) -> Option<&Document> {
        self.instead.as_ref()
    }
}
