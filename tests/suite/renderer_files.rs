//! What a renderer writes: which part of it, in which form, and what it tells.

use std::process::Command;

use csound_session::render::soundfile::{self, Encoding, Target};
use csound_session::render::{Listener, Part, Renderer};
use csound_session::session::orchestra::BusKind;
use csound_session::session::{BusLife, Event, Line, Sched};

use super::render_kit::peak;
use super::renderer::{DC, Deaf, SINE, out, part, reads, renderer, target, whole};

/// Remembers what it is told, and gives up after so many samples.
struct Watch {
    told: Vec<(u64, u64)>,
    patience: u64,
}

impl Listener for Watch {
    fn tell(&mut self, _message: &str) {}

    fn progress(&mut self, done: u64, expected: u64) {
        self.told.push((done, expected));
    }

    fn cancelled(&self) -> bool {
        self.told
            .last()
            .is_some_and(|(done, _)| *done >= self.patience)
    }
}

#[test]
fn start_end_tail_and_marker_say_what_is_written() {
    let mut finite = renderer(&[("sine", SINE.replace("0.1, 0", "0.5, 0").as_str())]);
    finite.sched("sine", Sched::after(0.0).dur(1.0)).unwrap();
    let frames = |renderer: &mut Renderer, start: f64, end: Option<f64>, tail: f64| {
        part(renderer, Part { start, end, tail }).frames()
    };
    assert_eq!(
        frames(&mut finite, 0.0, None, 0.0),
        72_000,
        "the release is kept"
    );
    assert_eq!(
        frames(&mut finite, 0.0, None, 1.0),
        96_000,
        "the release lies in the tail"
    );
    assert_eq!(frames(&mut finite, 0.0, Some(0.5), 0.0), 24_000);
    assert_eq!(frames(&mut finite, 0.0, Some(3.0), 0.25), 156_000);
    let late = part(
        &mut finite,
        Part {
            start: 0.5,
            end: Some(1.0),
            tail: 0.0,
        },
    );
    let all = part(
        &mut finite,
        Part {
            start: 0.0,
            end: Some(1.0),
            tail: 0.0,
        },
    );
    assert_eq!(late.samples[..], all.samples[48_000..]);
    let mut open = renderer(&[("sine", SINE)]);
    open.sched("sine", Sched::after(0.0)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let failed = open.render(&target(&out(&folder)), Part::default(), &mut Deaf);
    assert!(failed.unwrap_err().to_string().contains("end") && !out(&folder).exists());
    assert_eq!(frames(&mut open, 0.0, Some(2.0), 0.0), 96_000);
    open.set_end_marker(3.0);
    assert_eq!(frames(&mut open, 0.0, None, 0.0), 144_000);
    let mut both = renderer(&[("sine", SINE)]);
    both.sched("sine", Sched::after(0.0)).unwrap();
    both.sched("sine", Sched::after(0.5).dur(1.0)).unwrap();
    assert_eq!(frames(&mut both, 0.0, None, 0.0), 72_000);
}

#[test]
fn every_encoding_is_written() {
    let mut renderer = renderer(&[("dc", DC)]);
    renderer.sched("dc", Sched::after(0.0).dur(0.1)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, encoding, kind, bits) in [
        ("a.wav", None, 3, 32),
        ("b.wav", Some(Encoding::Pcm16), 1, 16),
        ("c.wav", Some(Encoding::Pcm24), 1, 24),
        ("d.wav", Some(Encoding::Float64), 3, 64),
        ("e.flac", None, 0, 24),
    ] {
        let path = folder.path().join(name);
        let target = Target::new(&path, encoding).unwrap();
        renderer
            .render(&target, Part::default(), &mut Deaf)
            .unwrap();
        let bytes = std::fs::read(&path).unwrap();
        if kind > 0 {
            assert_eq!((bytes[20], bytes[34]), (kind, bits), "{name}");
        } else {
            // Bits per sample less 1, across two bytes of STREAMINFO.
            let found = ((bytes[20] & 1) << 4 | bytes[21] >> 4) + 1;
            assert_eq!((&bytes[..4], found), (&b"fLaC"[..], bits), "{name}");
        }
        reads(&soundfile::read(&path).unwrap(), &[(0.05, 0.25)]);
    }
}

#[test]
fn a_failed_render_leaves_no_file() {
    let mut renderer = renderer(&[(
        "bad",
        "|inumber=-3|\nasig oscili 0.1, 440, inumber\nouts asig, asig",
    )]);
    renderer.sched("bad", Sched::after(0.0).dur(1.0)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    assert!(
        renderer
            .render(&target(&out(&folder)), Part::default(), &mut Deaf)
            .is_err()
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn its_csd_sounds_the_same_and_long_lines_are_curves() {
    let mut renderer = renderer(&[("sine", SINE), ("dc", DC)]);
    let gain = renderer
        .assign_bus(BusKind::Control { value: 0.5 }, BusLife::WhileUsed)
        .unwrap();
    renderer
        .def_instr("amp", "|ibus|\noutch 2, a(busin:k(ibus) * 0.1)")
        .unwrap();
    renderer
        .sched("amp", Sched::after(0.0).dur(1.5).arg("ibus", &gain))
        .unwrap();
    gain.automate([0.0, 0.5, 0.5, 1.0], 0.25).unwrap();
    for (n, mode) in ["linear", "cos", "cubic", "exp(3)", "floor"]
        .iter()
        .enumerate()
    {
        let line = Line::pairs([0.0, 300.0, 0.1, 700.0, 0.3, 200.0 + n as f64])
            .mode(mode.parse().unwrap());
        let start = Sched::after(0.1 * n as f64).dur(0.6);
        renderer
            .sched_event(&Event::new("sine", start).automate("kfreq", line, 0.0501))
            .unwrap();
    }
    renderer
        .sched("dc", Sched::after(0.3).dur(0.0201).arg("kval", 0.1))
        .unwrap();
    renderer.def_instr("dc", "outch 1, a(0.05)").unwrap();
    renderer.sched("dc", Sched::after(0.4).dur(0.3)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (csd, theirs) = (folder.path().join("a.csd"), folder.path().join("a.wav"));
    renderer
        .write_csd(&csd, &target(&theirs), Part::default(), &mut Deaf)
        .unwrap();
    let told = Command::new("csound")
        .current_dir(folder.path())
        .arg(&csd)
        .output()
        .unwrap();
    assert!(told.status.success());
    let (ours, theirs) = (whole(&mut renderer), soundfile::read(&theirs).unwrap());
    let audible = |sample: &f64| if sample.abs() < 1e-30 { 0.0 } else { *sample };
    let length = ours.samples.len();
    assert!(peak(&ours.samples) > 0.2 && (length..length + 256).contains(&theirs.samples.len()));
    let theirs: Vec<f64> = theirs.samples[..length].iter().map(audible).collect();
    let differs = ours.samples.iter().zip(&theirs).position(|(a, b)| a != b);
    assert_eq!(differs, None);
    assert!(
        std::fs::read_to_string(&csd)
            .unwrap()
            .contains("sine.kfreq")
    );
}

#[test]
fn progress_is_told_and_a_render_can_be_given_up() {
    let mut renderer = renderer(&[("dc", DC)]);
    renderer.sched("dc", Sched::after(0.0).dur(1.0)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut watch = Watch {
        told: Vec::new(),
        patience: u64::MAX,
    };
    renderer
        .render(&target(&out(&folder)), Part::default(), &mut watch)
        .unwrap();
    assert!(watch.told.is_sorted() && watch.told.len() > 50);
    assert!(
        watch
            .told
            .last()
            .is_some_and(|(done, expected)| done >= expected && *expected >= 48_000)
    );
    std::fs::remove_file(out(&folder)).unwrap();
    let mut watch = Watch {
        told: Vec::new(),
        patience: 10_000,
    };
    assert!(
        renderer
            .render(&target(&out(&folder)), Part::default(), &mut watch)
            .is_err()
    );
    assert!(!out(&folder).exists());
}
