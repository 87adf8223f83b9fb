//! What pictures of sounds are made of: spectra over time, and their colours.

use std::ops::Range;
use test_hosts::measure;

/// A spectrogram's range, in hertz and in decibels below the loudest point.
pub const LOWEST: f64 = 40.0;
/// The upper end.
pub const HIGHEST: f64 = 16_000.0;
const RANGE: f64 = 84.0;
/// Samples of one spectrum.
const WINDOW: usize = 4096;

/// The spectra of every column of the picture.
pub struct Spectra {
    columns: Vec<Vec<f64>>,
    loudest: f64,
    hertz_per_bin: f64,
}

impl Spectra {
    /// The spectra around as many moments as there are columns.
    pub fn of(samples: &[f32], rate: f64, columns: usize) -> Spectra {
        let spectrum = |column| {
            let centre = span(samples.len(), columns, column).start;
            let start = centre.saturating_sub(WINDOW / 2);
            let end = (centre + WINDOW / 2).min(samples.len());
            measure::spectrum(&samples[start..end], WINDOW)
        };
        let columns: Vec<Vec<f64>> = (0..columns).map(spectrum).collect();
        let loudest = columns.iter().flatten().copied().fold(1e-9, f64::max);
        Spectra {
            columns,
            loudest,
            hertz_per_bin: rate / WINDOW as f64,
        }
    }

    /// 0 for the quietest to show, 1 for the loudest point of the sound.
    pub fn level(&self, column: usize, hertz: f64) -> f64 {
        let bins = &self.columns[column];
        let at = hertz / self.hertz_per_bin;
        let (bin, part) = (at.floor() as usize, at.fract());
        let read = |bin: usize| bins.get(bin).copied().unwrap_or(0.0);
        let magnitude = read(bin) * (1.0 - part) + read(bin + 1) * part;
        (1.0 + measure::decibels((magnitude / self.loudest).max(1e-12)) / RANGE).clamp(0.0, 1.0)
    }
}

/// Black over violet and orange to a pale yellow.
pub fn heat(level: f64) -> [u8; 3] {
    const STOPS: [(f64, f64, f64); 5] = [
        (18.0, 20.0, 26.0),
        (62.0, 22.0, 96.0),
        (176.0, 50.0, 92.0),
        (246.0, 134.0, 52.0),
        (252.0, 246.0, 190.0),
    ];
    let place = level * (STOPS.len() - 1) as f64;
    let stop = (place as usize).min(STOPS.len() - 2);
    let mix = |a: f64, b: f64| (a + (b - a) * (place - stop as f64)).round() as u8;
    let (from, to) = (STOPS[stop], STOPS[stop + 1]);
    [mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2)]
}

/// The samples that fall into one column of many.
pub fn span(samples: usize, columns: usize, column: usize) -> Range<usize> {
    let start = samples * column / columns;
    start
        ..(samples * (column + 1) / columns)
            .max(start + 1)
            .min(samples)
}
