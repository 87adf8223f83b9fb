//! Notes and controllers that instruments send to the host.

use super::plugin_kit::{RATE, with};
use super::stage::{Blocks, Stage, layer, part, spec};
use super::vst3_kit::{self, Message};
use csound_session::session::command::{Command, HostEvent, Report};
use csound_session::session::layer::{Layer, Trigger};
use csound_session::session::program::ProgramSpec;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::Event_::EventTypes_;
use test_hosts::{BlockSizes, Event, Note, Project, Reply, Take};

/// Sends key 60 + n in cycle 10 n, a third of a cycle after its begin, for 1000 samples; and a controller in cycle 5.
const CLOCK: &str = "kcycle init 0\nif kcycle % 10 == 0 then\nnoteout 60 + kcycle/10, 0.5, 1000/sr, 11/sr\nendif\n\
    if kcycle == 5 then\nccout 74, 0.25\nendif\nkcycle += 1\nouts a(0), a(0)";

fn always(body: &str) -> ProgramSpec {
    let layers = vec![Layer {
        trigger: Trigger::Always,
        parts: vec![part("clock", 1)],
        ..Layer::default()
    }];
    spec(&[("clock", body)], layers)
}

fn notes(stage: &Stage) -> Vec<(u64, bool, u8)> {
    let note = |(at, event): &(u64, HostEvent)| match *event {
        HostEvent::NoteOn { key, .. } => Some((*at, true, key)),
        HostEvent::NoteOff { key, .. } => Some((*at, false, key)),
        _ => None,
    };
    stage.events.iter().filter_map(note).collect()
}

#[test]
fn notes_begin_and_end_on_their_samples_in_blocks_of_any_size() {
    for ksmps in [16, 32, 64] {
        for blocks in [
            Blocks::Of(1),
            Blocks::Of(64),
            Blocks::Of(480),
            Blocks::Random(5),
        ] {
            let mut program = always(CLOCK);
            program.orchestra.ksmps = ksmps;
            let mut stage = Stage::new(&program);
            stage.play(20 * ksmps as usize + 2_000, blocks);
            let latency = u64::from(stage.performer.latency());
            let cycle = u64::from(ksmps);
            let expected = [(0, 60), (1, 61)].map(|(n, key)| {
                let begin = 10 * n * cycle + 11 + latency;
                [(begin, true, key), (begin + 1_000, false, key)]
            });
            let mut heard = notes(&stage);
            heard.retain(|(_, _, key)| *key < 62);
            let mut expected = expected.concat();
            expected.sort_unstable();
            assert_eq!(heard, expected, "{ksmps} {blocks:?}");
            let sent = stage.events.iter().find_map(|(at, event)| match *event {
                HostEvent::Controller { number, value, .. } => Some((*at, number, value)),
                _ => None,
            });
            assert_eq!(sent, Some((5 * cycle + latency, 74, 0.25)));
        }
    }
}

#[test]
fn what_sounds_at_the_host_ends_with_a_panic_and_with_a_new_start() {
    let mut stage = Stage::new(&always(
        "koff init 0\nif koff == 0 then\nnoteout 60, 1, 3600\nkoff = 1\nendif\nouts a(0), a(0)",
    ));
    stage.at(4_800, Command::Panic);
    stage.play(9_600, Blocks::Of(480));
    let heard = notes(&stage);
    // The always-on part starts anew after the panic.
    assert_eq!(
        heard.iter().map(|(_, on, _)| *on).collect::<Vec<_>>(),
        [true, false, true]
    );
    assert!(heard[1].0 >= 4_800 && heard[1].0 < 4_800 + 64);
    stage.performer.clear();
    stage.block(480);
    assert_eq!(
        notes(&stage).last().map(|(_, on, key)| (*on, *key)),
        Some((false, 60))
    );
}

#[test]
fn more_than_fits_is_counted() {
    let mut stage = Stage::new(&always(
        "kcycle init 0\nif kcycle == 100 then\nknote = 0\nwhile knote < 300 do\nnoteout knote % 100, 1, 1\nknote += 1\nod\n\
         endif\nkcycle += 1\nouts a(0), a(0)",
    ));
    stage.play(9_600, Blocks::Of(480));
    let begun = notes(&stage).iter().filter(|(_, on, _)| *on).count();
    assert_eq!(begun, 256);
    let dropped = |report: &Report| match report {
        Report::Dropped { count } => *count,
        _ => 0,
    };
    let dropped: u32 = stage.session.take_reports().iter().map(dropped).sum();
    assert_eq!(dropped, 44);
}

#[test]
fn a_note_ends_although_its_program_was_replaced() {
    let body = "noteout_i 64, 1, 0.2\nouts a(0), a(0)";
    let mut stage = Stage::new(&spec(&[("once", body)], vec![layer("once")]));
    stage.note(60, 960, 1_920);
    stage.play(2_880, Blocks::Of(480));
    stage
        .session
        .install(super::stage::build(&always("outs a(0), a(0)")));
    stage.play(24_000, Blocks::Of(480));
    let at = 960 + 32;
    assert_eq!(notes(&stage), [(at, true, 64), (at + 9_600, false, 64)]);
}

const ECHO: &str = r#"
version = 1
name = "Echo of keys"
[[instr]]
name = "echo"
body = '''
|imidi, ivel|
noteout_i imidi + 12, ivel, 0.05, 0.001
ccout_i 1, 0.5
outs a(0), a(0)
'''
"#;

#[test]
fn a_clap_host_gets_them() {
    let mut plugin = with(ECHO);
    plugin.activate(RATE, 512).expect("activates");
    let take = Take::new(9_600)
        .blocks(BlockSizes::Fixed(64))
        .at(3_200, Event::NoteOn(Note::key(60), 1.0))
        .at(6_400, Event::NoteOff(Note::key(60)));
    let heard = plugin.play(&take).expect("plays");
    let replies: Vec<_> = heard
        .replies
        .iter()
        .filter(|(_, reply)| !matches!(reply, Reply::NoteEnd(_)))
        .copied()
        .collect();
    let latency = plugin.latency() as usize;
    let begin = 3_200 + 48 + latency;
    let expected = [
        (3_200 + latency, Reply::Midi([0xb0, 1, 64])),
        (begin, Reply::NoteOn(Note::key(72), 1.0)),
        (begin + 2_400, Reply::NoteOff(Note::key(72))),
    ];
    assert_eq!(replies, expected);
}

#[test]
fn a_vst3_host_gets_them() {
    let plugin = vst3_kit::open(0);
    plugin.load(Project::of_toml(ECHO).expect("TOML").vst3_state());
    plugin.start();
    let (_, sent) = plugin.play(
        100,
        &[(640, Message::On(60, 1.0)), (3_200, Message::Off(60))],
    );
    let begin = 640 + 48 + 32;
    let expected = [
        (640 + 32, EventTypes_::kLegacyMIDICCOutEvent),
        (begin, EventTypes_::kNoteOnEvent),
        (begin + 2_400, EventTypes_::kNoteOffEvent),
    ];
    let kinds = sent
        .iter()
        .map(|(at, event)| (*at, u32::from(event.r#type)));
    assert_eq!(kinds.collect::<Vec<_>>(), expected);
    // SAFETY: the types were just checked.
    let (on, cc) = unsafe { (sent[1].1.__field0.noteOn, sent[0].1.__field0.midiCCOut) };
    assert_eq!((on.pitch, on.velocity), (72, 1.0));
    assert_eq!((cc.controlNumber, cc.value), (1, 64));
}
