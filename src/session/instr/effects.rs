//! Whether playing an instrument can be noticed by others, even if nothing of it is heard.

use super::Instr;
use super::checks;
use super::scan::{Scan, Token, TokenKind};

/// Opcodes that write what outlives their synth, start something, or speak.
const WRITING: [&str; 62] = [
    "chnset",
    "chnseti",
    "chnsetk",
    "chnseta",
    "chnsets",
    "chnmix",
    "chnclear",
    "chnexport",
    "chani",
    "tablew",
    "tablewa",
    "tablewkt",
    "tableiw",
    "tablemix",
    "tablecopy",
    "tablegpw",
    "tabw",
    "tabw_i",
    "tabmorph",
    "ftgen",
    "ftgenonce",
    "ftgentmp",
    "ftfree",
    "ftload",
    "ftloadk",
    "ftconv",
    "copya2ftab",
    "copy2ftab",
    "vincr",
    "clear",
    "zawm",
    "zaw",
    "zkw",
    "zkwm",
    "ziw",
    "ziwm",
    "zacl",
    "zkcl",
    "schedule",
    "schedwhen",
    "schedkwhen",
    "event",
    "event_i",
    "scoreline",
    "scoreline_i",
    "subinstr",
    "turnoff2",
    "turnoff3",
    "noteout",
    "noteout_i",
    "ccout",
    "ccout_i",
    "midiout",
    "outvalue",
    "massign",
    "strset",
    "alwayson",
    "prints",
    "print",
    "printf_i",
    "puts",
    "ampdb_write",
];

/// Opcodes that draw from the random numbers of the whole program.
const RANDOM: [&str; 47] = [
    "pluck",
    "rand",
    "randh",
    "randi",
    "noise",
    "pinker",
    "pinkish",
    "random",
    "randomh",
    "randomi",
    "rnd",
    "rnd31",
    "birnd",
    "gauss",
    "gaussi",
    "gausstrig",
    "linrand",
    "trirand",
    "exprand",
    "exprandi",
    "bexprnd",
    "cauchy",
    "cauchyi",
    "pcauchy",
    "poisson",
    "weibull",
    "betarand",
    "unirand",
    "urandom",
    "urd",
    "duserrnd",
    "cuserrnd",
    "dust",
    "dust2",
    "rspline",
    "jspline",
    "jitter",
    "jitter2",
    "vibrato",
    "fractalnoise",
    "seed",
    "getseed",
    "mixer",
    "grain",
    "grain3",
    "shaker",
    "gendy",
];

impl Instr {
    /// Whether its body uses one of these opcodes, itself or through opcodes that `definitions` define.
    pub fn uses(&self, opcodes: &[&str], definitions: &[&str]) -> bool {
        checks::reaches(&self.code, opcodes, &with(definitions, &self.init))
    }

    /// Whether a silent synth of it could be noticed: it assigns global variables, writes tables or channels, starts
    /// others, or draws from the random numbers, itself or through opcodes that `definitions` define. Says yes when
    /// in doubt.
    pub fn has_side_effects(&self, definitions: &[&str]) -> bool {
        let effects: Vec<&str> = WRITING.iter().chain(&RANDOM).copied().collect();
        let texts = with(definitions, &self.init);
        let global = |text: &&str| assigns_globals(text);
        self.uses(&effects, definitions)
            || assigns_globals(&self.code)
            || texts.iter().any(global) && calls_any(&self.code, &texts)
    }
}

fn with<'a>(definitions: &[&'a str], init: &'a str) -> Vec<&'a str> {
    definitions.iter().copied().chain([init]).collect()
}

/// Whether a statement inside an instrument or opcode begins with a global variable.
fn assigns_globals(text: &str) -> bool {
    let scan = Scan::new(text);
    let mut inside = !text.contains("endop");
    scan.statements().any(|line| {
        inside |= line[0].is_word("opcode");
        let assigns = inside && outputs(line).any(is_global);
        inside &= !line[0].is_word("endop");
        assigns
    })
}

/// The tokens of a statement before its `=` or its opcode: a word that follows another one without a comma.
fn outputs<'a>(line: &'a [Token<'a>]) -> impl Iterator<Item = &'a Token<'a>> {
    let mut behind_word = false;
    line.iter().take_while(move |token| {
        let is_word = token.kind == TokenKind::Word;
        let is_opcode = is_word && behind_word;
        behind_word = is_word;
        match token.kind {
            TokenKind::Word => !is_opcode,
            TokenKind::Symbol => matches!(token.text, "," | "[" | "]"),
            _ => false,
        }
    })
}

fn is_global(token: &Token<'_>) -> bool {
    let global = ["gi", "gk", "ga", "gS", "gf"]
        .iter()
        .any(|prefix| token.text.starts_with(prefix));
    token.kind == TokenKind::Word && global
}

/// Whether code names an opcode that the texts define.
fn calls_any(code: &str, texts: &[&str]) -> bool {
    let defined = |word: &str| {
        texts.iter().any(|text| {
            let scan = Scan::new(text);
            scan.statements().any(|line| {
                line[0].is_word("opcode") && line.get(1).is_some_and(|name| name.text == word)
            })
        })
    };
    Scan::new(code).words().any(|word| defined(word.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has_side_effects(body: &str, definitions: &[&str]) -> bool {
        Instr::new("x", body).unwrap().has_side_effects(definitions)
    }

    #[test]
    fn a_plain_voice_has_none() {
        let body = "|kamp=0.1, ibus|\nasig vco2 kamp, 440\nasig *= linsegr:a(0, 0.1, 1, 0.1, 0)\nbusout ibus, asig\ngain = 2";
        assert!(!has_side_effects(&body.replace("gain = 2", ""), &[]));
    }

    #[test]
    fn globals_tables_and_chance_have_some() {
        for body in [
            "gkcount = gkcount + 1",
            "tablew 1, 0, 1",
            "ix random 0, 1",
            "ga1, a2 pan2 a0, 0.5",
        ] {
            assert!(has_side_effects(body, &[]), "{body}");
        }
        assert!(!has_side_effects("a1 = ga1 * gkgain\nouts a1, a1", &[]));
    }

    #[test]
    fn what_is_read_is_not_written() {
        for body in [
            "kval tab kndx, gi_tab",
            "out a1, ga1",
            "if gkon == 1 then\nendif",
        ] {
            assert!(!has_side_effects(body, &[]), "{body}");
        }
        for body in [
            "kval, gkval fillarray 1, 2",
            "gkval tab kndx, gi_tab",
            "gkall[0] = 1",
        ] {
            assert!(has_side_effects(body, &[]), "{body}");
        }
    }

    #[test]
    fn opcodes_hand_theirs_on() {
        let udo =
            "giwave ftgen 0, 0, 16, 10, 1\nopcode Chance, i, 0\nix random 0, 1\nxout ix\nendop";
        assert!(has_side_effects("ix Chance", &[udo]));
        assert!(!has_side_effects("asig oscili 1, 1", &[udo]));
    }
}
