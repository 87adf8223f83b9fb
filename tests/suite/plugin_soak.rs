//! Everything at once, at random: seconds here, minutes by `cargo xtask soak`.

use super::plugin_kit::{RATE, SINE, state, with};
use std::time::{Duration, Instant};
use test_hosts::measure::is_silent;

use test_hosts::{BlockSizes, Event, Note, Plugin, Random, Take, Transport, resident_bytes};

/// A layer with a release and a filter after it, which moves with the song.
const FILTERED: &str = r#"
version = 1
name = "Filtered"
[[instr]]
name = "saw"
body = '''
|ibus, kmidi=60, kamp=0.2 (0..1)|
asig vco2 kamp, mtof:k(kmidi)
asig *= linsegr:a(0, 0.01, 1, 0.05, 0)
busout ibus, asig
'''
[[instr]]
name = "filter"
body = '''
|ibus, kcutoff=1200 (20..20000 log Hz)|
kbeat hostbeat
aout = moogladder2(busin:a(ibus), kcutoff * (1 + kbeat % 1), 0.3)
outs aout, aout
'''
[[layer]]
name = "pad"
voices = 4
parts = [ { instr = "saw", priority = 1, args = { ibus = "@note" } },
          { instr = "filter", priority = 2, args = { ibus = "@note" } } ]
"#;

const MONO: &str = r#"
version = 1
name = "Mono"
[[instr]]
name = "lead"
body = '''
|kmidi=60, kpress=0 (0..1), kpan=0|
asig oscili 0.2, mtof:k(kmidi) * (1 + kpress/100)
asig *= linsegr:a(0, 0.005, 1, 0.02, 0)
outs asig, asig
'''
[[layer]]
name = "lead"
mode = "legato"
parts = [ { instr = "lead" } ]
"#;

/// It does not compile.
const BROKEN: &str = r#"
version = 1
name = "Broken"
[[instr]]
name = "broken"
body = "|kmidi|\nasig nosuchopcode 1"
"#;

const DOCUMENTS: [&str; 3] = [SINE, FILTERED, MONO];

fn time() -> Duration {
    let asked = std::env::var("CSOUND_SESSION_SOAK");
    let seconds = asked.ok().and_then(|asked| asked.parse().ok());
    Duration::from_secs_f64(seconds.unwrap_or(1.5))
}

fn event(random: &mut Random, parameters: &[u32]) -> Event {
    let note = Note::key(40 + random.below(24) as u8);
    let byte = random.below(128) as u8;
    match random.below(8) {
        0..3 => Event::NoteOn(note, random.share()),
        3 | 4 => Event::NoteOff(note),
        5 => Event::Midi([[0xB0, 0xD0, 0xE0][random.below(3)], byte.min(119), byte]),
        6 => Event::Choke(note),
        _ => match parameters {
            [] => Event::NoteOff(note),
            some => Event::Parameter(some[random.below(some.len())], random.share()),
        },
    }
}

fn take(random: &mut Random, parameters: &[u32]) -> Take {
    let frames = 2000 + random.below(6000);
    let mut events: Vec<_> = (0..random.below(40))
        .map(|_| (random.below(frames), event(random, parameters)))
        .collect();
    events.sort_by_key(|(at, _)| *at);
    let sizes = [
        BlockSizes::Fixed(64),
        BlockSizes::Random(random.0),
        BlockSizes::Fixed(480),
    ];
    let song = Transport {
        playing: random.below(4) > 0,
        beat: random.below(400) as f64 / 8.0,
        tempo: 60.0 + random.below(120) as f64,
        signature: [(4, 4), (3, 4), (7, 8)][random.below(3)],
    };
    let take = Take::new(frames)
        .blocks(sizes[random.below(3)])
        .transport(song);
    take.events(events)
}

/// The slots in use.
fn slots(plugin: &mut Plugin) -> Vec<u32> {
    let parameters = plugin.parameters();
    let slots = parameters
        .into_iter()
        .filter(|p| !p.hidden && !p.module.is_empty());
    slots.map(|parameter| parameter.id).collect()
}

/// Plays something, and looks at what came out.
fn play(plugin: &mut Plugin, random: &mut Random) {
    let slots = slots(plugin);
    let heard = plugin.play(&take(random, &slots)).expect("it plays");
    let loudest = heard.ports.iter().flatten().flatten();
    assert!(loudest.clone().all(|sample| sample.is_finite()));
    assert!(loudest.fold(0.0, |peak: f32, sample| peak.max(sample.abs())) < 16.0);
    assert_eq!(plugin.latency(), 32);
}

/// Lets go of everything; what rings must end.
fn rest(plugin: &mut Plugin) {
    let all = Note {
        channel: None,
        key: None,
        id: None,
    };
    let pedals = (0..16).map(|channel| (0, Event::Midi([0xB0 | channel, 64, 0])));
    let take = Take::new(24_000).events(pedals).at(1, Event::NoteOff(all));
    let heard = plugin.play(&take).expect("it plays");
    assert!(is_silent(&heard.left()[20_000..]), "a synth is stuck");
}

fn act(plugin: &mut Plugin, random: &mut Random) {
    match random.below(12) {
        0 => {
            let document = DOCUMENTS[random.below(DOCUMENTS.len())];
            plugin.load(&state(document)).expect("it loads");
        }
        1 => {
            let saved = plugin.save().expect("it saves");
            plugin.load(&saved).expect("it loads what it saved");
            assert!(plugin.save().expect("it saves") == saved);
        }
        2 => plugin.reset(),
        3 => {
            plugin.deactivate();
            plugin.activate(RATE, 4096).expect("it activates");
        }
        4 => {
            let before = plugin.save().expect("it saves");
            plugin.load(&state(BROKEN)).expect("it is taken and kept");
            plugin.load(&before).expect("it loads what it saved");
        }
        5 => rest(plugin),
        _ => play(plugin, random),
    }
}

fn kilobytes() -> f64 {
    resident_bytes() as f64 / 1024.0
}

#[test]
fn whatever_a_host_does_the_sound_is_sane_and_ends() {
    let (mut plugin, mut random) = (with(FILTERED), Random(11));
    plugin.activate(RATE, 4096).expect("it activates");
    let (start, time) = (Instant::now(), time());
    let (mut acts, mut half) = (0, None);
    while start.elapsed() < time {
        act(&mut plugin, &mut random);
        acts += 1;
        if half.is_none() && start.elapsed() > time / 2 {
            half = Some((acts, kilobytes()));
        }
    }
    rest(&mut plugin);
    if let (Some((half, memory)), true) = (half, time > Duration::from_secs(60)) {
        let grown = (kilobytes() - memory) / f64::from(acts - half);
        eprintln!("{acts} acts; memory grows by {grown:.2} KiB an act");
        assert!(grown < 4.0, "{grown} KiB an act");
    }
}

#[test]
fn many_instances_come_and_go_in_many_threads() {
    let time = time();
    let crowd = |seed| {
        move || {
            let mut random = Random(seed);
            let mut instances: Vec<Plugin> = Vec::new();
            let start = Instant::now();
            while start.elapsed() < time {
                if instances.len() < 8 && random.below(3) == 0 {
                    // The default document has a control that lets its notes ring for seconds.
                    let mut plugin = with(DOCUMENTS[random.below(DOCUMENTS.len())]);
                    plugin.activate(RATE, 4096).expect("it activates");
                    instances.push(plugin);
                } else if let Some(last) = instances.len().checked_sub(1) {
                    let chosen = random.below(last + 1);
                    if random.below(6) == 0 {
                        drop(instances.swap_remove(chosen));
                    } else {
                        act(&mut instances[chosen], &mut random);
                    }
                }
            }
            instances.iter_mut().for_each(rest);
        }
    };
    let threads: Vec<_> = (1..5).map(|seed| std::thread::spawn(crowd(seed))).collect();
    for thread in threads {
        thread.join().expect("no thread panics");
    }
}
