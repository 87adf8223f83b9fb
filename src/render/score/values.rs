//! The values of a score, each of which refuses what it cannot be.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use toml::Spanned;

/// The longest time that a score may name: a week.
const LONGEST: f64 = 604_800.0;

/// A time in seconds, 0 or later.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, PartialOrd)]
#[serde(try_from = "f64")]
pub struct Seconds(f64);

impl Seconds {
    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Seconds {
    type Error = String;

    fn try_from(value: f64) -> Result<Self, String> {
        match value {
            value if (0.0..=LONGEST).contains(&value) => Ok(Self(value)),
            value if value < 0.0 => Err(format!("a time is 0 or later, not {value}")),
            value => Err(format!(
                "a time is a number of seconds up to {LONGEST}, not {value}"
            )),
        }
    }
}

/// A length in seconds, above 0.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, PartialOrd)]
#[serde(try_from = "f64")]
pub struct Length(f64);

impl Length {
    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Length {
    type Error = String;

    fn try_from(value: f64) -> Result<Self, String> {
        if value > 0.0 && value <= LONGEST {
            return Ok(Self(value));
        }
        Err(format!(
            "a length is above 0 and at most {LONGEST} seconds, not {value}"
        ))
    }
}

/// A number that is neither infinite nor NaN.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, PartialOrd)]
#[serde(try_from = "f64")]
pub struct Finite(f64);

impl Finite {
    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Finite {
    type Error = String;

    fn try_from(value: f64) -> Result<Self, String> {
        if value.is_finite() {
            Ok(Self(value))
        } else {
            Err(format!("{value} is no value"))
        }
    }
}

/// A number of 0..=1.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, PartialOrd)]
#[serde(try_from = "f64")]
pub struct Unit(f64);

impl Unit {
    /// The velocity of a note that gives none.
    pub const MODERATE: Unit = Unit(0.8);

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Unit {
    type Error = String;

    fn try_from(value: f64) -> Result<Self, String> {
        if (0.0..=1.0).contains(&value) {
            Ok(Self(value))
        } else {
            Err(format!("it is 0 to 1, not {value}"))
        }
    }
}

/// A MIDI number of 0..=127.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "i64")]
pub struct Midi7(u8);

impl Midi7 {
    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<i64> for Midi7 {
    type Error = String;

    fn try_from(value: i64) -> Result<Self, String> {
        within(value, 127).map(Self)
    }
}

/// A MIDI channel, 0..=15.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(try_from = "i64")]
pub struct Channel(u8);

impl Channel {
    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<i64> for Channel {
    type Error = String;

    fn try_from(value: i64) -> Result<Self, String> {
        within(value, 15).map(Self)
    }
}

fn within(value: i64, last: u8) -> Result<u8, String> {
    let number = u8::try_from(value).ok().filter(|number| *number <= last);
    number.ok_or_else(|| format!("it is a whole number from 0 to {last}, not {value}"))
}

/// A priority as it is written: 1 and up, or -1 and down from the last one.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "i64")]
pub struct Priority(i32);

impl Priority {
    /// The number as it is written.
    pub fn number(self) -> i32 {
        self.0
    }

    /// The number of the priority among so many, 1 and up; `None` when there are fewer.
    pub fn among(self, priorities: u32) -> Option<u32> {
        let number = match self.0 {
            below @ ..0 => i64::from(priorities) + 1 + i64::from(below),
            number => i64::from(number),
        };
        u32::try_from(number)
            .ok()
            .filter(|number| (1..=priorities).contains(number))
    }
}

impl Default for Priority {
    fn default() -> Self {
        Self(1)
    }
}

impl TryFrom<i64> for Priority {
    type Error = String;

    fn try_from(value: i64) -> Result<Self, String> {
        match i32::try_from(value) {
            Ok(0) | Err(_) => Err(format!(
                "a priority is 1 or more, or -1 or less, not {value}"
            )),
            Ok(value) => Ok(Self(value)),
        }
    }
}

/// The value of an argument.
#[derive(Clone, Debug, PartialEq)]
pub enum ArgValue {
    /// A number.
    Number(f64),
    /// A string; one that starts with `@` names a bus of the document.
    Text(String),
}

impl<'de> Deserialize<'de> for ArgValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ArgVisitor)
    }
}

struct ArgVisitor;

impl Visitor<'_> for ArgVisitor {
    type Value = ArgValue;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a number or a string")
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<ArgValue, E> {
        Ok(ArgValue::Number(value as f64))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<ArgValue, E> {
        Finite::try_from(value)
            .map(|value| ArgValue::Number(value.0))
            .map_err(E::custom)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<ArgValue, E> {
        if value.contains('\0') {
            return Err(E::custom("a text has no zero character in it"));
        }
        Ok(ArgValue::Text(value.to_owned()))
    }
}

/// The arguments of an event: by name (`kamp`, an alias, `p5`), or in the order of their places from p5.
#[derive(Clone, Debug)]
pub enum Args {
    /// `{ name = value }`
    Named(Vec<(Spanned<String>, ArgValue)>),
    /// `[value, value]`
    Placed(Vec<Spanned<ArgValue>>),
}

impl Args {
    /// The values in order.
    pub fn values(&self) -> Vec<&ArgValue> {
        match self {
            Args::Named(named) => named.iter().map(|(_, value)| value).collect(),
            Args::Placed(placed) => placed.iter().map(Spanned::as_ref).collect(),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Args::Named(named) => named.len(),
            Args::Placed(placed) => placed.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Default for Args {
    fn default() -> Self {
        Args::Named(Vec::new())
    }
}

impl<'de> Deserialize<'de> for Args {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ArgsVisitor)
    }
}

struct ArgsVisitor;

impl<'de> Visitor<'de> for ArgsVisitor {
    type Value = Args;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("{ name = value } or [value, value]")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Args, A::Error> {
        let mut named = Vec::new();
        while let Some(entry) = map.next_entry()? {
            named.push(entry);
        }
        Ok(Args::Named(named))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Args, A::Error> {
        let mut placed = Vec::new();
        while let Some(value) = values.next_element()? {
            placed.push(value);
        }
        Ok(Args::Placed(placed))
    }
}

/// New values of controls, by name.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Args")]
pub struct Settings(Vec<(Spanned<String>, ArgValue)>);

impl Settings {
    /// Names and values.
    pub fn named(&self) -> &[(Spanned<String>, ArgValue)] {
        &self.0
    }
}

impl TryFrom<Args> for Settings {
    type Error = &'static str;

    fn try_from(args: Args) -> Result<Self, &'static str> {
        match args {
            Args::Named(named) => Ok(Self(named)),
            Args::Placed(_) => Err("a set names its controls: args = { name = value }"),
        }
    }
}
