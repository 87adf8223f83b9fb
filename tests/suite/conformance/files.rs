//! Checks 32 to 34, 43 to 46, 61, 63: whole renders, their lengths and formats.

use super::kit::{bytes, hear, hear_score, hear_with, refused, sample};
use crate::suite::render_kit::{extent, peak};
use crate::suite::session_kit::rms;

#[test]
fn check_32_a_sine_is_set_to_another_pitch() {
    let heard = hear_score("sine", "32_sine");
    assert!((heard.pitch(0.05, 0.95) - 800.0).abs() < 0.1);
    assert!((heard.pitch(1.05, 1.95) - 1000.0).abs() < 0.1);
    let left = heard.channel(1);
    assert!((peak(&left) - 0.1).abs() < 1e-3 && (rms(&left) - 0.0707).abs() < 1e-3);
}

#[test]
fn check_33_a_render_has_the_length_of_its_event() {
    let heard = hear_score("sine", "33_renderer");
    assert!((heard.pitch(0.1, 1.9) - 440.0).abs() < 0.1);
    assert!((heard.pitch(2.1, 3.9) - 880.0).abs() < 0.1);
    assert_eq!(heard.frames(), 192_000);
}

#[test]
fn check_34_two_synths_beat_and_ring_out() {
    let heard = hear("34_beats");
    let left = heard.channel(1);
    let level = |from, to| peak(&left[sample(from)..sample(to)]);
    assert!((level(0.1, 0.5) - 0.1).abs() < 1e-3);
    assert!((level(0.55, 2.0) - 0.2).abs() < 1e-3);
    assert_eq!(heard.frames(), sample(2.1));
}

#[test]
fn check_43_included_code_is_known() {
    hear("43_include").reads(&[(0.2, 0.4)]);
}

#[test]
fn check_44_a_release_lengthens_the_file_and_a_tail_even_more() {
    let without = hear_score("release", "44_release");
    without.reads(&[(0.9, 0.5), (1.25, 0.25), (1.45, 0.05)]);
    assert_eq!(without.frames(), sample(1.5));
    let with = hear_with("release", "44_release", &["--tail", "1"]);
    with.reads(&[(1.25, 0.25), (1.45, 0.05)]);
    assert_eq!(with.frames(), sample(2.0));
    assert_eq!(extent(&with.channel(1)[sample(1.5)..]), None);
}

#[test]
fn check_45_something_must_end() {
    let told = refused("dc", "45_endless");
    assert!(
        told.contains("45_endless.score.toml") && told.contains("end"),
        "{told}"
    );
    assert_eq!(
        hear_with("dc", "45_endless", &["--dur", "2"]).frames(),
        sample(2.0)
    );
    assert_eq!(hear_score("dc", "45_marker").frames(), sample(3.0));
    assert_eq!(hear_score("dc", "45_with_finite").frames(), sample(1.5));
}

/// The format code and the bits of a sample of a WAV file. An extensible one has its code further on.
fn wav_format(bytes: &[u8]) -> (u16, u16) {
    let chunk = bytes.windows(4).position(|word| word == b"fmt ").unwrap() + 8;
    let word = |at: usize| u16::from_le_bytes([bytes[chunk + at], bytes[chunk + at + 1]]);
    let code = if word(0) == 0xfffe { word(24) } else { word(0) };
    (code, word(14))
}

/// The bits of a sample of a FLAC file, which stand 20 bits behind the sample rate.
fn flac_bits(bytes: &[u8]) -> u8 {
    assert_eq!(&bytes[..4], b"fLaC");
    (((bytes[20] & 1) << 4) | (bytes[21] >> 4)) + 1
}

#[test]
fn check_46_a_file_has_the_format_that_was_asked_for() {
    const INTEGER: u16 = 1;
    const FLOAT: u16 = 3;
    let formats = [
        (None, FLOAT, 32),
        (Some("pcm16"), INTEGER, 16),
        (Some("pcm24"), INTEGER, 24),
        (Some("float64"), FLOAT, 64),
    ];
    for (format, code, bits) in formats {
        let options: Vec<&str> = format
            .into_iter()
            .flat_map(|format| ["--format", format])
            .collect();
        let file = bytes("dc", "46_format", "out.wav", &options);
        assert_eq!(wav_format(&file), (code, bits), "{format:?}");
    }
    assert_eq!(flac_bits(&bytes("dc", "46_format", "out.flac", &[])), 24);
}

#[test]
fn check_61_a_body_that_does_not_compile_is_told_with_its_line() {
    let told = refused("61_syntax", "01_levels");
    assert!(
        told.contains("61_syntax.toml:9:") && told.contains("nosuchopcode"),
        "{told}"
    );
}

#[test]
fn check_63_a_render_is_cropped_and_skips() {
    let whole = hear_score("dc", "63_two_seconds").channel(1);
    assert_eq!(whole.len(), sample(2.0));
    let cropped = hear_with("dc", "63_two_seconds", &["--dur", "1"]);
    assert!(cropped.channel(1) == whole[..sample(1.0)]);
    let skipped = hear_with("dc", "63_two_seconds", &["--start", "1"]);
    assert!(skipped.channel(1) == whole[sample(1.0)..]);
}
