//! What is played under watch.

use crate::stage::{layer, part, spec};
use csound_session::session::layer::{ArgValue, Layer, Mode, Part, Release, Trigger};
use csound_session::session::orchestra::{BusKind, BusSpec};
use csound_session::session::program::ProgramSpec;

const SYNTH: &str = "|kmidi, kamp=0.2 (0..1), kcutoff=2000 (20..20000 log, smooth 20ms), kres=0.3 (0..0.95)|\n\
    asig vco2 kamp, mtof:k(kmidi)\nasig moogladder asig, kcutoff, kres\n\
    asig *= linsegr:a(0, 0.005, 1, 0.05, 0)\nouts asig, asig";
const TEMPO: &str = "|kmidi, kcutoff=500 (20..20000)|\nkbeat hostbeat\nktempo hosttempo\n\
    asig oscili 0.1*linsegr:k(1, 0.1, 0), mtof:k(kmidi)+kbeat*0.01+ktempo*0.001+kcutoff*0.001\nouts asig, asig";
const ECHO: &str = "|kmidi|\nasig vco2 0.2, mtof:k(kmidi)\nasig *= linsegr:a(1, 0.1, 0)\n\
    atap delayr 0.5\nawet deltapi 0.25\ndelayw asig + awet*0.5\n\
    avar vdelay asig, 20 + 5*oscili:a(1, 3), 100\nouts asig + awet, avar";
const REVERB: &str = "|kfb=0.8 (0..0.99)|\nain1, ain2 inch 1, 2\nal, ar reverbsc ain1, ain2, kfb, 8000\nouts al*0.2, ar*0.2";
/// Draws from the random numbers at init; they begin anew after the warm-up.
const RANDOM: &str = "|kmidi, kcutoff=900 (20..20000)|\nidetune random -0.1, 0.1\n\
    asig vco2 0.2, mtof:k(kmidi + idetune)\nasig butterlp asig, kcutoff\nasig *= linsegr:a(1, 0.05, 0)\n\
    atap delayr 0.1\ndelayw asig\nouts asig, atap";
/// Writes what others read while it plays: its init pass alone is warmed up.
const SEND: &str = "|kmidi|\nasig vco2 0.1, mtof:k(kmidi)\nasig *= linsegr:a(0, 0.01, 1, 0.05, 0)\nga_send += asig";
const RETURN: &str = "awet delay ga_send, 0.05\nga_send = 0\nouts awet, awet";
/// Its init pass writes what others read: allocated, but not started, before it is used.
const GLOBAL: &str = "|kmidi|\ngkLast init 0\ngkLast = kmidi\nasig foscili 0.1, mtof:k(gkLast), 1, 2, 3\n\
    asig *= linsegr:a(1, 0.05, 0)\nouts asig, asig";

/// Documents whose Instrs are played before they are used, with a name for each.
// Long because it lists them.
pub fn without_effects() -> Vec<(&'static str, ProgramSpec)> {
    vec![
        (
            "sixteen filtered voices",
            spec(
                &[("synth", SYNTH)],
                vec![Layer {
                    voices: 16,
                    ..layer("synth")
                }],
            ),
        ),
        ("a tempo", spec(&[("tempo", TEMPO)], vec![layer("tempo")])),
        ("a private bus", bus()),
        ("a bus that is looked at", shared_bus()),
        (
            "mono",
            spec(
                &[("synth", SYNTH)],
                vec![Layer {
                    mode: Mode::Mono,
                    ..layer("synth")
                }],
            ),
        ),
        (
            "legato",
            spec(
                &[("synth", SYNTH)],
                vec![Layer {
                    mode: Mode::Legato,
                    ..layer("synth")
                }],
            ),
        ),
        (
            "delay lines",
            spec(
                &[("echo", ECHO)],
                vec![Layer {
                    voices: 8,
                    ..layer("echo")
                }],
            ),
        ),
        ("random numbers at init", {
            let voices = VOICES;
            spec(
                &[("random", RANDOM)],
                vec![Layer {
                    voices,
                    ..layer("random")
                }],
            )
        }),
        ("a send", send()),
        (
            "a reverb",
            spec(
                &[("reverb", REVERB)],
                vec![Layer {
                    trigger: Trigger::Always,
                    ..layer("reverb")
                }],
            ),
        ),
    ]
}

/// A document whose Instr can be noticed when it is started, so that it is only allocated before it is used.
pub fn with_effects() -> ProgramSpec {
    let voices = VOICES;
    spec(
        &[("global", GLOBAL)],
        vec![Layer {
            voices,
            ..layer("global")
        }],
    )
}

/// Voices of the documents with effects.
pub const VOICES: u32 = 8;

/// Voices that send, and what takes it.
fn send() -> ProgramSpec {
    let voices = Layer {
        voices: VOICES,
        ..layer("voice")
    };
    let parts = vec![part("return", 2)];
    let always = Layer {
        trigger: Trigger::Always,
        parts,
        ..layer("return")
    };
    let mut spec = spec(&[("voice", SEND), ("return", RETURN)], vec![voices, always]);
    spec.orchestra.init = "ga_send init 0".to_owned();
    spec
}

/// A voice and a filter of its own.
fn bus() -> ProgramSpec {
    let synth = "|ibus, kmidi=60, kamp=0.2 (0..1)|\nasig vco2 kamp, mtof:k(kmidi)\n\
                 asig *= linsegr:a(0, 0.01, 1, 0.1, 0)\nbusout ibus, asig";
    let filter = "|ibus, kcutoff=1200 (20..20000 log Hz)|\n\
                  asig = moogladder2(busin:a(ibus), kcutoff, 0.3)\nouts asig, asig";
    let bus = || [("ibus".to_owned(), ArgValue::NoteBus("note".to_owned()))].into();
    let parts = vec![
        Part {
            args: bus(),
            ..part("synth", 1)
        },
        Part {
            args: bus(),
            release: Release::After,
            ..part("filter", 2)
        },
    ];
    spec(
        &[("synth", synth), ("filter", filter)],
        vec![Layer {
            parts,
            voices: 8,
            ..Layer::default()
        }],
    )
}

/// Voices that share a bus, whose loudness the window shows.
fn shared_bus() -> ProgramSpec {
    let voice = "|ibus, kmidi=60|\nasig vco2 0.1, mtof:k(kmidi)\n\
                 asig *= linsegr:a(0, 0.01, 1, 0.05, 0)\nbusmix ibus, asig";
    let bus = || [("ibus".to_owned(), ArgValue::Bus("verb".to_owned()))].into();
    let voices = Layer {
        parts: vec![Part {
            args: bus(),
            ..part("voice", 1)
        }],
        voices: 8,
        ..Layer::default()
    };
    let always = Layer {
        trigger: Trigger::Always,
        parts: vec![Part {
            args: bus(),
            ..part("verb", 2)
        }],
        ..Layer::default()
    };
    let verb = "|ibus|\nawet = busin:a(ibus)\nouts awet, awet";
    let mut spec = spec(&[("voice", voice), ("verb", verb)], vec![voices, always]);
    spec.orchestra.buses = vec![BusSpec {
        name: "verb".to_owned(),
        kind: BusKind::Audio,
    }];
    spec.orchestra.meters = true;
    spec
}

/// Three keys: not a number, a failing init pass, a failing cycle.
pub fn faulty() -> ProgramSpec {
    let body = "|imidi|\nknan = imidi == 61 ? log(-1) : 0\nitable = imidi == 62 ? 7777 : -1\n\
                asig oscili 0.1, 440, itable\nouts asig + a(knan), asig";
    spec(&[("faulty", body)], vec![layer("faulty")])
}

/// Notes that follow the song and send others to the host.
pub fn arpeggio() -> ProgramSpec {
    let body = "|kmidi|\nkbeat chnget \"HOST_PPQ_POS\"\nkstep init -1\nif int(kbeat * 100) != kstep then\n\
        kstep = int(kbeat * 100)\nnoteout kmidi + kstep % 3 * 4, 0.8, 0.01\nccout 1, 0.5\nendif\n\
        aenv linsegr 0, 0.001, 1, 0.001, 0\nouts aenv * 0.1, aenv * 0.1 * hostbeat:k()";
    spec(&[("arpeggio", body)], vec![layer("arpeggio")])
}
