//! Writing RIFF WAVE.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};

use super::{Encoding, Form, Quantizer};

const PCM: u16 = 1;
const IEEE_FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xfffe;
/// The tail of the subformat GUIDs: the first two bytes are the plain format tag.
const GUID_TAIL: [u8; 14] = [
    0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71,
];

/// Sizes are 32-bit numbers; the header takes some of it.
pub const MOST_BYTES: u64 = u32::MAX as u64 - 256;
pub const TOO_LONG: &str =
    "it is longer than the 4 GB that a WAV file can hold; --dur makes it shorter";

/// A WAV file in the making.
pub struct WavSink {
    out: BufWriter<File>,
    form: Form,
    quantizer: Quantizer,
    data_bytes: u64,
}

impl WavSink {
    pub fn new(mut out: BufWriter<File>, form: Form) -> io::Result<Self> {
        out.write_all(&header(form, 0))?;
        Ok(Self {
            out,
            form,
            quantizer: Quantizer::new(form.encoding.bits()),
            data_bytes: 0,
        })
    }

    pub fn write(&mut self, samples: &[f64]) -> io::Result<()> {
        let bytes = samples.len() as u64 * u64::from(self.form.encoding.bits() / 8);
        self.data_bytes += bytes;
        if self.data_bytes > MOST_BYTES {
            return Err(io::Error::other(TOO_LONG));
        }
        samples
            .iter()
            .try_for_each(|&sample| self.write_sample(sample))
    }

    fn write_sample(&mut self, sample: f64) -> io::Result<()> {
        match self.form.encoding {
            Encoding::Float64 => self.out.write_all(&sample.to_le_bytes()),
            Encoding::Float32 => self.out.write_all(&(sample as f32).to_le_bytes()),
            Encoding::Pcm16 | Encoding::Pcm24 | Encoding::Pcm32 => {
                let width = usize::from(self.form.encoding.bits() / 8);
                self.out
                    .write_all(&self.quantizer.integer(sample).to_le_bytes()[..width])
            }
        }
    }

    /// Completes the file; the number of clipped samples.
    pub fn finish(mut self) -> io::Result<u64> {
        if self.data_bytes % 2 == 1 {
            self.out.write_all(&[0])?;
        }
        self.out.seek(SeekFrom::Start(0))?;
        self.out
            .write_all(&header(self.form, self.data_bytes as u32))?;
        self.out.flush()?;
        Ok(self.quantizer.clipped)
    }
}

/// Everything before the samples. Its length depends on the form alone.
fn header(form: Form, data_bytes: u32) -> Vec<u8> {
    let format = format_chunk(form);
    let fact = if form.encoding.is_float() {
        fact_chunk(form, data_bytes)
    } else {
        Vec::new()
    };
    let riff_bytes = 4 + format.len() as u32 + fact.len() as u32 + 8 + data_bytes + data_bytes % 2;
    let mut header = b"RIFF".to_vec();
    header.extend(riff_bytes.to_le_bytes());
    header.extend(b"WAVE");
    header.extend(format);
    header.extend(fact);
    header.extend(b"data");
    header.extend(data_bytes.to_le_bytes());
    header
}

fn format_chunk(form: Form) -> Vec<u8> {
    let tag = if form.encoding.is_float() {
        IEEE_FLOAT
    } else {
        PCM
    };
    let extensible = form.channels > 2;
    let bits = form.encoding.bits();
    let frame_bytes = bits / 8 * form.channels;
    let mut body = Vec::new();
    body.extend((if extensible { EXTENSIBLE } else { tag }).to_le_bytes());
    body.extend(form.channels.to_le_bytes());
    body.extend(form.sample_rate.to_le_bytes());
    body.extend((form.sample_rate * u32::from(frame_bytes)).to_le_bytes());
    body.extend(frame_bytes.to_le_bytes());
    body.extend(bits.to_le_bytes());
    if extensible {
        body.extend(22_u16.to_le_bytes());
        body.extend(bits.to_le_bytes());
        body.extend(0_u32.to_le_bytes());
        body.extend(tag.to_le_bytes());
        body.extend(GUID_TAIL);
    } else if tag == IEEE_FLOAT {
        body.extend(0_u16.to_le_bytes());
    }
    chunk(b"fmt ", &body)
}

fn fact_chunk(form: Form, data_bytes: u32) -> Vec<u8> {
    let frame_bytes = u32::from(form.encoding.bits() / 8 * form.channels);
    chunk(b"fact", &(data_bytes / frame_bytes).to_le_bytes())
}

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = name.to_vec();
    chunk.extend((body.len() as u32).to_le_bytes());
    chunk.extend(body);
    chunk
}
