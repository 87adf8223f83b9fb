//! The code pane: typing, applying, undo, problems, keys.

use crate::suite::editor_kit::{Asked, Frames, TestDesk, frames_of_2000_lines, window};
use csound_session::editor::{Edit, InstrText, Typing, Window, taken_keys};
use csound_session::session::When;
use csound_session::session::diagnostic::{Diagnostic, Place};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use nice_plug_egui::{Key as HostKey, KeyCapture};
use std::sync::atomic::Ordering;

fn code<'h>(harness: &'h Harness<'_, Window>) -> egui_kittest::Node<'h> {
    harness.get_by_role(Role::MultilineTextInput)
}

/// Puts the keyboard into the code, at its end, and types.
fn type_text(harness: &mut Harness<'_, Window>, text: &str) {
    code(harness).focus();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::End);
    harness.run_steps(1);
    harness.event(egui::Event::Text(text.into()));
    harness.run_steps(2);
}

/// Clicks an Instr in the list.
fn turn_to(harness: &Harness<'_, Window>, instr: &str) {
    let mut named = harness.get_all_by_label_contains(instr);
    let row = named.find(|node| node.rect().left() < 200.0);
    row.expect("the Instr is in the list").click();
}

fn bodies(name: &str, body: &str) -> Edit {
    Edit::Bodies(vec![InstrText {
        name: name.into(),
        body: body.into(),
    }])
}

#[test]
fn ctrl_enter_applies_what_was_typed_now_or_at_the_bar() {
    let desk = TestDesk::new(&[("synth", "a1 oscili 1, 440")]);
    let mut harness = window(&desk);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.run_steps(2);
    assert_eq!(desk.asked(), [], "there is nothing to apply");
    type_text(&mut harness, "0");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.run_steps(2);
    let edit = bodies("synth", "a1 oscili 1, 4400");
    assert_eq!(desk.asked(), [Asked::Apply(edit.clone(), When::Now)]);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Enter);
    harness.run_steps(2);
    assert_eq!(desk.asked(), [Asked::Apply(edit, When::Bar)]);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::ALT, Key::Z);
    harness.run_steps(2);
    assert_eq!(desk.asked(), [Asked::RollBack]);
}

#[test]
fn undo_belongs_to_the_instr_it_was_typed_in() {
    let desk = TestDesk::new(&[("alpha", "a"), ("beta", "b")]);
    let mut harness = window(&desk);
    type_text(&mut harness, "1");
    // Undo steps are a pause apart.
    harness.run_steps(90);
    turn_to(&harness, "beta");
    harness.run_steps(3);
    type_text(&mut harness, "2");
    harness.run_steps(90);
    assert_eq!(code(&harness).value().as_deref(), Some("b2"));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run_steps(3);
    assert_eq!(code(&harness).value().as_deref(), Some("b"));
    turn_to(&harness, "alpha");
    harness.run_steps(3);
    assert_eq!(
        code(&harness).value().as_deref(),
        Some("a1"),
        "the other one is as it was"
    );
}

#[test]
fn a_problem_is_jumped_to() {
    let desk = TestDesk::new(&[("one", "a"), ("two", "line\n  wrong here\n")]);
    let problem = Diagnostic::error(Place::Instr("two".into()), "nothing of that name").at(2, 3);
    desk.change(|view| view.problems = vec![problem]);
    let mut harness = window(&desk);
    harness.get_by_label("nothing of that name").click();
    harness.run_steps(3);
    assert!(code(&harness).is_focused());
    harness.event(egui::Event::Text("X".into()));
    harness.run_steps(2);
    assert_eq!(
        code(&harness).value().as_deref(),
        Some("line\n  Xwrong here\n")
    );
}

#[test]
fn keys_edit_as_programmers_expect() {
    let desk = TestDesk::new(&[("synth", "if k1 then")]);
    let mut harness = window(&desk);
    type_text(&mut harness, "");
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    harness.event(egui::Event::Text("out a1".into()));
    harness.run_steps(2);
    assert_eq!(
        code(&harness).value().as_deref(),
        Some("if k1 then\n  out a1")
    );
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Slash);
    harness.run_steps(2);
    assert_eq!(
        code(&harness).value().as_deref(),
        Some("if k1 then\n  ; out a1")
    );
    harness.key_press_modifiers(Modifiers::SHIFT, Key::Tab);
    harness.run_steps(2);
    assert_eq!(
        code(&harness).value().as_deref(),
        Some("if k1 then\n; out a1")
    );
}

#[test]
fn own_names_complete() {
    let desk = TestDesk::new(&[("synth", "|kcutoff=1|\na1 = kcutoff\n")]);
    let mut harness = window(&desk);
    type_text(&mut harness, "kcu");
    harness.key_press(Key::Tab);
    harness.run_steps(2);
    assert_eq!(
        code(&harness).value().as_deref(),
        Some("|kcutoff=1|\na1 = kcutoff\nkcutoff")
    );
}

#[test]
fn keys_are_taken_only_while_a_text_has_them() {
    let desk = TestDesk::new(&[("synth", "a")]);
    let mut harness = window(&desk);
    assert_eq!(harness.state().typing(), Typing::Host);
    type_text(&mut harness, "x");
    assert_eq!(harness.state().typing(), Typing::Text);
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert_eq!(
        harness.state().typing(),
        Typing::Host,
        "Esc gives the keys back"
    );
    type_text(&mut harness, "x");
    harness.get_by_label_contains("Keys go to").click();
    harness.run_steps(3);
    assert_eq!(
        harness.state().typing(),
        Typing::Host,
        "so does a click outside"
    );
}

#[test]
fn without_a_host_no_key_is_said_to_go_there() {
    let desk = TestDesk::new(&[("synth", "a")]);
    desk.alone.store(true, Ordering::Relaxed);
    let harness = window(&desk);
    assert_eq!(harness.state().typing(), Typing::Nowhere);
    harness.get_by_label("Keys do nothing");
}

/// What a host gets to see of a key that was pressed in the window.
fn is_taken(capture: &KeyCapture, key: &HostKey) -> bool {
    match capture {
        KeyCapture::CaptureAll => true,
        KeyCapture::IgnoreAll => false,
        KeyCapture::CaptureKeys(keys) => keys.contains(key),
        KeyCapture::IgnoreKeys(keys) => !keys.contains(key),
    }
}

#[test]
fn every_key_goes_where_the_badge_says() {
    use keyboard_types::NamedKey;
    let named = [
        NamedKey::Enter,
        NamedKey::Tab,
        NamedKey::Escape,
        NamedKey::Backspace,
        NamedKey::Delete,
        NamedKey::Home,
        NamedKey::End,
        NamedKey::PageUp,
        NamedKey::PageDown,
        NamedKey::ArrowLeft,
        NamedKey::ArrowRight,
        NamedKey::ArrowUp,
        NamedKey::ArrowDown,
        NamedKey::F1,
        NamedKey::F5,
        NamedKey::F12,
        NamedKey::Control,
        NamedKey::Shift,
        NamedKey::Alt,
        NamedKey::Meta,
        NamedKey::Insert,
    ];
    let letters = (' '..='~').map(|c| HostKey::Character(c.to_string()));
    let keys = named.map(HostKey::Named).into_iter().chain(letters);
    for key in keys {
        assert!(
            is_taken(&taken_keys(Typing::Text), &key),
            "{key:?} belongs to the text"
        );
        assert!(
            !is_taken(&taken_keys(Typing::Host), &key)
                && !is_taken(&taken_keys(Typing::Nowhere), &key),
            "{key:?} belongs to the host"
        );
        let plays = matches!(&key, HostKey::Character(c) if "awsedftgyhujkolp;'zx".contains(&c.to_lowercase()));
        assert_eq!(is_taken(&taken_keys(Typing::Notes), &key), plays, "{key:?}");
    }
}

#[test]
fn typing_in_2000_lines_stays_below_16_ms_a_frame() {
    let (bare, frames) = frames_of_2000_lines();
    println!("2,000 lines, median of frames: {frames:?}");
    let Frames {
        typing,
        moving,
        resting,
    } = frames;
    assert!(
        resting < 16.0 && moving < 16.0 && typing < 16.0,
        "{frames:?}"
    );
    // Each letter has four corners. A page was once set in no time, and not painted.
    let letters = bare.corners / 4;
    assert!(letters > 1_500, "{letters} letters are seen");
}
