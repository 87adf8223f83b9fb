//! The session of a plugin that a CLAP host processes: time passes when the host asks for sound.

use std::ops::DerefMut;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::suite::plugin_kit::with;
use csound_session::plugin::Instance;
use csound_session::session::{Sched, Session, Synth};
use test_hosts::{BlockSizes, Plugin, Take};

const RATE: f64 = 48_000.0;

/// An instance in the host, and what it has made audible.
pub struct Live {
    plugin: Plugin,
    instance: Instance,
    heard: Vec<Vec<f32>>,
}

impl Live {
    /// A document with these Instrs, each a name and a body, in cycles of 64 samples. Its one layer is for a key that
    /// nobody presses.
    #[track_caller]
    pub fn new(instrs: &[(&str, &str)]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let title = format!("Live {}", COUNT.fetch_add(1, Ordering::Relaxed));
        let mut document = format!("version = 1\nname = {title:?}\nksmps = 64\n");
        for (name, body) in instrs {
            document += &format!("[[instr]]\nname = {name:?}\nbody = '''\n{body}\n'''\n");
        }
        let first = instrs[0].0;
        document += &format!(
            "[[layer]]\nname = \"none\"\nkeys = [127, 127]\nparts = [{{ instr = {first:?} }}]\n"
        );
        let mut plugin = with(&document);
        plugin.activate(RATE, 480).expect("activates");
        let mut all = Instance::all().into_iter();
        let instance = all.find(|own| own.title() == title).expect("it is there");
        let heard = vec![Vec::new(); 2];
        Self {
            plugin,
            instance,
            heard,
        }
    }

    pub fn session(&mut self) -> impl DerefMut<Target = Session> {
        self.instance.session()
    }

    #[track_caller]
    pub fn sched(&mut self, instr: &str, sched: Sched) -> Synth {
        self.session().sched(instr, sched).unwrap()
    }

    /// Lets the host go on up to a session time in seconds.
    pub fn until(&mut self, seconds: f64) {
        let samples = (seconds * RATE).round() as usize;
        let frames = samples.saturating_sub(self.heard[0].len());
        if frames > 0 {
            let take = Take::new(frames).blocks(BlockSizes::Fixed(480));
            let sound = self.plugin.play(&take).expect("plays");
            for (heard, new) in self.heard.iter_mut().zip(sound.main()) {
                heard.extend(new);
            }
        }
    }

    /// Everything heard up to a session time in seconds, by channel.
    pub fn heard(&mut self, seconds: f64) -> Vec<Vec<f64>> {
        let latency = self.plugin.latency() as usize;
        self.until(seconds + latency as f64 / RATE);
        let later = |channel: &Vec<f32>| channel[latency..].iter().map(|x| f64::from(*x)).collect();
        self.heard.iter().map(later).collect()
    }

    /// Asserts what channel 1 reads at times in seconds, within 0.001.
    #[track_caller]
    pub fn reads(&mut self, expected: &[(f64, f64)]) {
        let end = expected.iter().map(|(at, _)| *at).fold(0.0, f64::max);
        let heard = self.heard(end + 0.001);
        for &(at, value) in expected {
            let read = heard[0][(at * RATE).round() as usize];
            assert!(
                (read - value).abs() < 1e-3,
                "at {at} s it reads {read}, not {value}"
            );
        }
    }
}
