//! What an effect hears in a render: up to two sound files.

use std::path::Path;

use super::problem::Problem;
use super::soundfile::{self, Sound};

/// The main input and the sidechain, from session time 0 on, silent when they have ended.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    main: Option<Sound>,
    sidechain: Option<Sound>,
}

impl Inputs {
    /// Reads the files that are given. A mono sound goes to both channels.
    ///
    /// # Errors
    /// A file cannot be read, has another sample rate than the render, or more than two channels.
    pub fn load(main: Option<&Path>, sidechain: Option<&Path>, rate: u32) -> Result<Self, Problem> {
        let load = |file: Option<&Path>| file.map(|file| load(file, rate)).transpose();
        Ok(Self {
            main: load(main)?,
            sidechain: load(sidechain)?,
        })
    }

    /// The frame of a sample: main left and right, sidechain left and right.
    pub fn frame(&self, at: u64) -> [f64; 4] {
        let [left, right] = stereo(self.main.as_ref(), at);
        let [side_left, side_right] = stereo(self.sidechain.as_ref(), at);
        [left, right, side_left, side_right]
    }
}

fn load(file: &Path, rate: u32) -> Result<Sound, Problem> {
    let sound = soundfile::read(file)?;
    let fault = match sound {
        Sound { sample_rate, .. } if sample_rate != rate => format!(
            "has {sample_rate} Hz and the render {rate} Hz: render with --sr {sample_rate}, or convert the file"
        ),
        Sound { channels: 3.., .. } => {
            format!("has {} channels: an input has 1 or 2", sound.channels)
        }
        sound => return Ok(sound),
    };
    Err(Problem::of_file(file, fault))
}

fn stereo(sound: Option<&Sound>, at: u64) -> [f64; 2] {
    let Some(sound) = sound else { return [0.0; 2] };
    let start = usize::try_from(at)
        .ok()
        .and_then(|at| at.checked_mul(sound.channels));
    match start.and_then(|start| sound.samples.get(start..)) {
        Some(&[mono, ..]) if sound.channels == 1 => [mono; 2],
        Some(&[left, right, ..]) => [left, right],
        _ => [0.0; 2],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(channels: usize, samples: &[f64]) -> Option<Sound> {
        Some(Sound {
            sample_rate: 48_000,
            channels,
            samples: samples.to_vec(),
        })
    }

    #[test]
    fn mono_goes_to_both_sides_and_the_end_is_silent() {
        let inputs = Inputs {
            main: sound(1, &[0.1, 0.2]),
            sidechain: sound(2, &[0.3, 0.4]),
        };
        assert_eq!(inputs.frame(0), [0.1, 0.1, 0.3, 0.4]);
        assert_eq!(inputs.frame(1), [0.2, 0.2, 0.0, 0.0]);
        assert_eq!(inputs.frame(u64::MAX), [0.0; 4]);
        assert_eq!(Inputs::default().frame(0), [0.0; 4]);
    }
}
