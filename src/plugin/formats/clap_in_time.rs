//! Events that come out of order, or past the end of their block. nice-plug 0.4.2 would count back from the ones and
//! follow the others out of the buffers.

use clap_sys::events::{
    CLAP_CORE_EVENT_SPACE_ID, CLAP_EVENT_TRANSPORT, clap_event_header, clap_input_events,
};
use clap_sys::process::clap_process;
use std::cell::{Cell, UnsafeCell};
use std::ptr::{null, null_mut};

/// No event that nice-plug reads is longer.
const LONGEST: usize = 128;

/// A host's events, each at the time of the latest before it if it says an earlier one, and at the last sample of the
/// block if it says a later one. Made for one block, for one reader on one thread.
#[repr(C)]
pub(super) struct InTime {
    list: clap_input_events,
    host: *const clap_input_events,
    last: u32,
    /// How many events were read, and the latest time among them.
    read: Cell<(u32, u32)>,
    moved: UnsafeCell<Moved>,
}

/// The event that was read last, if it had to be moved.
#[repr(C, align(8))]
struct Moved([u8; LONGEST]);

type Get = unsafe extern "C" fn(*const clap_input_events, u32) -> *const clap_event_header;

/// The functions of a host's list. A list that is not null has them, by CLAP's contract.
///
/// # Safety
/// `host` is null or valid.
unsafe fn functions(host: *const clap_input_events) -> Option<(u32, Get)> {
    // SAFETY: as the caller promises; the size may be asked for at any time.
    unsafe {
        let list = host.as_ref()?;
        Some(((list.size?)(host), list.get?))
    }
}

/// Whether a block's events are in order and in the block. Realtime-safe.
///
/// # Safety
/// `block` is the host's, valid during the call.
pub(super) unsafe fn are_in_time(block: &clap_process) -> bool {
    let host = block.in_events;
    // SAFETY: the host's list, asked for indices below its size.
    let Some((size, get)) = (unsafe { functions(host) }) else {
        return true;
    };
    let times = (0..size).filter_map(|index| {
        // SAFETY: as above; an event is valid during the block.
        unsafe { get(host, index).as_ref() }.map(|event| event.time)
    });
    let mut latest = 0;
    times.into_iter().all(|time| {
        let in_order = time >= latest && time < block.frames_count;
        latest = time;
        in_order
    })
}

impl InTime {
    /// The events of a block that has samples.
    pub(super) fn new(block: &clap_process) -> Self {
        Self {
            list: clap_input_events {
                ctx: null_mut(),
                size: Some(size),
                get: Some(get),
            },
            host: block.in_events,
            last: block.frames_count.saturating_sub(1),
            read: Cell::new((0, 0)),
            moved: UnsafeCell::new(Moved([0; LONGEST])),
        }
    }

    /// The list, valid as long as `self`; an event of it until the next one is asked for.
    pub(super) fn list(&self) -> *const clap_input_events {
        (&raw const *self).cast()
    }

    /// When an event happens: no earlier than any before it.
    ///
    /// # Safety
    /// The host's list is valid, and longer than `index`.
    unsafe fn time(&self, get: Get, index: u32) -> u32 {
        let (mut read, mut latest) = self.read.get();
        if read > index + 1 {
            (read, latest) = (0, 0);
        }
        for index in read..=index {
            // SAFETY: as the caller promises.
            if let Some(event) = unsafe { get(self.host, index).as_ref() } {
                latest = event.time.clamp(latest, self.last);
            }
        }
        self.read.set((index + 1, latest));
        latest
    }

    /// An event at another time; null if it cannot be moved, which leaves it out. What a transport event says is
    /// looked at later, when the next one stands here.
    fn moved(&self, event: &clap_event_header, time: u32) -> *const clap_event_header {
        let length = event.size as usize;
        let is_transport =
            event.space_id == CLAP_CORE_EVENT_SPACE_ID && event.type_ == CLAP_EVENT_TRANSPORT;
        if is_transport || !(size_of::<clap_event_header>()..=LONGEST).contains(&length) {
            return null();
        }
        let room = self.moved.get().cast::<u8>();
        // SAFETY: the event has as many bytes as its header says, the room has more; one thread reads the list, and has
        // done with the event that stood here.
        unsafe {
            std::ptr::copy_nonoverlapping((&raw const *event).cast::<u8>(), room, length);
            let header = room.cast::<clap_event_header>();
            (*header).time = time;
            header
        }
    }
}

unsafe extern "C" fn size(list: *const clap_input_events) -> u32 {
    // SAFETY: `list` is the first field of an `InTime` that lives as long as the block, as does the host's list.
    unsafe { functions((*list.cast::<InTime>()).host) }.map_or(0, |(size, _)| size)
}

unsafe extern "C" fn get(list: *const clap_input_events, index: u32) -> *const clap_event_header {
    // SAFETY: as in `size`; the host is asked for indices below its size.
    unsafe {
        let events = &*list.cast::<InTime>();
        match functions(events.host) {
            Some((size, get)) if index < size => {
                let time = events.time(get, index);
                match get(events.host, index).as_ref() {
                    Some(event) if event.time != time => events.moved(event, time),
                    Some(event) => event,
                    None => null(),
                }
            }
            _ => null(),
        }
    }
}
