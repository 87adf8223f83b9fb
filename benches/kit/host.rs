//! The plugin in a CLAP host that does nothing but call it: from an audio thread, while the main thread answers.

use crate::clock::timed;
use crate::scenes::Scene;
use clack_extensions::params::{ParamInfoBuffer, PluginParams};
use clack_extensions::state::PluginState;
use clack_host::events::event_types::{
    NoteOnEvent, ParamValueEvent, TransportEvent, TransportFlags,
};
use clack_host::events::{EventFlags, EventHeader, Match, Pckn};
use clack_host::prelude::*;
use clack_host::process::StartedPluginAudioProcessor;
use clack_host::utils::{BeatTime, ClapId, SecondsTime};
use std::ffi::CString;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use test_hosts::Project;

/// The largest block.
const FRAMES: usize = 512;
/// How often the main thread looks whether the plugin wants it.
const TURN: Duration = Duration::from_millis(10);
/// The instrument's buses: a sidechain comes in; a main one and three auxiliary ones go out.
const INPUTS: usize = 1;
const OUTPUTS: usize = 4;

pub struct Handlers;

/// Whether the plugin has asked for its turn on the main thread.
#[derive(Default)]
pub struct Bell(AtomicBool);

impl HostHandlers for Handlers {
    type Shared<'a> = Bell;
    type MainThread<'a> = ();
    type AudioProcessor<'a> = ();
}

impl SharedHandler<'_> for Bell {
    fn request_restart(&self) {}
    fn request_process(&self) {}
    fn request_callback(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

type Bus = [Vec<f32>; 2];

/// An active instrument.
pub struct Hosted {
    pub calls: Calls,
    instance: PluginInstance<Handlers>,
}

/// The audio thread's half of it, and a host's buffers.
pub struct Calls {
    processor: StartedPluginAudioProcessor<Handlers>,
    inputs: [Bus; INPUTS],
    outputs: [Bus; OUTPUTS],
    ports: (AudioPorts, AudioPorts),
    events: EventBuffer,
    replies: EventBuffer,
    controls: Vec<ClapId>,
    time: u64,
    block: usize,
}

impl Hosted {
    /// The scene with all its voices sounding.
    pub fn playing(scene: &Scene) -> Self {
        let mut instance = create();
        load(&mut instance, scene);
        let controls = controls(&mut instance);
        assert_eq!(
            controls.len(),
            scene.controls,
            "every control has a parameter"
        );
        let configuration = PluginAudioConfiguration {
            sample_rate: 48_000.0,
            min_frames_count: 1,
            max_frames_count: FRAMES as u32,
        };
        let stopped = instance
            .activate(|_, _| (), configuration)
            .expect("it activates");
        let mut calls = Calls::new(stopped.start_processing().expect("it starts"), controls);
        calls.hold(scene);
        Self { calls, instance }
    }

    /// What `work` makes of the calls of some instances on a thread of their own. Meanwhile the plugins have their turns
    /// on this one.
    pub fn on_audio_thread<R: Send>(
        all: &mut [Self],
        work: impl FnOnce(&mut [&mut Calls]) -> R + Send,
    ) -> R {
        let halves = all
            .iter_mut()
            .map(|one| (&mut one.calls, &mut one.instance));
        let (mut calls, mut instances): (Vec<_>, Vec<_>) = halves.unzip();
        std::thread::scope(|scope| {
            let audio = scope.spawn(|| work(&mut calls));
            while !audio.is_finished() {
                instances.iter_mut().for_each(|instance| turn(instance));
                std::thread::sleep(TURN);
            }
            audio.join().expect("the calls return")
        })
    }
}

fn turn(instance: &mut PluginInstance<Handlers>) {
    if instance.access_shared_handler(|bell| bell.0.swap(false, Ordering::Relaxed)) {
        instance.call_on_main_thread_callback();
    }
}

impl Calls {
    fn new(processor: StartedPluginAudioProcessor<Handlers>, controls: Vec<ClapId>) -> Self {
        let bus = || [vec![0.0; FRAMES], vec![0.0; FRAMES]];
        Self {
            processor,
            inputs: std::array::from_fn(|_| bus()),
            outputs: std::array::from_fn(|_| bus()),
            ports: (
                AudioPorts::with_capacity(2 * INPUTS, INPUTS),
                AudioPorts::with_capacity(2 * OUTPUTS, OUTPUTS),
            ),
            events: EventBuffer::new(),
            replies: EventBuffer::new(),
            controls,
            time: 0,
            block: 0,
        }
    }

    fn hold(&mut self, scene: &Scene) {
        for key in scene.keys() {
            let note = Pckn::new(0_u16, 0_u16, u16::from(key), Match::All);
            self.events.push(&NoteOnEvent::new(0, note, 0.8));
        }
    }

    /// CPU time in seconds of the process calls of some blocks: all of the host's loop, less the loop without them. A
    /// clock read around each call would cost as much as the cheapest ones.
    pub fn cost(&mut self, blocks: usize, frames: usize) -> f64 {
        let all = timed(|| self.play::<true>(blocks, frames));
        all - timed(|| self.play::<false>(blocks, frames))
    }

    /// Blocks with all controls automated; without calls it is what the host does around them.
    fn play<const CALLS: bool>(&mut self, blocks: usize, frames: usize) {
        for _ in 0..blocks {
            self.block += 1;
            for (control, id) in self.controls.iter().enumerate() {
                let value = Scene::automation(control, self.block);
                self.events
                    .push(&ParamValueEvent::new(0, *id, Pckn::match_all(), value));
            }
            self.process::<CALLS>(frames);
            self.events.clear();
            self.replies.clear();
            self.time += frames as u64;
        }
    }

    fn process<const CALLS: bool>(&mut self, frames: usize) {
        let (ports_in, ports_out) = &mut self.ports;
        let inputs = ports_in.with_input_buffers(self.inputs.iter_mut().map(|bus| {
            AudioPortBuffer {
                latency: 0,
                channels: AudioPortBufferType::f32_input_only(
                    bus.iter_mut()
                        .map(|channel| InputChannel::variable(&mut channel[..frames])),
                ),
            }
        }));
        let mut outputs =
            ports_out.with_output_buffers(self.outputs.iter_mut().map(|bus| AudioPortBuffer {
                latency: 0,
                channels: AudioPortBufferType::f32_output_only(
                    bus.iter_mut().map(|channel| &mut channel[..frames]),
                ),
            }));
        let transport = transport(self.time);
        let (events, mut replies) = (
            InputEvents::from_buffer(&self.events),
            OutputEvents::from_buffer(&mut self.replies),
        );
        std::hint::black_box((&inputs, &outputs, &events, &replies, &transport));
        if !CALLS {
            return;
        }
        let status = self.processor.process(
            &inputs,
            &mut outputs,
            &events,
            &mut replies,
            Some(self.time),
            Some(&transport),
        );
        status.expect("it processes");
    }

    /// The loudest sample of the last block on the left.
    pub fn heard(&self) -> f32 {
        self.outputs[0][0]
            .iter()
            .fold(0.0, |peak, sample| peak.max(sample.abs()))
    }
}

/// Looks which plugins there are, as a host does when it scans.
pub fn scan() -> CString {
    instrument(&entry())
}

/// An instance of the instrument, not active.
pub fn create() -> PluginInstance<Handlers> {
    let entry = entry();
    let info = HostInfo::new("Bench", "csound-session", "", "0").expect("no zeros in it");
    let id = instrument(&entry);
    PluginInstance::new(|_| Bell::default(), |_| (), &entry, &id, &info)
        .expect("the instrument opens")
}

fn entry() -> PluginEntry {
    // SAFETY: the descriptor is a static of the plugin that is measured, and keeps to CLAP.
    let entry =
        unsafe { PluginEntry::load_from_raw(&csound_session::plugin::clap_entry, c"linked") };
    entry.expect("the entry is CLAP's")
}

/// The id of the instrument.
fn instrument(entry: &PluginEntry) -> CString {
    let factory = entry.get_plugin_factory().expect("there are plugins");
    let mut plugins = factory.plugin_descriptors();
    let found = plugins.find(|plugin| plugin.name() == Some(c"Csound Session"));
    found
        .and_then(|plugin| plugin.id().map(Into::into))
        .expect("the instrument is there")
}

fn load(instance: &mut PluginInstance<Handlers>, scene: &Scene) {
    let state = Project::of_toml(&scene.document())
        .expect("the document is TOML")
        .clap_state();
    let plugin = instance.plugin_handle();
    let extension: PluginState = plugin.get_extension().expect("it has a state");
    extension
        .load(&plugin, &mut state.as_slice())
        .expect("the state loads");
}

/// The parameters that stand for the controls of the scene.
fn controls(instance: &mut PluginInstance<Handlers>) -> Vec<ClapId> {
    let plugin = instance.plugin_handle();
    let extension: PluginParams = plugin.get_extension().expect("it has parameters");
    let mut buffer = ParamInfoBuffer::new();
    let mut found = Vec::new();
    for index in 0..extension.count(&plugin) {
        if let Some(info) = extension.get_info(&plugin, index, &mut buffer)
            && info.name.starts_with(b"Control ")
        {
            found.push(info.id);
        }
    }
    found
}

/// A song that plays at 120 beats a minute.
fn transport(samples: u64) -> TransportEvent {
    let seconds = samples as f64 / 48_000.0;
    TransportEvent {
        header: EventHeader::new_core(0, EventFlags::empty()),
        flags: TransportFlags::HAS_TEMPO
            | TransportFlags::HAS_BEATS_TIMELINE
            | TransportFlags::HAS_SECONDS_TIMELINE
            | TransportFlags::HAS_TIME_SIGNATURE
            | TransportFlags::IS_PLAYING,
        song_pos_beats: BeatTime::from_float(2.0 * seconds),
        song_pos_seconds: SecondsTime::from_float(seconds),
        tempo: 120.0,
        tempo_inc: 0.0,
        loop_start_beats: BeatTime::from_int(0),
        loop_end_beats: BeatTime::from_int(0),
        loop_start_seconds: SecondsTime::from_int(0),
        loop_end_seconds: SecondsTime::from_int(0),
        bar_start: BeatTime::from_float((seconds / 2.0).floor() * 4.0),
        bar_number: (seconds / 2.0) as i32,
        time_signature_numerator: 4,
        time_signature_denominator: 4,
    }
}
