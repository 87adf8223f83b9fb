//! Events that come too late for their block.

use clap_sys::events::{clap_event_header, clap_input_events};
use clap_sys::process::clap_process;
use std::ptr::{null, null_mut};

/// A host's event list that may hold events past the end of its block, which nice-plug 0.4.2 would follow out of
/// the buffers. They are left out; events are in order of time, so a shorter list leaves out just those.
#[repr(C)]
pub(super) struct Late {
    list: clap_input_events,
    host: *const clap_input_events,
    kept: u32,
    total: u32,
}

impl Late {
    /// The events of a block.
    ///
    /// # Safety
    /// `block` is the host's, valid during the call.
    pub(super) unsafe fn events(block: &clap_process) -> Self {
        let host = block.in_events;
        let list = clap_input_events {
            ctx: null_mut(),
            size: Some(late_size),
            get: Some(late_get),
        };
        // SAFETY: a list that is not null has its functions set, by CLAP's contract; they are asked for
        // indices below the size.
        let (total, kept) = unsafe {
            match host.as_ref().and_then(|l| Some((l.size?, l.get?))) {
                Some((size, get)) => {
                    let total = size(host);
                    let in_time = |&i: &u32| {
                        get(host, i)
                            .as_ref()
                            .is_none_or(|e| e.time < block.frames_count)
                    };
                    (
                        total,
                        (0..total).rev().find(in_time).map_or(0, |last| last + 1),
                    )
                }
                None => (0, 0),
            }
        };
        Self {
            list,
            host,
            kept,
            total,
        }
    }

    /// Whether something is left out.
    pub(super) fn any(&self) -> bool {
        self.kept < self.total
    }

    /// The list without it, valid as long as `self`.
    pub(super) fn without(&self) -> *const clap_input_events {
        (&raw const *self).cast()
    }
}

unsafe extern "C" fn late_size(list: *const clap_input_events) -> u32 {
    // SAFETY: `list` is the first field of a `Late` that lives as long as the block.
    unsafe { (*list.cast::<Late>()).kept }
}

unsafe extern "C" fn late_get(
    list: *const clap_input_events,
    index: u32,
) -> *const clap_event_header {
    // SAFETY: as in `late_size`.
    let late = unsafe { &*list.cast::<Late>() };
    // SAFETY: the host's list is valid during the block.
    match unsafe { (*late.host).get } {
        // SAFETY: the index is below the host's size.
        Some(get) if index < late.kept => unsafe { get(late.host, index) },
        _ => null(),
    }
}
