//! Lines: what an automation follows, as the caller writes it.

use super::curve::Mode;
use super::error::Error;

/// A point of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Seconds from the start of the line.
    pub time: f64,
    /// What the line is there.
    pub value: f64,
}

#[derive(Clone, Debug, PartialEq)]
enum Data {
    Pairs(Vec<f64>),
    Columns(Vec<f64>, Vec<f64>),
}

/// Breakpoints, the shape between them, and whether the line begins where the control stands. Pure data; it is checked
/// when it is used.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    data: Data,
    mode: Mode,
    overtake: bool,
}

impl Line {
    /// A flat list: `time, value, time, value, ...` in seconds. One of odd length begins with a value at time 0.
    pub fn pairs(pairs: impl Into<Vec<f64>>) -> Self {
        Self {
            data: Data::Pairs(pairs.into()),
            mode: Mode::Linear,
            overtake: false,
        }
    }

    /// Times in seconds and as many values.
    pub fn columns(times: impl Into<Vec<f64>>, values: impl Into<Vec<f64>>) -> Self {
        let data = Data::Columns(times.into(), values.into());
        Self {
            data,
            mode: Mode::Linear,
            overtake: false,
        }
    }

    /// With this shape between points; linear if not said.
    pub fn mode(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    /// Begins with the value the control has then, in place of the first one. A first value of NaN says the same.
    pub fn overtake(self) -> Self {
        Self {
            overtake: true,
            ..self
        }
    }

    /// The shape between points.
    pub fn shape(&self) -> Mode {
        self.mode
    }

    /// Whether the line begins with the value the control has then.
    pub fn overtakes(&self) -> bool {
        self.overtake || self.first_value().is_some_and(f64::is_nan)
    }

    /// The points in order of time. The first value means nothing where the line overtakes.
    ///
    /// # Errors
    /// No point, lists of different length, times that are negative or go back, numbers that are none.
    pub fn points(&self) -> Result<Vec<Point>, Error> {
        let points = self.raw()?;
        if points.is_empty() {
            return Err(Error::BadLine("it has no points"));
        }
        if points
            .iter()
            .any(|point| !point.time.is_finite() || point.time < 0.0)
        {
            return Err(Error::BadLine(
                "its times must be finite numbers of seconds, 0 or more",
            ));
        }
        if points.windows(2).any(|pair| pair[1].time < pair[0].time) {
            return Err(Error::BadLine("its times must not go back"));
        }
        let said = if self.overtakes() {
            &points[1..]
        } else {
            &points[..]
        };
        if said.iter().any(|point| !point.value.is_finite()) {
            return Err(Error::BadLine(
                "its values must be finite; only the first may be NaN",
            ));
        }
        Ok(points)
    }

    fn first_value(&self) -> Option<f64> {
        match &self.data {
            Data::Pairs(pairs) if pairs.len() % 2 == 1 => pairs.first().copied(),
            Data::Pairs(pairs) => pairs.get(1).copied(),
            Data::Columns(_, values) => values.first().copied(),
        }
    }

    fn raw(&self) -> Result<Vec<Point>, Error> {
        let point = |(&time, &value): (&f64, &f64)| Point { time, value };
        match &self.data {
            Data::Columns(times, values) if times.len() != values.len() => {
                Err(Error::BadLine("it has not as many times as values"))
            }
            Data::Columns(times, values) => Ok(times.iter().zip(values).map(point).collect()),
            Data::Pairs(pairs) => {
                let odd = pairs.len() % 2;
                let first = pairs[..odd].iter().map(|&value| Point { time: 0.0, value });
                let rest = pairs[odd..].chunks_exact(2);
                Ok(first
                    .chain(rest.map(|pair| Point {
                        time: pair[0],
                        value: pair[1],
                    }))
                    .collect())
            }
        }
    }
}

impl From<&[f64]> for Line {
    fn from(pairs: &[f64]) -> Self {
        Line::pairs(pairs)
    }
}

impl From<Vec<f64>> for Line {
    fn from(pairs: Vec<f64>) -> Self {
        Line::pairs(pairs)
    }
}

impl<const N: usize> From<[f64; N]> for Line {
    fn from(pairs: [f64; N]) -> Self {
        Line::pairs(pairs)
    }
}

/// The moment of a line, in samples from its begin, whose value a cycle has that starts so many samples after the begin
/// (or before it, if negative). The cycle in which the line begins has its first value; each later one has the value
/// three quarters into it: a body that holds the value for a cycle hears the line a quarter of a cycle early, one that
/// ramps to it (`a(kval)`) a quarter late.
pub fn moment(cycle_start: f64, ksmps: usize) -> f64 {
    if cycle_start > 0.0 {
        cycle_start + 0.75 * ksmps as f64
    } else {
        0.0
    }
}

/// The value of a line at a time in seconds from its start: its first value before its first point, its last one after
/// its last. An empty line is 0.
pub fn value_at(points: &[Point], mode: Mode, time: f64) -> f64 {
    let next = points.partition_point(|point| point.time <= time);
    let at = |index: usize| points[index.min(points.len() - 1)].value;
    match next {
        _ if points.is_empty() => 0.0,
        0 => at(0),
        next if next == points.len() => at(next),
        next => {
            let (from, to) = (points[next - 1], points[next]);
            let around = [
                at(next.saturating_sub(2)),
                from.value,
                to.value,
                at(next + 1),
            ];
            mode.between(around, (time - from.time) / (to.time - from.time))
        }
    }
}
