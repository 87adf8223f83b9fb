//! What generated code does when Csound plays it.

use csound_session::session::instr::Value;

use super::instr_harness::{RATE, Take, assert_sample, instr, spec};

const DC: &str = "|kval=0.25|\noutch 1, a(kval)";

#[test]
fn defaults_and_values_are_heard() {
    let mut take = Take::new(spec([instr("dc", DC)]));
    take.play("dc", 1, 0, RATE, &[]);
    take.play("dc", 1, 2 * RATE, RATE, &[("kval", 0.5.into())]);
    if std::env::var("SHOW").is_ok() {
        println!("{}", take.orchestra.text);
    }
    let sound = &take.render(4 * RATE)[0];
    assert_sample(sound, RATE / 2, 0.25);
    assert_sample(sound, RATE + RATE / 2, 0.0);
    assert_sample(sound, 5 * RATE / 2, 0.5);
    assert_sample(sound, 7 * RATE / 2, 0.0);
    let _ = Value::Number(0.0);
}
