//! What the host controls, kept by the performer for all its programs: slots and MIDI channels.

use super::mpe::{Channels, Parameter, Rpn, Zones};
use crate::session::command::SlotValue;
use crate::session::slot::SLOTS;

/// Controller number of the sustain pedal (MIDI 1.0).
pub(crate) const SUSTAIN: u8 = 64;
/// The last of the pedals.
const SOFT: u8 = 67;
/// Channel mode messages (MIDI 1.0): sounds end at once, controllers are reset, keys come up.
pub(crate) const ALL_SOUND_OFF: u8 = 120;
pub(crate) const RESET: u8 = 121;
pub(crate) const ALL_NOTES_OFF: u8 = 123;
/// Controllers that say the same as a note's own expressions (General MIDI 2, MPE).
const VIBRATO: u8 = 1;
const EXPRESSION: u8 = 11;
const BRIGHTNESS: u8 = 74;
/// Semitones of a full pitch bend (the General MIDI default).
const BEND_RANGE: f64 = 2.0;
/// The same on a channel of an MPE zone that carries a note each.
const MEMBER_BEND_RANGE: f64 = 48.0;

/// The last word of the host on a slot.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SlotState {
    /// `None` while the host has said nothing.
    pub(crate) value: Option<SlotValue>,
    /// Where a MIDI controller has put it since then, normalized.
    pub(crate) learned: Option<f64>,
    /// Normalized offset.
    pub(crate) modulation: f64,
}

/// The state of a MIDI channel.
#[derive(Clone, Debug)]
struct Channel {
    /// -1..=1.
    bend: f64,
    /// Semitones of a full bend.
    bend_range: f64,
    /// 0..=1.
    pressure: f64,
    /// 0..=1 each.
    controllers: [f64; 128],
    rpn: Rpn,
}

impl Channel {
    /// Forgets what was played, keeps how it is tuned.
    fn reset(&mut self) {
        *self = Self {
            bend_range: self.bend_range,
            ..Self::default()
        };
    }

    fn controller(&self, number: u8) -> f64 {
        self.controllers[usize::from(number & 127)]
    }

    /// Bend, pressure, modulation, expression, pedals and the chosen parameter are as at the beginning, by the MIDI
    /// association's RP-015; all else stays.
    fn reset_controllers(&mut self) {
        (self.bend, self.pressure, self.rpn) = (0.0, 0.0, Rpn::default());
        for number in [VIBRATO, EXPRESSION].into_iter().chain(SUSTAIN..=SOFT) {
            self.controllers[usize::from(number)] = 0.0;
        }
    }
}

impl Default for Channel {
    fn default() -> Self {
        Self {
            bend: 0.0,
            bend_range: BEND_RANGE,
            pressure: 0.0,
            controllers: [0.0; 128],
            rpn: Rpn::default(),
        }
    }
}

/// All of it. Made once; audio thread only.
pub(crate) struct Controls {
    pub(crate) slots: [SlotState; SLOTS],
    channels: [Channel; 16],
    zones: Zones,
}

impl Controls {
    pub(crate) fn new() -> Self {
        Self {
            slots: [SlotState::default(); SLOTS],
            channels: std::array::from_fn(|_| Channel::default()),
            zones: Zones::default(),
        }
    }

    /// Forgets what was played; keeps where the parameters stand, the zones and the bend ranges.
    pub(crate) fn reset_channels(&mut self) {
        self.channels.iter_mut().for_each(Channel::reset);
    }

    /// Forgets all but where the parameters stand.
    pub(crate) fn forget_channels(&mut self) {
        self.channels.fill_with(Channel::default);
        self.slots.iter_mut().for_each(|slot| slot.learned = None);
        self.zones = Zones::default();
    }

    /// Takes a bend, -1..=1. Returns the channels that it bends.
    pub(crate) fn bend(&mut self, channel: u8, value: f64) -> Channels {
        self.change(channel, |state| state.bend = value)
    }

    /// Takes a channel's pressure, 0..=1. Returns the channels that it concerns.
    pub(crate) fn pressure(&mut self, channel: u8, value: f64) -> Channels {
        self.change(channel, |state| state.pressure = value)
    }

    /// Takes a controller, 0..=1. Returns the channels that it concerns.
    pub(crate) fn controller(&mut self, channel: u8, number: u8, value: f64) -> Channels {
        if number == RESET {
            return self.change(channel, Channel::reset_controllers);
        }
        let mut parameter = None;
        let concerned = self.change(channel, |state| {
            state.controllers[usize::from(number & 127)] = value;
            parameter = state.rpn.controller(number, value);
        });
        match parameter {
            Some(Parameter::BendRange(semitones)) => self.set_bend_range(channel, semitones),
            Some(Parameter::Zone(members)) => self.set_zone(channel, members),
            None => concerned,
        }
    }

    fn change(&mut self, channel: u8, change: impl FnOnce(&mut Channel)) -> Channels {
        match self.channels.get_mut(usize::from(channel)) {
            Some(state) => {
                change(state);
                self.zones.reached_from(channel)
            }
            None => Channels::default(),
        }
    }

    /// One channel's, or, on one that carries a zone's notes, that of all which do.
    fn set_bend_range(&mut self, channel: u8, semitones: f64) -> Channels {
        let channels = self.zones.tuned_with(channel);
        for channel in channels.iter() {
            self.channels[usize::from(channel)].bend_range = semitones;
        }
        channels
    }

    fn set_zone(&mut self, master: u8, members: u8) -> Channels {
        let before = self.zones.reached_from(master);
        if !self.zones.set(master, members) {
            return Channels::one(master);
        }
        let concerned = before.and(self.zones.reached_from(master));
        for channel in concerned.iter() {
            let of_zone = self.zones.master_of(channel).is_some();
            self.channels[usize::from(channel)] = Channel {
                bend_range: if of_zone {
                    MEMBER_BEND_RANGE
                } else {
                    BEND_RANGE
                },
                // The message goes on: another value may follow.
                rpn: self.channels[usize::from(channel)].rpn,
                ..Channel::default()
            };
        }
        concerned
    }

    /// The channel that a layer knows a note of this channel by: the master's, in a zone.
    pub(crate) fn part_channel(&self, channel: u8) -> u8 {
        self.zones.master_of(channel).unwrap_or(channel)
    }

    /// Whether a pedal keeps the notes of a channel.
    pub(crate) fn sustains(&self, channel: u8) -> bool {
        self.player(Some(channel)).controller(SUSTAIN) >= 0.5
    }

    /// What the channel of a note does to it.
    pub(crate) fn player(&self, channel: Option<u8>) -> Player<'_> {
        let channel = channel.unwrap_or(0) & 15;
        let master = self.zones.master_of(channel);
        Player {
            own: &self.channels[usize::from(channel)],
            master: master.map(|master| &self.channels[usize::from(master)]),
        }
    }
}

/// What the channels of a note do to it: its own one and, in an MPE zone, the master's.
#[derive(Clone, Copy)]
pub(crate) struct Player<'a> {
    own: &'a Channel,
    master: Option<&'a Channel>,
}

impl Player<'_> {
    /// The bend in semitones.
    pub(crate) fn semitones(&self) -> f64 {
        let bend = |channel: &Channel| channel.bend * channel.bend_range;
        bend(self.own) + self.master.map_or(0.0, bend)
    }

    /// -1..=1.
    pub(crate) fn bend(&self) -> f64 {
        let bend = self.own.bend + self.master.map_or(0.0, |master| master.bend);
        bend.clamp(-1.0, 1.0)
    }

    /// 0..=1, the larger one.
    pub(crate) fn pressure(&self) -> f64 {
        let master = self.master.map_or(0.0, |master| master.pressure);
        self.own.pressure.max(master)
    }

    /// 0..=1, the larger one.
    pub(crate) fn controller(&self, number: u8) -> f64 {
        let master = self.master.map_or(0.0, |master| master.controller(number));
        self.own.controller(number).max(master)
    }

    /// 0..=1.
    pub(crate) fn timbre(&self) -> f64 {
        self.controller(BRIGHTNESS)
    }

    /// 0..=1.
    pub(crate) fn vibrato(&self) -> f64 {
        self.controller(VIBRATO)
    }

    /// 0..=1.
    pub(crate) fn expression(&self) -> f64 {
        self.controller(EXPRESSION)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rpn(controls: &mut Controls, channel: u8, number: u8, value: u8) {
        for (controller, value) in [(101, 0), (100, number), (6, value)] {
            controls.controller(channel, controller, f64::from(value) / 127.0);
        }
    }

    fn semitones(controls: &Controls, channel: u8) -> f64 {
        controls.player(Some(channel)).semitones()
    }

    #[test]
    fn a_bend_is_two_semitones_until_rpn_0_says_otherwise() {
        let mut controls = Controls::new();
        controls.bend(3, 1.0);
        assert_eq!(semitones(&controls, 3), 2.0);
        rpn(&mut controls, 3, 0, 12);
        controls.controller(3, 38, 50.0 / 127.0);
        assert_eq!(semitones(&controls, 3), 12.5);
        controls.bend(4, 1.0);
        assert_eq!(semitones(&controls, 4), 2.0);
    }

    #[test]
    fn in_a_zone_a_note_hears_its_own_channel_and_the_master() {
        let mut controls = Controls::new();
        rpn(&mut controls, 0, 6, 5);
        controls.bend(1, 0.5);
        controls.bend(0, -1.0);
        assert_eq!(semitones(&controls, 1), 24.0 - 2.0);
        assert_eq!(semitones(&controls, 2), -2.0);
        assert_eq!(semitones(&controls, 6), 0.0, "beyond the zone");
        rpn(&mut controls, 3, 0, 24);
        assert_eq!(
            semitones(&controls, 1),
            12.0 - 2.0,
            "members are tuned together"
        );
        assert_eq!((controls.part_channel(5), controls.part_channel(6)), (0, 6));
    }

    /// The zone forgot which parameter was chosen, so that the second value went nowhere.
    #[test]
    fn a_second_value_follows_the_first() {
        let mut controls = Controls::new();
        rpn(&mut controls, 0, 6, 5);
        controls.controller(0, 6, 0.0);
        assert_eq!(controls.part_channel(1), 1);
    }

    #[test]
    fn a_reset_forgets_what_is_played_with_and_keeps_the_rest() {
        let mut controls = Controls::new();
        controls.bend(0, 1.0);
        controls.pressure(0, 1.0);
        for number in [VIBRATO, SUSTAIN, BRIGHTNESS] {
            controls.controller(0, number, 1.0);
        }
        controls.controller(0, RESET, 0.0);
        let player = controls.player(Some(0));
        assert_eq!((player.bend(), player.pressure()), (0.0, 0.0));
        assert_eq!((player.vibrato(), player.timbre()), (0.0, 1.0));
        assert!(!controls.sustains(0));
    }

    #[test]
    fn a_zone_ends_when_it_has_no_members() {
        let mut controls = Controls::new();
        rpn(&mut controls, 15, 6, 3);
        assert_eq!(controls.part_channel(12), 15);
        rpn(&mut controls, 15, 6, 0);
        controls.bend(12, 1.0);
        assert_eq!(
            (controls.part_channel(12), semitones(&controls, 12)),
            (12, 2.0)
        );
    }
}
