//! What scores, MIDI files and inputs sound like when they are rendered.

use csound_session::render::BlockSize;
use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};

use super::render_kit::{Kit, channel, extent, instr, peak, pitch};

const SINE: &str = "|kfreq=440, kamp=0.1|\na0 = oscili:a(kamp, kfreq)\nouts a0, a0";

#[test]
fn the_interface_example_changes_pitch_when_it_is_set() {
    let score = "[[event]]\ninstr = \"sine\"\ndur = 2\nargs = { kfreq = 800 }\n\
                 [[event.set]]\nat = 1\nargs = { kfreq = 1000 }\n";
    let left = Kit::instr("sine", SINE).score(score).left();
    assert_eq!(left.len(), 96_000);
    assert!((pitch(&left[4_800..43_200]) - 800.0).abs() < 0.05);
    assert!((pitch(&left[52_800..91_200]) - 1000.0).abs() < 0.05);
    assert!((peak(&left) - 0.1).abs() < 1e-4);
}

#[test]
fn arguments_are_given_by_name_place_and_alias() {
    let body = "|iamp=0.1, kval=0.25, Stext=\"a\"|\n\
                isum = iamp + (strcmp(Stext, \"b\") == 0 ? 0.5 : 0)\nouts a(isum + kval), a(0)";
    let cases = [
        ("", 0.35),
        ("args = { kval = 0.5 }", 0.6),
        ("args = [0.2, 0.3]", 0.5),
        ("args = { p5 = 0.2, p6 = 0.3 }", 0.5),
        ("args = { Stext = \"b\" }", 0.85),
        ("args = [0.2, 0.3, \"b\"]", 1.0),
    ];
    for (args, wanted) in cases {
        let score = format!("[[event]]\ninstr = \"x\"\ndur = 0.1\n{args}\n");
        let left = Kit::instr("x", body).score(&score).left();
        assert!(
            (left[2400] - wanted).abs() < 1e-9,
            "{args:?}: {} for {wanted}",
            left[2400]
        );
    }
}

#[test]
fn a_set_at_the_start_is_the_start_value() {
    let body = "|kval=0.25|\na1 init i(kval)\na2 = upsamp(kval)\nouts a1, a2";
    let score = "[[event]]\ninstr = \"x\"\nat = 0.1\ndur = 0.1\n[[event.set]]\nat = 0\n\
                 args = { kval = 0.75 }\n[[event.set]]\nat = 0.05\nargs = { kval = 0.5 }\n";
    let sound = Kit::instr("x", body).score(score).sound();
    let (left, right) = (channel(&sound, 0), channel(&sound, 1));
    assert_eq!((left[4_800], left[9_599]), (0.75, 0.75));
    assert_eq!((right[5_000], right[9_500]), (0.75, 0.5));
}

#[test]
fn parameters_move_controls_and_notes_start_with_them() {
    let body = "|imidi=60, kval=0.25 (0..1)|\na1 init i(kval)\na2 = upsamp(kval)\nouts a1, a2";
    let score = "[[param]]\nname = \"x.kval\"\nat = 0.5\nvalue = 0.75\n\
                 [[note]]\nkey = 60\ndur = 0.5\n[[note]]\nat = 0.5\nkey = 62\ndur = 0.5\n";
    let sound = Kit::instr("x", body).score(score).sound();
    let (left, right) = (channel(&sound, 0), channel(&sound, 1));
    assert_eq!((left[12_000], right[12_000]), (0.25, 0.25));
    assert_eq!((left[24_100], right[24_100]), (0.75, 0.75));
    assert_eq!((left[36_000], right[36_000]), (0.75, 0.75));
}

#[test]
fn events_silence_layers_that_are_not_written() {
    let two = format!(
        "{}[[instr]]\nname = \"drone\"\nbody = '''\nouts a(0.5), a(0.5)\n'''\n",
        instr("sine", SINE)
    );
    let note = "[[note]]\nkey = 69\ndur = 0.1\n";
    assert!(
        peak(&Kit::new(&two).score(note).left()) >= 0.5,
        "notes leave the drone on"
    );
    let event = "[[event]]\ninstr = \"sine\"\ndur = 0.1\n";
    assert!(
        peak(&Kit::new(&two).score(event).left()) < 0.11,
        "an event does not"
    );
    let layered = format!(
        "{two}[[layer]]\nname = \"d\"\ntrigger = \"always\"\nparts = [{{ instr = \"drone\" }}]\n"
    );
    assert!(
        peak(&Kit::new(&layered).score(event).left()) >= 0.5,
        "a written layer sounds"
    );
}

fn two_notes() -> Vec<u8> {
    let event = |delta, kind| TrackEvent {
        delta: u28::new(delta),
        kind,
    };
    let midi = |delta, message| {
        event(
            delta,
            TrackEventKind::Midi {
                channel: u4::new(0),
                message,
            },
        )
    };
    let on = |delta, key, vel| {
        midi(
            delta,
            MidiMessage::NoteOn {
                key: u7::new(key),
                vel: u7::new(vel),
            },
        )
    };
    let end = || event(0, TrackEventKind::Meta(MetaMessage::EndOfTrack));
    let tempo = event(
        0,
        TrackEventKind::Meta(MetaMessage::Tempo(u24::new(500_000))),
    );
    let mut smf = Smf::new(Header::new(
        Format::Parallel,
        Timing::Metrical(u15::new(480)),
    ));
    smf.tracks.push(vec![tempo, end()]);
    smf.tracks.push(vec![
        on(48, 57, 127),
        on(480, 64, 64),
        on(240, 57, 0),
        on(240, 64, 0),
        end(),
    ]);
    let mut bytes = Vec::new();
    smf.write(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_midi_file_sounds_as_the_same_notes_in_a_score() {
    let velocity = 64.0 / 127.0;
    let score = format!(
        "[[note]]\nat = 0.05\ndur = 0.75\nkey = 57\nvelocity = 1\n\
         [[note]]\nat = 0.55\ndur = 0.5\nkey = 64\nvelocity = {velocity}\n"
    );
    let from_midi = Kit::factory("default.toml").midi(&two_notes()).sound();
    let from_score = Kit::factory("default.toml").score(&score).sound();
    assert!(from_midi == from_score);
    let left = channel(&from_midi, 0);
    assert_eq!(
        extent(&left).unwrap().0 / 100,
        24,
        "the first note starts at 2400"
    );
    let sine = Kit::factory("sine.toml").midi(&two_notes()).left();
    assert!((pitch(&sine[4_000..26_000]) - 220.0).abs() < 0.05);
    assert!((pitch(&sine[42_000..50_000]) - 329.628).abs() < 0.2);
}

#[test]
fn a_note_that_midi_never_ends_is_released_and_told() {
    let mut bytes = two_notes();
    // The last note-off becomes one of another key.
    let last = bytes.windows(3).rposition(|w| w == [64, 0, 0]).unwrap();
    bytes[last] = 65;
    let mut kit = Kit::factory("default.toml").midi(&bytes);
    assert!(kit.left().len() > 50_000);
    assert!(
        kit.told
            .iter()
            .any(|told| told.contains("1 note has no end")),
        "{:?}",
        kit.told
    );
}

#[test]
fn inputs_reach_effects_without_delay() {
    let document = instr(
        "fx",
        "a1, a2 inch 1, 2\na3, a4 inch 3, 4\nouts a1 + a3 * 10, a2 + a4 * 10",
    );
    let mut kit = Kit::new(&document);
    let impulse = |name: &str, at: usize, channels: u16| {
        let mut samples = vec![0.0; 1000 * usize::from(channels)];
        samples[at * usize::from(channels)] = 0.5;
        kit.sound_file(name, channels, &samples)
    };
    let (main, side) = (impulse("main.wav", 77, 2), impulse("side.wav", 500, 1));
    kit.job.input = Some(main.clone());
    kit.job.sidechain = Some(side);
    kit.job.end = Some(0.1);
    let sound = kit.sound();
    let mut wanted = vec![0.0; 4800 * 2];
    wanted[2 * 77] = 0.5;
    wanted[2 * 500] = 5.0;
    wanted[2 * 500 + 1] = 5.0;
    assert_eq!(sound.samples, wanted);
    kit.job.sample_rate = 44_100;
    std::fs::remove_file(kit.job.target.path()).unwrap();
    let told = kit.failure();
    assert!(
        told.contains("main.wav") && told.contains("--sr 48000"),
        "{told}"
    );
}

#[test]
fn instruments_hear_the_tempo_of_a_midi_file_whatever_the_blocks() {
    let event = |delta, kind| TrackEvent {
        delta: u28::new(delta),
        kind,
    };
    let tempo = |delta, quarter| {
        event(
            delta,
            TrackEventKind::Meta(MetaMessage::Tempo(u24::new(quarter))),
        )
    };
    let end = event(1921, TrackEventKind::Meta(MetaMessage::EndOfTrack));
    let track = vec![tempo(0, 600_000), tempo(480, 300_000), end];
    let mut smf = Smf::new(Header::new(
        Format::SingleTrack,
        Timing::Metrical(u15::new(480)),
    ));
    smf.tracks.push(track);
    let mut bytes = Vec::new();
    smf.write(&mut bytes).unwrap();
    let body = "a1 = upsamp(hosttempo()/1000)\na2 = upsamp(hostbeat())\nouts a1, a2";
    let render = |block| {
        let mut kit = Kit::instr("song", body).midi(&bytes);
        kit.job.block = block;
        kit.sound()
    };
    let sound = render(BlockSize::default());
    let (tempo, beat) = (channel(&sound, 0), channel(&sound, 1));
    assert_eq!(tempo.len(), 28_800 + 57_630);
    assert!((tempo[20_000] - 0.1).abs() < 1e-9 && (tempo[40_000] - 0.2).abs() < 1e-9);
    assert!((beat[14_400] - 0.5).abs() < 1e-3, "{}", beat[14_400]);
    assert!((beat[28_800 + 14_400] - 2.0).abs() < 1e-3);
    for block in [
        BlockSize::Fixed(1),
        BlockSize::Fixed(480),
        BlockSize::Random,
    ] {
        assert!(render(block) == sound, "{block:?}");
    }
}

#[test]
fn a_smoothed_control_begins_at_its_value_below_zero_too() {
    let body = "|imidi=60, kx=-30 (-60..0 smooth 50ms)|\na1 upsamp kx / 100\nouts a1, a1";
    let score = "[[note]]\nkey = 60\ndur = 0.1\n[[param]]\nname = \"x.kx\"\nat = 0.05\nvalue = -10\n\
                 [[note]]\nkey = 60\nat = 0.2\ndur = 0.1\n";
    let left = Kit::instr("x", body).score(score).left();
    assert_eq!(left[..2_000], [-0.3; 2_000]);
    assert!((left[2_400] + 0.3).abs() < 0.05 && (left[4_700] + 0.1).abs() < 0.01);
    assert_eq!(left[9_600..14_000], [-0.1; 4_400]);
}
