//! Notes and parameters through the CLAP entry, heard.

use std::time::Instant;

use super::plugin_kit::{RATE, SINE, instrument, with};
use test_hosts::measure::{amplitude_at, is_silent, onset, pitch};
use test_hosts::{BlockSizes, Event, Note, Take};

#[test]
fn the_default_document_plays_at_once() {
    let mut plugin = instrument();
    plugin.activate(RATE, 512).expect("activates");
    let heard = plugin
        .play(&Take::new(24_000).at(0, Event::NoteOn(Note::key(60), 0.9)))
        .expect("plays");
    assert!(!is_silent(heard.left()));
    assert!(heard.continues);
}

/// Of several instances, so that a busy machine does not count.
#[test]
fn the_first_sound_is_there_within_a_tenth_of_a_second() {
    let first_sound = || {
        let mut plugin = instrument();
        let start = Instant::now();
        plugin.activate(RATE, 512).expect("activates");
        let note = Take::new(512).at(0, Event::NoteOn(Note::key(60), 0.9));
        let heard = plugin.play(&note).expect("plays");
        assert!(!is_silent(heard.left()));
        start.elapsed()
    };
    let times: Vec<_> = (0..4).map(|_| first_sound()).collect();
    let quickest = times.iter().min();
    assert!(
        quickest.is_some_and(|time| time.as_millis() < 100),
        "{times:?}"
    );
}

#[test]
fn a_note_begins_at_its_sample_in_blocks_of_any_size() {
    for blocks in [
        BlockSizes::Fixed(1),
        BlockSizes::Fixed(64),
        BlockSizes::Fixed(480),
        BlockSizes::Random(3),
    ] {
        let mut plugin = with(SINE);
        plugin.activate(RATE, blocks.largest()).expect("activates");
        let take = Take::new(8_000)
            .blocks(blocks)
            .at(1_017, Event::NoteOn(Note::key(69), 1.0));
        let heard = plugin.play(&take).expect("plays");
        assert_eq!(
            onset(heard.left(), 1e-6),
            Some(1_017 + plugin.latency() as usize),
            "{blocks:?}"
        );
        assert!((pitch(&heard.left()[2_000..], RATE) - 440.0).abs() < 0.5);
    }
}

#[test]
fn a_parameter_moves_its_control() {
    let mut plugin = with(SINE);
    plugin.activate(RATE, 512).expect("activates");
    let level = plugin.parameter("Level").expect("the control has a slot");
    assert_eq!((level.module.as_str(), level.default), ("sine", 0.5));
    assert_eq!(plugin.text_of(level.id, 0.25).expect("reads"), "25 %");
    assert_eq!(plugin.value_of(level.id, "75 %").expect("reads"), 0.75);
    let take = Take::new(24_000)
        .at(0, Event::NoteOn(Note::key(69), 1.0))
        .at(12_000, Event::Parameter(level.id, 1.0));
    let heard = plugin.play(&take).expect("plays");
    let loudness = |from: usize| amplitude_at(&heard.left()[from..from + 9_600], 440.0, RATE);
    assert!((loudness(2_000) - 0.5).abs() < 0.01, "{}", loudness(2_000));
    assert!(
        (loudness(13_000) - 1.0).abs() < 0.01,
        "{}",
        loudness(13_000)
    );
}

#[test]
fn slots_without_a_control_are_hidden_and_the_list_ends_where_it_ends() {
    let mut plugin = with(SINE);
    let parameters = plugin.parameters();
    assert_eq!(parameters.len(), 130);
    let shown: Vec<_> = parameters
        .iter()
        .filter(|p| !p.hidden)
        .map(|p| p.name.as_str())
        .collect();
    assert_eq!(shown, ["Gain", "Bypass", "Level"]);
}
