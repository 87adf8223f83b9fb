//! What may not stand in a text, and what a text does on a note-off.

use std::collections::{BTreeMap, BTreeSet};

use super::arg::Arg;
use super::cursor::Problem;
use super::scan::{Scan, Token, TokenKind};

/// Problems that any body can have.
pub(super) fn of_body(body: &str, scan: &Scan<'_>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = scan.words().filter_map(refused_in_body).collect();
    problems.extend(unclosed(scan));
    problems.extend(nul(body));
    problems
}

fn refused_in_body(word: &Token<'_>) -> Option<Problem> {
    let (message, help) = match word.text {
        "instr" | "endin" => (
            "a body is what stands between instr and endin, without them",
            "remove the line",
        ),
        "opcode" | "endop" => (
            "a body cannot define an opcode",
            "define it in the init code",
        ),
        "p4" => (
            "p4 is reserved: it tells a synth where its controls are",
            "arguments start at p5",
        ),
        "setksmps" => (
            "setksmps in an instrument corrupts the output of all others",
            "put the part that needs it into an opcode of its own, with setksmps there",
        ),
        _ => return None,
    };
    Some(Problem::at(word, message).with_help(help))
}

/// Problems that global code can have.
pub(crate) fn refused_in_init(text: &str) -> Vec<Problem> {
    let scan = Scan::new(text);
    let mut problems: Vec<Problem> = scan.statements().filter_map(refused_statement).collect();
    problems.extend(unclosed(&scan));
    problems.extend(nul(text));
    problems
}

fn refused_statement(line: &[Token<'_>]) -> Option<Problem> {
    let first = line[0];
    if first.is_word("instr") || first.is_word("endin") {
        let problem = Problem::at(&first, "init code cannot define an instrument");
        return Some(problem.with_help("make it an instrument of the document"));
    }
    let header = ["sr", "kr", "ksmps", "nchnls", "nchnls_i", "0dbfs", "A4"];
    let assigns = line.get(1).is_some_and(|token| token.is_symbol("="));
    if assigns && first.kind == TokenKind::Word && header.contains(&first.text) {
        let problem = Problem::at(&first, format!("{} is set by the session", first.text));
        return Some(problem.with_help("remove the line; settings belong to the document"));
    }
    None
}

/// Whether a body gives p3 another value. Where it stands for a comparison, `p3 = 1` counts too.
pub(super) fn sets_own_length(code: &str) -> bool {
    let scan = Scan::new(code);
    let mut lines = scan.statements();
    lines.any(|line| line[0].is_word("p3") || line.windows(3).any(sets_p3))
}

fn sets_p3(tokens: &[Token<'_>]) -> bool {
    let symbol = |token: &Token<'_>, among: &str| {
        token.kind == TokenKind::Symbol && among.contains(token.text)
    };
    let [name, by, next] = tokens else {
        return false;
    };
    let assigns = by.is_symbol("=") && !next.is_symbol("=")
        || symbol(by, "+-*/") && next.is_symbol("=")
        || by.is_word("init");
    name.is_word("p3") && assigns
}

fn unclosed(scan: &Scan<'_>) -> Option<Problem> {
    let unclosed = scan.unclosed.as_ref()?;
    let message = format!("this {} is not closed", unclosed.what);
    Some(Problem {
        line: unclosed.line,
        column: unclosed.column,
        message,
        help: None,
    })
}

fn nul(text: &str) -> Option<Problem> {
    let at = text.find('\0')?;
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    // A text of 4 billion lines does not fit into memory that a session has.
    let (line, column) = (
        u32::try_from(line).unwrap_or(0),
        u32::try_from(column).unwrap_or(0),
    );
    Some(Problem {
        line,
        column,
        message: "a zero character cannot be compiled".into(),
        help: None,
    })
}

/// Uses of p-fields that belong to declared arguments, and `pset` beside a declaration.
pub(super) fn of_declared(scan: &Scan<'_>, args: &[Arg]) -> Vec<Problem> {
    let check = |word: &Token<'_>| {
        if word.text == "pset" {
            let problem = Problem::at(word, "pset has no use where arguments are declared");
            return Some(problem.with_help("give the defaults in the declaration"));
        }
        let place = word.pfield()?;
        let arg = args.iter().find(|arg| arg.place == place)?;
        let problem = Problem::at(
            word,
            format!("p{place} is the place of the argument {}", arg.name),
        );
        Some(problem.with_help(format!("use {} instead", arg.name)))
    };
    scan.words().filter_map(check).collect()
}

/// The highest p-field a body uses.
pub(super) fn last_pfield(scan: &Scan<'_>) -> u32 {
    // Csound has fewer than 2,000 p-fields; what is beyond them is its to refuse.
    scan.words()
        .filter_map(Token::pfield)
        .filter(|place| *place < 1998)
        .max()
        .unwrap_or(0)
}

const RELEASING: [&str; 10] = [
    "linsegr", "expsegr", "cossegr", "transegr", "madsr", "mxadsr", "linenr", "envlpxr", "xtratim",
    "release",
];

/// Whether code has an opcode that acts on a note-off, itself or through opcodes that `definitions` define.
pub(super) fn releases(code: &str, definitions: &[&str]) -> bool {
    reaches(code, &RELEASING, definitions)
}

/// Whether code has one of these words, itself or through opcodes that `definitions` define.
pub(super) fn reaches<'a>(code: &'a str, words: &[&'a str], definitions: &[&'a str]) -> bool {
    let mut reaching: BTreeSet<&str> = words.iter().copied().collect();
    let scans: Vec<Scan<'_>> = definitions.iter().map(|text| Scan::new(text)).collect();
    let mut opcodes = opcodes(&scans);
    loop {
        let reaches = |words: &Vec<&str>| words.iter().any(|word| reaching.contains(word));
        let found: Vec<&str> = opcodes
            .iter()
            .filter(|(_, words)| reaches(words))
            .map(|(name, _)| *name)
            .collect();
        if found.is_empty() {
            break;
        }
        opcodes.retain(|name, _| !found.contains(name));
        reaching.extend(found);
    }
    Scan::new(code)
        .words()
        .any(|word| reaching.contains(word.text))
}

/// The words of each defined opcode; those of one name are taken together.
fn opcodes<'a>(scans: &[Scan<'a>]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut opcodes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for scan in scans {
        let mut current = None;
        for line in scan.statements() {
            match line {
                [first, name, ..] if first.is_word("opcode") => current = Some(name.text),
                [first, ..] if first.is_word("endop") => current = None,
                _ => {}
            }
            if let Some(name) = current {
                let words = line.iter().filter(|token| token.kind == TokenKind::Word);
                opcodes
                    .entry(name)
                    .or_default()
                    .extend(words.map(|token| token.text));
            }
        }
    }
    opcodes
}
