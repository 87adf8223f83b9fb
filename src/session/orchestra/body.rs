//! One instrument as text: what the session needs around the code that the user typed.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write;

use super::globals::{self, CONTROL_TABLE};
use super::layout::{ALIVE, DURATION, EXTRA, FIRST_CONTROL, Layout};
use super::numbered::numbered;
use crate::session::instr::{
    Arg, ArgKind, Edit, FIRST_PLACE, Form, Instr, Read, Scan, Token, Value,
};

/// The variable with the duration that the body is told.
const TOLD: &str = "i__p3";
/// Seconds; an end that no synth comes to.
const NEVER: f64 = 1e12;

/// Where a synth's slice is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Slices {
    /// At the cell in p4, if it is that of a slice.
    FromEvent,
    /// At the slice of defaults, whatever the event says.
    Defaults,
}

/// An instrument on its way to text.
#[derive(Clone, Copy)]
pub(super) struct Body<'a> {
    pub instr: &'a Instr,
    pub layout: &'a Layout,
    /// The line number of the first line of its code.
    pub first_line: u32,
    /// Whether it must say which samples of a cycle are its own.
    pub gate: bool,
    pub slices: Slices,
    /// The first cell of the slice of defaults.
    pub defaults: u32,
}

impl Body<'_> {
    /// The instrument under a number or name.
    pub fn write(self, id: &str) -> String {
        let mut text = format!("#line {}\ninstr {id}\n", self.first_line);
        self.head(&mut text);
        let _ = writeln!(text, "#line {}", self.first_line);
        self.code(&mut text);
        self.tail(&mut text);
        text
    }

    /// The alive cell comes first: it tells that the synth passed its init and is performed.
    fn head(self, text: &mut String) {
        match self.slices {
            Slices::FromEvent => {
                let (first, end) = (
                    self.layout.slice_cells,
                    self.layout.slice_base(self.layout.slices),
                );
                let defaults = self.defaults;
                // An event that is not the performer's has no slice of its own.
                let _ = writeln!(
                    text,
                    "i__slice = (p4 >= {first} && p4 < {end} ? int(p4) : {defaults})"
                );
                self.alive(text);
                // A held note has a negative p3, which must stay as it is.
                let own = format!("p3 >= 0 && i__slice != {defaults}");
                let (duration, extra) = (cell_at_init(DURATION), cell_at_init(EXTRA));
                let _ = writeln!(text, "i__extra = ({own} ? {extra} : 0)");
                // Stopped before its time: what the event says is shorter than what the body is told.
                let early = format!("{own} && {duration} > p3 - i__extra + 0.5 / sr");
                let _ = writeln!(text, "i__end = ({early} ? p3 - i__extra : {NEVER})");
                let _ = writeln!(text, "p3 = ({own} ? {duration} : p3)");
                self.mention_last_field(text);
            }
            Slices::Defaults => {
                self.pset(text);
                let _ = writeln!(text, "i__slice = {}", self.defaults);
                self.alive(text);
            }
        }
        let _ = writeln!(text, "{TOLD} = p3");
        if self.gate {
            text.push_str("ga__gate upsamp 1\n");
        }
        if self.instr.is_declared() {
            self.instr.args().iter().for_each(|arg| self.arg(text, arg));
        } else {
            self.fields_of_controls(text);
        }
    }

    /// A control's value comes in the slice. Where the body reads its p-field besides, this has what the control starts
    /// with.
    fn fields_of_controls(self, text: &mut String) {
        let read = self.fields_read();
        for arg in self.instr.args() {
            if let Some(cell) = arg.cell.filter(|_| read.contains(&arg.place)) {
                let start = cell_at_init(FIRST_CONTROL + cell);
                let _ = writeln!(text, "p{} = {start}", arg.place);
            }
        }
    }

    /// The p-fields that the code mentions beside the statements that declare arguments.
    fn fields_read(self) -> HashSet<u32> {
        let (code, mut at, mut read) = (self.instr.code(), 0, HashSet::new());
        let ends = std::iter::once(code.len()..code.len());
        for edit in self
            .instr
            .edits()
            .iter()
            .map(|edit| edit.range.clone())
            .chain(ends)
        {
            read.extend(
                Scan::new(&code[at..edit.start])
                    .words()
                    .filter_map(Token::pfield),
            );
            at = edit.end;
        }
        read
    }

    /// Csound looks up a warning, under the lock of the process's locale, for every event that has another number of
    /// p-fields than its instrument mentions. The performer sends all of them, those of controls too.
    fn mention_last_field(self, text: &mut String) {
        let last = self.instr.pfields();
        if last >= FIRST_PLACE {
            let _ = writeln!(text, "i__last = p{last}");
        }
    }

    fn alive(self, text: &mut String) {
        let _ = writeln!(text, "tabw 1, i__slice + {ALIVE}, {CONTROL_TABLE}");
    }

    /// What p-fields are where a synth started by name leaves them out.
    fn pset(self, text: &mut String) {
        let value = |place| match self
            .instr
            .args()
            .iter()
            .find(|arg| arg.place == place)
            .map(|arg| &arg.default)
        {
            Some(Value::Text(default)) => f64::from(self.layout.string_index(default).unwrap_or(0)),
            Some(default) => globals::number(default),
            None => 0.0,
        };
        let values: Vec<String> = (FIRST_PLACE..=self.instr.pfields())
            .map(|place| value(place).to_string())
            .collect();
        if !values.is_empty() {
            let _ = writeln!(text, "pset 0, 0, 0, 0, {}", values.join(", "));
        }
    }

    fn arg(self, text: &mut String, arg: &Arg) {
        let line = self.first_line + arg.line.saturating_sub(1);
        let form = match arg.kind {
            ArgKind::Init => Form::Init,
            ArgKind::Control => Form::Always,
            ArgKind::Text => Form::Text,
        };
        let read = self.read(&Read {
            name: arg.name.clone(),
            place: arg.place,
            form,
        });
        for part in read.lines() {
            let _ = writeln!(text, "#line {line}\n{part}");
        }
    }

    /// The code with its edits carried out; every line keeps its number.
    fn code(self, text: &mut String) {
        let code = self.instr.code();
        let told = |code| match self.instr.sets_own_length() {
            true => Cow::Borrowed(code),
            false => with_told_length(code),
        };
        let (mut at, mut line) = (0, self.first_line);
        for edit in self.instr.edits() {
            text.push_str(&numbered(&told(&code[at..edit.range.start]), line));
            self.edit(text, edit);
            at = edit.range.end;
            line = self.first_line + edit.last_line - 1;
        }
        text.push_str(&numbered(&told(&code[at..]), line));
        // The empty line keeps what is left open on the last one from running into the tail.
        text.push_str("\n\n");
    }

    fn edit(self, text: &mut String, edit: &Edit) {
        let reads: String = edit.reads.iter().map(|read| self.read(read)).collect();
        let _ = write!(
            text,
            "{reads}\n#line {}\n",
            self.first_line + edit.last_line - 1
        );
    }

    fn read(self, read: &Read) -> String {
        let Read { name, place, form } = read;
        let arg = self.instr.args().iter().find(|arg| arg.place == *place);
        let cell = FIRST_CONTROL + arg.and_then(|arg| arg.cell).unwrap_or(0);
        let (start, now) = (
            cell_at_init(cell),
            format!("i__slice + {cell}, {CONTROL_TABLE}"),
        );
        match form {
            Form::Init => format!("{name} = p{place}\n"),
            Form::Text => format!("{name} strget p{place}\n"),
            Form::Always => match arg.and_then(|arg| arg.note.smooth_ms) {
                None => format!("{name} init {start}\n{name} tab {now}\n"),
                Some(time) => {
                    let half = half_time(time);
                    // `portk` takes a start below 0 for none, and goes on from where its memory was left.
                    format!(
                        "i__{name} = {start}\n{name} init i__{name}\nk__{name} tab {now}\n\
                         {name} = portk(k__{name} - i__{name}, {half}) + i__{name}\n"
                    )
                }
            },
            Form::Changed => format!(
                "{name} init {start}\nk__{name}_was init {start}\nk__{name} tab {now}\n\
                 if k__{name} != k__{name}_was then\n{name} = k__{name}\nk__{name}_was = k__{name}\nendif\n"
            ),
        }
    }

    /// The event's p3 is longer than the true duration so that Csound ends the synth on the exact sample. The body is
    /// done with the true one here; `reinit` may come here again.
    fn tail(self, text: &mut String) {
        let lines = self.instr.code().lines().count().max(1);
        let last = self
            .first_line
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX))
            - 1;
        let _ = writeln!(text, "#line {last}");
        if let Slices::FromEvent = self.slices {
            let _ = writeln!(
                text,
                "p3 = (p3 < 0 ? p3 : (p3 < i__end ? p3 : i__end) + i__extra)\n#line {last}\n\
                 i__extra = 0\n#line {last}"
            );
        }
        text.push_str("endin\n");
    }
}

/// Code with its p3 replaced: in a cycle p3 reads what the tail has made of it.
fn with_told_length(code: &str) -> Cow<'_, str> {
    let scan = Scan::new(code);
    let (mut text, mut at) = (String::new(), 0);
    for token in scan.words().filter(|token| token.is_word("p3")) {
        text.push_str(&code[at..token.start]);
        text.push_str(TOLD);
        at = token.end();
    }
    match at {
        0 => Cow::Borrowed(code),
        _ => Cow::Owned(text + &code[at..]),
    }
}

fn cell_at_init(cell: u32) -> String {
    format!("tab_i(i__slice + {cell}, {CONTROL_TABLE})")
}

/// The half-time in seconds with which a jump is 99 % done after a time in milliseconds.
fn half_time(milliseconds: f64) -> f64 {
    milliseconds / 1000.0 / 100.0_f64.log2()
}
