//! From the spec of an orchestra to its text.

use std::collections::{BTreeMap, HashSet};

use super::body::{Body, Slices};
use super::globals;
use super::layout::{InstrLayout, Layout};
use super::numbered::numbered;
use super::source_map::SourceMap;
use super::spec::OrchestraSpec;
use super::{checks, prelude};
use crate::session::diagnostic::{Diagnostic, Place};
use crate::session::instr::{Instr, Value};

/// An orchestra as Csound compiles it.
#[derive(Clone, Debug, PartialEq)]
pub struct Orchestra {
    /// The text, header included.
    pub text: String,
    /// Where its lines come from.
    pub source_map: SourceMap,
    /// Where its parts are.
    pub layout: Layout,
}

/// Writes the text of an orchestra.
///
/// # Errors
/// What in the spec cannot be part of an orchestra. That the text compiles is not known before Csound has seen it.
pub fn write(spec: &OrchestraSpec) -> Result<Orchestra, Vec<Diagnostic>> {
    let problems = checks::of_spec(spec);
    if !problems.is_empty() {
        return Err(problems);
    }
    let layout = layout(spec);
    let mut writer = Writer {
        text: String::new(),
        source_map: SourceMap::new(),
    };
    writer.generated(
        &(globals::header(spec, &layout) + prelude::TEXT + &globals::tables(spec, &layout)),
    );
    writer.global_code(spec);
    writer.text += &(globals::chance(spec) + &globals::stopper(spec));
    writer.instruments(spec, &layout);
    Ok(Orchestra {
        text: writer.text,
        source_map: writer.source_map,
        layout,
    })
}

struct Writer {
    text: String,
    source_map: SourceMap,
}

impl Writer {
    /// Adds the text that everything else follows; its line numbers are the plain ones.
    fn generated(&mut self, text: &str) {
        self.source_map.add(Place::Prelude, text);
        self.text.push_str(text);
    }

    /// Adds code of the user under line numbers of its own.
    fn user(&mut self, place: Place, code: &str) {
        if code.trim().is_empty() {
            return;
        }
        let first = self.source_map.add(place, code);
        let code = numbered(&code.replace("\r\n", "\n"), first);
        // The empty line keeps what is left open on the last one from running into what follows.
        self.text.push_str(&format!("#line {first}\n{code}\n\n"));
    }

    fn global_code(&mut self, spec: &OrchestraSpec) {
        for include in &spec.includes {
            self.user(Place::Include(include.name.clone()), &include.text);
        }
        for (place, code) in inits(spec) {
            self.user(place, code);
        }
    }

    fn instruments(&mut self, spec: &OrchestraSpec, layout: &Layout) {
        let gate = uses_buses(spec);
        for (instr, numbers) in spec.instrs.iter().zip(&layout.instrs) {
            let first_line = self
                .source_map
                .add(Place::Instr(instr.name().to_owned()), instr.code());
            let defaults = numbers.default_slice;
            let body = |slices| Body {
                instr,
                layout,
                first_line,
                gate,
                slices,
                defaults,
            };
            for number in numbers.numbers.values() {
                self.text
                    .push_str(&body(Slices::FromEvent).write(&number.to_string()));
            }
            if checks::is_identifier(instr.name()) {
                self.text
                    .push_str(&body(Slices::Defaults).write(instr.name()));
            }
        }
    }
}

/// The document's global code and that of each Instr, equal texts once.
pub(super) fn inits(spec: &OrchestraSpec) -> Vec<(Place, &str)> {
    let mut seen = Vec::new();
    let mut inits = vec![(Place::Init, spec.init.as_str())];
    for instr in &spec.instrs {
        if !seen.contains(&instr.init()) {
            seen.push(instr.init());
            inits.push((Place::InstrInit(instr.name().to_owned()), instr.init()));
        }
    }
    inits
}

/// Whether any code writes audio buses, so that bodies must say which samples of a cycle are theirs.
pub(super) fn uses_buses(spec: &OrchestraSpec) -> bool {
    let instrs = spec
        .instrs
        .iter()
        .flat_map(|instr| [instr.code(), instr.init()]);
    let includes = spec.includes.iter().map(|include| include.text.as_str());
    let mut texts = instrs.chain(includes).chain([spec.init.as_str()]);
    texts.any(|text| text.contains("busout") || text.contains("busmix"))
}

/// The first instrument number after the one that is always on; those between are for instruments with a name only,
/// which Csound numbers itself, from the lowest free number on.
const FIRST_NUMBER: u32 = 10;

/// The number of the instrument at an index of so many, at a priority.
pub(crate) fn instr_number(index: u32, priority: u32, count: u32) -> u32 {
    FIRST_NUMBER + (priority - 1) * count + index
}

/// What stands between `instr` and `endin` for an Instr, line directives left out; `None` if there is none of that
/// name.
pub(crate) fn instr_body(
    spec: &OrchestraSpec,
    name: &str,
) -> Result<Option<String>, Vec<Diagnostic>> {
    let problems = checks::of_spec(spec);
    if !problems.is_empty() {
        return Err(problems);
    }
    let (layout, gate) = (layout(spec), uses_buses(spec));
    let Some(instr) = spec.instrs.iter().find(|instr| instr.name() == name) else {
        return Ok(None);
    };
    let found = layout.instrs.iter().find(|instr| instr.name == name);
    let body = Body {
        instr,
        layout: &layout,
        first_line: 1,
        gate,
        slices: Slices::FromEvent,
        defaults: found.map_or(0, |found| found.default_slice),
    };
    let text = body.write("1");
    let inside = |line: &&str| {
        let word = line.split_whitespace().next();
        !matches!(word, Some("instr" | "endin" | "#line"))
    };
    Ok(Some(
        text.lines()
            .filter(inside)
            .map(|line| format!("{line}\n"))
            .collect(),
    ))
}

pub(super) fn layout(spec: &OrchestraSpec) -> Layout {
    let slice_cells = super::layout::FIRST_CONTROL + spec.max_controls;
    let count = u32::try_from(spec.instrs.len()).unwrap_or(u32::MAX);
    let mut instrs = Vec::new();
    for (index, instr) in (0..).zip(&spec.instrs) {
        let default_slice = (1 + spec.slices + index) * slice_cells;
        instrs.push(instr_layout(instr, default_slice));
    }
    for (index, priority) in &spec.places {
        let number = instr_number(u32::try_from(*index).unwrap_or(0), *priority, count);
        instrs[*index].numbers.insert(*priority, number);
    }
    Layout {
        outputs: spec.channels + 2 * spec.aux,
        inputs: 4,
        always_on: globals::ALWAYS_ON,
        stopper: globals::STOPPER,
        control_table: globals::CONTROL_TABLE,
        slice_cells,
        slices: spec.slices,
        control_cells: (1 + spec.slices + count) * slice_cells,
        instrs,
        buses: globals::bus_layout(spec),
        tables: globals::table_layouts(spec),
        note_out: globals::NOTE_OUT,
        strings: strings(spec),
    }
}

fn instr_layout(instr: &Instr, default_slice: u32) -> InstrLayout {
    InstrLayout {
        name: instr.name().to_owned(),
        numbers: BTreeMap::new(),
        default_slice,
        pfields: instr.pfields(),
        controls: u32::try_from(instr.controls().count()).unwrap_or(u32::MAX),
    }
}

/// All texts that events of this orchestra can carry, in the order of their numbers.
pub(super) fn strings(spec: &OrchestraSpec) -> Vec<String> {
    let defaults = spec
        .instrs
        .iter()
        .flat_map(Instr::args)
        .filter_map(|arg| match &arg.default {
            Value::Text(text) => Some(text),
            Value::Number(_) => None,
        });
    let mut seen = HashSet::new();
    let all = spec.strings.iter().chain(defaults);
    all.filter(|text| !text.is_empty() && seen.insert(*text))
        .cloned()
        .collect()
}
