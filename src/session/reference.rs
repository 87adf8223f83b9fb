//! The opcodes that a person can use: those of the installed Csound, and those that every orchestra here has.

pub use crate::csound::OpcodeEntry;

use super::orchestra::PRELUDE;
use crate::csound::{Config, Csound};

/// Every form of every opcode, sorted by name. Starts a Csound for it, which takes some milliseconds; without Csound
/// only the opcodes of this library are known. Not for the audio thread.
pub fn opcodes() -> Vec<OpcodeEntry> {
    let mut all =
        Csound::new(&Config::default()).map_or_else(|_| Vec::new(), |mut csound| csound.opcodes());
    all.extend(
        defined_in(PRELUDE)
            .into_iter()
            .filter(|opcode| !opcode.name.starts_with('_')),
    );
    all.sort_by(|a, b| (&a.name, &a.outputs, &a.inputs).cmp(&(&b.name, &b.outputs, &b.inputs)));
    all.dedup();
    all
}

/// The opcodes that a text defines, in its order. Reads `opcode name, outputs, inputs` and
/// `opcode name(a, b):(type)`; comments and strings are not looked into more than that.
pub fn defined_in(text: &str) -> Vec<OpcodeEntry> {
    text.lines().filter_map(definition).collect()
}

fn definition(line: &str) -> Option<OpcodeEntry> {
    let rest = line.trim_start().strip_prefix("opcode")?;
    if !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let rest = rest.split(';').next().unwrap_or_default();
    let mut parts = rest.split(',').map(str::trim);
    let name = parts.next()?.split('(').next()?.trim();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    let mut types = || {
        let written = parts.next().unwrap_or_default();
        written.trim_matches('0').to_owned()
    };
    Some(OpcodeEntry {
        name: name.to_owned(),
        outputs: types(),
        inputs: types(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_read_line_by_line() {
        let text =
            "opcode wah, a, aki ; a filter\n xin\nendop\n  opcode tell,0,S\nopcodes no, a, a";
        let found: Vec<_> = defined_in(text)
            .into_iter()
            .map(|o| (o.name, o.outputs, o.inputs))
            .collect();
        let expected = [("wah", "a", "aki"), ("tell", "", "S")];
        assert_eq!(
            found,
            expected.map(|(n, o, i)| (n.into(), o.into(), i.into()))
        );
    }

    #[test]
    fn csound_and_this_library_name_their_opcodes() {
        let all = opcodes();
        let named = |name: &str| all.iter().filter(|opcode| opcode.name == name).count();
        assert!(named("oscili") > 0 && named("busin") > 0 && named("hosttempo") > 0);
        assert!(all.is_sorted_by(|a, b| a.name <= b.name));
        assert!(!all.iter().any(|opcode| opcode.name.starts_with('_')));
    }
}
