//! Whatever a file says, its reader answers: no panic, no waiting, no memory beyond measure.
//!
//! Each reader gets the files of this repository, spoilt at random: some hundred of them here, for minutes by
//! `cargo xtask fuzz MINUTES`. What was found once stands in `tests/fuzz/` and is read first.

use super::fuzz_kit::{files, spoilt};
use super::plugin_kit::{SINE, instrument, state};
use csound_session::document::import::import;
use csound_session::document::{Document, Implied, irreproducible, refused};
use csound_session::render::midi::MidiPiece;
use csound_session::render::problem::SourceText;
use csound_session::render::score::Score;
use csound_session::session::instr::Instr;
use csound_session::session::orchestra;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use test_hosts::Random;

/// How many inputs a reader gets if nobody asks for minutes.
const FEW: usize = 300;
/// Nothing that is this long takes so long, even unoptimised and on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// What reading one input may leave of the peak of the memory, in bytes.
const MEMORY: u64 = 1 << 30;

/// Feeds a reader with its corpus, spoilt.
fn feed(name: &str, corpus: Vec<Vec<u8>>, read: impl Fn(&[u8])) {
    assert!(corpus.len() > 1, "{name} has a corpus");
    let before = peak_bytes();
    for found in files(&[&format!("tests/fuzz/{name}")], &[""]) {
        give(name, &found, &read);
    }
    corpus.iter().for_each(|whole| give(name, whole, &read));
    let (time, seed) = asked();
    let (start, mut random, mut count) = (Instant::now(), Random(seed), 0);
    while time.map_or(count < FEW, |time| start.elapsed() < time) {
        give(name, &spoilt(&corpus, &mut random), &read);
        count += 1;
    }
    let grown = peak_bytes().saturating_sub(before);
    assert!(grown < MEMORY, "{name}: {grown} bytes");
    if time.is_some() {
        eprintln!(
            "{name}: {count} inputs from seed {seed}, {} MiB at most",
            grown >> 20
        );
    }
}

/// How long, if somebody asks, and where chance begins.
fn asked() -> (Option<Duration>, u64) {
    let number = |name| {
        std::env::var(name)
            .ok()
            .and_then(|asked| asked.parse::<f64>().ok())
    };
    let time = number("CSOUND_SESSION_FUZZ").map(Duration::from_secs_f64);
    (time, number("CSOUND_SESSION_SEED").unwrap_or(1.0) as u64)
}

/// Gives one input. What it does not survive is kept; what ends the whole process is the last one written.
fn give(name: &str, input: &[u8], read: impl Fn(&[u8])) {
    let kept = asked().0.map(|_| keep(name, "last", input));
    let start = Instant::now();
    let read = catch_unwind(AssertUnwindSafe(|| read(input)));
    let took = start.elapsed();
    if read.is_err() || took > PATIENCE {
        let path = kept.unwrap_or_else(|| keep(name, "found", input));
        panic!(
            "{name}: {took:?}, panicked: {}; see {}",
            read.is_err(),
            path.display()
        );
    }
}

fn keep(name: &str, what: &str, input: &[u8]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(format!("fuzz-{name}-{what}"));
    std::fs::write(&path, input).expect("the target folder can be written");
    path
}

/// The most memory that this process has had.
fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or(0) << 10
}

/// All that is done with a document before a child tries it out, and what is written of it is read again.
fn judge(document: &Document) {
    refused(document);
    irreproducible(document);
    let written = document.to_state();
    let again = Document::from_state(&written).expect("a state that was written is read");
    assert_eq!(again.to_state(), written, "and written again alike");
    if let Ok(specification) = document.specification(48_000.0, &[], Implied::Yes) {
        let _ = orchestra::write(&specification.program.complete_orchestra());
    }
}

fn documents() -> Vec<Vec<u8>> {
    let folders = ["instruments", "instruments/examples", "tests/conformance"];
    let all = files(&folders, &[".toml"]);
    // Scores are no documents, but their keys are worth a try.
    all.into_iter().chain([SINE.as_bytes().to_vec()]).collect()
}

#[test]
fn documents_are_read_or_refused() {
    feed("document", documents(), |bytes| {
        let text = String::from_utf8_lossy(bytes);
        match Document::read(&text, "fuzz.toml") {
            Ok(document) => {
                judge(&document);
                let written = document.to_toml();
                let again = Document::read(&written, "again.toml");
                assert!(again.is_ok(), "{again:?}\n{written}");
            }
            Err(told) => assert!(!told.is_empty(), "a reason"),
        }
    });
}

#[test]
fn states_are_read_or_refused() {
    let texts = documents().into_iter().filter_map(|bytes| {
        let text = String::from_utf8(bytes).ok()?;
        Some(
            Document::read(&text, "a.toml")
                .ok()?
                .to_state()
                .into_bytes(),
        )
    });
    let corpus = texts.chain(files(&["tests/states"], &[".json"])).collect();
    feed("state", corpus, |bytes| {
        if let Ok(document) = Document::from_state(&String::from_utf8_lossy(bytes)) {
            judge(&document);
        }
    });
}

/// What a host hands over: nice-plug's state, packed and plain, with sound files behind it.
#[test]
fn projects_are_loaded_or_refused() {
    let plain = state(SINE);
    let packed = {
        let mut plugin = instrument();
        plugin.load(&plain).expect("it loads");
        plugin.save().expect("it saves")
    };
    let filed = [
        &plain[..],
        &[b'0'; 64],
        &5_u64.to_le_bytes(),
        b"soundfile",
        &77_u64.to_le_bytes(),
        b"csfiles1",
    ]
    .concat();
    feed("project", vec![plain, packed, filed], |bytes| {
        let _ = instrument().load(bytes);
    });
}

#[test]
fn scores_are_read_or_refused() {
    let corpus = files(&["instruments", "tests/conformance"], &[".score.toml"]);
    feed("score", corpus, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let _ = Score::parse(SourceText::new("fuzz.score.toml", text));
    });
}

#[test]
fn arguments_are_read_or_refused() {
    let bodies = documents().into_iter().filter_map(|bytes| {
        let document = Document::read(std::str::from_utf8(&bytes).ok()?, "a.toml").ok()?;
        Some(
            document
                .instr
                .into_iter()
                .map(|instr| instr.body.into_bytes()),
        )
    });
    feed("arguments", bodies.flatten().collect(), |bytes| {
        if let Ok(instr) = Instr::new("fuzz", &String::from_utf8_lossy(bytes)) {
            for arg in instr.args() {
                for position in [0.0, 0.3, 1.0, f64::NAN, f64::INFINITY] {
                    arg.to_normalized(arg.from_normalized(position));
                }
            }
        }
    });
}

#[test]
fn midi_files_are_read_or_refused() {
    feed("midi", midi_files(), |bytes| {
        if let Ok(piece) = MidiPiece::parse(bytes, 48_000) {
            assert!(piece.commands.iter().all(|timed| timed.at <= piece.end));
        }
    });
}

/// Two songs: one by tempo, with two tracks, and one by SMPTE time.
fn midi_files() -> Vec<Vec<u8>> {
    let file = |division: [u8; 2], tracks: &[&[u8]]| {
        let format = u8::from(tracks.len() > 1);
        let mut bytes = b"MThd\0\0\0\x06\0".to_vec();
        bytes.extend([format, 0, tracks.len() as u8]);
        bytes.extend(division);
        for track in tracks {
            bytes.extend(b"MTrk");
            bytes.extend((track.len() as u32).to_be_bytes());
            bytes.extend(*track);
        }
        bytes
    };
    let tempo = b"\0\xff\x51\x03\x07\xa1\x20\0\xff\x58\x04\x04\x02\x18\x08\x83\x60\xff\x51\x03\x05\x16\x15\0\xff\x2f\0";
    let notes = b"\0\x90\x3c\x40\x60\x40\x40\x60\x3c\0\0\x40\0\0\xb0\x40\x7f\0\xe0\0\x50\0\xd0\x30\0\xa0\x3c\x10\0\xff\x2f\0";
    vec![
        file([0x01, 0xe0], &[tempo, notes]),
        file([0xe7, 0x28], &[notes]),
        file([0, 96], &[notes, tempo, notes]),
    ]
}

#[test]
fn csds_are_imported_whatever_they_say() {
    feed("csd", files(&["tests/import"], &[".csd"]), |bytes| {
        let imported = import(&String::from_utf8_lossy(bytes), "fuzz");
        judge(&imported.document);
        if !imported.document.instr.is_empty() {
            let written = imported.document.to_toml();
            let read = Document::read(&written, "fuzz.toml");
            assert!(read.is_ok(), "{read:?}\n{written}");
        }
    });
}
