//! Checks 24 to 27, 30, 31: buses of the document. 28 and 29, about their life, stand in `live_buses`.

use super::kit::{hear, hear_score};
use crate::suite::session_kit::rms;

#[test]
fn check_24_sound_goes_from_an_earlier_synth_to_a_later_one() {
    hear_score("audio_bus", "24_writer_first").reads(&[
        (0.5, 0.25),
        (0.99, 0.25),
        (1.01, 0.0),
        (1.5, 0.0),
    ]);
    for score in ["24_reader_first", "24_same"] {
        let heard = hear_score("audio_bus", score);
        assert!(
            heard.channel(1).iter().all(|sample| *sample == 0.0),
            "{score}"
        );
    }
}

#[test]
fn check_25_writers_replace_or_add() {
    hear_score("audio_bus", "25_replace").reads(&[(0.5, 0.2)]);
    hear_score("audio_bus", "25_add").reads(&[(0.5, 0.45)]);
}

#[test]
fn check_26_a_control_bus_is_set_and_follows_lines() {
    let expected = [
        (0.5, 0.25),
        (1.01, 0.5),
        (1.9, 0.5),
        (2.5, 0.5),
        (3.5, 1.0),
        (4.02, 0.99),
        (4.5, 0.75),
        (5.5, 0.5),
    ];
    hear("26_bus").reads(&expected);
}

#[test]
fn check_27_a_control_bus_holds_what_was_written() {
    hear("27_held").reads(&[(0.25, 0.0), (0.52, 0.6), (1.4, 0.6), (2.5, 0.6)]);
}

#[test]
fn check_30_a_glissando_on_a_bus() {
    let heard = hear("30_glissando");
    assert!((heard.pitch(2.45, 2.55) - 660.0).abs() < 1.0);
    assert!((heard.pitch(5.5, 6.5) - 440.0).abs() < 0.1);
    let level = rms(&heard.channel(1)[5 * 48_000..]);
    assert!((level / 0.0287 - 1.0).abs() < 0.02, "{level}");
}

#[test]
fn check_31_a_bus_is_set_later() {
    let heard = hear("31_bus_set");
    assert!((heard.pitch(0.0, 0.49) - 1000.0).abs() < 0.5);
    assert!((heard.pitch(0.52, 3.9) - 500.0).abs() < 0.1);
}
