//! What the code of a program may ask of the host, judged by its words. A word too many costs nanoseconds in a cycle; a
//! word too few would cost a signal, so comments and strings count.

use crate::session::instr::Instr;
use crate::session::orchestra::{CABBAGE_CHANNELS, OrchestraSpec};

/// Opcodes that read the host's input; `busin` does for the buses that stand for it.
const INPUT: [&str; 11] = [
    "in", "ins", "inch", "inx", "inq", "inh", "ino", "in32", "inrg", "inz", "busin",
];
/// Opcodes that read the host's transport, beside `chnget` of a channel whose name begins with a dot.
const TRANSPORT: [&str; 4] = ["hosttempo", "hostbeat", "hostbar", "hostplaying"];
/// Opcodes that send notes and controllers to the host.
const NOTE_OUT: [&str; 4] = ["noteout", "noteout_i", "ccout", "ccout_i"];

/// Whether any code may read the host's input.
pub(super) fn input(spec: &OrchestraSpec) -> bool {
    spec.any_word(|word| INPUT.contains(&word))
}

/// Which channels of the host's transport any code may read. Those that begin with a dot are needed together.
pub(super) fn transport(spec: &OrchestraSpec) -> impl Fn(&str) -> bool + use<> {
    let mut texts = spec
        .instrs
        .iter()
        .map(Instr::code)
        .chain(spec.definitions());
    let own =
        spec.any_word(|word| TRANSPORT.contains(&word)) || texts.any(|text| text.contains("\"."));
    let cabbage = CABBAGE_CHANNELS.map(|name| spec.any_word(|word| word == name));
    move |channel| match CABBAGE_CHANNELS.iter().position(|name| *name == channel) {
        Some(index) => cabbage[index],
        None => own,
    }
}

/// Whether any code may send notes or controllers to the host.
pub(super) fn note_out(spec: &OrchestraSpec) -> bool {
    spec.any_word(|word| NOTE_OUT.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(body: &str) -> OrchestraSpec {
        let instrs = vec![Instr::new("x", body).unwrap()];
        OrchestraSpec {
            instrs,
            ..OrchestraSpec::default()
        }
    }

    #[test]
    fn opcodes_are_found_as_words_however_they_are_called() {
        for body in [
            "a1, a2 ins",
            "a1 = inch:a(1)",
            "out in:a()",
            "|ibus|\na1 = busin:a(ibus)",
        ] {
            assert!(input(&spec(body)), "{body}");
        }
        for body in ["a1 linseg 0, 1, 1\nout a1", "kin = 1\nout a(kin)"] {
            assert!(!input(&spec(body)), "{body}");
        }
        for body in [
            "k1 hostbeat",
            "k1 chnget \".tempo\"",
            "S1 = \".\"\nk1 chnget strcat(S1, \"bar\")",
        ] {
            assert!(transport(&spec(body))(".tempo"), "{body}");
        }
        assert!(!transport(&spec("k1 chnget \"tempo\"\nk2 = 1.5"))(".tempo"));
    }

    #[test]
    fn of_cabbage_s_channels_only_those_named_are_written() {
        let needed = transport(&spec("k1 chnget \"HOST_BPM\""));
        assert!(needed("HOST_BPM"));
        assert!(!needed("IS_PLAYING") && !needed(".tempo"));
    }

    #[test]
    fn global_code_counts() {
        let udo = "opcode Left, a, 0\na1 inch 1\nxout a1\nendop".to_owned();
        assert!(input(&OrchestraSpec {
            init: udo,
            ..OrchestraSpec::default()
        }));
    }
}
