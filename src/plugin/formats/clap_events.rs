//! What nice-plug gets to see of a host's events.

use super::clap_params::Params;
use crate::plugin::moves::{Move, Moves, Place};
use clap_sys::events::{
    CLAP_CORE_EVENT_SPACE_ID, CLAP_EVENT_PARAM_MOD, CLAP_EVENT_PARAM_VALUE, clap_event_header,
    clap_event_param_mod, clap_event_param_value, clap_input_events,
};
use clap_sys::process::clap_process;
use std::ptr::{null, null_mut};

/// A host's event list, without what nice-plug 0.4.2 is kept from: events past the end of the block, which it would
/// follow out of the buffers, and moves of slots, which the plugin takes from [`Moves`].
#[repr(C)]
pub(super) struct Events<'a> {
    list: clap_input_events,
    host: *const clap_input_events,
    frames: u32,
    /// How many nice-plug is told of: all up to the last one that it is to see.
    told: u32,
    /// The index up to which moves of slots were taken.
    taken: u32,
    params: Option<&'a Params>,
}

impl<'a> Events<'a> {
    /// The events of a block; the slots that they move are left in `moves`. Realtime-safe.
    ///
    /// # Safety
    /// `block` is the host's, valid during the call.
    pub(super) unsafe fn of(
        block: &clap_process,
        params: Option<&'a Params>,
        moves: &Moves,
    ) -> Self {
        let mut events = Self {
            list: clap_input_events {
                ctx: null_mut(),
                size: Some(told),
                get: Some(get),
            },
            host: block.in_events,
            frames: block.frames_count,
            told: 0,
            taken: u32::MAX,
            params,
        };
        // SAFETY: the host's list, by the caller's promise.
        let total = unsafe { size(events.host) };
        if total > 0 {
            // SAFETY: as above; the indices are below the size.
            moves.put(|push| unsafe { events.sort(total, push) });
        }
        events
    }

    /// Decides on each event.
    ///
    /// # Safety
    /// The host's list is valid and holds `total` events.
    unsafe fn sort(&mut self, total: u32, push: &mut dyn FnMut(Move) -> bool) {
        for index in 0..total {
            // SAFETY: the caller's promise.
            let Some(event) = (unsafe { event_at(self.host, index).as_ref() }) else {
                continue;
            };
            if event.time >= self.frames {
                continue;
            }
            // SAFETY: an event of the host's list.
            let moved = unsafe { self.moved(event) }.filter(|_| self.taken == u32::MAX);
            let taken = moved.is_some_and(&mut *push);
            if moved.is_some() && !taken {
                self.taken = index;
            }
            if !taken {
                self.told = index + 1;
            }
        }
    }

    /// What an event does to a slot, if that is all it does.
    ///
    /// # Safety
    /// `event` is the header of a whole event.
    unsafe fn moved(&self, event: &clap_event_header) -> Option<Move> {
        let params = self.params?;
        if event.space_id != CLAP_CORE_EVENT_SPACE_ID {
            return None;
        }
        let event: *const clap_event_header = event;
        // SAFETY: the type says what the header is the beginning of, by CLAP's contract.
        let (offset, id, number, to) = unsafe {
            match (*event).type_ {
                CLAP_EVENT_PARAM_VALUE => {
                    let event = &*event.cast::<clap_event_param_value>();
                    let value = Place::Value(event.value as f32);
                    (event.header.time, event.param_id, event.value, value)
                }
                CLAP_EVENT_PARAM_MOD => {
                    let event = &*event.cast::<clap_event_param_mod>();
                    // One for a note goes nice-plug's way, as notes do.
                    let amount = (event.note_id == -1).then_some(event.amount)?;
                    let offset = Place::Modulation(amount as f32);
                    (event.header.time, event.param_id, amount, offset)
                }
                _ => return None,
            }
        };
        let slot = params.slot_of(id).filter(|_| number.is_finite())?;
        Some(Move { offset, slot, to })
    }

    /// The list for nice-plug, valid as long as `self`.
    pub(super) fn list(&self) -> *const clap_input_events {
        if self.host.is_null() {
            return null();
        }
        (&raw const *self).cast()
    }
}

unsafe extern "C" fn told(list: *const clap_input_events) -> u32 {
    // SAFETY: `list` is the first field of an `Events` that lives as long as the block.
    unsafe { (*list.cast::<Events>()).told }
}

/// nice-plug passes over events that are null.
unsafe extern "C" fn get(list: *const clap_input_events, index: u32) -> *const clap_event_header {
    // SAFETY: as in `told`.
    let events = unsafe { &*list.cast::<Events>() };
    if index >= events.told {
        return null();
    }
    // SAFETY: the host's list is valid during the block, and the index below its size; so is the event.
    unsafe {
        let event = event_at(events.host, index);
        let is_hidden = |event: &clap_event_header| {
            event.time >= events.frames || index < events.taken && events.moved(event).is_some()
        };
        if event.as_ref().is_some_and(is_hidden) {
            return null();
        }
        event
    }
}

/// How many events a list holds.
///
/// # Safety
/// `list` is null or a host's list.
unsafe fn size(list: *const clap_input_events) -> u32 {
    // SAFETY: a list that is not null is valid, by the caller's promise.
    match unsafe { list.as_ref().and_then(|list| list.size) } {
        // SAFETY: the list's own function.
        Some(size) => unsafe { size(list) },
        None => 0,
    }
}

/// An event of a list.
///
/// # Safety
/// `list` is a host's list, and the index below its size.
unsafe fn event_at(list: *const clap_input_events, index: u32) -> *const clap_event_header {
    // SAFETY: the caller's promise.
    match unsafe { (*list).get } {
        // SAFETY: the list's own function.
        Some(get) => unsafe { get(list, index) },
        None => null(),
    }
}
