//! Notes, automation, inputs and dangerous documents in both formats.

use crate::documents::{DEADLY, ENDLESS, MIXER, SINE};
use crate::place::place;
use crate::vst3::Vst3;
use crate::{EFFECT, INSTRUMENT, RATE, song};
use test_hosts::measure::{amplitude_at, end, is_silent, onset, peak, pitch, sine};
use test_hosts::{BlockSizes, Event, Note, Plugin, Project, Take};

/// The index of the first slot among the host parameters.
const FIRST_SLOT: usize = 2;

fn open(plugin: &str, document: &str) -> Plugin {
    let project = Project::of_toml(document).expect("the document is TOML");
    let mut plugin = place().binary().open(plugin).expect("the plugin opens");
    plugin.load(&project.clap_state()).expect("the state loads");
    plugin.activate(RATE, 512).expect("activates");
    plugin
}

#[test]
fn a_note_sounds_from_its_sample_to_its_sample() {
    let mut plugin = open(INSTRUMENT, SINE);
    let latency = plugin.latency() as usize;
    let note = Note::key(69).id(7);
    for (start, length) in [(1_000, 9_600), (1_017, 9_601), (4_095, 4_799)] {
        plugin.activate(RATE, 512).expect("activates again");
        let take = Take::new(24_000)
            .at(start, Event::NoteOn(note, 1.0))
            .at(start + length, Event::NoteOff(note));
        let heard = plugin.play(&take).expect("plays");
        assert_eq!(
            onset(heard.left(), 1e-6),
            Some(latency + start),
            "first sample"
        );
        // Csound ends a held note at the edge of a cycle.
        let last = end(heard.left(), 1e-6).expect("it sounded");
        let late = last as isize - (latency + start + length) as isize;
        assert!(late.abs() < 32, "last sample {late} after the note's");
        let middle = &heard.left()[latency + start + 1_000..latency + start + 4_000];
        assert!((pitch(middle, RATE) - 440.0).abs() < 0.5, "pitch");
        assert!(is_silent(&heard.left()[last..]), "silence after the note");
    }
}

#[test]
fn automation_moves_a_control_at_its_sample() {
    let mut plugin = open(INSTRUMENT, SINE);
    let latency = plugin.latency() as usize;
    let level = plugin
        .parameter("Level")
        .expect("the control is a parameter")
        .id;
    let take = Take::new(36_000)
        .at(0, Event::NoteOn(Note::key(69), 1.0))
        .at(12_345, Event::Parameter(level, 1.0))
        .at(24_000, Event::Parameter(level, 0.25));
    let heard = plugin.play(&take).expect("plays");
    let amplitude = |from: usize, to: usize| {
        amplitude_at(&heard.left()[latency + from..latency + to], 440.0, RATE)
    };
    assert!((amplitude(1_000, 12_000) - 0.5).abs() < 0.01);
    assert!((amplitude(12_500, 23_900) - 1.0).abs() < 0.01);
    assert!((amplitude(24_100, 35_000) - 0.25).abs() < 0.01);
    assert!(
        peak(&heard.left()[..latency + 12_345 - 32]) < 0.501,
        "not before its cycle"
    );
    assert!(
        peak(&heard.left()[..latency + 12_345 + 200]) > 0.9,
        "at once"
    );
}

#[test]
fn automation_in_a_vst3_host_moves_the_same_control() {
    let run = Vst3::new(INSTRUMENT, 48_000)
        .document(SINE)
        .midi(&song::file())
        .automate(24_000, FIRST_SLOT, 0.0);
    let answer = run.play();
    let sound = answer.aligned();
    assert_eq!(onset(&sound[0], 1e-6), Some(song::FIRST));
    assert!(peak(&sound[0][..23_000]) > 0.4);
    assert!(is_silent(&sound[0][25_000..47_000]), "the level is at 0");
    assert_eq!(answer.parameters[FIRST_SLOT], 0.0);
}

#[test]
fn the_effect_hears_its_input_and_its_sidechain() {
    let mut plugin = open(EFFECT, MIXER);
    let latency = plugin.latency() as usize;
    let (main, side) = (sine(300.0, RATE, 24_000), sine(1_700.0, RATE, 24_000));
    let side_gain = plugin
        .parameter("Side")
        .expect("the control is a parameter")
        .id;
    let take = Take::new(24_000)
        .blocks(BlockSizes::Random(5))
        .input(0, vec![main.clone(), main.clone()])
        .input(1, vec![side.clone(), side])
        .at(12_000, Event::Parameter(side_gain, 0.5));
    let heard = plugin.play(&take).expect("plays");
    for channel in heard.main() {
        let amplitude =
            |hertz, from: usize, to: usize| amplitude_at(&channel[from..to], hertz, RATE);
        assert!(
            (amplitude(300.0, 1_000, 12_000) - 1.0).abs() < 0.01,
            "the main input passes"
        );
        assert!(
            amplitude(1_700.0, 1_000, 12_000) < 0.001,
            "the sidechain does not"
        );
        assert!(
            (amplitude(1_700.0, 12_100, 24_000) - 0.5).abs() < 0.01,
            "until its gain is up"
        );
        assert_eq!(
            &channel[latency..11_000 + latency],
            &main[..11_000],
            "the same samples, late by the latency"
        );
    }
}

#[test]
fn the_effect_passes_its_input_in_a_vst3_host() {
    let main = vec![sine(300.0, RATE, 24_000), sine(500.0, RATE, 24_000)];
    let sound = Vst3::new(EFFECT, 24_000)
        .document(MIXER)
        .input(&main)
        .play()
        .sound;
    for (channel, hertz) in sound.iter().zip([300.0, 500.0]) {
        assert!((amplitude_at(&channel[4_000..20_000], hertz, RATE) - 1.0).abs() < 0.01);
    }
}

#[test]
fn deadly_documents_leave_both_hosts_alive_and_silent() {
    for document in [DEADLY, ENDLESS] {
        let mut plugin = open(INSTRUMENT, document);
        let take = Take::new(24_000).at(0, Event::NoteOn(Note::key(69), 1.0));
        let heard = plugin.play(&take).expect("plays");
        assert!(is_silent(heard.left()), "CLAP");
        let healthy = Project::of_toml(SINE).expect("the document is TOML");
        plugin
            .load(&healthy.clap_state())
            .expect("the next state loads");
        let heard = plugin.play(&take).expect("plays on");
        assert!(
            peak(heard.left()) > 0.4,
            "a healthy document sounds afterwards"
        );
        let sound = Vst3::new(INSTRUMENT, 24_000)
            .document(document)
            .midi(&song::file())
            .play()
            .sound;
        assert!(is_silent(&sound[0]), "VST3");
    }
}

#[test]
fn the_library_can_be_unloaded_and_loaded_again() {
    for _ in 0..3 {
        let mut plugin = open(INSTRUMENT, SINE);
        let heard = plugin.play(&Take::new(4_800).at(0, Event::NoteOn(Note::key(69), 1.0)));
        assert!(peak(heard.expect("plays").left()) > 0.4);
        drop(plugin);
    }
}
