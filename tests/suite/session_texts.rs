//! Texts as arguments: known beforehand, first met while it sounds, and kept apart whatever is defined meanwhile.

use super::render_kit::{Kit, channel, instr};
use super::session_kit::{Live, RATE};
use super::stage::{layer, part};
use csound_session::session::instr::Instr;
use csound_session::session::layer::ArgValue;
use csound_session::session::{Error, Event, Sched};

/// Says with its level which text it has got.
const TEXT: &str = "|Sname=\"abc\"|\n\
    ilevel = strcmp(Sname, \"abc\") == 0 ? 0.1 : (strcmp(Sname, \"new\") == 0 ? 0.2 : 0.4)\n\
    outch 1, a(ilevel)";

/// The number of bytes, and the last of them.
const BYTES: &str = "|Sname|\nilength strlen Sname\nilast strchar Sname, ilength - 1\n\
    outch 1, a(ilength/10000), 2, a(ilast/1000)";

fn text(name: &str) -> Instr {
    Instr::new(name, TEXT).unwrap()
}

#[test]
fn a_synth_that_waits_keeps_its_text_when_others_come() {
    let mut live = Live::of([text("text")], |_| {});
    live.sched("text", Sched::at(1.0).dur(0.5).arg("Sname", "abc"));
    live.until(0.1);
    live.sched("text", Sched::at(0.2).dur(0.5).arg("Sname", "new"));
    live.until(0.3);
    live.sched("text", Sched::at(2.0).dur(0.5).arg("Sname", "other"));
    live.reads(&[(0.5, 0.2), (1.2, 0.1), (2.2, 0.4)]);
}

#[test]
fn a_synth_that_waits_keeps_its_text_when_code_changes() {
    let mut live = Live::of([text("text")], |_| {});
    live.sched("text", Sched::at(1.0).dur(0.5).arg("Sname", "abc"));
    live.until(0.1);
    live.session()
        .def_instr("text", &TEXT.replacen("\"abc\"", "\"fresh\"", 1))
        .unwrap();
    live.session()
        .def_instr("before", "|Sa=\"x\", Sb=\"y\"|\noutch 1, a(0)")
        .unwrap();
    live.sched("text", Sched::at(0.2).dur(0.5));
    live.reads(&[(0.5, 0.4), (1.2, 0.1)]);
    let mut spec = live.session().spec().clone();
    live.sched("text", Sched::at(3.0).dur(0.5).arg("Sname", "new"));
    spec.orchestra.strings = vec!["first of others".to_owned()];
    live.session().load(spec);
    live.until(2.0);
    live.sched("text", Sched::at(2.0).dur(0.5).arg("Sname", "abc"));
    live.reads(&[(2.2, 0.1), (3.2, 0.2)]);
}

#[test]
fn texts_of_layers_are_not_mistaken_for_those_of_synths() {
    let mut live = Live::of([text("text")], |spec| {
        let mut named = part("text", 1);
        named
            .args
            .insert("Sname".into(), ArgValue::Text("of the layer".into()));
        let mut layer = layer("text");
        layer.parts = vec![named];
        spec.layers = vec![layer];
    });
    live.sched("text", Sched::at(0.0).dur(0.5).arg("Sname", "abc"));
    live.sched("text", Sched::at(1.0).dur(0.5).arg("Sname", "new"));
    live.stage.note(60, 2 * RATE as u64, 3 * RATE as u64);
    live.reads(&[(0.2, 0.1), (1.2, 0.2), (2.2, 0.4)]);
}

#[test]
fn a_text_that_is_new_disturbs_nothing_that_sounds() {
    let mut live = Live::of(
        [text("text"), Instr::new("dc", "outch 2, a(0.5)").unwrap()],
        |_| {},
    );
    live.sched("dc", Sched::at(0.0));
    live.until(0.2);
    let events = ["new", "newer", "newest"]
        .map(|name| Event::new("text", Sched::now().dur(0.5).arg("Sname", name)));
    live.session().sched_events(&events).unwrap();
    let heard = live.heard(1.0);
    assert!(
        (heard[0][14_400] - 1.0).abs() < 1e-9,
        "{}",
        heard[0][14_400]
    );
    assert!(heard[1][64..48_000].iter().all(|sample| *sample == 0.5));
}

#[test]
fn any_text_arrives_as_it_is() {
    let long = "long ".repeat(400);
    let texts = [
        "\"quoted\"",
        "back\\slash\\n",
        "100%s %d %n",
        "line\nbreak\ttab",
        "ünï€",
        "{{ }} ;",
        &long,
    ];
    let mut live = Live::of([Instr::new("bytes", BYTES).unwrap()], |_| {});
    for (n, text) in texts.into_iter().enumerate() {
        live.sched("bytes", Sched::at(n as f64).dur(0.5).arg("Sname", text));
    }
    let heard = live.heard(texts.len() as f64);
    for (n, text) in texts.into_iter().enumerate() {
        let at = n * RATE + RATE / 4;
        let length = (heard[0][at] * 10_000.0).round() as usize;
        let last = (heard[1][at] * 1000.0).round() as i64;
        let wanted = i64::from(text.bytes().last().unwrap());
        assert_eq!(length, text.len(), "{text:?}");
        assert_eq!(last.rem_euclid(256), wanted, "{text:?}");
    }
}

#[test]
fn a_text_that_cannot_be_is_refused_and_harms_nothing() {
    let mut live = Live::of([text("text")], |_| {});
    let refused = live
        .session()
        .sched("text", Sched::now().arg("Sname", "a\0b"));
    assert!(matches!(refused, Err(Error::BadText(_))), "{refused:?}");
    live.sched("text", Sched::at(0.0).arg("Sname", "new"));
    live.reads(&[(0.2, 0.2)]);
    let score = "[[event]]\ninstr = \"text\"\ndur = 1\nargs = { Sname = \"a\\u0000b\" }\n";
    let told = Kit::instr("text", TEXT).score(score).failure();
    assert!(told.contains("a.score.toml:4:18: Sname:"), "{told}");
}

#[test]
fn a_score_can_have_thousands_of_texts() {
    let event = |n: usize| {
        let at = n as f64 * 1e-3;
        format!("[[event]]\ninstr = \"bytes\"\nat = {at}\ndur = 0.001\nargs = [\"text {n:08}\"]\n")
    };
    let score: String = (0..3000).map(event).collect();
    let body =
        "|Sname=\"text 0\"|\ninumber strtod strsub(Sname, 5)\na1 init inumber/10000\nouts a1, a1";
    let sound = Kit::new(&instr("bytes", body)).score(&score).sound();
    let left = channel(&sound, 0);
    for n in 0..3000 {
        let read = left[n * 48 + 24];
        assert!((read - n as f64 / 10_000.0).abs() < 1e-9, "{read} at {n}");
    }
}
