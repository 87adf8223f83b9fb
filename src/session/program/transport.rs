//! The host's transport, as control channels of the program.

use crate::csound::{Channel, Csound};
use crate::session::orchestra::{CABBAGE_CHANNELS, TRANSPORT_CHANNELS};

/// Where the host's song stands at the first sample of a block. Times are those of the song, not of the session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transport {
    /// The song moves.
    pub playing: bool,
    /// The host records.
    pub recording: bool,
    /// A loop is active.
    pub looping: bool,
    /// Quarter notes a minute.
    pub tempo: f64,
    /// Position in quarter notes.
    pub beat: f64,
    /// Number of the bar, 0 for the first one.
    pub bar: f64,
    /// Where a bar begins, in quarter notes: this one, or any before without a change of signature between.
    pub bar_start: f64,
    /// Upper number of the time signature.
    pub numerator: f64,
    /// Lower number of the time signature.
    pub denominator: f64,
    /// Position in seconds.
    pub seconds: f64,
}

impl Default for Transport {
    fn default() -> Self {
        Self {
            playing: false,
            recording: false,
            looping: false,
            tempo: 120.0,
            beat: 0.0,
            bar: 0.0,
            bar_start: 0.0,
            numerator: 4.0,
            denominator: 4.0,
            seconds: 0.0,
        }
    }
}

impl Transport {
    /// The transport some samples later, or earlier if negative. A song that stands still stays where it is.
    pub fn moved(&self, samples: i64, sample_rate: f64) -> Self {
        if !self.playing || samples == 0 {
            return *self;
        }
        let seconds = samples as f64 / sample_rate;
        let beat = self.beat + seconds * self.tempo / 60.0;
        let bar = |beat: f64| ((beat - self.bar_start) / self.quarters_per_bar()).floor();
        let bars = bar(beat) - bar(self.beat);
        Self {
            beat,
            seconds: self.seconds + seconds,
            bar: self.bar + bars,
            ..*self
        }
    }

    /// Length of a bar in quarter notes.
    pub fn quarters_per_bar(&self) -> f64 {
        self.numerator * 4.0 / self.denominator
    }

    /// In the order of [`TRANSPORT_CHANNELS`].
    fn values(&self) -> [f64; TRANSPORT_CHANNELS.len()] {
        let flag = |on: bool| f64::from(u8::from(on));
        [
            self.tempo,
            self.beat,
            self.bar,
            self.numerator,
            self.denominator,
            self.seconds,
            flag(self.playing),
            flag(self.recording),
            flag(self.looping),
        ]
    }

    /// In the order of [`CABBAGE_CHANNELS`].
    fn cabbage_values(&self, sample_rate: f64) -> [f64; CABBAGE_CHANNELS.len()] {
        let [
            tempo,
            beat,
            _,
            numerator,
            denominator,
            seconds,
            playing,
            recording,
            _,
        ] = self.values();
        let samples = (seconds * sample_rate).round();
        [
            tempo,
            beat,
            numerator,
            denominator,
            seconds,
            samples,
            playing,
            recording,
        ]
    }
}

/// A cycle's place in time: so many samples after the block began at which the host showed its transport.
pub(crate) struct Moment<'a> {
    pub(crate) block: &'a Transport,
    /// Negative when the cycle began in an earlier block.
    pub(crate) samples: i64,
    pub(crate) sample_rate: f64,
}

impl Moment<'_> {
    /// The song there.
    pub(crate) fn song(&self) -> Transport {
        self.block.moved(self.samples, self.sample_rate)
    }
}

/// The transport's control channels in one program.
pub(super) struct TransportChannels {
    own: [Option<Channel>; TRANSPORT_CHANNELS.len()],
    cabbage: [Option<Channel>; CABBAGE_CHANNELS.len()],
    written: Option<Transport>,
}

impl TransportChannels {
    /// The channels that are `needed`; `None` if there are none. Allocates inside Csound.
    pub(super) fn new(csound: &mut Csound, needed: impl Fn(&str) -> bool) -> Option<Self> {
        let mut channel = |name| needed(name).then(|| csound.control_channel(name)).flatten();
        let channels = Self {
            own: TRANSPORT_CHANNELS.map(&mut channel),
            cabbage: CABBAGE_CHANNELS.map(channel),
            written: None,
        };
        let any = channels
            .own
            .iter()
            .chain(&channels.cabbage)
            .any(Option::is_some);
        any.then_some(channels)
    }

    /// Writes what has changed. Realtime-safe.
    pub(super) fn write(&mut self, csound: &mut Csound, moment: &Moment) {
        let transport = moment.song();
        if self.written == Some(transport) {
            return;
        }
        let values = transport.values();
        let cabbage = transport.cabbage_values(moment.sample_rate);
        let own = self.own.iter().zip(values);
        for (channel, value) in own.chain(self.cabbage.iter().zip(cabbage)) {
            if let Some(channel) = channel {
                csound.set_channel(channel, value);
            }
        }
        self.written = Some(transport);
    }
}
