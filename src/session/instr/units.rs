//! Values as people write them: with units, decibels, kilohertz and the labels of choices.

use super::arg::Arg;

/// The unit words a note may have.
pub(super) const NAMES: [&str; 20] = [
    "Hz",
    "kHz",
    "dB",
    "ms",
    "s",
    "st",
    "ct",
    "%",
    "deg",
    "°",
    "oct",
    "bpm",
    "beats",
    "bars",
    "samples",
    "semitones",
    "cents",
    "V",
    "x",
    "rad",
];

/// Whether a word is a unit.
pub(super) fn is_unit(word: &str) -> bool {
    NAMES.contains(&word)
}

impl Arg {
    /// A value as it is shown: with its unit, or as the label of a choice.
    pub fn format(&self, value: f64) -> String {
        if let Some(label) = self.choice(value) {
            return label.to_owned();
        }
        match self.note.unit.as_str() {
            "" => digits(value),
            "Hz" if value.abs() >= 999.995 => format!("{} kHz", digits(value / 1000.0)),
            "ms" if value.abs() >= 999.995 => format!("{} s", digits(value / 1000.0)),
            "%" if self.is_fraction() => format!("{} %", digits(value * 100.0)),
            unit => format!("{} {unit}", digits(value)),
        }
    }

    /// The value of a text as people type it, like `1.2 kHz`, `-6 dB`, `50 %` or the label of a choice; not clamped.
    /// None if it is no value of this argument.
    pub fn parse(&self, text: &str) -> Option<f64> {
        let text = text.trim();
        let same = |label: &String| label.eq_ignore_ascii_case(text);
        if let Some(index) = self.note.choices.iter().position(same) {
            return Some(index as f64);
        }
        let (number, unit) = split(text)?;
        let value = self.in_own_unit(number, unit)?;
        value.is_finite().then_some(value)
    }

    fn choice(&self, value: f64) -> Option<&str> {
        let last = self.note.choices.len().checked_sub(1)?;
        let index = value.round().clamp(0.0, last as f64);
        // No number shows as the first choice: the cast of it is 0.
        self.note.choices.get(index as usize).map(String::as_str)
    }

    /// Whether percent are meant of 1: `kmix=0.5 (0..1 %)`.
    fn is_fraction(&self) -> bool {
        let range = self.range();
        range.min >= -1.0 && range.max <= 1.0
    }

    fn in_own_unit(&self, number: f64, unit: &str) -> Option<f64> {
        let own = canonical(&self.note.unit);
        let percent = if self.is_fraction() {
            number / 100.0
        } else {
            number
        };
        match (own, canonical(unit)) {
            ("%", "%" | "") => Some(percent),
            (own, unit) if own == unit || unit.is_empty() => Some(number),
            ("Hz", "kHz") | ("ms", "s") => Some(number * 1000.0),
            ("kHz", "Hz") | ("s", "ms") => Some(number / 1000.0),
            ("Hz" | "bpm" | "samples", "k") => Some(number * 1000.0),
            ("", "kHz" | "k") => Some(number * 1000.0),
            ("st", "oct") => Some(number * 12.0),
            ("oct", "st") => Some(number / 12.0),
            ("st", "ct") => Some(number / 100.0),
            ("ct", "st") => Some(number * 100.0),
            ("", "dB") => Some(10.0_f64.powf(number / 20.0)),
            ("", "%") => Some(number / 100.0),
            ("", "Hz" | "ms" | "s" | "st" | "ct" | "°" | "bpm" | "x") => Some(number),
            _ => None,
        }
    }
}

/// One spelling for units that are the same, case aside.
fn canonical(unit: &str) -> &str {
    const SPELLINGS: [(&str, &str); 19] = [
        ("hz", "Hz"),
        ("khz", "kHz"),
        ("k", "k"),
        ("db", "dB"),
        ("ms", "ms"),
        ("s", "s"),
        ("sec", "s"),
        ("st", "st"),
        ("semitones", "st"),
        ("ct", "ct"),
        ("cents", "ct"),
        ("cent", "ct"),
        ("deg", "°"),
        ("oct", "oct"),
        ("bpm", "bpm"),
        ("beats", "beats"),
        ("bars", "bars"),
        ("samples", "samples"),
        ("x", "x"),
    ];
    let same = |(spelling, _): &&(&str, &str)| spelling.eq_ignore_ascii_case(unit);
    SPELLINGS
        .iter()
        .find(same)
        .map_or(unit, |(_, canonical)| canonical)
}

fn split(text: &str) -> Option<(f64, &str)> {
    let sign = usize::from(text.starts_with(['-', '+', '−']));
    let sign_bytes = text.chars().take(sign).map(char::len_utf8).sum::<usize>();
    let digits = text[sign_bytes..].trim_start();
    let comma = digits.replacen(',', ".", 1);
    let length = super::scan::number_length(&comma);
    let number: f64 = comma[..length].parse().ok()?;
    let negative = text.starts_with(['-', '−']);
    Some((
        if negative { -number } else { number },
        digits[length..].trim(),
    ))
}

/// Up to five significant digits, without zeros at the end.
fn digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value.is_finite() {
            "0".into()
        } else {
            value.to_string()
        };
    }
    let magnitude = value.abs().log10().floor();
    if !(-5.0..15.0).contains(&magnitude) {
        return format!("{value:.4e}");
    }
    // In -5..15 by the test above.
    let decimals = (4.0 - magnitude).clamp(0.0, 9.0) as usize;
    let text = format!("{value:.decimals$}");
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
