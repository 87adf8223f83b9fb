//! Ranges, curves and the texts of values.

use csound_session::session::instr::{Arg, Curve};
use proptest::prelude::*;

use super::instr_harness::instr;

fn arg(declaration: &str) -> Arg {
    instr("one", &format!("|{declaration}|")).args()[0].clone()
}

#[test]
fn ranges_are_guessed_from_name_and_default() {
    for (declaration, min, max, curve) in [
        ("kfreq=440", 20.0, 12000.0, Curve::Log),
        ("kcutoff=3000", 20.0, 12000.0, Curve::Log),
        ("klfofreq=5", 0.5, 12000.0, Curve::Log),
        ("kcutoff=15000", 0.0, 150_000.0, Curve::Linear),
        ("kmidinote=67", 0.0, 127.0, Curve::Linear),
        ("kpitch=0", 0.0, 127.0, Curve::Linear),
        ("kamp=0.1", 0.0, 1.5, Curve::Linear),
        ("klevel=2", 0.0, 1.5, Curve::Linear),
        ("kampdb=-12", -120.0, 6.0, Curve::Linear),
        ("kpan=0.5", 0.0, 1.0, Curve::Linear),
        ("kx=-12", -100.0, 0.0, Curve::Linear),
        ("kx=-200", -2000.0, 0.0, Curve::Linear),
        ("kx=-95", -1000.0, 0.0, Curve::Linear),
        ("kx=0", 0.0, 2.0, Curve::Linear),
        ("kx=1", 0.0, 2.0, Curve::Linear),
        ("kx=3", 0.0, 10.0, Curve::Linear),
        ("kx=10", 0.0, 500.0, Curve::Linear),
        ("kx=60", 0.0, 1000.0, Curve::Linear),
        ("kx=100", 0.0, 1000.0, Curve::Linear),
    ] {
        let range = arg(declaration).range();
        assert_eq!(
            (range.min, range.max, range.curve),
            (min, max, curve),
            "{declaration}"
        );
    }
}

#[test]
fn nudges_suit_the_span() {
    for (declaration, nudge) in [
        ("kx=1", 0.001),
        ("kx=1 (0..5)", 0.01),
        ("kx=3", 0.05),
        ("kx=1 (0..100)", 0.1),
        ("kx=1 (0..1000)", 1.0),
        ("kx=1 (0..1000 step 4)", 4.0),
        ("kx=1 (a/b/c)", 1.0),
    ] {
        assert_eq!(arg(declaration).range().nudge(), nudge, "{declaration}");
    }
}

#[test]
fn curves_map_as_they_are_called() {
    for (declaration, position, value) in [
        ("kx=1 (0..10)", 0.25, 2.5),
        ("kx=100 (10..1000 log)", 0.5, 100.0),
        ("kx=1 (0..10 exp 2)", 0.5, 2.5),
        ("kx=1 (0..10 step 3)", 0.25, 3.0),
        ("kx=1 (a/b/c)", 0.4, 1.0),
        ("kx=1 (a/b/c)", 0.9, 2.0),
    ] {
        let arg = arg(declaration);
        assert!(
            (arg.from_normalized(position) - value).abs() < 1e-9,
            "{declaration}"
        );
    }
    let log = arg("kx=100 (10..1000 log)");
    assert!((log.to_normalized(100.0) - 0.5).abs() < 1e-12);
    assert_eq!(
        (
            log.to_normalized(-5.0),
            log.to_normalized(1e9),
            log.to_normalized(f64::NAN)
        ),
        (0.0, 1.0, 0.0)
    );
    assert_eq!(
        (
            log.from_normalized(-1.0),
            log.from_normalized(2.0),
            log.from_normalized(f64::NAN)
        ),
        (10.0, 1000.0, 10.0)
    );
}

#[test]
fn values_are_shown_with_units() {
    for (declaration, value, shown) in [
        ("kx=440 (20..20000 log Hz)", 440.0, "440 Hz"),
        ("kx=440 (20..20000 log Hz)", 1234.56, "1.2346 kHz"),
        ("kx=440 (20..20000 log Hz)", 20000.0, "20 kHz"),
        ("kx=0 (-60..6 dB)", -6.02, "-6.02 dB"),
        ("kx=20 (1..5000 ms)", 1500.0, "1.5 s"),
        ("kx=0.5 (0..1 %)", 0.5, "50 %"),
        ("kx=50 (0..100 %)", 50.0, "50 %"),
        ("kx=1 (saw/square/triangle)", 1.7, "triangle"),
        ("kx=0", 0.1, "0.1"),
        ("kx=0", -0.0, "0"),
        ("kx=0", 1e-9, "1.0000e-9"),
        ("kx=0 (-24..24 st)", 7.0, "7 st"),
    ] {
        assert_eq!(arg(declaration).format(value), shown, "{declaration}");
    }
}

#[test]
fn values_are_typed_as_people_do() {
    for (declaration, typed, value) in [
        ("kx=440 (20..20000 log Hz)", "1.2 kHz", Some(1200.0)),
        ("kx=440 (20..20000 log Hz)", "1.2khz", Some(1200.0)),
        ("kx=440 (20..20000 log Hz)", "1,2k", Some(1200.0)),
        ("kx=440 (20..20000 log Hz)", " 440 ", Some(440.0)),
        ("kx=440 (20..20000 log Hz)", "-6 dB", None),
        ("kx=0 (-60..6 dB)", "-6 dB", Some(-6.0)),
        ("kx=0 (-60..6 dB)", "- 6", Some(-6.0)),
        ("kx=0 (-60..6 dB)", "\u{2212}6 dB", Some(-6.0)),
        ("kamp=1 (0..1)", "-20 dB", Some(0.1)),
        ("kamp=1 (0..1)", "50 %", Some(0.5)),
        ("kx=0.5 (0..1 %)", "50 %", Some(0.5)),
        ("kx=0.5 (0..1 %)", "50", Some(0.5)),
        ("kx=50 (0..100 %)", "50 %", Some(50.0)),
        ("kx=20 (1..5000 ms)", "1.5 s", Some(1500.0)),
        ("kx=1 (0..5 s)", "20 ms", Some(0.02)),
        ("kx=1 (-24..24 st)", "1 oct", Some(12.0)),
        ("kx=1 (saw/square/triangle)", "Triangle", Some(2.0)),
        ("kx=1 (saw/square/triangle)", "1", Some(1.0)),
        ("kx=1 (saw/square/triangle)", "sine", None),
        ("kx=1", "", None),
        ("kx=1", "abc", None),
        ("kx=1", "1 mile", None),
        ("kx=1", "1e400", None),
    ] {
        let parsed = arg(declaration).parse(typed);
        let same = match (parsed, value) {
            (Some(parsed), Some(value)) => (parsed - value).abs() < 1e-9,
            (parsed, value) => parsed == value,
        };
        assert!(
            same,
            "{declaration}: {typed:?} is {parsed:?}, not {value:?}"
        );
    }
}

const DECLARATIONS: [&str; 12] = [
    "kx=440 (20..20000 log Hz)",
    "kx=0 (-60..6 dB)",
    "kx=20 (1..5000 ms)",
    "kx=0.5 (0..1 %)",
    "kx=50 (0..100 %)",
    "kx=1 (a/b/c/d)",
    "kx=0 (-24..24 step 1 st)",
    "kx=1 (0..8 exp 3 s)",
    "kfreq=440",
    "kx=-3",
    "kx=2 (0.001..1000 log)",
    "kx=0 (-1e6..1e6)",
];

proptest! {
    #[test]
    fn positions_round_trip(index in 0..DECLARATIONS.len(), position in 0.0..=1.0_f64) {
        let arg = arg(DECLARATIONS[index]);
        let range = arg.range();
        let value = arg.from_normalized(position);
        prop_assert!((range.min..=range.max).contains(&value));
        let again = arg.from_normalized(arg.to_normalized(value));
        prop_assert!((again - value).abs() <= 1e-9 * (range.max - range.min), "{value} became {again}");
        if range.step.is_none() {
            prop_assert!((arg.to_normalized(value) - position).abs() < 1e-6);
        }
        prop_assert_eq!((arg.from_normalized(0.0), arg.from_normalized(1.0)), (range.min, range.max));
        prop_assert_eq!((arg.to_normalized(range.min), arg.to_normalized(range.max)), (0.0, 1.0));
    }

    #[test]
    fn shown_values_read_back_as_shown(index in 0..DECLARATIONS.len(), position in 0.0..=1.0_f64) {
        let arg = arg(DECLARATIONS[index]);
        let value = arg.from_normalized(position);
        let shown = arg.format(value);
        let read = arg.parse(&shown);
        prop_assert!(read.is_some(), "{}", shown);
        let read = read.unwrap();
        prop_assert!((read - value).abs() <= 1e-4 * value.abs() + 1e-12, "{value} read back as {read}");
        prop_assert_eq!(arg.format(read), shown);
    }
}
