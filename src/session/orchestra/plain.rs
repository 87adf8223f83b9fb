//! The text of an orchestra for people: without line numbers for diagnostics, and without what its code does not use.

use super::body::{Body, Slices};
use super::layout::{Layout, TRANSPORT_CHANNELS};
use super::spec::OrchestraSpec;
use super::{checks, globals, prelude, write};
use crate::session::diagnostic::Diagnostic;
use crate::session::instr::Instr;

/// An orchestra that sounds as the one of [`super::write()`] does.
#[derive(Clone, Debug, PartialEq)]
pub struct Plain {
    /// The text, header included.
    pub text: String,
    /// Where its parts are: as in the other one.
    pub layout: Layout,
}

/// Opcodes that start or find instruments, maybe by their names.
const BY_NAME: [&str; 5] = ["sched", "event", "score", "turnoff", "instr"];
/// Others of them.
const ALSO_BY_NAME: [&str; 6] = [
    "nstrnum", "nstrstr", "active", "prealloc", "maxalloc", "alwayson",
];

/// Writes the text of an orchestra without anything that only a session needs.
///
/// # Errors
/// As [`super::write()`].
pub fn write_plain(spec: &OrchestraSpec) -> Result<Plain, Vec<Diagnostic>> {
    let problems = checks::of_spec(spec);
    if !problems.is_empty() {
        return Err(problems);
    }
    let layout = write::layout(spec);
    let spare = Spare::of(spec);
    let mut text = spare.left_out(&globals::header(spec, &layout));
    text += "\n; What the session needs: tables, opcodes, and an instrument that is always on.\n\n";
    text += &spare.left_out(&used_prelude(spec));
    text += &spare.left_out(&globals::tables(spec, &layout));
    let codes = spec.includes.iter().map(|include| &*include.text);
    for code in codes.chain(write::inits(spec).into_iter().map(|(_, code)| code)) {
        if !code.trim().is_empty() {
            text += &format!("\n{}\n", code.replace("\r\n", "\n").trim_end());
        }
    }
    text += &globals::chance(spec);
    text += &instruments(spec, &layout);
    Ok(Plain { text, layout })
}

fn instruments(spec: &OrchestraSpec, layout: &Layout) -> String {
    let gate = write::uses_buses(spec);
    let named = spec.any_word(starts_by_name);
    let mut text = String::new();
    if named {
        // So that Csound gives those with names the numbers that they have in a session.
        text += &format!("\ninstr {}\nendin\n", globals::STOPPER);
    }
    for (instr, numbers) in spec.instrs.iter().zip(&layout.instrs) {
        let body = |slices| Body {
            instr,
            layout,
            first_line: 1,
            gate,
            slices,
            defaults: numbers.default_slice,
        };
        for (priority, number) in &numbers.numbers {
            text += &headline(instr, *priority);
            text += &unnumbered(&body(Slices::FromEvent).write(&number.to_string()));
        }
        if named && checks::is_identifier(instr.name()) {
            text += &format!("\n; {} as other code starts it\n", instr.name());
            text += &unnumbered(&body(Slices::Defaults).write(instr.name()));
        }
    }
    text
}

fn headline(instr: &Instr, priority: u32) -> String {
    let doc = instr.doc().lines().next().unwrap_or_default().trim();
    let doc = if doc.is_empty() {
        String::new()
    } else {
        format!(": {doc}")
    };
    format!("\n; {} at priority {priority}{doc}\n", instr.name())
}

/// Whether code with this word may start instruments by their names.
pub(crate) fn starts_by_name(word: &str) -> bool {
    BY_NAME.iter().any(|start| word.starts_with(start)) || ALSO_BY_NAME.contains(&word)
}

/// What the generated statements need not say, by how they begin.
struct Spare(Vec<&'static str>);

impl Spare {
    fn of(spec: &OrchestraSpec) -> Self {
        let uses = |start: &str| spec.any_word(|word| word.starts_with(start));
        let mut spare = Vec::new();
        if !uses("bus") {
            spare.extend(OF_BUSES);
        }
        if !uses("noteout") && !uses("ccout") {
            spare.push("gi__note_out");
        }
        let codes = spec.instrs.iter().map(Instr::code);
        let mut codes = codes.chain(spec.definitions());
        let names_channel = |code: &str| TRANSPORT_CHANNELS.iter().any(|name| code.contains(name));
        if !uses("host") && !codes.any(names_channel) {
            spare.extend(["chn_k ", "chnset "]);
        }
        Self(spare)
    }

    /// The text without them. The tables of tokens and values stay: a score may write to them.
    fn left_out(&self, text: &str) -> String {
        let is_kept = |line: &&str| {
            let is_spare = self.0.iter().any(|start| line.starts_with(start));
            !is_spare || KEPT.iter().any(|start| line.starts_with(start))
        };
        let lines = text.lines().filter(is_kept);
        lines.map(|line| format!("{line}\n")).collect()
    }
}

/// Statements that only buses need.
const OF_BUSES: [&str; 6] = [
    "gi__bus_",
    "ga__bus",
    "ga__gate",
    "gk__cycle",
    "vadd_i gi__bus_",
    "tabw_i -9e299",
];
/// Statements among them that are kept.
const KEPT: [&str; 2] = ["gi__bus_tokens ", "gi__bus_values "];

/// The text without its declarations of line numbers.
fn unnumbered(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("#line "));
    lines.map(|line| format!("{line}\n")).collect()
}

/// The opcodes of the prelude that the code uses, and what stands before all of them.
fn used_prelude(spec: &OrchestraSpec) -> String {
    let mut blocks = prelude::TEXT.split("\nopcode ");
    let mut text = blocks.next().unwrap_or_default().to_owned();
    for block in blocks {
        let name = block.split(',').next().unwrap_or_default();
        if spec.any_word(|word| word == name) {
            text += &format!("\nopcode {block}");
        }
    }
    text + "\n"
}
