//! Notes and controllers that instruments have sent, until the host's block reaches their samples.

use super::command::HostEvent;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Events that can wait. A note is two: its begin and its end.
const ROOM: usize = 2048;
/// The channel that instruments send on.
const CHANNEL: u8 = 0;
const KEYS: usize = 128;

/// What an instrument sends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Sent {
    /// A note: key 0..=127, velocity 0..=1, and its length and its begin in the cycle in seconds, 0 or more.
    Note {
        key: u8,
        velocity: f64,
        duration: f64,
        offset: f64,
    },
    /// A controller, 0..=127, its value 0..=1, and its place in the cycle in seconds.
    Controller { number: u8, value: f64, offset: f64 },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    On { key: u8, velocity: f64, note: u64 },
    Off { key: u8, note: u64 },
    Controller { number: u8, value: f64 },
}

struct Waiting {
    /// Session time in samples, and the order of coming for those of the same sample.
    key: Reverse<(u64, u64)>,
    kind: Kind,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

/// The events, and the keys that are down at the host. Never allocates after it is made.
pub(crate) struct Pending {
    waiting: BinaryHeap<Waiting>,
    /// The note that holds each key down.
    down: [Option<u64>; KEYS],
    count: u64,
}

impl Pending {
    pub(crate) fn new() -> Self {
        Self {
            waiting: BinaryHeap::with_capacity(ROOM),
            down: [None; KEYS],
            count: 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes what was sent in the cycle that is heard from `start` on; false, and nothing is taken, without room.
    pub(crate) fn send(&mut self, sent: Sent, start: u64, sample_rate: f64) -> bool {
        let samples = |seconds: f64| (seconds * sample_rate).round() as u64;
        match sent {
            Sent::Note {
                key,
                velocity,
                duration,
                offset,
            } => {
                if self.waiting.len() + 2 > ROOM {
                    return false;
                }
                let begin = start.saturating_add(samples(offset));
                let end = begin.saturating_add(samples(duration).max(1));
                let note = self.count;
                self.push(
                    begin,
                    Kind::On {
                        key,
                        velocity,
                        note,
                    },
                );
                self.push(end, Kind::Off { key, note });
            }
            Sent::Controller {
                number,
                value,
                offset,
            } => {
                if self.waiting.len() + 1 > ROOM {
                    return false;
                }
                let at = start.saturating_add(samples(offset));
                self.push(at, Kind::Controller { number, value });
            }
        }
        true
    }

    fn push(&mut self, at: u64, kind: Kind) {
        let key = Reverse((at, self.count));
        self.count += 1;
        self.waiting.push(Waiting { key, kind });
    }

    /// Gives what is due before `end` to `tell`, in order; offsets count from `start`, where the host's block begins.
    pub(crate) fn take_due(&mut self, start: u64, end: u64, mut tell: impl FnMut(HostEvent)) {
        while let Some(next) = self.waiting.peek() {
            let Reverse((at, _)) = next.key;
            if at >= end {
                return;
            }
            let kind = next.kind;
            self.waiting.pop();
            self.carry_out(kind, at.saturating_sub(start) as u32, &mut tell);
        }
    }

    fn carry_out(&mut self, kind: Kind, offset: u32, tell: &mut impl FnMut(HostEvent)) {
        match kind {
            Kind::On {
                key,
                velocity,
                note,
            } => {
                // A key can be down once: MIDI could not tell which of two notes an end belongs to.
                if self.down[usize::from(key)].replace(note).is_some() {
                    tell(note_off(offset, key));
                }
                tell(HostEvent::NoteOn {
                    offset,
                    channel: CHANNEL,
                    key,
                    velocity,
                });
            }
            Kind::Off { key, note } => {
                let down = &mut self.down[usize::from(key)];
                if *down == Some(note) {
                    *down = None;
                    tell(note_off(offset, key));
                }
            }
            Kind::Controller { number, value } => tell(HostEvent::Controller {
                offset,
                channel: CHANNEL,
                number,
                value,
            }),
        }
    }

    /// Forgets what has not begun, and ends at `now` what has.
    pub(crate) fn silence(&mut self, now: u64) {
        self.waiting.clear();
        for key in 0..KEYS as u8 {
            if let Some(note) = self.down[usize::from(key)] {
                self.push(now, Kind::Off { key, note });
            }
        }
    }
}

fn note_off(offset: u32, key: u8) -> HostEvent {
    HostEvent::NoteOff {
        offset,
        channel: CHANNEL,
        key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(key: u8, duration: f64) -> Sent {
        Sent::Note {
            key,
            velocity: 1.0,
            duration,
            offset: 0.0,
        }
    }

    fn told(pending: &mut Pending, start: u64, end: u64) -> Vec<(bool, u32, u8)> {
        let mut told = Vec::new();
        pending.take_due(start, end, |event| match event {
            HostEvent::NoteOn { offset, key, .. } => told.push((true, offset, key)),
            HostEvent::NoteOff { offset, key, .. } => told.push((false, offset, key)),
            other => panic!("{other:?}"),
        });
        told
    }

    #[test]
    fn a_key_that_sounds_ends_before_it_begins_again() {
        let mut pending = Pending::new();
        assert!(pending.send(note(60, 1.0), 0, 100.0));
        assert!(pending.send(note(60, 1.0), 50, 100.0));
        assert_eq!(
            told(&mut pending, 0, 1_000),
            [
                (true, 0, 60),
                (false, 50, 60),
                (true, 50, 60),
                (false, 150, 60)
            ]
        );
    }

    #[test]
    fn silence_ends_what_sounds_and_forgets_what_waits() {
        let mut pending = Pending::new();
        pending.send(note(60, 9.0), 0, 100.0);
        pending.send(note(61, 9.0), 500, 100.0);
        assert_eq!(told(&mut pending, 0, 100), [(true, 0, 60)]);
        pending.silence(100);
        assert_eq!(told(&mut pending, 100, 2_000), [(false, 0, 60)]);
        assert!(pending.is_empty());
    }

    #[test]
    fn too_many_are_refused_whole() {
        let mut pending = Pending::new();
        let taken = (0..ROOM).filter(|_| pending.send(note(60, 1.0), 0, 100.0));
        assert_eq!(taken.count(), ROOM / 2);
    }
}
