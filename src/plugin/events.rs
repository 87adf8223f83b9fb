//! What the performer tells the host.

use super::midi;
use crate::session::command::HostEvent;
use nice_plug::prelude::{Plugin, ProcessContext};

/// Passes on what the last block had to tell. What the host has no room for is lost: it is a hint (ended voices) or
/// music that it asked for too little room for. Realtime-safe.
pub fn tell_host<P: Plugin>(events: &[HostEvent], context: &mut impl ProcessContext<P>) {
    for &event in events {
        let _ = context.try_send_event(midi::event(event));
    }
}
