//! Words of Csound that a document may not use, or only if it says so. A guard against accidents and careless
//! documents, read from the text alone; what code does when it runs is judged by the preflight.

mod lists;
mod scan;

use super::{Document, Permission};
use crate::session::diagnostic::{Diagnostic, Place};
use lists::{GUARDED, NEVER};
use scan::{Reading, Word, words};

/// The uses of words that the document's `allow` does not cover, and of those that nothing allows.
pub fn refused(document: &Document) -> Vec<Diagnostic> {
    document
        .texts()
        .flat_map(|(place, text)| in_text(document, &place, text))
        .collect()
}

/// Warnings for what makes the same notes sound different each time, so that no bounce equals what was played.
pub fn irreproducible(document: &Document) -> Vec<Diagnostic> {
    let found = document.texts().flat_map(|(place, text)| {
        let words = words(text, Reading::Apart);
        let found = (0..words.len()).filter(|at| is_irreproducible(&words[*at..]));
        found
            .map(|at| varies(&place, &words[at]))
            .collect::<Vec<_>>()
    });
    found.collect()
}

impl Document {
    /// All code of the document with its place: what is included first.
    pub(super) fn texts(&self) -> impl Iterator<Item = (Place, &str)> {
        let all_includes = self
            .includes
            .iter()
            .chain(self.instr.iter().flat_map(|instr| &instr.includes));
        let includes = all_includes.filter_map(|include| {
            Some((
                Place::Include(include.path.clone()),
                include.text.as_deref()?,
            ))
        });
        let own = [(Place::Init, self.init.as_str())];
        let instrs = self.instr.iter().flat_map(|instr| {
            [
                (Place::InstrInit(instr.name.clone()), instr.init.as_str()),
                (Place::Instr(instr.name.clone()), instr.body.as_str()),
            ]
        });
        includes.chain(own).chain(instrs)
    }
}

fn in_text(document: &Document, place: &Place, text: &str) -> Vec<Diagnostic> {
    let apart = words(text, Reading::Apart);
    let joined = words(text, Reading::Joined);
    let mut found = found(document, place, &apart);
    let hidden = self::found(document, place, &joined);
    found.extend(
        hidden
            .into_iter()
            .filter(|other| !found.contains(other))
            .collect::<Vec<_>>(),
    );
    found
}

fn found(document: &Document, place: &Place, words: &[Word]) -> Vec<Diagnostic> {
    let mut in_opcode = false;
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        match word.text.as_str() {
            "opcode" => in_opcode = true,
            "endop" => in_opcode = false,
            "setksmps" if in_opcode => {}
            text => found.extend(judge(document, text).map(|what| what.at(place, word))),
        }
        if !document.allows(Permission::System) && pastes(words, at) {
            found.push(pasted(place, word));
        }
    }
    found
}

/// Why a word is refused.
struct Refusal {
    message: String,
    help: String,
}

impl Refusal {
    fn at(self, place: &Place, word: &Word) -> Diagnostic {
        Diagnostic::error(place.clone(), self.message)
            .at(word.line, word.column)
            .with_help(self.help)
    }
}

fn judge(document: &Document, word: &str) -> Option<Refusal> {
    if let Some((_, why, help)) = NEVER.iter().find(|(name, ..)| *name == word) {
        return Some(Refusal {
            message: format!("`{word}` {why}"),
            help: (*help).to_owned(),
        });
    }
    let (needs, _) = GUARDED.iter().find(|(_, names)| names.contains(&word))?;
    (!document.allows(*needs)).then(|| Refusal {
        message: format!(
            "`{word}` {}, which this document is not allowed to do",
            deed(*needs)
        ),
        help: format!(
            "if you trust its code, write allow = [\"{}\"] in the document",
            needs.name()
        ),
    })
}

fn deed(permission: Permission) -> &'static str {
    match permission {
        Permission::Files => "writes or includes files",
        Permission::Network => "uses the network",
        Permission::System => "runs programs, uses devices or compiles code",
    }
}

/// Whether the `$` at `at` pastes a macro to a word, which could make any word of harmless ones.
fn pastes(words: &[Word], at: usize) -> bool {
    if words[at].text != "$" {
        return false;
    }
    let before = words[at].glued && at > 0 && words[at - 1].is_name();
    let mut after = words[(at + 1).min(words.len())..].iter().skip(1).peekable();
    let dotted = after
        .next_if(|word| word.glued && word.text == ".")
        .is_some();
    let touched = after
        .peek()
        .is_some_and(|word| word.glued && (word.text == "$" || (dotted && word.is_name())));
    before || touched || pastes_behind_arguments(words, at)
}

/// Whether a name touches the closing parenthesis of `$name(...)`.
fn pastes_behind_arguments(words: &[Word], at: usize) -> bool {
    if words
        .get(at + 2)
        .is_none_or(|word| !word.glued || word.text != "(")
    {
        return false;
    }
    let close = words[at + 2..].iter().position(|word| word.text == ")");
    let behind = close.and_then(|close| words.get(at + 2 + close + 1));
    behind.is_some_and(|word| word.glued && (word.is_name() || word.text == "$"))
}

fn pasted(place: &Place, word: &Word) -> Diagnostic {
    Diagnostic::error(
        place.clone(),
        "a macro is pasted to a word, which can hide what the code does",
    )
    .at(word.line, word.column)
    .with_help("write the word out, or put a space between")
}

fn is_irreproducible(words: &[Word]) -> bool {
    match words[0].text.as_str() {
        "pinkish" | "fractalnoise" => true,
        "seed" => words[1..]
            .iter()
            .find(|word| word.text != "(")
            .is_some_and(|word| word.text == "0"),
        "rand" => seed_of_rand(words).is_some_and(|seed| seed > 1.0),
        _ => false,
    }
}

/// The second argument of `rand`, if it is written as a number.
fn seed_of_rand(words: &[Word]) -> Option<f64> {
    let line = words[0].line;
    let comma = words
        .iter()
        .take_while(|word| word.line == line)
        .position(|word| word.text == ",")?;
    words.get(comma + 1)?.text.parse().ok()
}

fn varies(place: &Place, word: &Word) -> Diagnostic {
    let message = format!(
        "`{}` sounds different each time, so a bounce will not equal what was played",
        word.text
    );
    Diagnostic::warning(place.clone(), message).at(word.line, word.column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::InstrEntry;

    fn document(body: &str) -> Document {
        let instr = InstrEntry {
            name: "x".to_owned(),
            body: body.to_owned(),
            ..InstrEntry::default()
        };
        Document {
            instr: vec![instr],
            ..Document::default()
        }
    }

    fn refusals(body: &str) -> Vec<(Option<u32>, Option<u32>)> {
        refused(&document(body))
            .into_iter()
            .map(|found| (found.line, found.column))
            .collect()
    }

    #[test]
    fn refuses_words_but_not_mentions() {
        assert_eq!(
            refusals("i1 = 1\n  system_i 1, \"ls\""),
            [(Some(2), Some(3))]
        );
        assert_eq!(refusals("; system\nSx = \"system\"\nksystem = 1"), []);
        assert_eq!(refusals("ires = system:i(1, \"ls\")"), [(Some(1), Some(8))]);
    }

    #[test]
    fn refuses_hidden_words() {
        assert_eq!(refusals("sys/**/tem 1").len(), 1);
        assert_eq!(refusals("#define A #sys#\n$A.tem 1").len(), 1);
        assert_eq!(refusals("#define A #tem#\nsys$A 1").len(), 1);
        assert_eq!(refusals("#define A(x) #sys#\n$A(1)tem 1").len(), 1);
        assert_eq!(
            refusals("#define A #0.5#\na1 oscili $A, 440\nout a1*$A. + $A").len(),
            0
        );
    }

    #[test]
    fn some_words_can_be_allowed_and_others_not() {
        let mut writes = document("fout \"x.wav\", 4, a1");
        assert_eq!(refused(&writes).len(), 1);
        writes.allow = vec![Permission::Files];
        assert_eq!(refused(&writes), []);
        let mut ends = document("exitnow 1");
        ends.allow = vec![Permission::Files, Permission::Network, Permission::System];
        assert_eq!(refused(&ends).len(), 1);
    }

    #[test]
    fn a_local_cycle_is_for_opcodes_only() {
        assert_eq!(refusals("setksmps 1").len(), 1);
        let opcode = "opcode one, a, a\nsetksmps 1\na1 xin\nxout a1\nendop";
        let document = Document {
            init: opcode.to_owned(),
            ..document("out a(0)")
        };
        assert_eq!(refused(&document), []);
    }

    #[test]
    fn warns_of_what_varies() {
        let count = |body| irreproducible(&document(body)).len();
        assert_eq!(
            count("seed 0\na1 pinkish 1\na2 rand 0.5, 2\na3 = rand:a(0.5, 4)"),
            4
        );
        assert_eq!(count("seed 10\na2 rand 0.5, 0.5\na3 rand 1"), 0);
    }
}
