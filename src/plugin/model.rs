//! The side of an instance that is not the audio thread: its document, its session, and why it sounds or does not.

mod files;
mod guard;
mod learn;
mod seen;
#[cfg(test)]
mod tests;
mod work;

pub use files::Moved;
pub use guard::SessionGuard;

use super::USUAL_RATE;
use super::build::{Built, Caution, Failure, build};
use super::changes::Changes;
use super::desk::{Desk, Text};
use super::ear::Ear;
use super::faces::{faces, live, standings};
use super::formats::{self, Link, News};
use super::fresh::{Fresh, Key};
use super::history::{Asked, History};
use super::params::PluginParams;
use super::signals::Signals;
use super::worker::Worker;
use crate::document::{Document, Specification};
use crate::editor::{Sound, View};
use crate::session::command::Command;
use crate::session::ledger::Ledger;
use crate::session::program::Program;
use crate::session::slot::{SLOTS, SlotMap};
use crate::session::{Session, When};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, Weak};
use std::time::Duration;

/// What is shared by an instance's parameters, window, background thread and activation. The audio thread reads
/// [`Model::signals`], [`Model::changes`] and [`Model::fresh`] of it, and never waits.
pub struct Model {
    /// The host.
    pub link: Arc<Link>,
    /// The file of the document that it began with.
    pub file: Option<PathBuf>,
    /// Slots that have moved.
    pub changes: Arc<Changes>,
    /// What the audio thread and the others tell each other.
    pub signals: Signals,
    /// Programs that have not performed.
    pub fresh: Fresh,
    /// What the window hears.
    pub ear: Ear,
    /// Samples.
    latency: AtomicU32,
    params: OnceLock<Weak<PluginParams>>,
    desk: Mutex<Desk>,
    /// Counts the documents taken up. Written under the desk's lock.
    revision: AtomicU64,
    /// Files that were found again.
    moved: Mutex<Vec<Moved>>,
    /// Counts what the window might show.
    shown: AtomicU64,
    /// Somebody has opened the window, or edits in another way.
    edited: AtomicBool,
    /// The user does without a trial where no child can be started.
    trusting: AtomicBool,
}

/// What activation has the performer play.
pub enum Ready {
    /// What it has.
    Same,
    /// A program that has not performed.
    Program(Box<Program>),
    /// Nothing.
    Silence,
}

/// Where a document comes from, which decides what its failure means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// The host's project: it replaces what plays, by silence if need be, and its parameters are set by the host.
    State,
    /// The user: a failure leaves what plays alone.
    User,
}

impl Model {
    /// A model of `document`. Nothing is built before the host activates the plugin.
    /// `file` is the one that the document was read from, if it was.
    pub fn new(
        link: Arc<Link>,
        session: Session,
        document: Document,
        file: Option<PathBuf>,
    ) -> Arc<Self> {
        let model = Self {
            file,
            link,
            changes: Arc::default(),
            signals: Signals::default(),
            fresh: Fresh::default(),
            ear: Ear::default(),
            latency: AtomicU32::new(0),
            params: OnceLock::new(),
            desk: Mutex::new(Desk::new(session, document)),
            revision: AtomicU64::new(0),
            moved: Mutex::default(),
            shown: AtomicU64::new(0),
            edited: AtomicBool::new(false),
            trusting: AtomicBool::new(false),
        };
        model.show_slots(&model.desk());
        Arc::new(model)
    }

    /// Tells the model its parameters, which are put where the document says.
    pub fn bind_params(&self, params: &Arc<PluginParams>) {
        let _ = self.params.set(Arc::downgrade(params));
        self.place_params();
    }

    /// What a program built now would be built from. Realtime-safe.
    pub fn key(&self, sample_rate: f64) -> Key {
        Key {
            revision: self.revision.load(Ordering::Acquire),
            sample_rate,
        }
    }

    /// The document's text in the project: as it was loaded if it does not play, else with its current values.
    pub fn save_state(&self) -> String {
        self.text(&self.desk())
    }

    fn text(&self, desk: &Desk) -> String {
        match &desk.text {
            Text::Unreadable(text) | Text::Silent(text) => text.clone(),
            Text::Good => self.current(desk).to_state(),
        }
    }

    /// Takes up the document of a project. If the plugin is active its program is built before this returns, so
    /// that the next block plays it. Text that cannot be read is kept, and what plays goes on.
    pub fn load_state(&self, text: String) {
        match Document::from_state(&text) {
            Ok(document) => {
                self.unpack_files(&document);
                self.take_up(document, Source::State, text);
            }
            Err(error) => {
                let mut desk = self.desk();
                desk.text = Text::Unreadable(text);
                desk.say(error.to_string());
                self.show(&mut desk);
            }
        }
    }

    /// What to play at that rate. `unperformed` says what the performer's program was built from, if it has not
    /// performed. Builds a program if none is ready, which may take seconds.
    pub fn activate(&self, sample_rate: f64, unperformed: Option<Key>) -> (Key, Ready) {
        let (key, document) = {
            let mut desk = self.desk();
            let key = self.key(sample_rate);
            desk.activate(sample_rate, unperformed == Some(key));
            self.show(&mut desk);
            (key, desk.played().clone())
        };
        if unperformed == Some(key) {
            return (key, Ready::Same);
        }
        let spare = self.fresh.take(key);
        let built = spare.map_or_else(
            || self.build(&document, sample_rate),
            |program| Ok(Built::again(program)),
        );
        (
            key,
            self.settle(key, built)
                .map_or(Ready::Silence, Ready::Program),
        )
    }

    /// The host has deactivated the plugin.
    pub fn deactivate(&self) {
        let mut desk = self.desk();
        desk.deactivate();
        self.signals.rest();
        self.show(&mut desk);
    }

    fn build(&self, document: &Document, sample_rate: f64) -> Result<Built, Failure> {
        let built = build(document, sample_rate, Caution::Child);
        match built {
            Err(failure) if failure.untried && self.trusting.load(Ordering::Relaxed) => {
                build(document, sample_rate, Caution::None)
            }
            built => built,
        }
    }

    /// Has documents that no child can try out built all the same; this one now if it is silent.
    pub fn trust(&self) {
        self.trusting.store(true, Ordering::Relaxed);
        let (document, text) = {
            let desk = self.desk();
            if !desk.untried || !matches!(desk.sound, Sound::Silent(_)) {
                return;
            }
            (desk.document.clone(), self.text(&desk))
        };
        self.take_up(document, Source::State, text);
    }

    /// Notes how a build of the current document went.
    fn settle(&self, key: Key, built: Result<Built, Failure>) -> Option<Box<Program>> {
        let mut desk = self.desk();
        if self.key(key.sample_rate) != key {
            return None;
        }
        let program = desk.settle(built);
        self.show(&mut desk);
        program
    }

    /// Replaces the document, and what plays if the plugin is active.
    fn take_up(&self, document: Document, source: Source, text: String) {
        let (key, active) = {
            let mut desk = self.desk();
            self.replace(&mut desk, document.clone(), text);
            desk.history = History::default();
            self.show(&mut desk);
            (
                self.key(desk.sample_rate.unwrap_or(USUAL_RATE)),
                desk.sample_rate.is_some(),
            )
        };
        let built = active.then(|| self.build(&document, key.sample_rate));
        let mut desk = self.desk();
        if self.key(key.sample_rate) != key {
            return;
        }
        let program = built.and_then(|built| desk.settle(built));
        let titles = self.show_slots(&desk);
        match program {
            Some(program) => desk.session.install(program),
            None if active => self.signals.silence(),
            None => {}
        }
        self.show(&mut desk);
        drop(desk);
        self.announce(titles, source);
    }

    /// Tells the host of a new document. Without the desk's lock: hosts ask back at once.
    fn announce(&self, titles: bool, source: Source) {
        if source == Source::User {
            self.place_params();
            self.link.tell(News::Dirty);
        }
        if titles {
            self.link.tell(News::Titles);
        }
    }

    fn replace(&self, desk: &mut Desk, mut document: Document, text: String) {
        self.keep_files(desk, &mut document);
        desk.replace(document, text);
        self.revision.fetch_add(1, Ordering::AcqRel);
    }

    /// Opens a document in place of the current one, as the window does. May take seconds.
    pub fn open(&self, document: Document) {
        let text = document.to_state();
        self.take_up(document, Source::User, text);
    }

    /// Says that edits may come, so that the first one need not wait for a child process to start.
    pub fn expect_edits(&self) {
        self.edited.store(true, Ordering::Relaxed);
    }

    /// Leaves a request to [`Model::work`].
    pub(super) fn ask(&self, asked: Asked, when: When) {
        self.expect_edits();
        let mut desk = self.desk();
        desk.history.ask(asked, when);
        desk.sound = Sound::Building;
        self.show(&mut desk);
        drop(desk);
        Worker::ring();
    }

    /// What the audio thread's work costs.
    pub fn ledger(&self) -> Ledger {
        self.desk().session.ledger()
    }

    /// How long the process call has taken that runs now.
    pub fn in_process_for(&self) -> Option<Duration> {
        self.desk().session.in_process_for()
    }

    /// Sends the performer a command at once, if there is room.
    pub fn command(&self, command: Command) {
        // A full queue means that the audio thread does not run, so that nothing sounds either.
        let _ = self.desk().session.command(0, command);
    }

    /// The document with the values that its parameters have now.
    fn current(&self, desk: &Desk) -> Document {
        let mut document = desk.document.clone();
        if let (Some(specification), Some(params)) = (&desk.specification, self.params()) {
            document.take_slots(&self.slots_now(specification, &params));
        }
        document
    }

    fn slots_now(&self, specification: &Specification, params: &PluginParams) -> SlotMap {
        let mut slots = specification.program.slots.clone();
        for (slot, entry, arg) in live(specification) {
            let Some((value, _)) = params.slot(slot) else {
                continue;
            };
            if value != self.changes.standing(slot).normalized {
                slots.set_value(&entry.name(), arg.from_normalized(value.into()));
            }
        }
        slots
    }

    /// Lets the slots follow the document; whether a host would see a difference.
    fn show_slots(&self, desk: &Desk) -> bool {
        let specification = desk.specification.as_ref();
        self.changes
            .stand(&specification.map(standings).unwrap_or_default());
        let keys = self.link.keys.follow(specification);
        let faces = specification.map(faces).unwrap_or_default();
        self.link.names.replace(faces) || keys
    }

    /// Puts the parameters where the document says.
    fn place_params(&self) {
        let Some(params) = self.params() else { return };
        for slot in 0..SLOTS {
            if self.link.names.get(slot).is_some() {
                formats::set_slot(&params, slot, self.changes.standing(slot).normalized);
            }
        }
        self.link.tell(News::Values);
    }

    fn params(&self) -> Option<Arc<PluginParams>> {
        self.params.get()?.upgrade()
    }

    /// The window's revision.
    pub fn shown(&self) -> u64 {
        self.shown.load(Ordering::Acquire)
    }

    /// What the window shows.
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.desk().view)
    }

    fn show(&self, desk: &mut Desk) {
        desk.refresh();
        self.shown.fetch_add(1, Ordering::Release);
    }

    /// A panic elsewhere must not take the host down with a second one: the desk is used as it was left.
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
