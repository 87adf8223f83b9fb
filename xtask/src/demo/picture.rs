//! A picture of a sound: its waveform over its spectrogram.

use crate::spectra::{HIGHEST, LOWEST, Spectra, heat, span};
use anyhow::{Context, Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use test_hosts::{Sound, measure};

const WIDTH: u32 = 1200;
const HEIGHT: u32 = 640;
const WAVEFORM: u32 = 230;
const BACKGROUND: RGBColor = RGBColor(18, 20, 26);
const INK: RGBColor = RGBColor(190, 196, 208);
const FAINT: RGBColor = RGBColor(52, 57, 68);
const WAVE: RGBColor = RGBColor(112, 190, 255);

/// Draws the left channel into a PNG file.
pub fn draw(sound: &Sound, title: &str, path: &Path) -> Result<()> {
    register_font()?;
    let mut pixels = vec![0u8; (WIDTH * HEIGHT * 3) as usize];
    {
        let canvas = BitMapBackend::with_buffer(&mut pixels, (WIDTH, HEIGHT)).into_drawing_area();
        canvas.fill(&BACKGROUND)?;
        let (upper, lower) = canvas.split_vertically(WAVEFORM);
        waveform(&upper, sound, title)?;
        spectrogram(&lower, sound)?;
        canvas.present()?;
    }
    write_png(path, &pixels).with_context(|| format!("cannot write {}", path.display()))
}

type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;

/// The pictures must look the same on machines without fonts.
fn register_font() -> Result<()> {
    let font = epaint_default_fonts::UBUNTU_LIGHT;
    plotters::style::register_font("sans-serif", FontStyle::Normal, font)
        .map_err(|_| anyhow!("the font is broken"))
}

fn waveform(area: &Area, sound: &Sound, title: &str) -> Result<()> {
    let samples = left(sound);
    let peak = f64::from(measure::peak(samples));
    let scale = [0.25, 0.5]
        .into_iter()
        .find(|scale| peak <= *scale)
        .unwrap_or(1.0);
    let seconds = samples.len() as f64 / f64::from(sound.rate);
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 24).into_font().color(&INK))
        .margin(10)
        .x_label_area_size(4)
        .y_label_area_size(64)
        .build_cartesian_2d(0.0..seconds, -scale..scale)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .axis_style(FAINT)
        .bold_line_style(FAINT)
        .light_line_style(TRANSPARENT)
        .label_style(("sans-serif", 15).into_font().color(&INK))
        .y_labels(5)
        .x_labels(0)
        .draw()?;
    let columns = chart.plotting_area().dim_in_pixel().0 as usize;
    let bars = (0..columns).map(|column| {
        let part = &samples[span(samples.len(), columns, column)];
        let low = part.iter().copied().fold(f32::INFINITY, f32::min);
        let high = part.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let x = (column as f64 + 0.5) / columns as f64 * seconds;
        PathElement::new(
            [(x, f64::from(low.min(0.0))), (x, f64::from(high.max(0.0)))],
            WAVE,
        )
    });
    chart.draw_series(bars)?;
    Ok(())
}

fn spectrogram(area: &Area, sound: &Sound) -> Result<()> {
    let samples = left(sound);
    let seconds = samples.len() as f64 / f64::from(sound.rate);
    let mut chart = ChartBuilder::on(area)
        .margin(10)
        .x_label_area_size(36)
        .y_label_area_size(64)
        .build_cartesian_2d(0.0..seconds, (LOWEST..HIGHEST).log_scale())?;
    chart
        .configure_mesh()
        .disable_mesh()
        .axis_style(FAINT)
        .label_style(("sans-serif", 15).into_font().color(&INK))
        .x_desc("seconds")
        .y_label_formatter(&|hertz| format!("{hertz:.0} Hz"))
        .draw()?;
    let plot = chart.plotting_area();
    let (width, height) = plot.dim_in_pixel();
    let image = Spectra::of(samples, f64::from(sound.rate), width as usize);
    let (left_edge, top_edge) = plot.get_base_pixel();
    let (area_left, area_top) = area.get_base_pixel();
    for x in 0..width {
        for y in 0..height {
            let up = 1.0 - (f64::from(y) + 0.5) / f64::from(height);
            let hertz = LOWEST * (HIGHEST / LOWEST).powf(up);
            let place = (
                left_edge - area_left + x as i32,
                top_edge - area_top + y as i32,
            );
            area.draw_pixel(place, &colour(image.level(x as usize, hertz)))?;
        }
    }
    Ok(())
}

fn colour(level: f64) -> RGBColor {
    let [red, green, blue] = heat(level);
    RGBColor(red, green, blue)
}

fn left(sound: &Sound) -> &[f32] {
    sound.channels.first().map_or(&[], Vec::as_slice)
}

fn write_png(path: &Path, pixels: &[u8]) -> Result<()> {
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.write_header()?.write_image_data(pixels)?;
    Ok(())
}
