//! Sound files of 32-bit floats.

use crate::error::{Error, Result};
use std::path::Path;

/// Audio from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Sound {
    /// Samples a second.
    pub rate: u32,
    /// Samples by channel.
    pub channels: Vec<Vec<f32>>,
}

/// Writes channels of equal length as a WAV file of 32-bit floats.
pub fn write_wav(path: &Path, rate: u32, channels: &[Vec<f32>]) -> Result<()> {
    let failed = |source| Error::Sound {
        path: path.to_owned(),
        source,
    };
    let spec = hound::WavSpec {
        channels: channels.len() as u16,
        sample_rate: rate,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut writer = hound::WavWriter::create(path, spec).map_err(failed)?;
    for frame in 0..channels.first().map_or(0, Vec::len) {
        for channel in channels {
            writer.write_sample(channel[frame]).map_err(failed)?;
        }
    }
    writer.finalize().map_err(failed)
}

/// Reads a WAV file of 32-bit floats.
pub fn read_wav(path: &Path) -> Result<Sound> {
    let failed = |source| Error::Sound {
        path: path.to_owned(),
        source,
    };
    let mut reader = hound::WavReader::open(path).map_err(failed)?;
    let spec = reader.spec();
    let samples: std::result::Result<Vec<f32>, _> = reader.samples::<f32>().collect();
    let samples = samples.map_err(failed)?;
    let count = usize::from(spec.channels);
    let channel = |index| samples.iter().skip(index).step_by(count).copied().collect();
    Ok(Sound {
        rate: spec.sample_rate,
        channels: (0..count).map(channel).collect(),
    })
}
