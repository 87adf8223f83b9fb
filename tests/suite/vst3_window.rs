//! The window in a VST3 host, as the host's objects open, resize and close it.

use super::csound_kit::is_child;
use super::screen_kit::{hand, on_a_screen, picture, wait};
use super::vst3_kit::{self, Instance, Message};
use nice_plug::wrapper::vst3::vst3::ComPtr;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::IEditControllerTrait;
use nice_plug::wrapper::vst3::vst3::Steinberg::{IPlugView, IPlugViewTrait, ViewRect, kResultOk};
use std::time::Duration;
use test_hosts::measure::peak;
use test_hosts::{HostWindow, Project};

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

/// A window that a VST3 host has open.
struct View {
    view: ComPtr<IPlugView>,
    host: HostWindow,
}

impl View {
    fn open(plugin: &Instance) -> Self {
        let mut size = ViewRect {
            left: 0,
            top: 0,
            right: 0,
            bottom: 0,
        };
        // SAFETY: the calls of a VST3 host, in its order; the host's window lives until the view was removed from it.
        unsafe {
            let view = plugin.controller.createView(c"editor".as_ptr());
            let view = ComPtr::<IPlugView>::from_raw(view).expect("a view");
            let kind = c"X11EmbedWindowID".as_ptr();
            assert_eq!(view.isPlatformTypeSupported(kind), kResultOk);
            assert_eq!(view.getSize(&mut size), kResultOk);
            let size = (size.right - size.left, size.bottom - size.top);
            let host = HostWindow::open((size.0 as u32, size.1 as u32)).expect("a window");
            let parent = host.id() as usize as *mut std::ffi::c_void;
            assert_eq!(view.attached(parent, kind), kResultOk);
            Self { view, host }
        }
    }

    fn resize(&mut self, size: (u32, u32)) {
        self.host.resize(size).expect("the window changes");
        let mut size = ViewRect {
            left: 0,
            top: 0,
            right: size.0 as i32,
            bottom: size.1 as i32,
        };
        // SAFETY: a size that lives during the call.
        assert_eq!(unsafe { self.view.onSize(&mut size) }, kResultOk);
    }
}

impl Drop for View {
    fn drop(&mut self) {
        // SAFETY: it is attached.
        assert_eq!(unsafe { self.view.removed() }, kResultOk);
    }
}

fn level(plugin: &Instance) -> f32 {
    let messages = [(0, Message::On(69, 1.0)), (5_000, Message::Off(69))];
    peak(&plugin.play(100, &messages).0)
}

#[test]
fn a_vst3_host_opens_the_window_and_hears_what_is_typed() {
    if !is_child() {
        let name = "a_vst3_host_opens_the_window_and_hears_what_is_typed";
        return on_a_screen(module_path!(), name);
    }
    let plugin = vst3_kit::open(0);
    plugin.load(Project::of_toml(DOCUMENT).expect("TOML").vst3_state());
    plugin.start();
    let before = level(&plugin);
    assert!((before - 0.25).abs() < 0.01, "{before}");
    let mut view = View::open(&plugin);
    let first = Duration::from_secs(20);
    wait("the first frame", first, || view.host.is_drawn());
    std::thread::sleep(Duration::from_millis(700));
    hand("mousemove 500 300 click 1");
    std::thread::sleep(Duration::from_millis(300));
    hand("key ctrl+End");
    hand("type outs aout, aout");
    picture("vst3.png");
    hand("key ctrl+Return");
    wait("the edit", Duration::from_secs(25), || {
        (level(&plugin) - 0.5).abs() < 0.01
    });
    view.resize((900, 600));
    std::thread::sleep(Duration::from_millis(500));
    picture("vst3-resized.png");
    drop(view);
    assert!((level(&plugin) - 0.5).abs() < 0.01, "it plays on without");
    drop(View::open(&plugin));
}
