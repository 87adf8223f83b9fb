//! The transport of a render: where the song stands at each sample.

use crate::session::program::Transport;

/// A song that runs from session time 0, with its changes of tempo and time signature.
#[derive(Clone, Debug, PartialEq)]
pub struct Song {
    sample_rate: f64,
    /// In order of time; the first one is at 0.
    stretches: Vec<Stretch>,
}

/// A part of a song in which nothing changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Its first sample.
    pub start: u64,
    /// The transport there.
    pub transport: Transport,
}

impl Song {
    /// 120 quarter notes a minute, four to a bar.
    pub fn steady(sample_rate: u32) -> Self {
        let transport = Transport {
            playing: true,
            ..Transport::default()
        };
        let stretches = vec![Stretch {
            start: 0,
            transport,
        }];
        Self {
            sample_rate: f64::from(sample_rate),
            stretches,
        }
    }

    /// Changes the transport from a sample on, not before the changes that were made already.
    pub fn change(&mut self, at: u64, change: impl FnOnce(&mut Transport)) {
        let last = self.at(at).0;
        let elapsed = (at - last.start.min(at)) as i64;
        let mut transport = last.transport.moved(elapsed, self.sample_rate);
        change(&mut transport);
        self.stretches.retain(|stretch| stretch.start < at);
        self.stretches.push(Stretch {
            start: at,
            transport,
        });
    }

    /// The stretch that a sample lies in, and where the next one starts.
    pub fn at(&self, sample: u64) -> (Stretch, Option<u64>) {
        let next = self
            .stretches
            .partition_point(|stretch| stretch.start <= sample);
        let here = self.stretches[next.saturating_sub(1)];
        (here, self.stretches.get(next).map(|stretch| stretch.start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_goes_on_from_where_the_song_stands() {
        let mut song = Song::steady(48_000);
        song.change(96_000, |transport| transport.tempo = 60.0);
        song.change(192_000, |transport| transport.numerator = 3.0);
        assert_eq!(song.at(95_999).1, Some(96_000));
        let (second, next) = song.at(96_000);
        assert_eq!((second.start, next), (96_000, Some(192_000)));
        assert_eq!((second.transport.beat, second.transport.bar), (4.0, 1.0));
        let (third, next) = song.at(1_000_000);
        assert_eq!((third.transport.beat, third.transport.seconds), (6.0, 4.0));
        assert_eq!(
            (third.transport.tempo, third.transport.numerator),
            (60.0, 3.0)
        );
        assert_eq!(next, None);
    }

    #[test]
    fn a_later_change_at_the_same_sample_adds_to_the_earlier_one() {
        let mut song = Song::steady(48_000);
        song.change(0, |transport| transport.tempo = 90.0);
        song.change(0, |transport| transport.denominator = 8.0);
        let transport = song.at(0).0.transport;
        assert_eq!((transport.tempo, transport.denominator), (90.0, 8.0));
        assert!(transport.playing);
    }
}
