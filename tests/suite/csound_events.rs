//! Events: exact onsets and lengths, release, kill, and what is refused.

use csound_session::csound::{Config, Csound, MAX_PFIELDS};

use super::csound_kit::{mono, onset, perform, said, started};

/// Instrument 1 writes silence first, instruments 2 to 4 write ones in three ways, 5 needs no first writer.
const WRITERS: &str = "
instr 1
 out a(0)
endin
instr 2
 out a(1)
endin
instr 3
 aone linsegr 1, 1, 1, 0.01, 0
 outs aone, aone
endin
instr 4
 outch 1, a(1)
endin
";

const SECOND: f64 = -1.0;

/// Index of the first frame that sounds on the first channel.
fn first_sound(heard: &[f64], channels: u32) -> Option<usize> {
    heard
        .chunks(channels as usize)
        .position(|frame| frame[0] != 0.0)
}

#[test]
fn every_onset_is_exact_for_every_writer() {
    for ksmps in [16, 32, 64, 128] {
        for (instr, outputs) in [(2, 1), (3, 2), (4, 1)] {
            let config = Config {
                outputs,
                ..mono(ksmps)
            };
            let mut csound = started(&config, WRITERS);
            csound.event(&[1.0, 0.0, -1.0]);
            perform(&mut csound, 3);
            for offset in 0..ksmps {
                let p1 = f64::from(instr) + 0.5;
                csound.event(&[p1, onset(offset, &config), SECOND]);
                let heard = perform(&mut csound, 1);
                let place = format!("instr {instr}, ksmps {ksmps}");
                assert_eq!(
                    first_sound(&heard, outputs),
                    Some(offset as usize),
                    "{place}"
                );
                csound.kill(p1);
                assert!(
                    perform(&mut csound, 1).iter().all(|sample| *sample == 0.0),
                    "{place}"
                );
            }
        }
    }
}

#[test]
fn outch_doubles_an_offset_unless_silence_is_written_first() {
    let config = mono(64);
    let onsets = |first_writer: bool| -> Vec<Option<usize>> {
        let mut csound = started(&config, WRITERS);
        if first_writer {
            csound.event(&[1.0, 0.0, -1.0]);
        }
        perform(&mut csound, 2);
        let onset_of = |offset: u32| {
            csound.event(&[4.5, onset(offset, &config), -1.0]);
            let heard = perform(&mut csound, 1);
            csound.kill(4.5);
            perform(&mut csound, 1);
            first_sound(&heard, 1)
        };
        [1, 5, 20, 31].map(onset_of).to_vec()
    };
    assert_eq!(onsets(true), [Some(1), Some(5), Some(20), Some(31)]);
    assert_eq!(onsets(false), [Some(2), Some(10), Some(40), Some(62)]);
}

#[test]
fn a_plain_onset_in_the_second_half_of_a_cycle_is_late() {
    let config = mono(32);
    let heard_at = |p2: f64| {
        let mut csound = started(&config, WRITERS);
        perform(&mut csound, 1);
        csound.event(&[2.0, p2, -1.0]);
        first_sound(&perform(&mut csound, 3), 1)
    };
    assert_eq!(heard_at(20.0 / 48_000.0), Some(52));
    assert_eq!(heard_at(onset(20, &config)), Some(20));
}

#[test]
fn a_finite_length_is_exact_from_every_offset() {
    let body = "instr 1\n p3 = p4\n out a(1)\n p3 = p3 + p5\nendin";
    for ksmps in [16_u32, 32, 64, 128] {
        let config = mono(ksmps);
        let mut csound = started(&config, body);
        perform(&mut csound, 3);
        for offset in 0..ksmps {
            for length in [1, 2, ksmps - 1, ksmps, ksmps + 1, 500, 5 * ksmps - offset] {
                let whole = (offset + length) % ksmps == 0;
                let extra =
                    (if whole { 0.25 } else { f64::from(ksmps) + 0.25 }) / config.sample_rate;
                let p3 = f64::from(length) / config.sample_rate;
                csound.event(&[1.0, onset(offset, &config), p3 + extra, p3, extra]);
                let heard = perform(&mut csound, (length / ksmps + 4) as usize);
                let sounding = heard.iter().filter(|sample| **sample != 0.0).count();
                assert_eq!(sounding, length as usize, "ksmps {ksmps}, offset {offset}");
                assert_eq!(first_sound(&heard, 1), Some(offset as usize));
            }
        }
    }
}

const LEVELS: &str =
    "instr 1\n out a(0.5)\nendin\ninstr 2\n out linsegr:a(1, 1, 1, 0.01, 0)\nendin";

fn level(csound: &mut Csound) -> f64 {
    *perform(csound, 2).last().expect("a cycle has samples")
}

#[test]
fn the_same_p1_ties_and_another_fraction_sounds() {
    let mut csound = started(&mono(32), LEVELS);
    csound.event(&[1.25, 0.0, -1.0]);
    csound.event(&[1.25, 0.0, -1.0]);
    assert_eq!(
        level(&mut csound),
        0.5,
        "the second note is tied to the first"
    );
    csound.event(&[1.5, 0.0, -1.0]);
    assert_eq!(level(&mut csound), 1.0);
}

#[test]
fn a_release_is_heard_in_full_and_reaches_one_instance_only() {
    let mut csound = started(&mono(32), LEVELS);
    csound.event(&[2.001, 0.0, -1.0]);
    csound.event(&[2.002, 0.0, -1.0]);
    assert_eq!(level(&mut csound), 2.0);
    csound.release(2.001);
    let heard = perform(&mut csound, 20);
    let releasing = heard.iter().filter(|sample| **sample > 1.0).count();
    // 10 ms at 48 kHz; the first sample of the release may still be at full level.
    assert!((479..=481).contains(&releasing), "{releasing} samples");
    assert_eq!(level(&mut csound), 1.0, "the other one sounds on");
}

#[test]
fn a_kill_is_exact_and_immediate() {
    let mut csound = started(&mono(32), LEVELS);
    for p1 in [2.001, 2.002, 1.001] {
        csound.event(&[p1, 0.0, -1.0]);
    }
    assert_eq!(level(&mut csound), 2.5);
    assert!(csound.kill(2.001));
    assert_eq!(
        perform(&mut csound, 1),
        [1.5; 32],
        "no release, and the siblings sound on"
    );
    assert!(csound.kill(2.002));
    assert!(!csound.kill(2.002), "there is none left");
    assert!(!csound.kill(77.0));
    assert_eq!(perform(&mut csound, 1), [0.5; 32]);
}

#[test]
fn the_last_possible_field_arrives() {
    let body = format!("instr 1\n aout = p{MAX_PFIELDS}\n out aout\nendin");
    let mut csound = started(&mono(32), &body);
    let mut fields = vec![0.0; MAX_PFIELDS];
    fields[0] = 1.0;
    fields[2] = -1.0;
    fields[MAX_PFIELDS - 1] = 0.75;
    assert!(csound.event(&fields));
    assert_eq!(perform(&mut csound, 1), [0.75; 32]);
}

#[test]
fn what_would_harm_csound_is_refused() {
    let mut csound = started(&mono(32), LEVELS);
    let mut too_many = vec![0.0; MAX_PFIELDS + 1];
    too_many[0] = 1.0;
    assert!(!csound.event(&too_many));
    assert!(!csound.event(&[1.0, 0.0]));
    assert!(!csound.event(&[f64::NAN, 0.0, 1.0]));
    assert!(!csound.event(&[1.0, 0.0, 1.0, f64::NAN]));
    assert!(!csound.kill(f64::NAN));
    assert_eq!(perform(&mut csound, 2), [0.0; 64]);
}

#[test]
fn an_unknown_instrument_is_told_by_message() {
    let mut csound = started(&mono(32), LEVELS);
    said(&mut csound);
    csound.event(&[77.0, 0.0, -1.0]);
    perform(&mut csound, 1);
    let said = said(&mut csound);
    assert!(
        said.contains("invalid instrument number or name 77"),
        "{said}"
    );
}
