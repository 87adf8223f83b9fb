//! Where an argument's values lie, and how they map to the travel of a slider.

use super::arg::{Arg, Curve, Value};

/// The values an argument is expected to take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Lowest value.
    pub min: f64,
    /// Highest value, above the lowest.
    pub max: f64,
    /// How the travel of a slider maps to the values.
    pub curve: Curve,
    /// Distance between two allowed values, where one is declared; choices have 1.
    pub step: Option<f64>,
}

impl Range {
    /// The declared range of an argument, or one guessed from its name and default.
    pub(super) fn of(arg: &Arg) -> Self {
        let note = &arg.note;
        if !note.choices.is_empty() {
            let max = (note.choices.len() - 1).max(1) as f64;
            return Self {
                min: 0.0,
                max,
                curve: Curve::Linear,
                step: Some(1.0),
            };
        }
        let default = match arg.default {
            Value::Number(number) => number,
            Value::Text(_) => 0.0,
        };
        let guess = Self::guess(&arg.name, default);
        let Some((min, max)) = note.range else {
            return Self {
                step: note.step,
                ..guess
            };
        };
        Self {
            min,
            max,
            curve: note.curve,
            step: note.step,
        }
    }

    /// A range for a name and a default of which nothing more is known.
    pub fn guess(name: &str, default: f64) -> Self {
        let name = name.to_lowercase();
        if let Some((min, max, curve)) = by_name(&name, default) {
            return Self {
                min,
                max,
                curve,
                step: None,
            };
        }
        let (min, max) = by_value(default);
        Self {
            min,
            max,
            curve: Curve::Linear,
            step: None,
        }
    }

    /// The distance one nudge of a slider or spin button should move: the declared step, or one that suits the span.
    pub fn nudge(&self) -> f64 {
        self.step.unwrap_or(match self.max - self.min {
            span if span <= 2.0 => 0.001,
            span if span < 10.0 => 0.01,
            span if span < 50.0 => 0.05,
            span if span < 200.0 => 0.1,
            _ => 1.0,
        })
    }

    /// The position of a value, 0 to 1; values outside are clamped, no number counts as the lowest.
    pub fn to_normalized(&self, value: f64) -> f64 {
        if value >= self.max {
            return 1.0;
        }
        if value.is_nan() || value <= self.min {
            return 0.0;
        }
        let linear = (value - self.min) / (self.max - self.min);
        let position = match self.curve {
            Curve::Linear => linear,
            Curve::Log => (value / self.min).ln() / (self.max / self.min).ln(),
            Curve::Exp(power) => linear.powf(power.recip()),
        };
        position.clamp(0.0, 1.0)
    }

    /// The value at a position 0 to 1; exact at both ends, on a step where steps are declared.
    pub fn from_normalized(&self, position: f64) -> f64 {
        if position >= 1.0 {
            return self.max;
        }
        if position.is_nan() || position <= 0.0 {
            return self.min;
        }
        let span = self.max - self.min;
        let value = match self.curve {
            Curve::Linear => self.min + span * position,
            Curve::Log => self.min * (self.max / self.min).powf(position),
            Curve::Exp(power) => self.min + span * position.powf(power),
        };
        self.nearest(value)
    }

    /// The value nearest to this one that a parameter of a host can take: inside the range, on a step where steps are
    /// declared.
    pub fn nearest(&self, value: f64) -> f64 {
        let stepped = match self.step {
            Some(step) => self.min + ((value - self.min) / step).round() * step,
            None => value,
        };
        stepped.clamp(self.min, self.max)
    }
}

fn by_name(name: &str, value: f64) -> Option<(f64, f64, Curve)> {
    let linear = |min, max| Some((min, max, Curve::Linear));
    let has = |part: &str| name.contains(part);
    if (has("freq") || has("cutoff")) && 0.0 < value && value < 12000.0 {
        // A logarithmic travel cannot start at 0; below 20 Hz it starts a decade under the default.
        let floor = if value > 20.0 { 20.0 } else { value / 10.0 };
        return Some((floor, 12000.0, Curve::Log));
    }
    if (has("midi") || has("pitch")) && (0.0..=127.0).contains(&value) {
        return linear(0.0, 127.0);
    }
    let level = ["amp", "gain", "level", "kamp", "kgain", "klevel"].contains(&name);
    if level && (0.0..=2.0).contains(&value) {
        return linear(0.0, 1.5);
    }
    if (has("gain") || has("amp")) && name.ends_with("db") && value <= 0.0 {
        return linear(value.min(-120.0), 6.0);
    }
    if ["pan", "kpan"].contains(&name) && (0.0..=1.0).contains(&value) {
        return linear(0.0, 1.0);
    }
    None
}

fn by_value(value: f64) -> (f64, f64) {
    match value {
        v if -90.0 < v && v < 0.0 => (-100.0, 0.0),
        v if v < 0.0 => (-above(-v), 0.0),
        v => (0.0, above(v)),
    }
}

fn above(value: f64) -> f64 {
    match value {
        v if v <= 1.0 => 2.0,
        v if v < 5.0 => 10.0,
        v if v < 50.0 => 500.0,
        v if v < 100.0 => 1000.0,
        v => (10.0 * v).min(f64::MAX),
    }
}
