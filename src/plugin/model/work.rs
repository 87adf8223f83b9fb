//! What an instance does in the background.

use super::{Model, Source};
use crate::document::Document;
use crate::editor::Sound;
use crate::plugin::USUAL_RATE;
use crate::plugin::build::{Built, build};
use crate::plugin::desk::{Desk, Edit};

impl Model {
    /// What an instance has to do in the background, called every few milliseconds by one thread: reading what the
    /// audio thread has to say, freeing what it has done with, building edits and spare programs.
    pub fn work(&self) {
        self.listen();
        self.end_lesson();
        self.find_files();
        let edit = self.desk().edit.take();
        if let Some(edit) = edit {
            self.apply(edit);
        }
        self.keep_spare();
    }

    fn listen(&self) {
        let mut desk = self.desk();
        if desk.listen(&self.signals) {
            self.show(&mut desk);
        }
    }

    fn apply(&self, edit: Edit) {
        let (key, mut document) = {
            let desk = self.desk();
            (
                self.key(desk.sample_rate.unwrap_or(USUAL_RATE)),
                self.current(&desk),
            )
        };
        edit.write_into(&mut document);
        let built = build(&document, key.sample_rate);
        let mut desk = self.desk();
        if self.key(key.sample_rate) != key {
            return;
        }
        let titles = match built {
            Ok(built) => Some(self.swap(&mut desk, document, built)),
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

    /// Puts an edited document and its program in place; whether titles have changed.
    fn swap(&self, desk: &mut Desk, document: Document, built: Built) -> bool {
        let text = document.to_state();
        self.replace(desk, document, text);
        desk.plays(built.warnings);
        if desk.sample_rate.is_some() {
            desk.session.install(built.program);
        }
        self.show_slots(desk)
    }

    /// Builds a program to start afresh with, once the one before has begun to play.
    fn keep_spare(&self) {
        let (key, document) = {
            let desk = self.desk();
            let Some(sample_rate) = desk.sample_rate else {
                return;
            };
            let key = self.key(sample_rate);
            self.fresh.sweep(key);
            if !self.fresh.is_empty() || !self.signals.performing() || desk.sound != Sound::Playing
            {
                return;
            }
            (key, desk.document.clone())
        };
        if let Ok(built) = build(&document, key.sample_rate) {
            self.fresh.put(key, built.program);
        }
    }
}
