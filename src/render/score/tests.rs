use super::*;
use crate::session::{Line, Mode};

fn parse(text: &str) -> Result<Score, Problem> {
    Score::parse(SourceText::new("a.score.toml", text))
}

const EVERY_KEY: &str = r#"end = 6
[[event]]
id = "a"
instr = "sine"
at = 0.5
dur = 2
priority = -1
args = { kfreq = 800, Sname = "x", ibus = "@verb" }
[[event.set]]
at = 1.0
args = { kfreq = 1000 }
[[event.automate]]
param = "kfreq"
pairs = [0, 0, 2, 440]
mode = "cos"
at = 0.5
overtake = true
[[event.stop]]
at = 1.5
[[event]]
instr = "sine"
args = [0.1, "b"]
[[bus_set]]
bus = "freq"
at = 1.0
value = 440
[[bus_automate]]
bus = "freq"
pairs = [880, 5, 440]
[[note]]
at = 0.5
dur = 1.0
key = 60
velocity = 1
channel = 15
[[param]]
name = "synth.kcutoff"
at = 1
value = -3
"#;

#[test]
fn every_key_is_read() {
    let content = parse(EVERY_KEY).unwrap().content;
    assert_eq!(content.end.map(Length::get), Some(6.0));
    let event = &content.events[0];
    assert_eq!(
        (event.at.get(), event.dur.map(Length::get)),
        (0.5, Some(2.0))
    );
    assert_eq!(event.priority().among(10), Some(10));
    let Args::Named(args) = &event.args else {
        panic!("named")
    };
    assert_eq!(args[0].0.as_ref(), "kfreq");
    assert_eq!(args[1].1, ArgValue::Text("x".into()));
    let wanted = Line::pairs([0.0, 0.0, 2.0, 440.0])
        .mode(Mode::Cos)
        .overtake();
    let line = &event.lines[0];
    assert_eq!(line.param.as_ref(), "kfreq");
    assert_eq!(
        (line.pairs.line(&line.mode, line.overtake), line.at.get()),
        (wanted, 0.5)
    );
    assert_eq!(event.stops[0].at.get(), 1.5);
    assert!(matches!(&content.events[1].args, Args::Placed(values) if values.len() == 2));
    assert!(content.events[1].dur.is_none());
    let line = &content.bus_lines[0];
    assert_eq!(
        line.pairs.line(&line.mode, false),
        Line::pairs([880.0, 5.0, 440.0])
    );
    assert_eq!(line.pairs.count(), 2);
    assert_eq!(
        (content.notes[0].key.get(), content.notes[0].channel.get()),
        (60, 15)
    );
    assert_eq!(content.params[0].value.get(), -3.0);
}

#[test]
fn what_cannot_be_is_refused_at_its_place() {
    let cases = [
        ("[[note]]\nkey = 60\nat = -1", "a.score.toml:3:6: at: "),
        ("[[note]]\nkey = 60\nat = nan", "a.score.toml:3:6: at: "),
        ("[[note]]\nkey = 60\nat = inf", "a.score.toml:3:6: at: "),
        ("[[note]]\nkey = 60\ndur = 0", "a.score.toml:3:7: dur: "),
        ("[[note]]\nkey = 128", "a.score.toml:2:7: key: "),
        ("[[note]]\nkey = 60.5", "a.score.toml:2:7: key: "),
        (
            "[[note]]\nkey = 60\nvelocity = 100",
            "a.score.toml:3:12: velocity: ",
        ),
        (
            "[[note]]\nkey = 60\nchannel = 16",
            "a.score.toml:3:11: channel: ",
        ),
        (
            "[[note]]\nkey = 60\nlength = 1",
            "a.score.toml:3:1: length: ",
        ),
        ("[[note]]\nat = 1", "a.score.toml:1:1: "),
        (
            "[[event]]\ninstr = \"a\"\npriority = 0",
            "a.score.toml:3:12: priority: ",
        ),
        (
            "[[event]]\ninstr = \"a\"\nargs = { kx = true }",
            "a.score.toml:3:15: kx: ",
        ),
        (
            "[[event]]\ninstr = \"a\"\nargs = { kx = nan }",
            "a.score.toml:3:15: kx: ",
        ),
        ("[[event]]\ninstr = 5", "a.score.toml:2:9: instr: "),
        (
            "[[event]]\ninstr = \"a\"\n[[event.set]]\nat = 1",
            "a.score.toml:3:1: ",
        ),
        (
            "[[param]]\nname = \"a.b\"\nvalue = inf",
            "a.score.toml:3:9: value: ",
        ),
        (
            "[[bus_automate]]\nbus = \"f\"\npairs = [1, 1, 0, 2]",
            "a.score.toml:3:9: pairs: ",
        ),
        ("end = 1\nend = 2", "a.score.toml:2:1: end: "),
        ("end = 0", "a.score.toml:1:7: end: "),
        ("[[note]\n", "a.score.toml:1:"),
    ];
    for (text, wanted) in cases {
        let problem = parse(text).unwrap_err().to_string();
        assert!(problem.starts_with(wanted), "{text:?}: {problem}");
    }
}

#[test]
fn two_events_of_one_id_are_refused() {
    let event = "[[event]]\ninstr = \"a\"\nid = \"x\"\n";
    let problem = parse(&event.repeat(2)).unwrap_err().to_string();
    assert!(problem.starts_with("a.score.toml:6:6: id: "), "{problem}");
}

#[test]
fn priorities_count_from_both_ends() {
    let of = |number| Priority::try_from(number).unwrap().among(10);
    assert_eq!(
        [of(1), of(10), of(-1), of(-10)],
        [Some(1), Some(10), Some(10), Some(1)]
    );
    assert_eq!([of(11), of(-11)], [None, None]);
}

#[test]
fn an_empty_score_is_a_score() {
    assert!(parse("").unwrap().content.events.is_empty());
}
