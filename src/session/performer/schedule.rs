//! Commands waiting for their time, as many as there is room for; first come, first served at equal times.

use crate::session::command::Timed;
use std::collections::VecDeque;

struct Waiting {
    order: u64,
    from_session: bool,
    timed: Timed,
}

impl Waiting {
    fn key(&self) -> (u64, u64) {
        (self.timed.at, self.order)
    }
}

/// A priority queue that never allocates after it is made. Audio thread only.
///
/// Commands mostly come in order of time; those wait in a plain queue. Only what comes late goes through a heap.
pub(super) struct Schedule {
    queue: VecDeque<Waiting>,
    heap: Vec<Waiting>,
    capacity: usize,
    order: u64,
    /// How many of them the session has sent.
    from_session: u64,
}

impl Schedule {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            queue: VecDeque::with_capacity(capacity),
            heap: Vec::with_capacity(capacity),
            capacity,
            order: 0,
            from_session: 0,
        }
    }

    /// Queues a command, or gives it back when there is no room.
    pub(super) fn push(&mut self, timed: Timed) -> Result<(), Timed> {
        self.add(timed, false)
    }

    /// The same for a command of the session.
    pub(super) fn push_from_session(&mut self, timed: Timed) -> Result<(), Timed> {
        self.add(timed, true)
    }

    /// How many commands of the session wait.
    pub(super) fn waiting_from_session(&self) -> u64 {
        self.from_session
    }

    fn add(&mut self, timed: Timed, from_session: bool) -> Result<(), Timed> {
        if self.queue.len() + self.heap.len() == self.capacity {
            return Err(timed);
        }
        let waiting = Waiting {
            order: self.order,
            from_session,
            timed,
        };
        self.from_session += u64::from(from_session);
        self.order += 1;
        let in_order = self
            .queue
            .back()
            .is_none_or(|last| last.timed.at <= timed.at);
        if in_order {
            self.queue.push_back(waiting);
        } else {
            self.heap.push(waiting);
            self.rise(self.heap.len() - 1);
        }
        Ok(())
    }

    /// The earliest command before `end`, if there is one.
    pub(super) fn pop_before(&mut self, end: u64) -> Option<Timed> {
        let queued = self.queue.front().map(Waiting::key);
        let late = self.heap.first().map(Waiting::key);
        let from_heap = late.is_some_and(|late| queued.is_none_or(|queued| late < queued));
        if from_heap { late } else { queued }.filter(|(at, _)| *at < end)?;
        let first = if from_heap {
            self.pop_heap()
        } else {
            self.queue.pop_front()?
        };
        self.from_session -= u64::from(first.from_session);
        Some(first.timed)
    }

    fn pop_heap(&mut self) -> Waiting {
        let first = self.heap.swap_remove(0);
        self.sink(0);
        first
    }

    pub(super) fn clear(&mut self) {
        self.queue.clear();
        self.heap.clear();
        self.from_session = 0;
    }

    fn rise(&mut self, mut child: usize) {
        while child > 0 {
            let parent = (child - 1) / 2;
            if self.heap[parent].key() <= self.heap[child].key() {
                return;
            }
            self.heap.swap(parent, child);
            child = parent;
        }
    }

    fn sink(&mut self, mut parent: usize) {
        loop {
            let left = 2 * parent + 1;
            let least = (left..(left + 2).min(self.heap.len())).min_by_key(|&i| self.heap[i].key());
            match least {
                Some(child) if self.heap[child].key() < self.heap[parent].key() => {
                    self.heap.swap(parent, child);
                    parent = child;
                }
                _ => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::command::Command;
    use proptest::prelude::*;

    fn controller(number: u8) -> Command {
        Command::Controller {
            channel: 0,
            number,
            value: 0.0,
        }
    }

    proptest! {
        #[test]
        fn comes_out_by_time_and_then_in_order_of_arrival(times in prop::collection::vec(0u64..20, 0..100)) {
            let mut schedule = Schedule::new(100);
            for (i, &at) in times.iter().enumerate() {
                schedule.push(Timed { at, command: controller(i as u8) }).unwrap();
            }
            let mut expected: Vec<(u64, Command)> =
                times.iter().enumerate().map(|(i, &at)| (at, controller(i as u8))).collect();
            expected.sort_by_key(|(at, _)| *at);
            let popped: Vec<(u64, Command)> =
                std::iter::from_fn(|| schedule.pop_before(20)).map(|t| (t.at, t.command)).collect();
            prop_assert_eq!(popped, expected);
        }
    }

    #[test]
    fn a_full_schedule_gives_the_command_back() {
        let mut schedule = Schedule::new(1);
        let timed = Timed {
            at: 3,
            command: Command::Panic,
        };
        assert_eq!(schedule.push(timed), Ok(()));
        assert_eq!(schedule.push(timed), Err(timed));
    }
}
