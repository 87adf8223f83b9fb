//! What passes between the performer and the session once a block.

use super::Performer;
use crate::session::command::{Command, Timed};

impl Performer {
    /// Takes the commands that the session has released. What only prepares others is done at once.
    pub(super) fn receive(&mut self) {
        let published = self.link.board.published();
        while self.received < published {
            let Ok(timed) = self.link.commands.pop() else {
                break;
            };
            self.received += 1;
            match timed.command {
                Command::Argument { .. } | Command::Point { .. } => self.apply(timed.command, 0),
                Command::Start { synth, .. } => {
                    self.handles.claim(synth);
                    self.wait(timed);
                }
                _ => self.wait(timed),
            }
        }
    }

    /// Keeps a command of the session until its time.
    fn wait(&mut self, timed: Timed) {
        if self.schedule.push_from_session(timed).is_err() {
            self.outbox.count_dropped();
        }
    }

    /// Leaves what the block came to for the session to read.
    pub(super) fn show(&mut self) {
        let waiting = self.schedule.waiting_from_session();
        self.link.board.set_done(self.received - waiting);
        self.link.board.set_waiting(self.waiting.len());
        let newest = self.running.last();
        let muted = newest.is_some_and(|newest| newest.program.fault().is_some());
        self.link.board.set_muted(muted);
        self.show_buses();
        let (board, count) = (&self.link.board, self.controls_shown);
        for running in &self.running {
            running.program.show_controls(board, count);
        }
        self.show_seen();
    }

    /// What a window shows.
    fn show_seen(&mut self) {
        let seen = &self.link.board.seen;
        let watched = seen.is_watched();
        if let Some((newest, older)) = self.running.split_last_mut() {
            let mut show = |bus, peak| seen.show_level(bus, peak);
            newest.program.take_levels(watched, &mut show);
            for running in older {
                let alike = watched && running.program.has_buses_of(&newest.program);
                running.program.take_levels(alike, &mut show);
            }
        }
        if watched {
            let programs = self.running.iter();
            seen.show_notes(programs.flat_map(|running| running.program.sounding_notes()));
        }
    }
}
