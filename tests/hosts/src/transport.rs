//! The transport that a host shows.

use clack_host::events::event_types::{TransportEvent, TransportFlags};
use clack_host::events::{EventFlags, EventHeader};
use clack_host::utils::{BeatTime, SecondsTime};

/// A song position that runs at a steady tempo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transport {
    /// False while the song stands still.
    pub playing: bool,
    /// Beats per minute.
    pub tempo: f64,
    /// The position at the start of the take, in quarter notes.
    pub beat: f64,
    /// Beats in a bar over the kind of beat, such as (6, 8).
    pub signature: (u16, u16),
}

impl Default for Transport {
    fn default() -> Transport {
        Transport {
            playing: true,
            tempo: 120.0,
            beat: 0.0,
            signature: (4, 4),
        }
    }
}

impl Transport {
    /// What the plugin is shown at the start of a block that begins `seconds` into the take.
    pub(crate) fn event(&self, seconds: f64) -> TransportEvent {
        let passed = if self.playing { seconds } else { 0.0 };
        let beat = self.beat + passed * self.tempo / 60.0;
        let bar = f64::from(self.signature.0) * 4.0 / f64::from(self.signature.1);
        let bars = (beat / bar).floor();
        let mut flags = TransportFlags::HAS_TEMPO
            | TransportFlags::HAS_BEATS_TIMELINE
            | TransportFlags::HAS_SECONDS_TIMELINE
            | TransportFlags::HAS_TIME_SIGNATURE;
        flags.set(TransportFlags::IS_PLAYING, self.playing);
        TransportEvent {
            header: EventHeader::new_core(0, EventFlags::empty()),
            flags,
            song_pos_beats: BeatTime::from_float(beat),
            song_pos_seconds: SecondsTime::from_float(beat * 60.0 / self.tempo),
            tempo: self.tempo,
            tempo_inc: 0.0,
            loop_start_beats: BeatTime::from_int(0),
            loop_end_beats: BeatTime::from_int(0),
            loop_start_seconds: SecondsTime::from_int(0),
            loop_end_seconds: SecondsTime::from_int(0),
            bar_start: BeatTime::from_float(bars * bar),
            bar_number: bars as i32,
            time_signature_numerator: self.signature.0,
            time_signature_denominator: self.signature.1,
        }
    }
}
