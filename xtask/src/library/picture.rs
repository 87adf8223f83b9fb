//! A small spectrogram with few colours, so that a page of them stays light.

use crate::spectra::{HIGHEST, LOWEST, Spectra, heat};
use anyhow::{Context, Result};
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use test_hosts::Sound;

const WIDTH: usize = 480;
const HEIGHT: usize = 140;
/// Colours from quiet to loud; the one after them is that of the lines.
const LEVELS: usize = 20;
const LINE: [u8; 3] = [70, 78, 96];

/// Draws both channels as one into a PNG file.
pub fn draw(sound: &Sound, path: &Path) -> Result<()> {
    write_png(path, &pixels(sound)).with_context(|| format!("cannot write {}", path.display()))
}

/// The palette's index of each pixel, row by row from the top.
fn pixels(sound: &Sound) -> Vec<u8> {
    let middle = middle(sound);
    let spectra = Spectra::of(&middle, f64::from(sound.rate), WIDTH);
    let seconds = middle.len() as f64 / f64::from(sound.rate);
    let lines: Vec<usize> = (1..seconds.ceil() as usize)
        .map(|second| (second as f64 / seconds * WIDTH as f64) as usize)
        .collect();
    let rows: Vec<usize> = [100.0, 1000.0, 10_000.0].map(row).to_vec();
    let mut pixels = Vec::with_capacity(WIDTH * HEIGHT);
    for y in 0..HEIGHT {
        let up = 1.0 - (y as f64 + 0.5) / HEIGHT as f64;
        let hertz = LOWEST * (HIGHEST / LOWEST).powf(up);
        for x in 0..WIDTH {
            let level = (spectra.level(x, hertz) * LEVELS as f64) as usize;
            let marked = rows.contains(&y) || lines.contains(&x);
            // The lines are under the sound, not over it.
            let index = if marked && level < 2 {
                LEVELS
            } else {
                level.min(LEVELS - 1)
            };
            pixels.push(index as u8);
        }
    }
    pixels
}

fn row(hertz: f64) -> usize {
    let up = (hertz / LOWEST).ln() / (HIGHEST / LOWEST).ln();
    ((1.0 - up) * HEIGHT as f64) as usize
}

fn middle(sound: &Sound) -> Vec<f32> {
    let count = sound.channels.len().max(1) as f32;
    let frames = sound.channels.first().map_or(0, Vec::len);
    let sum = |frame: usize| {
        sound
            .channels
            .iter()
            .map(|channel| channel[frame])
            .sum::<f32>()
    };
    (0..frames).map(|frame| sum(frame) / count).collect()
}

fn write_png(path: &Path, pixels: &[u8]) -> Result<()> {
    let levels = (0..LEVELS).map(|level| heat(level as f64 / (LEVELS - 1) as f64));
    let palette: Vec<u8> = levels.chain([LINE]).flatten().collect();
    let file = BufWriter::new(File::create(path)?);
    let mut encoder = png::Encoder::new(file, WIDTH as u32, HEIGHT as u32);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette);
    encoder.set_compression(png::Compression::High);
    encoder.write_header()?.write_image_data(pixels)?;
    Ok(())
}

#[test]
fn a_tone_is_a_bright_row_at_its_pitch() {
    let tone = test_hosts::measure::sine(1000.0, 48_000.0, 48_000);
    let sound = Sound {
        rate: 48_000,
        channels: vec![tone.clone(), tone],
    };
    let pixels = pixels(&sound);
    let column = |y: usize| usize::from(pixels[y * WIDTH + WIDTH / 2]);
    let brightest = (0..HEIGHT).max_by_key(|y| column(*y) % LEVELS).unwrap_or(0);
    assert!(brightest.abs_diff(row(1000.0)) <= 1, "row {brightest}");
    assert_eq!(column(row(8000.0)), 0);
}
