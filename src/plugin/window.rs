//! The plugin as its window sees it.

use super::alone;
use super::history::Asked;
use super::kind::Kind;
use super::model::{Model, Moved};
use super::params::PluginParams;
use crate::document::presets::{self, Presets};
use crate::document::{Document, MOST_AUX};
use crate::editor::{Desk, Edit, Played, Running, SharedLooks, View};
use crate::session::command::{Command, NoteAddress};
use crate::session::ledger::Ledger;
use crate::session::{SoundingNote, When};
use nice_plug::prelude::FloatParam;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

struct PluginDesk<K> {
    model: Arc<Model>,
    params: Arc<PluginParams>,
    kind: PhantomData<fn() -> K>,
}

/// The desk of one instance.
pub fn desk<K: Kind>(model: &Arc<Model>, params: &Arc<PluginParams>) -> Arc<dyn Desk> {
    Arc::new(PluginDesk::<K> {
        model: Arc::clone(model),
        params: Arc::clone(params),
        kind: PhantomData,
    })
}

impl<K: Kind> Desk for PluginDesk<K> {
    fn plugin(&self) -> &'static str {
        K::NAME
    }

    fn file(&self) -> Option<PathBuf> {
        self.model.file.clone()
    }

    fn closes(&self) -> bool {
        alone::closes()
    }

    fn revision(&self) -> u64 {
        self.model.shown()
    }

    fn view(&self) -> Arc<View> {
        self.model.expect_edits();
        self.model.view()
    }

    fn meter(&self) -> (f32, bool) {
        (self.model.signals.load(), self.model.signals.sounding())
    }

    fn slot(&self, slot: usize) -> Option<&FloatParam> {
        self.params.slots.get(slot).map(|slot| &slot.value)
    }

    fn default_of(&self, slot: usize) -> f32 {
        self.model
            .link
            .names
            .get(slot)
            .map_or(0.0, |face| face.default as f32)
    }

    fn apply(&self, edit: Edit, when: When) {
        self.model.ask(Asked::Edit(edit), when);
    }

    fn roll_back(&self, when: When) {
        self.model.ask(Asked::RollBack, when);
    }

    fn trust(&self) {
        self.model.trust();
    }

    fn ledger(&self) -> Ledger {
        self.model.ledger()
    }

    fn in_process_for(&self) -> Option<Duration> {
        self.model.in_process_for()
    }

    fn relieve(&self, on: bool) {
        self.model.command(Command::Relieve { on });
    }

    fn learn(&self, slot: Option<usize>) {
        self.model.learn(slot);
    }

    fn learning(&self) -> Option<usize> {
        self.model.learning()
    }

    fn controller_of(&self, slot: usize) -> Option<u8> {
        self.model.controller_of(slot)
    }

    fn forget_controller(&self, slot: usize) {
        self.model.forget_controller(slot);
    }

    fn relocate(&self, name: &str, path: &Path) {
        self.model.relocate(Moved {
            name: name.to_owned(),
            path: path.to_owned(),
        });
    }

    fn stop(&self) {
        self.model.command(Command::Panic);
    }

    fn resume(&self) {
        self.model.command(Command::Unmute);
    }

    fn document(&self) -> Document {
        self.model.document()
    }

    fn open(&self, document: Document) {
        self.model.ask(Asked::Open(Box::new(document)), When::Now);
    }

    fn presets(&self) -> Presets {
        Presets::list().of_kind(match K::PASSES_INPUT {
            true => presets::Kind::Effect,
            false => presets::Kind::Instrument,
        })
    }

    fn play(&self, played: Played) {
        self.model.command(match played {
            Played::Down(key, velocity) => Command::NoteOn {
                note: NoteAddress::midi(0, key),
                velocity,
            },
            Played::Up(key) => Command::NoteOff {
                note: NoteAddress::midi(0, key),
            },
        });
    }

    fn running(&self) -> Running {
        self.model.running()
    }

    fn look(&self, on: bool) {
        self.model.look(on);
    }

    fn notes(&self) -> Vec<SoundingNote> {
        self.model.sounding_notes()
    }

    fn take_bus_levels(&self, buses: usize) -> Vec<f32> {
        self.model.take_bus_levels(buses)
    }

    fn take_aux_levels(&self) -> [[f32; 2]; MOST_AUX] {
        self.model.ear.take_aux_levels()
    }

    fn set_note(&self, note: NoteAddress, slot: usize, offset: f64) {
        if let Ok(slot) = u8::try_from(slot) {
            self.model
                .command(Command::NoteModulation { slot, note, offset });
        }
    }

    fn heard(&self, into: &mut Vec<[f32; 2]>) {
        self.model.ear.heard(into);
    }

    fn looks(&self) -> &SharedLooks {
        &self.params.window.0
    }
}
