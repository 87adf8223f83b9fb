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
        "a.score.toml:4:10: kfre: Instr \"sine\" has no argument",
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
        "a.score.toml:6:8: args: ",
    );
    refused(
        "[[param]]\nname = \"sine.kx\"\nvalue = 1",
        "a.score.toml:2:8: name: ",
    );
    refused("[[note]]\nkey = 60\nat = -1", "a.score.toml:3:6: at: ");
}

/// What a score says of buses and lines, and what is said of it.
const LINES: [(&str, &str); 18] = [
    (
        "[[event.automate]]\nparam = \"kfre\"\npairs = [0, 1]",
        "5:9: param: Instr \"sine\" has no argument \"kfre\"",
    ),
    (
        "[[event.automate]]\nparam = \"iamp\"\npairs = [0, 1]",
        "5:9: param: argument \"iamp\" of Instr \"sine\" is fixed",
    ),
    (
        "[[event.automate]]\nparam = \"kfreq\"\npairs = []",
        "6:9: pairs: this is no line to follow: it has no points",
    ),
    (
        "[[event.automate]]\nparam = \"kfreq\"\npairs = [1, 0, 0.5, 1]",
        "6:9: pairs: ",
    ),
    (
        "[[event.automate]]\nparam = \"kfreq\"\npairs = [-1, 0, 0.5, 1]",
        "6:9: pairs: ",
    ),
    (
        "[[event.automate]]\nparam = \"kfreq\"\npairs = [0, 1, 1e9, 1]",
        "6:9: pairs: a time is",
    ),
    (
        "[[event.automate]]\nparam = \"kfreq\"\npairs = [0, 1, 1, nan]",
        "6:9: pairs: ",
    ),
    (
        "[[event.automate]]\nparam = \"kfreq\"\npairs = [[0, 1], [1]]",
        "6:9: pairs: ",
    ),
    (
        "[[event.automate]]\nparam = \"kfreq\"\npairs = [[0, 1], [1, 2], [2, 3]]",
        "6:9: pairs: the points of a line",
    ),
    (
        "[[event.automate]]\nparam = \"kfreq\"\npairs = [0, 1]\nmode = \"wavy\"",
        "7:8: mode: there is no mode \"wavy\"",
    ),
    (
        "[[event.automate]]\nparam = \"kfreq\"\npairs = [0, 1]\nmode = \"exp(0)\"",
        "7:8: mode: ",
    ),
    (
        "[[event.automate]]\nparam = \"kfreq\"\npairs = [0, 1]\nat = -1",
        "7:6: at: ",
    ),
    ("[[event.automate]]\npairs = [0, 1]", "4:1: "),
    (
        "[[bus_set]]\nbus = \"none\"\nvalue = 1",
        "5:7: bus: there is no bus \"@none\"",
    ),
    (
        "[[bus_set]]\nbus = \"sound\"\nvalue = 1",
        "5:7: bus: an audio bus has no value",
    ),
    ("[[bus_set]]\nbus = \"freq\"\nvalue = nan", "6:9: value: "),
    (
        "[[bus_automate]]\nbus = \"input1\"\npairs = [0, 1]",
        "5:7: bus: an audio bus has no value",
    ),
    (
        "[[bus_automate]]\nbus = \"freq\"\npairs = [0, 1]\nmode = 2",
        "7:8: mode: ",
    ),
];

#[test]
fn lines_and_buses_are_judged_at_their_places() {
    let buses = "[[bus]]\nname = \"freq\"\nkind = \"control\"\n[[bus]]\nname = \"sound\"\nkind = \"audio\"\n";
    let document = format!("{}{buses}", instr("sine", SINE));
    for (said, wanted) in LINES {
        let score = format!("[[event]]\ninstr = \"sine\"\ndur = 1\n{said}\n");
        let told = Kit::new(&document).score(&score).failure();
        let told = told.rsplit('/').next().unwrap();
        let wanted = format!("a.score.toml:{wanted}");
        assert!(told.starts_with(&wanted), "{said:?}: {told}");
    }
}

#[test]
fn a_set_gives_numbers_to_controls() {
    let set = |args: &str| {
        format!("[[event]]\ninstr = \"sine\"\ndur = 1\n[[event.set]]\nat = 0.5\nargs = {args}")
    };
    refused(
        &set("{ kfreq = \"high\" }"),
        "a.score.toml:6:10: kfreq: a control is set to a number",
    );
    refused(
        &set("{ kfreq = \"@none\" }"),
        "a.score.toml:6:10: kfreq: there is no bus or table \"@none\"",
    );
    refused(
        &set("{ kfreq = 1, kno = 2 }"),
        "a.score.toml:6:21: kno: Instr \"sine\" has no argument",
    );
}

#[test]
fn a_priority_that_is_too_low_is_told_where_it_is_said_or_where_it_is_missing() {
    let document =
        instr("late", "outs a(0.1), a(0.1)").replacen("name", "min_priority = 3\nname", 1);
    let event = "[[event]]\ninstr = \"late\"\ndur = 0.1\n";
    let mut kit = Kit::new(&document).score(&format!("{event}priority = 2"));
    let told = kit.failure();
    assert!(
        told.contains("a.score.toml:4:12: priority: late needs priority 3 or more"),
        "{told}"
    );
    let told = Kit::new(&document).score(event).failure();
    assert!(
        told.contains("a.score.toml:2:9: instr: late needs priority 3 or more"),
        "{told}"
    );
    assert!(
        Kit::new(&document)
            .score(&format!("{event}priority = -8"))
            .render()
            .is_ok()
    );
}

#[test]
fn a_synth_takes_so_many_arguments_and_no_more() {
    let places = |count: usize| {
        format!(
            "[[event]]\ninstr = \"sine\"\ndur = 1\nargs = [440, 0.1, \"x\"{}]",
            ", 1".repeat(count - 3)
        )
    };
    assert!(Kit::instr("sine", SINE).score(&places(48)).render().is_ok());
    refused(
        &places(49),
        "a.score.toml:2:9: instr: a synth of Instr \"sine\" is given more than 48 arguments",
    );
    refused(
        "[[event]]\ninstr = \"sine\"\ndur = 1\nargs = { p129 = 1 }",
        "a.score.toml:4:10: p129: ",
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
