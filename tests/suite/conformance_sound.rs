//! Samples, partials, the test of the channels, tables and encodings: what each must measure.

use super::render_kit::{Kit, magnitudes};
use super::session_kit::{DC, Live, RATE, peak, pitch};
use super::sound_kit::{Files, interleaved, ramp};
use csound_session::render::soundfile::{Encoding, Target};
use csound_session::session::instr::Instr;
use csound_session::session::{
    NewTable, PartialsSource, PlayPartials, PlaySample, SampleSource, Sched, Synth, Table,
    TestAudio, TestMode,
};

const TOLERANCE: f64 = 1e-3;

/// A session that has nothing to play but sounds of its own, with so many outputs.
fn live(channels: u32) -> Live {
    let instr = Instr::new("dc", DC).unwrap();
    let mut live = Live::of([instr], |spec| spec.orchestra.channels = channels);
    // The program and its channels are there before the first sample.
    live.stage.block(0);
    live
}

fn level(value: f64) -> Vec<f64> {
    vec![value; RATE]
}

fn table(live: &mut Live, sample_rate: f64, channels: &[Vec<f64>]) -> Table {
    let data = NewTable::data(interleaved(channels)).sample_rate(sample_rate);
    let data = data.channels(channels.len() as u32);
    live.session().make_table(data).unwrap()
}

/// Plays a sample at 0 and returns what is heard for some seconds.
#[track_caller]
fn played(source: impl Into<SampleSource>, how: PlaySample, seconds: f64) -> Vec<Vec<f64>> {
    let mut live = live(2);
    let sched = Sched::at(0.0);
    live.session().play_sample(source, sched, how).unwrap();
    live.heard(seconds)
}

#[track_caller]
fn reads(heard: &[f64], expected: &[(f64, f64)]) {
    for &(at, value) in expected {
        let read = heard[(at * RATE as f64).round() as usize];
        assert!(
            (read - value).abs() < TOLERANCE,
            "at {at} s it reads {read}, not {value}"
        );
    }
}

/// The first time after which nothing is above a level, in samples.
fn end(heard: &[f64], level: f64) -> usize {
    let last = heard.iter().rposition(|sample| sample.abs() > level);
    last.map_or(0, |last| last + 1)
}

#[track_caller]
fn near(what: &str, measured: usize, expected: usize, tolerance: usize) {
    assert!(
        measured.abs_diff(expected) <= tolerance,
        "{what}: {measured}, not {expected}"
    );
}

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
        (0.0, (0.7071, 0.0)),
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

/// Two partials, a row every 0.01 s.
fn two_partials() -> Vec<Vec<f64>> {
    let row = |at: usize| vec![at as f64 * 0.01, 440.0, 0.5, 0.0, 1000.0, 0.25, 0.0];
    (0..101).map(row).collect()
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

/// Check 40. The ends are where the fade falls below -80 dB, which depends on the phase to some samples.
#[test]
fn partials_sound_at_their_frequencies_and_end_with_their_rows() {
    let plain = partials(PlayPartials::default());
    sounds(&plain[0], [(440.0, 0.5), (1000.0, 0.25)]);
    near("plain, they end", end(&plain[0], 1e-4), 48_495, 8);
    assert_eq!(peak(&plain[1]), 0.0);
    let fast = partials(PlayPartials::default().speed(2.0));
    sounds(&fast[0], [(440.0, 0.5), (1000.0, 0.25)]);
    near("fast, they end", end(&fast[0], 1e-4), 24_753, 8);
    let high = partials(PlayPartials::default().freq_scale(2.0));
    sounds(&high[0], [(880.0, 0.5), (2000.0, 0.25)]);
    let quiet = partials(PlayPartials::default().gain(0.5));
    sounds(&quiet[0], [(440.0, 0.25), (1000.0, 0.125)]);
    let upper = partials(PlayPartials::default().frequencies(800.0, 0.0));
    sounds(&upper[0], [(440.0, 0.0), (1000.0, 0.25)]);
    let part = partials(PlayPartials::default().select(0.25, 0.75));
    near("a part, they end", end(&part[0], 1e-4), 25_013, 8);
    let middle = partials(PlayPartials::default().position(0.5));
    for side in &middle {
        sounds(side, [(440.0, 0.35355), (1000.0, 0.17678)]);
    }
}

/// Check 40, from a `.mtx` file and a table; what is no spectrum is refused.
#[test]
fn partials_come_from_files_and_tables_too() {
    let files = Files::new();
    let cells: Vec<f64> = [3.0, 101.0, 7.0]
        .into_iter()
        .chain(two_partials().concat())
        .collect();
    let wav = files.wav("packed.wav", 44_100, &[cells.clone()]);
    let path = files.folder().join("packed.mtx");
    std::fs::rename(wav, &path).unwrap();
    let mut live = live(2);
    let session = live.session();
    let table = session.make_table(cells).unwrap();
    let how = PlayPartials::default();
    session.play_partials(&path, Sched::at(0.0), how).unwrap();
    session
        .play_partials(&table, Sched::at(0.0), how.gain(-1.0))
        .unwrap();
    let heard = live.heard(1.2);
    assert!(peak(&heard[0]) < 1e-6, "one takes the other away");

    let sdif = files.write("a.sdif", b"SDIF");
    let text = |source: PartialsSource, live: &mut Live| {
        let told = live.session().play_partials(source, Sched::now(), how);
        told.unwrap_err().to_string()
    };
    assert!(text((&sdif).into(), &mut live).contains("save the partials as .mtx"));
    let mut uneven = two_partials();
    uneven[50][0] += 0.005;
    let mut short = two_partials();
    short[7].pop();
    for (rows, reason) in [(uneven, "even"), (short, "length"), (vec![], "rows")] {
        assert!(text(rows.into(), &mut live).contains(reason), "{reason}");
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

/// Check 41, with noise: pink, so that low octaves are as loud as high ones.
#[test]
fn the_test_can_be_noise() {
    let mut live = live(2);
    live.session()
        .test_audio(TestAudio::default().gain(0.5))
        .unwrap();
    let heard = live.heard(1.0);
    let sound = &heard[0][..32_768];
    let spectrum = magnitudes(sound);
    let power = |low: f64, high: f64| -> f64 {
        let bin = |hertz: f64| (hertz * 2.0 * spectrum.len() as f64 / RATE as f64) as usize;
        spectrum[bin(low)..bin(high)].iter().map(|m| m * m).sum()
    };
    let ratio = power(200.0, 800.0) / power(2000.0, 8000.0);
    assert!((0.3..3.0).contains(&ratio), "{ratio}");
    assert!(peak(sound) > 0.05 && peak(&heard[1]) == 0.0);
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

#[test]
fn up_to_sixteen_channels_come_out_in_order() {
    let mut live = live(16);
    let levels: Vec<Vec<f64>> = (1..=16).map(|n| level(f64::from(n) / 32.0)).collect();
    let table = table(&mut live, 48_000.0, &levels);
    let play = |live: &mut Live, sched, how| -> Synth {
        live.session().play_sample(&table, sched, how).unwrap()
    };
    play(&mut live, Sched::at(0.0), PlaySample::default());
    let looped = PlaySample::default().loops().chan(3);
    play(&mut live, Sched::at(1.5).dur(2.0), looped);
    let heard = live.heard(3.7);
    for (n, heard) in (1..).zip(&heard) {
        let from_third = f64::from((n - 2).max(0)) / 32.0;
        reads(
            heard,
            &[(0.5, f64::from(n) / 32.0), (2.0, from_third), (3.6, 0.0)],
        );
    }
}

#[test]
fn a_sample_is_controlled_while_it_sounds_and_tells_its_end() {
    use std::sync::atomic::{AtomicBool, Ordering};
    static OVER: AtomicBool = AtomicBool::new(false);
    let mut live = live(2);
    let sched = Sched::at(0.0).when_finished(|_| OVER.store(true, Ordering::SeqCst));
    let how = PlaySample::default().pan(0.0).to_end();
    let source = (ramp(RATE), 48_000.0);
    let synth = live.session().play_sample(source, sched, how).unwrap();
    live.until(0.25);
    synth.set([("speed", 0.5), ("gain", 2.0)], 0.0).unwrap();
    let heard = live.heard(1.6);
    // 0.25 s at full speed, the rest at half, twice as loud.
    reads(&heard[0], &[(0.2, 0.1), (0.75, 0.5), (1.25, 0.75)]);
    live.until(2.0);
    live.session().poll();
    assert!(synth.finished() && OVER.load(Ordering::SeqCst));
    let tables = live.session().spec().orchestra.made.len();
    live.session().prepare().unwrap();
    assert_eq!((tables, live.session().spec().orchestra.made.len()), (1, 0));
}

#[test]
fn a_whole_sample_at_its_own_speed_is_heard_to_the_last_bit() {
    let noise: Vec<f64> = (0..RATE as u64)
        .map(|n| (n * 7919 % 1000) as f64 / 1000.0 - 0.5)
        .collect();
    let heard = played(
        (noise.clone(), 48_000.0),
        PlaySample::default().pan(0.0).fade(0.0),
        0.9,
    );
    assert_eq!(heard[0][64..40_000], noise[64..40_000]);
}

#[test]
fn what_is_out_of_range_is_refused() {
    let mut live = live(2);
    let table = table(&mut live, 48_000.0, &[level(0.5)]);
    let plain = PlaySample::default();
    let wrong = [
        ("speed", plain.speed(0.0)),
        ("speed", plain.speed(f64::NAN)),
        ("pan", plain.pan(2.0)),
        ("skip", plain.skip(-1.0)),
        ("fade", plain.fade(-0.1)),
        ("crossfade", plain.loops().crossfade(-1.0)),
        ("chan", plain.chan(0)),
        ("gain", plain.gain(f64::INFINITY)),
    ];
    for (what, how) in wrong {
        let told = live.session().play_sample(&table, Sched::now(), how);
        let told = told.unwrap_err().to_string();
        assert!(told.starts_with(what), "{told}");
    }
}

#[test]
fn without_a_table_the_sessions_own_instrs_are_silent() {
    let mut live = live(2);
    let instrs = [".playSample", ".playPartials"];
    let synths = instrs.map(|instr| live.sched(instr, Sched::at(0.0).dur(0.2)));
    live.until(0.01);
    let told = live.session().take_messages();
    assert!(
        synths.iter().all(Synth::playing) && told.is_empty(),
        "{told:?}"
    );
    assert_eq!(peak(&live.heard(0.4)[0]), 0.0);
}
