//! The host's transport as instruments read it.

use super::plugin_kit::{RATE, with};
use super::stage::{Blocks, Stage, layer, part, spec};
use csound_session::session::command::HostEvent;
use csound_session::session::layer::{Layer, Trigger};
use csound_session::session::performer::Transport;
use test_hosts::{BlockSizes, Take};

fn always(instr: &str) -> Layer {
    Layer {
        trigger: Trigger::Always,
        parts: vec![part(instr, 1)],
        ..Layer::default()
    }
}

/// What an always-on Instr reads from the channels, each heard on an output of its own.
fn read(channels: &[&str], transport: Transport, samples: usize) -> Vec<Vec<f64>> {
    let body: String = (1..)
        .zip(channels)
        .map(|(n, name)| {
            format!("k{n} chnget \"{name}\"\nouta{n} = upsamp(k{n}/1e6)\noutch {n}, outa{n}\n")
        })
        .collect();
    let body = body.replace("outa", "aout");
    let mut program = spec(&[("clock", &body)], vec![always("clock")]);
    program.orchestra.channels = channels.len() as u32;
    let mut stage = Stage::new(&program);
    stage.transport = transport;
    stage.play(samples, Blocks::Of(samples + 32))
}

#[test]
fn both_names_of_a_channel_say_the_same_in_every_cycle() {
    let names = [
        (".tempo", "HOST_BPM"),
        (".beat", "HOST_PPQ_POS"),
        (".numerator", "TIME_SIG_NUM"),
        (".denominator", "TIME_SIG_DENOM"),
        (".seconds", "TIME_IN_SECONDS"),
        (".playing", "IS_PLAYING"),
        (".recording", "IS_RECORDING"),
    ];
    let transport = Transport {
        playing: true,
        recording: true,
        tempo: 90.0,
        beat: 7.5,
        numerator: 3.0,
        denominator: 8.0,
        seconds: 5.0,
        ..Transport::default()
    };
    let both: Vec<&str> = names
        .iter()
        .flat_map(|(own, cabbage)| [*own, *cabbage])
        .collect();
    let heard = read(&both, transport, 4_800);
    for (pair, (own, cabbage)) in heard.chunks(2).zip(names) {
        assert_eq!(pair[0], pair[1], "{own} {cabbage}");
    }
    let at = |channel: usize, sample: usize| heard[channel][sample] * 1e6;
    assert!((at(0, 0) - 90.0).abs() < 1e-6 && (at(2, 0) - 7.5).abs() < 1e-6);
    // 3200 samples on, at 90 quarter notes a minute.
    assert!((at(3, 3_200) - 7.6).abs() < 1e-6, "{}", at(3, 3_200));
    let samples = read(&["TIME_IN_SAMPLES"], transport, 4_800);
    assert_eq!((samples[0][3_200] * 1e6).round(), 240_000.0 + 3_200.0);
}

#[test]
fn a_thousand_loops_leave_no_synth_behind() {
    const LOOP: usize = 480;
    let body = "|kmidi|\nkbeat hostbeat\naenv linsegr 0, 0.001, 1, 0.001, 0\naout oscili 0.1, mtof:k(kmidi)\nouts aout*aenv, aout*aenv*kbeat";
    let mut stage = Stage::new(&spec(&[("voice", body)], vec![layer("voice")]));
    let rounds = |stage: &mut Stage, count: usize| {
        for _ in 0..count {
            let now = stage.performer.position();
            stage.note(60, now, now + 240);
            stage.transport = Transport {
                playing: true,
                looping: true,
                ..Transport::default()
            };
            stage.block(LOOP);
        }
    };
    rounds(&mut stage, 1_000);
    stage.block(LOOP);
    let ended = stage
        .events
        .iter()
        .filter(|(_, event)| matches!(event, HostEvent::VoiceEnded { .. }))
        .count();
    assert_eq!(ended, 1_000);
    assert!(!stage.performer.has_voices(), "nothing is left");
}

#[test]
fn a_reset_while_it_plays_is_silent_at_once() {
    let mut plugin = with(
        "version = 1\nname = \"Hum\"\n[[instr]]\nname = \"hum\"\nbody = '''\naout oscili 0.2, 220\nouts aout, aout\n'''\n\
         [[layer]]\nname = \"hum\"\ntrigger = \"note\"\nparts = [{ instr = \"hum\" }]\n",
    );
    plugin.activate(RATE, 512).expect("activates");
    let note = test_hosts::Event::NoteOn(test_hosts::Note::key(60), 1.0);
    let take = Take::new(9_600).blocks(BlockSizes::Fixed(512)).at(0, note);
    let heard = plugin.play(&take).expect("plays");
    assert!(!test_hosts::measure::is_silent(&heard.left()[4_800..]));
    plugin.reset();
    let heard = plugin.play(&Take::new(9_600)).expect("plays");
    assert!(test_hosts::measure::is_silent(heard.left()));
}
