//! The two halves of a session and the rings between them.

use super::board::Board;
use super::command::{Report, Timed};
use super::front::Session;
use super::handover::{Handover, WAITING};
use super::ledger::LedgerBoard;
use super::log::{LogReader, LogWriter, log};
use super::performer::{MAX_PROGRAMS, Performer};
use super::program::Program;
use super::script::Script;
use rtrb::{Consumer, Producer, RingBuffer};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// How much fits. Exceeding a limit is an error on the session's side and a counter on the audio side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacities {
    /// Synths that the session can have at once, waiting ones included.
    pub synths: u32,
    /// Commands that can wait for the next block.
    pub commands: usize,
    /// Commands that can wait for their time.
    pub scheduled: usize,
    /// Automations that the session can have at once, waiting ones included.
    pub automations: u32,
    /// Points of all automations together.
    pub points: u32,
    /// Buses that the session can assign.
    pub buses: u32,
    /// Controls of each synth whose values the session can read back.
    pub controls: u32,
    /// Programs that play at once, 1 to [`MAX_PROGRAMS`]: the newest, and older ones in which synths sound still. One
    /// more waits while all of them hold notes.
    pub programs: usize,
    /// Bytes of Csound's messages that can wait to be read.
    pub log: usize,
}

impl Default for Capacities {
    fn default() -> Self {
        Self {
            synths: 10_000,
            commands: 16_384,
            scheduled: 65_536,
            automations: 4096,
            points: 65_536,
            buses: 64,
            controls: 16,
            programs: MAX_PROGRAMS,
            log: 65_536,
        }
    }
}

impl Capacities {
    /// For a plugin instance: notes come from the host and take no handles.
    pub fn plugin() -> Self {
        Self {
            synths: 256,
            commands: 1024,
            scheduled: 8192,
            automations: 256,
            points: 4096,
            buses: 64,
            controls: 16,
            programs: 4,
            log: 16_384,
        }
    }
}

/// Programs that can be on their way back: those that run, those that wait, and more.
const RETIRED: usize = 2 * (MAX_PROGRAMS + 1 + WAITING);

/// What either half reads and writes whenever it likes.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) programs: Arc<Handover>,
    pub(crate) position: Arc<AtomicU64>,
    pub(crate) board: Arc<Board>,
    pub(crate) ledger: Arc<LedgerBoard>,
}

/// The performer's ends of the rings. One thread writes into each ring and one reads, neither of which ever waits for
/// the other: with several writers a ring makes the reader spin for one that was interrupted while it wrote, and on the
/// audio thread's own core that one never gets to go on.
pub(crate) struct PerformerEnd {
    pub(crate) commands: Consumer<Timed>,
    pub(crate) retired: Producer<Box<Program>>,
    pub(crate) log: LogWriter,
    shared: Shared,
}

/// The performer's end, and apart from it that of the reports.
pub(crate) type PerformerEnds = (PerformerEnd, Producer<Report>);

/// The session's ends of the rings.
pub(crate) struct SessionEnd {
    pub(crate) commands: Producer<Timed>,
    pub(crate) reports: Consumer<Report>,
    pub(crate) retired: Consumer<Box<Program>>,
    pub(crate) log: LogReader,
    shared: Shared,
}

impl Deref for PerformerEnd {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl Deref for SessionEnd {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

/// Makes a session and its performer. Nothing else can make a performer, or join two halves that were not made
/// together.
pub fn pair(capacities: Capacities) -> (Session, Performer) {
    let (session, performer) = ends(&capacities);
    (
        Session::new(session, &capacities),
        Performer::new(performer, &capacities),
    )
}

/// Makes a session that nobody performs, for a renderer: its time stands still at 0, delays of what is done to a synth
/// count from the synth's start, and the script has what it was asked to play.
pub fn scripted(capacities: Capacities) -> (Session, Script) {
    let (session, script) = ends(&capacities);
    (Session::scripted(session, &capacities), Script::new(script))
}

fn ends(capacities: &Capacities) -> (SessionEnd, PerformerEnds) {
    let shared = Shared {
        programs: Arc::default(),
        position: Arc::default(),
        board: Arc::new(Board::new(capacities)),
        ledger: Arc::new(LedgerBoard::new()),
    };
    let (to_performer, commands) = RingBuffer::new(capacities.commands);
    // A synth reports its start and its end, an automation its end, so none of these can be lost between two visits.
    let (to_session, reports) = RingBuffer::new(reports(capacities));
    let (give_back, retired) = RingBuffer::new(RETIRED);
    let (writer, reader) = log(capacities.log);
    let session = SessionEnd {
        commands: to_performer,
        reports,
        retired,
        log: reader,
        shared: shared.clone(),
    };
    let performer = PerformerEnd {
        commands,
        retired: give_back,
        log: writer,
        shared,
    };
    (session, (performer, to_session))
}

fn reports(capacities: &Capacities) -> usize {
    (2 * capacities.synths + capacities.automations + capacities.buses) as usize + 1024
}
