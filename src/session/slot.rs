//! Slots: the host parameters that controls are bound to. A binding is made once and kept.

use super::instr::{Arg, ArgKind, Instr};
use super::layer::{Layer, Trigger};
use std::collections::HashSet;

/// How many controls a host can reach.
pub const SLOTS: usize = 128;

/// What a slot is bound to.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotEntry {
    /// Name of the Instr.
    pub instr: String,
    /// Name of its control.
    pub argument: String,
    /// False for a tombstone: the control has disappeared, and takes this slot again if it returns.
    pub live: bool,
    /// Its current value in the control's own units; `None` while it follows the default in the text.
    pub value: Option<f64>,
    /// The MIDI controller that moves it too, on any channel, 0..=127.
    pub controller: Option<u8>,
}

impl SlotEntry {
    /// The control's full name, `instr.argument`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.instr, self.argument)
    }
}

/// The slots of a document, in the order of the host's parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SlotMap {
    entries: Vec<Option<SlotEntry>>,
}

impl SlotMap {
    /// The entry of a slot.
    pub fn get(&self, slot: usize) -> Option<&SlotEntry> {
        self.entries.get(slot)?.as_ref()
    }

    /// The slots in use or with a tombstone, in order.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &SlotEntry)> {
        self.entries
            .iter()
            .enumerate()
            .filter_map(|(slot, entry)| Some((slot, entry.as_ref()?)))
    }

    /// Binds a slot as a document says. An entry beyond the last slot is ignored.
    pub fn bind(&mut self, slot: usize, entry: SlotEntry) {
        if slot < SLOTS {
            if self.entries.len() <= slot {
                self.entries.resize(slot + 1, None);
            }
            self.entries[slot] = Some(entry);
        }
    }

    /// Where a control is bound.
    pub fn find(&self, instr: &str, argument: &str) -> Option<usize> {
        self.iter()
            .find(|(_, e)| e.instr == instr && e.argument == argument)
            .map(|(slot, _)| slot)
    }

    /// Sets the value of a control by its full name, `instr.argument`; false if it has no slot.
    pub fn set_value(&mut self, name: &str, value: f64) -> bool {
        let entry = self.entries.iter_mut().flatten().find(|e| e.name() == name);
        entry.map(|e| e.value = Some(value)).is_some()
    }

    /// Lets a MIDI controller move a control, by its full name; false if it has no slot.
    pub fn set_controller(&mut self, name: &str, controller: u8) -> bool {
        let entry = self.entries.iter_mut().flatten().find(|e| e.name() == name);
        entry.map(|e| e.controller = Some(controller)).is_some()
    }

    /// Follows the text: binds new controls to free slots, buries those that are gone, wakes those that are back.
    /// Returns the full names of the controls that found no slot.
    pub fn follow(&mut self, instrs: &[Instr], layers: &[Layer]) -> Vec<String> {
        let wanted = host_controls(instrs, layers);
        for entry in self.entries.iter_mut().flatten() {
            entry.live = wanted
                .iter()
                .any(|(i, a)| *i == entry.instr && *a == entry.argument);
        }
        let new: Vec<_> = wanted
            .into_iter()
            .filter(|(i, a)| self.find(i, a).is_none())
            .collect();
        let mut overflow = Vec::new();
        for (instr, argument) in new {
            let entry = SlotEntry {
                instr,
                argument,
                live: true,
                value: None,
                controller: None,
            };
            match self.free_slot() {
                Some(slot) => self.bind(slot, entry),
                None => overflow.push(entry.name()),
            }
        }
        overflow
    }

    /// An unused slot, else the oldest tombstone's would be taken by nobody: a returning control finds its own.
    fn free_slot(&self) -> Option<usize> {
        let unused = self
            .entries
            .iter()
            .position(Option::is_none)
            .unwrap_or(self.entries.len());
        (unused < SLOTS).then_some(unused)
    }
}

/// The arguments that a host may see: controls first, then what notes read once, so that a document whose slots were
/// never written down keeps those of its controls.
fn host_controls(instrs: &[Instr], layers: &[Layer]) -> Vec<(String, String)> {
    let fixed = fixed_arguments(layers);
    let of_kind = |kind: ArgKind| {
        let (layers, fixed) = (layers, &fixed);
        let visible = move |instr: &Instr, arg: &Arg| {
            arg.kind == kind
                && !arg.note.internal
                && (kind == ArgKind::Control || played(layers, instr))
                && is_offered(arg)
                && (!played(layers, instr) || !is_note_argument(&arg.name))
                && !fixed.contains(&(instr.name(), arg.name.as_str()))
        };
        instrs.iter().flat_map(move |instr| {
            let visible = instr.args().iter().filter(move |arg| visible(instr, arg));
            visible.map(|arg| (instr.name().to_owned(), arg.name.clone()))
        })
    };
    of_kind(ArgKind::Control)
        .chain(of_kind(ArgKind::Init))
        .collect()
}

/// Whether an argument can have a slot: a control can, and a number that is read at the start of a note if it says its
/// range or its choices. Table numbers and bus tokens do not.
pub fn is_offered(arg: &Arg) -> bool {
    match arg.kind {
        ArgKind::Control => true,
        ArgKind::Init => arg.note.range.is_some() || !arg.note.choices.is_empty(),
        ArgKind::Text => false,
    }
}

/// Whether notes start it.
fn played(layers: &[Layer], instr: &Instr) -> bool {
    let by_notes = layers.iter().filter(|layer| layer.trigger == Trigger::Note);
    by_notes
        .flat_map(|layer| &layer.parts)
        .any(|part| part.instr == instr.name())
}

/// Arguments that every part using the Instr fixes itself.
fn fixed_arguments(layers: &[Layer]) -> HashSet<(&str, &str)> {
    let parts = || layers.iter().flat_map(|layer| &layer.parts);
    let everywhere = |instr: &str, argument: &str| {
        parts()
            .filter(|p| p.instr == instr)
            .all(|p| p.args.contains_key(argument))
    };
    let given = parts().flat_map(|p| p.args.keys().map(move |a| (p.instr.as_str(), a.as_str())));
    given
        .filter(|(instr, argument)| everywhere(instr, argument))
        .collect()
}

/// Whether a name belongs to a note's pitch, velocity or expressions, which have no slot. `kamp` and `iamp` have one:
/// their value is multiplied by the velocity.
pub(super) fn is_note_argument(name: &str) -> bool {
    matches!(
        name,
        "kmidi"
            | "imidi"
            | "kfreq"
            | "ifreq"
            | "kvel"
            | "ivel"
            | "kpressure"
            | "ktimbre"
            | "kpan"
            | "kgain"
    )
}
