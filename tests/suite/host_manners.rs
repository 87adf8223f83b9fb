//! Hosts that do what CLAP forbids: the plugin lives, says no where it must, and plays on.

use super::host_raw::{Raw, RawBlock, RawEvent, RawPort};
use super::plugin_kit::RATE;
use clap_sys::process::CLAP_PROCESS_ERROR;

const FRAMES: u32 = 64;
const INSTRUMENT: u32 = 0;
const EFFECT: u32 = 1;

/// The default instrument, ready to play.
fn ready() -> Raw {
    let raw = Raw::new(INSTRUMENT);
    assert!(raw.activate(RATE, 1, FRAMES) && raw.start());
    raw
}

/// Plays a key for some blocks; whether it was heard. Then lets it go.
fn sounds(raw: &Raw) -> bool {
    let mut heard = 0.0_f32;
    for number in 0..100 {
        let mut block = RawBlock::proper(FRAMES);
        if number == 0 || number == 50 {
            block.events = vec![RawEvent::note(3, number == 0, 0, 60, 0.8)];
        }
        assert_ne!(raw.process(&mut block), CLAP_PROCESS_ERROR);
        heard = block.left().iter().fold(heard, |peak, sample| {
            assert!(sample.is_finite() && sample.abs() < 8.9);
            peak.max(sample.abs())
        });
    }
    heard > 1e-3
}

/// Until nothing is heard any more, for a minute at the most.
fn rings_out(raw: &Raw) -> bool {
    (0..45_000).any(|_| {
        let mut block = RawBlock::proper(FRAMES);
        raw.process(&mut block);
        block.left().iter().all(|sample| *sample == 0.0)
    })
}

#[test]
fn nothing_is_processed_before_activation() {
    let raw = Raw::new(INSTRUMENT);
    assert_eq!(
        raw.process(&mut RawBlock::proper(FRAMES)),
        CLAP_PROCESS_ERROR
    );
    raw.process(&mut RawBlock::default());
    raw.reset();
    raw.stop();
    raw.deactivate();
    raw.start();
    assert_eq!(
        raw.process(&mut RawBlock::proper(FRAMES)),
        CLAP_PROCESS_ERROR
    );
    assert!(raw.activate(RATE, 1, FRAMES));
    assert!(sounds(&raw), "without being started, too");
}

#[test]
fn calls_that_come_twice_or_in_another_order_are_taken() {
    let raw = ready();
    assert!(raw.activate(44_100.0, 1, 32), "again, while it is active");
    assert!(raw.activate(RATE, 1, FRAMES));
    assert!(raw.start() && raw.start());
    assert!(sounds(&raw));
    raw.stop();
    raw.stop();
    raw.deactivate();
    raw.deactivate();
    raw.reset();
    raw.on_main_thread();
    assert!(!raw.has(c"no.such.extension") && raw.has(c"clap.params"));
    assert!(raw.activate(RATE, 1, FRAMES) && raw.start());
    assert!(sounds(&raw));
    drop(ready());
}

#[test]
fn senseless_configurations_are_refused_or_silent() {
    let raw = Raw::new(INSTRUMENT);
    for (rate, most) in [
        (0.0, FRAMES),
        (-48_000.0, FRAMES),
        (f64::NAN, FRAMES),
        (f64::INFINITY, FRAMES),
        (1e300, FRAMES),
        (1e-9, FRAMES),
        (RATE, 0),
        (RATE, u32::MAX),
        (RATE, 1 << 30),
    ] {
        if raw.activate(rate, 1, most) {
            let mut block = RawBlock::proper(FRAMES);
            block.events = vec![RawEvent::note(0, true, 0, 60, 1.0)];
            raw.process(&mut block);
            raw.deactivate();
        }
    }
    assert!(raw.activate(RATE, 1, FRAMES) && raw.start());
    assert!(sounds(&raw));
}

#[test]
fn a_block_longer_than_announced_is_refused() {
    for kind in [INSTRUMENT, EFFECT] {
        let raw = Raw::new(kind);
        assert!(raw.activate(RATE, 1, FRAMES) && raw.start());
        let mut long = RawBlock::proper(FRAMES + 1);
        long.inputs = Some(vec![RawPort::stereo(65), RawPort::stereo(65)]);
        assert_eq!(raw.process(&mut long), CLAP_PROCESS_ERROR);
        assert_ne!(
            raw.process(&mut RawBlock::proper(FRAMES)),
            CLAP_PROCESS_ERROR
        );
    }
}

#[test]
fn events_out_of_order_and_out_of_their_block_are_heard_all_the_same() {
    let raw = ready();
    let slot = raw.ids()[2];
    let mut block = RawBlock::proper(FRAMES);
    block.events = vec![
        RawEvent::param(40, slot, 0.5),
        RawEvent::note(10, true, 0, 60, 1.0),
        RawEvent::param(5, slot, 0.6),
        RawEvent::param(9_999, slot, 0.7),
        RawEvent::note(20, true, 0, 64, 1.0),
        RawEvent::midi(u32::MAX, [0x90, 67, 100]),
        RawEvent::param(u32::MAX, slot, 0.2),
        RawEvent::odd(63, 7, 3),
    ];
    assert_ne!(raw.process(&mut block), CLAP_PROCESS_ERROR);
    let mut next = RawBlock::proper(FRAMES);
    raw.process(&mut next);
    assert!(next.left().iter().any(|sample| *sample != 0.0), "it plays");
    let mut last = RawBlock::proper(FRAMES);
    last.events = [60, 64, 67]
        .map(|key| RawEvent::note(4_000_000, false, 0, key, 0.0))
        .into();
    raw.process(&mut last);
    assert!(
        rings_out(&raw),
        "a note-off too late for its block is not lost"
    );
}

#[test]
fn values_of_any_kind_leave_the_sound_finite() {
    let raw = ready();
    let numbers = [f64::NAN, f64::INFINITY, -f64::INFINITY, 1e300, -1.0, 1e-310];
    let ids = raw.ids().into_iter().chain([9_999, u32::MAX, 1 << 31]);
    let mut events: Vec<_> = ids
        .flat_map(|id| numbers.map(|value| RawEvent::param(0, id, value)))
        .collect();
    for number in numbers {
        for (channel, key) in [(0, 60), (-1, -1), (99, 200), (-7, -7), (i16::MAX, i16::MIN)] {
            events.push(RawEvent::note(1, true, channel, key, number));
        }
    }
    for first in [0x00, 0x7f, 0x80, 0x9f, 0xb0, 0xe0, 0xf0, 0xf7, 0xff] {
        events.push(RawEvent::midi(2, [first, 0xff, 0xff]));
        events.push(RawEvent::odd(3, 0, first.into()));
    }
    // What a known type means without its content cannot be told from the outside: only unknown ones come bare.
    events.retain(|event| !matches!(event, RawEvent::Odd(header) if header.type_ < 20));
    let mut block = RawBlock::proper(FRAMES);
    block.events = events;
    assert_ne!(raw.process(&mut block), CLAP_PROCESS_ERROR);
    for _ in 0..200 {
        let mut block = RawBlock::proper(FRAMES);
        raw.process(&mut block);
        assert!(block.left().iter().all(|sample| sample.is_finite()));
    }
}

/// No list of ports, none in it, one, or more than there are.
fn ports(kind: u32, port: &dyn Fn() -> RawPort) -> Option<Vec<RawPort>> {
    let count = [0, 0, 1, 7][kind as usize];
    (kind > 0).then(|| (0..count).map(|_| port()).collect())
}

#[test]
fn blocks_without_samples_buffers_or_channels_are_taken() {
    for kind in [INSTRUMENT, EFFECT] {
        let raw = Raw::new(kind);
        assert!(raw.activate(RATE, 1, FRAMES) && raw.start());
        let frames = FRAMES as usize;
        let port = || RawPort::stereo(frames);
        let mono = || RawPort(vec![Some(vec![0.0; frames])]);
        let half = || RawPort(vec![None, Some(vec![0.0; frames])]);
        let wide = || RawPort((0..9).map(|_| Some(vec![0.0; frames])).collect());
        let none = || RawPort(Vec::new());
        for shape in [&port as &dyn Fn() -> RawPort, &mono, &half, &wide, &none] {
            for (inputs, outputs) in (0..16).map(|at| (at / 4, at % 4)) {
                for frames in [0, 1, FRAMES] {
                    let mut block = RawBlock {
                        frames,
                        inputs: ports(inputs, shape),
                        outputs: ports(outputs, shape),
                        events: vec![RawEvent::note(0, true, 0, 60, 0.5)],
                    };
                    raw.process(&mut block);
                }
            }
        }
        assert_ne!(
            raw.process(&mut RawBlock::proper(FRAMES)),
            CLAP_PROCESS_ERROR
        );
    }
}

#[test]
fn parameters_are_taken_while_it_is_not_active() {
    let raw = Raw::new(INSTRUMENT);
    let slot = raw.ids()[2];
    raw.flush(&vec![
        RawEvent::param(0, slot, 0.25),
        RawEvent::param(500, 77_777, 0.25),
    ]);
    raw.flush(&vec![
        RawEvent::note(0, true, 0, 60, 1.0),
        RawEvent::param(0, slot, f64::NAN),
    ]);
    assert!(raw.activate(RATE, 1, FRAMES) && raw.start());
    assert!(sounds(&raw));
    raw.flush(&vec![RawEvent::param(0, slot, 0.5)]);
    raw.stop();
    raw.deactivate();
    raw.flush(&vec![RawEvent::param(0, slot, 0.75)]);
}

#[test]
fn another_thread_at_each_call_changes_no_bit() {
    let blocks = |apart: bool| {
        let raw = ready();
        let mut heard = Vec::new();
        for number in 0..60 {
            let mut block = RawBlock::proper(FRAMES);
            if number % 20 == 0 {
                block.events = vec![RawEvent::note(7, true, 0, 50 + number, 0.7)];
            }
            if apart {
                std::thread::scope(|scope| {
                    let (raw, block) = (Whole(&raw), &mut block);
                    scope.spawn(move || raw.get().process(block));
                });
            } else {
                raw.process(&mut block);
            }
            heard.extend_from_slice(block.left());
        }
        heard
    };
    let together = blocks(false);
    assert!(together.iter().any(|sample| *sample != 0.0));
    assert!(together == blocks(true));
}

/// An instance that another thread uses while this one waits.
struct Whole<'a>(&'a Raw);

// SAFETY: the thread that owns the instance waits for the other one.
unsafe impl Send for Whole<'_> {}

impl<'a> Whole<'a> {
    fn get(self) -> &'a Raw {
        self.0
    }
}

#[test]
fn samples_too_small_for_a_number_come_out_as_zero() {
    let raw = Raw::new(EFFECT);
    assert!(raw.activate(RATE, 1, FRAMES) && raw.start());
    for number in 0..400 {
        let mut block = RawBlock::proper(FRAMES);
        let tiny = if number < 20 { 1e-39 } else { 0.0 };
        let input = || RawPort(vec![Some(vec![tiny; FRAMES as usize]); 2]);
        block.inputs = Some(vec![input(), input()]);
        raw.process(&mut block);
        assert!(
            block.left().iter().all(|sample| !sample.is_subnormal()),
            "{number}"
        );
    }
    // The host's own arithmetic is as it was.
    assert!(std::hint::black_box(f32::MIN_POSITIVE) / 2.0 > 0.0);
}
