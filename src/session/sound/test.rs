//! A test of the output channels.

use super::within;
use crate::session::error::Error;
use crate::session::sched::Sched;

/// What is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TestMode {
    /// Pink noise.
    #[default]
    Noise,
    /// 1000 Hz.
    Sine,
}

/// A sound on one output channel after the other, over and over: pink noise at 0.1 for a second each, for 20 s, if
/// nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TestAudio {
    dur: f64,
    mode: TestMode,
    period: f64,
    gain: f64,
}

impl Default for TestAudio {
    fn default() -> Self {
        Self {
            dur: 20.0,
            mode: TestMode::Noise,
            period: 1.0,
            gain: 0.1,
        }
    }
}

impl TestAudio {
    /// Seconds in all.
    pub fn dur(self, seconds: f64) -> Self {
        Self {
            dur: seconds,
            ..self
        }
    }

    /// What is heard.
    pub fn mode(self, mode: TestMode) -> Self {
        Self { mode, ..self }
    }

    /// Seconds on each channel.
    pub fn period(self, seconds: f64) -> Self {
        Self {
            period: seconds,
            ..self
        }
    }

    /// Its level; `kgain` while it sounds.
    pub fn gain(self, gain: f64) -> Self {
        Self { gain, ..self }
    }

    /// The schedule of a synth that plays it.
    pub(in crate::session) fn sched(&self) -> Result<Sched, Error> {
        let mode = match self.mode {
            TestMode::Noise => 0.0,
            TestMode::Sine => 1.0,
        };
        let period = within("period", self.period, 1e-3..=1e6)?;
        let gain = within("gain", self.gain, -1e3..=1e3)?;
        let sched = Sched::now().dur(self.dur).arg("imode", mode);
        Ok(sched.arg("iperiod", period).arg("kgain", gain))
    }
}
