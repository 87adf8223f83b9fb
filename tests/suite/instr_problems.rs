//! Errors of Csound, told in the lines the user typed, and specs that cannot be an orchestra.

use csound_session::session::diagnostic::Place;
use csound_session::session::instr::Instr;
use csound_session::session::orchestra::{
    self, BusKind, BusSpec, Include, OrchestraSpec, TableSource, TableSpec,
};

use super::instr_harness::{Take, instr, spec};

/// The lines Csound names in its errors, in their order.
fn error_lines(messages: &str) -> Vec<u32> {
    let number = |text: &str| {
        let digits: String = text
            .trim_start_matches([':', ' '])
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse().ok()
    };
    let lower = messages.to_lowercase();
    lower
        .match_indices("line")
        .filter_map(|(at, _)| number(&lower[at + 4..]))
        .collect()
}

#[track_caller]
fn told(spec: OrchestraSpec, play: &str) -> (Place, u32) {
    let mut take = Take::new(spec);
    take.play(play, 1, 0, 640, &[]);
    let messages = take.messages(640);
    let lines = error_lines(&messages);
    let line = *lines
        .first()
        .unwrap_or_else(|| panic!("no line in {messages}"));
    assert!(line < 1 << 16);
    let place = take.orchestra.source_map.locate(line);
    assert_eq!(
        take.orchestra.source_map.locate_running(line, Some(play)),
        place
    );
    place
}

/// Three instruments, the faulty body in the middle.
fn around(body: &str) -> OrchestraSpec {
    let before = "|kval=1|\na1 = 1\nout a1";
    let mut all = spec([
        instr("before", before),
        instr("it", body),
        instr("after", before),
    ]);
    all.places.push((1, 3));
    all.init = "gione = 1\n\n".into();
    all
}

#[test]
fn errors_name_the_line_of_the_body() {
    for (body, line) in [
        (
            "|kval=1,\n iamp|\na1 = 1\na2 oscil 1, 2\na3 foobar 4\nout a1",
            5,
        ),
        ("|kval=1|\nk1 = kundefined", 2),
        ("kval = p5\nkother init p6\nk1 = kundefined\n", 3),
        ("pset 0,0,0,0,1\niamp, kval passign 5\nk1 = kundefined", 3),
        ("|kval=1|\n\na1 oscili 1, 440, 777\nout a1", 3),
        (
            "kval = p5\nSx = p6\n a1 \\\n = 1\na1 oscili 1, 440, 777\nout a1",
            5,
        ),
        ("|kval=1|\nkarr[] init 4\nkn init 9\nk1 = karr[kn]", 4),
        ("k1 = 1\nif k1 == 1 then\nk2 = 1", 3),
        ("k1 = 1\nk2 = (k1", 2),
        ("|kval=1|\r\nk1 = 1\r\nk2 = kundefined\r\n", 3),
    ] {
        assert_eq!(
            told(around(body), "it"),
            (Place::Instr("it".into()), line),
            "{body}"
        );
    }
}

#[test]
fn errors_name_the_line_of_global_code() {
    let mut all = around("out a(1)");
    all.init = "gione = 1\ngitwo = githree".into();
    assert_eq!(told(all, "it"), (Place::Init, 2));

    let mut all = around("out a(1)");
    all.includes = vec![Include {
        name: "x.udo".into(),
        text: "opcode bad, a, 0\na1 = aundefined\nxout a1\nendop".into(),
    }];
    assert_eq!(told(all, "it"), (Place::Include("x.udo".into()), 2));

    let mut all = around("out a(1)");
    all.instrs.push(
        Instr::builder("own", "")
            .init("gk1 init 0\ngk2 = gkx")
            .build()
            .unwrap(),
    );
    assert_eq!(told(all, "it"), (Place::InstrInit("own".into()), 2));
}

#[test]
fn init_errors_inside_opcodes_name_the_line_of_the_opcode() {
    let mut all = around("out tone(777)");
    all.init = "opcode tone, a, i\nitable xin\n\na1 oscili 1, 440, itable\nxout a1\nendop".into();
    assert_eq!(told(all, "it"), (Place::Init, 4));
}

#[test]
fn what_runs_over_several_lines_keeps_the_numbers() {
    let fault = "a1 oscili 1, 440, 777\nout a1";
    for (before, line) in [
        ("a2 = \\ ; go on\n 1", 3),
        ("/* a\nb\nc */ a2 = 1", 4),
        ("S1 = {{a\nb}}", 3),
        ("kx = p5\n/* a\n*/ ky init p6 /* b\n*/", 5),
        ("#define A(x) # $x +\n1 #\nk1 = $A(2)", 4),
    ] {
        let body = format!("{before}\n{fault}");
        assert_eq!(
            told(around(&body), "it"),
            (Place::Instr("it".into()), line),
            "{body}"
        );
        let mut all = around("out twice()");
        all.init = format!(
            "opcode twice, a, 0\n{}\n{fault}",
            before
                .replace("= p5", "init 1")
                .replace("init p6", "init 1")
        );
        all.init = all.init.replace("out a1", "xout a1\nendop");
        assert_eq!(told(all, "it"), (Place::Init, line + 1), "{body}");
    }
}

#[test]
fn names_in_expressions_are_found_on_their_line() {
    let all = around("|kval|\nk1 = 1\nk2 = k1 + kundefined\nk3 = k1");
    let take = Take::new(all);
    let messages = take.messages(64);
    let line = error_lines(&messages)[0];
    let found = take.orchestra.source_map.locate_word(line, "kundefined");
    assert_eq!(found, (Place::Instr("it".into()), 3));
}

#[test]
fn large_orchestras_repeat_numbers_only_while_running() {
    let long = "k1 = 1\n".repeat(40_000);
    let mut all = spec([
        instr("first", &format!("{long}a1 oscili 1, 440, 777")),
        instr("second", &format!("{long}a1 oscili 1, 440, 777")),
    ]);
    all.slices = 4;
    let map = orchestra::write(&all).unwrap().source_map;
    let line = (1..100_000)
        .find(|line| map.locate(*line) == (Place::Instr("second".into()), 40_001))
        .unwrap();
    assert!(line > 1 << 16);
    let reported = line % (1 << 16);
    assert_eq!(
        map.locate_running(reported, Some("second")),
        (Place::Instr("second".into()), 40_001)
    );
}

#[track_caller]
fn refused(change: impl FnOnce(&mut OrchestraSpec), part: &str) {
    let mut all = spec([instr("a", "|kval|"), instr("b", "")]);
    change(&mut all);
    let problems = orchestra::write(&all).unwrap_err();
    assert!(
        problems
            .iter()
            .any(|problem| problem.to_string().contains(part)),
        "{problems:?}"
    );
}

#[test]
fn specs_that_cannot_be_are_refused() {
    let table = |name: &str, source| TableSpec {
        name: name.into(),
        source,
    };
    let bus = |name: &str| BusSpec {
        name: name.into(),
        kind: BusKind::Audio,
    };
    refused(|all| all.channels = 17, "17 main outputs");
    refused(|all| all.ksmps = 0, "ksmps is 0");
    refused(|all| all.sample_rate = f64::NAN, "sample rate");
    refused(|all| all.a4 = f64::INFINITY, "A4");
    refused(|all| all.max_controls = 0, "more than the limit of 0");
    refused(|all| all.instrs[1] = instr("a", ""), "two instruments");
    refused(|all| all.places.push((0, 11)), "priority 11");
    refused(|all| all.places.push((0, 0)), "priority 0");
    refused(|all| all.places.push((7, 1)), "number 7");
    refused(
        |all| all.instrs[0] = Instr::builder("a", "").min_priority(3).build().unwrap(),
        "priority 1",
    );
    refused(
        |all| all.instrs[0] = Instr::builder("a", "").includes(["x.udo"]).build().unwrap(),
        "x.udo",
    );
    refused(|all| all.buses = vec![bus("input1")], "input1");
    refused(|all| all.buses = vec![bus("a"), bus("a")], "taken twice");
    refused(|all| all.buses = vec![bus("a b")], "letters, digits");
    refused(
        |all| (all.max_buses, all.buses) = (1, vec![bus("a"), bus("b")]),
        "limit of 1",
    );
    refused(
        |all| all.tables = vec![table("a-b", TableSource::Data([1.0].into()))],
        "a-b",
    );
    refused(
        |all| all.tables = vec![table("a", TableSource::Gen(vec![]))],
        "size, a generator",
    );
    refused(
        |all| all.tables = vec![table("a", TableSource::Data([f64::NAN].into()))],
        "only numbers",
    );
    refused(|all| all.strings = vec!["a\0".into()], "zero character");
    refused(
        |all| all.init = "gi1 = 1\n instr 5\nendin".into(),
        "init, line 2, column 2: init code cannot define an instrument",
    );
    refused(
        |all| all.init = "ksmps = 10".into(),
        "ksmps is set by the session",
    );
    refused(
        |all| all.init = "S1 = \"abc".into(),
        "init, line 1, column 6: this string is not closed",
    );
}
