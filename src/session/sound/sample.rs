//! How a sample is played.

use super::source::Source;
use super::within;
use crate::session::error::Error;
use crate::session::sched::Sched;
use crate::session::table::{NewTable, Table};

/// Seconds that a fade takes if nothing is said.
const FADE: f64 = 0.02;
/// The longest fade or crossfade in seconds.
const LONGEST: f64 = 3600.0;

/// Where a sample comes from; values are given as a table that is yet to be made.
pub type SampleSource = Source<NewTable>;

impl From<NewTable> for SampleSource {
    fn from(data: NewTable) -> Self {
        Self::Data(data)
    }
}

/// Values of one channel and their sample rate in Hz.
impl From<(Vec<f64>, f64)> for SampleSource {
    fn from((values, sample_rate): (Vec<f64>, f64)) -> Self {
        Self::Data(NewTable::data(values).sample_rate(sample_rate))
    }
}

/// How a sample is played. It sounds at its own pitch, whatever the sample rates are: once, from channel 1 on, in the
/// middle, with fades of 0.02 s, if nothing else is said. While it sounds, `kspeed`, `kgain`, `kpan` and `kchan` can be
/// set and automated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlaySample {
    chan: u32,
    gain: f64,
    speed: f64,
    loops: Loops,
    pan: f64,
    skip: f64,
    fades: (f64, f64),
    crossfade: f64,
    to_end: bool,
}

/// Whether it starts again, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Loops {
    Never,
    All,
    /// What the file says.
    AsInFile,
}

impl Default for PlaySample {
    fn default() -> Self {
        Self {
            chan: 1,
            gain: 1.0,
            speed: 1.0,
            loops: Loops::Never,
            pan: 0.5,
            skip: 0.0,
            fades: (FADE, FADE),
            crossfade: FADE,
            to_end: false,
        }
    }
}

impl PlaySample {
    /// The output channel of its first channel, counted from 1; the others follow. A mono sample sounds on two.
    pub fn chan(self, chan: u32) -> Self {
        Self { chan, ..self }
    }

    /// What it is multiplied with.
    pub fn gain(self, gain: f64) -> Self {
        Self { gain, ..self }
    }

    /// Speed, above 0; the pitch goes with it.
    pub fn speed(self, speed: f64) -> Self {
        Self { speed, ..self }
    }

    /// Starts again at its end, until it is stopped or its length is over.
    pub fn loops(self) -> Self {
        Self {
            loops: Loops::All,
            ..self
        }
    }

    /// Loops what the sound file says, until it is stopped or its length is over: see
    /// [`Table::loop_points`](crate::session::Table::loop_points). It begins at its beginning. What says nothing is
    /// played once.
    pub fn loops_as_in_file(self) -> Self {
        Self {
            loops: Loops::AsInFile,
            ..self
        }
    }

    /// Its place between left (0) and right (1): a mono sample with constant power, a stereo one by its balance, which
    /// 0.5 leaves as it is. More channels have no place. -1 means 0 for mono and 0.5 for stereo.
    pub fn pan(self, pan: f64) -> Self {
        Self { pan, ..self }
    }

    /// Starts so many seconds after its beginning; a loop goes back to the beginning all the same.
    pub fn skip(self, seconds: f64) -> Self {
        Self {
            skip: seconds,
            ..self
        }
    }

    /// Seconds in which it fades in and out; a cycle at the least.
    pub fn fade(self, seconds: f64) -> Self {
        self.fades(seconds, seconds)
    }

    /// Seconds in which it fades in, and those in which it fades out; a cycle at the least.
    pub fn fades(self, fade_in: f64, fade_out: f64) -> Self {
        Self {
            fades: (fade_in, fade_out),
            ..self
        }
    }

    /// Seconds in which the end of each pass of a loop and the beginning of the next overlap; half the loop at most.
    pub fn crossfade(self, seconds: f64) -> Self {
        Self {
            crossfade: seconds,
            ..self
        }
    }

    /// Plays until the sample is over, however slow it is made while it sounds. Without this, and without a length, it
    /// has the length that it takes at the speed it starts with.
    pub fn to_end(self) -> Self {
        Self {
            to_end: true,
            ..self
        }
    }

    /// The schedule of a synth that plays a table.
    pub(in crate::session) fn sched(&self, sched: Sched, table: &Table) -> Result<Sched, Error> {
        let (fade_in, fade_out) = self.fades;
        let rate = table.sample_rate().unwrap_or(0.0);
        let (loops, (from, to)) = self.looped(table, rate);
        let crossfade = if loops { self.crossfade } else { -1.0 };
        let lowest = if loops { 0.0 } else { -1.0 };
        let number = |what, value| within(what, value, -1e9..=1e9);
        let speed = within("speed", self.speed, 1e-6..=1024.0)?;
        let skip = within("skip", self.skip, 0.0..=1e9)?;
        let sched = match loops {
            true => sched,
            false => self.length(sched, table, speed, skip),
        };
        let arguments = [
            ("iloopstart", from),
            ("iloopend", to),
            ("istart", skip),
            ("ifadein", within("fade", fade_in, 0.0..=LONGEST)?),
            ("ifadeout", within("fade", fade_out, 0.0..=LONGEST)?),
            ("ixfade", within("crossfade", crossfade, lowest..=LONGEST)?),
            ("ichannels", f64::from(table.channels())),
            ("isr", rate),
            ("kchan", within("chan", f64::from(self.chan), 1.0..=1000.0)?),
            ("kspeed", speed),
            ("kgain", number("gain", self.gain)?),
            ("kpan", within("pan", self.pan, -1.0..=1.0)?),
        ];
        // What the caller's schedule says of an argument comes later, and wins.
        Ok(sched.with_first("itab", table, arguments))
    }

    /// Whether it loops, and from where to where in seconds; an end of 0 means that of the table.
    fn looped(&self, table: &Table, rate: f64) -> (bool, (f64, f64)) {
        let points = table.loop_points().filter(|_| rate > 0.0);
        match (self.loops, points) {
            (Loops::Never, _) | (Loops::AsInFile, None) => (false, (0.0, 0.0)),
            (Loops::All, _) => (true, (0.0, 0.0)),
            (Loops::AsInFile, Some(points)) => {
                let seconds = |frame: usize| frame as f64 / rate;
                (true, (seconds(points.start), seconds(points.end)))
            }
        }
    }

    fn length(&self, sched: Sched, table: &Table, speed: f64, skip: f64) -> Sched {
        match (sched.has_dur() || self.to_end, table.duration()) {
            (false, Ok(duration)) => sched.dur((duration - skip).max(0.0) / speed + self.fades.1),
            _ => sched,
        }
    }
}
