//! A bounce is the same to the last bit, whoever makes it and however time is cut.

use crate::documents::{FILTERED, SINE};
use crate::place::place;
use crate::vst3::Vst3;
use crate::{INSTRUMENT, RATE, program, song};
use test_hosts::{BlockSizes, Event, Project, Take, measure};

/// The cuts of time that must not be heard.
const BLOCKS: [BlockSizes; 7] = [
    BlockSizes::Fixed(1),
    BlockSizes::Fixed(17),
    BlockSizes::Fixed(64),
    BlockSizes::Fixed(480),
    BlockSizes::Fixed(512),
    BlockSizes::Fixed(4096),
    BlockSizes::Random(11),
];

#[test]
fn one_midi_file_bounces_alike_in_clap_vst3_and_on_the_command_line() {
    for (name, document) in [("sine", SINE), ("filtered saw", FILTERED)] {
        let reference = program::render(document, &song::file(), song::FRAMES, "512");
        let onset = measure::onset(&reference[0], 1e-9).expect("it sounds");
        // An envelope from 0 makes the first samples of the saw too small to see.
        assert!(
            (song::FIRST..song::FIRST + 8).contains(&onset),
            "{name} starts at {onset}"
        );
        assert!(measure::peak(&reference[0]) > 0.1, "{name}: audible");
        let midi = song::file();
        for blocks in BLOCKS {
            let what = |host: &str| format!("{name} in {host}, {blocks:?}");
            let rendered = program::render(document, &midi, song::FRAMES, &option(blocks));
            measure::assert_same(&rendered, &reference, &what("csound-session render"));
            measure::assert_same(&clap(document, blocks), &reference, &what("CLAP"));
            measure::assert_same(&vst3(document, &midi, blocks), &reference, &what("VST3"));
        }
    }
}

#[test]
fn the_factory_pad_bounces_alike() {
    let document = include_str!("../../instruments/pad.toml");
    let midi = song::file();
    let reference = program::render(document, &midi, song::FRAMES, "512");
    measure::assert_same(
        &clap(document, BlockSizes::Random(3)),
        &reference,
        "pad in CLAP",
    );
    measure::assert_same(
        &vst3(document, &midi, BlockSizes::Random(3)),
        &reference,
        "pad in VST3",
    );
}

#[test]
fn the_tenth_bounce_is_the_first() {
    let project = Project::of_toml(FILTERED).expect("the document is TOML");
    let mut plugin = place()
        .binary()
        .open(INSTRUMENT)
        .expect("the instrument opens");
    plugin.load(&project.clap_state()).expect("the state loads");
    plugin
        .offline(true)
        .expect("the plugin takes an offline mode");
    let take = Take::new(24_000).events(song::midi().events(RATE));
    let take = Take {
        events: take
            .events
            .into_iter()
            .filter(|(at, _)| *at < 20_000)
            .collect(),
        ..take
    };
    let mut bounce = || {
        plugin.activate(RATE, 512).expect("activates again");
        plugin.play(&take).expect("plays").main().to_vec()
    };
    let first = bounce();
    for number in 2..=10 {
        measure::assert_same(&bounce(), &first, &format!("bounce {number}"));
    }
}

#[test]
fn raw_midi_is_played_as_notes_are() {
    let notes = song::midi().events(RATE);
    let raw = song::midi().raw_events(RATE);
    let heard = [notes, raw].map(|events| clap_events(FILTERED, events, BlockSizes::Fixed(512)));
    measure::assert_same(&heard[1], &heard[0], "raw MIDI");
}

fn clap(document: &str, blocks: BlockSizes) -> Vec<Vec<f32>> {
    clap_events(document, song::midi().events(RATE), blocks)
}

fn clap_events(document: &str, events: Vec<(usize, Event)>, blocks: BlockSizes) -> Vec<Vec<f32>> {
    let project = Project::of_toml(document).expect("the document is TOML");
    let mut plugin = place()
        .binary()
        .open(INSTRUMENT)
        .expect("the instrument opens");
    plugin.load(&project.clap_state()).expect("the state loads");
    plugin.activate(RATE, blocks.largest()).expect("activates");
    let latency = plugin.latency();
    let take = Take::new(song::FRAMES + latency as usize)
        .blocks(blocks)
        .events(events);
    plugin.play(&take).expect("plays").aligned(latency)
}

fn vst3(document: &str, midi: &std::path::Path, blocks: BlockSizes) -> Vec<Vec<f32>> {
    // The latency is not known before, so a little more is played and cut off.
    let frames = song::FRAMES + 1024;
    let run = Vst3::new(INSTRUMENT, frames).document(document).midi(midi);
    let cut = match blocks {
        BlockSizes::Fixed(size) => vec![size],
        BlockSizes::Random(_) => blocks.cut(frames),
    };
    let mut sound = run.blocks(&cut).play().aligned();
    sound
        .iter_mut()
        .for_each(|channel| channel.truncate(song::FRAMES));
    sound
}

fn option(blocks: BlockSizes) -> String {
    match blocks {
        BlockSizes::Fixed(frames) => frames.to_string(),
        BlockSizes::Random(_) => "random".to_owned(),
    }
}
