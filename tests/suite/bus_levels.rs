//! How loud the document's buses are, for who looks.

use super::session_kit::{Live, bus};
use csound_session::session::Sched;
use csound_session::session::instr::Instr;
use csound_session::session::orchestra::BusKind;

const MIXER: (&str, &str) = ("mixer", "|ibus, kval=0.5|\nbusmix ibus, a(kval)");

/// What two buses come to together, however many write to them, and only while somebody looks.
#[test]
fn the_loudness_of_the_documents_buses_can_be_watched() {
    let instrs = [MIXER].map(|(name, body)| Instr::new(name, body).unwrap());
    let mut live = Live::of(instrs, |spec| {
        spec.orchestra.buses = vec![
            bus("tell", BusKind::Control { value: 0.75 }),
            bus("left", BusKind::Audio),
            bus("right", BusKind::Audio),
        ];
        spec.orchestra.meters = true;
    });
    let on = |bus: &str, value: f64| {
        let bus = format!("@{bus}");
        Sched::at(0.0).arg("ibus", bus.as_str()).arg("kval", value)
    };
    live.sched("mixer", on("left", -0.25));
    live.sched("mixer", on("left", -0.125).dur(1.0));
    live.sched("mixer", on("right", 0.5).dur(0.5));
    live.until(0.2);
    let levels = live.session().take_levels(3);
    assert_eq!(levels, [0.0; 3], "nobody looks");
    live.session().watch(true);
    live.until(0.4);
    let levels = live.session().take_levels(3);
    assert_eq!(levels, [0.0, 0.375, 0.5]);
    live.until(0.8);
    let levels = live.session().take_levels(3);
    assert_eq!(levels, [0.0, 0.375, 0.5], "as loud as it has been");
    live.until(0.9);
    let levels = live.session().take_levels(3);
    assert_eq!(levels, [0.0, 0.375, 0.0]);
    live.until(1.1);
    live.session().take_levels(3);
    live.until(1.3);
    let levels = live.session().take_levels(3);
    assert_eq!(levels, [0.0, 0.25, 0.0]);
}
