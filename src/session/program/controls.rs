//! What the host controls, kept by the performer for all its programs: slots and MIDI channels.

use crate::session::command::SlotValue;
use crate::session::slot::SLOTS;

/// Controller number of the sustain pedal (MIDI 1.0).
pub(crate) const SUSTAIN: u8 = 64;
/// Semitones of a full pitch bend (the General MIDI default).
const BEND_RANGE: f64 = 2.0;

/// The last word of the host on a slot.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SlotState {
    /// `None` while the host has said nothing.
    pub(crate) value: Option<SlotValue>,
    /// Normalized offset.
    pub(crate) modulation: f64,
}

/// The state of a MIDI channel.
#[derive(Clone, Debug)]
pub(crate) struct Channel {
    /// -1..=1.
    pub(crate) bend: f64,
    /// 0..=1.
    pub(crate) pressure: f64,
    /// 0..=1 each.
    pub(crate) controllers: [f64; 128],
}

impl Channel {
    /// The bend in semitones.
    pub(crate) fn bend_semitones(&self) -> f64 {
        self.bend * BEND_RANGE
    }

    pub(crate) fn sustains(&self) -> bool {
        self.controllers[usize::from(SUSTAIN)] >= 0.5
    }
}

impl Default for Channel {
    fn default() -> Self {
        Self {
            bend: 0.0,
            pressure: 0.0,
            controllers: [0.0; 128],
        }
    }
}

/// All of it. Made once; audio thread only.
pub(crate) struct Controls {
    pub(crate) slots: [SlotState; SLOTS],
    pub(crate) channels: [Channel; 16],
}

impl Controls {
    pub(crate) fn new() -> Self {
        Self {
            slots: [SlotState::default(); SLOTS],
            channels: std::array::from_fn(|_| Channel::default()),
        }
    }

    /// Forgets what was played, keeps where the parameters stand.
    pub(crate) fn reset_channels(&mut self) {
        self.channels.fill_with(Channel::default);
    }

    /// The channel of a message, if its number is one.
    pub(crate) fn channel(&mut self, number: u8) -> Option<&mut Channel> {
        self.channels.get_mut(usize::from(number))
    }
}
