//! What can be asked of the stand-alone program.

use clap::{Parser, ValueEnum};
use std::path::PathBuf;

/// Plays a document live, with its window, through the computer's own sound and MIDI devices.
#[derive(Debug, Parser)]
#[command(name = "csound-session run", version)]
pub struct Cli {
    /// The document (.toml). Without one, the document that a new plugin has.
    #[arg(value_name = "DOC")]
    pub document: Option<PathBuf>,
    /// Play it in Csound Session, as an instrument, whatever its tags say.
    #[arg(long, conflicts_with = "effect")]
    pub instrument: bool,
    /// Play it in Csound Session FX, as an effect. Documents with the tag "effect" do that anyway.
    #[arg(long)]
    pub effect: bool,
    /// What plays: auto takes JACK if its server runs, else ALSA, else nothing that is heard.
    #[arg(long, value_enum, default_value_t = Backend::Auto)]
    pub backend: Backend,
    /// Sample rate in Hz. JACK has its own.
    #[arg(long, value_name = "HZ", default_value_t = 48_000)]
    pub sr: u32,
    /// Samples in a block. JACK has its own.
    #[arg(long, value_name = "N", default_value_t = 512)]
    pub block: u32,
    /// Device that an effect hears. A name that does not exist has all of them listed. Not for JACK.
    #[arg(long, value_name = "NAME")]
    pub input_device: Option<String>,
    /// Device that plays. Not for JACK.
    #[arg(long, value_name = "NAME")]
    pub output_device: Option<String>,
    /// MIDI device that is listened to. Not for JACK.
    #[arg(long, value_name = "NAME")]
    pub midi_input: Option<String>,
    /// MIDI device that notes go out to. Not for JACK.
    #[arg(long, value_name = "NAME")]
    pub midi_output: Option<String>,
    /// Beats a minute.
    #[arg(long, value_name = "BPM", default_value_t = 120.0)]
    pub tempo: f32,
}

/// What plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    /// The first of the others that works.
    Auto,
    /// A JACK server, or PipeWire's.
    Jack,
    /// The sound card.
    #[cfg(target_os = "linux")]
    Alsa,
    /// The sound card.
    #[cfg(target_os = "macos")]
    CoreAudio,
    /// The sound card.
    #[cfg(target_os = "windows")]
    Wasapi,
    /// Nothing: blocks come in time, and nobody hears them.
    Dummy,
}

impl Cli {
    /// As nice-plug's own program for plugins takes them.
    pub fn for_backend(&self) -> Vec<String> {
        let backend = self.backend.to_possible_value();
        let backend = backend.map_or(String::new(), |value| value.get_name().to_owned());
        let mut all = vec!["csound-session run".to_owned()];
        let mut add = |name: &str, value: String| all.push(format!("--{name}={value}"));
        add("backend", backend);
        add("sample-rate", self.sr.to_string());
        add("period-size", self.block.to_string());
        add("tempo", self.tempo.to_string());
        let devices = [
            ("input-device", &self.input_device),
            ("output-device", &self.output_device),
            ("midi-input", &self.midi_input),
            ("midi-output", &self.midi_output),
        ];
        for (name, device) in devices {
            if let Some(device) = device {
                add(name, device.clone());
            }
        }
        all
    }
}
