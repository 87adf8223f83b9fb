//! What can be written: Csound's opcodes, and the names that the document has.

use super::lexer::{Words, is_word};
use crate::session::reference::{OpcodeEntry, defined_in, opcodes};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;

/// The opcodes of the installed Csound, by name.
#[derive(Default)]
pub(super) struct Book {
    opcodes: BTreeMap<String, Vec<OpcodeEntry>>,
}

static BOOK: OnceLock<Arc<Book>> = OnceLock::new();

/// The thread that reads it.
static READER: Mutex<Option<JoinHandle<()>>> = Mutex::new(None);

impl Book {
    /// The book of this process. It is read in the background; until then it is empty.
    pub(super) fn get() -> Arc<Self> {
        static READING: OnceLock<()> = OnceLock::new();
        READING.get_or_init(|| {
            let thread = std::thread::Builder::new().name("csound-opcodes".into());
            let reader = thread.spawn(|| {
                BOOK.get_or_init(|| Arc::new(Self::of(opcodes())));
            });
            // Without a thread there is no completion, which is better than no window.
            *READER.lock().unwrap_or_else(PoisonError::into_inner) = reader.ok();
        });
        BOOK.get().cloned().unwrap_or_default()
    }

    /// Waits for the book to be read, if that goes on still: nothing of this library may run when the window is closed,
    /// because a host may unload it then.
    pub(super) fn let_go() {
        let mut reader = READER.lock().unwrap_or_else(PoisonError::into_inner);
        // What it has not read is not missed.
        let _ = reader.take().map(JoinHandle::join);
    }

    /// A book of these opcodes.
    pub(super) fn of(entries: Vec<OpcodeEntry>) -> Self {
        let mut opcodes: BTreeMap<String, Vec<OpcodeEntry>> = BTreeMap::new();
        for entry in entries {
            opcodes.entry(entry.name.clone()).or_default().push(entry);
        }
        Self { opcodes }
    }

    /// Whether nothing has been read yet.
    pub(super) fn is_empty(&self) -> bool {
        self.opcodes.is_empty()
    }

    /// The forms of an opcode.
    pub(super) fn forms(&self, name: &str) -> &[OpcodeEntry] {
        self.opcodes.get(name).map_or(&[], Vec::as_slice)
    }
}

/// The names that a document has of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Own {
    /// Opcodes it defines.
    pub opcodes: Vec<OpcodeEntry>,
    /// Buses, as `@name`.
    pub buses: Vec<String>,
}

impl Own {
    /// What global code defines.
    pub(super) fn of<'a>(
        globals: impl Iterator<Item = &'a str>,
        buses: impl Iterator<Item = &'a str>,
    ) -> Self {
        Self {
            opcodes: globals.flat_map(defined_in).collect(),
            buses: buses.map(|name| format!("@{name}")).collect(),
        }
    }
}

/// What is known while one text is edited.
pub(super) struct Known<'a> {
    pub book: &'a Book,
    pub own: &'a Own,
}

impl Words for Known<'_> {
    fn is_opcode(&self, word: &str) -> bool {
        self.book.opcodes.contains_key(word)
    }

    fn is_own(&self, word: &str) -> bool {
        self.own.opcodes.iter().any(|opcode| opcode.name == word)
    }
}

/// Something that can be written at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    /// What is written.
    pub text: String,
    /// What it is.
    pub about: String,
}

/// Most offers at once.
const OFFERS: usize = 40;

impl Known<'_> {
    /// What begins with `typed`: the text's own variables, the document's names, then opcodes.
    pub(super) fn offers(&self, text: &str, typed: &str) -> Vec<Offer> {
        let begins = |name: &str| name.starts_with(typed) && name != typed;
        let variables = variables(text, typed)
            .into_iter()
            .filter(|name| begins(name));
        let variables = variables.map(|name| Offer {
            about: about_variable(name).into(),
            text: name.to_owned(),
        });
        let buses = self.own.buses.iter().filter(|name| begins(name));
        let buses = buses.map(|name| Offer {
            text: name.clone(),
            about: "bus".into(),
        });
        let own = self
            .own
            .opcodes
            .iter()
            .filter(|opcode| begins(&opcode.name));
        let own = own.map(|opcode| Offer {
            text: opcode.name.clone(),
            about: signature(opcode),
        });
        let opcodes = self
            .book
            .opcodes
            .range(typed.to_owned()..)
            .take_while(|(name, _)| name.starts_with(typed));
        let opcodes = opcodes
            .filter(|(name, _)| begins(name))
            .map(|(name, forms)| Offer {
                text: name.clone(),
                about: forms.first().map(signature).unwrap_or_default(),
            });
        variables
            .chain(buses)
            .chain(own)
            .chain(opcodes)
            .take(OFFERS)
            .collect()
    }

    /// The ways to write an opcode.
    pub(super) fn help(&self, word: &str) -> Vec<String> {
        let own = self.own.opcodes.iter().filter(|opcode| opcode.name == word);
        own.chain(self.book.forms(word)).map(signature).collect()
    }
}

/// The variables of a text that begin so, those of its arguments included. Numbered p-fields are none.
fn variables<'t>(text: &'t str, typed: &str) -> BTreeSet<&'t str> {
    let mut counted: BTreeMap<&str, u32> = BTreeMap::new();
    if !typed.starts_with(['i', 'k', 'a', 'S', 'g', 'f']) {
        return BTreeSet::new();
    }
    for (at, _) in text.match_indices(typed) {
        if text[..at].chars().next_back().is_some_and(is_word) {
            continue;
        }
        let length = text[at..].find(|c| !is_word(c)).unwrap_or(text.len() - at);
        *counted.entry(&text[at..at + length]).or_default() += 1;
    }
    counted
        .into_iter()
        .filter(|(name, count)| *count > 1 || text.contains(&format!("{name}=")))
        .map(|(name, _)| name)
        .filter(|name| name.len() > 1)
        .collect()
}

fn about_variable(name: &str) -> &'static str {
    match name.as_bytes() {
        [b'g', ..] => "global",
        [b'i', ..] => "fixed at the start",
        [b'k', ..] => "control",
        [b'a', ..] => "audio",
        [b'S', ..] => "text",
        _ => "variable",
    }
}

/// An opcode as it is written, with the kinds of its arguments: `ares oscili xamp, xcps[, ifn]`.
pub(super) fn signature(opcode: &OpcodeEntry) -> String {
    let outputs = kinds(&opcode.outputs).join(", ");
    let mut inputs = String::new();
    for kind in kinds(&opcode.inputs) {
        let (open, kind) = match kind.strip_prefix('[') {
            Some(kind) => ("[", kind.to_owned() + "]"),
            None => ("", kind),
        };
        let comma = if inputs.is_empty() { "" } else { ", " };
        inputs.push_str(&format!("{open}{comma}{kind}"));
    }
    format!("{outputs} {} {inputs}", opcode.name)
        .trim()
        .to_owned()
}

/// Csound's letters for types, in words; what may be left out begins with a bracket.
fn kinds(letters: &str) -> Vec<String> {
    let mut kinds: Vec<String> = Vec::new();
    for letter in letters.chars() {
        let kind = match letter {
            '[' | ']' => {
                if let (']', Some(last)) = (letter, kinds.last_mut()) {
                    last.push_str("[]");
                }
                continue;
            }
            'a' => "a",
            'k' => "k",
            'i' => "i",
            'S' => "S",
            'f' => "f",
            'w' => "w",
            'x' | 'X' => "x",
            's' | 'U' | '.' => "any",
            'B' | 'b' => "test",
            'l' => "label",
            'T' => "i or S",
            'o' | 'p' | 'q' | 'j' | 'v' | 'h' => "[i",
            'O' | 'P' | 'V' | 'J' => "[k",
            'm' | 'I' => "[i …",
            'M' | 'N' | '*' => "[any …",
            'y' => "[a …",
            'z' | 'Z' => "[k …",
            'W' => "[S …",
            _ => continue,
        };
        kinds.push(kind.to_owned());
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, outputs: &str, inputs: &str) -> OpcodeEntry {
        OpcodeEntry {
            name: name.into(),
            outputs: outputs.into(),
            inputs: inputs.into(),
        }
    }

    #[test]
    fn signatures_say_what_may_be_left_out() {
        assert_eq!(
            signature(&entry("oscili", "a", "kkjo")),
            "a oscili k, k[, i][, i]"
        );
        assert_eq!(signature(&entry("print", "", "im")), "print i[, i …]");
        assert_eq!(
            signature(&entry("lenarray", "k", "k[]p")),
            "k lenarray k[][, i]"
        );
    }

    #[test]
    fn own_names_come_before_opcodes() {
        let book = Book::of(vec![entry("kosc", "a", "k"), entry("klang", "a", "k")]);
        let own = Own::of(["opcode kown, a, k\n"].into_iter(), ["verb"].into_iter());
        let known = Known {
            book: &book,
            own: &own,
        };
        let names = |typed| {
            known
                .offers("|kcut=1|\na1 = kcut", typed)
                .into_iter()
                .map(|o| o.text)
                .collect::<Vec<_>>()
        };
        assert_eq!(names("k"), ["kcut", "kown", "klang", "kosc"]);
        assert_eq!(names("@"), ["@verb"]);
        assert_eq!(known.help("kown"), ["a kown k"]);
    }
}
