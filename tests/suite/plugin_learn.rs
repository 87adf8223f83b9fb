//! Controls that learn a MIDI controller.

use super::plugin_kit::{RATE, with};
use csound_session::editor::Sound;
use csound_session::plugin::Instrument;
use nice_plug::context::PluginApi;
use nice_plug::context::process::SendEventError;
use nice_plug::midi::{Channel, Key, VoiceID};
use nice_plug::prelude::*;
use std::time::{Duration, Instant};
use test_hosts::{Event, Note, Take};

const FRAMES: usize = 64;

const LEVEL: &str = r#"
version = 1
name = "Level"
learned = { "level.klevel" = 20 }
[[instr]]
name = "level"
body = '''
|kmidi, klevel=0.1 (0..1 "Level")|
outs upsamp(klevel), upsamp(klevel)
'''
"#;

#[test]
fn a_learned_controller_moves_its_control_until_the_host_does() {
    let mut plugin = with(LEVEL);
    plugin.activate(RATE, 512).expect("activates");
    let level = plugin.parameter("Level").expect("listed");
    let take = || {
        Take::new(9_600)
            .at(0, Event::NoteOn(Note::key(60), 1.0))
            .at(2_400, Event::Midi([0xb3, 20, 127]))
            .at(4_800, Event::Parameter(level.id, 0.25))
            .at(7_200, Event::Midi([0xb0, 21, 127]))
    };
    let heard = plugin.play(&take()).expect("plays");
    let at = |sample: usize| heard.left()[sample];
    assert_eq!(
        [at(2_000), at(4_000), at(7_000), at(9_000)],
        [0.1, 1.0, 0.25, 0.25]
    );
    assert_eq!(
        plugin.parameter("Level").expect("listed").value,
        0.25,
        "the host's own"
    );
}

#[test]
fn a_bounce_does_not_depend_on_controllers_before_it() {
    let mut plugin = with(LEVEL);
    plugin.activate(RATE, 512).expect("activates");
    let note = || Take::new(4_800).at(0, Event::NoteOn(Note::key(60), 1.0));
    let first = plugin
        .play(&note().at(2_400, Event::Midi([0xb0, 20, 127])))
        .expect("plays");
    assert_eq!(first.left()[4_000], 1.0);
    plugin.activate(RATE, 512).expect("activates");
    let second = plugin.play(&note()).expect("plays");
    assert_eq!(second.left()[4_000], 0.1);
}

/// A host of the plugin object itself, which its window can be asked for.
struct Host {
    transport: Transport,
    events: Vec<NoteEvent<()>>,
}

impl ActivateContext<Instrument> for Host {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Standalone
    }
    fn execute(&self, _: ()) {}
    fn set_latency_samples(&self, _: u32) {}
    fn set_current_voice_capacity(&self, _: u32) {}
}

impl ProcessContext<Instrument> for Host {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Standalone
    }
    fn execute_background(&self, _: ()) {}
    fn execute_gui(&self, _: ()) {}
    fn transport(&self) -> &Transport {
        &self.transport
    }
    fn next_event(&mut self) -> Option<NoteEvent<()>> {
        self.events.pop()
    }
    fn try_send_event(&mut self, _: NoteEvent<()>) -> Result<(), (NoteEvent<()>, SendEventError)> {
        Ok(())
    }
    fn set_latency_samples(&self, _: u32) {}
    fn request_restart(&self) {}
    fn set_current_voice_capacity(&self, _: u32) {}
}

/// One block with an event, and the last sample that is heard.
fn block(plugin: &mut Instrument, event: Option<NoteEvent<()>>) -> f32 {
    let mut host = Host {
        transport: Transport::new(RATE as f32),
        events: event.into_iter().collect(),
    };
    let (mut left, mut right) = ([0.0_f32; FRAMES], [0.0_f32; FRAMES]);
    let mut buffer = Buffer::default();
    // SAFETY: two channels of so many samples, which live as long as the buffer.
    unsafe {
        buffer.set_slices(FRAMES, |slices| *slices = vec![&mut left, &mut right]);
    }
    let mut aux = AuxiliaryBuffers {
        inputs: &mut [],
        outputs: &mut [],
    };
    plugin.process(&mut buffer, &mut aux, &mut host);
    left[FRAMES - 1]
}

fn controller(cc: u8) -> NoteEvent<()> {
    NoteEvent::MidiCC {
        timing: 0,
        channel: 5,
        cc,
        value: 1.0,
    }
}

/// Plays on until something has come about.
fn wait_until(plugin: &mut Instrument, done: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < deadline, "it does not come about");
        block(plugin, None);
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_control_learns_from_the_next_controller_and_the_project_keeps_it() {
    let mut plugin = Instrument::default();
    let document = LEVEL.replace("learned = { \"level.klevel\" = 20 }\n", "");
    let tree: serde_json::Value = toml::from_str(&document).expect("TOML");
    let field = serde_json::to_string(&tree.to_string()).expect("a text is JSON");
    plugin
        .params()
        .deserialize_fields(&[("document".to_owned(), field)].into());
    let config = BufferConfig {
        sample_rate: RATE as f32,
        min_buffer_size: None,
        max_buffer_size: FRAMES as u32,
        process_mode: ProcessMode::Realtime,
    };
    let mut host = Host {
        transport: Transport::new(RATE as f32),
        events: Vec::new(),
    };
    assert!(plugin.activate(&Instrument::AUDIO_IO_LAYOUTS[0], &config, &mut host));
    for (_, parameter, _) in plugin.params().param_map() {
        // SAFETY: the parameters live as long as the plugin; hosts do this before they process.
        unsafe { parameter._internal_update_smoother(RATE as f32, true) };
    }
    let desk = plugin.desk();
    block(&mut plugin, Some(controller(33)));
    desk.learn(Some(0));
    assert_eq!(desk.learning(), Some(0));
    block(&mut plugin, Some(controller(34)));
    let learned = || desk.controller_of(0) == Some(34) && desk.view().sound == Sound::Playing;
    wait_until(&mut plugin, learned);
    assert_eq!(desk.learning(), None);
    let saved = plugin.params().serialize_fields()["document"].clone();
    assert!(saved.contains("level.klevel"), "{saved}");

    // The new program is taken over at the next cycle.
    block(&mut plugin, None);
    block(&mut plugin, None);
    let note = NoteEvent::NoteOn {
        timing: 0,
        voice_id: VoiceID::Wildcard,
        channel: Channel::Number(0),
        key: Key::Number(60),
        velocity: 1.0,
    };
    block(&mut plugin, Some(note));
    block(&mut plugin, Some(controller(33)));
    let before = block(&mut plugin, None);
    assert!(0.0 < before && before < 0.5, "{before}");
    block(&mut plugin, Some(controller(34)));
    assert_eq!(block(&mut plugin, None), 1.0);

    desk.forget_controller(0);
    wait_until(&mut plugin, || desk.controller_of(0).is_none());
}
