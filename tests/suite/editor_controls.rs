//! The controls, the structure and the keyboard, as a person uses them.

use crate::suite::editor_kit::{Asked, TestDesk, window};
use csound_session::document::{BusEntry, Document, LayerEntry, ModeEntry, PartEntry, SlotRef};
use csound_session::editor::{Desk, Edit, Played, Window};
use csound_session::session::SoundingNote;
use csound_session::session::command::NoteAddress;
use egui::accesskit::Role;
use egui::{Key, Modifiers, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

fn slider(harness: &Harness<'_, Window>) -> egui::Rect {
    harness.get_by_role_and_label(Role::Slider, "Level").rect()
}

fn press(harness: &mut Harness<'_, Window>, at: egui::Pos2, pressed: bool, modifiers: Modifiers) {
    harness.event(egui::Event::PointerMoved(at));
    harness.event(egui::Event::PointerButton {
        pos: at,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers,
    });
    harness.run_steps(1);
}

fn drag(harness: &mut Harness<'_, Window>, modifiers: Modifiers) {
    let rect = slider(harness);
    harness.event(egui::Event::ModifiersChanged(modifiers));
    press(harness, rect.center(), true, modifiers);
    for step in 1..=4 {
        harness.event(egui::Event::PointerMoved(
            rect.center() + egui::vec2(15.0 * step as f32, 0.0),
        ));
        harness.run_steps(1);
    }
    press(
        harness,
        rect.center() + egui::vec2(60.0, 0.0),
        false,
        modifiers,
    );
    harness.event(egui::Event::ModifiersChanged(Modifiers::NONE));
    harness.run_steps(1);
}

/// The last value of a drag that begins, sets and ends once.
fn gesture(asked: &[Asked]) -> f32 {
    let (Some(Asked::Begin(0)), Some(Asked::End(0))) = (asked.first(), asked.last()) else {
        panic!("{asked:?}")
    };
    let sets = &asked[1..asked.len() - 1];
    assert!(
        !sets.is_empty() && sets.iter().all(|asked| matches!(asked, Asked::Set(0, _))),
        "{asked:?}"
    );
    match sets.last() {
        Some(Asked::Set(_, value)) => *value,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_drag_is_one_gesture_and_shift_makes_it_fine() {
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut harness = window(&desk);
    drag(&mut harness, Modifiers::NONE);
    let coarse = gesture(&desk.asked());
    assert!(coarse > 0.65 && coarse < 0.9, "{coarse}");
    drag(&mut harness, Modifiers::SHIFT);
    let fine = gesture(&desk.asked());
    assert!(
        (fine - coarse).abs() < 0.05 && fine != coarse,
        "{coarse} to {fine}"
    );
}

#[test]
fn a_double_click_sets_the_default() {
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut harness = window(&desk);
    drag(&mut harness, Modifiers::NONE);
    desk.asked();
    harness.run_steps(4);
    let at = slider(&harness).left_center() + egui::vec2(20.0, 0.0);
    let button = |pressed| egui::Event::PointerButton {
        pos: at,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    harness.event(egui::Event::PointerMoved(at));
    harness.run_steps(1);
    for pressed in [true, false, true, false] {
        harness.event(button(pressed));
    }
    harness.run_steps(4);
    let asked = desk.asked();
    assert_eq!(
        asked.iter().rev().nth(1),
        Some(&Asked::Set(0, 0.5)),
        "{asked:?}"
    );
}

#[test]
fn a_value_is_typed_with_its_unit() {
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut harness = window(&desk);
    harness.get_by_label("Level value").click();
    harness.run_steps(3);
    harness.event(egui::Event::Text("25 %".into()));
    harness.run_steps(1);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(
        desk.asked(),
        [Asked::Begin(0), Asked::Set(0, 0.25), Asked::End(0)]
    );
}

#[test]
fn a_choice_is_picked_from_a_list() {
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut harness = window(&desk);
    harness
        .get_by_role_and_label(Role::ComboBox, "Wave")
        .click();
    harness.run_steps(3);
    harness.get_by_label("triangle").click();
    harness.run_steps(3);
    assert_eq!(
        desk.asked(),
        [Asked::Begin(1), Asked::Set(1, 1.0), Asked::End(1)]
    );
}

#[test]
fn stop_ends_what_sounds() {
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut harness = window(&desk);
    harness.get_by_label("Stop everything that sounds").click();
    harness.run_steps(2);
    assert_eq!(desk.asked(), [Asked::Stop]);
}

fn changed(desk: &TestDesk) -> Document {
    match desk.asked().pop() {
        Some(Asked::Apply(Edit::Document(document), _)) => *document,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_renamed_instr_keeps_its_parts_and_slots() {
    let desk = TestDesk::new(&[("synth", "a")]);
    let part = PartEntry {
        instr: "synth".into(),
        ..PartEntry::default()
    };
    desk.take(Document {
        instr: csound_session::editor::Desk::document(&*desk).instr,
        layer: vec![LayerEntry {
            name: "pad".into(),
            parts: vec![part],
            ..LayerEntry::default()
        }],
        bus: vec![BusEntry {
            name: "verb".into(),
            ..BusEntry::default()
        }],
        slot: vec![SlotRef {
            instr: "synth".into(),
            argument: "kx".into(),
            ..SlotRef::default()
        }],
        values: [("synth.kx".to_owned(), 2.0)].into(),
        ..Document::default()
    });
    let mut harness = window(&desk);
    let row = harness
        .get_all_by_label_contains("synth")
        .find(|node| node.rect().left() < 200.0);
    row.expect("the Instr").click_secondary();
    harness.run_steps(3);
    harness.get_by_label("Rename").click();
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_steps(1);
    harness.event(egui::Event::Text("lead".into()));
    harness.run_steps(1);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    let document = changed(&desk);
    assert_eq!(document.instr[0].name, "lead");
    assert_eq!(document.layer[0].parts[0].instr, "lead");
    assert_eq!(
        (
            document.slot[0].instr.as_str(),
            document.values.get("lead.kx")
        ),
        ("lead", Some(&2.0))
    );
}

#[test]
fn instrs_and_buses_are_added() {
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut harness = window(&desk);
    harness.get_by_label("Add an Instr").click();
    harness.run_steps(2);
    let document = changed(&desk);
    assert_eq!(document.instr.len(), 2);
    let new = csound_session::session::instr::Instr::new(
        &document.instr[1].name,
        &document.instr[1].body,
    );
    assert!(new.is_ok(), "{new:?}");
    harness.get_by_label("Add a bus").click();
    harness.run_steps(2);
    assert_eq!(changed(&desk).bus.len(), 1);
}

#[test]
fn the_keyboard_plays_louder_further_down_and_lets_go() {
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut harness = window(&desk);
    let keyboard = harness.get_by_label("Keyboard piano").rect();
    let play = |harness: &mut Harness<'_, Window>, part: f32| {
        let at = pos2(
            keyboard.left() + 5.0,
            keyboard.top() + keyboard.height() * part,
        );
        press(harness, at, true, Modifiers::NONE);
        press(harness, at, false, Modifiers::NONE);
        harness.run_steps(2);
        desk.asked()
    };
    let (soft, loud) = (play(&mut harness, 0.1), play(&mut harness, 0.95));
    let velocity = |asked: &[Asked]| match asked {
        [
            Asked::Play(Played::Down(36, velocity)),
            Asked::Play(Played::Up(36)),
        ] => *velocity,
        other => panic!("{other:?}"),
    };
    assert!(velocity(&soft) < 0.4 && velocity(&loud) > 0.9);
}

#[test]
fn the_computers_keys_play_when_they_are_switched_on_and_no_text_has_them() {
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut harness = window(&desk);
    let tap = |harness: &mut Harness<'_, Window>| {
        harness.key_press(Key::A);
        harness.run_steps(2);
        desk.asked()
    };
    assert_eq!(tap(&mut harness), []);
    harness
        .get_by_label("Play with the computer's keys")
        .click();
    harness.run_steps(2);
    assert_eq!(
        tap(&mut harness),
        [
            Asked::Play(Played::Down(48, 0.75)),
            Asked::Play(Played::Up(48))
        ]
    );
    harness.get_by_label("Hold notes").click();
    harness.run_steps(2);
    assert_eq!(
        tap(&mut harness),
        [Asked::Play(Played::Down(48, 0.75))],
        "it is held"
    );
    harness.get_by_label("Hold notes").click();
    harness.run_steps(2);
    assert_eq!(desk.asked(), [Asked::Play(Played::Up(48))]);
    harness.get_by_role(Role::MultilineTextInput).focus();
    harness.run_steps(2);
    assert_eq!(tap(&mut harness), [], "the text has the keys");
}

#[test]
fn what_a_layer_answers_to_is_changed_in_its_form() {
    let desk = TestDesk::new(&[("synth", "a"), ("other", "b")]);
    let mut document = desk.document();
    let part = PartEntry {
        instr: "synth".into(),
        ..PartEntry::default()
    };
    document.layer = vec![LayerEntry {
        name: "pad".into(),
        parts: vec![part],
        ..LayerEntry::default()
    }];
    desk.take(document);
    let mut harness = window(&desk);
    harness.get_by_label_contains("pad").click();
    harness.run_steps(3);
    let choose = |harness: &mut Harness<'_, Window>, list: &str, choice: &str| {
        harness.get_by_role_and_label(Role::ComboBox, list).click();
        harness.run_steps(3);
        harness.get_by_label(choice).click();
        harness.run_steps(3);
        let document = changed(&desk);
        desk.take(document.clone());
        harness.run_steps(2);
        document.layer[0].clone()
    };
    assert_eq!(
        choose(&mut harness, "Mode", "legato").mode,
        ModeEntry::Legato
    );
    assert_eq!(choose(&mut harness, "Channel", "2").channel, 2);
    assert_eq!(
        choose(&mut harness, "Instr of part 1", "other").parts[0].instr,
        "other"
    );
    assert_eq!(
        choose(&mut harness, "Priority of part 1", "priority 3").parts[0].priority,
        Some(3)
    );

    let field = harness.get_by_label("Highest key");
    field.click();
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(egui::Event::Text("c3".into()));
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    let layer = &changed(&desk).layer[0];
    assert_eq!((layer.keys, layer.mode), ([0, 48], ModeEntry::Legato));
    harness.get_by_label("Add a part").click();
    harness.run_steps(3);
    assert_eq!(changed(&desk).layer[0].parts.len(), 2);
}

#[test]
fn a_sounding_note_is_picked_and_set_alone() {
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut harness = window(&desk);
    let sounds = |keys: &[u8]| {
        let note = |(press, key): (usize, &u8)| SoundingNote {
            note: NoteAddress::midi(0, *key),
            press: press as u16,
            held: true,
        };
        *desk.notes.lock().expect("no panic") = keys.iter().enumerate().map(note).collect();
    };
    sounds(&[60, 64]);
    harness.run_steps(2);
    harness.get_by_label("E4").click();
    harness.run_steps(2);
    drag(&mut harness, Modifiers::NONE);
    let asked = desk.asked();
    let only_the_note = |asked: &Asked| matches!(asked, Asked::SetNote(note, 0, offset) if note.key == Some(64) && *offset > 0.0);
    assert!(
        !asked.is_empty() && asked.iter().all(only_the_note),
        "{asked:?}"
    );
    sounds(&[60]);
    harness.run_steps(2);
    drag(&mut harness, Modifiers::NONE);
    gesture(&desk.asked());
}
