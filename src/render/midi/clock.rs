//! From ticks to samples, without rounding on the way.

use midly::{Fps, MetaMessage, Timing};

use crate::render::song::Song;

/// A quarter note without a tempo message: 120 to the minute.
const DEFAULT_TEMPO: u64 = 500_000;

/// A position in a MIDI file. Time is kept as a whole number of parts, so that no error adds up.
pub struct Clock {
    tick: u64,
    parts: u128,
    parts_per_tick: u64,
    parts_per_second: u128,
    by_tempo: bool,
    sample_rate: u32,
    song: Song,
}

impl Clock {
    pub fn new(timing: Timing, sample_rate: u32) -> Result<Self, String> {
        let (parts_per_tick, parts_per_second, by_tempo) = match timing {
            // A part is a microsecond divided by the ticks of a quarter note.
            Timing::Metrical(ticks) => {
                (DEFAULT_TEMPO, 1_000_000 * u128::from(ticks.as_int()), true)
            }
            Timing::Timecode(Fps::Fps29, ticks) => (1001, 30_000 * u128::from(ticks), false),
            Timing::Timecode(fps, ticks) => {
                (1, u128::from(fps.as_int()) * u128::from(ticks), false)
            }
        };
        if parts_per_second == 0 {
            return Err("is damaged: its header says 0 ticks".to_owned());
        }
        Ok(Self {
            tick: 0,
            parts: 0,
            parts_per_tick,
            parts_per_second,
            by_tempo,
            sample_rate,
            song: Song::steady(sample_rate),
        })
    }

    /// Goes on to a later tick.
    pub fn advance_to(&mut self, tick: u64) {
        self.parts += u128::from(tick - self.tick) * u128::from(self.parts_per_tick);
        self.tick = tick;
    }

    /// Takes a tempo or a time signature from here on. SMPTE time knows no tempo.
    pub fn obey(&mut self, message: MetaMessage) -> Result<(), String> {
        let at = self.sample()?;
        match message {
            MetaMessage::Tempo(quarter) if self.by_tempo && quarter > 0 => {
                let microseconds = quarter.as_int();
                self.parts_per_tick = u64::from(microseconds);
                let tempo = 60.0e6 / f64::from(microseconds);
                self.song.change(at, |transport| transport.tempo = tempo);
            }
            MetaMessage::TimeSignature(upper, lower, ..) if upper > 0 && lower < 16 => {
                self.song.change(at, |transport| {
                    transport.bar_start = transport.beat;
                    transport.numerator = f64::from(upper);
                    transport.denominator = f64::from(1_u32 << lower);
                });
            }
            _ => {}
        }
        Ok(())
    }

    /// The tempo map and the time signatures so far.
    pub fn into_song(self) -> Song {
        self.song
    }

    /// The nearest sample.
    pub fn sample(&self) -> Result<u64, String> {
        let doubled = 2 * self.parts * u128::from(self.sample_rate) + self.parts_per_second;
        let sample = doubled / (2 * self.parts_per_second);
        let day = 86_400 * u128::from(self.sample_rate);
        match u64::try_from(sample) {
            Ok(sample) if u128::from(sample) <= day => Ok(sample),
            _ => Err("is longer than a day".to_owned()),
        }
    }
}
