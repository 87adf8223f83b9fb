//! Automation as hosts give it, thickly: each move acts on its sample, however the host cuts its blocks.

use super::plugin_kit::{RATE, with};
use test_hosts::measure::assert_same;
use test_hosts::{BlockSizes, Event, Note, Parameter, Take};

/// Its output is where its controls stand.
const SHOW: &str = r#"
version = 1
name = "Show"
ksmps = 1
[[instr]]
name = "show"
body = '''
|imidi, kone=0 (0..1 "One"), ktwo=0.5 (0..1 "Two")|
outs a(kone), a(ktwo)
'''
"#;

const FRAMES: usize = 8_192;

/// Two lanes with a move at every third sample, and gain, which goes another way into the plugin.
fn lanes(one: u32, two: u32, gain: u32) -> Take {
    let value = |frame: usize, turn: usize| (frame * turn % 1009) as f64 / 1009.0;
    let moves = (64..FRAMES).step_by(3).flat_map(move |frame| {
        [
            (frame, Event::Parameter(one, value(frame, 7))),
            (frame, Event::Parameter(two, value(frame, 13))),
        ]
    });
    let notes = (1..4).map(|n| {
        let note = Note::key(60 + n as u8);
        (n * 1_200, Event::NoteOn(note, 0.8))
    });
    Take::new(FRAMES)
        .events(moves)
        .events(notes)
        .at(4_001, Event::Parameter(gain, 0.25))
        .at(4_001, Event::Modulate(one, 0.125))
}

#[test]
fn moves_act_on_their_sample_however_blocks_are_cut() {
    let mut plugin = with(SHOW);
    let parameters = ["One", "Two", "Gain"].map(|name| plugin.parameter(name).expect("listed"));
    let [one, two, gain] = parameters.each_ref().map(|parameter| parameter.id);
    plugin.offline(true).expect("a bounce");
    let mut play = |blocks| {
        plugin.activate(RATE, 4096).expect("activates");
        let take = lanes(one, two, gain).blocks(blocks);
        let heard = plugin.play(&take).expect("plays").main().to_vec();
        // Where the next bounce begins.
        let start = |p: &Parameter| (0, Event::Parameter(p.id, p.default));
        let back = parameters.iter().map(start);
        let rest = Take::new(64).events(back).at(0, Event::Modulate(one, 0.0));
        plugin.play(&rest).expect("plays");
        plugin.deactivate();
        heard
    };
    // The gain's default does not read back exactly from what a host gets of it: all but the first bounce begin there.
    play(BlockSizes::Fixed(512));
    let sample_by_sample = play(BlockSizes::Fixed(1));
    // A block of 4096 holds more moves than are taken at once.
    for blocks in [64, 500, 4096].map(BlockSizes::Fixed) {
        assert_same(&play(blocks), &sample_by_sample, &format!("{blocks:?}"));
    }
    assert_same(&play(BlockSizes::Random(5)), &sample_by_sample, "random");
}

#[test]
fn a_move_is_heard_from_its_sample_on_and_kept() {
    let mut plugin = with(SHOW);
    let one = plugin.parameter("One").expect("listed").id;
    plugin.activate(RATE, 512).expect("activates");
    let take = Take::new(4_096)
        .at(0, Event::NoteOn(Note::key(60), 1.0))
        .at(1_000, Event::Parameter(one, 0.25))
        .at(1_001, Event::Parameter(one, 0.75))
        .at(2_000, Event::Modulate(one, -0.5));
    let heard = plugin.play(&take).expect("plays").aligned(plugin.latency());
    let steps: Vec<(usize, f32)> = (1..4_000)
        .filter(|&at| heard[0][at] != heard[0][at - 1])
        .map(|at| (at, heard[0][at]))
        .collect();
    assert_eq!(steps, [(1_000, 0.25), (1_001, 0.75), (2_000, 0.25)]);
    let kept = plugin.parameter("One").expect("listed").value;
    assert_eq!(kept, 0.75, "modulation moves the sound, not the value");
}
