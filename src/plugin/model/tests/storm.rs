//! Edits of all kinds, good and bad, under a held chord, while notes come at random and the audio thread keeps time.

mod audio;
mod kinds;
mod realtime;

use super::{FRAMES, Model, Rig, edit};
use crate::session::When;
use crate::session::ledger::Cause;
use audio::{Audio, Call, PERIOD, Seen, Wire};
use kinds::{Comes, DEEP, Kind, kind};
use realtime::Place;
use std::collections::BTreeMap;
use std::f64::consts::TAU;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};
use test_hosts::{Random, resident_bytes};

/// The chord's body; it alone is heard on the left.
const CHORD: &str = "|kmidi|\nasig oscili 0.05, mtof:k(kmidi)\nasig *= linsegr:a(0, 0.01, 1, 0.05, 0)\n\
                     anull = 0\nouts asig, anull";
const KEYS: std::ops::Range<u8> = 30..36;
/// +24 dBFS: what is louder is muted.
const LOUDEST: f64 = 15.85;
/// So many in the suite: all kinds that are soon judged, twice.
const FEW: usize = 2 * kinds::ROUND;
/// Fewer edits say nothing of the memory, of the longest of all calls, nor of what goes wrong late.
const MANY: usize = 1000;
/// What is told of programs that pass the preflight and then put out too much or no numbers, fail at the start of a note,
/// or fail later.
const LATE: [&str; 3] = [
    "was muted",
    "line 3: oscili: Invalid ftable",
    "line 4: Array index 9",
];

/// How many edits: few in the suite, more if the command asks.
fn edits() -> usize {
    let asked = std::env::var("CSOUND_SESSION_EDITS");
    let asked = asked.ok().and_then(|asked| asked.parse().ok());
    asked.unwrap_or(FEW)
}

/// Where the audio thread runs and where the rest does: `same` core, `other` cores, or as the system likes.
fn places() -> (Place, Option<usize>) {
    match std::env::var("CSOUND_SESSION_CORES").as_deref() {
        Ok("same") => (Place::Core(0), Some(0)),
        Ok("other") => (Place::Core(0), Some(1)),
        _ => (Place::Anywhere, None),
    }
}

/// A rig that holds the chord; notes are heard on the right from now on.
fn rig() -> Rig {
    let mut rig = Rig::with(CHORD, DEEP);
    KEYS.for_each(|key| rig.press(key));
    rig.play(20);
    rig.edit(&kind(0).body(0), When::Now);
    rig.play(20);
    assert_eq!(rig.model.view().past, 1, "{:?}", rig.model.view());
    rig
}

/// What came of the edits, apart from the sound.
#[derive(Default)]
struct Log {
    /// How many of each kind, and the time they took.
    kinds: BTreeMap<&'static str, (u32, Duration)>,
    /// Causes of process calls that were longer than any before.
    causes: Vec<(Duration, Cause)>,
    /// Resident bytes after so many edits.
    memory: Vec<(f64, f64)>,
    /// The block in which each edit was asked for, and its kind.
    asked: Vec<(u64, &'static str)>,
    /// What went wrong while it played, as the window tells it.
    told: BTreeMap<String, u32>,
}

impl Log {
    fn add(&mut self, kind: &Kind, took: Duration) {
        let (count, time) = self.kinds.entry(kind.name).or_default();
        *count += 1;
        *time += took;
    }

    /// Looks at what an edit has led to since it was made.
    fn look(&mut self, model: &Model) {
        for problem in &model.view().problems {
            *self.told.entry(problem.to_string()).or_default() += 1;
        }
        let longest = model.ledger().longest;
        let known = self.causes.last().map(|(time, _)| *time);
        if let Some(longest) = longest.filter(|longest| Some(longest.time) != known) {
            self.causes.push((longest.time, longest.cause));
        }
    }

    /// Growth of the memory in KiB an edit, by least squares over the second half.
    fn growth(&self) -> f64 {
        let half = &self.memory[self.memory.len() / 2..];
        let count = half.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| half.iter().map(of).sum::<f64>() / count;
        let (x, y) = (mean(|at| at.0), mean(|at| at.1));
        let (mut over, mut under) = (0.0, 0.0);
        for (at, bytes) in half {
            over += (at - x) * (bytes - y);
            under += (at - x) * (at - x);
        }
        over / under / 1024.0
    }
}

/// Makes one edit, waits for what comes of it, and checks that.
fn try_edit(model: &Model, number: usize, when: When) {
    let kind = kind(number);
    let body = kind.body(number);
    edit(model, &body, when);
    model.work();
    let view = model.view();
    let taken = view.instrs[0].body == body;
    assert_eq!(
        taken,
        kind.comes == Comes::Taken,
        "{number}: {}: {view:?}",
        kind.name
    );
    assert!(
        taken || !view.problems.is_empty() || view.console.last().is_some(),
        "{}",
        kind.name
    );
}

#[test]
fn a_held_chord_outlives_every_edit_to_the_last_bit() {
    let edits = edits();
    let (place, rest) = places();
    let rest = rest.is_none_or(realtime::pin);
    let rigs = [rig(), rig()];
    let models = rigs.each_ref().map(|rig| Arc::clone(&rig.model));
    let wire = Arc::new(Wire::default());
    let audio = Audio::new(rigs.map(|rig| rig.performer), Arc::clone(&wire));
    let audio = std::thread::spawn(move || audio.run(place));
    let (mut log, mut random) = (Log::default(), Random(5));
    for number in 1..=edits {
        models.iter().for_each(|model| model.work());
        log.look(&models[0]);
        let begun = Instant::now();
        let block = wire.blocks.load(Relaxed);
        log.asked.push((block, kind(number).name));
        let now = block * FRAMES as u64;
        let when = [When::Now, When::At(now + random.below(4800) as u64)][random.below(2)];
        try_edit(&models[0], number, when);
        log.add(kind(number), begun.elapsed());
        if number % (edits / 64).max(1) == 0 {
            log.memory.push((number as f64, resident_bytes() as f64));
        }
        assert!(!wire.torn.load(Relaxed), "the chord, at edit {number}");
    }
    wire.stop.store(true, Relaxed);
    let seen = audio.join().unwrap();
    if edits > FEW {
        report(&seen, &log, &models, rest);
    }
    judge(&seen, &log, edits);
}

fn judge(seen: &Seen, log: &Log, edits: usize) {
    assert_eq!(
        seen.torn, 0,
        "the first block in which the chord is not itself"
    );
    let angle = |key: u8| TAU * 440.0 * ((f64::from(key) - 69.0) / 12.0).exp2() / 48_000.0;
    let smooth: f64 = KEYS.map(|key| 0.05 * angle(key).powi(2)).sum();
    assert!(
        seen.sharpest < 1.05 * smooth,
        "{} against {smooth}",
        seen.sharpest
    );
    assert!(seen.peak < LOUDEST, "{}", seen.peak);
    assert!(!seen.stuck, "a synth sounds on");
    assert!(seen.blocks > edits as u64);
    assert!(!log.causes.is_empty(), "the ledger has a longest call");
    if edits >= MANY {
        let [edited, calm] = seen.longest.each_ref().map(|longest| longest[0].took);
        assert!(
            edited <= 2 * calm,
            "{edited:?} against {calm:?} without edits"
        );
        let (faults, longest) = seen.faults;
        assert!(faults > 0 && longest < PERIOD, "{longest:?}");
        for words in LATE {
            assert!(log.told.keys().any(|told| told.contains(words)), "{words}");
        }
        let growth = log.growth();
        assert!(growth < 1.0, "{growth} KiB an edit");
    }
}

/// What the command prints.
fn report(seen: &Seen, log: &Log, models: &[Arc<Model>; 2], rest: bool) {
    let (blocks, missed, place) = (seen.blocks, seen.missed, &seen.place);
    eprintln!("audio thread: {place}; the rest was pinned: {rest}");
    eprintln!("{blocks} blocks of 64, {missed} of them late");
    for (name, (count, time)) in &log.kinds {
        eprintln!(
            "{count:6} x {name:<16} {:8.1} ms each",
            1e3 * time.as_secs_f64() / f64::from(*count)
        );
    }
    for (name, calls) in ["with edits", "without"].iter().zip(&seen.longest) {
        for call in calls {
            let after = log.asked.partition_point(|(block, _)| *block <= call.block);
            let last = &log.asked[after.saturating_sub(3)..after];
            let Call { took, block, cause } = call;
            eprintln!("{name}: {took:?} in block {block}: {cause}; after {last:?}");
        }
    }
    let (faults, longest) = seen.faults;
    eprintln!("{faults} calls in which a program failed, the longest {longest:?}");
    eprintln!("memory grows by {:.2} KiB an edit", log.growth());
    eprintln!("longest calls by the ledger: {:?}", log.causes);
    for (told, count) in &log.told {
        eprintln!("{count:6} x {told}");
    }
    for model in models {
        eprintln!("{}", model.ledger());
    }
}
