//! A model and a performer without a host between them.

mod storm;

use super::{Model, Ready};
use crate::document::Document;
use crate::editor::{Edit, InstrText, Sound};
use crate::plugin::formats::Link;
use crate::plugin::history::Asked;
use crate::session::command::{Command, NoteAddress};
use crate::session::link::{Capacities, pair};
use crate::session::performer::{BlockIo, Performer, Transport};
use crate::session::program::Shape;
use crate::session::{When, ledger::Cause};
use std::sync::Arc;

const FRAMES: usize = 64;

struct Rig {
    model: Arc<Model>,
    performer: Performer,
    heard: Vec<f64>,
}

struct Block<'a>(&'a mut Vec<f64>);

impl BlockIo for Block<'_> {
    fn frames(&self) -> usize {
        FRAMES
    }

    fn read(&mut self, _: usize, into: &mut [f64]) {
        into.fill(0.0);
    }

    fn write(&mut self, _: usize, from: &[f64], shape: &Shape) {
        self.0.extend(from.iter().step_by(shape.outputs()));
    }
}

impl Rig {
    /// One Instr with this body, playing.
    fn new(body: &str) -> Self {
        Self::with(body, "")
    }

    /// The same with code of the document.
    fn with(body: &str, init: &str) -> Self {
        let instr = serde_json::json!([{ "name": "a", "body": body }]);
        let text = serde_json::json!({ "version": 1, "name": "Try", "init": init, "instr": instr });
        let document = Document::from_state(&text.to_string()).unwrap();
        let (session, performer) = pair(Capacities::plugin());
        let model = Model::new(Link::take_up(), session, document, None);
        let mut rig = Self {
            model,
            performer,
            heard: Vec::new(),
        };
        let (_, Ready::Program(program)) = rig.model.activate(48_000.0, None) else {
            panic!("{:?}", rig.model.view());
        };
        rig.performer.install(program);
        rig
    }

    fn edit(&self, body: &str, when: When) {
        edit(&self.model, body, when);
    }

    fn press(&mut self, key: u8) {
        let note = NoteAddress::midi(0, key);
        let velocity = 1.0;
        self.performer.at(0, Command::NoteOn { note, velocity });
    }

    /// Some blocks, with the background's work before each; what was heard in them on the left.
    fn play(&mut self, blocks: usize) -> &[f64] {
        let start = self.heard.len();
        for _ in 0..blocks {
            self.model.work();
            self.performer
                .process(&mut Block(&mut self.heard), &Transport::default());
        }
        &self.heard[start..]
    }

    fn last(&mut self) -> f64 {
        self.play(1)[FRAMES - 1]
    }
}

/// Asks for another body of the Instr, as the window does.
fn edit(model: &Model, body: &str, when: When) {
    let text = InstrText {
        name: "a".into(),
        body: body.into(),
    };
    model.ask(Asked::Edit(Edit::Bodies(vec![text])), when);
}

/// Always on, at a level.
fn drone(level: f64) -> String {
    format!("asig upsamp k({level})\nouts asig, asig")
}

#[test]
fn an_edit_and_its_taking_back_are_heard() {
    let mut rig = Rig::new(&drone(0.25));
    rig.play(10);
    rig.edit(&drone(0.5), When::Now);
    rig.play(40);
    assert_eq!(rig.last(), 0.5);
    rig.model.ask(Asked::RollBack, When::Now);
    rig.play(40);
    assert_eq!(rig.last(), 0.25);
}

/// It puts out what is no number as soon as a key is pressed.
const BAD: &str = "|kmidi|\nkbad = sqrt(59 - kmidi)\nasig upsamp kbad*0 + 0.5\nouts asig, asig";
const GOOD: &str = "|kmidi|\nasig upsamp k(0.25)\nouts asig, asig";

#[test]
fn an_edit_that_is_muted_gives_way_to_the_document_before() {
    let mut rig = Rig::new(GOOD);
    rig.edit(BAD, When::Now);
    rig.play(10);
    rig.press(50);
    rig.play(1);
    assert_eq!(rig.last(), 0.5);
    rig.press(60);
    rig.play(40);
    assert!(!rig.performer.has_voices(), "it ended with what it played");
    let view = rig.model.view();
    assert!(view.problems[0].message.contains("muted"), "{view:?}");
    assert!(view.instrs[0].body.contains("sqrt"), "the text is kept");
    rig.press(60);
    rig.play(1);
    assert_eq!(rig.last(), 0.25, "the document before plays");
    rig.edit(&GOOD.replace("0.25", "0.75"), When::Now);
    rig.play(10);
    rig.press(61);
    rig.play(1);
    assert_eq!(rig.last(), 1.0, "the next edit is taken up");
    assert_eq!(rig.model.view().past, 1, "what was muted is no way back");
}

#[test]
fn a_document_without_a_past_is_built_anew_once() {
    let mut rig = Rig::new(BAD);
    rig.press(60);
    rig.play(20);
    rig.press(50);
    rig.play(1);
    assert_eq!(rig.last(), 0.5, "it plays again");
    rig.press(60);
    rig.play(20);
    rig.press(50);
    rig.play(1);
    assert_eq!(rig.last(), 0.0, "it was muted again at once, and stays so");
    rig.model.command(Command::Unmute);
    rig.press(50);
    rig.play(1);
    assert_eq!(rig.last(), 0.5);
}

/// The background came to rescue what was muted while a project was being loaded, and built the new document without its
/// parameters, at 0.
#[test]
fn what_was_muted_is_not_rescued_while_a_project_takes_its_place() {
    let mut rig = Rig::new(BAD);
    rig.press(60);
    rig.play(1);
    let model = Arc::clone(&rig.model);
    let body = "|kmidi, klevel=0.5|\nasig upsamp klevel\nouts asig, asig";
    let instr = serde_json::json!([{ "name": "a", "body": body }]);
    let text = serde_json::json!({ "version": 1, "name": "Next", "instr": instr }).to_string();
    let document = Document::from_state(&text).unwrap();
    rig.performer
        .process(&mut Block(&mut rig.heard), &Transport::default());
    {
        let mut desk = model.desk();
        assert!(desk.session.is_muted());
        model.replace(&mut desk, document, text.clone());
    }
    let key = model.key(48_000.0);
    model.work();
    assert_eq!(model.key(48_000.0), key, "nothing was built");
    model.load_state(text);
    let key = model.key(48_000.0);
    model.work();
    assert_eq!(model.key(48_000.0), key, "nor when it was loaded");
    rig.press(60);
    rig.play(10);
    assert_eq!(rig.last(), 0.5);
    assert_eq!(model.view().sound, Sound::Playing);
}

#[test]
fn the_end_of_a_performance_is_survived_in_the_same_way() {
    // Preflight plays key 60: only a lower one ends the performance.
    let body = "|imidi=60|\nif imidi < 60 then\nevent_i \"e\", 0, 0\nendif\n\
                asig upsamp k(0.25)\nouts asig, asig";
    let mut rig = Rig::new(body);
    rig.press(60);
    rig.play(2);
    assert_eq!(rig.last(), 0.25);
    rig.press(40);
    rig.play(40);
    rig.press(61);
    rig.play(1);
    assert_eq!(rig.last(), 0.25, "{:?}", rig.model.view());
    assert_eq!(rig.model.view().sound, Sound::Playing);
}

#[test]
fn the_ledger_is_kept() {
    let mut rig = Rig::new(GOOD);
    rig.press(60);
    rig.play(2000);
    let ledger = rig.model.ledger();
    assert_eq!((ledger.calls, ledger.cycles), (2000, 4000));
    let [instr] = &ledger.instrs[..] else {
        panic!("{ledger:?}")
    };
    assert_eq!((instr.name.as_str(), instr.voices), ("a", 1));
    assert!(instr.total < ledger.busy, "{ledger:?}");
    let [program] = &ledger.programs[..] else {
        panic!("{ledger:?}")
    };
    assert!(instr.voice > program.cycle / 4 && instr.voice < program.cycle * 2);
    let longest = ledger.longest.unwrap();
    assert!(longest.time >= ledger.busy / 2000, "{longest:?}");
    assert_ne!(longest.cause, Cause::Fault);
    assert_eq!(rig.model.in_process_for(), None);
}
