//! The shapes of an automation between two of its points. Pure, realtime-safe.

use super::error::Error;
use std::f64::consts::PI;
use std::str::FromStr;

/// How a line goes from one point to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Mode {
    /// Straight.
    #[default]
    Linear,
    /// Half a cosine.
    Cos,
    /// Stays on the first value and jumps.
    Floor,
    /// A cubic through both points that leaves and arrives in the direction of their neighbours.
    Cubic,
    /// `3x² - 2x³`: starts and ends level.
    Smooth,
    /// `6x⁵ - 15x⁴ + 10x³`: starts and ends level and unbent.
    Smoother,
    /// `x` to this power, which is above 0.
    Exp(f64),
}

impl Mode {
    /// The value at `x`, 0..=1 of the way from the second to the third of four neighbouring values. Only a cubic
    /// looks at the outer two; where a line has none it is given the inner ones again.
    pub fn between(self, [before, from, to, after]: [f64; 4], x: f64) -> f64 {
        let travel = match self {
            Mode::Linear => x,
            Mode::Cos => 0.5 - 0.5 * (PI * x).cos(),
            Mode::Floor => return if x < 1.0 { from } else { to },
            Mode::Cubic => return cubic([before, from, to, after], x),
            Mode::Smooth => x * x * (3.0 - 2.0 * x),
            Mode::Smoother => x * x * x * (x * (6.0 * x - 15.0) + 10.0),
            Mode::Exp(power) => x.powf(power),
        };
        from + (to - from) * travel
    }
}

/// Catmull and Rom's spline over points at equal distances.
fn cubic([a, b, c, d]: [f64; 4], x: f64) -> f64 {
    let cube = (3.0 * (b - c) + d - a) / 2.0;
    let square = a - (5.0 * b) / 2.0 + 2.0 * c - d / 2.0;
    let slope = (c - a) / 2.0;
    ((cube * x + square) * x + slope) * x + b
}

impl FromStr for Mode {
    type Err = Error;

    /// Reads `linear`, `cos`, `floor`, `cubic`, `smooth`, `smoother`, `exp(2)`, `expon(2)`, `exp=2`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        Ok(match text {
            "linear" => Mode::Linear,
            "cos" => Mode::Cos,
            "floor" => Mode::Floor,
            "cubic" => Mode::Cubic,
            "smooth" => Mode::Smooth,
            "smoother" => Mode::Smoother,
            _ => Mode::Exp(power(text).ok_or_else(|| Error::UnknownMode(text.to_owned()))?),
        })
    }
}

fn power(text: &str) -> Option<f64> {
    let rest = text
        .strip_prefix("expon")
        .or_else(|| text.strip_prefix("exp"))?
        .trim();
    let inside = rest
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    let number = inside.or_else(|| rest.strip_prefix('='))?;
    let power: f64 = number.trim().parse().ok()?;
    (power.is_finite() && power > 0.0).then_some(power)
}
