//! Buses under random use: none is lost, none is taken away.

use super::session_kit::Live;
use csound_session::session::command::Report;
use csound_session::session::instr::Instr;
use csound_session::session::orchestra::BusKind;
use csound_session::session::{Bus, BusLife, Capacities, Carries, Sched, Synth};
use proptest::prelude::*;

const READER: (&str, &str) = ("reader", "|ibus|\noutch 1, busin:a(ibus)*0.5");
const LEVEL: (&str, &str) = ("level", "|ibus|\noutch 1, a(busin:k(ibus))");

/// What may happen to buses and to those who use them.
#[derive(Clone, Debug)]
enum Step {
    Assign {
        audio: bool,
        kept: bool,
    },
    /// Starts a synth with a bus, some tenths of a second later, of a length in tenths.
    Use {
        bus: usize,
        after: u8,
        dur: u8,
    },
    Stop(usize),
    Set(usize),
    Release(usize),
    Drop(usize),
    Wait(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let number = 0..6_usize;
    prop_oneof![
        any::<(bool, bool)>().prop_map(|(audio, kept)| Step::Assign { audio, kept }),
        (number.clone(), 0..3_u8, 1..4_u8).prop_map(|(bus, after, dur)| Step::Use {
            bus,
            after,
            dur
        }),
        number.clone().prop_map(Step::Stop),
        number.clone().prop_map(Step::Set),
        number.clone().prop_map(Step::Release),
        number.prop_map(Step::Drop),
        (1..3_u8).prop_map(Step::Wait),
    ]
}

/// A session that lives through steps, and its time in tenths of a second.
struct Life {
    live: Live,
    buses: Vec<Bus>,
    synths: Vec<Synth>,
    now: u32,
}

impl Life {
    fn go(&mut self, step: &Step) {
        match *step {
            Step::Assign { audio, kept } => {
                let kind = if audio {
                    BusKind::Audio
                } else {
                    BusKind::Control { value: 0.5 }
                };
                let life = if kept {
                    BusLife::UntilReleased
                } else {
                    BusLife::WhileUsed
                };
                self.buses
                    .extend(self.live.session().assign_bus(kind, life));
            }
            Step::Use { bus, after, dur } => {
                let Some(bus) = self.buses.get(bus) else {
                    return;
                };
                let valid = bus.is_valid();
                let name = if bus.kind() == Carries::Audio {
                    "reader"
                } else {
                    "level"
                };
                let sched = Sched::after(f64::from(after) / 10.0).dur(f64::from(dur) / 10.0);
                let synth = self.live.session().sched(name, sched.arg("ibus", bus));
                assert_eq!(
                    synth.is_ok(),
                    valid,
                    "a bus serves as long as it is valid, and not after: {synth:?}"
                );
                self.synths.extend(synth);
            }
            Step::Stop(synth) => self
                .synths
                .get(synth)
                .map_or((), |synth| synth.stop(0.0).unwrap()),
            Step::Set(bus) => drop(self.buses.get(bus).map(|bus| bus.set(0.25, 0.05))),
            Step::Release(bus) => self.buses.get(bus).map_or((), Bus::release),
            Step::Drop(bus) if bus < self.buses.len() => drop(self.buses.swap_remove(bus)),
            Step::Drop(_) => {}
            Step::Wait(tenths) => self.wait(u32::from(tenths)),
        }
    }

    fn wait(&mut self, tenths: u32) {
        self.now += tenths;
        self.live.until(f64::from(self.now) / 10.0);
        self.live.session().poll();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is done to buses and synths, all buses are there again once the synths have ended and the handles are
    /// gone, and each works.
    #[test]
    fn no_life_of_a_bus_leaks(steps in prop::collection::vec(step(), 1..40)) {
        let capacities = Capacities { buses: 4, ..Capacities::plugin() };
        let instrs = [READER, LEVEL].map(|(name, body)| Instr::new(name, body).unwrap());
        let live = Live::with(capacities, instrs, |_| {});
        let mut life = Life { live, buses: Vec::new(), synths: Vec::new(), now: 0 };
        steps.iter().for_each(|step| life.go(step));
        life.buses.clear();
        // The synths end, the session hears of it, the performer gives the buses back.
        life.wait(8);
        life.wait(1);
        prop_assert!(life.synths.iter().all(Synth::finished));
        for value in [0.1, 0.2, 0.3, 0.4] {
            life.go(&Step::Assign { audio: false, kept: true });
            let bus = life.buses.last().unwrap().clone();
            prop_assert_eq!(bus.get().unwrap(), 0.5);
            bus.set(value, 0.0).unwrap();
        }
        prop_assert_eq!(life.buses.len(), 4);
        life.wait(1);
        let values: Vec<f64> = life.buses.iter().map(|bus| bus.get().unwrap()).collect();
        prop_assert_eq!(values, [0.1, 0.2, 0.3, 0.4]);
        let reports = life.live.session().take_reports();
        let wrong = reports.iter().any(|report| matches!(report, Report::WrongBus { .. }));
        prop_assert!(!wrong, "{:?}", reports);
    }
}
