//! Writing FLAC.

use std::fs::File;
use std::io::{self, BufWriter};

use flac_codec::encode::{FlacSampleWriter, Options};

use super::{Form, Quantizer};

/// A FLAC file in the making.
pub struct FlacSink {
    encoder: FlacSampleWriter<BufWriter<File>>,
    quantizer: Quantizer,
    integers: Vec<i32>,
}

impl FlacSink {
    pub fn new(out: BufWriter<File>, form: Form) -> io::Result<Self> {
        if form.channels > 8 {
            return Err(io::Error::other("a FLAC file has at most 8 channels"));
        }
        let bits = form.encoding.bits();
        let encoder = FlacSampleWriter::new(
            out,
            Options::default(),
            form.sample_rate,
            u32::from(bits),
            form.channels as u8,
            None,
        );
        let encoder = encoder.map_err(io::Error::other)?;
        Ok(Self {
            encoder,
            quantizer: Quantizer::new(bits),
            integers: Vec::new(),
        })
    }

    pub fn write(&mut self, samples: &[f64]) -> io::Result<()> {
        let Self {
            encoder,
            quantizer,
            integers,
        } = self;
        integers.clear();
        integers.extend(samples.iter().map(|&sample| quantizer.integer(sample)));
        encoder.write(integers).map_err(io::Error::other)
    }

    /// Completes the file; the number of clipped samples.
    pub fn finish(self) -> io::Result<u64> {
        self.encoder.finalize().map_err(io::Error::other)?;
        Ok(self.quantizer.clipped)
    }
}
