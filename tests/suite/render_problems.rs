//! Renders that cannot be: each names the place, and leaves no file.

use super::render_kit::{Kit, instr};

const SINE: &str = "|kfreq=440, iamp=0.1, Sname=\"x\"|\na0 = oscili:a(iamp, kfreq)\nouts a0, a0";

#[track_caller]
fn refused(score: &str, wanted: &str) {
    let told = Kit::instr("sine", SINE).score(score).failure();
    let told = told.rsplit('/').next().unwrap();
    assert!(told.starts_with(wanted), "{score:?}: {told}");
}

#[test]
fn a_score_is_judged_by_the_document() {
    let event = "[[event]]\ninstr = \"sine\"\ndur = 1\n";
    refused(
        "[[event]]\ninstr = \"sin\"\n",
        "a.score.toml:2:9: instr: there is no Instr \"sin\"",
    );
    refused(
        &format!("{event}args = {{ kfre = 1 }}"),
        "a.score.toml:4:10: kfre: sine has no argument",
    );
    refused(
        &format!("{event}args = {{ kfreq = \"a\" }}"),
        "a.score.toml:4:10: kfreq: ",
    );
    refused(
        &format!("{event}args = {{ kfreq = \"@no\" }}"),
        "a.score.toml:4:10: kfreq: ",
    );
    refused(
        &format!("{event}args = {{ Sname = 1 }}"),
        "a.score.toml:4:10: Sname: ",
    );
    refused(
        &format!("{event}priority = 11"),
        "a.score.toml:4:12: priority: ",
    );
    refused(
        &format!("{event}[[event.set]]\nat = 0.5\nargs = {{ iamp = 1 }}"),
        "a.score.toml:6:10: iamp: ",
    );
    refused(
        &format!("{event}[[event.set]]\nat = 0.5\nargs = [1]"),
        "a.score.toml:6:9: args: ",
    );
    refused(
        "[[param]]\nname = \"sine.kx\"\nvalue = 1",
        "a.score.toml:2:8: name: ",
    );
    refused("[[note]]\nkey = 60\nat = -1", "a.score.toml:3:6: at: ");
}

#[test]
fn what_is_not_played_yet_is_refused() {
    let event = "[[event]]\ninstr = \"sine\"\ndur = 1\n";
    let line = "[[event.automate]]\nparam = \"kfreq\"\npairs = [0, 1]\n";
    refused(&format!("{event}{line}"), "a.score.toml:4:");
    refused(
        &format!("{event}[[bus_set]]\nbus = \"b\"\nvalue = 1"),
        "a.score.toml:4:",
    );
    refused(
        &format!("{event}[[bus_automate]]\nbus = \"b\"\npairs = [0, 1]"),
        "a.score.toml:4:",
    );
}

#[test]
fn a_broken_body_is_told_in_lines_of_the_file() {
    let told = Kit::instr("x", "|imidi=60|\n\na1 oscilx 0.1, 440\nouts a1, a1").failure();
    assert!(
        told.contains("--dur"),
        "the request is judged first: {told}"
    );
    let mut kit = Kit::instr("x", "|imidi=60|\n\na1 oscilx 0.1, 440\nouts a1, a1");
    kit.job.end = Some(1.0);
    let told = kit.failure();
    assert!(
        told.contains("doc.toml:7:") && told.contains("oscilx"),
        "{told}"
    );
}

#[test]
fn hostile_documents_fail_with_the_reason() {
    let cases = [
        ("i1 = 1/0\nouts a(i1), a(i1)", "crashed"),
        (
            "i1 = 0\nwhile i1 < 1 do\ni1 = i1 * 1\nod",
            "did not come to an end",
        ),
        (
            "k1 = 0\nwhile k1 < 1 do\nk1 = k1 * 1\nod",
            "did not come to an end",
        ),
        ("exitnow 0", "exitnow"),
        ("a1 delayr 100000000\ndelayw a1\nouts a1, a1", "memory"),
    ];
    for (body, wanted) in cases {
        let mut kit = Kit::instr("x", body);
        kit.job.end = Some(1.0);
        let told = kit.failure();
        assert!(
            told.contains("doc.toml") && told.contains(wanted),
            "{body:?}: {told}"
        );
    }
    let recursion = format!(
        "version = 1\ninit = '''\nopcode deep, i, i\nix xin\niy deep ix + 1\nxout iy\nendop\n'''\n{}",
        instr("x", "i1 deep 0\nouts a(i1), a(i1)").replace("version = 1\n", "")
    );
    let mut kit = Kit::new(&recursion);
    kit.job.end = Some(1.0);
    assert!(kit.failure().contains("crashed"));
}

#[test]
fn a_sound_that_is_none_fails_when_it_sounds() {
    let mut kit = Kit::instr("x", "|kval=0|\nouts a(log(kval)), a(0)");
    kit.job.end = Some(1.0);
    assert!(kit.failure().contains("not a number"));
    let mut kit = Kit::instr("x", "outs a(100), a(0)");
    kit.job.end = Some(1.0);
    assert!(kit.failure().contains("louder"));
}

#[test]
fn a_synth_that_cannot_start_fails_the_render() {
    let body = "|itable=-1|\na1 oscili 0.1, 440, itable\nouts a1, a1";
    let score = "[[event]]\ninstr = \"x\"\nat = 0.5\ndur = 1\nargs = { itable = 99 }\n";
    let told = Kit::instr("x", body).score(score).failure();
    assert!(told.contains("at 0.5") && told.contains("99"), "{told}");
}

#[test]
fn broken_files_are_named() {
    let told = Kit::instr("sine", SINE).midi(b"MThd").failure();
    assert!(told.contains("a.mid: is no Standard MIDI file"), "{told}");
    let mut kit = Kit::instr("sine", SINE);
    kit.job.end = Some(1.0);
    kit.job.input = Some(kit.file("in.wav", "RIFFxxxxWAVE"));
    assert!(kit.failure().contains("in.wav"));
    kit.job.input = None;
    kit.job.document = kit.file("doc.toml", "version = 1\nname = 5\n");
    let told = kit.failure();
    assert!(told.contains("doc.toml:2:"), "{told}");
}
