//! The examples of the interface that move: lines on controls, values and lines on buses.

use super::examples::heard;
use super::render_kit::{peak, pitch};

#[test]
fn a_control_is_set_and_then_taken_over_by_a_line() {
    let heard = heard("controls");
    heard.sounds(0.1, 0.9, 800.0, 0.1);
    heard.sounds(1.1, 1.45, 1000.0, 0.1);
    // Half way from 1000 to 440 Hz, half way on to 880 Hz, and there.
    heard.sounds(2.45, 2.55, 720.0, 0.1);
    heard.sounds(3.95, 4.05, 660.0, 0.1);
    heard.sounds(4.6, 4.9, 880.0, 0.1);
}

#[test]
fn a_synth_plays_through_a_filter_that_moves() {
    let heard = heard("voicefilter");
    // The resonance is near the partial that is the loudest, until the line takes it down.
    let at = |from: f64, to: f64| pitch(heard.part(from, to));
    let fundamental = |midi: f64| 440.0 * ((midi - 69.0) / 12.0).exp2();
    assert!((at(1.0, 1.9) / fundamental(67.0) - 2.0).abs() < 0.01);
    assert!((at(5.9, 6.1) / fundamental(60.0) - 1.0).abs() < 0.01);
    assert!((at(9.5, 9.95) / fundamental(60.0) - 1.0).abs() < 0.01);
    // Open at 10 s, it lets pass what it kept back at 6 s.
    let bright = |from: f64, to: f64| {
        let part = heard.part(from, to);
        let steps: Vec<f64> = part.windows(2).map(|pair| pair[1] - pair[0]).collect();
        peak(&steps) / peak(part)
    };
    assert!(bright(9.7, 9.9) > 3.0 * bright(5.9, 6.1));
    heard.is_silent(10.4, 10.5);
}

#[test]
fn a_bus_makes_a_glissando_through_sender_and_receiver() {
    let heard = heard("sendreceive");
    assert!((pitch(heard.part(2.45, 2.55)) - 660.0).abs() < 2.0);
    assert!((pitch(heard.part(5.2, 6.4)) - 440.0).abs() < 0.1);
    assert!((heard.rms(5.2, 6.4) / 0.0287 - 1.0).abs() < 0.02);
}

#[test]
fn a_bus_is_set_while_a_synth_reads_it() {
    let heard = heard("busset");
    assert!((pitch(heard.part(0.05, 0.45)) - 1000.0).abs() < 0.2);
    assert!((pitch(heard.part(0.6, 3.9)) - 500.0).abs() < 0.1);
}

#[test]
fn a_line_begins_where_the_bus_stands() {
    let heard = heard("busline");
    heard.sounds(1.45, 1.55, 320.0, 0.1);
    heard.sounds(3.1, 5.4, 200.0, 0.1);
    // 8 Hz below the value it began with after 0.1 s.
    heard.sounds(0.05, 0.15, 432.0, 0.1);
}
