//! Figures that must be 0: samples that depend on how time is cut, and onsets beside their sample.

use crate::ours::Ours;
use crate::rows::Row;
use crate::scenes;
use csound_session::session::Sched;
use csound_session::session::command::{Command, NoteAddress};
use test_hosts::{Binary, BlockSizes, Event, Note, Project, Take};

/// What is played in the comparison: 40 notes in 2 seconds.
const LENGTH: usize = 96_000;
/// The largest latency.
const LATEST: usize = 128;

pub fn rows() -> Vec<Row> {
    vec![
        Row::with_bar(
            "samples that differ between block sizes 1, 17, 64, 480, 512, 4096, random",
            differing(),
            "",
            0.0,
        ),
        Row::with_bar(
            "samples that differ between the first bounce of a plugin and the tenth",
            bounces(),
            "",
            0.0,
        ),
        Row::with_bar(
            "largest onset error over every offset, ksmps 16, 32, 64, 128, random blocks",
            onset_error(),
            "frames",
            0.0,
        ),
        Row::with_bar(
            "largest length error of 150 lengths, ksmps 16, 32, 64, 128, random blocks",
            length_error(),
            "frames",
            0.0,
        ),
    ]
}

fn on(key: u8) -> Command {
    Command::NoteOn {
        note: NoteAddress::midi(0, key),
        velocity: 0.8,
    }
}

/// Plays commands at their samples, in blocks; returns the left channel, the latency taken off.
fn play(
    ours: &mut Ours,
    commands: &[(usize, Command)],
    length: usize,
    blocks: BlockSizes,
) -> Vec<f32> {
    let mut heard = Vec::new();
    let mut commands = commands.iter().peekable();
    for frames in blocks.cut(length + LATEST) {
        let end = heard.len() + frames;
        while let Some((at, command)) = commands.next_if(|(at, _)| *at < end) {
            ours.performer.at((at - heard.len()) as u32, *command);
        }
        ours.block(frames);
        heard.extend_from_slice(&ours.buffers.outputs[0][..frames]);
    }
    // Known once there is a program.
    let latency = ours.performer.latency() as usize;
    heard[latency..latency + length].to_vec()
}

fn differing() -> f64 {
    let scene = scenes::filtered();
    let note = |key| NoteAddress::midi(0, key);
    let mut commands: Vec<(usize, Command)> = Vec::new();
    for i in 0..40 {
        let key = 40 + (i * 7 % 30) as u8;
        commands.push((100 + i * 2221, on(key)));
        commands.push((100 + i * 2221 + 3001, Command::NoteOff { note: note(key) }));
    }
    commands.sort_by_key(|(at, _)| *at);
    let heard = |blocks| play(&mut Ours::new(&scene.spec()), &commands, LENGTH, blocks);
    let reference = heard(BlockSizes::Fixed(64));
    assert!(reference.iter().any(|sample| sample.abs() > 0.01));
    let fixed = [1, 17, 480, 512, 4096].map(BlockSizes::Fixed);
    let all = fixed.into_iter().chain([BlockSizes::Random(1)]);
    all.map(|blocks| different(&heard(blocks), &reference))
        .sum::<usize>() as f64
}

fn different(a: &[f32], b: &[f32]) -> usize {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).filter(|(a, b)| a != b).count()
}

/// A bounce as a host makes it: activated anew each time.
fn bounces() -> f64 {
    let binary = Binary::linked(&csound_session::plugin::clap_entry, c"");
    let mut plugin = binary
        .and_then(|binary| binary.open("Csound Session"))
        .expect("the instrument opens");
    let project = Project::of_toml(&scenes::filtered().document()).expect("the document is TOML");
    plugin.load(&project.clap_state()).expect("the state loads");
    plugin.offline(true).expect("it can bounce");
    let note = |index: usize| {
        let event = Event::NoteOn(Note::key(40 + (index * 7 % 30) as u8), 0.8);
        (100 + index * 2221, event)
    };
    let take = Take::new(LENGTH).events((0..30).map(note));
    let mut bounce = || {
        plugin.activate(48_000.0, 512).expect("it activates");
        let heard = plugin.play(&take).expect("it plays");
        plugin.deactivate();
        heard.left().to_vec()
    };
    let first = bounce();
    assert!(first.iter().any(|sample| sample.abs() > 0.01));
    (1..10).map(|_| different(&bounce(), &first)).sum::<usize>() as f64
}

fn onset_error() -> f64 {
    let error = |ksmps: usize| {
        let mut spec = scenes::spec("dc", "|imidi|\nouts a(0.5), a(0.5)");
        spec.orchestra.ksmps = ksmps as u32;
        let onsets: Vec<usize> = (0..ksmps)
            .map(|offset| 1024 * (offset + 1) + offset)
            .collect();
        let note = NoteAddress::midi(0, 60);
        let commands: Vec<_> = onsets
            .iter()
            .flat_map(|&at| [(at, on(60)), (at + 300, Command::NoteOff { note })])
            .collect();
        let blocks = BlockSizes::Random(ksmps as u64);
        let heard = play(&mut Ours::new(&spec), &commands, 1024 * (ksmps + 2), blocks);
        let found = |at: usize| {
            heard[at - 500..]
                .iter()
                .position(|&sample| sample != 0.0)
                .unwrap_or(0)
        };
        onsets
            .into_iter()
            .map(|at| found(at).abs_diff(500))
            .max()
            .unwrap_or(0)
    };
    [16, 32, 64, 128].map(error).into_iter().max().unwrap_or(0) as f64
}

/// Of synths that the session starts with a length.
fn length_error() -> f64 {
    let error = |ksmps: u32| {
        let mut spec = scenes::spec("dc", "outs a(0.5), a(0.5)");
        spec.layers.clear();
        spec.orchestra.ksmps = ksmps;
        let mut ours = Ours::empty(2);
        ours.session.load(spec);
        let synths: Vec<(usize, usize)> = (0..150)
            .map(|i| (200 + i * 1000 + i * 37 % 128, 1 + i * 53 % 700))
            .collect();
        for &(start, length) in &synths {
            let (at, dur) = (start as f64 / 48e3, length as f64 / 48e3);
            let synth = ours.session.sched("dc", Sched::at(at).dur(dur));
            synth.expect("it can be scheduled");
        }
        let heard = play(&mut ours, &[], 152_000, BlockSizes::Random(ksmps.into()));
        let off = |&(start, length): &(usize, usize)| {
            let sounds = |sample: &f32| *sample != 0.0;
            let window = &heard[start - 100..start + 900];
            let first = window.iter().position(sounds).unwrap_or(0);
            let last = window.iter().rposition(sounds).unwrap_or(0);
            first.abs_diff(100).max((last + 1).abs_diff(100 + length))
        };
        synths.iter().map(off).max().unwrap_or(0)
    };
    [16, 32, 64, 128].map(error).into_iter().max().unwrap_or(0) as f64
}
