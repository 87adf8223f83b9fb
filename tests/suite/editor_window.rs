//! The plugin's own window, in a host, on a screen: driven by keys and a pointer, heard through the host.

use crate::suite::csound_kit::is_child;
use crate::suite::plugin_kit::{RATE, with};
use crate::suite::screen_kit::{hand, on_a_screen, picture, wait};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use test_hosts::measure::peak;
use test_hosts::resident_bytes;
use test_hosts::{Event, Heard, HostWindow, Note, Plugin, Reply, Take};

/// A sine whose second output line waits to be typed.
const DOCUMENT: &str = r#"
version = 1
name = "Window"
[[instr]]
name = "sine"
body = """
|kmidi=69, klevel=0.25 (0..1 "Level")|
aout oscili klevel, mtof:k(kmidi)
outs aout, aout
"""
"#;

fn note(plugin: &mut Plugin) -> Heard {
    let take = Take::new(9_600)
        .at(0, Event::NoteOn(Note::key(69), 1.0))
        .at(9_000, Event::NoteOff(Note::key(69)));
    plugin.play(&take).expect("it plays")
}

fn opened() -> (Plugin, HostWindow) {
    let mut plugin = with(DOCUMENT);
    plugin.activate(RATE, 512).expect("it activates");
    note(&mut plugin);
    let window = plugin.open_window().expect("the window opens");
    wait("the first frame", Duration::from_secs(20), || {
        plugin.answer();
        window.is_drawn()
    });
    // The next frames bring the panes to their places.
    std::thread::sleep(Duration::from_millis(500));
    (plugin, window)
}

#[test]
fn a_person_types_a_change_and_hears_it_and_drags_a_control() {
    if !is_child() {
        return on_a_screen(
            module_path!(),
            "a_person_types_a_change_and_hears_it_and_drags_a_control",
        );
    }
    let (mut plugin, mut window) = opened();
    assert_eq!(window.size, (1120, 720));
    let before = peak(note(&mut plugin).left());
    assert!((before - 0.25).abs() < 0.01, "{before}");
    picture("window.png");

    hand("mousemove 500 300 click 1");
    std::thread::sleep(Duration::from_millis(300));
    hand("key ctrl+End");
    hand("type outs aout, aout");
    picture("typed.png");
    hand("key ctrl+Return");
    wait("the edit", Duration::from_secs(25), || {
        (peak(note(&mut plugin).left()) - 0.5).abs() < 0.01
    });

    hand("mousemove 928 142 mousedown 1");
    for x in [950, 980, 1010, 1040] {
        hand(&format!("mousemove {x} 142"));
    }
    hand("mouseup 1");
    let mut moved: Vec<Reply> = Vec::new();
    wait("the end of the drag", Duration::from_secs(10), || {
        let heard = plugin.play(&Take::new(4_800)).expect("it plays");
        moved.extend(heard.replies.into_iter().map(|(_, reply)| reply));
        matches!(moved.last(), Some(Reply::GestureEnd(_)))
    });
    picture("dragged.png");
    let is_gesture = matches!(
        moved.as_slice(),
        [Reply::GestureBegin(a), .., Reply::GestureEnd(b)] if a == b
    );
    assert!(is_gesture && moved.len() >= 4, "{moved:?}");
    let level = plugin.parameter("Level").expect("the parameter").value;
    assert!(level > 0.5, "{level}");

    plugin
        .resize_window(&mut window, (1500, 900))
        .expect("it can be resized");
    std::thread::sleep(Duration::from_millis(500));
    picture("resized.png");
    plugin.close_window(window).expect("it closes");
    let loud = peak(note(&mut plugin).left());
    assert!(loud > 0.5, "it plays on without a window: {loud}");
}

#[test]
fn a_window_that_is_shown_late_is_not_black() {
    if !is_child() {
        return on_a_screen(module_path!(), "a_window_that_is_shown_late_is_not_black");
    }
    let mut plugin = with(DOCUMENT);
    plugin.activate(RATE, 512).expect("it activates");
    for pause in [0, 30, 400] {
        let window = plugin.open_window_slowly(Duration::from_millis(pause));
        let window = window.expect("the window opens");
        let longest = Duration::from_secs(20);
        wait("the first frame", longest, || window.is_drawn());
        plugin.close_window(window).expect("it closes");
    }
}

/// How often the window opens and closes here; set `CSOUND_SESSION_WINDOWS` for more.
const OPENINGS: usize = 30;

#[test]
fn windows_of_two_instances_are_open_at_once_and_leave_nothing_behind() {
    if !is_child() {
        return on_a_screen(
            module_path!(),
            "windows_of_two_instances_are_open_at_once_and_leave_nothing_behind",
        );
    }
    let (mut one, first) = opened();
    let (mut two, second) = opened();
    one.close_window(first).expect("it closes");
    two.close_window(second).expect("it closes");
    let cycle = |plugin: &mut Plugin| {
        let window = plugin.open_window().expect("it opens");
        std::thread::sleep(Duration::from_millis(20));
        plugin.close_window(window).expect("it closes");
    };
    (0..8).for_each(|_| cycle(&mut one));
    let before = threads();
    let lingering = (0..8).filter(|_| {
        cycle(&mut one);
        let lingers = threads() > before;
        let gone = || threads() <= before;
        wait(
            "the threads of a closed window",
            Duration::from_secs(2),
            gone,
        );
        lingers
    });
    // A host may unload the plugin at once: nothing of a closed window may run still. The thread of the clipboard, which
    // has nothing left to do, can be a moment late on a busy machine.
    let lingering = lingering.count();
    assert!(lingering < 3, "threads of {lingering} of 8 windows went on");
    let wanted = std::env::var("CSOUND_SESSION_WINDOWS").ok();
    let wanted = wanted.and_then(|count| count.parse().ok());
    let half = wanted.unwrap_or(OPENINGS) / 2;
    let files = open_files();
    let mut most_of = |count: usize| {
        let memory = (0..count).map(|_| {
            cycle(&mut one);
            resident_bytes() / 1024
        });
        memory.max().expect("some")
    };
    let (first, last) = (most_of(half), most_of(half));
    println!("the most memory in {half} windows {first} kB, in {half} more {last} kB");
    assert!(last < first + 15_000, "{first} kB, then {last} kB");
    wait("closing the last window", Duration::from_secs(5), || {
        open_files() <= files + 2
    });
}

/// Opens a factory document with these looks, plays a chord, and keeps a picture; how many bytes it has.
fn pose(document: &str, looks: &str, name: &str) -> Option<u64> {
    let settings = std::env::var_os("XDG_CONFIG_HOME").expect("set by the parent");
    let settings = PathBuf::from(settings).join("csound-session/window.json");
    std::fs::write(settings, looks).expect("the settings");
    let found = csound_session::document::Document::factory();
    let found = found.into_iter().find(|(file, _)| *file == document);
    let mut plugin = with(&found.expect("a factory document").1.to_toml());
    plugin.activate(RATE, 512).expect("it activates");
    let window = plugin.open_window().expect("the window opens");
    let chord = [48, 55, 64, 71].map(|key| (0, Event::NoteOn(Note::key(key), 0.8)));
    plugin
        .play(&Take::new(960).events(chord))
        .expect("it plays");
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(2500) {
        plugin.play(&Take::new(4_800)).expect("it plays");
        std::thread::sleep(Duration::from_millis(50));
    }
    picture(name);
    plugin.close_window(window).expect("it closes");
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("target/pictures")
        .join(name);
    std::fs::metadata(file).ok().map(|about| about.len())
}

#[test]
fn the_window_poses_in_dark_and_light_at_scale_1_and_2() {
    if !is_child() {
        return on_a_screen(
            module_path!(),
            "the_window_poses_in_dark_and_light_at_scale_1_and_2",
        );
    }
    let looks = |dark: bool, zoom: u32| {
        format!(r#"{{"hints_seen":true,"dark":{dark},"zoom":{zoom},"dock_tab":"Sound"}}"#)
    };
    let sizes = [
        pose("pad.toml", &looks(true, 1), "dark.png"),
        pose("lead.toml", &looks(false, 1), "light.png"),
        pose("pad.toml", &looks(true, 2), "dark-2.png"),
        pose("lead.toml", &looks(false, 2), "light-2.png"),
    ];
    // An empty window would be a few kB.
    for size in sizes.into_iter().flatten() {
        assert!(size > 20_000, "{sizes:?}");
    }
}

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").expect("Linux").count()
}

fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("Linux").count()
}
