//! Control channels that the code names, so that a program begins with what stood in them in the one before.
//!
//! Csound makes a channel of the kind that is asked for first. So only names count that the text uses as control
//! channels and as nothing else; a name that is put together while the code runs is not found.

use super::Program;
use crate::csound::{Channel, Csound};
use crate::session::instr::Instr;
use crate::session::name::NameId;
use crate::session::orchestra::OrchestraSpec;
use std::collections::BTreeMap;

/// The channels of one program.
pub(super) struct Channels(Vec<(NameId, Channel)>);

impl Channels {
    /// Finds the channels. Allocates inside Csound.
    pub(super) fn new(csound: &mut Csound, spec: &OrchestraSpec) -> Self {
        let names = control_channels(spec).into_iter();
        let found =
            names.filter_map(|name| Some((NameId::of(&name), csound.control_channel(&name)?)));
        Self(found.collect())
    }
}

impl Program {
    /// Takes over what stands in the control channels of an older program. Realtime-safe.
    pub(crate) fn take_channels(&mut self, older: &Program) {
        for (name, channel) in &self.channels.0 {
            if let Some((_, known)) = older.channels.0.iter().find(|(own, _)| own == name) {
                let value = older.csound.channel_value(known);
                self.csound.set_channel(channel, value);
            }
        }
    }
}

/// The names that are control channels wherever they stand in the code.
fn control_channels(spec: &OrchestraSpec) -> Vec<String> {
    let bodies = spec.instrs.iter().map(Instr::code);
    let mut kinds: BTreeMap<&str, bool> = BTreeMap::new();
    for line in bodies.chain(spec.definitions()).flat_map(str::lines) {
        for (name, is_control) in channels_of(line) {
            *kinds.entry(name).or_insert(true) &= is_control;
        }
    }
    let of_control = kinds
        .into_iter()
        .filter(|(name, control)| *control && !name.starts_with('.'));
    of_control.map(|(name, _)| name.to_owned()).collect()
}

/// The names of channels in a line, and whether each is used as a control channel.
fn channels_of(line: &str) -> Vec<(&str, bool)> {
    let code = line.split(';').next().unwrap_or_default();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("chn") {
        let (before, rest) = code.split_at(at);
        let word_end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        let (word, rest) = rest.split_at(word_end.unwrap_or(rest.len()));
        let mut quoted = rest.split('"');
        let (Some(between), Some(name)) = (quoted.next(), quoted.next()) else {
            continue;
        };
        let of_control = match word {
            "chn_k" => true,
            "chnget" => match between.strip_prefix(':') {
                Some(rate) => rate.starts_with(['k', 'i']),
                None => is_control(before.split('=').next().unwrap_or_default()),
            },
            "chnset" => is_control(between.trim_start_matches(['(', ' ', '\t'])),
            _ => false,
        };
        found.push((name, of_control));
    }
    found
}

/// Whether an expression, judged by its first name, has a control value.
fn is_control(expression: &str) -> bool {
    let first = expression.trim().trim_start_matches('g');
    first.starts_with(|c: char| matches!(c, 'k' | 'i' | 'p' | '-' | '.') || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_that_are_control_channels_everywhere() {
        let body = "kx chnget \"level\"\nchnset kx * 2, \"out\"\nchnset(0.5, \"half\")\nky = chnget:k(\"fast\")\n\
                    asig chnget \"audio\"\nSname chnget \"text\"\nchnset asig, \"both\"\nkz chnget \"both\"\n\
                    gkmore chnget \"more\"\nchnmix asig, \"mix\"\nkt chnget \".beat\" ; k1 chnget \"comment\"";
        let spec = OrchestraSpec {
            instrs: vec![Instr::new("x", body).unwrap()],
            init: "chn_k \"declared\", 3".to_owned(),
            ..OrchestraSpec::default()
        };
        let expected = ["declared", "fast", "half", "level", "more", "out"];
        assert_eq!(control_channels(&spec), expected);
    }
}
