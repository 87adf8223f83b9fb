//! Every way to speak to one note of many is heard alike, and by that note alone.

use super::plugin_kit::{RATE, with};
use super::vst3_kit::{self, FRAMES, Message};
use test_hosts::measure::amplitude_at;
use test_hosts::{Event, Expression, Note, Plugin, Project, Reply, Take};

/// Eight held notes, the sixth of which is bent down by three semitones.
const KEYS: [u8; 8] = [48, 53, 57, 62, 66, 71, 76, 81];
const BENT: usize = 5;
const BEND_AT: usize = 9_600;
const LENGTH: usize = 48_000;

const SINES: &str = r#"
version = 1
name = "Sines"
[[instr]]
name = "sine"
body = '''
|kmidi=69, kdetune=0 (-12..12 "Detune")|
aout oscili 0.05, mtof:k(kmidi + kdetune)
outs aout, aout
'''
"#;

fn note(index: usize) -> Note {
    Note::key(KEYS[index]).id(100 + index as u32)
}

fn hz(key: f64) -> f64 {
    440.0 * ((key - 69.0) / 12.0).exp2()
}

fn heard(events: Vec<(usize, Event)>) -> Vec<f32> {
    let mut plugin = with(SINES);
    plugin.activate(RATE, 512).expect("activates");
    let heard = plugin
        .play(&Take::new(LENGTH).events(events))
        .expect("plays");
    heard.left().to_vec()
}

fn held() -> Vec<(usize, Event)> {
    (0..KEYS.len())
        .map(|index| (0, Event::NoteOn(note(index), 0.5)))
        .collect()
}

fn with_bend(event: Event) -> Vec<f32> {
    let mut events = held();
    events.push((BEND_AT, event));
    heard(events)
}

fn midi(channel: u8, status: u8, first: u8, second: u8) -> Event {
    Event::Midi([status | channel, first, second])
}

/// A registered parameter.
fn rpn(channel: u8, number: u8, value: u8) -> [(usize, Event); 3] {
    [(101, 0), (100, number), (6, value)]
        .map(|(controller, value)| (0, midi(channel, 0xb0, controller, value)))
}

/// Raw MIDI with a note on each channel from the second on; `setup` is sent before.
fn on_channels(setup: Vec<(usize, Event)>) -> Vec<f32> {
    let mut events = setup;
    let channel = |index: usize| 1 + index as u8;
    events.extend((0..KEYS.len()).map(|i| (0, midi(channel(i), 0x90, KEYS[i], 64))));
    let bend = 8_192 - 512;
    events.push((
        BEND_AT,
        midi(channel(BENT), 0xe0, (bend & 127) as u8, (bend >> 7) as u8),
    ));
    heard(events)
}

fn through_vst3() -> Vec<f32> {
    let plugin = vst3_kit::open(0);
    plugin.load(Project::of_toml(SINES).expect("TOML").vst3_state());
    plugin.start();
    let mut messages: Vec<_> = KEYS
        .iter()
        .map(|&key| (0, Message::On(key.into(), 0.5)))
        .collect();
    // Tuning: 0..=1 stands for -120..=120 semitones.
    let bend = Message::Express(KEYS[BENT].into(), 2, 0.5 - 3.0 / 240.0);
    messages.push((BEND_AT, bend));
    plugin.play(LENGTH / FRAMES, &messages).0
}

#[test]
fn one_note_of_eight_is_bent_and_all_routes_null() {
    let detune = with(SINES).parameter("Detune").expect("a slot").id;
    let bent = KEYS[BENT];
    let members: Vec<(usize, Event)> = (0..8).flat_map(|index| rpn(1 + index, 0, 48)).collect();
    let routes = [
        (
            "a CLAP expression by id",
            with_bend(Event::Express(
                Note {
                    channel: None,
                    key: None,
                    ..note(BENT)
                },
                Expression::Tuning,
                -3.0,
            )),
        ),
        (
            "a CLAP expression by key",
            with_bend(Event::Express(Note::key(bent), Expression::Tuning, -3.0)),
        ),
        (
            "polyphonic modulation",
            with_bend(Event::ModulateNote(detune, note(BENT), -3.0 / 24.0)),
        ),
        ("an MPE zone", on_channels(rpn(0, 6, 15).to_vec())),
        ("channels with a bend range", on_channels(members)),
        ("a VST3 expression", through_vst3()),
    ];
    let (_, reference) = &routes[0];
    let late = &reference[BEND_AT + 2_400..];
    for (index, &key) in KEYS.iter().enumerate() {
        let level = |key: f64| amplitude_at(late, hz(key), RATE);
        let moved = if index == BENT { -3.0 } else { 0.0 };
        assert!(
            (level(f64::from(key) + moved) - 0.05).abs() < 0.002,
            "key {key}"
        );
    }
    assert!(amplitude_at(late, hz(f64::from(bent)), RATE) < 0.002);
    for (route, sound) in &routes[1..] {
        let difference = reference
            .iter()
            .zip(sound)
            .fold(0.0_f32, |most, (a, b)| most.max((a - b).abs()));
        assert!(difference < 5e-5, "{route}: {difference}");
        assert_eq!(sound.len(), reference.len());
    }
}

/// A document in which each note gives so much of an expression times a weight of its own.
fn weighed(source: &str) -> String {
    format!(
        "version = 1\nname = \"Weights\"\n[[instr]]\nname = \"weight\"\nbody = '''\n|imidi, kx=0 (-4..4 internal)|\n\
         aout = upsamp(kx * (imidi - 59) / 1000)\nouts aout, aout\n'''\n\
         [[layer]]\nname = \"weights\"\nbind = {{ kx = {{ from = \"{source}\", amount = 1.0 }} }}\n\
         parts = [{{ instr = \"weight\" }}]\n"
    )
}

/// What all notes give together when one of them, key 64, has this value and the others have `rest`.
fn sum(value: f64, rest: f64) -> f64 {
    let weight = |key: i32| f64::from(key - 59) / 1000.0;
    let all: f64 = (60..68).map(weight).sum();
    all * rest + weight(64) * (value - rest)
}

#[test]
fn every_expression_reaches_its_note_by_every_route() {
    // Long because it is the table of all routes.
    let half = 64.0 / 127.0;
    let own = Note::key(64);
    let express = |kind, value| Event::Express(own, kind, value);
    // Source, VST3's number and value, what it is worth, what a note has without it, CLAP and MIDI.
    let clap = |source: &str, event: Event, value: f64, rest: f64| {
        let mut plugin = with(&weighed(source));
        plugin.activate(RATE, 512).expect("activates");
        let notes = (60..68_u8).map(|key| (0, Event::NoteOn(Note::key(key), 0.5)));
        let take = Take::new(9_600).events(notes).at(960, event);
        let heard = plugin.play(&take).expect("plays");
        let level = f64::from(heard.left()[9_000]);
        assert!(
            (level - sum(value, rest)).abs() < 1e-6,
            "{source} {event:?}: {level}"
        );
    };
    clap("pressure", express(Expression::Pressure, half), half, 0.0);
    clap("pressure", Event::Midi([0xa0, 64, 64]), half, 0.0);
    clap("timbre", express(Expression::Brightness, half), half, 0.0);
    clap("vibrato", express(Expression::Vibrato, half), half, 0.0);
    clap(
        "expression",
        express(Expression::Expression, half),
        half,
        0.0,
    );
    clap("pan", express(Expression::Pan, 0.25), -0.5, 0.0);
    clap("gain", express(Expression::Volume, 2.0), 2.0, 1.0);

    // On channels of its own, what a channel says is said to its note; a master's words are said to all.
    let mpe = |source: &str, message: Event, expected: f64| {
        let mut plugin = with(&weighed(source));
        plugin.activate(RATE, 512).expect("activates");
        let notes = (0..8_u8).map(|index| (10, midi(1 + index, 0x90, 60 + index, 64)));
        let take = Take::new(9_600)
            .events(rpn(0, 6, 15))
            .events(notes)
            .at(960, message);
        let heard = plugin.play(&take).expect("plays");
        let level = f64::from(heard.left()[9_000]);
        assert!(
            (level - expected).abs() < 1e-6,
            "{source} {message:?}: {level}"
        );
    };
    mpe("pressure", midi(5, 0xd0, 64, 0), sum(half, 0.0));
    mpe("timbre", midi(5, 0xb0, 74, 64), sum(half, 0.0));
    mpe("vibrato", midi(5, 0xb0, 1, 64), sum(half, 0.0));
    mpe("expression", midi(5, 0xb0, 11, 64), sum(half, 0.0));
    mpe("cc17", midi(5, 0xb0, 17, 64), sum(half, 0.0));
    mpe("pressure", midi(0, 0xd0, 64, 0), sum(half, half));

    let vst3 = |source: &str, message: Message, value: f64, rest: f64| {
        let plugin = vst3_kit::open(0);
        plugin.load(
            Project::of_toml(&weighed(source))
                .expect("TOML")
                .vst3_state(),
        );
        plugin.start();
        let mut messages: Vec<_> = (60..68).map(|key| (0, Message::On(key, 0.5))).collect();
        messages.push((960, message));
        let (heard, _) = plugin.play(150, &messages);
        let level = f64::from(heard[9_000]);
        assert!(
            (level - sum(value, rest)).abs() < 1e-6,
            "{source} {message:?}: {level}"
        );
    };
    vst3("pressure", Message::Pressure(64, half as f32), half, 0.0);
    vst3("gain", Message::Express(64, 0, 0.5), 2.0, 1.0);
    vst3("pan", Message::Express(64, 1, 0.25), -0.5, 0.0);
    vst3("vibrato", Message::Express(64, 3, half), half, 0.0);
    vst3("expression", Message::Express(64, 4, half), half, 0.0);
    vst3("timbre", Message::Express(64, 5, half), half, 0.0);
}

const RINGING: &str = r#"
version = 1
name = "Ringing"
[[instr]]
name = "ring"
body = '''
|kmidi|
aout oscili 0.1 * linsegr:k(1, 0.5, 0), mtof:k(kmidi)
outs aout, aout
'''
[[layer]]
name = "rings"
voices = 7
parts = [{ instr = "ring" }]
"#;

fn ringing() -> Plugin {
    let mut plugin = with(RINGING);
    plugin.activate(RATE, 512).expect("activates");
    plugin
}

fn ends(replies: &[(usize, Reply)]) -> Vec<(usize, Note)> {
    let end = |(at, reply): &(usize, Reply)| match reply {
        Reply::NoteEnd(note) => Some((*at, *note)),
        _ => None,
    };
    replies.iter().filter_map(end).collect()
}

#[test]
fn overlapping_notes_on_one_key_live_by_their_ids() {
    let mut plugin = ringing();
    let (first, second) = (Note::key(69).id(1), Note::key(69).id(2));
    let take = Take::new(60_000)
        .at(0, Event::NoteOn(first, 1.0))
        .at(4_800, Event::NoteOn(second, 1.0))
        .at(9_600, Event::Express(second, Expression::Tuning, 12.0))
        .at(14_400, Event::NoteOff(first));
    let heard = plugin.play(&take).expect("plays");
    let late = &heard.left()[48_000..];
    assert!(
        amplitude_at(late, 440.0, RATE) < 1e-3,
        "the first one has ended"
    );
    assert!(
        (amplitude_at(late, 880.0, RATE) - 0.1).abs() < 2e-3,
        "the second one is held"
    );
    let ended = ends(&heard.replies);
    assert_eq!(ended.len(), 1, "{ended:?}");
    assert_eq!(ended[0].1, first);
    // The release lasts half a second.
    assert!(
        (14_400 + 24_000..14_400 + 24_640).contains(&ended[0].0),
        "{ended:?}"
    );
}

#[test]
fn a_choke_ends_a_note_at_once() {
    let mut plugin = ringing();
    let note = Note::key(69).id(3);
    let take = Take::new(9_600)
        .at(0, Event::NoteOn(note, 1.0))
        .at(4_800, Event::Choke(note));
    let heard = plugin.play(&take).expect("plays");
    let end = heard.left().iter().rposition(|sample| *sample != 0.0);
    assert!(
        end.is_some_and(|end| (4_800..4_800 + 96).contains(&end)),
        "{end:?}"
    );
    assert_eq!(ends(&heard.replies).len(), 1);
}

#[test]
fn the_host_knows_how_many_voices_there_are() {
    assert_eq!(ringing().voices(), Some((7, 256)));
    let mut plugin = instrument_with_two_layers();
    assert_eq!(plugin.voices(), Some((24, 256)));
    let take = Take::new(48_000)
        .at(0, Event::NoteOn(Note::key(60).id(1), 1.0))
        .at(4_800, Event::NoteOff(Note::key(60).id(1)));
    let heard = plugin.play(&take).expect("plays");
    let ended = ends(&heard.replies);
    assert_eq!(ended.len(), 1, "two layers are one voice: {ended:?}");
    assert!(
        ended[0].0 > 4_800 + 24_000,
        "with the longer release: {ended:?}"
    );
}

fn instrument_with_two_layers() -> Plugin {
    let mut document = RINGING.replace("voices = 7", "voices = 8");
    document += "[[instr]]\nname = \"short\"\nbody = '''\n|kmidi|\naout oscili 0.1 * linsegr:k(1, 0.01, 0), mtof:k(kmidi)\n\
        outs aout, aout\n'''\n[[layer]]\nname = \"shorts\"\nparts = [{ instr = \"short\" }]\n";
    let mut plugin = with(&document);
    plugin.activate(RATE, 512).expect("activates");
    plugin
}
