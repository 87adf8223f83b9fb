//! What a project keeps, and what a bad one does.

use super::plugin_kit::{RATE, SINE, instrument, state, with};
use test_hosts::measure::{assert_same, is_silent, onset, peak, pitch};
use test_hosts::{Event, Note, Plugin, Project, Take};

const FRAMES: usize = 12_000;

/// A document that would kill the process that compiles it.
const DEADLY: &str = "
version = 1
[[instr]]
name = 'deadly'
body = '''
|kmidi=69|
ione = 1/0
outs a(ione), a(ione)
'''
";

fn note() -> Take {
    Take::new(FRAMES)
        .at(100, Event::NoteOn(Note::key(69), 1.0))
        .at(9_000, Event::NoteOff(Note::key(69)))
}

fn play(plugin: &mut Plugin) -> Vec<Vec<f32>> {
    plugin.activate(RATE, 512).expect("activates");
    plugin.play(&note()).expect("plays").main().to_vec()
}

fn turned_down() -> Plugin {
    let mut plugin = with(SINE);
    plugin.activate(RATE, 512).expect("activates");
    let level = plugin.parameter("Level").expect("a slot").id;
    plugin
        .play(&Take::new(512).at(3, Event::Parameter(level, 0.123_456)))
        .expect("plays");
    plugin
}

#[test]
fn a_saved_instance_sounds_the_same_elsewhere() {
    let mut first = turned_down();
    let saved = first.save().expect("saves");
    let mut second = instrument();
    second.load(&saved).expect("loads");
    let heard = play(&mut first);
    assert!(
        (0.1..0.15).contains(&peak(&heard[0])),
        "the level came along: {}",
        peak(&heard[0])
    );
    assert_same(&play(&mut second), &heard, "the second instance");
    assert_eq!(
        second.save().expect("saves"),
        saved,
        "saving what was loaded changes nothing"
    );
}

#[test]
fn a_state_means_the_same_before_during_and_after_activation() {
    let saved = turned_down().save().expect("saves");
    let mut before = instrument();
    before.load(&saved).expect("loads");
    let expected = play(&mut before);

    let mut during = instrument();
    during.activate(RATE, 512).expect("activates");
    during.load(&saved).expect("loads");
    assert_same(
        during.play(&note()).expect("plays").main(),
        &expected,
        "loaded while active",
    );

    let mut after = instrument();
    play(&mut after);
    after.load(&saved).expect("loads");
    after.load(&saved).expect("loads twice");
    assert_same(&play(&mut after), &expected, "loaded after it had played");
}

#[test]
fn a_state_loaded_while_it_plays_is_heard_and_kept() {
    let saved = turned_down().save().expect("saves");
    let mut plugin = instrument();
    let mut loads = 0;
    let take = Take::new(48_000).at(0, Event::NoteOn(Note::key(60), 1.0));
    let load = |main: &mut test_hosts::Main| {
        if loads < 3 {
            main.load(&saved).expect("loads");
            loads += 1;
        }
    };
    let heard = plugin.play_while(&take, load).expect("plays on");
    assert!(heard.left().iter().all(|x| x.is_finite()));
    assert_eq!(plugin.save().expect("saves"), saved);
}

#[test]
fn a_reset_begins_anew() {
    let mut plugin = turned_down();
    plugin.offline(true).expect("a bounce");
    plugin.activate(RATE, 512).expect("activates");
    let first = plugin.play(&note()).expect("plays").main().to_vec();
    for bounce in 2..=4 {
        plugin.reset();
        assert_same(
            plugin.play(&note()).expect("plays").main(),
            &first,
            &format!("bounce {bounce}"),
        );
    }
}

/// The first bounce is the tenth, whether the host activates anew or resets.
#[test]
fn chance_falls_alike_in_every_bounce() {
    let document = r#"
version = 1
name = "Chance"
[[instr]]
name = "chance"
body = '''
|kmidi=69|
klevel randomh 0, 0.5, 500
anoise noise klevel, 0
outs anoise, anoise
'''
"#;
    let mut plugin = with(document);
    plugin.offline(true).expect("a bounce");
    plugin.activate(RATE, 512).expect("activates");
    let first = plugin.play(&note()).expect("plays").main().to_vec();
    assert!(peak(&first[0]) > 0.1);
    for bounce in 2..=10 {
        if bounce % 2 == 0 {
            plugin.activate(RATE, 512).expect("activates again");
        } else {
            plugin.reset();
        }
        let heard = plugin.play(&note()).expect("plays");
        assert_same(heard.main(), &first, &format!("bounce {bounce}"));
    }
}

#[test]
fn a_new_sample_rate_keeps_pitch_and_values() {
    let mut plugin = turned_down();
    for rate in [44_100.0, 96_000.0, 48_000.0] {
        plugin.activate(rate, 256).expect("activates");
        let heard = plugin.play(&note()).expect("plays");
        let middle = &heard.left()[1_000..8_000];
        assert!(
            (pitch(middle, rate) - 440.0).abs() < 0.5,
            "{rate}: {}",
            pitch(middle, rate)
        );
        assert!((0.1..0.15).contains(&peak(middle)));
    }
}

#[test]
fn text_that_cannot_be_read_is_kept_and_the_sound_stays() {
    let mut plugin = with(SINE);
    let heard = play(&mut plugin);
    let (plain, newer) = ("no document at all", r#"{"version":99,"name":"later"}"#);
    for text in [plain, newer] {
        plugin
            .load(&Project::of_text(text).clap_state())
            .expect("kept for the user");
        assert_same(&play(&mut plugin), &heard, "the last good sound");
        let saved = String::from_utf8_lossy(&unpacked(&plugin.save().expect("saves"))).into_owned();
        assert!(saved.contains(&text.replace('"', r#"\\\""#)), "{saved}");
    }
}

#[test]
fn bytes_that_are_no_state_change_nothing() {
    let mut plugin = with(SINE);
    let heard = play(&mut plugin);
    for garbage in [&b""[..], b"\x05\0\0\0\0\0\0\0hello", &[0xff; 64]] {
        assert!(plugin.load(garbage).is_err());
        assert_same(&play(&mut plugin), &heard, "after garbage");
    }
}

#[test]
fn a_deadly_document_is_silent_in_a_living_host_and_is_kept() {
    let mut plugin = with(SINE);
    play(&mut plugin);
    plugin.load(&state(DEADLY)).expect("loads");
    assert!(
        is_silent(plugin.play(&note()).expect("plays on").left()),
        "while active"
    );
    assert!(is_silent(&play(&mut plugin)[0]), "activated");
    let saved = plugin.save().expect("saves");
    let text = String::from_utf8_lossy(&unpacked(&saved)).into_owned();
    assert!(text.contains("ione = 1/0"), "{text}");
    plugin.load(&state(SINE)).expect("loads");
    assert!(
        !is_silent(&play(&mut plugin)[0]),
        "a good document is heard again"
    );
}

#[test]
fn a_state_without_values_starts_from_the_text() {
    let mut plugin = turned_down();
    plugin.load(&state(SINE)).expect("loads");
    assert_eq!(plugin.parameter("Level").expect("a slot").value, 0.5);
    assert!((peak(&play(&mut plugin)[0]) - 0.5).abs() < 0.01);
}

#[test]
fn another_cycle_length_asks_for_a_restart_and_reports_its_latency() {
    let mut plugin = with(SINE);
    plugin.activate(RATE, 512).expect("activates");
    assert_eq!(plugin.latency(), 32);
    let slower = SINE.replace("version = 1", "version = 1\nksmps = 128");
    plugin.load(&state(&slower)).expect("loads");
    let asked = |plugin: &Plugin| plugin.requests().restarts > 0;
    for _ in 0..200 {
        if asked(&plugin) {
            break;
        }
        plugin.play(&Take::new(512)).expect("plays on");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert!(asked(&plugin), "the host hears of it");
    plugin.activate(RATE, 512).expect("activates");
    assert_eq!(plugin.latency(), 128);
    let heard = plugin.play(&note()).expect("plays");
    assert_eq!(onset(heard.left(), 1e-6), Some(100 + 128));
}

/// A CLAP state is eight bytes of length and compressed JSON.
fn unpacked(state: &[u8]) -> Vec<u8> {
    zstd::decode_all(&state[8..]).expect("nice-plug compresses with zstd")
}
