//! MIDI polyphonic expression: zones of channels that carry a note each, and the registered parameters that make them
//! (MPE 1.0, MIDI 1.0 RPN 0 and 6).

const LOWER_MASTER: u8 = 0;
const UPPER_MASTER: u8 = 15;
/// Channels that are no master's.
const MOST_MEMBERS: u8 = 15;

/// Controllers by which registered parameters are chosen and set.
pub(crate) const DATA: u8 = 6;
const DATA_FINE: u8 = 38;
const NRPN_FINE: u8 = 98;
const NRPN: u8 = 99;
const RPN_FINE: u8 = 100;
const RPN: u8 = 101;

/// A set of MIDI channels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Channels(u16);

impl Channels {
    pub(crate) fn one(channel: u8) -> Self {
        Self(1 << (channel & 15))
    }

    pub(crate) fn has(self, channel: u8) -> bool {
        self.0 >> (channel & 15) & 1 == 1
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = u8> {
        (0..16).filter(move |&channel| self.has(channel))
    }
}

/// How many channels beside its master each zone has; 0 where there is no zone.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Zones {
    lower: u8,
    upper: u8,
}

impl Zones {
    /// Makes, changes or ends the zone of a master; false if the channel cannot be one. The other zone gives way.
    pub(crate) fn set(&mut self, master: u8, members: u8) -> bool {
        let members = members.min(MOST_MEMBERS);
        let room = (MOST_MEMBERS - 1).saturating_sub(members);
        match master {
            LOWER_MASTER => (self.lower, self.upper) = (members, self.upper.min(room)),
            UPPER_MASTER => (self.lower, self.upper) = (self.lower.min(room), members),
            _ => return false,
        }
        true
    }

    /// The master of a channel that carries notes of a zone.
    pub(crate) fn master_of(self, channel: u8) -> Option<u8> {
        let of_lower = channel > LOWER_MASTER && channel <= self.lower;
        let of_upper = channel < UPPER_MASTER && channel >= UPPER_MASTER - self.upper;
        match (of_lower, of_upper) {
            (true, _) => Some(LOWER_MASTER),
            (_, true) => Some(UPPER_MASTER),
            _ => None,
        }
    }

    fn members(self, master: u8) -> Channels {
        let of_it = (0..16).filter(|&channel| self.master_of(channel) == Some(master));
        of_it.fold(Channels::default(), |all, channel| {
            all.and(Channels::one(channel))
        })
    }

    /// The channels whose notes hear a message: a master's reaches its whole zone.
    pub(crate) fn reached_from(self, channel: u8) -> Channels {
        Channels::one(channel).and(self.members(channel))
    }

    /// The channels that share a bend range: all that carry the notes of a zone.
    pub(crate) fn tuned_with(self, channel: u8) -> Channels {
        match self.master_of(channel) {
            Some(master) => self.members(master),
            None => Channels::one(channel),
        }
    }
}

/// A registered parameter that was set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Parameter {
    /// Semitones of a full bend.
    BendRange(f64),
    /// The members of the zone whose master the channel is.
    Zone(u8),
}

/// Which registered parameter a channel has chosen, and its value so far, in steps of 0..=127.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rpn {
    chosen: (u8, u8),
    coarse: u8,
}

impl Default for Rpn {
    fn default() -> Self {
        Self {
            chosen: NOTHING,
            coarse: 0,
        }
    }
}

/// MIDI's number for "no parameter".
const NOTHING: (u8, u8) = (127, 127);

impl Rpn {
    /// Hears a controller, 0..=1; what it sets, if anything.
    pub(crate) fn controller(&mut self, number: u8, value: f64) -> Option<Parameter> {
        let step = (value.clamp(0.0, 1.0) * 127.0).round() as u8;
        match number {
            RPN => self.chosen.0 = step,
            RPN_FINE => self.chosen.1 = step,
            NRPN | NRPN_FINE => self.chosen = NOTHING,
            DATA => {
                self.coarse = step;
                return self.set(0);
            }
            DATA_FINE => return self.set(step),
            _ => {}
        }
        None
    }

    fn set(&self, fine: u8) -> Option<Parameter> {
        match self.chosen {
            (0, 0) => {
                let cents = f64::from(fine.min(99));
                Some(Parameter::BendRange(f64::from(self.coarse) + cents / 100.0))
            }
            (0, 6) if fine == 0 => Some(Parameter::Zone(self.coarse)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_zones_share_the_channels() {
        let mut zones = Zones::default();
        assert!(zones.set(0, 10) && zones.set(15, 4));
        assert_eq!(
            (zones.master_of(10), zones.master_of(11)),
            (Some(0), Some(15))
        );
        zones.set(15, 7);
        assert_eq!(zones.master_of(8), Some(15), "the newer one wins");
        assert_eq!(zones.master_of(7), Some(0));
        zones.set(0, 15);
        assert_eq!(
            (zones.master_of(14), zones.master_of(15)),
            (Some(0), Some(0))
        );
        assert!(!zones.set(3, 2));
    }
}
