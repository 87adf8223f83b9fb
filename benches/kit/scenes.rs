//! What is played: once as a document plays it, once as a plain Csound program.

use csound_session::session::instr::Instr;
use csound_session::session::layer::{Layer, Part};
use csound_session::session::orchestra::OrchestraSpec;
use csound_session::session::program::ProgramSpec;

/// Controls of a filtered voice.
pub const CONTROLS: usize = 16;
/// The usual cycle.
const KSMPS: u32 = 32;

/// Voices of an instrument, written in both ways.
pub struct Scene {
    pub name: &'static str,
    pub voices: usize,
    /// How many controls are automated.
    pub controls: usize,
    /// Samples in a cycle.
    pub ksmps: u32,
    /// Main outputs.
    pub channels: u32,
    /// The body of its Instr.
    pub body: String,
    /// An instrument that finds its key in p4.
    pub plain: String,
}

/// Sixteen filtered voices. Their sixteen controls are read from channels in the plain version, as one does.
pub fn filtered() -> Scene {
    let names: Vec<String> = (0..CONTROLS).map(|i| format!("kcontrol{i}")).collect();
    let sum = names.join("+");
    let code = format!(
        "asig vco2 0.05, mtof:i(imidi)\nasig moogladder asig, 1500+100*({sum}), 0.3\n\
         asig *= linsegr:a(0, 0.01, 1, 0.1, 0)\nouts asig, asig"
    );
    let declared: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(i, name)| format!("{name}=0.5 (0..1 \"Control {i}\")"))
        .collect();
    let read: Vec<String> = names
        .iter()
        .map(|name| format!("{name} chnget \"{name}\"\n"))
        .collect();
    Scene {
        name: "16 filtered vco2 voices, 16 automated controls",
        voices: 16,
        controls: CONTROLS,
        ksmps: KSMPS,
        channels: 2,
        body: format!("|imidi, {}|\n{code}", declared.join(", ")),
        plain: format!("imidi = p4\n{}{code}", read.concat()),
    }
}

/// One voice that costs next to nothing, so that everything around it shows.
pub fn plumbing() -> Scene {
    let code = "asig oscili 0.1, mtof:i(imidi)\nouts asig, asig";
    Scene {
        name: "one oscili voice",
        voices: 1,
        controls: 0,
        ksmps: KSMPS,
        channels: 2,
        body: format!("|imidi|\n{code}"),
        plain: format!("imidi = p4\n{code}"),
    }
}

/// One voice that hears some inputs and plays on some outputs.
pub fn channels(inputs: u32, outputs: u32) -> Scene {
    let heard: String = (1..=inputs)
        .map(|n| format!("asig += inch({n})\n"))
        .collect();
    let played: Vec<String> = (1..=outputs).map(|n| format!("{n}, asig")).collect();
    let code = format!(
        "asig oscili 0.1, mtof:i(imidi)\n{heard}outch {}",
        played.join(", ")
    );
    Scene {
        name: "one oscili voice on some channels",
        channels: outputs,
        body: format!("|imidi|\n{code}"),
        plain: format!("imidi = p4\n{code}"),
        ..plumbing()
    }
}

impl Scene {
    /// As a program.
    pub fn spec(&self) -> ProgramSpec {
        let mut spec = spec("voice", &self.body);
        (spec.orchestra.ksmps, spec.orchestra.channels) = (self.ksmps, self.channels);
        spec
    }

    /// As a document of one layer that has room for all voices.
    pub fn document(&self) -> String {
        let Self {
            body,
            ksmps,
            channels,
            ..
        } = self;
        let voices = self.voices.max(16);
        format!(
            "version = 1\nname = \"Bench\"\nksmps = {ksmps}\nchannels = {channels}\n\
             [[instr]]\nname = \"voice\"\nbody = '''\n{body}\n'''\n\
             [[layer]]\nname = \"voice\"\nvoices = {voices}\nparts = [ {{ instr = \"voice\", priority = 1 }} ]\n"
        )
    }

    /// As a user of Csound would write it, the header left out.
    pub fn orchestra(&self) -> String {
        format!("instr 1\n{}\nendin\n", self.plain)
    }

    /// The channels that the plain version reads.
    pub fn channels(&self) -> impl Iterator<Item = String> + use<> {
        (0..self.controls).map(|control| format!("kcontrol{control}"))
    }

    /// Where automation has moved a control, of 0..=1, by the time of a block.
    pub fn automation(control: usize, block: usize) -> f64 {
        ((block + control) % 100) as f64 / 100.0
    }

    /// The keys that sound.
    pub fn keys(&self) -> impl Iterator<Item = u8> + use<> {
        (0..self.voices).map(|voice| (40 + 3 * voice) as u8 % 128)
    }
}

/// One Instr that notes start.
pub fn spec(name: &str, body: &str) -> ProgramSpec {
    let instr = Instr::new(name, body).expect("the body of a bench is sound");
    let part = Part {
        instr: name.to_owned(),
        priority: 1,
        ..Part::default()
    };
    let mut spec = ProgramSpec {
        orchestra: OrchestraSpec {
            instrs: vec![instr],
            slices: 320,
            ..OrchestraSpec::default()
        },
        layers: vec![Layer {
            name: name.to_owned(),
            parts: vec![part],
            ..Layer::default()
        }],
        ..ProgramSpec::default()
    };
    spec.slots.follow(&spec.orchestra.instrs, &spec.layers);
    spec
}
