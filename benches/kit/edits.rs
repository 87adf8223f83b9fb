//! How long an edit takes to be heard.

use crate::clock::median;
use crate::ours::Ours;
use crate::rows::Row;
use csound_session::document::load::prepare_with;
use csound_session::document::preflight::{Preflight, keep_ready, let_go};
use csound_session::document::{Document, Implied};
use csound_session::session::program::Program;
use std::time::{Duration, Instant};

const EDITS: usize = 100;
/// What a person needs at least between two edits.
const PAUSE: Duration = Duration::from_millis(200);

pub fn rows() -> Vec<Row> {
    let mut times: Vec<f64> = {
        let mut stage = Stage::new();
        (0..EDITS).map(|edit| stage.edit(edit)).collect()
    };
    let_go();
    let median = 1000.0 * median(&mut times);
    let slowest = 1000.0 * times[EDITS - 1];
    vec![
        Row::with_bar(
            "edit to sound, one small Instr, preflight included",
            median,
            "ms",
            80.0,
        ),
        Row::free("slowest of 100 edits", slowest, "ms"),
    ]
}

/// A performer that a document is edited under.
pub struct Stage {
    ours: Ours,
    /// Every edit is a new text, so none is known already.
    preflight: Preflight,
}

impl Stage {
    /// With a first document.
    pub fn new() -> Self {
        let document = document(0);
        let preflight = Preflight {
            helper: None,
            cache: None,
        };
        let prepared = prepare_with(&preflight, &document, 48_000.0, &[], Implied::Yes);
        let prepared = prepared.unwrap_or_else(|verdict| panic!("{verdict}"));
        let mut ours = Ours::new(&prepared.specification.program);
        ours.play(10, 64);
        Self { ours, preflight }
    }

    /// Seconds from an edit to the first sample of its code, in blocks of 64 at 48 kHz.
    fn edit(&mut self, number: usize) -> f64 {
        keep_ready();
        std::thread::sleep(PAUSE);
        let start = Instant::now();
        self.swap(number);
        let time = start.elapsed().as_secs_f64() + 64.0 / 48_000.0;
        self.ours.play(50, 64);
        self.ours.session.poll();
        time
    }

    /// Plays the next document, up to the block in which it sounds; frees the one before the last.
    pub fn swap(&mut self, number: usize) {
        let document = document(number + 1);
        let prepared = prepare_with(&self.preflight, &document, 48_000.0, &[], Implied::Yes);
        let prepared = prepared.unwrap_or_else(|verdict| panic!("{verdict}"));
        let program = Program::build(&prepared.specification.program);
        let program = program.unwrap_or_else(|problems| panic!("{problems:?}"));
        self.ours.session.install(program);
        // The latency lies between the cycle that is performed and its first sample.
        self.ours.play(2, 64);
        self.ours.session.poll();
    }
}

/// A small synth, another text each time.
fn document(edit: usize) -> Document {
    let body = format!(
        "|kmidi=60, kcutoff=1200 (20..20000 log Hz)|\nasig vco2 0.2, mtof:k(kmidi)\n\
         asig moogladder asig, kcutoff, 0.{edit}\nasig *= linsegr:a(0, 0.01, 1, 0.1, 0)\nouts asig, asig"
    );
    let instr = serde_json::json!([{ "name": "synth", "body": body }]);
    let text = serde_json::json!({ "version": 1, "name": "Edited", "instr": instr });
    Document::from_state(&text.to_string()).unwrap_or_else(|error| panic!("{error}"))
}
