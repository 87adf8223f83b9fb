//! What an ear would say of samples, in numbers.

use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

/// The strongest frequency in hertz, to a small part of a hertz; 0 for silence.
pub fn pitch(samples: &[f32], rate: f64) -> f64 {
    let size = samples.len().next_power_of_two() * 2;
    let bins = spectrum(samples, size);
    let Some(top) = (1..bins.len() - 1).max_by(|&a, &b| bins[a].total_cmp(&bins[b])) else {
        return 0.0;
    };
    if bins[top] < 1e-9 {
        return 0.0;
    }
    // A parabola through the logarithms of three bins finds the top between them.
    let [left, centre, right] =
        [-1, 0, 1].map(|d: isize| bins[top.saturating_add_signed(d)].max(1e-30).ln());
    let curve = left - 2.0 * centre + right;
    let offset = if curve == 0.0 {
        0.0
    } else {
        0.5 * (left - right) / curve
    };
    (top as f64 + offset) * rate / size as f64
}

/// The amplitude of one frequency (a sine of amplitude 0.5 gives 0.5).
pub fn amplitude_at(samples: &[f32], frequency: f64, rate: f64) -> f64 {
    let (mut re, mut im, mut sum) = (0.0, 0.0, 0.0);
    for (i, &x) in samples.iter().enumerate() {
        let window = hann(i, samples.len());
        let (sin, cos) = (std::f64::consts::TAU * frequency * i as f64 / rate).sin_cos();
        re += f64::from(x) * window * cos;
        im += f64::from(x) * window * sin;
        sum += window;
    }
    if sum == 0.0 {
        0.0
    } else {
        2.0 * re.hypot(im) / sum
    }
}

/// Magnitudes of a windowed FFT of `size` points, half of them.
pub fn spectrum(samples: &[f32], size: usize) -> Vec<f64> {
    let mut points = vec![Complex::new(0.0, 0.0); size];
    for (i, (point, &x)) in points.iter_mut().zip(samples).enumerate() {
        point.re = f64::from(x) * hann(i, samples.len().min(size));
    }
    FftPlanner::new()
        .plan_fft_forward(size)
        .process(&mut points);
    points[..size / 2]
        .iter()
        .map(|c| c.norm() * 4.0 / samples.len().min(size).max(1) as f64)
        .collect()
}

/// The first sample that is louder than `threshold`.
pub fn onset(samples: &[f32], threshold: f32) -> Option<usize> {
    samples.iter().position(|x| x.abs() > threshold)
}

/// One past the last sample that is louder than `threshold`.
pub fn end(samples: &[f32], threshold: f32) -> Option<usize> {
    samples
        .iter()
        .rposition(|x| x.abs() > threshold)
        .map(|last| last + 1)
}

/// The greatest magnitude.
pub fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |top, x| top.max(x.abs()))
}

/// The root of the mean square.
pub fn rms(samples: &[f32]) -> f64 {
    let sum: f64 = samples.iter().map(|x| f64::from(*x).powi(2)).sum();
    (sum / samples.len().max(1) as f64).sqrt()
}

/// True if nothing reaches -120 dBFS.
pub fn is_silent(samples: &[f32]) -> bool {
    peak(samples) < 1e-6
}

/// A level in decibels; silence is -infinity.
pub fn decibels(level: f64) -> f64 {
    20.0 * level.log10()
}

/// The peak of the difference of two sounds, in decibels; a missing end counts as silence, equal sounds give -infinity.
pub fn null(a: &[Vec<f32>], b: &[Vec<f32>]) -> f64 {
    let mut top = 0.0f64;
    for channel in 0..a.len().max(b.len()) {
        let [x, y] = [a, b].map(|sound| sound.get(channel).map_or(&[][..], Vec::as_slice));
        for frame in 0..x.len().max(y.len()) {
            let [p, q] = [x, y].map(|samples| samples.get(frame).copied().unwrap_or(0.0));
            top = top.max(f64::from(p - q).abs());
        }
    }
    decibels(top)
}

/// Where two sounds first differ in a bit, as (channel, sample); `None` if they are the same to the last bit and length.
pub fn first_difference(a: &[Vec<f32>], b: &[Vec<f32>]) -> Option<(usize, usize)> {
    if a.len() != b.len() {
        return Some((a.len().min(b.len()), 0));
    }
    let differs = |(x, y): (&Vec<f32>, &Vec<f32>)| {
        let same = x
            .iter()
            .zip(y)
            .position(|(p, q)| p.to_bits() != q.to_bits());
        same.or((x.len() != y.len()).then(|| x.len().min(y.len())))
    };
    a.iter()
        .zip(b)
        .enumerate()
        .find_map(|(channel, pair)| differs(pair).map(|frame| (channel, frame)))
}

/// Asserts that two sounds are the same to the last bit.
#[track_caller]
pub fn assert_same(a: &[Vec<f32>], b: &[Vec<f32>], what: &str) {
    if let Some((channel, frame)) = first_difference(a, b) {
        let lengths = |s: &[Vec<f32>]| s.iter().map(Vec::len).collect::<Vec<_>>();
        panic!(
            "{what}: channel {channel} differs from sample {frame} on (lengths {:?} and {:?}, difference {:.1} dB)",
            lengths(a),
            lengths(b),
            null(a, b),
        );
    }
}

/// A sine of amplitude 1.
pub fn sine(frequency: f64, rate: f64, frames: usize) -> Vec<f32> {
    (0..frames)
        .map(|i| (std::f64::consts::TAU * frequency * i as f64 / rate).sin() as f32)
        .collect()
}

fn hann(i: usize, size: usize) -> f64 {
    0.5 - 0.5 * (std::f64::consts::TAU * (i as f64 + 0.5) / size.max(1) as f64).cos()
}

#[test]
fn pitch_and_amplitude_of_a_sine() {
    for frequency in [27.5, 440.0, 443.7, 9876.5] {
        let tone: Vec<f32> = sine(frequency, 48_000.0, 24_000)
            .iter()
            .map(|x| 0.5 * x)
            .collect();
        assert!(
            (pitch(&tone, 48_000.0) - frequency).abs() < 0.2,
            "{frequency}"
        );
        assert!(
            (amplitude_at(&tone, frequency, 48_000.0) - 0.5).abs() < 1e-3,
            "{frequency}"
        );
    }
    assert_eq!(pitch(&[0.0; 1000], 48_000.0), 0.0);
}

#[test]
fn onset_end_and_silence() {
    let mut samples = vec![0.0; 100];
    samples[40] = 0.1;
    samples[60] = -0.1;
    assert_eq!(
        (onset(&samples, 0.01), end(&samples, 0.01)),
        (Some(40), Some(61))
    );
    assert!(is_silent(&samples[..40]) && !is_silent(&samples));
    assert_eq!(peak(&samples), 0.1);
}

#[test]
fn a_bit_makes_a_difference() {
    let a = vec![vec![0.5f32; 10]];
    let mut b = a.clone();
    assert_eq!(
        (first_difference(&a, &b), null(&a, &b)),
        (None, f64::NEG_INFINITY)
    );
    b[0][7] = f32::from_bits(b[0][7].to_bits() + 1);
    assert_eq!(first_difference(&a, &b), Some((0, 7)));
    assert!(null(&a, &b) < -140.0);
    b[0].truncate(7);
    assert_eq!(first_difference(&a, &b), Some((0, 7)));
}
