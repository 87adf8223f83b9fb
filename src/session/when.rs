//! When a program takes over from the one before.

use super::program::Transport;

/// The moment at which an edit is heard. What sounds by then plays on in the old program; notes, the host's input and
/// the always-on parts go to the new one from that very sample on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum When {
    /// At the next cycle.
    #[default]
    Now,
    /// At the next quarter note of the host's song; at once while the song stands still.
    Beat,
    /// At the next bar line of the host's song; at once while the song stands still.
    Bar,
    /// At this session time in samples; at once when it has passed.
    At(u64),
}

impl When {
    /// Whether a program that was sent later comes no later in any case, so that one for this moment would never be
    /// heard.
    pub(crate) fn is_superseded_by(self, newer: When) -> bool {
        newer == When::Now || newer == self
    }
}

/// A moment in samples and in the song.
pub(crate) struct Clock {
    /// Session time in samples.
    pub(crate) now: u64,
    /// The song there.
    pub(crate) song: Transport,
    pub(crate) sample_rate: f64,
}

impl Clock {
    /// Samples from here to the moment; 0 if it has passed.
    pub(crate) fn until(&self, when: When) -> u64 {
        match when {
            When::Now => 0,
            When::At(time) => time.saturating_sub(self.now),
            When::Beat => self.until_line(0.0, 1.0),
            When::Bar => self.until_line(self.song.bar_start, self.song.quarters_per_bar()),
        }
    }

    /// Samples to the next of the lines that stand `apart` quarter notes apart. A line counts for the sample that is
    /// nearest to it.
    fn until_line(&self, first: f64, apart: f64) -> u64 {
        let samples_per_quarter = 60.0 * self.sample_rate / self.song.tempo;
        if !self.song.playing || !samples_per_quarter.is_finite() {
            return 0;
        }
        let from = self.song.beat - 0.5 / samples_per_quarter;
        let line = first + ((from - first) / apart).ceil() * apart;
        ((line - self.song.beat) * samples_per_quarter)
            .round()
            .max(0.0) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clock(beat: f64, tempo: f64) -> Clock {
        let song = Transport {
            playing: true,
            beat,
            tempo,
            ..Transport::default()
        };
        Clock {
            now: 1000,
            song,
            sample_rate: 48_000.0,
        }
    }

    #[test]
    fn moments_are_counted_from_here() {
        let clock = clock(4.5, 120.0);
        assert_eq!(clock.until(When::Now), 0);
        assert_eq!(
            (clock.until(When::At(1001)), clock.until(When::At(7))),
            (1, 0)
        );
        assert_eq!(clock.until(When::Beat), 12_000);
        assert_eq!(clock.until(When::Bar), 84_000);
    }

    #[test]
    fn bars_count_from_where_the_host_says() {
        let mut clock = clock(4.5, 120.0);
        (clock.song.bar_start, clock.song.numerator) = (3.0, 3.0);
        assert_eq!(clock.until(When::Bar), 36_000);
    }

    #[test]
    fn a_song_that_stands_still_is_not_waited_for() {
        let mut clock = clock(4.5, 120.0);
        clock.song.playing = false;
        assert_eq!(clock.until(When::Bar), 0);
    }

    proptest! {
        /// Whatever cycles look for them, each line is met once, by the sample that is nearest to it.
        #[test]
        fn a_line_belongs_to_one_sample(tempo in 20.0..300.0f64, ksmps in 1..129u64, from in 0..1_000_000u64) {
            let apart = 60.0 * 48_000.0 / tempo;
            let cycles = (0..400).map(|cycle| from + cycle * ksmps);
            let met: Vec<u64> = cycles
                .filter_map(|start| {
                    let until = clock(start as f64 / apart, tempo).until(When::Beat);
                    (until < ksmps).then_some(start + until)
                })
                .collect();
            let first = (from as f64 / apart).floor() as u64;
            let lines = (first..).map(|line| (line as f64 * apart).round() as u64);
            let there: Vec<u64> = lines
                .skip_while(|line| *line < from)
                .take_while(|line| *line < from + 400 * ksmps)
                .collect();
            prop_assert_eq!(met, there);
        }
    }
}
