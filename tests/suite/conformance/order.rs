//! Checks 21 to 23, 57: starts to the sample, the order of the chain, and how many can sound.

use super::kit::{hear, hear_score, refused, sample};
use crate::suite::render_kit::extent;
use crate::suite::session_kit::{DC, Live};
use csound_session::session::Sched;
use csound_session::session::instr::Instr;

#[test]
fn check_21_synths_start_and_end_at_the_nearest_sample() {
    let heard = hear("21_onsets");
    let starts = [
        (0.1001, 4805),
        (0.1003, 4814),
        (0.1005, 4824),
        (0.1007, 4834),
    ];
    for (n, (at, first)) in starts.into_iter().enumerate() {
        let last = sample(at + 0.5) - 1;
        assert_eq!(
            extent(&heard.channel(n + 1)),
            Some((first, last)),
            "at {at} s"
        );
    }
}

#[test]
fn check_22_later_priorities_and_definitions_come_later() {
    let heard = hear_score("chain", "22_both_ends");
    assert_eq!(
        (heard.at(1, 0.0), heard.at(1, 0.4)),
        (0.25, 0.25),
        "-10 is 1, before 2"
    );
    assert_eq!(
        (heard.at(1, 1.0), heard.at(1, 1.4)),
        (0.5, 0.5),
        "9 is before -1"
    );
    let heard = hear_score("chain", "22_order_of_definition");
    assert_eq!(
        (heard.at(1, 0.0), heard.at(1, 0.4)),
        (0.25, 0.25),
        "the writer is defined first"
    );
    for priority in ["0", "11", "minus_11"] {
        let told = refused("chain", &format!("22_priority_{priority}"));
        assert!(told.contains(".score.toml:5:12: priority:"), "{told}");
    }
}

#[test]
fn check_23_a_channel_is_heard_at_once_or_one_cycle_later() {
    let first = |score| extent(&hear_score("chain", score).channel(1)).unwrap().0;
    assert_eq!(first("23_writer_first"), 0);
    assert_eq!(first("23_reader_first"), 64);
}

#[test]
fn check_57_no_synth_is_lost_without_a_word() {
    let heard = hear_score("dc", "57_crowd");
    assert!(
        (heard.at(1, 0.5) - 4.0).abs() < 1e-9,
        "a score has room for all of its 400 events"
    );
    let mut live = Live::of([Instr::new("dc", DC).unwrap()], |spec| {
        spec.orchestra.slices = 10
    });
    let ten = (0..10).map(|_| {
        live.session()
            .sched("dc", Sched::at(0.0).dur(1.0).arg("kval", 0.01))
    });
    assert!(ten.into_iter().all(|synth| synth.is_ok()));
    for _ in 10..15 {
        let told = live
            .session()
            .sched("dc", Sched::at(0.0).dur(1.0))
            .unwrap_err()
            .to_string();
        assert!(told.contains("OrchestraSpec::slices (now 10)"), "{told}");
    }
    live.reads(&[(0.5, 0.1)]);
}
