//! The effect: input, bypass, gain.

use super::plugin_kit::{RATE, effect, state};
use test_hosts::measure::{amplitude_at, assert_same, is_silent, sine};
use test_hosts::{BlockSizes, Event, Plugin, Take};

const FRAMES: usize = 24_000;

/// Half of the input, half of the sidechain.
const MIX: &str = "
version = 1
[[instr]]
name = 'mix'
body = '''
aleft, aright inch 1, 2
akeyl, akeyr inch 3, 4
outs 0.5 * (aleft + akeyl), 0.5 * (aright + akeyr)
'''
";

fn fed(document: Option<&str>) -> (Plugin, Take) {
    let mut plugin = effect();
    if let Some(document) = document {
        plugin.load(&state(document)).expect("loads");
    }
    plugin.activate(RATE, 512).expect("activates");
    let tone = |hz, level: f32| sine(hz, RATE, FRAMES).iter().map(|x| x * level).collect();
    let input = |hz| vec![tone(hz, 0.5), tone(hz, 0.25)];
    let take = Take::new(FRAMES)
        .blocks(BlockSizes::Fixed(300))
        .input(0, input(440.0))
        .input(1, input(1_000.0));
    (plugin, take)
}

fn dry(take: &Take, latency: usize) -> Vec<f32> {
    let silence = std::iter::repeat_n(0.0, latency);
    silence
        .chain(take.inputs[0][0].iter().copied())
        .take(FRAMES)
        .collect()
}

#[test]
fn input_and_sidechain_reach_the_document() {
    let (mut plugin, take) = fed(Some(MIX));
    let heard = plugin.play(&take).expect("plays");
    let loud = |channel: usize, hz| amplitude_at(&heard.main()[channel][4_800..19_200], hz, RATE);
    assert!((loud(0, 440.0) - 0.25).abs() < 0.003 && (loud(1, 440.0) - 0.125).abs() < 0.003);
    assert!((loud(0, 1_000.0) - 0.25).abs() < 0.003 && (loud(1, 1_000.0) - 0.125).abs() < 0.003);
}

#[test]
fn bypass_is_the_input_late_by_the_latency_and_comes_without_a_click() {
    let (mut plugin, take) = fed(Some(MIX));
    let bypass = plugin.parameter("Bypass").expect("bypass").id;
    let latency = plugin.latency() as usize;
    let heard = plugin
        .play(&take.clone().at(6_000, Event::Parameter(bypass, 1.0)))
        .expect("plays");
    let expected = dry(&take, latency);
    assert!(heard.left()[8_000..] == expected[8_000..], "bit for bit");
    let steps = heard
        .left()
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs());
    // The steepest step of the two sines together.
    assert!(steps.fold(0.0, f32::max) < 0.1);
}

/// clap-validator's fuzzer found one while it bypassed the effect: input this faint came through, and was made fainter yet
/// by the ramp.
#[test]
fn no_subnormal_sample_comes_through_the_bypass() {
    let (mut plugin, _) = fed(Some(MIX));
    let bypass = plugin.parameter("Bypass").expect("bypass").id;
    let faint = vec![vec![3e-38; FRAMES], vec![-1e-40; FRAMES]];
    let take = Take::new(FRAMES)
        .input(0, faint)
        .at(6_000, Event::Parameter(bypass, 1.0))
        .at(12_000, Event::Parameter(bypass, 0.0));
    let heard = plugin.play(&take).expect("plays");
    let samples = heard.ports.iter().flatten().flatten();
    assert_eq!(samples.filter(|sample| sample.is_subnormal()).count(), 0);
}

#[test]
fn a_document_that_does_not_play_lets_the_input_through() {
    let (mut plugin, take) = fed(Some(
        "version = 1\n[[instr]]\nname = 'bad'\nbody = 'this is no code'\n",
    ));
    let latency = plugin.latency() as usize;
    let heard = plugin.play(&take).expect("plays");
    assert!(heard.left() == dry(&take, latency), "bit for bit");
}

#[test]
fn unity_gain_changes_no_bit_and_gain_scales() {
    let (mut plugin, take) = fed(Some(MIX));
    let gain = plugin.parameter("Gain").expect("gain");
    let plain = plugin.play(&take).expect("plays").main().to_vec();
    plugin.activate(RATE, 512).expect("activates");
    let take = take.at(0, Event::Parameter(gain.id, gain.default));
    assert_same(
        plugin.play(&take).expect("plays").main(),
        &plain,
        "0 dB as the host says it",
    );
    let half = plugin.value_of(gain.id, "-6.0206 dB").expect("reads");
    let heard = plugin
        .play(&take.at(1, Event::Parameter(gain.id, half)))
        .expect("plays");
    let loud = amplitude_at(&heard.left()[4_800..19_200], 440.0, RATE);
    assert!((loud - 0.125).abs() < 0.002, "{loud}");
}

#[test]
fn the_default_effect_is_heard() {
    let (mut plugin, take) = fed(None);
    let heard = plugin.play(&take).expect("plays");
    assert!(!is_silent(&heard.left()[2_000..]));
    let with_echo = amplitude_at(&heard.left()[20_000..23_000], 440.0, RATE);
    let alone = amplitude_at(&heard.left()[2_000..5_000], 440.0, RATE);
    assert!(
        (with_echo - alone).abs() > 0.01,
        "the echo joins after its time: {alone} {with_echo}"
    );
}
