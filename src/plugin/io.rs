//! The host's buffers as the performer sees them. A mono layout copies its input to both sides and takes the mean of
//! the two main outputs; a document with one main output is heard on both sides.

use crate::session::performer::{BlockIo, INPUTS};
use crate::session::program::Shape;
use nice_plug::prelude::Buffer;

/// More frames than the performer ever asks for at once.
const LONGEST_RUN: usize = 128;
static SILENCE: [f32; LONGEST_RUN] = [0.0; LONGEST_RUN];

/// One block.
pub struct HostBlock<'a, 'm, 'x> {
    /// The main buffer, which holds the input of an effect until its output is written.
    main: &'a mut Buffer<'m>,
    sidechain: Option<&'a Buffer<'x>>,
    aux: &'a mut [Buffer<'x>],
    has_input: bool,
}

impl<'a, 'm, 'x> HostBlock<'a, 'm, 'x> {
    /// `has_input` says whether `main` holds input.
    pub fn new(
        main: &'a mut Buffer<'m>,
        sidechain: Option<&'a Buffer<'x>>,
        aux: &'a mut [Buffer<'x>],
        has_input: bool,
    ) -> Self {
        Self {
            main,
            sidechain,
            aux,
            has_input,
        }
    }
}

impl BlockIo for HostBlock<'_, '_, '_> {
    fn frames(&self) -> usize {
        self.main.samples()
    }

    fn read(&mut self, start: usize, into: &mut [f64]) {
        let frames = into.len() / INPUTS;
        let main = pair(self.has_input.then_some(&*self.main), start, frames);
        let side = pair(self.sidechain, start, frames);
        let inputs = main.0.iter().zip(main.1).zip(side.0.iter().zip(side.1));
        for (frame, ((left, right), (side_left, side_right))) in
            into.chunks_exact_mut(INPUTS).zip(inputs)
        {
            frame[0] = f64::from(*left);
            frame[1] = f64::from(*right);
            frame[2] = f64::from(*side_left);
            frame[3] = f64::from(*side_right);
        }
    }

    fn write(&mut self, start: usize, from: &[f64], shape: &Shape) {
        let outputs = shape.outputs().max(1);
        write_pair(
            self.main,
            start,
            from,
            outputs,
            (0, 1.min(shape.channels - 1)),
        );
        for (index, bus) in self.aux.iter_mut().enumerate() {
            let first = shape.channels + 2 * index;
            // nice-plug has silenced the others.
            if index < shape.aux {
                write_pair(bus, start, from, outputs, (first, first + 1));
            }
        }
    }
}

/// The left and right channel of a bus; a mono one twice, silence where there is none.
fn pair<'s>(bus: Option<&'s Buffer<'_>>, start: usize, frames: usize) -> (&'s [f32], &'s [f32]) {
    let channels = bus.map_or(&[][..], |bus| bus.as_slice_immutable());
    let channel = |index: usize| {
        channels
            .get(index)
            .and_then(|c| c.get(start..start + frames))
    };
    let left = channel(0).unwrap_or(&SILENCE[..frames.min(LONGEST_RUN)]);
    (
        left,
        if channels.len() > 1 {
            channel(1).unwrap_or(left)
        } else {
            left
        },
    )
}

/// Writes two of the interleaved channels to a stereo bus, or their mean to a mono one.
fn write_pair(
    bus: &mut Buffer,
    start: usize,
    from: &[f64],
    outputs: usize,
    (first, second): (usize, usize),
) {
    let frames = from.len() / outputs;
    match bus.as_slice() {
        [left, right, ..] => {
            let (Some(left), Some(right)) = (
                left.get_mut(start..start + frames),
                right.get_mut(start..start + frames),
            ) else {
                return;
            };
            if let (2, (frames, [])) = (outputs, from.as_chunks::<2>()) {
                // By far the most frequent layout; a known width lets the compiler convert many samples at once.
                let sides = left.iter_mut().zip(right).zip(frames);
                return sides.for_each(|((left, right), frame)| {
                    (*left, *right) = (frame[0] as f32, frame[1] as f32);
                });
            }
            for ((left, right), frame) in left.iter_mut().zip(right).zip(from.chunks_exact(outputs))
            {
                *left = frame[first] as f32;
                *right = frame[second] as f32;
            }
        }
        [mono] => {
            let Some(mono) = mono.get_mut(start..start + frames) else {
                return;
            };
            for (mono, frame) in mono.iter_mut().zip(from.chunks_exact(outputs)) {
                *mono = (0.5 * (frame[first] + frame[second])) as f32;
            }
        }
        [] => {}
    }
}
