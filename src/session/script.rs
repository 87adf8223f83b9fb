//! A session that nobody performs: what it is asked to play is taken out as a list, to be played later and elsewhere.

use super::command::{Command, Report, Timed};
use super::link::{PerformerEnd, PerformerEnds};
use rtrb::Producer;

/// What takes the performer's place beside a session whose time stands still at 0; see
/// [`super::link::scripted`]. Any thread but the audio thread.
pub struct Script {
    end: PerformerEnd,
    reports: Producer<Report>,
    taken: u64,
}

impl Script {
    pub(super) fn new((end, reports): PerformerEnds) -> Self {
        Self {
            end,
            reports,
            taken: 0,
        }
    }

    /// What the session was asked for since the last call, in the order in which it was. Nothing of it is heard, so no
    /// synth changes its status, and no bus is ever found to be unused.
    pub fn take(&mut self) -> Vec<Timed> {
        let mut commands = Vec::new();
        while let Ok(timed) = self.end.commands.pop() {
            self.taken += 1;
            // A bus that is given back is nobody's at once, as when it is freed between two blocks.
            if let Command::FreeBus { bus } = timed.command {
                let _ = self.reports.push(Report::BusFreed { bus });
            }
            commands.push(timed);
        }
        self.end.board.set_done(self.taken);
        commands
    }
}
