//! What the lines, sets and stops of a score do, to the sample and to the bit.

use csound_session::render::BlockSize;
use csound_session::render::soundfile::Sound;
use csound_session::session::line::{Point, moment, value_at};
use csound_session::session::{Line, Mode};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::render_kit::{Kit, channel, extent, instr};

/// The control as it is held in each cycle, and as the init pass saw it.
const HELD: &str = "|kval=0.25|\nival = i(kval)\nouts upsamp(kval), upsamp(ival)";

/// A document of the Instr `x`, and the buses `level` (control, 0.25) and `wire` (audio).
fn document(body: &str) -> String {
    let buses = "[[bus]]\nname = \"level\"\nkind = \"control\"\nvalue = 0.25\n[[bus]]\nname = \"wire\"\nkind = \"audio\"\n";
    format!("{}{buses}", instr("x", body))
}

#[track_caller]
fn held(score: &str) -> Sound {
    Kit::new(&document(HELD)).score(score).sound()
}

#[track_caller]
fn reads(sound: &Sound, number: usize, expected: &[(usize, f64)]) {
    let channel = channel(sound, number - 1);
    for &(at, value) in expected {
        assert!(
            (channel[at] - value).abs() < 1e-9,
            "sample {at} is {}, not {value}",
            channel[at]
        );
    }
}

/// Everything that a score can say, in one piece.
const EVERYTHING: &str = r#"end = 1.5
[[event]]
id = "first"
instr = "voice"
at = 0.0137
dur = 1
priority = -10
args = { ibus = "@wire", kfreq = 330, Sshape = "square" }
[[event.set]]
at = 0.25
args = { kfreq = 440, kamp = 0.3 }
[[event.automate]]
param = "pitch"
pairs = [[0, 0.2, 0.4], [nan, 880, 220]]
mode = "smoother"
at = 0.3
[[event.stop]]
at = 0.9
[[event]]
id = "second"
instr = "voice"
at = 0.2
args = ["@wire", "sine", 550, 0.1]
[[event.automate]]
param = "kamp"
pairs = [0.1, 0.5, 0.4]
mode = "exp(2)"
[[event.stop]]
at = 0.7
[[event]]
instr = "out"
priority = 3
args = { ibus = "@wire", igain = "@level" }
[[bus_set]]
bus = "level"
value = 0.5
[[bus_automate]]
bus = "@level"
at = 0.4
pairs = [0, 0, 0.2, 1, 0.6, 0.1]
mode = "cos"
overtake = true
[[note]]
at = 0.6
dur = 0.3
key = 69
[[param]]
name = "lead.kcutoff"
at = 0.7
value = 3000
"#;

const BAND: &str = r#"version = 1
[[bus]]
name = "wire"
kind = "audio"
[[bus]]
name = "level"
kind = "control"
[[instr]]
name = "voice"
aliases = { pitch = "kfreq" }
body = '''
|ibus, Sshape="sine", kfreq=440, kamp=0.1|
asig = strcmp(Sshape, "sine") == 0 ? oscili:a(kamp, kfreq) : vco2:a(kamp, kfreq, 10)
busmix ibus, asig*linsegr:a(0, 0.01, 1, 0.1, 0)
'''
[[instr]]
name = "out"
body = '''
|ibus, igain|
asig = busin:a(ibus)*a(busin:k(igain))
outs asig, asig
'''
[[instr]]
name = "lead"
body = '''
|kfreq=440, kcutoff=1000 (20..20000)|
asig moogladder2 vco2:a(0.1, kfreq), kcutoff, 0.5
anoise randomh -0.01, 0.01, 5000
outs asig*linsegr:a(0, 0.01, 1, 0.1, 0), asig + a(k(anoise))
'''
[[layer]]
name = "lead"
parts = [{ instr = "lead" }]
"#;

#[test]
fn everything_in_one_score_does_not_depend_on_blocks() {
    for (rate, ksmps) in [(48_000, 32), (44_100, 1), (44_100, 128), (96_000, 100)] {
        let render = |block| {
            let mut kit = Kit::new(BAND).score(EVERYTHING);
            (kit.job.sample_rate, kit.job.ksmps, kit.job.block) = (rate, Some(ksmps), block);
            kit.sound()
        };
        let reference = render(BlockSize::default());
        assert_eq!(reference.frames(), (1.5 * f64::from(rate)) as usize);
        let silent = channel(&reference, 0).iter().all(|sample| *sample == 0.0);
        assert!(!silent);
        for block in [
            BlockSize::Fixed(1),
            BlockSize::Fixed(17),
            BlockSize::Fixed(4096),
            BlockSize::Random,
        ] {
            assert!(
                render(block) == reference,
                "{rate} Hz, ksmps {ksmps}, {block:?}"
            );
        }
    }
}

#[test]
fn chance_is_the_same_in_every_render() {
    let body = "|imidi=60|\nanoise randomh -0.5, 0.5, 3000\nouts anoise, anoise";
    let score = "[[event]]\ninstr = \"chance\"\ndur = 0.3\n[[event]]\ninstr = \"chance\"\nat = 0.1\ndur = 0.3\n";
    let render = || Kit::instr("chance", body).score(score).sound();
    let first = render();
    assert!(channel(&first, 0).windows(2).any(|pair| pair[0] != pair[1]));
    assert!((0..3).all(|_| render() == first));
}

#[test]
fn the_last_of_several_sets_at_a_time_counts() {
    let event = "[[event]]\ninstr = \"x\"\ndur = 1\nargs = { kval = 0.1 }\n";
    let set =
        |at: f64, value: f64| format!("[[event.set]]\nat = {at}\nargs = {{ kval = {value} }}\n");
    let sets = [
        set(0.0, 0.2),
        set(0.5, 0.4),
        set(0.5, 0.5),
        set(0.25, 0.9),
        set(0.0, 0.3),
    ]
    .concat();
    let sound = held(&format!("{event}{sets}"));
    reads(
        &sound,
        1,
        &[
            (0, 0.3),
            (11_990, 0.3),
            (12_000, 0.9),
            (24_000, 0.5),
            (47_999, 0.5),
        ],
    );
    reads(&sound, 2, &[(0, 0.3), (47_999, 0.3)]);
}

#[test]
fn a_line_at_the_start_is_what_the_init_pass_sees() {
    let event = "[[event]]\ninstr = \"x\"\nat = 0.1\ndur = 1\n";
    let line = "[[event.automate]]\nparam = \"kval\"\npairs = [0.75, 0.5, 0.25]\n";
    let sound = held(&format!("{event}{line}"));
    reads(
        &sound,
        1,
        &[(4_799, 0.0), (4_800, 0.75), (28_832, 0.25), (52_799, 0.25)],
    );
    reads(&sound, 2, &[(4_800, 0.75)]);
}

#[test]
fn lines_outside_of_their_event_do_nothing() {
    let event = "[[event]]\ninstr = \"x\"\ndur = 0.5\n";
    let late = "[[event.automate]]\nparam = \"kval\"\npairs = [0, 0.5, 1, 1]\nat = 0.6\n";
    let long = "[[event.automate]]\nparam = \"kval\"\npairs = [0, 0, 2, 1]\nat = 0.25\n";
    let next = "[[event]]\ninstr = \"x\"\nat = 1\ndur = 0.5\n";
    let sound = held(&format!("{event}{late}{long}{next}"));
    reads(
        &sound,
        1,
        &[(100, 0.25), (24_000, 0.0), (48_000, 0.25), (71_999, 0.25)],
    );
    assert_eq!(sound.frames(), 72_000);
    let before_its_end = channel(&sound, 0)[23_999];
    assert!((before_its_end - 0.125).abs() < 1e-3, "{before_its_end}");
}

#[test]
fn the_first_of_several_stops_counts_to_the_sample() {
    let event = "[[event]]\ninstr = \"x\"\nat = 0.1\n";
    let stops = "[[event.stop]]\nat = 0.7\n[[event.stop]]\nat = 0.30011\n";
    let sound = held(&format!("{event}{stops}"));
    let end = (0.40011_f64 * 48_000.0).round() as usize;
    assert_eq!(extent(&channel(&sound, 0)), Some((4_800, end - 1)));
    assert_eq!(sound.frames(), end);
    let long = format!("{event}dur = 0.2\n[[event.stop]]\nat = 5\n");
    assert_eq!(
        held(&long).frames(),
        14_400,
        "a stop behind the end changes nothing"
    );
}

#[test]
fn buses_are_set_before_anything_starts() {
    let body = "|ilevel|\nistart = busin:i(ilevel)\nouts upsamp(istart), upsamp(busin:k(ilevel))";
    let event =
        |at: f64| format!("[[event]]\ninstr = \"x\"\nat = {at}\ndur = 0.5\nargs = [\"@level\"]\n");
    let sets = "[[bus_set]]\nbus = \"level\"\nvalue = 0.75\n[[bus_set]]\nbus = \"level\"\nat = 1\nvalue = 0.5\n";
    let line = "[[bus_automate]]\nbus = \"level\"\nat = 1\npairs = [nan, 0.25, 0.25]\n";
    let score = [&event(0.0), &event(1.0), line, sets].concat();
    let sound = Kit::new(&document(body)).score(&score).sound();
    reads(&sound, 1, &[(0, 0.75), (48_000, 0.5)]);
    reads(
        &sound,
        2,
        &[(0, 0.75), (23_999, 0.75), (48_000, 0.5), (60_032, 0.25)],
    );
}

#[test]
fn a_control_can_be_set_to_a_bus() {
    let body = "|kbus|\nouts upsamp(busin:k(kbus)), a(0)";
    let score = "[[event]]\ninstr = \"x\"\ndur = 1\nargs = { kbus = \"@other\" }\n\
                 [[event.set]]\nat = 0.5\nargs = { kbus = \"@level\" }\n";
    let other = "[[bus]]\nname = \"other\"\nkind = \"control\"\nvalue = 0.75\n";
    let sound = Kit::new(&format!("{}{other}", document(body)))
        .score(score)
        .sound();
    reads(&sound, 1, &[(12_000, 0.75), (36_000, 0.25)]);
}

/// A length in samples, and the gap before it.
fn lengths() -> Vec<(u64, u64)> {
    let strategy = prop::collection::vec((1..700_u64, 150..500_u64), 1000);
    let tree = strategy.new_tree(&mut TestRunner::deterministic()).unwrap();
    tree.current()
}

#[test]
fn a_thousand_random_lengths_end_on_their_sample_and_p3_is_true() {
    let body =
        "a1 init 0.5\np3length init p3\nouts a1, upsamp(p3length)".replace("p3length", "ilength");
    let (mut score, mut spans, mut end) = (String::new(), Vec::new(), 0);
    for (length, gap) in lengths() {
        let start = end + gap;
        end = start + length;
        let [at, dur] = [start, length].map(|samples| samples as f64 / 48_000.0);
        score += &format!("[[event]]\ninstr = \"x\"\nat = {at:?}\ndur = {dur:?}\n");
        spans.push((start as usize, end as usize));
    }
    for ksmps in [1, 32, 100] {
        let mut kit = Kit::new(&document(&body)).score(&score);
        kit.job.ksmps = Some(ksmps);
        let sound = kit.sound();
        let (level, p3) = (channel(&sound, 0), channel(&sound, 1));
        assert_eq!(level.len(), end as usize);
        let mut silent_from = 0;
        for &(start, end) in &spans {
            assert!(
                level[silent_from..start]
                    .iter()
                    .all(|sample| *sample == 0.0),
                "before {start}"
            );
            assert!(
                level[start..end].iter().all(|sample| *sample == 0.5),
                "{start} to {end}"
            );
            let true_length = (end - start) as f64 / 48_000.0;
            assert!(
                (p3[start] - true_length).abs() < 1e-12,
                "{} at {start}",
                p3[start]
            );
            silent_from = end;
        }
    }
}

fn modes() -> impl Strategy<Value = (Mode, String)> {
    let named = prop::sample::select(vec![
        "linear", "cos", "floor", "cubic", "smooth", "smoother",
    ]);
    let power = (1..40_u32).prop_map(|tenths| format!("exp({})", f64::from(tenths) / 10.0));
    prop_oneof![named.prop_map(str::to_owned), power].prop_map(|text| (text.parse().unwrap(), text))
}

/// A line of a score: its shape, and the gaps and values of its points.
fn drawn() -> impl Strategy<Value = ((Mode, String), Vec<(f64, f64)>)> {
    (
        modes(),
        prop::collection::vec((0.0..0.05_f64, -1.0..1.0_f64), 1..8),
    )
}

#[test]
fn random_lines_are_what_their_formula_says() {
    let strategy = prop::collection::vec(drawn(), 60);
    let lines = strategy
        .new_tree(&mut TestRunner::deterministic())
        .unwrap()
        .current();
    let (mut score, mut wanted) = (String::new(), Vec::new());
    for (n, ((mode, name), gaps)) in lines.into_iter().enumerate() {
        let mut time = 0.0;
        let points: Vec<Point> = gaps
            .into_iter()
            .enumerate()
            .map(|(n, (gap, value))| {
                time += if n == 0 { 0.0 } else { gap };
                Point { time, value }
            })
            .collect();
        let pairs: Vec<f64> = points
            .iter()
            .flat_map(|point| [point.time, point.value])
            .collect();
        let at = n as f64 * 0.5;
        score += &format!(
            "[[event]]\ninstr = \"x\"\nat = {at}\ndur = 0.5\n[[event.automate]]\nparam = \"kval\"\npairs = {pairs:?}\nmode = \"{name}\"\n"
        );
        assert_eq!(Line::pairs(pairs).points().unwrap(), points);
        wanted.push((mode, points));
    }
    let left = channel(&held(&score), 0);
    for (n, (mode, points)) in wanted.iter().enumerate() {
        for cycle in 0..750 {
            let time = moment(f64::from(cycle) * 32.0, 32) / 48_000.0;
            let value = value_at(points, *mode, time);
            let read = left[n * 24_000 + cycle as usize * 32];
            assert!(
                (read - value).abs() < 1e-9,
                "{mode:?} {points:?} at {time}: {read}, not {value}"
            );
        }
    }
}

#[test]
fn ten_thousand_events_are_no_crowd() {
    let event = |n: usize| {
        let at = n as f64 * 1e-4;
        format!(
            "[[event]]\ninstr = \"x\"\nat = {at}\ndur = 0.005\nargs = {{ kval = 0.001 }}\n\
             [[event.set]]\nat = 0.001\nargs = {{ kval = 0.002 }}\n\
             [[event.automate]]\nparam = \"kval\"\npairs = [0, 0.002, 0.001, 0.01]\nat = 0.002\n\
             [[bus_set]]\nbus = \"level\"\nat = {at}\nvalue = {n}\n"
        )
    };
    let score: String = (0..10_000).map(event).collect();
    let mut kit = Kit::new(&document("|kval=0.25|\nouts upsamp(kval), a(0)")).score(&score);
    let left = kit.left();
    assert_eq!(left.len(), 48_235);
    // 50 sound at a time: each reads 1/1000, twice that from 1 ms on, and rises to 1/100 from 2 ms to 3 ms.
    let mean = left[4_800..43_200].iter().sum::<f64>() / 38_400.0;
    let wanted = 10.0 * 0.001 + 10.0 * 0.002 + 10.0 * 0.006 + 20.0 * 0.01;
    assert!((mean - wanted).abs() < 0.01, "{mean}, not {wanted}");
    assert!(kit.told.is_empty(), "{:?}", kit.told);
}
