//! The bundled plugins, loaded from outside as a DAW does, and the command line beside them.
//!
//! `cargo xtask test` makes the bundle, copies nothing by hand and runs this; alone it needs two variables:
//! CSOUND_SESSION_BUNDLE (the folder of `cargo xtask bundle`) and CSOUND_SESSION_PYTHON (an interpreter with
//! tests/python/requirements.txt).

#[path = "bundle/bounce.rs"]
mod bounce;
#[path = "bundle/documents.rs"]
mod documents;
#[path = "bundle/library.rs"]
mod library;
#[path = "bundle/place.rs"]
mod place;
#[path = "bundle/playing.rs"]
mod playing;
#[path = "bundle/presets.rs"]
mod presets;
#[path = "bundle/program.rs"]
mod program;
#[path = "bundle/song.rs"]
mod song;
#[path = "bundle/state.rs"]
mod state;
#[path = "bundle/vst3.rs"]
mod vst3;

/// The sample rate of all tests here.
const RATE: f64 = 48_000.0;
/// The plugins, as hosts list them.
const INSTRUMENT: &str = "Csound Session";
const EFFECT: &str = "Csound Session FX";
