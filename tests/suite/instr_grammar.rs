//! How the text of an instrument is read.
// Long because the grammar is one table, and reads best in one place.

use csound_session::session::diagnostic::{Diagnostic, Place};
use csound_session::session::instr::{Arg, ArgKind, Curve, Instr, Value};
use proptest::prelude::*;

use super::instr_harness::instr;

#[track_caller]
fn problem(body: &str) -> Diagnostic {
    let problems = Instr::new("bad", body).expect_err(body);
    assert!(
        problems
            .iter()
            .all(|problem| problem.place == Place::Instr("bad".into()))
    );
    problems[0].clone()
}

fn arg(body: &str) -> Arg {
    instr("one", body).args()[0].clone()
}

fn text(value: &str) -> Value {
    Value::Text(value.into())
}

#[test]
fn declarations_of_every_form_are_the_same() {
    for body in [
        "|iamp=-0.1, kfreq=1000|\nout",
        "{iamp=-0.1, kfreq=1000}\nout",
        "  | iamp = -0.1 ,kfreq = 1000 |  ; comment",
        "|iamp=-0.1,\n  kfreq=1000|\nout",
        "|\niamp=-0.1,\nkfreq=1000\n|\nout",
        "|iamp=-.1, ; the level\n kfreq=1e3 /* Hz */| // end",
        "; a head\na1 = 1\n|iamp=-1e-1, kfreq=1000.|\nout",
    ] {
        let read = instr("a", body);
        let found: Vec<_> = read
            .args()
            .iter()
            .map(|arg| {
                (
                    arg.name.as_str(),
                    arg.kind,
                    arg.place,
                    arg.cell,
                    arg.default.number(),
                )
            })
            .collect();
        let expected = [
            ("iamp", ArgKind::Init, 5, None, Some(-0.1)),
            ("kfreq", ArgKind::Control, 6, Some(0), Some(1000.0)),
        ];
        assert_eq!(found, expected, "{body}");
        assert_eq!(read.code().lines().count(), body.lines().count(), "{body}");
        assert_eq!(read.body(), body);
        assert!(!read.code().contains("kfreq"), "{body}");
    }
}

#[test]
fn text_before_a_declaration_is_kept() {
    let read = instr("a", "; head\na1 = 1\n|iamp|\nout a1");
    assert_eq!(read.code(), "; head\na1 = 1\n      \nout a1");
}

#[test]
fn defaults_are_read_whole() {
    for (body, expected) in [
        ("|i1=1e3|", 1000.0),
        ("|i1=-.5|", -0.5),
        ("|i1=5.|", 5.0),
        ("|i1=+1.5E-2|", 0.015),
        ("|i1|", 0.0),
        ("|i1 = 20 (20..30)|", 20.0),
    ] {
        assert_eq!(arg(body).default, Value::Number(expected), "{body}");
    }
    assert_eq!(arg("|Sx=\"a,b (c) | d\"|").default, text("a,b (c) | d"));
    assert_eq!(arg("|Sx=\"a \\\"b\\\"\"|").default, text("a \"b\""));
    assert_eq!(arg("|Sx|").default, text(""));
}

#[test]
fn notes_say_everything_about_an_argument() {
    let read = instr(
        "a",
        "|iamp=0.1 (0..1), kcutoff=1000 (20..20000 log Hz \"Cutoff\"), kwave=0 (saw/square/triangle), \
         kdrive=1 (1..10 smooth 20ms), kx=0 (internal), kgain=-6 (-60 .. +6 step 0.5 dB), kres=.3 (0..1 exp 2, %), ks=1(1/2 / 4 )|",
    );
    let note = |name: &str| read.arg(name).unwrap().note.clone();
    assert_eq!(note("iamp").range, Some((0.0, 1.0)));
    let cutoff = note("kcutoff");
    assert_eq!(
        (cutoff.range, cutoff.curve),
        (Some((20.0, 20000.0)), Curve::Log)
    );
    assert_eq!(
        (cutoff.unit.as_str(), cutoff.label.as_deref()),
        ("Hz", Some("Cutoff"))
    );
    assert_eq!(note("kwave").choices, ["saw", "square", "triangle"]);
    assert_eq!(
        (note("kdrive").smooth_ms, note("kdrive").range),
        (Some(20.0), Some((1.0, 10.0)))
    );
    assert!(note("kx").internal && !note("kdrive").internal);
    let gain = note("kgain");
    assert_eq!(
        (gain.range, gain.step, gain.unit.as_str()),
        (Some((-60.0, 6.0)), Some(0.5), "dB")
    );
    assert_eq!(
        (note("kres").curve, note("kres").unit.as_str()),
        (Curve::Exp(2.0), "%")
    );
    assert_eq!(note("ks").choices, ["1", "2", "4"]);
    assert_eq!(arg("|kx (0..1 smooth .1 s)|").note.smooth_ms, Some(100.0));
    assert_eq!(arg("|kx (0..1 smooth 5 st)|").note.unit, "st");
    assert_eq!(
        arg("|kx (\"50 % / half\"/full)|").note.choices,
        ["50 % / half", "full"]
    );
}

#[test]
fn mistakes_are_told_with_their_place() {
    // Long because the mistakes are one table.
    for (body, line, column, part) in [
        ("|iamp=0.1, kfreq=abc|", 1, 18, "default of kfreq"),
        ("|iamp=0.1 0.2|", 1, 11, "\"0.2\" after iamp"),
        ("|iamp=1abc|", 1, 8, "\"abc\" after iamp"),
        ("|iamp=1/2|", 1, 8, "\"/\" after iamp"),
        ("|iamp=- 1|", 1, 7, "default of iamp"),
        ("|iamp=1e999|", 1, 7, "default of iamp"),
        (
            "a1 = 1\n|iamp,\n  asig=2|",
            3,
            3,
            "the argument asig starts with none",
        ),
        ("|i=1|", 1, 2, "the argument i starts"),
        ("|iamp, |", 1, 8, "name of an argument"),
        ("|iamp,, kx|", 1, 7, "name of an argument"),
        ("|iamp, kx, iamp|", 1, 12, "iamp is declared twice"),
        ("|iamp=0.1\nout 1", 2, 1, "\"out\" after iamp"),
        ("|iamp=0.1", 1, 10, "not closed"),
        ("|iamp| out 1", 1, 8, "only a comment may follow"),
        ("|iamp|\n|kx|", 2, 1, "only once"),
        ("|Sx=1|", 1, 5, "string in double quotes"),
        ("|Sx=\"a|\nout", 1, 5, "string is not closed"),
        ("|iamp=\"a\"|", 1, 7, "default of iamp"),
        ("|kx=1 (0..2 lgo)|", 1, 13, "\"lgo\""),
        ("|kx=1 (2..0)|", 1, 8, "not above 2"),
        ("|kx=1 (0..2 1..3)|", 1, 13, "more than one range"),
        ("|kx=1 (0..2|", 1, 12, "\"|\""),
        ("|kx=1 (0..", 1, 11, "end of the range"),
        ("|kx=1 (0..2", 1, 8, "not closed"),
        ("|kx=1 (0..10 log)|", 1, 8, "starts above 0"),
        ("|kx=1 (log)|", 1, 8, "needs a range"),
        ("|kx=1 (0..2 exp 0)|", 1, 17, "above 0 after exp"),
        ("|kx=1 (0..2 step -1)|", 1, 18, "above 0 after step"),
        ("|kx=1 (0..2 step 3)|", 1, 8, "larger than its range"),
        ("|kx=5 (0..2)|", 1, 7, "outside its range"),
        ("|kx=3 (a/b/c)|", 1, 7, "not a choice"),
        ("|kx=0 (a/b/a)|", 1, 12, "listed twice"),
        ("|kx=0 (a/b 0..1)|", 1, 8, "takes no range"),
        ("|kx=0 (a/)|", 1, 10, "label of a choice"),
        ("|kx=0 (12)|", 1, 8, "says nothing"),
        ("|Sx=\"a\" (0..1)|", 1, 9, "is a text"),
        ("|iamp=1 (smooth 5)|", 1, 9, "fixed at the start"),
        ("instr 5\nout 1\nendin", 1, 1, "between instr and endin"),
        ("k1 = 1\nk2 = p4", 2, 6, "p4 is reserved"),
        ("|iamp|\n  setksmps 1", 2, 3, "setksmps"),
        ("|iamp=1|\nk1 = p5", 2, 6, "place of the argument iamp"),
        ("|iamp=1|\npset 0", 2, 1, "pset has no use"),
        ("opcode a, i, i\nendop", 1, 1, "cannot define an opcode"),
        ("k1 = 1 \"abc\nk2 = 3", 1, 8, "string is not closed"),
        ("k1 = 1\n/* abc\nk2 = 3", 2, 1, "comment is not closed"),
        (
            "iamp = p5\npset 0,0,0,0,\"x\"",
            2,
            14,
            "pset gives p5 a text",
        ),
        ("a\n b\0", 2, 3, "zero character"),
    ] {
        let problem = problem(body);
        assert_eq!(
            (problem.line, problem.column),
            (Some(line), Some(column)),
            "{body:?}: {problem}"
        );
        assert!(problem.message.contains(part), "{body:?}: {problem}");
    }
    let shown = problem("k1 = 1\nk2 = p4").to_string();
    assert!(
        shown.starts_with("instr \"bad\", line 2, column 6: p4 is reserved"),
        "{shown}"
    );
}

#[test]
fn what_is_no_use_of_p4_passes() {
    for body in ["a1 = p40 ; p4", "/* p4 */ S1 = \"p4\"", "kp4 = 1"] {
        instr("a", body);
    }
}

#[test]
fn the_limit_of_controls_is_told() {
    let controls = |count: usize| {
        (0..count)
            .map(|n| format!("k{n}=0"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    assert!(Instr::new("many", &format!("|{}|", controls(16))).is_ok());
    let problems = Instr::builder("many", &format!("|{}|", controls(11)))
        .max_controls(10)
        .build()
        .unwrap_err();
    assert!(
        problems[0].message.contains("limit of 10") && problems[0].message.contains("k10"),
        "{}",
        problems[0]
    );
}

#[test]
fn settings_declare_arguments_too() {
    let args = [
        ("kfreq", Value::Number(440.0)),
        ("iamp", 0.5.into()),
        ("Sx", "a".into()),
    ];
    let read = Instr::builder("a", "|iamp=0.1, kcut=1|\nout")
        .args(args)
        .build()
        .unwrap();
    let names: Vec<&str> = read.args().iter().map(|arg| arg.name.as_str()).collect();
    assert_eq!(names, ["iamp", "kcut", "kfreq", "Sx"]);
    assert_eq!(read.arg("iamp").unwrap().default, Value::Number(0.5));
    assert_eq!(read.arg("kfreq").unwrap().cell, Some(1));
    for (name, default) in [
        ("amp", Value::Number(1.0)),
        ("kx", text("a")),
        ("Sx", 1.0.into()),
        ("ix", f64::NAN.into()),
    ] {
        let problems = Instr::builder("a", "")
            .args([(name, default)])
            .build()
            .unwrap_err();
        assert!(problems[0].message.contains(name), "{}", problems[0]);
    }
}

#[test]
fn aliases_and_places_name_arguments() {
    let read = Instr::builder("a", "|iamp, kval=0.25|")
        .aliases([("level", "kval")])
        .build()
        .unwrap();
    for name in ["level", "kval", "p6"] {
        assert_eq!(read.arg(name).unwrap().name, "kval");
    }
    assert!(read.arg("p7").is_none() && read.arg("val").is_none());
    assert!(
        Instr::builder("a", "|kval|")
            .aliases([("level", "kother")])
            .build()
            .is_err()
    );
    assert!(Instr::new("", "").is_err());
}

#[test]
fn p_fields_of_a_body_are_arguments() {
    let read = instr(
        "a",
        "pset p1, p2, p3, 0, 0.1, -1000, .5, 7, \"abc\"\n iamp = p5 ; p9\nkfreq init p6\nkother = p7 * 2\nSname strget p9\nkamp = p5",
    );
    let found: Vec<_> = read
        .args()
        .iter()
        .map(|arg| (arg.name.as_str(), arg.place, arg.default.clone()))
        .collect();
    let expected = [
        ("iamp", 5, 0.1.into()),
        ("kfreq", 6, Value::Number(-1000.0)),
        ("p7", 7, 0.5.into()),
        ("p8", 8, 7.0.into()),
        ("Sname", 9, text("abc")),
    ];
    assert_eq!(found, expected);
    assert_eq!(read.pfields(), 9);
    assert_eq!(read.controls().count(), 1);
}

#[test]
fn only_plain_reads_of_p_fields_are_arguments() {
    for body in [
        "kx = p5 + 1",
        "ax = p5",
        "gkx = p5",
        "kx = k(p5)",
        "lab: kx = p5",
        "i1[] passign 5",
        "kx, ay passign 5",
    ] {
        assert_eq!(instr("a", body).args(), [], "{body}");
        assert!(instr("a", body).pfields() >= 4);
    }
    let names = |body| {
        instr("a", body)
            .args()
            .iter()
            .map(|arg| arg.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names("if p3 > 1 then\nkx = p5\nelse\nkx = p6\nendif"),
        ["kx"]
    );
    assert_eq!(names("iamp, kfreq, Sx passign 5"), ["iamp", "kfreq", "Sx"]);
    assert_eq!(names("Sx = p5\nix \\\n = p6"), ["Sx", "ix"]);
}

#[test]
fn releases_are_found_through_opcodes() {
    assert!(instr("a", "aenv linsegr 1, 1, 0").releases());
    assert!(instr("a", "aenv = madsr:a(1, 1, 1, 1)").releases());
    assert!(!instr("a", "aenv linseg 1, 1, 0 ; linsegr").releases());
    let opcodes = "opcode inner, a, 0\nxout madsr:a(1,1,1,1)\nendop\nopcode outer, a, 0\nxout inner:a()\nendop\n";
    assert!(instr("a", "a1 = outer:a()").releases_with(&[opcodes]));
    assert!(!instr("a", "a1 = outer:a()").releases());
    assert!(!instr("a", "a1 = other:a()").releases_with(&[opcodes]));
    assert!(
        Instr::builder("a", "a1 inner")
            .init(opcodes)
            .build()
            .unwrap()
            .releases()
    );
}

/// Texts that look like bodies more often than chance.
fn body_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("|".to_owned()),
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("(".to_owned()),
        Just(")".to_owned()),
        Just("=".to_owned()),
        Just(",".to_owned()),
        Just("..".to_owned()),
        Just("/".to_owned()),
        Just("\"".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\\".to_owned()),
        Just("/*".to_owned()),
        Just("*/".to_owned()),
        Just(";".to_owned()),
        Just("{{".to_owned()),
        Just("}}".to_owned()),
        Just(" ".to_owned()),
        Just("p5".to_owned()),
        Just("pset".to_owned()),
        Just("passign".to_owned()),
        Just("init".to_owned()),
        Just("log".to_owned()),
        Just("smooth".to_owned()),
        Just("step".to_owned()),
        Just("strget".to_owned()),
        Just("1e5".to_owned()),
        "[ikSa][a-z]{0,3}",
        "-?[0-9]{0,3}\\.?[0-9]{0,2}(e[0-9]{1,4})?",
        "p[0-9]{1,12}",
        "\\PC{0,3}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// A number as it is written in a body.
fn shown() -> impl Strategy<Value = f64> {
    prop_oneof![
        -1e6..1e6_f64,
        -1.0..1.0_f64,
        (-100..100_i32).prop_map(f64::from)
    ]
}

fn declared() -> impl Strategy<Value = (String, Option<f64>, Option<(f64, f64)>)> {
    (
        "[ik][a-zA-Z0-9_]{1,8}",
        prop::option::of(shown()),
        prop::option::of(0.001..1e4_f64),
    )
        .prop_map(|(name, default, span)| {
            let value = default.unwrap_or(0.0);
            (name, default, span.map(|span| (value - span, value + span)))
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_makes_the_parser_panic(body in body_like(), opcodes in body_like()) {
        match Instr::new("any", &body) {
            Ok(read) => {
                let _ = read.releases_with(&[&opcodes]);
                prop_assert_eq!(read.code().matches('\n').count(), body.matches('\n').count());
                for (arg, before) in read.args().iter().skip(1).zip(read.args()) {
                    prop_assert!(arg.place > before.place && before.place >= 5);
                }
                let cells: Vec<u32> = read.controls().filter_map(|arg| arg.cell).collect();
                prop_assert!(cells.iter().copied().eq(0..cells.len() as u32));
                for arg in read.args() {
                    let _ = (arg.format(f64::NAN), arg.format(1e308), arg.parse(&opcodes));
                }
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                let lines = body.matches('\n').count() as u32 + 1;
                for problem in problems {
                    prop_assert!(problem.line.is_none_or(|line| (1..=lines).contains(&line)), "{}", problem);
                }
            }
        }
    }

    #[test]
    fn declarations_round_trip(items in prop::collection::vec(declared(), 1..8), bars in any::<bool>(), lines in any::<bool>()) {
        let mut seen = std::collections::BTreeSet::new();
        prop_assume!(items.iter().all(|(name, ..)| seen.insert(name.clone())));
        let item = |(name, default, range): &(String, Option<f64>, Option<(f64, f64)>)| {
            let default = default.map(|value| format!(" = {value}")).unwrap_or_default();
            let range = range.map(|(min, max)| format!(" ({min}..{max})")).unwrap_or_default();
            format!("{name}{default}{range}")
        };
        let list = items.iter().map(item).collect::<Vec<_>>().join(if lines { ",\n  " } else { ", " });
        let body = if bars { format!("|{list}|\nout 1") } else { format!("{{{list}}}\nout 1") };
        let read = Instr::new("all", &body).map_err(|problems| TestCaseError::fail(format!("{body}: {problems:?}")))?;
        prop_assert_eq!(read.args().len(), items.len());
        for (arg, (name, default, range)) in read.args().iter().zip(&items) {
            prop_assert_eq!(&arg.name, name);
            prop_assert_eq!(arg.default.number(), Some(default.unwrap_or(0.0)));
            prop_assert_eq!(arg.note.range, *range);
        }
    }
}
