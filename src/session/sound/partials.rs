//! How partials are played: sounds as oscillators, whose frequencies, amplitudes and bandwidths stand in rows.

use super::source::Source;
use super::within;
use crate::session::error::Error;
use crate::session::sched::Sched;
use crate::session::table::{NewTable, Table};

/// Cells before the first row: where the rows begin, how many there are, how many values each has.
const HEADER: usize = 3;
/// The most partials that are played.
const MOST: usize = 1024;
/// Seconds that the fade at the end takes.
const FADE: f64 = 0.02;
/// Times that differ by less than this part of a step are even: those of files are rounded.
const UNEVEN: f64 = 0.1;

/// Where partials come from: a table with three cells before its rows, which say where they begin, how many there are
/// and how many values each has; a `.mtx` file, which is a sound file with the cells of such a table; or rows at even
/// times, each a time in seconds, and for each partial its frequency in Hz, amplitude and bandwidth (0 to 1).
pub type PartialsSource = Source<Vec<Vec<f64>>>;

impl From<Vec<Vec<f64>>> for PartialsSource {
    fn from(rows: Vec<Vec<f64>>) -> Self {
        Self::Data(rows)
    }
}

/// How partials are played: all of them, once, on channel 1, if nothing else is said. While they sound, what is marked
/// with the name of an argument can be set and automated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlayPartials {
    selection: (f64, f64),
    chan: u32,
    position: f64,
    gaussian: bool,
    interpolate_frequency: bool,
    interpolate_oscillator: bool,
    speed: f64,
    loops: bool,
    frequencies: (f64, f64),
    frequency: (f64, f64),
    bandwidths: (f64, f64),
    bandwidth_scale: f64,
    least_amplitude: f64,
    gain: f64,
}

impl Default for PlayPartials {
    fn default() -> Self {
        Self {
            selection: (0.0, 0.0),
            chan: 1,
            position: 0.0,
            gaussian: false,
            interpolate_frequency: true,
            interpolate_oscillator: true,
            speed: 1.0,
            loops: false,
            frequencies: (0.0, 0.0),
            frequency: (1.0, 0.0),
            bandwidths: (0.0, 1.0),
            bandwidth_scale: 1.0,
            least_amplitude: 0.0,
            gain: 1.0,
        }
    }
}

impl PlayPartials {
    /// Only what lies between two times in seconds; a stop of 0 means the end.
    pub fn select(self, start: f64, stop: f64) -> Self {
        Self {
            selection: (start, stop),
            ..self
        }
    }

    /// The output channel, counted from 1.
    pub fn chan(self, chan: u32) -> Self {
        Self { chan, ..self }
    }

    /// Its place between the channel (0) and the next one (1), with constant power; 0 uses the one channel only.
    pub fn position(self, position: f64) -> Self {
        Self { position, ..self }
    }

    /// Gaussian noise in partials with a bandwidth, instead of evenly spread one.
    pub fn gaussian(self) -> Self {
        Self {
            gaussian: true,
            ..self
        }
    }

    /// Frequencies that stand still within a cycle.
    pub fn stepped_frequency(self) -> Self {
        Self {
            interpolate_frequency: false,
            ..self
        }
    }

    /// Oscillators that read their sine without interpolation.
    pub fn plain_oscillators(self) -> Self {
        Self {
            interpolate_oscillator: false,
            ..self
        }
    }

    /// Speed (`kspeed`); the pitch stays.
    pub fn speed(self, speed: f64) -> Self {
        Self { speed, ..self }
    }

    /// Starts again at the end of the selection (`kloop`).
    pub fn loops(self) -> Self {
        Self {
            loops: true,
            ..self
        }
    }

    /// Plays only partials whose frequency, scaled and offset, lies between these, in Hz (`kminfreq`, `kmaxfreq`); a
    /// highest one of 0 means no limit.
    pub fn frequencies(self, lowest: f64, highest: f64) -> Self {
        Self {
            frequencies: (lowest, highest),
            ..self
        }
    }

    /// Multiplies all frequencies (`kfreqscale`).
    pub fn freq_scale(self, scale: f64) -> Self {
        Self {
            frequency: (scale, self.frequency.1),
            ..self
        }
    }

    /// Adds to all frequencies, in Hz (`kfreqoffset`).
    pub fn freq_offset(self, hertz: f64) -> Self {
        Self {
            frequency: (self.frequency.0, hertz),
            ..self
        }
    }

    /// Plays only what has a bandwidth between these (`kminbw`, `kmaxbw`).
    pub fn bandwidths(self, lowest: f64, highest: f64) -> Self {
        Self {
            bandwidths: (lowest, highest),
            ..self
        }
    }

    /// Multiplies all bandwidths (`kbwscale`).
    pub fn bw_scale(self, scale: f64) -> Self {
        Self {
            bandwidth_scale: scale,
            ..self
        }
    }

    /// Plays only what has at least this amplitude (`kminamp`).
    pub fn min_amp(self, amplitude: f64) -> Self {
        Self {
            least_amplitude: amplitude,
            ..self
        }
    }

    /// What all is multiplied with (`kgain`).
    pub fn gain(self, gain: f64) -> Self {
        Self { gain, ..self }
    }

    /// The schedule of a synth that plays a table.
    pub(in crate::session) fn sched(&self, sched: Sched, table: &Table) -> Result<Sched, Error> {
        let length = duration(&table.data()?)?;
        let (start, stop) = self.selection;
        let start = within("start", start, 0.0..=length)?;
        let stop = within("stop", stop, 0.0..=1e9)?;
        let speed = within("speed", self.speed, 0.0..=1e6)?;
        let end = if stop > 0.0 { stop.min(length) } else { length };
        let sched = match sched.has_dur() || self.loops || speed == 0.0 {
            true => sched,
            false => sched.dur((end - start).max(0.0) / speed + FADE),
        };
        let flag = |flag: bool| f64::from(u8::from(flag));
        let number = |what, value| within(what, value, -1e9..=1e9);
        let arguments = [
            ("istart", start),
            ("istop", stop),
            ("ichan", within("chan", f64::from(self.chan), 1.0..=1000.0)?),
            ("iposition", within("position", self.position, 0.0..=1.0)?),
            ("igaussian", flag(self.gaussian)),
            ("iinterpfreq", flag(self.interpolate_frequency)),
            ("iinterposcil", flag(self.interpolate_oscillator)),
            ("kspeed", speed),
            ("kloop", flag(self.loops)),
            (
                "kminfreq",
                number("the lowest frequency", self.frequencies.0)?,
            ),
            (
                "kmaxfreq",
                number("the highest frequency", self.frequencies.1)?,
            ),
            (
                "kfreqscale",
                number("the frequency scale", self.frequency.0)?,
            ),
            (
                "kfreqoffset",
                number("the frequency offset", self.frequency.1)?,
            ),
            ("kminbw", number("the lowest bandwidth", self.bandwidths.0)?),
            (
                "kmaxbw",
                number("the highest bandwidth", self.bandwidths.1)?,
            ),
            (
                "kbwscale",
                number("the bandwidth scale", self.bandwidth_scale)?,
            ),
            (
                "kminamp",
                number("the least amplitude", self.least_amplitude)?,
            ),
            ("kgain", number("gain", self.gain)?),
        ];
        Ok(sched.with_first("itab", table, arguments))
    }
}

/// A table of rows.
pub(in crate::session) fn packed(rows: &[Vec<f64>]) -> Result<NewTable, Error> {
    let columns = rows
        .first()
        .map(Vec::len)
        .ok_or(Error::BadPartials("there are no rows"))?;
    if rows.iter().any(|row| row.len() != columns) {
        return Err(Error::BadPartials("its rows differ in length"));
    }
    let header = [HEADER, rows.len(), columns].map(|count| count as f64);
    let cells: Vec<f64> = header.into_iter().chain(rows.concat()).collect();
    duration(&cells)?;
    Ok(NewTable::data(cells))
}

/// How long the partials of a table are, in seconds, if it is one of partials.
fn duration(cells: &[f64]) -> Result<f64, Error> {
    let [skip, count, columns, ..] = *cells else {
        return Err(Error::BadPartials("it has no header"));
    };
    let (skip, count, columns) = (skip as usize, count as usize, columns as usize);
    let fits = skip >= HEADER && columns > 0 && count <= cells.len() / columns;
    if !fits || skip.saturating_add(count * columns) > cells.len() {
        return Err(Error::BadPartials("its header does not fit its size"));
    }
    let rows: Vec<&[f64]> = cells[skip..].chunks_exact(columns).take(count).collect();
    if rows.len() < 3 || columns < 4 || columns % 3 != 1 {
        return Err(Error::BadPartials(
            "it takes at least three rows, each of a time and three values for each partial",
        ));
    }
    if (columns - 1) / 3 > MOST {
        return Err(Error::BadPartials("there are more than 1024 partials"));
    }
    if !cells.iter().all(|value| value.is_finite()) {
        return Err(Error::BadPartials("a value is no finite number"));
    }
    let step = rows[1][0] - rows[0][0];
    let even = |pair: &[&[f64]]| (pair[1][0] - pair[0][0] - step).abs() <= step * UNEVEN;
    if step <= 0.0 || !rows.windows(2).all(even) {
        return Err(Error::BadPartials("its rows are not at even, rising times"));
    }
    Ok((count - 2) as f64 * step)
}
