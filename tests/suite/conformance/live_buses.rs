//! Checks 28, 29: how long a bus lives, and what an audio bus is not.

use super::hosted::Live;
use super::kit::refused;
use crate::suite::session_kit::DC;
use csound_session::session::orchestra::BusKind;
use csound_session::session::{Bus, BusLife, Error, Sched};

const WRITER: (&str, &str) = ("writer", "|ibus|\nbusout ibus, a(0.6)");
const READER: (&str, &str) = ("reader", "|ibus|\noutch 1, busin:a(ibus)*0.5");

fn assign(live: &mut Live, kind: BusKind, life: BusLife) -> Bus {
    live.session().assign_bus(kind, life).unwrap()
}

/// A writer and a reader of a bus for a second.
fn chain(live: &mut Live, bus: &Bus, at: f64) -> Result<(), Error> {
    let sched = || Sched::at(at).dur(1.0).arg("ibus", bus);
    live.session().sched("writer", sched())?;
    live.session().sched("reader", sched().priority(2))?;
    Ok(())
}

#[test]
fn check_28_a_bus_lives_while_it_is_used_or_kept() {
    for (life, kept) in [(BusLife::WhileUsed, false), (BusLife::UntilReleased, true)] {
        let mut live = Live::new(&[WRITER, READER]);
        let bus = assign(&mut live, BusKind::Audio, life);
        chain(&mut live, &bus, 0.0).unwrap();
        live.until(1.5);
        assert_eq!(bus.is_valid(), kept);
        let again = chain(&mut live, &bus, 2.0);
        assert_eq!(again.is_ok(), kept, "{again:?}");
        live.reads(&[(0.5, 0.3), (1.2, 0.0), (2.5, if kept { 0.3 } else { 0.0 })]);
    }
}

#[test]
fn check_29_an_audio_bus_has_no_value() {
    let told = refused("29_value", "01_levels");
    assert!(
        told.contains("29_value.toml:8:") && told.contains("value"),
        "{told}"
    );
    for score in ["29_set", "29_line"] {
        let told = refused("audio_bus", score);
        assert!(told.contains("bus: an audio bus has no value"), "{told}");
    }
    let mut live = Live::new(&[("dc", DC)]);
    let audio = assign(&mut live, BusKind::Audio, BusLife::UntilReleased);
    assert!(matches!(audio.set(0.5, 0.0), Err(Error::NoValue)));
    assert!(matches!(audio.get(), Err(Error::NoValue)));
    let control = assign(
        &mut live,
        BusKind::Control { value: 0.5 },
        BusLife::UntilReleased,
    );
    assert_eq!(control.get().unwrap(), 0.5);
    control.release();
    assert!(matches!(control.get(), Err(Error::ReleasedBus)));
}
