//! The course of a render: from the first block to the last sample of the file.

use super::blocks::BlockSize;
use super::engine::Engine;
use super::error::Error;
use super::job::Listener;
use super::soundfile::SoundWriter;
use super::stats::Stats;
use crate::session::command::{Ending, Report};

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
    /// What plays.
    pub engine: &'a mut Engine,
    /// Where it goes.
    pub writer: &'a mut SoundWriter,
    /// Which part of it.
    pub span: Span,
    /// Who is told how it goes.
    pub listener: &'a mut dyn Listener,
    /// Cost so far.
    pub stats: Stats,
}

impl Run<'_> {
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
        }
        let end = if self.span.rings_out { self.ring_out()? } else { self.span.end };
        let last = end + self.engine.latency();
        while self.engine.position() < last {
            let left = last - self.engine.position();
            self.block(size().min(left))?;
        }
        Ok(self.stats)
    }

    /// Goes on cycle by cycle, so that the end does not depend on block sizes, until nothing sounds any more.
    /// Returns the end of the last cycle in which something did.
    fn ring_out(&mut self) -> Result<u64, Error> {
        let ksmps = self.engine.shape().ksmps as u64;
        let limit = self.span.end + (LONGEST_RELEASE * self.engine.shape().sample_rate) as u64;
        // A synth counts as ended when a cycle has passed without it.
        let mut silent_from = self.span.end;
        while self.engine.has_voices() {
            if self.engine.position() > limit {
                self.listener.tell("a note has no end: the output stops ten minutes after the last note-off");
                break;
            }
            self.block(ksmps - self.engine.position() % ksmps)?;
            silent_from = self.engine.position() - ksmps;
        }
        // What ends within the cycle of the least end ends at it.
        let same_cycle = silent_from < self.span.end + ksmps;
        Ok(if same_cycle { self.span.end } else { silent_from })
    }

    fn block(&mut self, frames: u64) -> Result<(), Error> {
        let (position, latency) = (self.engine.position(), self.engine.latency());
        let channels = self.engine.shape().channels;
        let output = self.stats.measure(|| self.engine.perform(frames as usize));
        let early = (self.span.start + latency).saturating_sub(position).min(frames) as usize;
        self.writer.write(&output[early * channels..])?;
        self.stats.add_sound(frames, self.engine.shape());
        self.listener.progress(position + frames, self.span.end + latency);
        self.look_at_news()
    }

    fn look_at_news(&mut self) -> Result<(), Error> {
        let (reports, messages) = self.engine.news();
        messages.iter().for_each(|message| self.listener.tell(message));
        reports.into_iter().try_for_each(|report| self.judge(report, &messages))
    }

    fn judge(&mut self, report: Report, messages: &[String]) -> Result<(), Error> {
        let what = match report {
            Report::Muted { reason } => format!("{reason}"),
            Report::InitFailed { .. } | Report::Ended { how: Ending::Failed, .. } => {
                let why = messages.iter().find(|message| message.contains("INIT ERROR"));
                let why = why.map_or("its init pass failed", |why| why.trim());
                format!("a synth could not be started: {why}")
            }
            Report::Ended { how: Ending::Refused, .. } => {
                "a synth could not be started: too many sound already".to_owned()
            }
            Report::Dropped { count } => {
                self.listener.tell(&format!("{count} voices were cut off or found no room"));
                return Ok(());
            }
            Report::WrongBus { .. } => {
                self.listener.tell("an instrument has used a bus that does not exist");
                return Ok(());
            }
            Report::Started { .. }
            | Report::AutomationEnded { .. }
            | Report::BusFreed { .. }
            | Report::Ended { .. }
            | Report::Swapped
            | Report::NeedsRestart => return Ok(()),
        };
        let seconds = self.engine.position() as f64 / self.engine.shape().sample_rate;
        Err(Error::Sounding { seconds, what })
    }
}
