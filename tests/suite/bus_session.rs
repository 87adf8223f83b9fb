//! Buses of the session: what they carry, how long they live, who may use them.

use super::session_kit::{DC, Live, RATE, bus, pitch, rms};
use csound_session::session::command::Report;
use csound_session::session::instr::Instr;
use csound_session::session::orchestra::BusKind;
use csound_session::session::{Bus, BusLife, Carries, Error, Line, Sched};

const WRITER: (&str, &str) = ("writer", "|ibus, kval=0.5|\nbusout ibus, a(kval)");
const MIXER: (&str, &str) = ("mixer", "|ibus, kval=0.5|\nbusmix ibus, a(kval)");
const READER: (&str, &str) = ("reader", "|ibus|\noutch 1, busin:a(ibus)*0.5");
const LEVEL: (&str, &str) = ("level", "|ibus|\noutch 1, a(busin:k(ibus))");
const TELLER: (&str, &str) = ("teller", "|ibus, kval=0.6|\nbusout ibus, kval");

fn live() -> Live {
    Live::new(&[READER, WRITER, MIXER, LEVEL, TELLER])
}

fn audio(live: &mut Live) -> Bus {
    live.session()
        .assign_bus(BusKind::Audio, BusLife::WhileUsed)
        .unwrap()
}

fn control(live: &mut Live, value: f64) -> Bus {
    live.session()
        .assign_bus(BusKind::Control { value }, BusLife::UntilReleased)
        .unwrap()
}

#[test]
fn sound_goes_from_an_earlier_synth_to_a_later_one() {
    for (writer, reader, expected) in [(1, 2, 0.25), (2, 1, 0.0), (1, 1, 0.0)] {
        let mut live = live();
        let bus = audio(&mut live);
        live.sched(
            "reader",
            Sched::at(0.0).dur(2.0).priority(reader).arg("ibus", &bus),
        );
        live.sched(
            "writer",
            Sched::at(0.0)
                .dur(1.0)
                .priority(writer)
                .arg("ibus", bus.token()),
        );
        live.reads(&[(0.5, expected), (0.9, expected), (1.1, 0.0)]);
    }
}

#[test]
fn writers_replace_or_add() {
    for (writer, expected) in [("writer", 0.2), ("mixer", 0.45)] {
        let mut live = live();
        let bus = audio(&mut live);
        for value in [0.5, 0.4] {
            live.sched(writer, Sched::now().arg("ibus", &bus).arg("kval", value));
        }
        live.sched("reader", Sched::now().priority(2).arg("ibus", &bus));
        live.reads(&[(0.5, expected)]);
    }
}

#[test]
fn a_control_bus_is_set_and_automated() {
    let mut live = live();
    let bus = control(&mut live, 0.25);
    live.sched("level", Sched::at(0.0).arg("ibus", &bus));
    bus.set(0.5, 1.0).unwrap();
    bus.automate([0.0, 0.0, 1.0, 1.0], 2.0).unwrap();
    bus.automate(Line::pairs([0.0, 0.0, 1.0, 0.5]).overtake(), 4.0)
        .unwrap();
    assert_eq!(bus.get().unwrap(), 0.25, "before the first block");
    live.until(2.5);
    assert!(
        (bus.get().unwrap() - 0.5).abs() < 2e-3,
        "{}",
        bus.get().unwrap()
    );
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
    live.reads(&expected);
    assert_eq!(bus.get().unwrap(), 0.5);
}

#[test]
fn a_first_value_of_nan_overtakes_and_a_line_can_be_cancelled() {
    let mut live = live();
    let bus = control(&mut live, 1.0);
    live.sched("level", Sched::at(0.0).arg("ibus", &bus));
    let line = bus.automate([0.0, f64::NAN, 1.0, 0.0], 0.0).unwrap();
    live.until(0.75);
    line.cancel().unwrap();
    live.reads(&[(0.5, 0.5)]);
    let held = live.heard(1.6)[0][72_000];
    assert!((held - 0.25).abs() < 2e-3, "{held}");
}

#[test]
fn instruments_write_control_buses_which_hold_and_can_be_read() {
    let mut live = live();
    let bus = control(&mut live, 0.0);
    live.sched("teller", Sched::at(0.5).dur(1.0).arg("ibus", &bus));
    live.sched(
        "level",
        Sched::at(0.0).dur(3.0).priority(2).arg("ibus", &bus),
    );
    live.reads(&[(0.25, 0.0), (0.52, 0.6), (1.4, 0.6), (2.5, 0.6)]);
    assert_eq!(bus.get().unwrap(), 0.6);
}

#[test]
fn a_bus_is_gone_after_its_last_use_unless_it_is_kept() {
    for (life, second) in [
        (BusLife::WhileUsed, None),
        (BusLife::UntilReleased, Some(0.3)),
    ] {
        let mut live = live();
        let bus = live
            .session()
            .assign_bus(BusKind::Control { value: 0.3 }, life)
            .unwrap();
        live.until(0.5);
        assert!(bus.is_valid(), "one that nobody has used yet waits");
        live.sched("level", Sched::now().dur(0.5).arg("ibus", &bus));
        live.until(2.0);
        let again = live
            .session()
            .sched("level", Sched::now().dur(0.5).arg("ibus", &bus));
        match second {
            None => {
                assert!(matches!(again, Err(Error::ReleasedBus)));
                assert!(matches!(bus.get(), Err(Error::ReleasedBus)));
                assert!(matches!(bus.set(1.0, 0.0), Err(Error::ReleasedBus)));
            }
            Some(value) => {
                again.unwrap();
                live.reads(&[(0.8, value), (1.5, 0.0), (2.3, value)]);
            }
        }
    }
}

#[test]
fn a_synth_that_waits_for_its_time_keeps_the_bus() {
    let mut live = live();
    let bus = live
        .session()
        .assign_bus(BusKind::Control { value: 0.3 }, BusLife::WhileUsed)
        .unwrap();
    live.sched("level", Sched::at(0.0).dur(0.5).arg("ibus", &bus));
    live.sched("level", Sched::at(2.0).dur(0.5).arg("ibus", &bus));
    live.until(1.0);
    assert!(bus.is_valid());
    live.reads(&[(0.2, 0.3), (2.2, 0.3)]);
    live.until(3.0);
    assert!(!bus.is_valid());
}

#[test]
fn a_released_bus_serves_who_has_it_and_then_never_again() {
    let mut live = live();
    let bus = control(&mut live, 0.3);
    let token = bus.token();
    let synth = live.sched("level", Sched::at(0.0).arg("ibus", &bus));
    live.until(0.1);
    bus.release();
    bus.release();
    assert!(matches!(bus.set(0.7, 0.0), Err(Error::ReleasedBus)));
    live.until(0.5);
    synth.stop(0.0).unwrap();
    live.until(1.0);
    live.session().poll();
    live.until(1.1);
    let next = control(&mut live, 0.9);
    assert_ne!(next.token(), token);
    live.session().take_reports();
    live.sched("level", Sched::at(1.2).dur(0.2).arg("ibus", token));
    live.reads(&[(0.4, 0.3), (1.3, 0.0)]);
    let reports = live.session().take_reports();
    assert!(reports.contains(&Report::WrongBus { token }), "{reports:?}");
}

#[test]
fn dropped_handles_give_their_buses_back_and_a_full_pool_is_an_error() {
    let mut live = live();
    let mut buses: Vec<Bus> = (0..64).map(|_| audio(&mut live)).collect();
    let refused = live
        .session()
        .assign_bus(BusKind::Audio, BusLife::WhileUsed)
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("buses") && refused.contains("64"),
        "{refused}"
    );
    let mut tokens: Vec<u64> = buses.iter().map(|bus| bus.token() as u64).collect();
    for round in 1..20 {
        buses.clear();
        live.session().poll();
        live.until(f64::from(round) * 0.05);
        live.session().poll();
        buses = (0..64).map(|_| audio(&mut live)).collect();
        tokens.extend(buses.iter().map(|bus| bus.token() as u64));
    }
    tokens.sort_unstable();
    tokens.dedup();
    assert_eq!(tokens.len(), 64 * 20, "no token is ever given out twice");
}

#[test]
fn audio_buses_have_no_value() {
    let mut live = live();
    let bus = audio(&mut live);
    assert_eq!(bus.kind(), Carries::Audio);
    assert!(matches!(bus.set(1.0, 0.0), Err(Error::NoValue)));
    assert!(matches!(bus.get(), Err(Error::NoValue)));
    assert!(matches!(bus.automate([0.0, 1.0], 0.0), Err(Error::NoValue)));
    let bad = BusKind::Control { value: f64::NAN };
    assert!(matches!(
        live.session().assign_bus(bad, BusLife::WhileUsed),
        Err(Error::BadValue(_))
    ));
}

#[test]
fn a_glissando_on_a_bus_reaches_the_sender() {
    let sender = "ibus = p5\nifreqbus = p6\nkfreq = busin:k(ifreqbus)\nasig vco2 0.1, kfreq\nbusout(ibus, asig)";
    let receiver = "ibus = p5\nkgain = p6\nasig = busin:a(ibus)\nasig *= a(kgain)\noutch 1, asig";
    let mut live = Live::new(&[("sender", sender), ("receiver", receiver)]);
    let bus = audio(&mut live);
    let freq = live
        .session()
        .assign_bus(BusKind::Control { value: 880.0 }, BusLife::WhileUsed)
        .unwrap();
    live.sched(
        "sender",
        Sched::at(0.0)
            .arg("ibus", bus.token())
            .arg("ifreqbus", freq.token()),
    );
    live.sched(
        "receiver",
        Sched::at(0.0)
            .priority(2)
            .arg("ibus", &bus)
            .arg("kgain", 0.5),
    );
    freq.automate([0.0, 880.0, 5.0, 440.0], 0.0).unwrap();
    let heard = live.heard(7.0);
    let around = |at: f64, width: f64| {
        let (from, to) = ((at - width) * RATE as f64, (at + width) * RATE as f64);
        &heard[0][from as usize..to as usize]
    };
    assert!(
        (pitch(around(2.5, 0.05)) - 660.0).abs() < 1.0,
        "{}",
        pitch(around(2.5, 0.05))
    );
    assert!((pitch(around(6.0, 0.25)) - 440.0).abs() < 0.1);
    assert!(
        (rms(around(6.0, 0.25)) / 0.0287 - 1.0).abs() < 0.02,
        "{}",
        rms(around(6.0, 0.25))
    );
}

#[test]
fn a_delayed_set_changes_the_pitch() {
    let mut live = Live::new(&[(
        "vco",
        "|ifreqbus|\nkfreq = busin:k(ifreqbus)\noutch 1, vco2:a(0.1, kfreq)",
    )]);
    let bus = control(&mut live, 1000.0);
    live.sched("vco", Sched::now().dur(4.0).arg("ifreqbus", &bus));
    bus.set(500.0, 0.5).unwrap();
    let heard = live.heard(1.0);
    assert!((pitch(&heard[0][4800..23_000]) - 1000.0).abs() < 0.1);
    assert!((pitch(&heard[0][25_000..47_000]) - 500.0).abs() < 0.1);
}

#[test]
fn values_go_over_to_new_code_and_stay_one_there() {
    let mut live = live();
    let bus = control(&mut live, 0.25);
    live.sched("level", Sched::at(0.0).arg("ibus", &bus));
    bus.set(0.5, 0.1).unwrap();
    live.until(0.5);
    live.session()
        .def_instr("right", "|ibus|\noutch 2, a(busin:k(ibus))")
        .unwrap();
    live.sched("right", Sched::now().arg("ibus", &bus));
    live.until(1.0);
    bus.set(0.75, 0.0).unwrap();
    live.until(1.5);
    live.sched("teller", Sched::now().arg("ibus", &bus));
    let heard = live.heard(2.0);
    for (at, value) in [(0.9, 0.5), (1.4, 0.75), (1.9, 0.6)] {
        let at = (at * RATE as f64) as usize;
        let off = (heard[0][at] - value).abs() + (heard[1][at] - value).abs();
        assert!(
            off < 1e-9,
            "old and new code at sample {at}: {}, {}",
            heard[0][at],
            heard[1][at]
        );
    }
}

#[test]
fn buses_of_the_document_are_found_by_name() {
    let instrs = [READER, WRITER, LEVEL].map(|(name, body)| Instr::new(name, body).unwrap());
    let mut live = Live::of(instrs, |spec| {
        spec.orchestra.buses = vec![
            bus("verb", BusKind::Audio),
            bus("freq", BusKind::Control { value: 0.125 }),
        ];
    });
    let freq = live.session().bus("freq").unwrap();
    assert_eq!(live.session().bus("verb").unwrap().kind(), Carries::Audio);
    assert_eq!(live.session().bus("sidechain2").unwrap().token(), -4.0);
    let unknown = live.session().bus("nope").unwrap_err().to_string();
    assert!(unknown.contains("@nope"), "{unknown}");
    live.sched("level", Sched::at(0.0).dur(2.0).arg("ibus", "@freq"));
    freq.set(0.5, 0.5).unwrap();
    freq.automate([0.0, 0.5, 0.5, 1.0], 1.0).unwrap();
    live.until(0.3);
    assert_eq!(freq.get().unwrap(), 0.125);
    live.reads(&[(0.3, 0.125), (0.8, 0.5), (1.25, 0.75), (1.9, 1.0)]);
    assert_eq!(freq.get().unwrap(), 1.0);
    let verb = live.session().bus("verb").unwrap();
    live.sched("writer", Sched::at(2.5).arg("ibus", &verb));
    live.sched("reader", Sched::at(2.5).priority(2).arg("ibus", "@verb"));
    live.reads(&[(2.8, 0.25)]);
    // A new program has the value that the bus had, not the one of the document.
    live.session().def_instr("other", DC).unwrap();
    live.session().prepare().unwrap();
    live.until(3.2);
    assert_eq!(freq.get().unwrap(), 1.0);
}

#[test]
fn an_instrument_can_choose_its_bus_while_it_sounds() {
    let mut live = Live::new(&[("filter", "|kbus|\noutch 1, busin:a(kbus)"), WRITER]);
    let (first, second) = (audio(&mut live), audio(&mut live));
    live.sched(
        "writer",
        Sched::at(0.0).arg("ibus", &first).arg("kval", 0.25),
    );
    live.sched(
        "writer",
        Sched::at(0.0).arg("ibus", &second).arg("kval", 0.75),
    );
    let filter = live.sched("filter", Sched::at(0.0).priority(-1).arg("kbus", &first));
    filter.set([("kbus", second.token())], 0.5).unwrap();
    live.reads(&[(0.4, 0.25), (0.6, 0.75)]);
}
