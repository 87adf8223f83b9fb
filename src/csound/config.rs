//! What an instance is created with.

use std::ffi::CString;

/// Everything a [`Csound`](super::Csound) is created with. Options of Csound cannot be given as text: an unknown one
/// ends the process.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// In Hz, above 0.
    pub sample_rate: f64,
    /// Samples in a cycle, 1 or more.
    pub ksmps: u32,
    /// Output channels (nchnls), 1 or more.
    pub outputs: u32,
    /// Input channels (nchnls_i), 1 or more.
    pub inputs: u32,
    /// Tuning of A4 in Hz.
    pub a4: f64,
    /// How much Csound says.
    pub messages: Messages,
}

/// How much Csound says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Messages {
    /// Errors only: for instances that play.
    Quiet,
    /// Errors and warnings: for checking a text.
    Full,
}

impl Config {
    /// The lines an orchestra compiled with this configuration must begin with, newline included.
    pub fn header(&self) -> String {
        let kr = control_rate(self.sample_rate, self.ksmps);
        format!(
            "sr={}\n{kr}ksmps={}\nnchnls={}\nnchnls_i={}\n0dbfs=1\nA4={}\n",
            self.sample_rate, self.ksmps, self.outputs, self.inputs, self.a4
        )
    }

    /// What is wrong with it, if anything.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let positive = |value: f64| value.is_finite() && value > 0.0;
        if !positive(self.sample_rate) {
            Some("the sample rate must be above 0 Hz")
        } else if !positive(self.a4) {
            Some("the tuning of A4 must be above 0 Hz")
        } else if !(1..=MAX_KSMPS).contains(&self.ksmps) {
            Some("ksmps must be between 1 and 65536")
        } else if !(1..=MAX_CHANNELS).contains(&self.outputs) {
            Some("the number of outputs must be between 1 and 256")
        } else if !(1..=MAX_CHANNELS).contains(&self.inputs) {
            Some("the number of inputs must be between 1 and 256")
        } else {
            None
        }
    }

    /// The closed list of options that ever reaches Csound.
    pub(super) fn options(&self) -> Vec<CString> {
        let level = match self.messages {
            Messages::Quiet => "-m0",
            Messages::Full => "-m4",
        };
        // -b makes csoundPerformBuffer perform exactly one cycle.
        let buffer = format!("-b{}", self.ksmps);
        ["-n", "-d", "--sample-accurate", level, &buffer]
            .into_iter()
            .filter_map(|option| CString::new(option).ok())
            .collect()
    }
}

impl Default for Config {
    /// 48 kHz, cycles of 32 samples, stereo in and out, A4 at 440 Hz, errors only.
    fn default() -> Self {
        Config {
            sample_rate: 48_000.0,
            ksmps: 32,
            outputs: 2,
            inputs: 2,
            a4: 440.0,
            messages: Messages::Quiet,
        }
    }
}

/// The line of a header that declares the control rate, where Csound must not work it out itself; else nothing.
///
/// Csound 6.18 finds the last cycle of a synth by comparing `N / kr` with the end of a cycle. Where its own kr is rounded
/// up (48000 / 31), the cycle before counts as the last one too, and a synth that starts in it copies a negative number
/// of samples, which ends the process. The next lower number is right.
pub fn control_rate(sample_rate: f64, ksmps: u32) -> String {
    let rounded = sample_rate / f64::from(ksmps);
    // Exact, since a fused product is rounded once.
    let is_above = rounded.mul_add(f64::from(ksmps), -sample_rate) > 0.0;
    if is_above {
        format!("kr = {}\n", rounded.next_down())
    } else {
        String::new()
    }
}

const MAX_KSMPS: u32 = 65_536;
const MAX_CHANNELS: u32 = 256;
