//! The offline session: the interface of the live one, rendered into files.

use std::path::{Path, PathBuf};
use std::process::Command;

use csound_session::render::soundfile::{self, Encoding, Sound, Target};
use csound_session::render::{Form, Listener, Offline, Part, Renderer};
use csound_session::session::instr::Instr;
use csound_session::session::orchestra::{BusKind, OrchestraSpec};
use csound_session::session::program::ProgramSpec;
use csound_session::session::{BusLife, Capacities, Event, Line, Sched, Session, pair};

use super::render_kit::{channel, peak, pitch};

const DC: &str = "|kval=0.25|\noutch 1, a(kval)";
const SINE: &str = "|iamp=0.1, kfreq=1000|\naenv linsegr 0, 0.001, 1, 0.1, 0\nasig oscili iamp, kfreq\nouts asig * aenv, asig * aenv";

fn session(instrs: &[(&str, &str)]) -> Session {
    let instrs = instrs
        .iter()
        .map(|(name, body)| Instr::new(name, body).unwrap());
    let orchestra = OrchestraSpec {
        ksmps: 64,
        priorities: 4,
        instrs: instrs.collect(),
        ..OrchestraSpec::default()
    };
    let (mut session, _) = pair(Capacities::plugin());
    session.load(ProgramSpec {
        orchestra,
        ..ProgramSpec::default()
    });
    session
}

fn renderer(instrs: &[(&str, &str)]) -> Renderer {
    session(instrs).make_renderer(Form::default())
}

struct Deaf;

impl Listener for Deaf {
    fn tell(&mut self, _message: &str) {}
    fn progress(&mut self, _done: u64, _expected: u64) {}
}

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

fn target(path: &Path) -> Target {
    Target::new(path, Some(Encoding::Float64)).unwrap()
}

fn out(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("out.wav")
}

#[track_caller]
fn part(renderer: &mut Renderer, part: Part) -> Sound {
    let folder = tempfile::tempdir().unwrap();
    if let Err(error) = renderer.render(&target(&out(&folder)), part, &mut Deaf) {
        panic!("{error}");
    }
    soundfile::read(&out(&folder)).unwrap()
}

#[track_caller]
fn whole(renderer: &mut Renderer) -> Sound {
    part(renderer, Part::default())
}

/// What the left channel is at times in seconds, within 0.001.
#[track_caller]
fn reads(sound: &Sound, expected: &[(f64, f64)]) {
    let left = channel(sound, 0);
    for (at, value) in expected {
        let read = left[(at * 48_000.0) as usize];
        assert!(
            (read - value).abs() < 1e-3,
            "at {at} s it is {read}, not {value}"
        );
    }
}

#[test]
fn a_session_makes_a_renderer_of_its_own() {
    let mut renderer = renderer(&[("sine", SINE)]);
    let synth = renderer
        .sched("sine", Sched::after(0.0).dur(4.0).args([0.1, 440.0]))
        .unwrap();
    synth.set([("kfreq", 880.0)], 2.0).unwrap();
    assert!(!synth.playing() && renderer.now() == 0.0);
    let left = channel(
        &part(
            &mut renderer,
            Part {
                end: Some(4.0),
                ..Part::default()
            },
        ),
        0,
    );
    assert_eq!(left.len(), 192_000);
    assert!((pitch(&left[9_600..86_400]) - 440.0).abs() < 0.1);
    assert!((pitch(&left[105_600..182_400]) - 880.0).abs() < 0.1);
}

#[test]
fn a_scope_sends_the_events_of_a_session_to_a_renderer() {
    let mut live = session(&[("sine", SINE)]);
    let folder = tempfile::tempdir().unwrap();
    let mut scope = live.rendering(Form::default());
    assert!(scope.is_rendering());
    scope
        .sched("sine", Sched::after(0.0).dur(2.0).arg("kfreq", 1000.0))
        .unwrap();
    let late = Event::new("sine", Sched::after(0.5).dur(1.5)).set([("kfreq", 1004.0)], 0.0);
    scope.sched_events(&[late]).unwrap();
    assert!(
        scope
            .sched("sine", Sched::after(0.0).arg("kval", 1.0))
            .is_err()
    );
    let summary = scope
        .render(&target(&out(&folder)), Part::default(), &mut Deaf)
        .unwrap();
    assert_eq!(
        summary.written.frames, 100_800,
        "2 s and a release of 0.1 s"
    );
    let left = channel(&soundfile::read(&out(&folder)).unwrap(), 0);
    assert!((peak(&left[4_800..23_000]) - 0.1).abs() < 0.001);
    assert!((peak(&left[24_000..]) - 0.2).abs() < 0.001, "they beat");
    assert!(!live.is_rendering() && live.scheduled_synths().is_empty());
}

#[test]
fn what_is_done_to_a_synth_counts_from_its_start() {
    let mut renderer = renderer(&[("dc", DC)]);
    let synth = renderer
        .sched("dc", Sched::after(1.0).dur(3.0).arg("kval", 0.5))
        .unwrap();
    synth
        .automate("kval", Line::pairs([0.0, 0.0, 1.0, 1.0]).overtake(), 1.0)
        .unwrap();
    synth.stop(2.5).unwrap();
    let sound = whole(&mut renderer);
    reads(
        &sound,
        &[(0.5, 0.0), (1.5, 0.5), (2.5, 0.75), (3.1, 1.0), (3.6, 0.0)],
    );
    assert_eq!(sound.frames(), 192_000, "an early stop does not shorten it");
}

#[test]
fn it_is_rendered_as_often_as_wanted_and_goes_on() {
    let mut renderer = renderer(&[("dc", DC)]);
    renderer.sched("dc", Sched::after(0.0).dur(0.5)).unwrap();
    let first = whole(&mut renderer);
    assert!(whole(&mut renderer) == first);
    renderer
        .sched("dc", Sched::after(0.5).dur(0.5).arg("kval", 0.75))
        .unwrap();
    reads(&whole(&mut renderer), &[(0.25, 0.25), (0.75, 0.75)]);
}

#[test]
fn an_instr_defined_anew_plays_what_comes_later() {
    let mut renderer = renderer(&[("dc", DC)]);
    let first = renderer.sched("dc", Sched::after(0.0).dur(1.0)).unwrap();
    renderer
        .def_instr("dc", "|kval=0.5, iplus=0.25|\noutch 1, a(kval) + iplus")
        .unwrap();
    renderer.sched("dc", Sched::after(1.0).dur(1.0)).unwrap();
    renderer
        .sched(
            "dc",
            Sched::after(2.0).dur(1.0).priority(2).arg("iplus", 0.0),
        )
        .unwrap();
    first.set([("kval", 0.1)], 0.5).unwrap();
    reads(
        &whole(&mut renderer),
        &[(0.25, 0.25), (0.75, 0.1), (1.5, 0.75), (2.5, 0.5)],
    );
    let error = renderer
        .def_instr("dc", "|kval=0.5|\noutch 1, a(kval")
        .and(Ok(()));
    let error = error.and_then(|()| renderer.sched("dc", Sched::after(0.0)).map(|_| ()));
    assert!(error.is_err(), "told by the call that needs it");
}

#[test]
fn buses_groups_init_code_and_includes_work() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("double.orc");
    std::fs::write(&file, "opcode Double, k, k\nk1 xin\nxout 2 * k1\nendop\n").unwrap();
    let mut renderer = renderer(&[("source", "|ibus, kval=0.1|\nbusmix ibus, a(kval)")]);
    renderer.include_file(&file).unwrap();
    let sink = Instr::builder(
        "sink",
        "|ibus, kbus|\noutch 1, busin:a(ibus) * Double(busin:k(kbus)) + gioffset",
    )
    .init("gioffset init 0.125")
    .build()
    .unwrap();
    renderer.register_instr(sink).unwrap();
    let audio = renderer
        .assign_bus(BusKind::Audio, BusLife::WhileUsed)
        .unwrap();
    let gain = renderer
        .assign_bus(BusKind::Control { value: 1.0 }, BusLife::WhileUsed)
        .unwrap();
    let source = |value: f64| {
        Event::new(
            "source",
            Sched::after(0.0)
                .dur(2.0)
                .arg("ibus", &audio)
                .arg("kval", value),
        )
    };
    let group = renderer.sched_events(&[source(0.1), source(0.2)]).unwrap();
    let sink = Sched::after(0.0)
        .dur(2.0)
        .priority(2)
        .arg("ibus", &audio)
        .arg("kbus", gain.token());
    renderer.sched("sink", sink).unwrap();
    group.set([("kval", 0.3)], 1.0).unwrap();
    gain.set(0.5, 0.5).unwrap();
    gain.automate([0.0, 0.5, 0.2, 0.25, 0.45, 0.25], 1.5)
        .unwrap();
    let sound = whole(&mut renderer);
    reads(
        &sound,
        &[
            (0.25, 0.725),
            (0.75, 0.425),
            (1.25, 0.725),
            (1.75, 0.425),
            (1.97, 0.425),
        ],
    );
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
