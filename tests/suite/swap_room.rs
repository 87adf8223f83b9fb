//! How many programs play at once, and which one goes first.

use super::stage::{Blocks, Stage, build, layer, spec};
use csound_session::session::command::{Command, NoteAddress};
use csound_session::session::layer::{Layer, Trigger};
use csound_session::session::program::ProgramSpec;

/// Its notes sound at a level of its own, and ring for a while at half of it.
fn level(level: f64, release: f64) -> ProgramSpec {
    let body =
        format!("|imidi|\naenv linsegr 1, {release}, 0.5\nasig = aenv*{level}\nouts asig, asig");
    spec(&[("dc", &body)], vec![layer("dc")])
}

struct Room {
    stage: Stage,
    now: usize,
}

impl Room {
    fn new(first: &ProgramSpec) -> Self {
        Self {
            stage: Stage::new(first),
            now: 0,
        }
    }

    fn install(&mut self, spec: &ProgramSpec) {
        self.stage.session.install(build(spec));
    }

    fn press(&mut self, key: u8) {
        let note = NoteAddress::midi(0, key);
        self.stage.at(
            self.now as u64,
            Command::NoteOn {
                note,
                velocity: 1.0,
            },
        );
    }

    fn lift(&mut self, key: u8) {
        self.stage.at(
            self.now as u64,
            Command::NoteOff {
                note: NoteAddress::midi(0, key),
            },
        );
    }

    /// Plays for 0.1 s and returns the level at its end, in thousandths.
    fn listen(&mut self) -> i64 {
        self.now += 4800;
        let latency = self.stage.performer.latency() as usize;
        let heard = self.stage.play(self.now - latency, Blocks::Of(64));
        (heard[0][self.now - latency - 1] * 1000.0).round() as i64
    }
}

/// Four programs that hold a note each: key 1 at 0.001, key 2 at 0.01, 3 at 0.1, 4 at 1.
fn full() -> Room {
    let mut room = Room::new(&level(0.001, 0.01));
    for (key, own) in [(1, 0.001), (2, 0.01), (3, 0.1), (4, 1.0)] {
        if key > 1 {
            room.install(&level(own, 0.01));
            room.listen();
        }
        room.press(key);
        room.listen();
    }
    assert_eq!(room.listen(), 1111);
    room
}

#[test]
fn a_fifth_program_waits_while_four_hold_notes() {
    let mut room = full();
    room.install(&level(2.0, 0.01));
    room.listen();
    room.press(5);
    assert_eq!(room.listen(), 2111, "the fourth program still plays");
    room.lift(2);
    assert_eq!(room.listen(), 2101, "the second one is empty and goes");
    room.press(6);
    assert_eq!(room.listen(), 4101, "the fifth has taken over");
}

#[test]
fn the_newest_of_those_that_wait_wins() {
    let mut room = full();
    room.install(&level(2.0, 0.01));
    room.listen();
    room.install(&level(4.0, 0.01));
    room.lift(2);
    room.listen();
    room.press(6);
    assert_eq!(room.listen(), 5101);
}

#[test]
fn a_program_that_only_rings_makes_room_for_a_new_one() {
    let mut room = Room::new(&level(0.001, 0.01));
    for (key, own) in [(1, 0.001), (2, 0.01), (3, 0.1), (4, 1.0)] {
        if key > 1 {
            // The third rings for a long time.
            room.install(&level(own, if key == 3 { 60.0 } else { 0.01 }));
            room.listen();
        }
        room.press(key);
        room.listen();
    }
    room.lift(3);
    assert_eq!(room.listen(), 1111, "the third rings");
    room.install(&level(2.0, 0.01));
    room.listen();
    room.press(5);
    assert_eq!(room.listen(), 3011, "held notes stay, what rang is gone");
}

#[test]
fn an_empty_newest_program_gives_way_to_a_newer_one() {
    let mut room = Room::new(&level(0.001, 0.01));
    for (key, own) in [(1, 0.001), (2, 0.01), (3, 0.1)] {
        if key > 1 {
            room.install(&level(own, 0.01));
            room.listen();
        }
        room.press(key);
        room.listen();
    }
    room.install(&level(1.0, 0.01));
    assert_eq!(room.listen(), 111);
    room.install(&level(2.0, 0.01));
    room.listen();
    room.press(5);
    assert_eq!(room.listen(), 2111);
}

#[test]
fn edits_without_notes_never_wait() {
    let drone = |own: f64| {
        let body = format!("ain inch 1\nouts a({own}) + ain, ain");
        spec(
            &[("fx", &body)],
            vec![Layer {
                trigger: Trigger::Always,
                ..layer("fx")
            }],
        )
    };
    let mut room = Room::new(&drone(0.001));
    for edit in 2..30 {
        room.install(&drone(f64::from(edit) / 1000.0));
        room.listen();
    }
    room.listen();
    // The loudest of those that still ring are the newest ones; all go when their ten seconds are over.
    for _ in 0..110 {
        room.listen();
    }
    assert_eq!(room.listen(), 29);
}
