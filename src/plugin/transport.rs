//! The host's transport as the session knows it.

use crate::session::performer::Transport;
use nice_plug::context::process::Transport as HostTransport;

/// The transport at the first sample of a block. What a host does not say stands as in a song at 120 quarter notes a
/// minute in 4/4.
pub fn transport(host: &HostTransport) -> Transport {
    let usual = Transport::default();
    let signature = |number: Option<i32>, usual| number.filter(|&n| n > 0).map_or(usual, f64::from);
    Transport {
        playing: host.playing,
        recording: host.recording,
        looping: host.loop_range_beats.is_some() || host.loop_range_seconds.is_some(),
        tempo: host
            .tempo
            .filter(|&tempo| tempo > 0.0)
            .unwrap_or(usual.tempo),
        beat: host.pos_beats().unwrap_or(usual.beat),
        bar_start: host.bar_start_pos_beats().unwrap_or(usual.bar_start),
        bar: host.bar_number().map_or(usual.bar, f64::from),
        numerator: signature(host.time_sig_numerator, usual.numerator),
        denominator: signature(host.time_sig_denominator, usual.denominator),
        seconds: host.pos_seconds().unwrap_or(usual.seconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_host_gives_the_usual_song() {
        assert_eq!(
            transport(&HostTransport::new(48_000.0)),
            Transport::default()
        );
    }

    #[test]
    fn a_signature_of_zero_is_not_believed() {
        let mut host = HostTransport::new(48_000.0);
        (host.time_sig_numerator, host.time_sig_denominator) = (Some(0), Some(0));
        host.tempo = Some(0.0);
        let heard = transport(&host);
        assert_eq!(
            (heard.numerator, heard.denominator, heard.tempo),
            (4.0, 4.0, 120.0)
        );
    }

    #[test]
    fn the_position_is_worked_out_where_only_beats_are_given() {
        let mut host = HostTransport::new(48_000.0);
        (host.tempo, host.pos_beats) = (Some(60.0), Some(9.0));
        (host.time_sig_numerator, host.time_sig_denominator) = (Some(3), Some(4));
        let heard = transport(&host);
        assert_eq!((heard.seconds, heard.beat, heard.bar), (9.0, 9.0, 3.0));
    }
}
