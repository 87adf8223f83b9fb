//! The course of a render: from the first block to the last sample of the file.

use std::path::Path;

use super::blocks::BlockSize;
use super::engine::Engine;
use super::error::Error;
use super::job::Listener;
use super::soundfile::Output;
use super::stats::Stats;
use crate::session::command::{Ending, Report};
use crate::session::diagnostic::Diagnostic;

/// After the end, releases are waited for so many seconds.
const LONGEST_RELEASE: f64 = 600.0;

/// Which part of session time becomes a file, in samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first sample of the file.
    pub start: u64,
    /// The least end.
    pub end: u64,
    /// Whether releases that go beyond the end are kept.
    pub rings_out: bool,
}

/// A render in progress.
pub struct Run<'a> {
    document: &'a Path,
    engine: &'a mut Engine,
    writer: &'a mut dyn Output,
    span: Span,
    listener: &'a mut dyn Listener,
    /// Cost so far.
    stats: Stats,
    /// Samples from the start of the span on that have sounded but may lie behind its end.
    held: Vec<f64>,
    /// Session time of the first of them.
    held_from: u64,
    /// Voices that were cut off or found no room.
    cut: u64,
    missed_bus: bool,
}

impl<'a> Run<'a> {
    /// A render that is about to begin.
    pub fn new(
        document: &'a Path,
        engine: &'a mut Engine,
        writer: &'a mut dyn Output,
        span: Span,
        listener: &'a mut dyn Listener,
    ) -> Self {
        let (stats, held, held_from) = (Stats::default(), Vec::new(), span.start);
        Self {
            document,
            engine,
            writer,
            span,
            listener,
            stats,
            held,
            held_from,
            cut: 0,
            missed_bus: false,
        }
    }

    /// Renders to the end of the span.
    ///
    /// # Errors
    /// The disk is full, or a synth failed.
    pub fn finish(mut self, block: BlockSize) -> Result<Stats, Error> {
        let mut sizes = block.sizes();
        let mut size = move || sizes.next().unwrap_or(1) as u64;
        while self.engine.position() < self.span.end {
            let left = self.span.end - self.engine.position();
            self.block(size().min(left))?;
            self.write_until(self.span.end)?;
        }
        let end = if self.span.rings_out {
            self.ring_out()?
        } else {
            self.span.end
        };
        let last = end + self.engine.latency();
        while self.engine.position() < last {
            let left = last - self.engine.position();
            self.block(size().min(left))?;
            self.write_until(end)?;
        }
        self.write_until(end)?;
        self.tell_losses();
        self.stats.ledger = self.engine.session.ledger();
        Ok(self.stats)
    }

    /// What went on in many cycles is told once.
    fn tell_losses(&mut self) {
        match self.cut {
            0 => {}
            1 => self.listener.tell("1 voice was cut off or found no room"),
            count => {
                let advice = "give its layer more voices or shorter releases";
                let message = format!("{count} voices were cut off or found no room: {advice}");
                self.listener.tell(&message);
            }
        }
        if self.missed_bus {
            let message = "an instrument has used a bus that does not exist";
            self.listener.tell(message);
        }
    }

    /// Goes on cycle by cycle, so that the end does not depend on block sizes, until nothing sounds any more.
    /// Returns the end of the last cycle in which something did.
    fn ring_out(&mut self) -> Result<u64, Error> {
        let ksmps = self.engine.shape().ksmps as u64;
        let limit = self.span.end + (LONGEST_RELEASE * self.engine.shape().sample_rate) as u64;
        let mut end = self.span.end;
        while self.engine.has_voices() {
            if self.engine.position() > limit {
                self.listener.tell(
                    "a note has no end: the output stops ten minutes after the last note-off",
                );
                break;
            }
            self.block(ksmps - self.engine.position() % ksmps)?;
            // A synth counts as ended when a cycle has passed without it. What ends within the cycle of the least
            // end ends at it.
            let silent_from = self.engine.position() - ksmps;
            if silent_from >= self.span.end + ksmps {
                end = silent_from;
            }
            self.write_until(end)?;
        }
        Ok(end)
    }

    fn block(&mut self, frames: u64) -> Result<(), Error> {
        let (position, latency) = (self.engine.position(), self.engine.latency());
        let channels = self.engine.shape().channels;
        let output = self.stats.measure(|| self.engine.perform(frames as usize));
        let early = (self.span.start + latency)
            .saturating_sub(position)
            .min(frames) as usize;
        self.held.extend_from_slice(&output[early * channels..]);
        self.stats.add_sound(frames, self.engine.shape());
        self.listener
            .progress(position + frames, self.span.end + latency);
        if self.listener.cancelled() {
            return Err(Error::Cancelled);
        }
        self.look_at_news()
    }

    /// Writes what has sounded before a session time.
    fn write_until(&mut self, end: u64) -> Result<(), Error> {
        let channels = self.engine.shape().channels;
        let wanted = end.saturating_sub(self.held_from) as usize * channels;
        let ready = wanted.min(self.held.len());
        self.writer.write(&self.held[..ready])?;
        self.held.drain(..ready);
        self.held_from += (ready / channels) as u64;
        Ok(())
    }

    fn look_at_news(&mut self) -> Result<(), Error> {
        let (reports, messages) = self.engine.news();
        for message in &messages {
            self.listener.tell(message);
        }
        let problems = self.engine.problems();
        for report in reports {
            self.judge(report, &problems)?;
        }
        match problems.first() {
            Some(problem) => Err(self.failure(format!("a synth broke off: {problem}"))),
            None => Ok(()),
        }
    }

    fn judge(&mut self, report: Report, problems: &[Diagnostic]) -> Result<(), Error> {
        use Ending::{Failed, Refused};
        let what = match report {
            Report::Muted { reason } => reason.to_string(),
            Report::InitFailed { .. } | Report::Ended { how: Failed, .. } => {
                let cause = problems.first().map(Diagnostic::to_string);
                let cause = cause.unwrap_or_else(|| "its init pass failed".to_owned());
                format!("a synth could not be started: {cause}")
            }
            Report::Ended { how: Refused, .. } => {
                "a synth could not be started: too many sound already".to_owned()
            }
            Report::Dropped { count } => {
                self.cut += u64::from(count);
                return Ok(());
            }
            Report::WrongBus { .. } => {
                self.missed_bus = true;
                return Ok(());
            }
            Report::Started { .. }
            | Report::AutomationEnded { .. }
            | Report::BusFreed { .. }
            | Report::Ended { .. }
            | Report::Swapped
            | Report::Overloaded { .. }
            | Report::NeedsRestart => return Ok(()),
        };
        Err(self.failure(what))
    }

    fn failure(&self, what: String) -> Error {
        Error::Sounding {
            document: self.document.to_owned(),
            seconds: self.engine.position() as f64 / self.engine.shape().sample_rate,
            what,
        }
    }
}
