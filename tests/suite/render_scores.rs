//! What the lines, sets and stops of a score do, to the sample and to the bit.

use csound_session::render::BlockSize;
use csound_session::render::problem::SourceText;
use csound_session::render::score::Score;
use csound_session::render::soundfile::Sound;

use super::render_kit::{Kit, channel, extent, instr, peak};

/// The control as it is held in each cycle, and as the init pass saw it.
const HELD: &str = "|kval=0.25|\nival = i(kval)\nouts upsamp(kval), upsamp(ival)";

/// A document of the Instr `x`, and the buses `level` (control, 0.25) and `wire` (audio).
fn document(body: &str) -> String {
    let buses = "[[bus]]\nname = \"level\"\nkind = \"control\"\nvalue = 0.25\n[[bus]]\nname = \"wire\"\nkind = \"audio\"\n";
    format!("{}{buses}", instr("x", body))
}

#[track_caller]
fn held(score: &str) -> Sound {
    Kit::new(&document(HELD)).score(score).sound()
}

#[track_caller]
fn reads(sound: &Sound, number: usize, expected: &[(usize, f64)]) {
    let channel = channel(sound, number - 1);
    for &(at, value) in expected {
        assert!(
            (channel[at] - value).abs() < 1e-9,
            "sample {at} is {}, not {value}",
            channel[at]
        );
    }
}

/// Everything that a score can say, in one piece.
pub const EVERYTHING: &str = r#"end = 1.5
[[event]]
id = "first"
instr = "voice"
at = 0.0137
dur = 1
priority = -10
args = { ibus = "@wire", kfreq = 330, Sshape = "square" }
[[event.set]]
at = 0.25
args = { kfreq = 440, kamp = 0.3 }
[[event.automate]]
param = "pitch"
pairs = [[0, 0.2, 0.4], [nan, 880, 220]]
mode = "smoother"
at = 0.3
[[event.stop]]
at = 0.9
[[event]]
id = "second"
instr = "voice"
at = 0.2
args = ["@wire", "sine", 550, 0.1]
[[event.automate]]
param = "kamp"
pairs = [0.1, 0.5, 0.4]
mode = "exp(2)"
[[event.stop]]
at = 0.7
[[event]]
instr = "out"
priority = 3
args = { ibus = "@wire", igain = "@level" }
[[bus_set]]
bus = "level"
value = 0.5
[[bus_automate]]
bus = "@level"
at = 0.4
pairs = [0, 0, 0.2, 1, 0.6, 0.1]
mode = "cos"
overtake = true
[[note]]
at = 0.6
dur = 0.3
key = 69
[[param]]
name = "lead.kcutoff"
at = 0.7
value = 3000
"#;

/// The document that goes with it.
pub const BAND: &str = r#"version = 1
[[bus]]
name = "wire"
kind = "audio"
[[bus]]
name = "level"
kind = "control"
[[instr]]
name = "voice"
aliases = { pitch = "kfreq" }
body = '''
|ibus, Sshape="sine", kfreq=440, kamp=0.1|
asig = strcmp(Sshape, "sine") == 0 ? oscili:a(kamp, kfreq) : vco2:a(kamp, kfreq, 10)
busmix ibus, asig*linsegr:a(0, 0.01, 1, 0.1, 0)
'''
[[instr]]
name = "out"
body = '''
|ibus, igain|
asig = busin:a(ibus)*a(busin:k(igain))
outs asig, asig
'''
[[instr]]
name = "lead"
body = '''
|kfreq=440, kcutoff=1000 (20..20000)|
asig moogladder2 vco2:a(0.1, kfreq), kcutoff, 0.5
anoise randomh -0.01, 0.01, 5000
outs asig*linsegr:a(0, 0.01, 1, 0.1, 0), asig + a(k(anoise))
'''
[[layer]]
name = "lead"
parts = [{ instr = "lead" }]
"#;

#[test]
fn everything_in_one_score_does_not_depend_on_blocks() {
    for (rate, ksmps) in [(48_000, 32), (44_100, 1), (44_100, 128), (96_000, 100)] {
        let render = |block| {
            let mut kit = Kit::new(BAND).score(EVERYTHING);
            (kit.job.sample_rate, kit.job.ksmps, kit.job.block) = (rate, Some(ksmps), block);
            kit.sound()
        };
        let reference = render(BlockSize::default());
        assert_eq!(reference.frames(), (1.5 * f64::from(rate)) as usize);
        let silent = channel(&reference, 0).iter().all(|sample| *sample == 0.0);
        assert!(!silent);
        for block in [
            BlockSize::Fixed(1),
            BlockSize::Fixed(17),
            BlockSize::Fixed(4096),
            BlockSize::Random,
        ] {
            assert!(
                render(block) == reference,
                "{rate} Hz, ksmps {ksmps}, {block:?}"
            );
        }
    }
}

#[test]
fn chance_is_the_same_in_every_render() {
    let body = "|imidi=60|\nanoise randomh -0.5, 0.5, 3000\nouts anoise, anoise";
    let score = "[[event]]\ninstr = \"chance\"\ndur = 0.3\n[[event]]\ninstr = \"chance\"\nat = 0.1\ndur = 0.3\n";
    let render = || Kit::instr("chance", body).score(score).sound();
    let first = render();
    assert!(channel(&first, 0).windows(2).any(|pair| pair[0] != pair[1]));
    assert!((0..3).all(|_| render() == first));
}

#[test]
fn the_last_of_several_sets_at_a_time_counts() {
    let event = "[[event]]\ninstr = \"x\"\ndur = 1\nargs = { kval = 0.1 }\n";
    let set =
        |at: f64, value: f64| format!("[[event.set]]\nat = {at}\nargs = {{ kval = {value} }}\n");
    let sets = [
        set(0.0, 0.2),
        set(0.5, 0.4),
        set(0.5, 0.5),
        set(0.25, 0.9),
        set(0.0, 0.3),
    ]
    .concat();
    let sound = held(&format!("{event}{sets}"));
    reads(
        &sound,
        1,
        &[
            (0, 0.3),
            (11_990, 0.3),
            (12_000, 0.9),
            (24_000, 0.5),
            (47_999, 0.5),
        ],
    );
    reads(&sound, 2, &[(0, 0.3), (47_999, 0.3)]);
}

#[test]
fn a_line_at_the_start_is_what_the_init_pass_sees() {
    let event = "[[event]]\ninstr = \"x\"\nat = 0.1\ndur = 1\n";
    let line = "[[event.automate]]\nparam = \"kval\"\npairs = [0.75, 0.5, 0.25]\n";
    let sound = held(&format!("{event}{line}"));
    reads(
        &sound,
        1,
        &[(4_799, 0.0), (4_800, 0.75), (28_832, 0.25), (52_799, 0.25)],
    );
    reads(&sound, 2, &[(4_800, 0.75)]);
}

#[test]
fn lines_outside_of_their_event_do_nothing() {
    let event = "[[event]]\ninstr = \"x\"\ndur = 0.5\n";
    let late = "[[event.automate]]\nparam = \"kval\"\npairs = [0, 0.5, 1, 1]\nat = 0.6\n";
    let long = "[[event.automate]]\nparam = \"kval\"\npairs = [0, 0, 2, 1]\nat = 0.25\n";
    let next = "[[event]]\ninstr = \"x\"\nat = 1\ndur = 0.5\n";
    let sound = held(&format!("{event}{late}{long}{next}"));
    reads(
        &sound,
        1,
        &[(100, 0.25), (24_000, 0.0), (48_000, 0.25), (71_999, 0.25)],
    );
    assert_eq!(sound.frames(), 72_000);
    let before_its_end = channel(&sound, 0)[23_999];
    assert!((before_its_end - 0.125).abs() < 1e-3, "{before_its_end}");
}

#[test]
fn the_first_of_several_stops_counts_to_the_sample() {
    let event = "[[event]]\ninstr = \"x\"\nat = 0.1\n";
    let stops = "[[event.stop]]\nat = 0.7\n[[event.stop]]\nat = 0.30011\n";
    let sound = held(&format!("{event}{stops}"));
    let end = (0.40011_f64 * 48_000.0).round() as usize;
    assert_eq!(extent(&channel(&sound, 0)), Some((4_800, end - 1)));
    assert_eq!(sound.frames(), end);
    let long = format!("{event}dur = 0.2\n[[event.stop]]\nat = 5\n");
    assert_eq!(
        held(&long).frames(),
        14_400,
        "a stop behind the end changes nothing"
    );
}

#[test]
fn buses_are_set_before_anything_starts() {
    let body = "|ilevel|\nistart = busin:i(ilevel)\nouts upsamp(istart), upsamp(busin:k(ilevel))";
    let event =
        |at: f64| format!("[[event]]\ninstr = \"x\"\nat = {at}\ndur = 0.5\nargs = [\"@level\"]\n");
    let sets = "[[bus_set]]\nbus = \"level\"\nvalue = 0.75\n[[bus_set]]\nbus = \"level\"\nat = 1\nvalue = 0.5\n";
    let line = "[[bus_automate]]\nbus = \"level\"\nat = 1\npairs = [nan, 0.25, 0.25]\n";
    let score = [&event(0.0), &event(1.0), line, sets].concat();
    let sound = Kit::new(&document(body)).score(&score).sound();
    reads(&sound, 1, &[(0, 0.75), (48_000, 0.5)]);
    reads(
        &sound,
        2,
        &[(0, 0.75), (23_999, 0.75), (48_000, 0.5), (60_032, 0.25)],
    );
}

#[test]
fn a_score_that_is_right_is_played_without_a_word() {
    let mut kit = Kit::new(BAND).score(EVERYTHING);
    kit.sound();
    assert!(kit.told.is_empty(), "{:?}", kit.told);
}

#[test]
fn a_control_can_be_set_to_a_bus() {
    let body = "|kbus|\nouts upsamp(busin:k(kbus)), a(0)";
    let score = "[[event]]\ninstr = \"x\"\ndur = 1\nargs = { kbus = \"@other\" }\n\
                 [[event.set]]\nat = 0.5\nargs = { kbus = \"@level\" }\n";
    let other = "[[bus]]\nname = \"other\"\nkind = \"control\"\nvalue = 0.75\n";
    let sound = Kit::new(&format!("{}{other}", document(body)))
        .score(score)
        .sound();
    reads(&sound, 1, &[(12_000, 0.75), (36_000, 0.25)]);
}

#[test]
fn the_example_of_the_documentation_renders() {
    let text = include_str!("../../docs/scores.md");
    let block = |number: usize| {
        text.split("```")
            .nth(2 * number + 1)
            .unwrap()
            .strip_prefix("toml\n")
            .unwrap()
    };
    let sound = Kit::new(block(0)).score(block(1)).sound();
    assert_eq!(sound.frames(), 144_000);
    let left = channel(&sound, 0);
    assert!(peak(&left[..24_000]) > 0.19 && peak(&left[110_000..]) == 0.0);
    assert!(Score::parse(SourceText::new("notes.score.toml", block(2))).is_ok());
}

/// A document of the interface was refused: nobody gave a name to the channel while it was tried out.
#[test]
fn an_argument_without_a_default_is_left_to_the_event() {
    let writer = "Schan strget p5\nchnset upsamp(p6), Schan";
    let reader = "Schan strget p5\nasig chnget Schan\nouts asig, asig\nchnclear Schan";
    let document =
        instr("writer", writer) + instr("reader", reader).trim_start_matches("version = 1\n");
    let mut kit = Kit::new(&document).score(
        "[[event]]\ninstr = \"writer\"\ndur = 1\nargs = [\"wire\", 0.25]\n\
         [[event]]\ninstr = \"reader\"\ndur = 1\npriority = 2\nargs = { Schan = \"wire\" }\n",
    );
    reads(&kit.sound(), 1, &[(0, 0.25), (47_999, 0.25)]);
    let told = kit.told.join("\n");
    assert!(
        told.contains("warning") && told.contains("tried without a value for Schan"),
        "{told}"
    );
    let declared = writer
        .replace("Schan strget p5", "|Schan=\"\", iamp=0|")
        .replace("p6", "iamp");
    let mut refused =
        Kit::instr("writer", &declared).score("[[event]]\ninstr = \"writer\"\ndur = 1\n");
    assert!(refused.failure().contains("invalid channel name"));
}

/// Such synths had the defaults of the text, wherever the host had put the parameter.
#[test]
fn what_code_starts_by_name_begins_where_the_parameters_stand() {
    let starter = "kcount init 0\nif kcount == 0 then\nschedulek \"named\", 0, -1\nkcount = 1\nendif\nouts a(0), a(0)";
    let named = "|kval=0.25 (0..1), kother=0.1 (0..1)|\nouts upsamp(kval), upsamp(kother)";
    let document = instr("starter", starter)
        + instr("named", named).trim_start_matches("version = 1\n")
        + "[[layer]]\nname = \"a\"\nparts = [{ instr = \"starter\" }]\n";
    let document = document.replacen(
        "version = 1\n",
        "version = 1\nvalues = { \"named.kval\" = 0.5 }\n",
        1,
    );
    let score = "end = 1\n[[note]]\nkey = 60\nat = 0.5\n\
                 [[param]]\nname = \"named.kother\"\nat = 0.25\nvalue = 0.75\n";
    let sound = Kit::new(&document).score(score).sound();
    reads(&sound, 1, &[(40_000, 0.5)]);
    reads(&sound, 2, &[(40_000, 0.75)]);
}
