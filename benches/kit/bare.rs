//! The bare loop around libcsound that all ratios are measured against: it stores what is automated into channels, as
//! cheaply as Csound lets a host do that.

use crate::scenes::Scene;
use csound_session::csound::{Channel, Config, Csound, Performed};

/// A plain Csound program and the loop of a host that calls it: perform a cycle, convert it to planar floats.
pub struct Bare {
    csound: Csound,
    planes: Vec<Vec<f32>>,
    ksmps: usize,
    channels: Vec<Channel>,
    block: usize,
}

impl Bare {
    /// The scene with all its voices sounding.
    pub fn new(scene: &Scene) -> Self {
        let config = Config {
            inputs: 4,
            ksmps: scene.ksmps,
            outputs: scene.channels,
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
            planes: vec![vec![0.0; 512]; scene.channels as usize],
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
                planar(self.csound.output(), &mut self.planes, start);
            }
            std::hint::black_box(&self.planes);
        }
    }

    /// The loudest sample of the last block on the left.
    pub fn heard(&self) -> f32 {
        self.planes[0]
            .iter()
            .fold(0.0, |peak, sample| peak.max(sample.abs()))
    }
}

/// Interleaved doubles as planar floats, from a sample of the planes on.
pub fn planar(interleaved: &[f64], planes: &mut [Vec<f32>], start: usize) {
    // What a host of two channels would write; the compiler makes the most of a width that it knows.
    if let ([left, right], (frames, [])) = (&mut *planes, interleaved.as_chunks::<2>()) {
        let sides = left[start..].iter_mut().zip(&mut right[start..]);
        return sides.zip(frames).for_each(|((left, right), frame)| {
            (*left, *right) = (frame[0] as f32, frame[1] as f32);
        });
    }
    let channels = planes.len();
    for (channel, plane) in planes.iter_mut().enumerate() {
        let samples = interleaved.iter().skip(channel).step_by(channels);
        for (to, from) in plane[start..].iter_mut().zip(samples) {
            *to = *from as f32;
        }
    }
}
