//! Reading what Csound says about a text's errors.

use std::fmt;

/// One thing Csound found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawDiagnostic {
    /// When it was found.
    pub kind: Kind,
    /// As Csound counts, from 1; `#line` directives are honoured. None where Csound does not say.
    pub line: Option<u32>,
    /// The instrument it happened in: its number, or its name where Csound gives one. None while compiling and in
    /// global code.
    pub instr: Option<String>,
    /// In Csound's words, without what the other fields tell; an error of an opcode begins with the opcode's name.
    pub message: String,
}

/// When an error was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// While compiling.
    Compile,
    /// In the init pass of an instance, or in global code.
    Init,
    /// While performing, or when an event named an instrument that does not exist.
    Perf,
}

/// Finds the errors in what Csound has said, in its order; text that reports none gives an empty list. Allocates.
pub fn diagnostics(messages: &str) -> Vec<RawDiagnostic> {
    let messages = messages.replace('\0', "");
    let mut reader = Reader::default();
    for line in messages.lines() {
        reader.read(line);
    }
    reader.found
}

impl RawDiagnostic {
    pub(super) fn new(kind: Kind, line: Option<u32>, message: &str) -> RawDiagnostic {
        RawDiagnostic {
            kind,
            line,
            instr: None,
            message: message.trim().to_owned(),
        }
    }
}

impl fmt::Display for RawDiagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// What has been understood so far. Csound spreads one error over several lines, so the last one found stays open for
/// details.
#[derive(Default)]
struct Reader {
    found: Vec<RawDiagnostic>,
    /// Why making a table failed; the error that follows only says that it did.
    table_fault: Option<String>,
}

impl Reader {
    fn read(&mut self, line: &str) {
        let understood = self.read_run_error(line)
            || self.read_detail(line)
            || self.read_compile_error(line)
            || self.read_plain_error(line);
        // Not always at the beginning: the message before it may lack its line break.
        let fault = line.find("ftable ").map(|start| line[start..].trim());
        if let Some(fault) = fault.filter(|fault| !understood && fault.contains(": ")) {
            self.table_fault = Some(fault.to_owned());
        }
    }

    /// `INIT ERROR in instr 7 (opcode oscili.a) line 10: text`, or `INIT ERROR: text` outside any instance.
    fn read_run_error(&mut self, line: &str) -> bool {
        let Some((kind, rest)) = split_run_error(line) else {
            return false;
        };
        let (place, text) = match rest.strip_prefix(": ") {
            Some(text) => ("", text),
            None => rest.split_once(": ").unwrap_or((rest, "")),
        };
        let detail = self
            .table_fault
            .take()
            .filter(|_| text.trim() == "ftgen error");
        let message = with_opcode(place, detail.as_deref().unwrap_or(text));
        let mut diagnostic = RawDiagnostic::new(kind, line_number(place), &message);
        diagnostic.instr = word_after(place, "in instr ").filter(|instr| instr != "0");
        self.found.push(diagnostic);
        true
    }

    /// A line that only says more about the error before it.
    fn read_detail(&mut self, line: &str) -> bool {
        let Some(last) = self
            .found
            .last_mut()
            .filter(|last| last.kind == Kind::Compile)
        else {
            return false;
        };
        let text = line.trim();
        if let Some(found) = text.strip_prefix("Found: ") {
            last.message = format!("{} {found}", last.message);
            return true;
        }
        let place = text.to_ascii_lowercase();
        if last.line.is_none() && place.starts_with("line") {
            last.line = line_number(&place);
            return true;
        }
        // The macro's own error has been read; the parser now stumbles over its name.
        let macro_name = text.contains("unexpected ERROR_TOKEN") && last.message.contains("macro");
        FOLLOWERS.iter().any(|follower| text.contains(follower)) || macro_name
    }

    /// `error: text`, possibly behind another message that was not ended by a line break.
    fn read_compile_error(&mut self, line: &str) -> bool {
        let Some((_, text)) = line.split_once("error: ") else {
            return false;
        };
        // A line break is a token too; its quote then ends on the next line.
        let text = text
            .trim()
            .trim_end_matches("(token \"")
            .replace("  (token", " (token");
        self.found
            .push(RawDiagnostic::new(Kind::Compile, line_number(&text), &text));
        true
    }

    fn read_plain_error(&mut self, line: &str) -> bool {
        let text = line.trim();
        let Some((kind, _)) = PLAIN_ERRORS
            .iter()
            .find(|(_, start)| text.starts_with(start))
        else {
            return self.read_deleted_note(text);
        };
        self.found
            .push(RawDiagnostic::new(*kind, line_number(text), text));
        true
    }

    /// `T  0.004 - note deleted. instr 77(9) undefined`; a note deleted for its init errors has been reported.
    fn read_deleted_note(&mut self, text: &str) -> bool {
        let undefined = text
            .split_once("note deleted. instr ")
            .and_then(|(_, rest)| rest.strip_suffix(" undefined"))
            .or_else(|| {
                text.strip_prefix("insert_score_event(): invalid instrument number or name ")
            });
        let Some(instr) = undefined else { return false };
        let instr = instr.split('(').next().unwrap_or(instr).trim();
        let message = format!("instr {instr} is not defined");
        let mut diagnostic = RawDiagnostic::new(Kind::Perf, None, &message);
        diagnostic.instr = Some(instr.to_owned());
        self.found.push(diagnostic);
        true
    }
}

/// Errors that stand on a line of their own.
const PLAIN_ERRORS: [(Kind, &str); 7] = [
    (Kind::Compile, "unterminated string found"),
    (Kind::Compile, "Cannot open #include"),
    (Kind::Compile, "Unmatched #"),
    (Kind::Compile, "#else without #if"),
    (Kind::Compile, "Undefined macro"),
    (Kind::Compile, "Unexpected character"),
    (Kind::Perf, "memory allocate failure"),
];

/// What Csound adds to an error of the compiler without saying anything new.
const FOLLOWERS: [&str; 3] = [
    "could not be determined",
    "Unexpected untyped word",
    "No number following instr",
];

fn split_run_error(line: &str) -> Option<(Kind, &str)> {
    let after = |marker: &str| line.split_once(marker).map(|(_, rest)| rest);
    let init = after("INIT ERROR").map(|rest| (Kind::Init, rest));
    init.or_else(|| after("PERF ERROR").map(|rest| (Kind::Perf, rest)))
}

/// `place` names the opcode with a suffix for its form; internal ones begin with `##`.
fn with_opcode(place: &str, text: &str) -> String {
    let opcode = word_after(place, "(opcode ").unwrap_or_default();
    let opcode = opcode
        .trim_end_matches(')')
        .split('.')
        .next()
        .unwrap_or_default();
    if opcode.is_empty() || opcode.starts_with('#') || text.starts_with(opcode) {
        text.to_owned()
    } else {
        format!("{opcode}: {text}")
    }
}

fn word_after(text: &str, marker: &str) -> Option<String> {
    let (_, rest) = text.split_once(marker)?;
    rest.split_whitespace().next().map(str::to_owned)
}

/// The number after `line` or `line:`, whichever case; the last one if there are several.
fn line_number(text: &str) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    let (_, rest) = lower.rsplit_once("line")?;
    let digits = rest.trim_start_matches([':', ' ']);
    let end = digits
        .find(|digit: char| !digit.is_ascii_digit())
        .unwrap_or(digits.len());
    digits[..end].parse().ok()
}

#[cfg(test)]
mod tests;
