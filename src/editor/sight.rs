//! Sound to look at: levels, the wave, and its spectrum.

use super::desk::Desk;
use super::theme::Palette;
use crate::document::{Document, MOST_AUX};
use egui::{Color32, Pos2, Rect, RichText, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, pos2};
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};
use std::sync::Arc;

/// Frames that a spectrum is made of.
const FRAMES: usize = 2048;
/// The quietest that is shown, in decibels.
const FLOOR: f32 = -72.0;
/// The loudest that is shown, linear: +20 dB.
const LOUDEST: f32 = 10.0;

/// What the output was, and pictures of it.
#[derive(Default)]
pub(super) struct Sight {
    frames: Vec<[f32; 2]>,
    main: [Level; 2],
    aux: [[Level; 2]; MOST_AUX],
    /// Auxiliary outputs that the document has.
    aux_count: usize,
    /// In the order of the document; not all of them, if they are very many.
    buses: Vec<Level>,
    fft: Option<Arc<dyn Fft<f32>>>,
    smooth: Vec<f32>,
}

/// A level that rises at once and falls slowly, linear.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Level(f32);

impl Level {
    fn follow(&mut self, peak: f32, seconds: f32) {
        // 24 dB a second.
        let fallen = self.0 * 10.0_f32.powf(-24.0 * seconds / 20.0);
        // What is no number is as red as what is far too loud, and neither stays for long.
        let peak = if peak.is_finite() { peak } else { LOUDEST };
        self.0 = peak.min(LOUDEST).max(fallen);
    }

    fn decibels(self) -> f32 {
        20.0 * self.0.max(1e-9).log10()
    }

    /// What to say of it.
    pub(super) fn text(self) -> String {
        match self.decibels() {
            quiet if quiet <= FLOOR => "silent".to_owned(),
            decibels => format!("{decibels:.1} dB"),
        }
    }

    /// Paints it lying.
    pub(super) fn paint(self, ui: &Ui, lane: Rect) {
        let colors = Palette::of(ui);
        ui.painter().rect_filled(lane, 2.0, colors.raised);
        let decibels = self.decibels();
        let part = ((decibels - FLOOR) / (6.0 - FLOOR)).clamp(0.0, 1.0);
        let color = match decibels {
            d if d > 0.0 => colors.bad,
            d if d > -6.0 => colors.wait,
            _ => colors.good,
        };
        let lit = Rect::from_min_size(lane.min, Vec2::new(lane.width() * part, lane.height()));
        ui.painter().rect_filled(lit, 2.0, color);
    }
}

impl Sight {
    /// Takes the last of the output, and of the document's buses.
    pub(super) fn follow(&mut self, desk: &dyn Desk, document: &Document, seconds: f32) {
        desk.heard(&mut self.frames);
        let sounding = desk.meter().1;
        let recent = self.frames.len().saturating_sub(FRAMES);
        for channel in 0..2 {
            let peak = self.frames[recent..]
                .iter()
                .map(|frame| frame[channel].abs())
                .fold(0.0, f32::max);
            let peak = if sounding { peak } else { 0.0 };
            self.main[channel].follow(peak, seconds);
        }
        let peaks = desk.take_aux_levels();
        let levels = self.aux.iter_mut().flatten();
        levels
            .zip(peaks.as_flattened())
            .for_each(|(level, peak)| level.follow(*peak, seconds));
        self.aux_count = document.aux as usize;
        let peaks = desk.take_bus_levels(document.bus.len());
        self.buses.resize(peaks.len(), Level::default());
        let levels = self.buses.iter_mut().zip(peaks);
        levels.for_each(|(level, peak)| level.follow(peak, seconds));
    }

    /// The level of the document's n-th bus, if it is looked at.
    pub(super) fn bus(&self, number: usize) -> Option<Level> {
        self.buses.get(number).copied()
    }

    /// The level of left and right of the main output.
    pub(super) fn meter(&self, ui: &mut Ui, width: f32) {
        pair(ui, width, self.main, "Main output");
    }

    /// Whether there are auxiliary outputs.
    pub(super) fn has_aux(&self) -> bool {
        self.aux_count > 0
    }

    /// The levels of the auxiliary outputs that there are.
    pub(super) fn aux(&self, ui: &mut Ui, width: f32) {
        for (number, levels) in (1..).zip(&self.aux).take(self.aux_count) {
            let name = format!("Aux {number}");
            ui.label(RichText::new(&name).small().color(Palette::of(ui).weak));
            pair(ui, width, *levels, &name);
        }
    }

    /// The wave, standing still on a rising zero, as high as there is room.
    pub(super) fn scope(&self, ui: &mut Ui, size: Vec2) {
        let rect = field(ui, size);
        let colors = Palette::of(ui);
        let shown = FRAMES.min(self.frames.len() / 2);
        let mid = |frame: &[f32; 2]| (frame[0] + frame[1]) / 2.0;
        let search = self.frames.len().saturating_sub(shown);
        let rises = |at: &usize| {
            *at > 0 && mid(&self.frames[at - 1]) <= 0.0 && mid(&self.frames[*at]) > 0.0
        };
        let start = (search / 2..search).find(rises).unwrap_or(search);
        let peak = self
            .frames
            .iter()
            .flatten()
            .fold(0.1_f32, |peak, s| peak.max(s.abs()));
        ui.painter().hline(
            rect.x_range(),
            rect.center().y,
            Stroke::new(1.0, colors.line),
        );
        for (channel, color) in [
            (1, colors.code.audio.gamma_multiply(0.6)),
            (0, colors.accent),
        ] {
            let wave = self.frames[start..]
                .iter()
                .take(shown)
                .step_by(2)
                .enumerate()
                .map(|(step, frame)| {
                    let x = rect.left() + rect.width() * (2 * step) as f32 / shown.max(1) as f32;
                    pos2(
                        x,
                        rect.center().y - frame[channel] / peak * rect.height() * 0.46,
                    )
                });
            line(ui, wave.collect(), color);
        }
    }

    /// How loud each pitch is, from 30 Hz to 20 kHz.
    pub(super) fn spectrum(&mut self, ui: &mut Ui, size: Vec2, sample_rate: f64) {
        let rect = field(ui, size);
        let colors = Palette::of(ui);
        self.transform();
        let at = |hertz: f32| (hertz / 30.0).ln() / (20_000.0_f32 / 30.0).ln();
        for (hertz, name) in [(100.0, "100"), (1_000.0, "1k"), (10_000.0, "10k")] {
            let x = egui::lerp(rect.x_range(), at(hertz));
            ui.painter()
                .vline(x, rect.y_range(), Stroke::new(1.0, colors.line));
            super::parts::tiny(
                ui,
                pos2(x + 3.0, rect.top() + 1.0),
                egui::Align2::LEFT_TOP,
                name,
                colors.weak,
            );
        }
        let width = sample_rate as f32 / FRAMES as f32;
        let points = self
            .smooth
            .iter()
            .enumerate()
            .skip(1)
            .filter_map(|(bin, decibels)| {
                let part = at(bin as f32 * width);
                let height = ((decibels - FLOOR) / -FLOOR).clamp(0.0, 1.0);
                (0.0..=1.0).contains(&part).then(|| {
                    pos2(
                        egui::lerp(rect.x_range(), part),
                        rect.bottom() - height * rect.height(),
                    )
                })
            });
        line(ui, points.collect(), colors.accent);
    }

    fn transform(&mut self) {
        let fft = self
            .fft
            .get_or_insert_with(|| FftPlanner::new().plan_fft_forward(FRAMES));
        let from = self.frames.len().saturating_sub(FRAMES);
        let mut bins: Vec<Complex<f32>> = self.frames[from..]
            .iter()
            .enumerate()
            .map(|(at, frame)| {
                let window = 0.5 - 0.5 * (std::f32::consts::TAU * at as f32 / FRAMES as f32).cos();
                Complex::new((frame[0] + frame[1]) / 2.0 * window, 0.0)
            })
            .collect();
        bins.resize(FRAMES, Complex::default());
        fft.process(&mut bins);
        self.smooth.resize(FRAMES / 2, FLOOR);
        for (smooth, bin) in self.smooth.iter_mut().zip(&bins) {
            let decibels = 20.0 * (bin.norm() * 4.0 / FRAMES as f32).max(1e-9).log10();
            *smooth = if decibels > *smooth {
                decibels
            } else {
                *smooth * 0.85 + decibels.max(FLOOR) * 0.15
            };
        }
    }
}

/// Two levels, one under the other.
fn pair(ui: &mut Ui, width: f32, levels: [Level; 2], name: &str) {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, 14.0), Sense::hover());
    for (channel, level) in levels.into_iter().enumerate() {
        let top = rect.top() + channel as f32 * 7.0;
        let lane = Rect::from_min_size(pos2(rect.left(), top), Vec2::new(rect.width(), 5.0));
        level.paint(ui, lane);
    }
    let [left, right] = levels.map(Level::text);
    response.on_hover_text(format!("{name}: left {left}, right {right}"));
}

fn field(ui: &mut Ui, size: Vec2) -> Rect {
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let colors = Palette::of(ui);
    ui.painter().rect(
        rect,
        4.0,
        colors.sunken,
        Stroke::new(1.0, colors.line),
        StrokeKind::Inside,
    );
    rect.shrink(4.0)
}

fn line(ui: &Ui, points: Vec<Pos2>, color: Color32) {
    ui.painter()
        .add(Shape::line(points, Stroke::new(1.3, color)));
}
