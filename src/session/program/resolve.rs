//! From names to numbers: the plan of a program.

use super::plan::{
    Base, Input, LayerPlan, MAX_FIELDS, MAX_NOTE_BUSES, MAX_PARTS, PartPlan, Plan, SlotPlan,
    Target, Template,
};
use crate::session::diagnostic::{Diagnostic, Place};
use crate::session::instr::{Arg, Instr, Value};
use crate::session::layer::{ArgValue, Layer, Part, Release, Source, Trigger};
use crate::session::name::NameId;
use crate::session::orchestra::{FIRST_CONTROL, Layout, OrchestraSpec, starts_by_name};
use crate::session::program::ProgramSpec;
use crate::session::slot::{SLOTS, SlotMap};

/// Opcodes that make or load tables at init.
const TABLE_MAKERS: [&str; 6] = [
    "ftgen",
    "ftgenonce",
    "ftgentmp",
    "ftload",
    "tableng",
    "ftconv",
];

/// Resolves every name of a spec, or says which one means nothing.
pub(super) fn resolve(
    spec: &ProgramSpec,
    orchestra: &OrchestraSpec,
    layout: &Layout,
) -> Result<Plan, Vec<Diagnostic>> {
    let slots = &spec.slots;
    let definitions = orchestra.definitions();
    let templates: Result<Vec<_>, _> = orchestra
        .instrs
        .iter()
        .map(|instr| template(instr, layout, slots, &definitions))
        .collect();
    let resolver = Resolver {
        orchestra,
        layout,
        slots,
        definitions,
    };
    let layers: Result<Vec<_>, _> = spec
        .layers
        .iter()
        .map(|layer| resolver.layer(layer))
        .collect();
    Ok(Plan {
        templates: templates.map_err(|error| vec![error])?,
        layers: layers.map_err(|error| vec![error])?,
        slots: (0..SLOTS)
            .map(|slot| slot_plan(spec, orchestra, slot))
            .collect(),
        default_cells: default_cells(spec, orchestra, layout),
        learned: spec
            .slots
            .iter()
            .filter(|(_, entry)| entry.live)
            .filter_map(|(slot, entry)| Some((entry.controller?, u8::try_from(slot).ok()?)))
            .collect(),
    })
}

fn template(
    instr: &Instr,
    layout: &Layout,
    slots: &SlotMap,
    definitions: &[&str],
) -> Result<Template, Diagnostic> {
    let place = || Place::Instr(instr.name().to_owned());
    let numbers = layout.instr(instr.name()).map(|found| &found.numbers);
    let numbers = numbers.into_iter().flatten();
    let fields = instr.pfields().saturating_sub(4) as usize;
    if fields > MAX_FIELDS - 4 || instr.controls().count() > MAX_FIELDS - 4 {
        let message = format!("an instrument can have {} arguments", MAX_FIELDS - 4);
        return Err(Diagnostic::error(place(), message));
    }
    let mut template = Template {
        name: NameId::of(instr.name()),
        // A priority beyond 65,535 is refused where priorities are read.
        numbers: numbers
            .map(|(priority, number)| (*priority as u16, *number))
            .collect(),
        fields: vec![0.0; fields],
        cells: instr
            .controls()
            .map(|arg| number(&arg.default, layout))
            .collect(),
        slots: instr
            .controls()
            .map(|arg| slot_of(slots, instr, arg))
            .collect(),
        tables: instr.uses(&TABLE_MAKERS, definitions),
        releases: instr.releases_with(definitions),
        targets: Vec::new(),
    };
    for arg in instr.args() {
        let target = target(arg);
        if let Target::Field(index) = target {
            template.fields[index] = number(&arg.default, layout);
        }
        template.targets.push((NameId::of(&arg.name), target));
    }
    for (alias, real) in instr.aliases() {
        if let Some(arg) = instr.arg(real) {
            template.targets.push((NameId::of(alias), target(arg)));
        }
    }
    Ok(template)
}

fn target(arg: &Arg) -> Target {
    match arg.cell {
        Some(cell) => Target::Cell(cell as usize),
        None => Target::Field(arg.place as usize - 5),
    }
}

fn number(value: &Value, layout: &Layout) -> f64 {
    match value {
        Value::Number(number) => *number,
        Value::Text(text) => layout.string_index(text).map_or(0.0, f64::from),
    }
}

fn slot_of(slots: &SlotMap, instr: &Instr, arg: &Arg) -> Option<u8> {
    let slot = slots.find(instr.name(), &arg.name)?;
    // A tombstone moves nothing, though its argument may still be there.
    let live = slots.get(slot).is_some_and(|entry| entry.live);
    u8::try_from(slot).ok().filter(|_| live)
}

fn slot_plan(spec: &ProgramSpec, orchestra: &OrchestraSpec, slot: usize) -> Option<SlotPlan> {
    let arg = slot_arg(spec, orchestra, slot)?.1;
    let default = arg.default.number().unwrap_or(0.0);
    Some(SlotPlan {
        range: arg.range(),
        initial: spec.slots.get(slot)?.value.unwrap_or(default),
    })
}

/// The Instr and the argument that a slot moves.
pub(crate) fn slot_arg<'a>(
    spec: &ProgramSpec,
    orchestra: &'a OrchestraSpec,
    slot: usize,
) -> Option<(&'a Instr, &'a Arg)> {
    let entry = spec.slots.get(slot)?;
    let mut instrs = orchestra.instrs.iter();
    let instr = instrs.find(|instr| instr.name() == entry.instr)?;
    Some((instr, instr.arg(&entry.argument)?))
}

/// The cells of the slices of defaults that follow slots, if any code can start a synth that reads them.
fn default_cells(
    spec: &ProgramSpec,
    orchestra: &OrchestraSpec,
    layout: &Layout,
) -> Vec<(u8, usize)> {
    let cell = |slot| {
        let (instr, arg) = slot_arg(spec, orchestra, usize::from(slot))?;
        let follows = slot_of(&spec.slots, instr, arg) == Some(slot);
        let first = layout.instr(instr.name())?.default_slice + FIRST_CONTROL;
        let cell = (first + arg.cell?) as usize;
        follows.then_some((slot, cell))
    };
    match orchestra.any_word(starts_by_name) {
        true => (0..SLOTS as u8).filter_map(cell).collect(),
        false => Vec::new(),
    }
}

struct Resolver<'a> {
    orchestra: &'a OrchestraSpec,
    layout: &'a Layout,
    slots: &'a SlotMap,
    definitions: Vec<&'a str>,
}

impl Resolver<'_> {
    fn layer(&self, layer: &Layer) -> Result<LayerPlan, Diagnostic> {
        if layer.parts.len() > MAX_PARTS {
            let message = format!("layer {:?} has more than {MAX_PARTS} parts", layer.name);
            return Err(Diagnostic::error(Place::Document, message));
        }
        let note_buses = note_buses(layer)?;
        let parts: Result<Vec<_>, _> = layer
            .parts
            .iter()
            .map(|part| self.part(layer, part, &note_buses))
            .collect();
        let mut parts = parts?;
        parts.sort_by_key(|part| part.priority);
        Ok(LayerPlan {
            trigger: layer.trigger,
            keys: layer.keys,
            velocities: layer.velocities,
            channel: (layer.channel != 0).then_some(layer.channel),
            voices: layer.voices.max(1) as usize,
            mode: layer.mode,
            note_buses: note_buses.len(),
            parts,
        })
    }

    fn part(&self, layer: &Layer, part: &Part, buses: &[&str]) -> Result<PartPlan, Diagnostic> {
        let unknown = || {
            let message = format!(
                "layer {:?} has a part for an unknown Instr {:?}",
                layer.name, part.instr
            );
            Diagnostic::error(Place::Document, message)
        };
        let mut instrs = self.orchestra.instrs.iter().enumerate();
        let (template, instr) = instrs
            .find(|(_, instr)| instr.name() == part.instr)
            .ok_or_else(unknown)?;
        let numbers = &self.layout.instr(&part.instr).ok_or_else(unknown)?.numbers;
        let number = *numbers.get(&part.priority).ok_or_else(unknown)?;
        let fields = instr.pfields().saturating_sub(4) as usize;
        let mut plan = PartPlan {
            template,
            number,
            priority: part.priority,
            fields: vec![Input::constant(0.0); fields],
            cells: vec![Input::constant(0.0); instr.controls().count()],
            slots: 0,
            plain_slots: Vec::new(),
            shaped_slots: 0,
            released_at_once: released_at_once(part, instr, &self.definitions),
            listens: instr.uses(
                &["busin", "in", "ins", "inch", "inx", "inq", "inh", "ino"],
                &self.definitions,
            ),
            glides: instr
                .controls()
                .any(|arg| matches!(arg.name.as_str(), "kmidi" | "kfreq")),
        };
        for arg in instr.args() {
            let input = self.input(layer, part, instr, arg, buses)?;
            match target(arg) {
                Target::Field(index) => plan.fields[index] = input,
                Target::Cell(index) => plan.set_cell(index, input),
            }
        }
        Ok(plan)
    }

    /// Where an argument's value comes from: the part, else the note, else the slot, else the text.
    fn input(
        &self,
        layer: &Layer,
        part: &Part,
        instr: &Instr,
        arg: &Arg,
        buses: &[&str],
    ) -> Result<Input, Diagnostic> {
        let mut input = Input::constant(number(&arg.default, self.layout));
        let given = part
            .args
            .iter()
            .find(|(name, _)| instr.arg(name) == Some(arg));
        if let Some((_, value)) = given {
            input.base = self.given(value, buses)?;
        } else if let Some(source) = note_source(layer, &arg.name) {
            return Ok(Input {
                base: Base::Constant(0.0),
                bound: Some((source, 1.0)),
                times_velocity: false,
            });
        } else if let Some(slot) = slot_of(self.slots, instr, arg) {
            input.base = Base::Slot(slot);
        }
        let binding = layer
            .bind
            .iter()
            .find(|(name, _)| instr.arg(name) == Some(arg));
        input.bound = binding.map(|(_, binding)| (binding.from, binding.amount));
        input.times_velocity =
            layer.trigger == Trigger::Note && matches!(arg.name.as_str(), "iamp" | "kamp");
        Ok(input)
    }

    fn given(&self, value: &ArgValue, buses: &[&str]) -> Result<Base, Diagnostic> {
        let unknown = |bus: &str| {
            let message = format!("there is no bus or table \"@{bus}\"");
            Diagnostic::error(Place::Document, message)
                .with_help("add a [[bus]] or a [[table]] of that name")
        };
        Ok(match value {
            ArgValue::Number(number) => Base::Constant(*number),
            ArgValue::Text(text) => {
                Base::Constant(self.layout.string_index(text).map_or(0.0, f64::from))
            }
            ArgValue::Bus(name) => Base::Constant(
                self.orchestra
                    .reference(name)
                    .ok_or_else(|| unknown(name))?,
            ),
            ArgValue::NoteBus(bus) => Base::NoteBus(
                buses
                    .iter()
                    .position(|known| known == bus)
                    .ok_or_else(|| unknown(bus))?,
            ),
        })
    }
}

/// The private buses of a layer's notes, in order of appearance.
fn note_buses(layer: &Layer) -> Result<Vec<&str>, Diagnostic> {
    let mut names: Vec<&str> = Vec::new();
    for value in layer.parts.iter().flat_map(|part| part.args.values()) {
        if let ArgValue::NoteBus(name) = value
            && !names.contains(&name.as_str())
        {
            names.push(name);
        }
    }
    if names.len() > MAX_NOTE_BUSES {
        let message = format!(
            "a note of layer {:?} has more than {MAX_NOTE_BUSES} buses",
            layer.name
        );
        return Err(Diagnostic::error(Place::Document, message));
    }
    Ok(names)
}

fn released_at_once(part: &Part, instr: &Instr, definitions: &[&str]) -> bool {
    match part.release {
        Release::Note => true,
        Release::After => false,
        Release::Auto => instr.releases_with(definitions),
    }
}

/// What a note gives to the arguments that it is bound to by name.
fn note_source(layer: &Layer, name: &str) -> Option<Source> {
    if layer.trigger != Trigger::Note {
        return None;
    }
    Some(match name {
        "imidi" | "kmidi" => Source::Key,
        "ifreq" | "kfreq" => Source::Frequency,
        "ivel" | "kvel" => Source::Velocity,
        "kpressure" => Source::Pressure,
        "ktimbre" => Source::Timbre,
        "kpan" => Source::Pan,
        "kgain" => Source::Gain,
        _ => return None,
    })
}
