//! The bundled plugins, each with a document in it.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use test_hosts::{Binary, Event, Plugin, Project, Take, Transport};

/// The plugins' names, as a host lists them.
pub const INSTRUMENT: &str = "Csound Session";
/// The effect's.
pub const EFFECT: &str = "Csound Session FX";

/// The sample rate of everything in the demo.
pub const RATE: u32 = 48_000;

/// A plugin that holds a document.
pub struct Unit {
    plugin: Plugin,
    /// How late its output is, in samples.
    pub latency: u32,
}

impl Unit {
    /// Opens the plugin of that name and loads a document of `instruments/` into it, as a DAW restores a project.
    pub fn open(binary: &Binary, plugin: &str, document: &str) -> Result<Unit> {
        let mut plugin = binary.open(plugin)?;
        let path = Path::new("instruments").join(document);
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        plugin.load(&Project::of_toml(&text)?.clap_state())?;
        plugin.activate(f64::from(RATE), 512)?;
        let latency = plugin.latency();
        if latency == 0 {
            bail!("the plugin reports no latency, so it is not running");
        }
        Ok(Unit { plugin, latency })
    }

    /// A lane of host automation: the parameter of that name moves evenly between two values written as text.
    pub fn lane(
        &mut self,
        name: &str,
        from: &str,
        to: &str,
        seconds: f64,
    ) -> Result<Vec<(usize, Event)>> {
        let parameter = self.plugin.parameter(name)?;
        let [from, to] = [from, to].map(|text| self.plugin.value_of(parameter.id, text));
        let (from, to) = (from?, to?);
        // One point every 10 ms, as a DAW would draw it.
        let points = (seconds * 100.0) as usize;
        let value = |point: usize| from + (to - from) * point as f64 / points as f64;
        let event = |point| {
            (
                point * RATE as usize / 100,
                Event::Parameter(parameter.id, value(point)),
            )
        };
        Ok((0..=points).map(event).collect())
    }

    /// Plays a take and returns the main output, moved back by the latency, as a DAW does.
    pub fn play(&mut self, take: Take) -> Result<Vec<Vec<f32>>> {
        let frames = take.frames;
        let take = Take {
            frames: frames + self.latency as usize,
            ..take.transport(Transport::default())
        };
        let heard = self.plugin.play(&take)?;
        Ok(heard.aligned(self.latency))
    }
}
