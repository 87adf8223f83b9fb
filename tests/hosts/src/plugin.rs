//! One instance of a plugin, as a host holds it.

use crate::audio;
use crate::error::{Error, Result};
use crate::handlers::{Host, MainThread, Shared, Wishes};
use crate::take::{Heard, Take};
use clack_extensions::audio_ports::{AudioPortFlags, AudioPortInfoBuffer, PluginAudioPorts};
use clack_extensions::latency::PluginLatency;
use clack_extensions::render::{PluginRender, RenderMode};
use clack_extensions::state::PluginState;
use clack_host::extensions::Extension;
use clack_host::prelude::*;
use clack_host::process::PluginAudioProcessor;
use std::ffi::CStr;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A plugin and its audio side. Dereferences to [`Main`] for everything that a main thread may ask.
pub struct Plugin {
    main: Main,
    audio: Option<Audio>,
}

/// The main thread's side of a plugin.
pub struct Main {
    pub(crate) instance: PluginInstance<Host>,
    pub(crate) wishes: Arc<Wishes>,
}

/// An active plugin's audio side.
struct Audio {
    processor: PluginAudioProcessor<Host>,
    rate: f64,
    largest: usize,
    time: u64,
}

/// One audio port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// What people read.
    pub name: String,
    /// How many channels.
    pub channels: usize,
    /// True for the main port of its direction.
    pub main: bool,
}

/// What the plugin has asked of the host since it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requests {
    /// How often it wanted to be deactivated and activated.
    pub restarts: u32,
    /// How often it said that its state changed.
    pub dirty: u32,
    /// How often it said that its latency changed.
    pub latency: u32,
    /// CLAP's rescan flags for parameters, all of them together.
    pub rescan: u32,
    /// How often it said that its pages of parameters changed.
    pub pages: u32,
    /// How often it said that its names of keys changed.
    pub keys: u32,
    /// What it logged.
    pub log: Vec<String>,
}

impl Plugin {
    pub(crate) fn new(entry: &PluginEntry, id: &CStr) -> Result<Plugin> {
        let text = "host name without a zero";
        let info = HostInfo::new("Test host", "csound-session", "", env!("CARGO_PKG_VERSION"))
            .expect(text);
        let wishes = Arc::new(Wishes::new());
        let shared = Arc::clone(&wishes);
        let instance = PluginInstance::<Host>::new(
            move |_| Shared(shared),
            |s| MainThread(s),
            entry,
            id,
            &info,
        )?;
        let mut main = Main { instance, wishes };
        main.answer();
        Ok(Plugin { main, audio: None })
    }

    /// Activates for `rate` hertz and blocks of up to `largest` samples, deactivating before if needed.
    pub fn activate(&mut self, rate: f64, largest: usize) -> Result<()> {
        self.deactivate();
        let configuration = PluginAudioConfiguration {
            sample_rate: rate,
            min_frames_count: 1,
            max_frames_count: largest as u32,
        };
        let processor = self
            .main
            .instance
            .activate(|_, _| (), configuration)?
            .into();
        self.audio = Some(Audio {
            processor,
            rate,
            largest,
            time: 0,
        });
        self.main.answer();
        Ok(())
    }

    /// Ends processing; a later [`Plugin::activate`] starts afresh.
    pub fn deactivate(&mut self) {
        let Some(audio) = self.audio.take() else {
            return;
        };
        let stopped = std::thread::scope(|scope| {
            let audio_thread = scope.spawn(|| audio.processor.into_stopped());
            audio_thread
                .join()
                .expect("stopping runs no code of ours that panics")
        });
        self.main.instance.deactivate(stopped);
        self.main.answer();
    }

    /// CLAP's reset: forget what sounds, keep the parameters. On an audio thread, as CLAP wants it.
    pub fn reset(&mut self) {
        let Some(audio) = self.audio.as_mut() else {
            return;
        };
        std::thread::scope(|scope| {
            scope.spawn(|| audio.processor.reset());
        });
    }

    /// Plays a take at 48 kHz, or at the rate of [`Plugin::activate`], and returns what came out.
    pub fn play(&mut self, take: &Take) -> Result<Heard> {
        self.play_while(take, |_| ())
    }

    /// Plays a take on an audio thread while `meanwhile` runs on the main thread, again and again until the take ends.
    pub fn play_while(
        &mut self,
        take: &Take,
        mut meanwhile: impl FnMut(&mut Main),
    ) -> Result<Heard> {
        let rate = self.audio.as_ref().map_or(48_000.0, |audio| audio.rate);
        if self
            .audio
            .as_ref()
            .is_none_or(|audio| audio.largest < take.blocks.largest())
        {
            self.activate(rate, take.blocks.largest())?;
        }
        let (inputs, outputs) = (self.main.inputs(), self.main.outputs());
        let Some(audio) = self.audio.as_mut() else {
            return Err(Error::Refused("activate"));
        };
        let main = &mut self.main;
        let heard = std::thread::scope(|scope| {
            let (processor, time) = (&mut audio.processor, audio.time);
            let thread =
                scope.spawn(move || audio::play(processor, take, &inputs, &outputs, rate, time));
            while !thread.is_finished() {
                main.answer();
                meanwhile(main);
                std::thread::sleep(Duration::from_millis(1));
            }
            thread.join().expect("the audio loop does not panic")
        })?;
        audio.time += take.frames as u64;
        main.answer();
        Ok(heard)
    }
}

impl Main {
    /// The input ports, the main one first.
    pub fn inputs(&mut self) -> Vec<Port> {
        self.ports(true)
    }

    /// The output ports, the main one first.
    pub fn outputs(&mut self) -> Vec<Port> {
        self.ports(false)
    }

    /// The delay that the plugin reports, in samples.
    pub fn latency(&mut self) -> u32 {
        self.extension("latency", |latency: &PluginLatency, plugin| {
            latency.get(plugin)
        })
        .unwrap_or(0)
    }

    /// The plugin's state.
    pub fn save(&mut self) -> Result<Vec<u8>> {
        let mut state = Vec::new();
        self.extension("state", |s: &PluginState, plugin| {
            s.save(plugin, &mut state)
        })?
        .map_err(|_| Error::Refused("save its state"))?;
        Ok(state)
    }

    /// Restores a state.
    pub fn load(&mut self, state: &[u8]) -> Result<()> {
        let mut bytes = state;
        let loaded = self.extension("state", |s: &PluginState, plugin| {
            s.load(plugin, &mut bytes)
        })?;
        self.answer();
        loaded.map_err(|_| Error::Refused("load this state"))
    }

    /// Tells the plugin whether this is a bounce.
    pub fn offline(&mut self, offline: bool) -> Result<()> {
        let mode = if offline {
            RenderMode::Offline
        } else {
            RenderMode::Realtime
        };
        self.extension("render mode", |render: &PluginRender, plugin| {
            render.set(plugin, mode)
        })?
        .map_err(|_| Error::Refused("change the render mode"))
    }

    /// What it asked of the host so far.
    pub fn requests(&self) -> Requests {
        let wishes = &self.wishes;
        Requests {
            restarts: wishes.restart.load(Ordering::SeqCst),
            dirty: wishes.dirty.load(Ordering::SeqCst),
            latency: wishes.latency.load(Ordering::SeqCst),
            rescan: wishes.rescan.load(Ordering::SeqCst),
            pages: wishes.pages.load(Ordering::SeqCst),
            keys: wishes.keys.load(Ordering::SeqCst),
            log: wishes.log.lock().map(|log| log.clone()).unwrap_or_default(),
        }
    }

    /// Gives the plugin the main-thread call it has asked for, if it has.
    pub fn answer(&mut self) {
        if self.wishes.callback.swap(false, Ordering::SeqCst) {
            self.instance.call_on_main_thread_callback();
        }
    }

    pub(crate) fn extension<
        E: for<'a> Extension<ExtensionSide = clack_host::extensions::PluginExtensionSide>,
        T,
    >(
        &mut self,
        name: &'static str,
        ask: impl FnOnce(&E, &mut PluginMainThreadHandle) -> T,
    ) -> Result<T> {
        let mut plugin = self.instance.plugin_handle();
        let extension: E = plugin.get_extension().ok_or(Error::NoExtension(name))?;
        Ok(ask(&extension, &mut plugin))
    }

    fn ports(&mut self, is_input: bool) -> Vec<Port> {
        let ports = self.extension("audio ports", |ports: &PluginAudioPorts, plugin| {
            let port = |index| {
                let mut buffer = AudioPortInfoBuffer::new();
                let info = ports.get(plugin, index, is_input, &mut buffer)?;
                Some(Port {
                    name: String::from_utf8_lossy(info.name).into_owned(),
                    channels: info.channel_count as usize,
                    main: info.flags.contains(AudioPortFlags::IS_MAIN),
                })
            };
            (0..ports.count(plugin, is_input))
                .filter_map(port)
                .collect()
        });
        ports.unwrap_or_default()
    }
}

impl Deref for Plugin {
    type Target = Main;

    fn deref(&self) -> &Main {
        &self.main
    }
}

impl DerefMut for Plugin {
    fn deref_mut(&mut self) -> &mut Main {
        &mut self.main
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        self.deactivate();
    }
}
