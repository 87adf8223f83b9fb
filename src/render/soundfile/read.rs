//! Reading a whole sound file.

use std::fs::File;
use std::path::Path;

use symphonia::core::codecs::audio::AudioDecoder;
use symphonia::core::errors::Error as Fault;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;

use crate::render::problem::Problem;

/// A sound in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Sound {
    /// In Hz.
    pub sample_rate: u32,
    /// 1 and up.
    pub channels: usize,
    /// Interleaved; full scale is 1.0.
    pub samples: Vec<f64>,
}

impl Sound {
    /// Its length.
    pub fn frames(&self) -> usize {
        self.samples.len() / self.channels
    }
}

/// Reads a WAV, FLAC or AIFF file of any sample format.
///
/// # Errors
/// The file cannot be read, is of another kind, has no sound or is cut short.
pub fn read(path: &Path) -> Result<Sound, Problem> {
    let file = File::open(path)
        .map_err(|error| Problem::of_file(path, format!("cannot be read: {error}")))?;
    decode(file, path).map_err(|fault| Problem::of_file(path, describe(&fault)))
}

fn describe(fault: &Fault) -> String {
    match fault {
        Fault::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            "is cut short: its header promises more than there is".to_owned()
        }
        fault => format!("is no sound file that can be read (WAV, FLAC, AIFF): {fault}"),
    }
}

fn decode(file: File, path: &Path) -> Result<Sound, Fault> {
    let mut hint = Hint::new();
    if let Some(extension) = path.extension().and_then(|extension| extension.to_str()) {
        hint.with_extension(extension);
    }
    let stream = MediaSourceStream::new(Box::new(file), Default::default());
    let probe = symphonia::default::get_probe();
    let mut format = probe.probe(&hint, stream, Default::default(), Default::default())?;
    let track = format
        .default_track(TrackType::Audio)
        .ok_or(Fault::Unsupported("no sound in it"))?;
    let id = track.id;
    let parameters = track
        .codec_params
        .as_ref()
        .and_then(|parameters| parameters.audio());
    let parameters = parameters.ok_or(Fault::Unsupported("unknown sample format"))?;
    let mut decoder =
        symphonia::default::get_codecs().make_audio_decoder(parameters, &Default::default())?;
    collect(format.as_mut(), decoder.as_mut(), id)
}

fn collect(
    format: &mut dyn FormatReader,
    decoder: &mut dyn AudioDecoder,
    track: u32,
) -> Result<Sound, Fault> {
    let mut sound = Sound {
        sample_rate: 0,
        channels: 0,
        samples: Vec::new(),
    };
    let mut packet_samples = Vec::<f64>::new();
    while let Some(packet) = format.next_packet()? {
        if packet.track_id != track {
            continue;
        }
        let buffer = decoder.decode(&packet)?;
        buffer.copy_to_vec_interleaved(&mut packet_samples);
        sound.sample_rate = buffer.spec().rate();
        sound.channels = buffer.spec().channels().count();
        sound.samples.extend_from_slice(&packet_samples);
    }
    if sound.channels == 0 {
        Err(Fault::Unsupported("no sound in it"))
    } else {
        Ok(sound)
    }
}
