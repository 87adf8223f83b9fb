//! Offline: documents, scores, MIDI files and sounds in, a sound file out, through the same performer
//! as in the plugin.

pub mod blocks;
pub mod input;
pub mod midi;
pub mod problem;
pub mod score;
pub mod soundfile;
pub mod stats;
