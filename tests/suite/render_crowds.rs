//! Many events, at random and all at once.

use csound_session::session::line::{Point, moment, value_at};
use csound_session::session::{Line, Mode};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::render_kit::{Kit, channel, instr};

/// The control as it is held in each cycle.
const HELD: &str = "|kval=0.25|\na1 upsamp kval\nouts a1, a1";

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
        let mut kit = Kit::instr("x", &body).score(&score);
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
    let left = channel(&Kit::instr("x", HELD).score(&score).sound(), 0);
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
    let bus = "[[bus]]\nname = \"level\"\nkind = \"control\"\n";
    let document = format!("{}{bus}", instr("x", HELD));
    let score: String = (0..10_000).map(event).collect();
    let mut kit = Kit::new(&document).score(&score);
    let left = kit.left();
    assert_eq!(left.len(), 48_235);
    // 50 sound at a time: each reads 1/1000, twice that from 1 ms on, and rises to 1/100 from 2 ms to 3 ms.
    let mean = left[4_800..43_200].iter().sum::<f64>() / 38_400.0;
    let wanted = 10.0 * 0.001 + 10.0 * 0.002 + 10.0 * 0.006 + 20.0 * 0.01;
    assert!((mean - wanted).abs() < 0.01, "{mean}, not {wanted}");
    assert!(kit.told.is_empty(), "{:?}", kit.told);
}
