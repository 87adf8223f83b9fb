//! Documents in the browsers of hosts, and the names of parameters that come with them.

use crate::documents::FILTERED;
use crate::place::place;
use crate::program::program;
use crate::vst3::Vst3;
use crate::{EFFECT, INSTRUMENT, RATE, song};
use std::ffi::CString;
use std::path::PathBuf;
use std::sync::LazyLock;
use test_hosts::measure::{assert_same, peak, sine};
use test_hosts::{Plugin, Project, Take};

const FRAMES: usize = 48_000;

/// The VST3 presets that the command line writes.
fn vst3_presets() -> PathBuf {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = place().file("vst3-presets");
        let said = program(&["vst3-presets".as_ref(), "--folder".as_ref(), &folder]);
        assert!(
            said.status.success(),
            "{}",
            String::from_utf8_lossy(&said.stderr)
        );
        folder
    });
    FOLDER.clone()
}

/// The plugin with a preset of CLAP's browser.
fn clap(plugin: &str, key: &str) -> Plugin {
    let mut plugin = place().binary().open(plugin).expect("the plugin opens");
    let key = CString::new(key).expect("a name");
    plugin.load_preset(&key).expect("the preset loads");
    plugin.activate(RATE, 512).expect("activates");
    plugin
}

#[test]
fn a_preset_sounds_the_same_in_both_formats() {
    let input = vec![sine(300.0, RATE, FRAMES), sine(500.0, RATE, FRAMES)];
    // One of them has a sample of its own.
    for (plugin, name, key) in [
        (INSTRUMENT, "Lead", "lead.toml"),
        (INSTRUMENT, "Glass grains", "grains.toml"),
        (EFFECT, "Ducker", "ducker.toml"),
    ] {
        let mut clap = clap(plugin, key);
        let latency = clap.latency();
        let take = Take::new(FRAMES);
        let take = match plugin {
            EFFECT => take.input(0, input.clone()),
            _ => take.events(song::midi().events(RATE)),
        };
        let mut heard = clap.play(&take).expect("plays").aligned(latency);
        assert!(peak(&heard[0]) > 0.01, "{name}");
        let file = vst3_presets()
            .join(plugin)
            .join(format!("{name}.vstpreset"));
        let run = Vst3::new(plugin, FRAMES).preset(&file);
        let run = match plugin {
            EFFECT => run.input(&input),
            _ => run.midi(&song::file()),
        };
        let answer = run.play();
        // This host takes latency back by itself where a plugin has an input.
        let mut sound = match plugin {
            EFFECT => answer.sound,
            _ => answer.aligned(),
        };
        for channel in sound.iter_mut().chain(&mut heard) {
            channel.truncate(FRAMES - 1_024);
        }
        assert_same(&sound, &heard, name);
    }
}

/// What a host shows of the parameters: VST3 puts the Instr's name before the control's.
fn listed(plugin: &mut Plugin) -> Vec<String> {
    let shown = plugin.parameters().into_iter().filter(|p| !p.hidden);
    let name = |p: test_hosts::Parameter| match p.module.rsplit('/').next() {
        Some(group) if !group.is_empty() => format!("{group} {}", p.name),
        _ => p.name,
    };
    shown.map(name).collect()
}

#[test]
fn both_hosts_list_parameters_by_the_names_in_the_code() {
    let before = [
        "Gain",
        "Bypass",
        "synth Volume",
        "synth Cutoff",
        "synth Resonance",
        "synth Filter envelope",
        "synth Detune",
        "synth Release",
    ];
    let after = ["Gain", "Bypass", "saw Cutoff", "saw Resonance"];
    let mut clap = place().binary().open(INSTRUMENT).expect("opens");
    assert_eq!(listed(&mut clap), before, "CLAP");
    let project = Project::of_toml(FILTERED).expect("TOML");
    clap.load(&project.clap_state()).expect("loads");
    assert_eq!(listed(&mut clap), after, "CLAP");
    let [opened, loaded] = Vst3::new(INSTRUMENT, 512).document(FILTERED).play().names;
    assert_eq!(opened[..before.len()], before, "VST3");
    assert_eq!(loaded[..after.len()], after, "VST3");
    assert_eq!(loaded[after.len()], "Slot 3", "not in use, and hidden");
}
