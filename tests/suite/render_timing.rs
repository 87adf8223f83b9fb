//! Onsets, lengths and ends of renders, to the sample.

use csound_session::render::BlockSize;

use super::render_kit::{Kit, RATE, extent};

/// A constant as long as its synth lives.
const DC: &str = "|kval=0.25|\na1 = upsamp(kval)\nouts a1, a1";
/// A constant with a release of 0.5 s, also played by notes.
const RELEASE: &str = "|iamp=0.5, imidi=60|\na1 linsegr 1, 1, 1, 0.5, 0\nouts a1*0.5, a1*0.5";

#[test]
fn events_start_and_end_at_the_nearest_sample() {
    for ksmps in [1, 16, 32, 64, 100, 128] {
        for at in [0.0, 0.1001, 0.1003, 0.1005, 0.1007, 0.25] {
            let score = format!("[[event]]\ninstr = \"dc\"\nat = {at}\ndur = 0.05\n");
            let mut kit = Kit::instr("dc", DC).score(&score);
            kit.job.ksmps = Some(ksmps);
            let start = (at * f64::from(RATE)).round() as usize;
            let end = ((at + 0.05) * f64::from(RATE)).round() as usize;
            let left = kit.left();
            assert_eq!(
                extent(&left),
                Some((start, end - 1)),
                "ksmps {ksmps}, at {at}"
            );
            assert_eq!(left.len(), end, "ksmps {ksmps}, at {at}");
            assert!(left[start..end].iter().all(|sample| *sample == 0.25));
        }
    }
}

#[test]
fn notes_start_at_the_nearest_sample_for_every_offset_in_a_cycle() {
    let notes: String = (0..32)
        .map(|n| {
            let at = f64::from(n * 961) / f64::from(RATE);
            format!("[[note]]\nat = {at:.9}\ndur = 0.01\nkey = 60\nvelocity = 1\n")
        })
        .collect();
    let body = "|imidi=60|\na1 init 0.5\noutch 1, a1\noutch 2, a1";
    let left = Kit::instr("dc", body).score(&notes).left();
    for n in 0..32 {
        let onset = n * 961;
        assert_eq!(left[onset], 0.5, "note {n}");
        assert!(onset == 0 || left[onset - 1] == 0.0, "note {n}");
    }
}

#[test]
fn what_is_played_does_not_depend_on_blocks() {
    let score = "[[note]]\nat = 0.013\ndur = 0.2\nkey = 60\n[[note]]\nat = 0.1\ndur = 0.1\nkey = 64\n\
                 [[param]]\nname = \"synth.kcutoff\"\nat = 0.05\nvalue = 3000\n";
    let render = |block| {
        let mut kit = Kit::factory("default.toml").score(score);
        kit.job.block = block;
        kit.sound()
    };
    let reference = render(BlockSize::default());
    assert!(reference.frames() > 20_000);
    for frames in [1, 17, 64, 480, 4096] {
        assert!(
            render(BlockSize::Fixed(frames)) == reference,
            "blocks of {frames}"
        );
    }
    assert!(render(BlockSize::Random) == reference, "random blocks");
    assert!(render(BlockSize::default()) == reference, "the second time");
}

#[test]
fn a_release_lengthens_the_file_and_a_tail_holds_at_least_that_long() {
    let score = "[[event]]\ninstr = \"r\"\ndur = 1\n";
    let mut kit = Kit::instr("r", RELEASE).score(score);
    let left = kit.left();
    assert_eq!(left.len(), 72_000);
    assert!((left[60_000] - 0.25).abs() < 0.001, "{}", left[60_000]);
    kit.job.tail = 0.2;
    assert_eq!(kit.left().len(), 72_000);
    kit.job.tail = 1.0;
    let left = kit.left();
    assert_eq!(left.len(), 96_000);
    assert_eq!(extent(&left[72_000..]), None);
}

#[test]
fn an_end_crops_or_extends_and_a_start_skips() {
    let score = "[[event]]\ninstr = \"dc\"\nat = 0.5\ndur = 1\n";
    let whole = Kit::instr("dc", DC).score(score).left();
    assert_eq!(whole.len(), 72_000);
    for end in [1.0, 2.0] {
        let mut kit = Kit::instr("dc", DC).score(score);
        kit.job.end = Some(end);
        assert_eq!(kit.left().len(), (end * 48_000.0) as usize);
    }
    let mut kit = Kit::instr("dc", DC).score(&format!("end = 1.25\n{score}"));
    kit.job.start = 0.25;
    let part = kit.left();
    assert_eq!(part, whole[12_000..60_000]);
    let mut kit = Kit::instr("dc", DC).score("end = 1.25\n");
    kit.job.start = 1.25;
    assert!(
        kit.failure().contains("ends before"),
        "nothing is left of it"
    );
}

#[test]
fn something_must_end() {
    let endless = "[[event]]\ninstr = \"dc\"\n";
    let told = Kit::instr("dc", DC).score(endless).failure();
    assert!(
        told.contains("a.score.toml") && told.contains("end"),
        "{told}"
    );
    assert_eq!(
        Kit::instr("dc", DC)
            .score(&format!("end = 3\n{endless}"))
            .left()
            .len(),
        144_000
    );
    let with_finite = format!("{endless}[[event]]\ninstr = \"dc\"\ndur = 1.5\n");
    assert_eq!(
        Kit::instr("dc", DC).score(&with_finite).left().len(),
        72_000
    );
    assert!(Kit::instr("dc", DC).failure().contains("--dur"));
    assert!(Kit::instr("dc", DC).score("").failure().contains("end"));
}

#[test]
fn a_stop_releases_and_does_not_shorten_the_file() {
    let score = "[[event]]\ninstr = \"r\"\ndur = 3\n[[event.stop]]\nat = 1\n";
    let left = Kit::instr("r", RELEASE).score(score).left();
    assert_eq!(left.len(), 144_000);
    assert_eq!(left[47_900], 0.5);
    assert!((left[60_000] - 0.25).abs() < 0.002, "{}", left[60_000]);
    assert_eq!(extent(&left[72_032..]), None);
    let stopped = "[[event]]\ninstr = \"r\"\n[[event.stop]]\nat = 1\n";
    let left = Kit::instr("r", RELEASE).score(stopped).left();
    assert_eq!(left.len(), 72_000);
}
