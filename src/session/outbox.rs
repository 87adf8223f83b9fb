//! What a cycle leaves to be told: events for the host, reports for the session.

use super::command::{HostEvent, Report};
use super::pending::Pending;
pub(crate) use super::pending::Sent;
use rtrb::Producer;

/// Events for the host that one block can hold.
const HOST_EVENTS: usize = 2048;

/// What a block has had to do beside sounding on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Work {
    /// Synths started.
    pub(crate) starts: u32,
    /// One of them makes or loads tables.
    pub(crate) tables: bool,
    /// A program took over or was given back.
    pub(crate) swapped: bool,
    /// A program was muted.
    pub(crate) faulted: bool,
}

/// Collects without allocating; what finds no room is counted. Audio thread only.
pub(crate) struct Outbox {
    host: Vec<HostEvent>,
    reports: Producer<Report>,
    dropped: u32,
    pending: Pending,
    /// Session time in samples at which the cycle is heard that is performed now.
    pub(crate) heard_at: u64,
    /// Samples a second.
    pub(crate) sample_rate: f64,
    dropped_in_all: u64,
    pub(crate) work: Work,
    /// Where in the host's block the cycle ends that is performed now.
    pub(crate) offset: u32,
}

impl Outbox {
    pub(crate) fn new(reports: Producer<Report>) -> Self {
        Self {
            host: Vec::with_capacity(HOST_EVENTS),
            reports,
            dropped: 0,
            pending: Pending::new(),
            heard_at: 0,
            sample_rate: 1.0,
            dropped_in_all: 0,
            work: Work::default(),
            offset: 0,
        }
    }

    /// Tells the host.
    pub(crate) fn tell_host(&mut self, event: HostEvent) {
        if self.host.len() < HOST_EVENTS {
            self.host.push(event);
        } else {
            self.count_dropped();
        }
    }

    /// Keeps what an instrument sends until the host's block reaches its sample.
    pub(crate) fn send(&mut self, sent: Sent) {
        if !self.pending.send(sent, self.heard_at, self.sample_rate) {
            self.count_dropped();
        }
    }

    /// Tells the host what instruments have sent for the samples before `end`, in a block that begins at `start`.
    pub(crate) fn deliver(&mut self, start: u64, end: u64) {
        if self.pending.is_empty() {
            return;
        }
        let (host, dropped) = (&mut self.host, &mut self.dropped);
        self.pending.take_due(start, end, |event| {
            if host.len() < HOST_EVENTS {
                host.push(event);
            } else {
                *dropped = dropped.saturating_add(1);
            }
        });
    }

    /// Ends at `now` the notes that instruments have sent, and forgets those that have not begun.
    pub(crate) fn end_sent(&mut self, now: u64) {
        self.pending.silence(now);
    }

    /// Tells the session.
    pub(crate) fn report(&mut self, report: Report) {
        if self.reports.push(report).is_err() {
            self.count_dropped();
        }
    }

    /// Counts something that found no room.
    pub(crate) fn count_dropped(&mut self) {
        self.dropped = self.dropped.saturating_add(1);
        self.dropped_in_all += 1;
    }

    /// What has found no room since the beginning.
    pub(crate) fn dropped_in_all(&self) -> u64 {
        self.dropped_in_all
    }

    /// The events for the host since the last [`Outbox::begin_block`].
    pub(crate) fn host_events(&self) -> &[HostEvent] {
        &self.host
    }

    /// Forgets the last block's events and reports what was dropped.
    pub(crate) fn begin_block(&mut self) {
        self.host.clear();
        self.work = Work::default();
        if self.dropped > 0
            && self
                .reports
                .push(Report::Dropped {
                    count: self.dropped,
                })
                .is_ok()
        {
            self.dropped = 0;
        }
    }
}
