//! What an instance does in the background.

use super::{Model, Source};
use crate::document::{Document, preflight};
use crate::editor::{Edit, InstrText, Sound};
use crate::plugin::USUAL_RATE;
use crate::plugin::build::Built;
use crate::plugin::desk::Desk;
use crate::plugin::history::Asked;
use crate::session::When;
use std::sync::atomic::Ordering;

impl Model {
    /// What an instance has to do in the background, called every few milliseconds by one thread: reading what the
    /// audio thread has to say, freeing what it has done with, building edits and spare programs.
    pub fn work(&self) {
        self.listen();
        self.end_lesson();
        self.find_files();
        self.rescue();
        while let Some((asked, when)) = self.next_asked() {
            self.carry_out(asked, when);
        }
        if self.edited.load(Ordering::Relaxed) {
            preflight::keep_ready();
        }
        self.keep_spare();
    }

    fn listen(&self) {
        let mut desk = self.desk();
        let waiting = desk.session.waiting();
        if desk.listen(&self.signals) || waiting != desk.view.waiting {
            self.show(&mut desk);
        }
    }

    /// Builds the last good document anew if what plays was muted, and lets it take over at once.
    fn rescue(&self) {
        let (key, document) = {
            let mut desk = self.desk();
            let Some(sample_rate) = desk.sample_rate else {
                return;
            };
            if !desk.is_rescue_due() {
                return;
            }
            let mut document = desk.last_good().clone();
            document.take_values(&self.current(&desk));
            (self.key(sample_rate), document)
        };
        let built = self.build(&document, key.sample_rate);
        let mut desk = self.desk();
        if self.key(key.sample_rate) != key {
            return;
        }
        if let Ok(built) = built {
            desk.follow(built.spec);
            desk.session.install(built.program);
            desk.is_rescued(document);
            // A spare of what was muted is not to be had any more.
            self.revision.fetch_add(1, Ordering::AcqRel);
            self.show(&mut desk);
        }
    }

    fn next_asked(&self) -> Option<(Asked, When)> {
        self.desk().history.next()
    }

    fn carry_out(&self, asked: Asked, when: When) {
        let asked = match asked {
            Asked::Open(document) => return self.open(*document),
            asked => asked,
        };
        let back = matches!(asked, Asked::RollBack);
        let (key, document) = {
            let mut desk = self.desk();
            let key = self.key(desk.sample_rate.unwrap_or(USUAL_RATE));
            let Some(document) = self.wanted(&desk, asked) else {
                desk.stays();
                return self.show(&mut desk);
            };
            (key, document)
        };
        let built = self.build(&document, key.sample_rate);
        let mut desk = self.desk();
        if self.key(key.sample_rate) != key {
            return;
        }
        let titles = match built {
            Ok(built) => {
                self.remember(&mut desk, back);
                Some(self.swap(&mut desk, document, built, when))
            }
            Err(failure) => {
                desk.refuses(failure);
                None
            }
        };
        self.show(&mut desk);
        drop(desk);
        if let Some(titles) = titles {
            self.announce(titles, Source::User);
        }
    }

    /// The document that is asked for, its controls where they are now; `None` if there is none.
    fn wanted(&self, desk: &Desk, asked: Asked) -> Option<Document> {
        let current = self.current(desk);
        let mut document = match asked {
            Asked::Edit(Edit::Bodies(bodies)) => return Some(with_bodies(current, bodies)),
            Asked::Edit(Edit::Document(document)) | Asked::Open(document) => *document,
            Asked::RollBack => desk.history.last()?.clone(),
        };
        document.take_values(&current);
        Some(document)
    }

    /// Puts an edited document and its program in place; whether titles have changed.
    fn swap(&self, desk: &mut Desk, document: Document, built: Built, when: When) -> bool {
        let text = document.to_state();
        self.replace(desk, document, text);
        desk.plays(built.warnings);
        desk.follow(built.spec);
        desk.rescue.edited();
        if desk.sample_rate.is_some() {
            desk.session.install_at(built.program, when);
        }
        self.show_slots(desk)
    }

    /// Notes in the history that an edit, or its taking back, has succeeded.
    fn remember(&self, desk: &mut Desk, back: bool) {
        if back {
            desk.history.went_back();
        } else if desk.rescue.instead().is_none() {
            let replaced = self.current(desk);
            desk.history.keep(replaced);
        }
    }

    /// Builds a program to start afresh with, once the one before has begun to play.
    fn keep_spare(&self) {
        let (key, document) = {
            let desk = self.desk();
            let Some(sample_rate) = desk.sample_rate else {
                return;
            };
            let key = self.key(sample_rate);
            let has_spare = self.fresh.sweep(key);
            if has_spare || !self.signals.performing() || desk.sound != Sound::Playing {
                return;
            }
            (key, desk.played().clone())
        };
        if let Ok(built) = self.build(&document, key.sample_rate) {
            self.fresh.put(key, built.program);
            // A reset plays the spare without a word.
            self.desk().session.lose_program();
        }
    }
}

/// A document with other bodies. Those of Instrs that it does not have are left out.
fn with_bodies(mut document: Document, bodies: Vec<InstrText>) -> Document {
    for InstrText { name, body } in bodies {
        if let Some(entry) = document.instr.iter_mut().find(|entry| entry.name == name) {
            entry.body = body;
        }
    }
    document
}
