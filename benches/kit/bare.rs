//! The bare loop around libcsound that all ratios are measured against: it stores what is automated into channels, as
//! cheaply as Csound lets a host do that.

use crate::scenes::Scene;
use csound_session::csound::{Channel, Config, Csound, Performed};

/// A plain Csound program and the loop of a host that calls it: perform a cycle, convert it to planar floats.
pub struct Bare {
    csound: Csound,
    planes: [Vec<f32>; 2],
    ksmps: usize,
    channels: Vec<Channel>,
    block: usize,
}

impl Bare {
    /// The scene with all its voices sounding.
    pub fn new(scene: &Scene) -> Self {
        let config = Config {
            inputs: 4,
            ..Config::default()
        };
        let mut csound = Csound::new(&config).expect("libcsound is there");
        let text = config.header() + &scene.orchestra();
        csound.compile(&text).expect("a plain orchestra compiles");
        csound.start().expect("a plain orchestra starts");
        let channels = scene
            .channels()
            .filter_map(|name| csound.control_channel(&name))
            .collect();
        for (voice, key) in scene.keys().enumerate() {
            csound.event(&[1.0 + (voice + 1) as f64 / 1024.0, 0.0, -1.0, f64::from(key)]);
        }
        Self {
            csound,
            planes: [vec![0.0; 512], vec![0.0; 512]],
            ksmps: config.ksmps as usize,
            channels,
            block: 0,
        }
    }

    /// Performs blocks of a multiple of the cycle.
    pub fn play(&mut self, blocks: usize, frames: usize) {
        for _ in 0..blocks {
            self.block += 1;
            for (control, channel) in self.channels.iter().enumerate() {
                self.csound
                    .set_channel(channel, Scene::automation(control, self.block));
            }
            for start in (0..frames).step_by(self.ksmps) {
                assert_eq!(self.csound.perform_cycle(), Performed::Done);
                let [left, right] = &mut self.planes;
                let (left, right) = (
                    &mut left[start..][..self.ksmps],
                    &mut right[start..][..self.ksmps],
                );
                for ((frame, left), right) in
                    self.csound.output().chunks_exact(2).zip(left).zip(right)
                {
                    *left = frame[0] as f32;
                    *right = frame[1] as f32;
                }
            }
            std::hint::black_box(&self.planes);
        }
    }

    /// The last sample on the left.
    pub fn heard(&self) -> f32 {
        self.planes[0]
            .iter()
            .fold(0.0, |peak, sample| peak.max(sample.abs()))
    }
}
