//! What a project keeps: saved in one instance, heard from another, in either format.

use crate::documents::SINE;
use crate::place::place;
use crate::vst3::Vst3;
use crate::{INSTRUMENT, RATE, song};
use test_hosts::measure::{assert_same, peak};
use test_hosts::{Event, Plugin, Project, Take};

const FRAMES: usize = 24_000;

fn open() -> Plugin {
    place()
        .binary()
        .open(INSTRUMENT)
        .expect("the instrument opens")
}

fn play(plugin: &mut Plugin) -> Vec<Vec<f32>> {
    plugin.activate(RATE, 512).expect("activates");
    let latency = plugin.latency();
    let take = Take::new(FRAMES + latency as usize).events(song::midi().events(RATE));
    plugin.play(&take).expect("plays").aligned(latency)
}

/// An instance whose level a host has turned down to 0.125.
fn turned_down() -> Plugin {
    let mut plugin = open();
    let project = Project::of_toml(SINE).expect("the document is TOML");
    plugin.load(&project.clap_state()).expect("the state loads");
    let level = plugin
        .parameter("Level")
        .expect("the control is a parameter")
        .id;
    plugin
        .play(&Take::new(512).at(0, Event::Parameter(level, 0.125)))
        .expect("plays");
    plugin
}

#[test]
fn a_saved_instance_sounds_the_same_elsewhere() {
    let mut first = turned_down();
    let state = first.save().expect("saves");
    let mut second = open();
    second.load(&state).expect("loads");
    let level = second.parameter("Level").expect("the control came along");
    assert!((level.value - 0.125).abs() < 1e-6, "{level:?}");
    let heard = play(&mut second);
    let top = peak(&heard[0]);
    assert!((0.1..0.5).contains(&top), "the level came along: {top}");
    assert_same(&heard, &play(&mut first), "the second instance");
    assert_eq!(
        second.save().expect("saves"),
        state,
        "saving what was loaded changes nothing"
    );
}

#[test]
fn a_state_loads_while_the_plugin_plays() {
    let mut first = turned_down();
    let state = first.save().expect("saves");
    let mut second = open();
    let mut loads = 0;
    let take = Take::new(48_000).events(song::midi().events(RATE));
    second
        .play_while(&take, |main| {
            if loads < 3 {
                main.load(&state).expect("loads");
                loads += 1;
            }
        })
        .expect("plays on");
    assert!(loads > 0);
    assert_same(&play(&mut second), &play(&mut first), "after the load");
}

#[test]
fn clap_and_vst3_read_each_others_projects() {
    let mut plugin = turned_down();
    let heard = play(&mut plugin);
    // CLAP's state is VST3's behind eight bytes of length.
    let state = plugin.save().expect("saves");
    let answer = Vst3::new(INSTRUMENT, FRAMES + 1024)
        .state(&state[8..])
        .midi(&song::file())
        .play();
    let mut sound = answer.aligned();
    sound
        .iter_mut()
        .for_each(|channel| channel.truncate(FRAMES));
    assert_same(&sound, &heard, "CLAP's project in VST3");
    let back = [
        &(answer.state.len() as u64).to_le_bytes(),
        answer.state.as_slice(),
    ]
    .concat();
    let mut again = open();
    again.load(&back).expect("VST3's project loads");
    assert_same(&play(&mut again), &heard, "VST3's project in CLAP");
}

#[test]
fn garbage_for_a_state_is_survived() {
    let mut plugin = turned_down();
    let heard = play(&mut plugin);
    for garbage in [&b""[..], b"\x05\0\0\0\0\0\0\0hello", &[0xff; 64]] {
        // A plugin may refuse it or ignore it.
        let _ = plugin.load(garbage);
    }
    assert_same(&play(&mut plugin), &heard, "after garbage");
    plugin
        .load(&Project::of_text("version = what").clap_state())
        .expect("kept for the user");
    assert!(play(&mut plugin)[0].iter().all(|x| x.is_finite()));
}
