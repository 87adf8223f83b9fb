//! What an argument is: its name, kind, place, default and the note that describes it.

use super::range::Range;

/// When an argument is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArgKind {
    /// A number fixed when the synth starts (`i...`).
    Init,
    /// A number that can change while the synth sounds (`k...`): it has a cell in the synth's slice.
    Control,
    /// A text fixed when the synth starts (`S...`).
    Text,
}

impl ArgKind {
    /// What an argument is where neither its declaration nor anybody else gives it a value.
    pub(super) fn placeholder(self) -> Value {
        match self {
            ArgKind::Text => Value::Text(String::new()),
            ArgKind::Init | ArgKind::Control => Value::Number(0.0),
        }
    }
}

/// The value of an argument.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// The value of an `i` or `k` argument.
    Number(f64),
    /// The value of an `S` argument.
    Text(String),
}

impl Value {
    /// The number, if this is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Text(_) => None,
        }
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

/// How a control's travel maps to its values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Curve {
    /// Equal steps.
    #[default]
    Linear,
    /// Equal ratios; both ends are above 0.
    Log,
    /// The travel raised to this power (above 0): 2 gives finer steps near the minimum.
    Exp(f64),
}

/// What the parentheses after an argument's default say about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArgNote {
    /// Lowest and highest value.
    pub range: Option<(f64, f64)>,
    /// How the travel of a slider maps to the range.
    pub curve: Curve,
    /// Distance between two allowed values.
    pub step: Option<f64>,
    /// The unit values are shown with; empty for none.
    pub unit: String,
    /// The name people see, if not the argument's own.
    pub label: Option<String>,
    /// Time in milliseconds in which the control follows a jump.
    pub smooth_ms: Option<f64>,
    /// Whether the control is kept from the host's parameters.
    pub internal: bool,
    /// Labels of the values 0, 1, 2, ...; empty if the argument is no choice.
    pub choices: Vec<String>,
}

/// One argument of an instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// Its name with the prefix: `kcutoff`.
    pub name: String,
    /// When it is read.
    pub kind: ArgKind,
    /// Its p-field number, 5 or above.
    pub place: u32,
    /// Its number among the controls, for `k` arguments.
    pub cell: Option<u32>,
    /// Its value where none is given.
    pub default: Value,
    /// Whether a default is declared. Else it is 0 or the empty text, which the code may not be made for.
    pub has_default: bool,
    /// What is said about it.
    pub note: ArgNote,
    /// The line of the body that declares it, counted from 1; 0 if it was declared outside the text.
    pub line: u32,
}

impl Arg {
    /// The range a slider for this argument has: the declared one, or else one guessed from its name and default.
    pub fn range(&self) -> Range {
        Range::of(self)
    }

    /// The name people see: the label, or the name without its prefix.
    pub fn label(&self) -> &str {
        match &self.note.label {
            Some(label) => label,
            None if self.name.len() > 1 => &self.name[1..],
            None => &self.name,
        }
    }

    /// The position of a value in the range, 0 to 1; values outside are clamped.
    pub fn to_normalized(&self, value: f64) -> f64 {
        self.range().to_normalized(value)
    }

    /// The value at a position 0 to 1; exact at both ends, on a step where steps are declared.
    pub fn from_normalized(&self, position: f64) -> f64 {
        self.range().from_normalized(position)
    }
}
