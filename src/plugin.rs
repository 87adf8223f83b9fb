//! The two plugins: what nice-plug asks of them, and how a block goes.

pub mod alone;
mod build;
mod changes;
mod desk;
mod ear;
mod events;
mod faces;
mod formats;
mod fresh;
mod history;
mod instance;
mod io;
mod keys;
mod kind;
mod midi;
mod model;
mod moves;
mod names;
mod output;
mod params;
mod rescue;
mod signals;
mod slots;
mod state;
mod transport;
mod vault;
pub mod vst3_presets;
mod window;
mod worker;

pub use formats::{GetPluginFactory, clap_entry};
pub use instance::Instance;
pub use kind::{EffectKind, InstrumentKind, Kind};
pub use model::SessionGuard;
pub use params::PluginParams;

use crate::editor;
use crate::session::command::Command;
use crate::session::link::{Capacities, pair};
use crate::session::performer::Performer;
use formats::Link;
use fresh::Key;
use io::HostBlock;
use model::{Model, Ready};
use nice_plug::prelude::*;
use output::{Detour, apply_gain};
use slots::ToldSlots;
use state::DocumentField;
use std::marker::PhantomData;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};
use worker::Worker;

/// Hz; for what is judged before a host says its own.
const USUAL_RATE: f64 = 48_000.0;
/// Voices that a host with polyphonic modulation is told of.
const VOICES: u32 = 256;
/// How long a reset may wait for a fresh program where time does not matter.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sample rates in Hz that a document can be built for.
const RATES: RangeInclusive<f32> = 1_000.0..=2_000_000.0;
/// Longest blocks that a host may announce: memory is made ready for them.
const BLOCKS: RangeInclusive<u32> = 1..=1 << 20;

/// "Csound Session": notes in, sound out.
pub type Instrument = SessionPlugin<InstrumentKind>;
/// "Csound Session FX": sound in, sound out.
pub type Effect = SessionPlugin<EffectKind>;

/// An instance of one of the plugins, as the audio thread holds it.
pub struct SessionPlugin<K: Kind> {
    model: Arc<Model>,
    params: Arc<PluginParams>,
    performer: Performer,
    told: ToldSlots,
    detour: Detour,
    /// What the performer's program was built from.
    installed: Option<Key>,
    offline: bool,
    sample_rate: f32,
    blocks: u32,
    latency: u32,
    /// A block has panicked: nothing is known of what is left, so nothing of it is used.
    broken: bool,
    _worker: Option<Arc<Worker>>,
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Default for SessionPlugin<K> {
    fn default() -> Self {
        let link = Link::take_up();
        let (session, performer) = pair(Capacities::plugin());
        let (document, file) = match alone::take() {
            Some(first) => (first.document, Some(first.file)),
            None => (K::document(), None),
        };
        let model = Model::new(Arc::clone(&link), session, document, file);
        let params = PluginParams::new(
            &link.names,
            &model.changes,
            DocumentField::new(Arc::clone(&model)),
        );
        let params = Arc::new(params);
        link.bind_params(&params);
        link.bind_model(&model);
        model.bind_params(&params);
        Self {
            _worker: Worker::of(&model),
            model,
            params,
            latency: performer.latency(),
            performer,
            told: ToldSlots::default(),
            detour: Detour::default(),
            installed: None,
            offline: false,
            sample_rate: USUAL_RATE as f32,
            blocks: 0,
            broken: false,
            kind: PhantomData,
        }
    }
}

impl<K: Kind> Drop for SessionPlugin<K> {
    fn drop(&mut self) {
        self.model.link.close();
    }
}

impl<K: Kind> Plugin for SessionPlugin<K> {
    const NAME: &'static str = K::NAME;
    const VENDOR: &'static str = "Csound Session";
    const URL: &'static str = env!("CARGO_PKG_HOMEPAGE");
    const EMAIL: &'static str = "";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] = K::LAYOUTS;
    const MIDI_INPUT: MidiConfig = MidiConfig::MidiCCs;
    const MIDI_OUTPUT: MidiConfig = K::MIDI_OUTPUT;
    const SAMPLE_ACCURATE_AUTOMATION: bool = true;
    type Editor = editor::Editor;
    type SysExMessage = ();
    type BackgroundTask = ();

    fn params(&self) -> Arc<dyn Params> {
        Arc::clone(&self.params) as _
    }

    fn task_executor(&mut self) -> TaskExecutor<Self> {
        let link = Arc::clone(&self.model.link);
        Box::new(move |()| link.flush())
    }

    fn editor(&mut self, executor: AsyncExecutor<Self>) -> Option<Self::Editor> {
        let link = &self.model.link;
        link.set_main_thread(Box::new(move || executor.execute_gui(())));
        editor::open(self.desk())
    }

    fn filter_state(state: &mut PluginState) {
        state::complete(state);
    }

    fn activate(
        &mut self,
        layout: &AudioIOLayout,
        config: &BufferConfig,
        context: &mut impl ActivateContext<Self>,
    ) -> bool {
        if !RATES.contains(&config.sample_rate) || !BLOCKS.contains(&config.max_buffer_size) {
            return false;
        }
        self.model
            .link
            .set_layout(layout, config.max_buffer_size as usize);
        self.offline = config.process_mode == ProcessMode::Offline;
        self.sample_rate = config.sample_rate;
        self.install(config.sample_rate.into());
        self.latency = self.performer.latency();
        context.set_latency_samples(self.latency);
        context.set_current_voice_capacity(self.voices());
        self.model.set_latency(self.latency);
        let bypassed = self.bypassed();
        self.detour.prepare(
            config.sample_rate,
            self.latency as usize,
            config.max_buffer_size as usize,
            bypassed,
        );
        true
    }

    fn deactivate(&mut self) {
        self.model.deactivate();
    }

    fn reset(&mut self) {
        self.detour.reset();
        if self.model.signals.take_silence() {
            self.performer.clear();
        }
        if self.performer.has_performed() {
            self.start_afresh();
        }
    }

    fn process(
        &mut self,
        main: &mut Buffer,
        aux: &mut AuxiliaryBuffers,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        if !self.broken {
            // A panic would end the host: unwinding stops at the border to it.
            if let Ok(status) = catch_unwind(AssertUnwindSafe(|| self.block(main, aux, context))) {
                return status;
            }
            self.broken = true;
            self.model.signals.broke();
        }
        silence(main, aux);
        ProcessStatus::Normal
    }
}

fn silence(main: &mut Buffer, aux: &mut AuxiliaryBuffers) {
    main.as_slice()
        .iter_mut()
        .for_each(|channel| channel.fill(0.0));
    aux.outputs
        .iter_mut()
        .flat_map(|bus| bus.as_slice())
        .for_each(|channel| channel.fill(0.0));
}

impl<K: Kind> SessionPlugin<K> {
    /// The instance as its window sees it.
    pub fn desk(&self) -> Arc<dyn editor::Desk> {
        window::desk::<K>(&self.model, &self.params)
    }

    fn block(
        &mut self,
        main: &mut Buffer,
        aux: &mut AuxiliaryBuffers,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        let begun = self.begin_block();
        self.obey(context);
        self.listen(context);
        self.render(main, aux, context.transport());
        self.shape_output(main, aux);
        self.model.ear.hear(main, aux.outputs);
        events::tell_host(self.performer.host_events(), context);
        context.set_current_voice_capacity(self.voices());
        self.end_block(begun, main.samples());
        if self.performer.sounding() {
            ProcessStatus::KeepAlive
        } else {
            ProcessStatus::Tail(self.latency)
        }
    }

    /// Has a program that has not performed in the performer, or none where the document stays silent.
    fn install(&mut self, sample_rate: f64) {
        let waits = self.performer.has_program() && !self.performer.has_performed();
        let (key, ready) = self
            .model
            .activate(sample_rate, self.installed.filter(|_| waits));
        match ready {
            Ready::Same => {}
            Ready::Program(program) => self.performer.install(program),
            Ready::Silence => self.performer.clear(),
        }
        self.installed = Some(key);
    }

    /// Replaces a program that has performed, so that the same events give the same sound again. Without a spare the
    /// used one goes on in silence: only a bounce has the time to wait.
    fn start_afresh(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let key = self.model.key(self.sample_rate.into());
            if let Some(program) = self.model.fresh.take(key) {
                self.performer.install(program);
                self.installed = Some(key);
                return;
            }
            if !self.offline || Instant::now() > deadline {
                self.performer.silence();
                return;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// How many voices a host may modulate one by one: 1 at the least, by its format's rule.
    fn voices(&self) -> u32 {
        self.performer.most_voices().clamp(1, VOICES)
    }

    fn bypassed(&self) -> bool {
        self.params.bypass.value() || (K::PASSES_INPUT && !self.performer.has_program())
    }

    /// What the other threads have asked for since the last block.
    fn obey(&mut self, context: &mut impl ProcessContext<Self>) {
        let signals = &self.model.signals;
        if signals.take_silence() {
            self.performer.clear();
        }
        if signals.take_restart() {
            context.request_restart();
        }
    }

    /// What the host says in this block. Parameters stand at its first sample: nice-plug cuts blocks where they move, but
    /// for the moves that a format passes on itself.
    fn listen(&mut self, context: &mut impl ProcessContext<Self>) {
        let performer = &mut self.performer;
        let (told, changes, params) = (&mut self.told, &self.model.changes, &self.params);
        told.follow(changes, params, |command| performer.at(0, command));
        self.model.link.moves.take(|moved| {
            told.go(moved, changes, params, |command| {
                performer.at(moved.offset, command);
            });
        });
        let vst3 = self.model.link.is_vst3();
        while let Some(event) = context.next_event() {
            if let Some((offset, command)) = midi::command(&event) {
                if let Command::Controller { number, .. } = command {
                    self.model.signals.hear(number);
                }
                let command = if vst3 {
                    midi::as_vst3_means(command)
                } else {
                    command
                };
                performer.at(offset, command);
            }
        }
    }

    fn render(&mut self, main: &mut Buffer, aux: &mut AuxiliaryBuffers, host: &Transport) {
        if K::PASSES_INPUT {
            self.detour.keep(main);
        }
        let mut block = HostBlock::new(main, aux.inputs.first(), aux.outputs, K::PASSES_INPUT);
        self.performer
            .process(&mut block, &transport::transport(host));
    }

    fn shape_output(&mut self, main: &mut Buffer, aux: &mut AuxiliaryBuffers) {
        apply_gain(&self.params.gain, main, aux.outputs);
        let bypassed = self.bypassed();
        self.detour.mix(main, aux.outputs, bypassed);
    }

    /// One block in sixteen is timed for the window's meter.
    fn begin_block(&mut self) -> Option<Instant> {
        self.blocks = self.blocks.wrapping_add(1);
        self.blocks.is_multiple_of(16).then(Instant::now)
    }

    fn end_block(&self, begun: Option<Instant>, frames: usize) {
        let seconds = frames as f32 / self.sample_rate;
        let load =
            begun.map(|begun| begun.elapsed().as_secs_f32() / seconds.max(f32::MIN_POSITIVE));
        self.model.signals.block(self.performer.sounding(), load);
    }
}

impl<K: Kind> ClapPlugin for SessionPlugin<K> {
    const CLAP_ID: &'static str = K::CLAP_ID;
    const CLAP_DESCRIPTION: Option<&'static str> = Some(K::DESCRIPTION);
    const CLAP_MANUAL_URL: Option<&'static str> = None;
    const CLAP_SUPPORT_URL: Option<&'static str> = None;
    const CLAP_FEATURES: &'static [ClapFeature] = K::CLAP_FEATURES;
    const CLAP_POLY_MODULATION_CONFIG: Option<PolyModulationConfig> = Some(PolyModulationConfig {
        max_voice_capacity: VOICES,
        supports_overlapping_voices: true,
    });
}

impl<K: Kind> Vst3Plugin for SessionPlugin<K> {
    const VST3_CLASS_ID: [u8; 16] = K::VST3_ID;
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = K::VST3_SUBCATEGORIES;
}
