//! The offline session: the interface of the live one, rendered into files.

use std::path::{Path, PathBuf};

use csound_session::render::soundfile::{self, Encoding, Sound, Target};
use csound_session::render::{Form, Listener, Offline, Part, Renderer, open};
use csound_session::session::instr::Instr;
use csound_session::session::orchestra::{BusKind, OrchestraSpec};
use csound_session::session::program::ProgramSpec;
use csound_session::session::{BusLife, Capacities, Event, Line, PlaySample, Sched, Session, pair};

use super::render_kit::{RATE, channel, peak, pitch};
use super::sound_kit::{Files, level};

pub const DC: &str = "|kval=0.25|\noutch 1, a(kval)";
pub const SINE: &str = "|iamp=0.1, kfreq=1000|\naenv linsegr 0, 0.001, 1, 0.1, 0\nasig oscili iamp, kfreq\nouts asig * aenv, asig * aenv";

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

pub fn renderer(instrs: &[(&str, &str)]) -> Renderer {
    session(instrs).make_renderer(Form::default())
}

pub struct Deaf;

impl Listener for Deaf {
    fn tell(&mut self, _message: &str) {}
    fn progress(&mut self, _done: u64, _expected: u64) {}
}

pub fn target(path: &Path) -> Target {
    Target::new(path, Some(Encoding::Float64)).unwrap()
}

pub fn out(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("out.wav")
}

#[track_caller]
pub fn part(renderer: &mut Renderer, part: Part) -> Sound {
    let folder = tempfile::tempdir().unwrap();
    if let Err(error) = renderer.render(&target(&out(&folder)), part, &mut Deaf) {
        panic!("{error}");
    }
    soundfile::read(&out(&folder)).unwrap()
}

#[track_caller]
pub fn whole(renderer: &mut Renderer) -> Sound {
    part(renderer, Part::default())
}

/// What the left channel is at times in seconds, within 0.001.
#[track_caller]
pub fn reads(sound: &Sound, expected: &[(f64, f64)]) {
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
fn a_renderer_knows_the_sound_files_of_its_session() {
    let files = Files::new();
    let path = files.wav("half.wav", 48_000, &[level(0.5)]);
    let mut live = session(&[("sine", SINE)]);
    let table = live.read_soundfile(&path).unwrap();
    let mut renderer = live.make_renderer(Form::default());
    let known = renderer.sound_files();
    assert_eq!(known.len(), 1);
    assert_eq!(
        (known[0].path(), known[0].frames()),
        (table.path(), RATE as usize)
    );
    let same = renderer.read_soundfile(&path).unwrap();
    assert_eq!(same.number(), table.number());
    let sched = Sched::after(0.0);
    renderer
        .play_sample(&same, sched, PlaySample::default().pan(0.0))
        .unwrap();
    let sound = whole(&mut renderer);
    assert!((channel(&sound, 0)[24_000] - 0.5).abs() < 1e-3);
    same.free();
    assert!(table.is_valid() && renderer.sound_files().is_empty());
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
    let told = open(&folder.path().join("none.wav"))
        .unwrap_err()
        .to_string();
    assert!(told.contains("none.wav: written, but not opened"), "{told}");
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
