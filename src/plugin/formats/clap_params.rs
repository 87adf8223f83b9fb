//! `clap.params` with names that follow the code, unmodulated values, and no reading past the last parameter.

use super::clap_shell::Shell;
use super::link::Link;
use crate::plugin::params::{self, PluginParams};
use crate::session::slot::SLOTS;
use clap_sys::events::{clap_input_events, clap_output_events};
use clap_sys::ext::params::{CLAP_PARAM_IS_HIDDEN, clap_param_info, clap_plugin_params};
use clap_sys::id::clap_id;
use clap_sys::plugin::clap_plugin;
use std::ffi::{c_char, c_void};
use std::sync::Arc;

/// nice-plug's parameter functions, with three of them replaced.
pub(super) struct Params {
    table: clap_plugin_params,
    original: clap_plugin_params,
    /// Host ids by index.
    ids: Vec<clap_id>,
    slots: SlotIds,
    params: Arc<PluginParams>,
}

type Flush =
    unsafe extern "C" fn(*const clap_plugin, *const clap_input_events, *const clap_output_events);

impl Params {
    /// Wraps `original`, if it lists exactly our parameters in our order; otherwise the host gets nice-plug's own
    /// table, with static names.
    ///
    /// # Safety
    /// `original` is null or nice-plug's table, and `plugin` an instance of it.
    pub(super) unsafe fn around(
        original: *const clap_plugin_params,
        plugin: *const clap_plugin,
        link: &Link,
    ) -> Option<Self> {
        // SAFETY: the table is a field of the instance, which lives.
        let original = unsafe { *original.as_ref()? };
        let params = link.params()?;
        let (count, get_info) = (original.count?, original.get_info?);
        let expected = params::host_ids(&params);
        // SAFETY: nice-plug's functions with its own instance; `index` is below its count.
        let listed = (0..unsafe { count(plugin) }).map(|index| unsafe {
            let mut info: clap_param_info = std::mem::zeroed();
            get_info(plugin, index, &mut info).then_some(info.id)
        });
        let ids: Vec<clap_id> = listed.collect::<Option<_>>()?;
        let table = clap_plugin_params {
            get_info: Some(get_info_followed),
            get_value: Some(get_value_unmodulated),
            ..original
        };
        (ids == expected).then(|| Self {
            slots: SlotIds::new(&ids),
            table,
            original,
            ids,
            params,
        })
    }

    /// The table for the host.
    pub(super) fn table(&self) -> *const c_void {
        (&raw const self.table).cast()
    }

    /// The number by which the host knows a slot.
    pub(super) fn id_of_slot(&self, slot: usize) -> Option<clap_id> {
        let index = (0..self.ids.len()).find(|&index| params::slot_at(index) == Some(slot))?;
        self.ids.get(index).copied()
    }

    /// The slot that the host knows by a number. Realtime-safe.
    pub(super) fn slot_of(&self, id: clap_id) -> Option<u8> {
        self.slots.get(id)
    }

    pub(super) fn flush(&self) -> Option<Flush> {
        self.original.flush
    }
}

/// Slots by the host's numbers for them: a table with room enough that most are found at the first look.
struct SlotIds([(clap_id, u8); SLOT_CELLS]);

/// A power of two, eight times as many as there are slots.
const SLOT_CELLS: usize = 8 * SLOTS;
/// In place of a slot: there is none.
const NO_SLOT: u8 = u8::MAX;

impl SlotIds {
    /// `ids` are those of all parameters, by index.
    fn new(ids: &[clap_id]) -> Self {
        let mut cells = [(0, NO_SLOT); SLOT_CELLS];
        for (index, &id) in ids.iter().enumerate() {
            let free = |&cell: &usize| cells[cell].1 == NO_SLOT;
            if let Some(slot) = params::slot_at(index)
                && let Some(cell) = Self::cells_of(id).find(free)
            {
                cells[cell] = (id, slot as u8);
            }
        }
        Self(cells)
    }

    fn get(&self, id: clap_id) -> Option<u8> {
        let found = Self::cells_of(id).map(|cell| self.0[cell]);
        let mut until_empty = found.take_while(|(_, slot)| *slot != NO_SLOT);
        until_empty.find(|cell| cell.0 == id).map(|(_, slot)| slot)
    }

    /// Where to look, in turn.
    fn cells_of(id: clap_id) -> impl Iterator<Item = usize> {
        // Knuth's multiplicative hash.
        let first = (id.wrapping_mul(0x9E37_79B1) >> 16) as usize;
        (first..first + SLOT_CELLS).map(|cell| cell % SLOT_CELLS)
    }
}

unsafe extern "C" fn get_info_followed(
    plugin: *const clap_plugin,
    index: u32,
    info: *mut clap_param_info,
) -> bool {
    if plugin.is_null() || info.is_null() {
        return false;
    }
    // SAFETY: the host passes the pointer it was given.
    let shell = unsafe { Shell::of(plugin) };
    let Some(params) = shell.params().filter(|p| (index as usize) < p.ids.len()) else {
        return false;
    };
    let Some(get_info) = params.original.get_info else {
        return false;
    };
    // SAFETY: nice-plug's function, its own instance, an index below its count, the host's memory.
    if !unsafe { get_info(plugin, index, info) } {
        return false;
    }
    // SAFETY: nice-plug has filled it in.
    follow(unsafe { &mut *info }, index as usize, shell.link());
    true
}

/// Puts the current face of a slot into what nice-plug said of it.
fn follow(info: &mut clap_param_info, index: usize, link: &Link) {
    let Some(slot) = params::slot_at(index) else {
        return;
    };
    match link.names.get(slot) {
        Some(face) => {
            write_text(&mut info.name, &face.name);
            write_text(&mut info.module, &face.group);
            info.default_value = face.default.clamp(0.0, 1.0);
        }
        None => info.flags |= CLAP_PARAM_IS_HIDDEN,
    }
}

unsafe extern "C" fn get_value_unmodulated(
    plugin: *const clap_plugin,
    id: clap_id,
    value: *mut f64,
) -> bool {
    if plugin.is_null() || value.is_null() {
        return false;
    }
    // SAFETY: the host passes the pointer it was given.
    let Some(params) = (unsafe { Shell::of(plugin) }).params() else {
        return false;
    };
    let Some(index) = params.ids.iter().position(|&known| known == id) else {
        return false;
    };
    // SAFETY: the host's memory for one number.
    unsafe { *value = params::unmodulated(&params.params, index) };
    true
}

/// Writes a C string, cut at a character boundary where it is too long.
pub(super) fn write_text(into: &mut [c_char], text: &str) {
    let room = into.len().saturating_sub(1);
    let cut = (0..=text.len().min(room))
        .rev()
        .find(|&n| text.is_char_boundary(n))
        .unwrap_or(0);
    let bytes = text.as_bytes()[..cut]
        .iter()
        .map(|&b| if b == 0 { b' ' } else { b });
    into.fill(0);
    for (place, byte) in into.iter_mut().zip(bytes) {
        *place = byte as c_char;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_is_found_by_its_number_and_nothing_else_is() {
        let ids: Vec<clap_id> = (0..params::COUNT as u32)
            .map(|i| 7919 * (i / 3) + i)
            .collect();
        let slots = SlotIds::new(&ids);
        for (index, &id) in ids.iter().enumerate() {
            let slot = params::slot_at(index).map(|slot| slot as u8);
            assert_eq!(slots.get(id), slot);
        }
        assert_eq!(slots.get(u32::MAX), None);
    }

    #[test]
    fn text_is_cut_between_characters() {
        let mut place = [1 as c_char; 5];
        write_text(&mut place, "abcö");
        assert_eq!(place, [b'a', b'b', b'c', 0, 0].map(|b| b as c_char));
        write_text(&mut place, "");
        assert_eq!(place, [0; 5]);
    }
}
