//! Documents of kinds that nobody had thought of before somebody wrote them, each with what went wrong.

use super::render_kit::{Kit, channel};

/// A document of an Instr `v`, with other keys before it.
fn document(keys: &str, body: &str) -> String {
    format!(
        "version = 1\nname = \"Unseen\"\n{keys}\n[[instr]]\nname = \"v\"\nbody = \'\'\'\n{body}\n\'\'\'\n"
    )
}

/// Both channels half a second into an event with these further lines.
#[track_caller]
fn heard(document: &str, event: &str) -> [f64; 2] {
    let score = format!("[[event]]\ninstr = \"v\"\ndur = 1\n{event}\n");
    let sound = Kit::new(document).score(&score).sound();
    [0, 1].map(|side| channel(&sound, side)[24_000])
}

/// A p-field behind a control was 0 wherever else the body read it.
#[test]
fn the_field_behind_a_control_has_its_start_value() {
    for body in [
        "kamp = p5\nouts a(kamp), a(p5)",
        "kamp init p5\nouts a(kamp), a(p5)",
        "kamp = p5\niy = p5\nouts a(kamp), a(iy)",
        "kamp = p5\nky = p5\nouts a(kamp), a(ky)",
        "pset 0, 0, 0, 0, 0.9\nkamp passign 5\nouts a(kamp), linseg:a(p5, 1, p5)",
    ] {
        let event = "args = { kamp = 0.25 }\n[[event.set]]\nat = 0.25\nargs = { kamp = 0.5 }";
        assert_eq!(heard(&document("", body), event), [0.5, 0.25], "{body}");
    }
}

/// The empty text left an instrument the text of the note before.
#[test]
fn an_empty_text_is_one() {
    let body = "|Sx=\"abc\"|\nilength strlen Sx\nouts a(ilength) * 0.125, a(0)";
    let document = document("", body);
    let event = "args = { Sx = \"hello\" }\n[[event]]\ninstr = \"v\"\ndur = 1\nargs = { Sx = \"\" }\nat = 0.1";
    assert_eq!(heard(&document, "")[0], 0.375);
    assert_eq!(heard(&document, "args = { Sx = \"\" }")[0], 0.0);
    assert_eq!(heard(&document, event)[0], 0.625);
}

/// Tables of numbers were filled after the global code had run.
#[test]
fn global_code_finds_the_values_of_tables() {
    let keys = "init = \"giv tab_i 2, gi_d\\ntabw_i 0.5, 0, gi_d\"\n[[table]]\nname = \"d\"\ndata = [0.125, 0.25, 0.75]";
    let body = "outs a(giv), a(tab_i(0, gi_d))";
    assert_eq!(heard(&document(keys, body), ""), [0.75, 0.5]);
}

/// A set took a table for a bus that is not there.
#[test]
fn a_control_is_set_to_a_table() {
    let keys =
        "[[table]]\nname = \"d\"\ndata = [0, 0.125]\n[[table]]\nname = \"e\"\ndata = [0.25, 0.5]";
    let body = "|ktab=1|\nkone init 0\nif ktab > 100 then\nkone tablekt 1, ktab\nendif\nouts a(kone), a(0)";
    let event = "args = { ktab = \"@d\" }\n[[event.set]]\nargs = { ktab = \"@e\" }";
    assert_eq!(heard(&document(keys, body), event)[0], 0.5);
}

/// It destroyed the argument.
#[test]
fn an_alias_cannot_have_the_name_of_an_argument() {
    let text = document("", "|kx=0.1, ky=0.2|\nouts a(kx), a(ky)") + "aliases = { ky = \"kx\" }\n";
    let told = Kit::new(&text).score("end = 1").failure();
    assert!(
        told.contains("the alias ky is the name of an argument"),
        "{told}"
    );
}

/// A score put parameters where no host gets.
#[test]
fn a_parameter_stays_in_its_range_and_on_its_steps() {
    let body = "|kx=0.2 (0..1), kw=0 (a/b/c)|\nouts a(kx), a(kw)";
    let event = "[[param]]\nname = \"v.kx\"\nat = 0.2\nvalue = 7\n[[param]]\nname = \"v.kw\"\nat = 0.2\nvalue = 1.4";
    let [level, choice] = heard(&document("", body), event);
    assert!(
        (level - 1.0).abs() < 1e-9 && choice == 1.0,
        "{level}, {choice}"
    );
}

/// A parameter that moved later never reached a control that the event gives.
#[test]
fn the_newest_value_wins() {
    let body = "|kx=0.125 (0..1), ky=0.125 (0..1)|\nouts a(kx), a(ky)";
    let event =
        "args = { kx = 0.75, ky = 0.5 }\n[[param]]\nname = \"v.kx\"\nat = 0.2\nvalue = 0.25";
    assert_eq!(heard(&document("", body), event), [0.25, 0.5]);
}

/// A file of one track: a key, with these messages before its end, 480 ticks after it went down.
fn file(messages: &[u8]) -> Vec<u8> {
    let mut track = b"\0\xB0\x40\x7F\0\x90\x3C\x7F\x83\x60\x80\x3C\0".to_vec();
    track.extend(messages);
    track.extend(b"\x83\x60\xFF\x2F\0");
    let mut bytes = b"MThd\0\0\0\x06\0\0\0\x01\x01\xE0MTrk".to_vec();
    bytes.extend((track.len() as u32).to_be_bytes());
    bytes.extend(track);
    bytes
}

/// A pedal that is down at the end held its notes for ten minutes.
#[test]
fn a_pedal_comes_up_with_the_end_of_the_file_or_with_a_reset() {
    let text = document("", "|kmidi=60|\noutall linsegr:a(0.5, 0.01, 0)");
    let length = |messages: &[u8]| {
        let left = Kit::new(&text).midi(&file(messages)).left();
        left.iter().rposition(|sample| *sample > 0.25).unwrap_or(0)
    };
    assert!((47_900..49_000).contains(&length(b"")), "{}", length(b""));
    let reset = length(b"\0\xB0\x79\0");
    assert!((23_900..25_000).contains(&reset), "{reset}");
}
