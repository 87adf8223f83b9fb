//! Setting a parameter from the plugin's own side.

use crate::plugin::params::PluginParams;
use nice_plug::params::InternalParamMut;

/// Puts a slot's parameter at a normalized value, without telling the host: the caller does, by
/// [`News::Values`](super::News). Any thread; realtime-safe.
pub fn set_slot(params: &PluginParams, slot: usize, normalized: f32) {
    if let Some(slot) = params.slots.get(slot) {
        // SAFETY: the function writes atomics only. It is marked unsafe to keep it to nice-plug's own libraries, whose
        // `set_state` would be the other way: it sets parameters on the audio thread.
        unsafe { slot.value._internal_set_normalized_value(normalized) };
    }
}

/// Puts a slot's parameter a normalized offset beside its value. Any thread; realtime-safe.
pub fn modulate_slot(params: &PluginParams, slot: usize, offset: f32) {
    if let Some(slot) = params.slots.get(slot) {
        // SAFETY: as above.
        unsafe { slot.value._internal_modulate_value(offset) };
    }
}
