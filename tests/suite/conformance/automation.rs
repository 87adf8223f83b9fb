//! Checks 9 to 20, 62: controls that are set, that follow lines, and synths that are stopped.

use super::kit::{hear, hear_score, refused, sample};
use crate::suite::session_kit::{DC, Live};
use csound_session::session::Sched;
use csound_session::session::instr::Instr;

#[test]
fn check_09_an_alias_is_as_good_as_the_name() {
    hear("09_alias").reads(&[(0.5, 0.5), (1.5, 0.75), (2.5, 0.1)]);
    let instr = Instr::builder("dc", DC).aliases([("level", "kval")]);
    let mut live = Live::of([instr.build().unwrap()], |_| {});
    let synth = live.sched("dc", Sched::now().arg("level", 0.5));
    assert_eq!(synth.dynamic_param_names(), ["level"]);
}

#[test]
fn check_10_a_set_counts_from_the_start_of_its_event() {
    let heard = hear_score("dc", "10_set");
    heard.reads(&[(0.5, 0.0), (1.01, 0.5), (1.5, 0.5), (1.99, 0.5)]);
    heard.reads(&[(2.01, 0.75), (3.0, 0.75), (3.99, 0.75)]);
    assert_eq!(heard.frames(), sample(4.0));
}

#[test]
fn check_11_a_straight_line_holds_its_last_value() {
    hear_score("dc", "11_line").reads(&[
        (1.25, 0.125),
        (1.5, 0.25),
        (2.0, 0.5),
        (2.5, 0.75),
        (3.0, 1.0),
        (3.9, 1.0),
    ]);
}

#[test]
fn check_12_half_a_cosine() {
    hear_score("dc", "12_cosine").reads(&[
        (1.25, 0.0381),
        (1.5, 0.1465),
        (2.0, 0.5),
        (2.5, 0.8536),
        (3.0, 1.0),
    ]);
}

#[test]
fn check_13_other_shapes() {
    let heard = hear_score("dc", "13_shapes");
    for (start, quarter) in [(0.0, 0.1465), (4.0, 0.1563), (8.0, 0.1035)] {
        heard.reads(&[
            (start + 0.25, quarter),
            (start + 0.5, 0.5),
            (start + 1.0, 1.0),
            (start + 1.5, 0.5),
        ]);
    }
}

#[test]
fn check_14_a_line_takes_over_where_the_control_stands() {
    hear_score("dc", "14_overtake").reads(&[
        (1.01, 0.5025),
        (1.5, 0.625),
        (2.0, 0.75),
        (2.5, 0.875),
        (3.1, 1.0),
    ]);
}

#[test]
fn check_15_a_first_value_of_nan_takes_over() {
    let heard = hear_score("dc", "15_nan");
    for start in [0.0, 5.0, 10.0] {
        let expected = [
            (1.01, 0.5025),
            (1.5, 0.625),
            (2.0, 0.75),
            (2.5, 0.875),
            (3.1, 1.0),
        ];
        heard.reads(&expected.map(|(at, value)| (start + at, value)));
    }
    hear("15_bus").reads(&[(0.5, 0.5), (1.5, 0.0)]);
}

#[test]
fn check_16_a_running_line_wins_over_a_set() {
    hear_score("dc", "16_set_in_a_line").reads(&[(1.01, 0.504), (1.5, 0.749), (2.5, 1.0)]);
}

#[test]
fn check_17_the_newer_line_counts() {
    let expected = [
        (0.5, 0.25),
        (1.0, 0.5),
        (2.2, 1.0),
        (2.51, 0.99),
        (3.0, 0.5),
        (3.6, 0.0),
    ];
    hear_score("dc", "17_two_lines").reads(&expected);
}

#[test]
fn check_18_what_cannot_be_set_is_told_at_its_place() {
    let cases = [
        ("18_automate_unknown", "7:9: param:", "kfoo"),
        ("18_automate_fixed", "7:9: param:", "fixed"),
        ("18_set_unknown", "8:10: kfoo:", "kfoo"),
        ("18_set_fixed", "8:10: iamp:", "fixed"),
    ];
    for (score, place, what) in cases {
        let told = refused("18_fixed", score);
        let wanted = format!("{score}.score.toml:{place}");
        assert!(told.contains(&wanted) && told.contains(what), "{told}");
    }
}

#[test]
fn check_19_a_stop_is_heard_as_a_release() {
    let heard = hear_score("release", "19_stop");
    heard.reads(&[(0.99, 0.5), (1.01, 0.49), (1.25, 0.25), (1.49, 0.01)]);
    assert_eq!(
        heard.frames(),
        sample(1.5),
        "it sounds until its release is over"
    );
}

#[test]
fn check_20_an_early_stop_does_not_shorten_the_file() {
    let heard = hear_score("release", "20_early_stop");
    heard.reads(&[(1.9, 0.5), (2.1, 0.4), (2.25, 0.25), (2.4, 0.1), (2.6, 0.0)]);
    assert_eq!(heard.frames(), sample(10.0));
}

#[test]
fn check_62_powers_are_shapes() {
    let heard = hear_score("dc", "62_exponents");
    for start in [0.0, 3.0, 6.0] {
        heard.reads(&[(start + 0.5, 0.25), (start + 1.5, 1.0)]);
    }
}
