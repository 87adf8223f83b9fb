//! What generated code does when Csound plays it.
// Long because every form of an argument is heard once, and they share their ways of listening.

use csound_session::session::instr::{Instr, Value};
use csound_session::session::orchestra::{Include, RECORD_CELLS, TableSource, TableSpec};

use super::instr_harness::{RATE, Take, assert_sample, instr, spec};

/// Plays one instrument once for each list of arguments, a tenth of a second apart, and returns the level of each.
#[track_caller]
fn levels(instr: Instr, takes: &[&[(&str, Value)]]) -> Vec<f64> {
    let name = instr.name().to_owned();
    let mut take = Take::new(spec([instr]));
    let mut starts = 0..;
    for args in takes {
        let at = 4800 * starts.next().unwrap();
        take.play(&name, 1, at, 3200, args);
    }
    let sound = &take.render(4800 * takes.len() as u32)[0];
    (0..takes.len())
        .map(|note| sound[4800 * note + 1000])
        .collect()
}

#[track_caller]
fn assert_levels(levels: &[f64], expected: &[f64]) {
    let close = |(level, expected): (&f64, &f64)| (level - expected).abs() < 1e-6;
    let same = levels.len() == expected.len() && levels.iter().zip(expected).all(close);
    assert!(same, "{levels:?} instead of {expected:?}");
}

fn num(value: f64) -> Value {
    Value::Number(value)
}

#[test]
fn defaults_and_values_are_heard() {
    let dc = instr("dc", "|kval=0.25|\noutch 1, a(kval)");
    assert_levels(&levels(dc, &[&[], &[("kval", num(0.5))]]), &[0.25, 0.5]);
}

#[test]
fn pset_gives_defaults() {
    let body = "pset p1,p2,p3,0,0.1,1000\niamp = p5\nkfreq = p6\noutch 1, a(iamp + kfreq/1e5)";
    let takes: [&[(&str, Value)]; 4] = [
        &[],
        &[("kfreq", num(440.0))],
        &[("iamp", num(0.2))],
        &[("iamp", num(0.2)), ("kfreq", num(500.0))],
    ];
    assert_levels(
        &levels(instr("a", body), &takes),
        &[0.11, 0.1044, 0.21, 0.205],
    );
}

#[test]
fn places_may_have_gaps() {
    let body = "pset 0, 0, 0, 0, .1, -2, +3, 4e-1\niamp = p5\nkf = p8\noutch 1, a(iamp)\noutch 2, a(kf + p6)";
    let mut take = Take::new(spec([instr("gap", body)]));
    take.play("gap", 1, 0, 3200, &[]);
    take.play("gap", 1, 4800, 3200, &[("kf", num(0.6)), ("p6", num(0.0))]);
    let sound = take.render(9600);
    assert_sample(&sound[0], 1000, 0.1);
    assert_sample(&sound[1], 1000, -1.6);
    assert_sample(&sound[1], 5800, 0.6);
}

#[test]
fn texts_reach_the_body() {
    let body = "|Sname=\"abc\", iamp=0.2|\nires strcmp Sname, \"abc\"\noutch 1, a(ires == 0 ? iamp : -iamp)";
    let mut all = spec([instr("text", body)]);
    all.strings = vec!["zzz".into(), "a \"quoted\\ one".into()];
    let mut take = Take::new(all);
    take.play("text", 1, 0, 3200, &[]);
    take.play("text", 1, 4800, 3200, &[("Sname", "zzz".into())]);
    take.play(
        "text",
        1,
        9600,
        3200,
        &[("Sname", "abc".into()), ("iamp", num(0.7))],
    );
    let sound = &take.render(14400)[0];
    for (at, level) in [(1000, 0.2), (5800, -0.2), (10600, 0.7)] {
        assert_sample(sound, at, level);
    }
}

#[test]
fn texts_are_interned_as_they_are() {
    let odd = "a \"b\" \\n {{c}} ; ü\tx";
    let body = "Sgiven strget p5\nSother = p6\nilength strlen Sgiven\nisame strcmp Sgiven, Sother\noutch 1, a(k(ilength + isame))";
    let mut all = spec([instr("text", body)]);
    all.strings = vec![odd.into()];
    let mut take = Take::new(all);
    take.play(
        "text",
        1,
        0,
        3200,
        &[("Sgiven", odd.into()), ("Sother", odd.into())],
    );
    assert_sample(&take.render(3200)[0], 1000, odd.len() as f64);
}

#[test]
fn declared_places_are_mixed_freely() {
    let body = "|ibus, kval, Sx=\"q\", iamp=0.2|\nilength strlen Sx\noutch 1, a(ibus + kval + iamp + ilength)";
    assert_levels(
        &levels(
            instr("mix", body),
            &[&[], &[("kval", num(0.3)), ("ibus", num(2.0))]],
        ),
        &[1.2, 3.5],
    );
}

#[test]
fn controls_are_there_at_init() {
    for body in [
        "|kval=0.25|\nival = i(kval)\noutch 1, a(k(ival))",
        "kval = p5\nival = i(kval)\noutch 1, a(k(ival))",
        "kval init p5\nival = i(kval)\noutch 1, a(k(ival))",
    ] {
        assert_levels(
            &levels(instr("a", body), &[&[("kval", num(0.75))]]),
            &[0.75],
        );
    }
}

/// A variable assigned by `=` follows at every cycle; one set by `init` is the body's own until the cell changes.
#[test]
fn forms_of_controls_follow_a_set_as_written() {
    for (body, before, after) in [
        ("kval = p5\nkval += 1\noutch 1, a(kval)", 1.5, 3.0),
        (
            "kval init p5\nkval += 1\noutch 1, a(kval)",
            0.5 + 50.0,
            2.0 + 27.0,
        ),
        ("kval passign 5\nkval += 1\noutch 1, a(kval)", 1.5, 3.0),
        ("kval = p5 * 1\noutch 1, a(kval)", 0.5, 0.5),
    ] {
        let mut take = Take::new(spec([instr("follow", body)]));
        let controlled = take.orchestra.layout.instrs[0].controls == 1;
        let slice = if controlled {
            take.play("follow", 1, 0, 64 * 100, &[("kval", num(0.5))])
        } else {
            take.score("i 10 0 0.2 0 0.5\n");
            0
        };
        if controlled {
            take.set(64 * 50, slice, 0, 2.0);
        }
        let sound = &take.render(64 * 100)[0];
        assert_sample(sound, 64 * 50 - 1, before);
        assert_sample(sound, 64 * 76 + 63, after);
    }
}

#[test]
fn passign_is_split() {
    let body = "pset 0,0,0,0, 0.5, 100, 7\n  iamp, kfreq, ilast passign 5 ; three\noutch 1, a(iamp + kfreq + ilast)";
    assert_levels(
        &levels(instr("a", body), &[&[], &[("kfreq", num(200.0))]]),
        &[107.5, 207.5],
    );
}

#[test]
fn smoothed_controls_start_at_once_and_glide() {
    let mut take = Take::new(spec([instr(
        "glide",
        "|kval=1 (0..10 smooth 20 ms)|\noutch 1, a(kval)",
    )]));
    let slice = take.play("glide", 1, 0, 9600, &[("kval", num(5.0))]);
    take.set(4800, slice, 0, 10.0);
    let sound = &take.render(9600)[0];
    assert_sample(sound, 100, 5.0);
    let quarter = sound[4800 + 240];
    assert!((6.0..9.5).contains(&quarter), "{quarter}");
    assert!((sound[4800 + 64 + 960] - 10.0).abs() < 0.06);
    assert!(
        sound
            .windows(2)
            .skip(128)
            .all(|pair| pair[1] - pair[0] < 0.05)
    );
}

#[test]
fn bodies_see_the_true_duration_and_end_on_the_sample() {
    let body = "|iamp=1|\noutch 1, linseg:a(iamp, p3, 2*iamp)\noutch 2, a(k(p3))";
    for (at, samples) in [
        (0, 640),
        (17, 640),
        (31, 34),
        (64, 64),
        (100, 27),
        (127, 12345),
    ] {
        let mut take = Take::new(spec([instr("line", body)]));
        take.play("line", 1, at, samples, &[]);
        let sound = take.render(at + samples + 640);
        let heard: Vec<usize> = (0..sound[0].len())
            .filter(|at| sound[0][*at] != 0.0)
            .collect();
        let ends = (heard[0] as u32, *heard.last().unwrap() as u32);
        assert_eq!(ends, (at, at + samples - 1), "{samples} samples from {at}");
        if samples > 640 {
            assert_sample(&sound[1], at + 200, f64::from(samples) / f64::from(RATE));
        }
    }
}

#[test]
fn a_reinit_does_not_lengthen_a_synth() {
    let body = "again:\nival = 1\ntimout 0, 0.01, on\nreinit again\non:\nrireturn\noutch 1, a(k(ival))\nreinit_late:\nif timeinstk() == 50 then\nreinit reinit_late\nendif";
    let mut take = Take::new(spec([instr("again", body)]));
    take.play("again", 1, 0, 6401, &[]);
    let sound = &take.render(19200)[0];
    assert_eq!(sound.iter().rposition(|sample| *sample != 0.0), Some(6400));
}

#[test]
fn held_notes_keep_their_negative_duration() {
    let mut take = Take::new(spec([instr(
        "held",
        "|kval=0.5|\noutch 1, a(kval)\noutch 2, a(k(p3))",
    )]));
    take.hold("held", 100, &[]);
    let sound = take.render(9600);
    assert_eq!(sound[0].iter().position(|sample| *sample != 0.0), Some(100));
    assert_sample(&sound[0], 9000, 0.5);
    assert_sample(&sound[1], 9000, -1.0);
}

#[test]
fn bodies_start_each_other_by_name_with_defaults() {
    let tone = instr(
        "tone",
        "|iamp=0.25, kval=0.5, Sx=\"abc\"|\noutch 1, a(iamp + kval + strlen(Sx))",
    );
    let conductor = instr(
        "conductor",
        "schedule \"tone\", 0, 0.1\nschedule \"tone\", 0.2, 0.1, 0, 2",
    );
    let mut take = Take::new(spec([tone, conductor]));
    take.play("conductor", 1, 0, 64, &[]);
    let sound = &take.render(RATE / 2)[0];
    assert_sample(sound, 2400, 3.75);
    assert_sample(sound, 7200, 0.0);
    assert_sample(sound, 12000, 5.5);
}

#[test]
fn a_higher_priority_is_evaluated_later() {
    let writer = instr("writer", "chnset 0.25, \"x\"\nkx = 0.5\nchnset kx, \"x\"");
    let reader = instr(
        "reader",
        "kx chnget \"x\"\noutch 1, a(kx)\nchnset k(0), \"x\"",
    );
    for (writer_at, reader_at, expected) in [(1, 2, 0.5), (10, 1, 0.5), (1, 1, 0.5), (2, 1, 0.5)] {
        let mut all = spec([writer.clone(), reader.clone()]);
        all.places = vec![(0, writer_at), (1, reader_at)];
        let layout = Take::new(all.clone()).orchestra.layout;
        let later = layout.instrs[1].numbers[&reader_at] > layout.instrs[0].numbers[&writer_at];
        assert_eq!(later, reader_at >= writer_at);
        let mut take = Take::new(all);
        take.play("writer", writer_at, 0, 3200, &[]);
        take.play("reader", reader_at, 0, 3200, &[]);
        assert_sample(&take.render(3200)[0], 1000, expected);
    }
}

#[test]
fn outch_starts_on_the_sample_on_every_channel() {
    let mut all = spec([instr(
        "last",
        "outch 16, a(k(1))\naone init 1\noutch 20, aone",
    )]);
    (all.channels, all.aux) = (16, 2);
    for offset in [1, 10, 40, 63] {
        let mut take = Take::new(all.clone());
        take.play("last", 1, 640 + offset, 640, &[]);
        let sound = take.render(6400);
        assert_eq!(sound.len(), 20);
        for channel in [15, 19] {
            assert_eq!(
                sound[channel].iter().position(|sample| *sample != 0.0),
                Some(640 + offset as usize)
            );
        }
    }
}

#[test]
fn the_alive_cell_is_stored_in_every_cycle() {
    let mut take = Take::new(spec([instr("dc", "|kval=0.25|\noutch 1, a(kval)")]));
    let slice = take.play("dc", 1, 3200, 3200, &[]);
    let watch = format!(
        "instr 9000\nkalive tab {slice}, 9001\ntabw 0, {slice}, 9001\noutch 2, a(kalive)\nendin"
    );
    take.score("i 9000 0 1\n");
    let sound = take.render_with(9600, &watch);
    for (at, alive) in [(3100, 0.0), (3300, 1.0), (6300, 1.0), (6600, 0.0)] {
        assert_sample(&sound[1], at, alive);
    }
}

#[test]
fn a_failing_init_leaves_the_alive_cell_alone() {
    let mut take = Take::new(spec([instr("bad", "a1 oscili 1, 440, 777\nout a1")]));
    let slice = take.play("bad", 1, 0, 3200, &[]);
    let messages = take.messages(640);
    assert!(messages.contains("INIT ERROR"), "{messages}");
    take.score("i 9000 0 1\n");
    let watch = format!("instr 9000\nkalive tab {slice}, 9001\noutch 2, a(kalive + 0.5)\nendin");
    let output = take.run(6400, &watch);
    let last: Vec<f64> = output
        .stdout
        .chunks_exact(8)
        .map(|b| f64::from_ne_bytes(b.try_into().unwrap()))
        .collect();
    assert_eq!(last[2 * 3000 + 1], 0.5);
}

#[test]
fn global_code_stands_before_the_instruments() {
    let user = "|ival|\noutch 1, a(k(twice(ival) + gidocument + giown + table(1, gi_list)))";
    let user = Instr::builder("user", user)
        .init("giown = gidocument * 10")
        .includes(["twice.udo"]);
    let mut all = spec([
        user.build().unwrap(),
        Instr::builder("other", "")
            .init("giown = gidocument * 10")
            .build()
            .unwrap(),
    ]);
    let text = "opcode twice, i, i\nix xin\nxout ix*2\nendop".into();
    all.includes = vec![Include {
        name: "twice.udo".into(),
        text,
    }];
    all.init = "gidocument = 100 + table(0, gi_list)".into();
    all.tables = vec![TableSpec {
        name: "list".into(),
        source: TableSource::Gen(vec![2.0, -2.0, 0.5, 0.25]),
    }];
    let mut take = Take::new(all);
    take.play("user", 1, 0, 3200, &[("ival", num(1.0))]);
    assert_eq!(take.orchestra.text.matches("giown = ").count(), 1);
    assert_sample(&take.render(3200)[0], 1000, 2.0 + 100.5 + 1005.0 + 0.25);
}

#[test]
fn tables_have_the_numbers_of_the_layout() {
    let mut all = spec([instr(
        "reader",
        "outch 1, a(k(ftlen(gi_data)))\noutch 2, a(k(gi_data))",
    )]);
    all.tables = vec![
        TableSpec {
            name: "1st".into(),
            source: TableSource::Gen(vec![8.0, 10.0, 1.0]),
        },
        TableSpec {
            name: "data".into(),
            source: TableSource::Data(vec![1.0; 5000].into()),
        },
    ];
    let mut take = Take::new(all);
    take.play("reader", 1, 0, 3200, &[]);
    let table = take.orchestra.layout.tables[1].clone();
    assert!(table.fill && table.name == "data");
    let sound = take.render(3200);
    assert_sample(&sound[0], 1000, 5000.0);
    assert_sample(&sound[1], 1000, f64::from(table.number));
}

#[test]
fn the_transport_is_read_at_init_and_in_every_cycle() {
    let body = "ktempo = hosttempo()\nistart = hosttempo:i()\noutch 1, a(k(istart))\noutch 2, a(hostbeat() + hostbar() + hostplaying() + ktempo)";
    let mut take = Take::new(spec([instr("clock", body)]));
    take.play("clock", 1, 0, 9600, &[]);
    take.score("i 9000 0.1 1\n");
    let host = "instr 9000\nchnset 90, \".tempo\"\nchnset 2, \".beat\"\nchnset 3, \".bar\"\nchnset 1, \".playing\"\nendin";
    let sound = take.render_with(9600, host);
    assert_sample(&sound[0], 9000, 120.0);
    assert_sample(&sound[1], 1000, 120.0);
    assert_sample(&sound[1], 9000, 96.0);
}

#[test]
fn notes_for_the_host_are_kept_in_a_ring() {
    let body = "noteout_i 60, 0.5, 0.25\nktime timeinstk\nif ktime == 2 then\nccout 74, 0.125\nelseif ktime <= 300 then\n\
        noteout ktime, 0.75, 1, 0.001\nendif";
    let mut all = spec([instr("player", body)]);
    all.channels = 16;
    let mut take = Take::new(all);
    take.play("player", 1, 0, 64 * 400, &[]);
    take.score("i 9000 0 1\n");
    let ring = take.orchestra.layout.note_out;
    let record = |number: u32| 1 + (number % ring.capacity) * RECORD_CELLS;
    // Channel 1 has the count, then come the records 0 and 2, then the last one, written over number 43.
    let cells = (record(0)..record(1))
        .chain(record(2)..record(3))
        .chain(record(299)..record(300));
    let watch: String = (2..)
        .zip(cells)
        .map(|(channel, cell)| format!("outch {channel}, upsamp(tab:k({cell}, {}))\n", ring.table))
        .collect();
    let sound = take.render_with(
        64 * 400,
        &format!(
            "instr 9000\noutch 1, upsamp(tab:k(0, {}))\n{watch}endin",
            ring.table
        ),
    );
    let at = |cycle: usize, channels: std::ops::Range<usize>| {
        channels
            .map(|channel| sound[channel][64 * cycle])
            .collect::<Vec<f64>>()
    };
    assert_eq!(at(0, 0..1), [2.0]);
    assert_eq!(at(0, 1..6), [1.0, 60.0, 0.5, 0.25, 0.0]);
    assert_eq!(at(1, 0..1), [3.0]);
    assert_eq!(at(1, 6..11), [2.0, 74.0, 0.125, 0.0, 0.0]);
    assert_eq!(at(399, 0..1), [301.0]);
    assert_eq!(at(399, 11..16), [1.0, 299.0, 0.75, 1.0, 0.001]);
}

#[test]
fn host_inputs_are_buses() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.wav");
    let format = hound::WavSpec {
        channels: 4,
        sample_rate: RATE,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut file = hound::WavWriter::create(&path, format).unwrap();
    for _ in 0..RATE {
        [0.1_f32, 0.2, 0.3, 0.4]
            .into_iter()
            .for_each(|level| file.write_sample(level).unwrap());
    }
    file.finalize().unwrap();
    let mut take = Take::new(spec([instr(
        "through",
        "|ibus, kbus|\noutch 1, busin:a(ibus)\noutch 2, busin:a(kbus)",
    )]));
    let token = |name| take.orchestra.layout.buses.token_of(name).unwrap();
    let (main, side) = (token("input2"), token("sidechain1"));
    take.play(
        "through",
        1,
        100,
        3200,
        &[("ibus", main.into()), ("kbus", side.into())],
    );
    take.input(&path);
    let sound = take.render(3200);
    assert_sample(&sound[0], 99, 0.0);
    assert_sample(&sound[0], 1000, 0.2);
    assert_sample(&sound[1], 1000, 0.3);
}

#[test]
fn odd_texts_still_compile() {
    for body in [
        "",
        "; only a comment",
        "|kval=1| ; a comment",
        "outch 1, \\\n  a(1) \\",
        "|iamp=1|\r\noutch 1, a(k(iamp))\r\n",
        "/* before */ |\n  iamp=1, ; the level\n  kx = 2 (0..10 \"X\")\n|\noutch 1, a(iamp + kx)",
        "{iamp=1, kval=.5}\noutch 1, a(iamp*kval) // no line end",
        "ik = 5 ; p4 in a comment\nSx = \"p4\"",
    ] {
        let mut take = Take::new(spec([instr("odd", body)]));
        take.play("odd", 1, 0, 640, &[]);
        take.render(640);
    }
}
