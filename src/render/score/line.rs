//! The lines of a score: points, and the shape between them.

use serde::Deserialize;

use super::values::Seconds;
use crate::session;
use crate::session::curve::Mode;

/// The points of a line: `[time, value, time, value]`, `[value, time, value]` (from time 0), or
/// `[[times], [values]]`. A first value of NaN takes over the current one.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(try_from = "Points")]
pub struct Pairs {
    line: session::Line,
    count: usize,
}

impl Pairs {
    /// How many points there are, 1 at least.
    pub fn count(&self) -> usize {
        self.count
    }

    /// A line through them.
    pub fn line(&self, shape: &Shape, overtake: bool) -> session::Line {
        let line = self.line.clone().mode(shape.0);
        if overtake { line.overtake() } else { line }
    }
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "the points of a line: [time, value, time, value] or [[times], [values]]"
)]
enum Points {
    Flat(Vec<f64>),
    Columns([Vec<f64>; 2]),
}

impl TryFrom<Points> for Pairs {
    type Error = String;

    fn try_from(points: Points) -> Result<Self, String> {
        let line = match points {
            Points::Flat(pairs) => session::Line::pairs(pairs),
            Points::Columns([times, values]) => session::Line::columns(times, values),
        };
        let points = line.points().map_err(|error| error.to_string())?;
        if let Some(last) = points.last() {
            Seconds::try_from(last.time)?;
        }
        let count = points.len();
        Ok(Self { line, count })
    }
}

/// How a line goes from one point to the next; straight if it is not said.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
#[serde(try_from = "String")]
pub struct Shape(Mode);

impl TryFrom<String> for Shape {
    type Error = session::Error;

    fn try_from(text: String) -> Result<Self, session::Error> {
        text.parse().map(Self)
    }
}
