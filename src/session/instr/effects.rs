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
    "ftgen",
    "ftgenonce",
    "ftgentmp",
    "ftfree",
    "ftload",
    "ftloadk",
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
    "schedulek",
    "schedwhen",
    "schedkwhen",
    "event",
    "event_i",
    "scoreline",
    "scoreline_i",
    "subinstr",
    "turnoff2",
    "turnoff2_i",
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

/// Those of them that write while they perform, and nothing before.
const PERFORMING: [&str; 22] = [
    "chnsetk",
    "chnseta",
    "chnmix",
    "chnclear",
    "tablewa",
    "tablewkt",
    "tabw",
    "vincr",
    "clear",
    "zawm",
    "zaw",
    "zkw",
    "zkwm",
    "zacl",
    "zkcl",
    "schedulek",
    "schedkwhen",
    "event",
    "turnoff2",
    "turnoff3",
    "noteout",
    "ccout",
];
/// Those whose first argument decides whether they do.
const BY_ARGUMENT: [&str; 2] = ["chnset", "tablew"];

/// Opcodes that draw from the random numbers of the whole program, which the opcode `seed` sets.
const RANDOM: [&str; 54] = [
    "noise",
    "random",
    "randomh",
    "randomi",
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
    "urd",
    "duserrnd",
    "cuserrnd",
    "dust",
    "dust2",
    "rspline",
    "jspline",
    "jitter",
    "vibrato",
    "grain",
    "granule",
    "partikkel",
    "sndwarp",
    "sndwarpst",
    "gendy",
    "gendyx",
    "gendyc",
    "trandom",
    "shaker",
    "tambourine",
    "guiro",
    "cabasa",
    "sleighbells",
    "crunch",
    "sekere",
    "sandpaper",
    "stix",
    "bamboo",
    "dripwater",
    "wgflute",
    "wgclar",
    "voice",
    "marimba",
    "vibes",
    "seed",
];
/// Those whose numbers go on, whatever `seed` says.
const GOING_ON: [&str; 9] = [
    "pluck", "pinker", "pinkish", "rnd", "birnd", "rnd31", "urandom", "jitter2", "getseed",
];

/// What others could notice of a silent synth. Each one includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Noticed {
    /// Nothing.
    Never,
    /// That it has drawn from the random numbers.
    ByChance,
    /// What it writes or starts while it performs; its init pass does neither.
    ByPlaying,
    /// What its init pass writes or starts, or that it has drawn numbers that cannot begin anew.
    ByStarting,
}

impl Instr {
    /// Whether its body uses one of these opcodes, itself or through opcodes that `definitions` define.
    pub fn uses(&self, opcodes: &[&str], definitions: &[&str]) -> bool {
        checks::reaches(&self.code, opcodes, &with(definitions, &self.init))
    }

    /// Whether it draws from the random numbers of the whole program.
    pub fn draws(&self, definitions: &[&str]) -> bool {
        self.uses(&RANDOM, definitions)
    }

    /// What others could notice of a silent synth of it, itself or through opcodes that `definitions` define: global
    /// variables, tables and channels it writes, synths it starts, random numbers. Says more when in doubt.
    pub fn noticed(&self, definitions: &[&str]) -> Noticed {
        let texts = with(definitions, &self.init);
        let global = |text: &&str| assigns_globals(text);
        let hidden = texts.iter().any(global) && calls_any(&self.code, &texts);
        let writes = self.uses(&WRITING, definitions) || assigns_globals(&self.code) || hidden;
        let scan = Scan::new(&self.code);
        let direct = checks::reaches(&self.code, &WRITING, &[]) || assigns_globals(&self.code);
        let starts = !direct || hidden || scan.statements().any(starts);
        match writes {
            _ if self.uses(&GOING_ON, definitions) => Noticed::ByStarting,
            true if starts || calls_writing(&scan, &texts) => Noticed::ByStarting,
            true => Noticed::ByPlaying,
            false if self.draws(definitions) => Noticed::ByChance,
            false => Noticed::Never,
        }
    }
}

/// Whether an opcode that the texts define, and that writes, is used.
fn calls_writing(scan: &Scan<'_>, texts: &[&str]) -> bool {
    let writes = |word: &&Token<'_>| {
        let known = WRITING.contains(&word.text);
        !known && checks::reaches(word.text, &WRITING, texts)
    };
    scan.words().any(|word| writes(&word))
}

/// Whether the init pass of a statement writes something, or starts it.
fn starts(line: &[Token<'_>]) -> bool {
    let by_opcode = line.iter().enumerate().any(|(at, word)| {
        let argument = line[at + 1..].iter().find(|token| !token.is_symbol("("));
        let moves = argument.is_some_and(|first| {
            first.kind == TokenKind::Word
                && first.text.trim_start_matches('g').starts_with(['k', 'a'])
        });
        match word.text {
            name if BY_ARGUMENT.contains(&name) => !moves,
            name => WRITING.contains(&name) && !PERFORMING.contains(&name),
        }
    });
    let mut globals = outputs(line).filter(|token| is_global(token));
    let at_init = ["init", "fillarray", "genarray", "genarray_i"];
    let is_late = |token: &Token<'_>| token.text.starts_with("gk") || token.text.starts_with("ga");
    let fills = line
        .iter()
        .any(|token| at_init.contains(&token.text) || token.is_symbol("["));
    by_opcode || globals.any(|token| !is_late(token) || fills)
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
        Instr::new("x", body).unwrap().noticed(definitions) != Noticed::Never
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
    fn the_init_pass_is_told_from_the_performance() {
        let noticed =
            |body: &str, definitions: &[&str]| Instr::new("x", body).unwrap().noticed(definitions);
        for body in [
            "ga1 += a1",
            "gkx = 1",
            "chnset kval, \"a\"",
            "chnmix(a1, \"a\")",
            "tabw kval, 3, 1",
            "schedulek \"a\", 0, 1",
        ] {
            assert_eq!(noticed(body, &[]), Noticed::ByPlaying, "{body}");
        }
        for body in [
            "gix = 1",
            "gkx init 0",
            "gkx[] init 4",
            "chnset ival, \"a\"",
            "chnset 1, \"a\"",
            "tabw_i 1, 3, 1",
            "schedule \"a\", 0, 1\nga1 += a1",
            "gkx fillarray 1, 2",
        ] {
            assert_eq!(noticed(body, &[]), Noticed::ByStarting, "{body}");
        }
        let udo = "opcode Send, 0, a\nain xin\nchnmix ain, \"a\"\nendop";
        assert_eq!(noticed("Send a1", &[udo]), Noticed::ByStarting);
        assert_eq!(noticed("a1 noise 1, 0", &[]), Noticed::ByChance);
        assert_eq!(
            noticed("a1 pluck 1, 220, 220, 0, 1", &[]),
            Noticed::ByStarting
        );
        assert_eq!(noticed("a1 ftconv a2, 3, 64", &[]), Noticed::Never);
    }

    #[test]
    fn opcodes_hand_theirs_on() {
        let udo =
            "giwave ftgen 0, 0, 16, 10, 1\nopcode Chance, i, 0\nix random 0, 1\nxout ix\nendop";
        assert!(has_side_effects("ix Chance", &[udo]));
        assert!(!has_side_effects("asig oscili 1, 1", &[udo]));
    }
}
