//! Samples and partials beyond what the interface demands, and what of them is refused.

use super::render_kit::magnitudes;
use super::session_kit::{Live, RATE, peak};
use super::sound_kit::{Files, interleaved, level, live, played, ramp, reads, two_partials};
use csound_session::session::{
    Capacities, NewTable, PartialsSource, PlayPartials, PlaySample, Sched, SoundFile, Synth, Table,
    TestAudio,
};
use std::sync::atomic::{AtomicBool, Ordering};

/// A table of some channels.
fn table(live: &mut Live, sample_rate: f64, channels: &[Vec<f64>]) -> Table {
    let data = NewTable::data(interleaved(channels)).sample_rate(sample_rate);
    let data = data.channels(channels.len() as u32);
    live.session().make_table(data).unwrap()
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

/// It goes in at its beginning, round its loop of a quarter of a second, and out when it is stopped.
#[test]
fn a_file_says_what_is_looped() {
    let files = Files::new();
    let path = files.looped("a.wav", 24_000, &ramp(24_000), 6_000..12_000);
    let how = PlaySample::default().pan(0.0).loops_as_in_file();
    let mut live = live(2);
    let sched = Sched::at(0.0).dur(3.0);
    let session = live.session();
    let table = session.read_soundfile(&path).unwrap();
    assert_eq!(table.loop_points(), Some(6_000..12_000));
    session
        .play_sample(&table, sched, how.crossfade(0.0))
        .unwrap();
    let skipped = SoundFile::new(&path).skip(0.125);
    let later = session.read_soundfile(skipped).unwrap();
    assert_eq!(later.loop_points(), Some(3_000..9_000));
    let heard = live.heard(3.2);
    let expected = [
        (0.1, 0.05),
        (0.45, 0.225),
        (0.6, 0.175),
        (0.85, 0.175),
        (2.99, 0.245),
        (3.1, 0.0),
    ];
    reads(&heard[0], &expected);

    let plain = files.wav("b.wav", 48_000, &[ramp(RATE)]);
    let once = played(&plain, how, 1.5);
    reads(&once[0], &[(0.5, 0.25), (1.1, 0.0)]);
}

#[test]
fn a_crossfade_stays_inside_the_loop_of_the_file() {
    let files = Files::new();
    let path = files.looped("a.wav", 48_000, &ramp(RATE), 12_000..24_000);
    let how = PlaySample::default().pan(0.0).loops_as_in_file();
    let mut live = live(2);
    let sched = Sched::at(0.0).dur(1.0);
    live.session()
        .play_sample(&path, sched, how.crossfade(0.05))
        .unwrap();
    let heard = live.heard(1.2);
    // A pass is 0.2 s: from 0.25 to 0.45 s of the file, and half-way through the overlap half of both ends.
    reads(
        &heard[0],
        &[(0.44, 0.22), (0.475, 0.1875), (0.6, 0.2), (0.8, 0.2)],
    );
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

#[test]
fn partials_come_from_files_and_tables_too() {
    let files = Files::new();
    let cells: Vec<f64> = [3.0, 101.0, 7.0]
        .into_iter()
        .chain(two_partials().concat())
        .collect();
    let wav = files.wav("packed.wav", 44_100, std::slice::from_ref(&cells));
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

/// Pink, so that low octaves are as loud as high ones.
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

/// Each of these makes a table while the ones before hold their programs.
#[test]
fn loops_can_be_added_one_by_one() {
    let mut live = Live::with(Capacities::default(), [], |_| {});
    let how = PlaySample::default().loops().pan(0.0);
    let mut synths = Vec::new();
    for turn in 0..10 {
        let source = (vec![0.01; 480 + turn], 48_000.0);
        let synth = live.session().play_sample(source, Sched::now(), how);
        synths.push(synth.unwrap());
        live.until(0.1 * (turn + 1) as f64);
    }
    assert!(synths.iter().all(Synth::playing));
    reads(&live.heard(1.1)[0], &[(0.55, 0.06), (1.05, 0.1)]);
}
