//! Offline: documents, scores, MIDI files and sounds in, a sound file out, through the same performer
//! as in the plugin.

pub mod midi;
pub mod problem;
pub mod score;
pub mod soundfile;
