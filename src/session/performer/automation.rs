//! Automations as the audio thread runs them: their points in one fixed pool, a value for each cycle.

use super::Performer;
use super::handles::Phase;
use crate::session::command::{AutomationId, Moves, Report};
use crate::session::curve::Mode;
use crate::session::line::moment;

/// The end of a list of points.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Node {
    time: f64,
    value: f64,
    next: u32,
}

#[derive(Clone, Copy)]
struct Entry {
    generation: u32,
    running: bool,
    moves: Option<Moves>,
    mode: Mode,
    /// Session time of its begin, in samples.
    start: u64,
    /// The first value is still to be replaced by what is there.
    overtakes: bool,
    /// The last point passed, and the last one of all.
    head: u32,
    tail: u32,
    /// The value before the head's, once there is one.
    before: Option<f64>,
}

const IDLE: Entry = Entry {
    generation: 0,
    running: false,
    moves: None,
    mode: Mode::Linear,
    start: 0,
    overtakes: false,
    head: NONE,
    tail: NONE,
    before: None,
};

/// A fixed table by handle index, and the pool of points. Audio thread only; never allocates after it is made.
pub(super) struct Automations {
    entries: Vec<Entry>,
    running: Vec<u32>,
    nodes: Vec<Node>,
    free: u32,
}

impl Automations {
    /// Room for so many automations and so many points in all.
    pub(super) fn new(automations: u32, points: u32) -> Self {
        let next = |index| if index + 1 < points { index + 1 } else { NONE };
        let node = |index| Node {
            time: 0.0,
            value: 0.0,
            next: next(index),
        };
        Self {
            entries: vec![IDLE; automations as usize],
            running: Vec::with_capacity(automations as usize),
            nodes: (0..points).map(node).collect(),
            free: if points == 0 { NONE } else { 0 },
        }
    }

    /// Takes the next point of an automation that has not begun; false when there is no room.
    pub(super) fn point(&mut self, id: AutomationId, time: f64, value: f64) -> bool {
        if !self.claim(id) || self.free == NONE {
            return false;
        }
        let at = self.free;
        self.free = self.nodes[at as usize].next;
        self.nodes[at as usize] = Node {
            time,
            value,
            next: NONE,
        };
        let entry = &mut self.entries[id.index as usize];
        match entry.tail {
            NONE => entry.head = at,
            tail => self.nodes[tail as usize].next = at,
        }
        entry.tail = at;
        true
    }

    /// Makes the entry belong to this automation, if it still belongs to an earlier one. False if it begins no more.
    fn claim(&mut self, id: AutomationId) -> bool {
        let Some(entry) = self.entries.get_mut(id.index as usize) else {
            return false;
        };
        if entry.generation < id.generation {
            *entry = Entry {
                generation: id.generation,
                ..IDLE
            };
        }
        entry.generation == id.generation && !entry.running
    }

    /// Begins an automation; false if it has no points, or was cancelled.
    fn begin(&mut self, id: AutomationId, plan: &Plan) -> bool {
        if !self.claim(id) || self.entries[id.index as usize].head == NONE {
            return false;
        }
        let entry = &mut self.entries[id.index as usize];
        entry.running = true;
        entry.moves = Some(plan.moves);
        entry.mode = plan.mode;
        entry.start = plan.start;
        entry.overtakes = plan.overtakes;
        self.running.push(id.index);
        true
    }

    /// Forgets an automation, running or not; false if it was gone.
    fn end(&mut self, id: AutomationId) -> bool {
        let entry = &mut self.entries[id.index as usize];
        if entry.generation != id.generation || entry.head == NONE {
            return false;
        }
        let (head, tail) = (entry.head, entry.tail);
        *entry = Entry {
            generation: id.generation,
            ..IDLE
        };
        self.nodes[tail as usize].next = self.free;
        self.free = head;
        self.running.retain(|&index| index != id.index);
        true
    }

    fn id(&self, index: u32) -> AutomationId {
        AutomationId {
            index,
            generation: self.entries[index as usize].generation,
        }
    }

    /// The running automation of the same control or bus.
    fn rival(&self, moves: &Moves) -> Option<AutomationId> {
        let mut running = self.running.iter().copied();
        running
            .find(|&index| self.entries[index as usize].moves == Some(*moves))
            .map(|i| self.id(i))
    }

    /// Any automation that has points.
    fn any(&self) -> Option<AutomationId> {
        let index = self.entries.iter().position(|entry| entry.head != NONE)?;
        Some(self.id(index as u32))
    }

    /// The value at a time in seconds from the begin, which never goes back, and whether it is the last one.
    fn value(&mut self, index: u32, time: f64) -> (f64, bool) {
        let entry = &mut self.entries[index as usize];
        let mut head = self.nodes[entry.head as usize];
        while head.next != NONE && self.nodes[head.next as usize].time <= time {
            entry.before = Some(head.value);
            let passed = std::mem::replace(&mut entry.head, head.next);
            head = self.nodes[entry.head as usize];
            self.nodes[passed as usize].next = self.free;
            self.free = passed;
        }
        if head.next == NONE || time <= head.time {
            return (head.value, head.next == NONE && time >= head.time);
        }
        let to = self.nodes[head.next as usize];
        let after = if to.next == NONE {
            to.value
        } else {
            self.nodes[to.next as usize].value
        };
        let around = [
            entry.before.unwrap_or(head.value),
            head.value,
            to.value,
            after,
        ];
        (
            entry
                .mode
                .between(around, (time - head.time) / (to.time - head.time)),
            false,
        )
    }
}

/// How an automation begins.
pub(super) struct Plan {
    pub(super) moves: Moves,
    pub(super) mode: Mode,
    pub(super) overtakes: bool,
    /// Session time in samples.
    pub(super) start: u64,
}

/// Where a control or a bus is at the moment.
enum Place {
    /// It holds this value.
    At(f64),
    /// Its synth has not started.
    Later,
    Gone,
}

impl Performer {
    pub(super) fn begin_automation(&mut self, id: AutomationId, plan: &Plan) {
        if let Moves::Control(synth, _) = plan.moves {
            self.handles.claim(synth);
        }
        if let Some(older) = self.automations.rival(&plan.moves) {
            self.end_automation(older);
        }
        if !self.automations.begin(id, plan) {
            self.end_automation(id);
        }
    }

    pub(super) fn end_automation(&mut self, id: AutomationId) {
        if self.automations.end(id) {
            self.outbox
                .report(Report::AutomationEnded { automation: id });
        }
    }

    pub(super) fn end_automations(&mut self) {
        while let Some(id) = self.automations.any() {
            self.end_automation(id);
        }
    }

    /// Writes the value of every running automation for the cycle that comes.
    pub(super) fn automate(&mut self) {
        let mut position = 0;
        while position < self.automations.running.len() {
            let index = self.automations.running[position];
            if self.move_on(index) {
                position += 1;
            } else {
                self.end_automation(self.automations.id(index));
            }
        }
    }

    /// One cycle of an automation; false when it is over.
    fn move_on(&mut self, index: u32) -> bool {
        let entry = self.automations.entries[index as usize];
        let Some(moves) = entry.moves else {
            return false;
        };
        let now = match self.place(&moves) {
            Place::At(now) => now,
            Place::Later => return true,
            Place::Gone => return false,
        };
        if entry.overtakes {
            self.automations.entries[index as usize].overtakes = false;
            self.automations.nodes[entry.head as usize].value = now;
        }
        let cycle_start = self.cycle_start as f64 - entry.start as f64;
        let time = moment(cycle_start, self.shape.ksmps) / self.shape.sample_rate;
        let (value, last) = self.automations.value(index, time);
        self.place_at(&moves, value);
        !last
    }

    fn place(&mut self, moves: &Moves) -> Place {
        let value = match *moves {
            Moves::Bus(bus) => self.bus_value(bus),
            Moves::Control(synth, key) => match self.handles.phase(synth) {
                Phase::Waiting => return Place::Later,
                Phase::Playing { program, slice } => self
                    .program(program)
                    .and_then(|program| program.control(slice, synth, key)),
                Phase::Free => None,
            },
        };
        value.map_or(Place::Gone, Place::At)
    }

    fn place_at(&mut self, moves: &Moves, value: f64) {
        match *moves {
            Moves::Bus(bus) => self.set_bus(bus, value),
            Moves::Control(synth, key) => self.set(synth, key, value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::line::{Point, value_at};
    use proptest::prelude::*;

    fn id(generation: u32) -> AutomationId {
        AutomationId {
            index: 0,
            generation,
        }
    }

    fn plan(mode: Mode) -> Plan {
        let moves = Moves::Bus(crate::session::command::BusKey::Named(
            crate::session::name::NameId::of("x"),
        ));
        Plan {
            moves,
            mode,
            overtakes: false,
            start: 0,
        }
    }

    fn modes() -> impl Strategy<Value = Mode> {
        prop_oneof![
            Just(Mode::Linear),
            Just(Mode::Cos),
            Just(Mode::Floor),
            Just(Mode::Cubic),
            Just(Mode::Smooth),
            Just(Mode::Smoother),
            (0.1..5.0).prop_map(Mode::Exp),
        ]
    }

    proptest! {
        /// What the performer computes step by step is what the line is by its definition, and the pool is whole after.
        #[test]
        fn steps_agree_with_the_line(
            mode in modes(),
            gaps in prop::collection::vec((0.0..0.5f64, -2.0..2.0f64), 1..12),
            step in 0.001..0.3f64,
        ) {
            let mut automations = Automations::new(1, 12);
            for round in 1..4 {
                let mut time = 0.0;
                let mut points = Vec::new();
                for (gap, value) in &gaps {
                    time += gap;
                    points.push(Point { time, value: *value });
                    prop_assert!(automations.point(id(round), time, *value));
                }
                prop_assert!(automations.begin(id(round), &plan(mode)));
                for cycle in 0.. {
                    let now = f64::from(cycle) * step;
                    let (value, last) = automations.value(0, now);
                    prop_assert!((value - value_at(&points, mode, now)).abs() < 1e-12);
                    if last {
                        break;
                    }
                }
                prop_assert!(automations.end(id(round)));
                prop_assert!(!automations.end(id(round)));
            }
            for _ in 0..12 {
                prop_assert!(automations.point(id(9), 0.0, 0.0));
            }
            prop_assert!(!automations.point(id(9), 0.0, 0.0));
        }
    }
}
