//! Buses as instruments use them, judged by what comes out.

use csound_session::session::instr::Value;
use csound_session::session::orchestra::{BusKind, BusSpec, OrchestraSpec};

use super::instr_harness::{RATE, Take, assert_sample, instr, spec};

const WRITER: &str = "|ibus, kval=0.5|\nbusout ibus, a(kval)";
const MIXER: &str = "|ibus, kval=0.5|\nbusmix ibus, a(kval)";
const READER: &str = "|ibus|\noutch 1, busin:a(ibus) * 0.5";

/// Writers and a reader, each at priorities 1 and 2; the reader is defined first.
fn chain() -> OrchestraSpec {
    let mut spec = spec([
        instr("reader", READER),
        instr("writer", WRITER),
        instr("mixer", MIXER),
    ]);
    spec.places.extend([(0, 2), (1, 2)]);
    spec
}

#[test]
fn a_bus_carries_sound_to_a_later_instrument() {
    for (writer, reader, expected) in [(1, 2, 0.25), (2, 1, 0.0), (1, 1, 0.0)] {
        let mut take = Take::new(chain());
        let bus: Value = take.bus(0, 1).into();
        take.play("writer", writer, 0, RATE, &[("ibus", bus.clone())]);
        take.play("reader", reader, 0, 2 * RATE, &[("ibus", bus)]);
        let sound = &take.render(2 * RATE)[0];
        assert_sample(sound, RATE / 2, expected);
        assert_sample(sound, RATE + 100, 0.0);
    }
}

#[test]
fn busout_replaces_and_busmix_adds() {
    for (name, expected) in [("writer", 0.2), ("mixer", 0.45)] {
        let mut take = Take::new(chain());
        let bus: Value = take.bus(3, 1).into();
        take.play(
            name,
            1,
            0,
            RATE,
            &[("ibus", bus.clone()), ("kval", 0.5.into())],
        );
        take.play(
            name,
            1,
            0,
            RATE,
            &[("ibus", bus.clone()), ("kval", 0.4.into())],
        );
        take.play("reader", 2, 0, RATE, &[("ibus", bus)]);
        assert_sample(&take.render(RATE)[0], RATE / 2, expected);
    }
}

#[test]
fn control_buses_hold() {
    let writer = instr("writer", "|ibus, kval=0.6|\nbusout ibus, kval");
    let reader = instr("reader", "|ibus|\noutch 1, a(busin:k(ibus))");
    let mut spec = spec([writer, reader]);
    spec.places.push((1, 2));
    let mut take = Take::new(spec);
    let index = take.orchestra.layout.buses.control.start;
    let bus: Value = take.bus(index, 1).into();
    take.store(0, take.orchestra.layout.buses.values, index, 0.0);
    take.play("writer", 1, RATE / 2, RATE, &[("ibus", bus.clone())]);
    take.play("reader", 2, 0, 3 * RATE, &[("ibus", bus)]);
    let sound = &take.render(3 * RATE)[0];
    assert_sample(sound, RATE / 4, 0.0);
    for at in [RATE / 2 + 960, RATE, 2 * RATE, 5 * RATE / 2] {
        assert_sample(sound, at, 0.6);
    }
}

/// `a2 init 1` has its value in all samples of a cycle, so only the session can say where the synth starts.
#[test]
fn onsets_and_ends_inside_a_cycle_are_exact_through_a_bus() {
    let writer = instr("writer", "|ibus|\naone init 1\nbusmix ibus, aone");
    let replacer = instr("replacer", "|ibus|\naone init 1\nbusout ibus, aone");
    let reader = instr("reader", "|ibus|\nasig busin ibus\nout asig");
    let mut spec = spec([writer, replacer, reader]);
    spec.channels = 1;
    spec.places.push((2, 2));
    for name in ["writer", "replacer"] {
        for offset in [0, 1, 17, 31, 63] {
            let mut take = Take::new(spec.clone());
            let bus: Value = take.bus(0, 1).into();
            let at = 64 * 10 + offset;
            take.play(name, 1, at, 500, &[("ibus", bus.clone())]);
            take.play("reader", 2, 0, 4800, &[("ibus", bus)]);
            let sound = &take.render(4800)[0];
            let heard: Vec<usize> = (0..sound.len()).filter(|at| sound[*at] != 0.0).collect();
            assert!(
                heard.iter().all(|at| sound[*at] == 1.0),
                "{name} at offset {offset}"
            );
            assert_eq!(
                (heard[0], heard.len()),
                (at as usize, 500),
                "{name} at offset {offset}"
            );
        }
    }
}

#[test]
fn a_second_writer_leaves_the_samples_before_its_onset_alone() {
    let mixer = instr("mixer", "|ibus|\naone init 1\nbusmix ibus, aone");
    let replacer = instr("replacer", "|ibus|\natwo init 2\nbusout ibus, atwo");
    let reader = instr("reader", "|ibus|\nout busin:a(ibus)");
    let mut spec = spec([mixer, replacer, reader]);
    spec.channels = 1;
    spec.places.push((2, 2));
    for (name, during) in [("mixer", 2.0), ("replacer", 2.0)] {
        let mut take = Take::new(spec.clone());
        let bus: Value = take.bus(0, 1).into();
        take.play("mixer", 1, 0, 4000, &[("ibus", bus.clone())]);
        take.play(name, 1, 1003, 777, &[("ibus", bus.clone())]);
        take.play("reader", 2, 0, 4800, &[("ibus", bus)]);
        let sound = &take.render(4800)[0];
        for (at, expected) in [
            (960, 1.0),
            (1002, 1.0),
            (1003, during),
            (1779, during),
            (1780, 1.0),
            (3999, 1.0),
            (4000, 0.0),
        ] {
            assert_sample(sound, at, expected);
        }
    }
}

#[test]
fn tokens_may_change_while_a_synth_sounds() {
    let writer = instr("writer", "|ibus, kval|\nbusout ibus, a(kval)");
    let reader = instr("reader", "|kbus|\noutch 1, busin:a(kbus)");
    let mut spec = spec([writer, reader]);
    spec.places.push((1, 2));
    let mut take = Take::new(spec);
    let (first, second) = (take.bus(0, 1), take.bus(1, 1));
    take.play(
        "writer",
        1,
        0,
        RATE,
        &[("ibus", first.into()), ("kval", 0.25.into())],
    );
    take.play(
        "writer",
        1,
        0,
        RATE,
        &[("ibus", second.into()), ("kval", 0.75.into())],
    );
    let reader = take.play("reader", 2, 0, RATE, &[("kbus", first.into())]);
    take.set(RATE / 2, reader, 0, second);
    let sound = &take.render(RATE)[0];
    assert_sample(sound, RATE / 4, 0.25);
    assert_sample(sound, 3 * RATE / 4, 0.75);
}

#[test]
fn stale_tokens_read_nothing_write_nothing_and_are_reported() {
    let body = "|ibus, kval|\nbusout ibus, a(kval)\nbusmix ibus, a(kval)\nbusout ibus, kval\nknone busin ibus\nanone busin ibus\n\
        kstart init busin:i(ibus)\noutch 1, anone + knone + kstart";
    let spec = spec([instr("stale", body), instr("reader", READER)]);
    let layout = Take::new(spec.clone()).orchestra.layout;
    let wrong = [
        0.0,
        3.0,
        1e9,
        -7.0,
        1e300,
        f64::MAX,
        layout.buses.token(0, 1) + 0.5,
        layout.buses.token(0, 1),
    ];
    for token in wrong {
        let mut take = Take::new(spec.clone());
        let fresh = take.bus(0, 2);
        take.play(
            "stale",
            1,
            0,
            640,
            &[("ibus", token.into()), ("kval", 0.5.into())],
        );
        take.play("reader", 1, 0, 6400, &[("ibus", fresh.into())]);
        let report = "instr 9000\nkcount tab 0, 9006\nklast tab 1, 9006\noutch 2, a(kcount) + (kcount > 0 ? 1000 : 0)\nendin";
        assert_eq!(take.orchestra.layout.buses.report, 9006);
        take.score("i 9000 0 1\n");
        let sound = take.render_with(6400, report);
        assert!(
            sound[0].iter().all(|sample| *sample == 0.0),
            "token {token}"
        );
        assert!(sound[1][6000] > 1000.0, "token {token}");
    }
}

#[test]
fn buses_are_seen_in_use() {
    let mut spec = spec([instr("reader", READER)]);
    spec.channels = 2;
    let mut take = Take::new(spec);
    let bus = take.bus(5, 1);
    take.play("reader", 1, 6400, 6400, &[("ibus", bus.into())]);
    take.score("i 9000 0 1\n");
    let sound = take.render_with(
        19200,
        "instr 9000\nkuse tab 5, gi__bus_uses\noutch 2, a(kuse == gk__cycle ? 1 : 0)\nendin",
    );
    for (at, used) in [(6200, 0.0), (6600, 1.0), (12700, 1.0), (13000, 0.0)] {
        assert_sample(&sound[1], at, used);
    }
}

#[test]
fn buses_of_the_document_are_there_from_the_start() {
    let mut spec = spec([instr(
        "reader",
        "|ibus|\noutch 1, a(busin:k(ibus))\nistart = busin:i(ibus)\noutch 2, a(k(istart))",
    )]);
    spec.buses = vec![
        BusSpec {
            name: "verb".into(),
            kind: BusKind::Audio,
        },
        BusSpec {
            name: "level".into(),
            kind: BusKind::Control { value: 0.5 },
        },
    ];
    let mut take = Take::new(spec);
    let token = take.orchestra.layout.buses.token_of("level").unwrap();
    take.play("reader", 1, 0, RATE, &[("ibus", token.into())]);
    let sound = take.render(RATE);
    assert_sample(&sound[0], 6400, 0.5);
    assert_sample(&sound[1], 6400, 0.5);
    let buses = &take.orchestra.layout.buses;
    assert_eq!(buses.audio.start, 1);
    assert_eq!(buses.token_of("sidechain2"), Some(-4.0));
    assert_eq!(buses.token_of("other"), None);
}

#[test]
fn a_default_shows_until_something_is_written() {
    let reader = instr(
        "reader",
        "|ibus, kelse=0.7|\noutch 1, a(busin:k(ibus, 0.7))\noutch 2, a(busin:k(ibus, kelse))",
    );
    let writer = instr("writer", "|ibus|\nbusout ibus, 0.2");
    let mut take = Take::new(spec([writer, reader]));
    let index = take.orchestra.layout.buses.control.start;
    let bus: Value = take.bus(index, 1).into();
    take.play("reader", 1, 0, 9600, &[("ibus", bus.clone())]);
    take.play("writer", 1, 4800, 640, &[("ibus", bus)]);
    let sound = take.render(9600);
    for channel in &sound {
        assert_sample(channel, 4000, 0.7);
        assert_sample(channel, 6000, 0.2);
        assert_sample(channel, 9000, 0.2);
    }
}

#[test]
fn instruments_assign_buses_of_their_own() {
    let owner = "|kval|\nibus busassign \"audio\"\nlevel:\nilevel = busassign(\"control\")\nbusout ibus, a(kval)\n\
        busout ilevel, kval * 2\noutch 1, busin:a(ibus)\noutch 2, a(busin:k(ilevel))";
    let mut take = Take::new(spec([instr("owner", &owner.replace("level:\n", ""))]));
    take.play("owner", 1, 0, RATE, &[("kval", 0.25.into())]);
    take.play("owner", 1, 64, RATE, &[("kval", 0.125.into())]);
    let sound = take.render(RATE);
    assert_sample(&sound[0], RATE / 2, 0.375);
    assert_sample(&sound[1], RATE / 2, 0.75);
}

#[test]
fn assigned_buses_come_back_when_their_owners_end() {
    let owner = "ibus busassign \"audio\"\nbusout ibus, a(0.5)\noutch 1, busin:a(ibus)";
    let mut take = Take::new(spec([instr("owner", owner)]));
    for note in 0..60 {
        take.play("owner", 1, note * 640, 320, &[]);
    }
    let sound = &take.render(60 * 640)[0];
    for note in 0..60 {
        assert_sample(sound, note * 640 + 200, 0.5);
    }
}

#[test]
fn a_bus_assigned_by_init_code_is_kept() {
    let mut spec = spec([
        instr("writer", "busout gibus, a(0.5)"),
        instr("reader", "outch 1, busin:a(gibus)"),
    ]);
    spec.init = "gibus busassign \"audio\"".into();
    spec.places = vec![(0, 1), (1, 2)];
    let mut take = Take::new(spec);
    take.play("writer", 1, RATE, RATE, &[]);
    take.play("reader", 2, 0, 2 * RATE, &[]);
    let sound = &take.render(2 * RATE)[0];
    assert_sample(sound, RATE / 2, 0.0);
    assert_sample(sound, 3 * RATE / 2, 0.5);
}
