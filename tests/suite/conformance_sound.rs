//! Samples, partials, the test of the channels, tables and encodings: what each must measure.

use super::render_kit::Kit;
use super::session_kit::{Live, RATE, peak, pitch};
use super::sound_kit::{
    Files, TOLERANCE, end, interleaved, level, live, near, played, ramp, reads, two_partials,
};
use csound_session::render::soundfile::{Encoding, Target};
use csound_session::session::{
    NewTable, PlayPartials, PlaySample, SampleSource, Sched, TestAudio, TestMode,
};
use std::f64::consts::SQRT_2;

/// Check 35.
#[test]
fn a_mono_sample_sounds_in_the_middle_with_fades_inside_it() {
    let files = Files::new();
    let path = files.wav("half.wav", 48_000, &[level(0.5)]);
    let sources: [SampleSource; 3] = [
        (&path).into(),
        (level(0.5), 48_000.0).into(),
        NewTable::data(level(0.5)).into(),
    ];
    for source in sources {
        let heard = played(source, PlaySample::default(), 1.2);
        for channel in &heard {
            reads(
                channel,
                &[(0.01, 0.1768), (0.5, 0.3536), (0.99, 0.1768), (1.01, 0.0)],
            );
            near("its length", end(channel, 1e-6), RATE, 64);
        }
    }
}

/// Check 36.
#[test]
fn one_law_places_mono_and_stereo() {
    let mono = [
        (0.0, (0.5, 0.0)),
        (1.0, (0.0, 0.5)),
        (0.25, (0.4619, 0.1913)),
        (-1.0, (0.5, 0.0)),
    ];
    let stereo = [
        (0.5, (0.5, 0.25)),
        (0.0, (0.5 * SQRT_2, 0.0)),
        (1.0, (0.0, 0.3536)),
        (-1.0, (0.5, 0.25)),
    ];
    let files = Files::new();
    let channels = [level(0.5), level(0.25)];
    for (channels, places) in [(&channels[..1], mono), (&channels[..], stereo)] {
        let path = files.wav(&format!("{}.wav", channels.len()), 48_000, channels);
        for (pan, (left, right)) in places {
            let how = PlaySample::default().pan(pan);
            let data = NewTable::data(interleaved(channels)).channels(channels.len() as u32);
            for source in [SampleSource::from(&path), data.into()] {
                let heard = played(source, how, 0.6);
                reads(&heard[0], &[(0.5, left)]);
                reads(&heard[1], &[(0.5, right)]);
            }
        }
    }
}

/// Check 37.
#[test]
fn speed_and_skip_move_the_head() {
    let sound = || (ramp(RATE), 48_000.0);
    let left = PlaySample::default().pan(0.0);
    let fast = played(sound(), left.speed(2.0), 0.8);
    reads(&fast[0], &[(0.03, 0.03)]);
    near(
        "fast, it ends",
        end(&fast[0], 1e-4),
        (0.509 * RATE as f64) as usize,
        100,
    );
    let slow = played(sound(), left.speed(0.5), 1.6);
    reads(&slow[0], &[(0.5, 0.125), (1.5, 0.375)]);
    let later = played(sound(), left.skip(0.5), 0.8);
    reads(&later[0], &[(0.01, 0.1275)]);
    near("skipped, it ends", end(&later[0], 1e-6), RATE / 2, 64);
    let quiet = played(sound(), left.gain(0.5), 0.8);
    reads(&quiet[0], &[(0.5, 0.125)]);
}

/// Check 38.
#[test]
fn a_loop_overlaps_its_end_with_its_beginning() {
    let mut live = live(2);
    let how = PlaySample::default().pan(0.0).loops().crossfade(0.02);
    let source = (ramp(RATE), 48_000.0);
    let sched = Sched::at(0.0).dur(3.0);
    let synth = live.session().play_sample(source, sched, how).unwrap();
    let heard = live.heard(3.2);
    reads(
        &heard[0],
        &[(0.5, 0.25), (0.9, 0.45), (1.5, 0.26), (2.5, 0.27)],
    );
    // Half-way through the overlap: half of 0.495 and half of 0.005.
    reads(&heard[0], &[(0.99, 0.25)]);
    near(
        "its length",
        end(&heard[0], 1e-6),
        (3.02 * RATE as f64) as usize,
        64,
    );
    assert!(synth.finished());
}

/// Check 39.
#[test]
fn a_sample_of_another_rate_keeps_its_pitch() {
    let files = Files::new();
    let path = files.wav("ramp.wav", 24_000, &[ramp(24_000)]);
    let sources: [SampleSource; 2] = [(&path).into(), (ramp(24_000), 24_000.0).into()];
    for source in sources {
        let heard = played(source, PlaySample::default().pan(0.0), 1.2);
        reads(&heard[0], &[(0.5, 0.25), (0.9, 0.45)]);
        near("its length", end(&heard[0], 1e-6), RATE, 64);
    }
}

#[track_caller]
fn partials(how: PlayPartials) -> Vec<Vec<f64>> {
    let mut live = live(2);
    let session = live.session();
    session
        .play_partials(two_partials(), Sched::at(0.0), how)
        .unwrap();
    live.heard(1.2)
}

/// The amplitudes at frequencies, of a stretch of whole periods.
fn amplitudes<const N: usize>(heard: &[f64], frequencies: [f64; N]) -> [f64; N] {
    let window = &heard[4800..4800 + 9600];
    frequencies.map(|frequency| {
        let angle = |n: usize| std::f64::consts::TAU * frequency * n as f64 / RATE as f64;
        let sum = |f: fn(f64) -> f64| -> f64 {
            window
                .iter()
                .enumerate()
                .map(|(n, sample)| sample * f(angle(n)))
                .sum()
        };
        2.0 * sum(f64::cos).hypot(sum(f64::sin)) / window.len() as f64
    })
}

#[track_caller]
fn sounds(heard: &[f64], expected: [(f64, f64); 2]) {
    let measured = amplitudes(heard, expected.map(|(frequency, _)| frequency));
    for ((frequency, amplitude), measured) in expected.into_iter().zip(measured) {
        assert!(
            (measured - amplitude).abs() < TOLERANCE,
            "{frequency} Hz: {measured}, not {amplitude}"
        );
    }
}

/// What a spectrum of these frequencies and amplitudes sounds like in its last 20 ms, which end with a sample: the
/// phases are 0 at the start, the fade is half a cosine.
fn fading(frequencies: [f64; 2], last: usize) -> Vec<f64> {
    let fade = RATE / 50;
    let sample = |n: usize| {
        let left = (last - n - 1) as f64 / fade as f64;
        let sine = |hertz: f64| (std::f64::consts::TAU * hertz * n as f64 / RATE as f64).sin();
        let level = 0.5 - 0.5 * (std::f64::consts::PI * left).cos();
        level * (0.5 * sine(frequencies[0]) + 0.25 * sine(frequencies[1]))
    };
    (last - fade..last).map(sample).collect()
}

/// The head passes the end of the rows in some cycle; from the next one on it fades for 20 ms, and is over. What the
/// check counts is where the last sample above -80 dB stands, and that hangs on the phases: the reference begins with
/// random ones, this one with 0, so that the same notes give the same sound.
#[track_caller]
fn ends(heard: &[f64], cycles: usize, counted: usize) {
    let last = cycles * 64 + RATE / 50;
    let expected = fading([440.0, 1000.0], last);
    for (n, (own, expected)) in heard[last - expected.len()..]
        .iter()
        .zip(&expected)
        .enumerate()
    {
        assert!(
            (own - expected).abs() < 2e-5,
            "{n} samples into the fade: {own}, not {expected}"
        );
    }
    assert!(heard[last..].iter().all(|sample| *sample == 0.0));
    // 0.75 at the most is above -80 dB until 8 samples before the end, and less for longer.
    assert!(
        (last - 20..=last).contains(&counted),
        "{counted}, and the end is {last}"
    );
    near("above -80 dB", end(heard, 1e-4), counted, 6);
}

/// Check 40.
#[test]
fn partials_sound_at_their_frequencies_and_end_with_their_rows() {
    let plain = partials(PlayPartials::default());
    sounds(&plain[0], [(440.0, 0.5), (1000.0, 0.25)]);
    // 99 rows of 0.01 s are 742.5 cycles.
    ends(&plain[0], 743, 48_495);
    assert_eq!(peak(&plain[1]), 0.0);
    let fast = partials(PlayPartials::default().speed(2.0));
    sounds(&fast[0], [(440.0, 0.5), (1000.0, 0.25)]);
    ends(&fast[0], 372, 24_753);
    let high = partials(PlayPartials::default().freq_scale(2.0));
    sounds(&high[0], [(880.0, 0.5), (2000.0, 0.25)]);
    let quiet = partials(PlayPartials::default().gain(0.5));
    sounds(&quiet[0], [(440.0, 0.25), (1000.0, 0.125)]);
    let upper = partials(PlayPartials::default().frequencies(800.0, 0.0));
    sounds(&upper[0], [(440.0, 0.0), (1000.0, 0.25)]);
    let part = partials(PlayPartials::default().select(0.25, 0.75));
    ends(&part[0], 376, 25_013);
    let middle = partials(PlayPartials::default().position(0.5));
    for side in &middle {
        sounds(side, [(440.0, 0.35355), (1000.0, 0.17678)]);
    }
}

/// Check 41.
#[test]
fn the_test_sounds_one_channel_after_the_other() {
    let mut live = live(4);
    let test = TestAudio::default()
        .dur(3.0)
        .mode(TestMode::Sine)
        .period(0.5);
    live.session().test_audio(test).unwrap();
    let heard = live.heard(3.2);
    for (turn, channel) in [0, 1, 2, 3, 0, 1].into_iter().enumerate() {
        let span = turn * RATE / 2 + 480..(turn + 1) * RATE / 2 - 480;
        for (other, heard) in heard.iter().enumerate() {
            let peak = peak(&heard[span.clone()]);
            let expected = if other == channel { 0.1 } else { 0.0 };
            assert!(
                (peak - expected).abs() < TOLERANCE,
                "turn {turn}, channel {other}: {peak}"
            );
        }
        assert!((pitch(&heard[channel][span]) - 1000.0).abs() < 0.1);
    }
    assert_eq!(end(&heard[1], 0.0), 3 * RATE);
}

/// Check 42, its first half.
#[test]
fn a_table_of_values_is_read() {
    let mut live = Live::new(&[("read", "|itab|\noutch 1, a(0) + tab_i(2, itab)")]);
    let table = live.session().make_table([1.0, 2.0, 3.0, 4.0]).unwrap();
    live.sched("read", Sched::at(0.0).dur(0.5).arg("itab", &table));
    live.reads(&[(0.25, 3.0)]);
}

/// Check 46.
#[test]
fn a_render_has_the_encoding_that_was_asked_for() {
    let encodings = [
        ("a.wav", None, Encoding::Float32),
        ("b.wav", Some(Encoding::Pcm16), Encoding::Pcm16),
        ("c.wav", Some(Encoding::Pcm24), Encoding::Pcm24),
        ("d.wav", Some(Encoding::Float64), Encoding::Float64),
        ("e.flac", None, Encoding::Pcm24),
    ];
    for (name, asked, expected) in encodings {
        let files = Files::new();
        let mut kit = Kit::instr("dc", "out a(0.25), a(0.25)");
        let path = files.folder().join(name);
        kit.job.target = Target::new(&path, asked).unwrap();
        kit.job.end = Some(0.1);
        kit.render().unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(encoding(&bytes), expected, "{name}");
    }
}

/// The encoding of a file by its header.
fn encoding(bytes: &[u8]) -> Encoding {
    if bytes.starts_with(b"fLaC") {
        // Bits a sample less one, over the border of two bytes of the first block.
        let bits = ((bytes[20] & 1) << 4 | bytes[21] >> 4) + 1;
        return if bits == 24 {
            Encoding::Pcm24
        } else {
            Encoding::Pcm16
        };
    }
    let format = bytes.windows(4).position(|four| four == b"fmt ").unwrap() + 8;
    let number = |at: usize| u16::from_le_bytes([bytes[format + at], bytes[format + at + 1]]);
    // The extensible format says the kind in the first bytes of its identifier.
    let kind = if number(0) == 0xFFFE {
        number(24)
    } else {
        number(0)
    };
    match (kind, number(14)) {
        (1, 16) => Encoding::Pcm16,
        (1, 24) => Encoding::Pcm24,
        (3, 32) => Encoding::Float32,
        (3, 64) => Encoding::Float64,
        other => panic!("{other:?}"),
    }
}
