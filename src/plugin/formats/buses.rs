//! The buses of a block, made complete. nice-plug 0.4.2 reads one bus beyond those that a host passes when it
//! passes fewer than declared, and skips the block when an auxiliary output is missing; so a block reaches it
//! only with every declared bus and channel in place. Missing inputs are silent, missing outputs go nowhere.

use crate::session::mailbox::Mailbox;
use nice_plug::prelude::AudioIOLayout;
use std::num::NonZeroU32;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// The most buses of one direction in any layout.
pub(super) const MAX_BUSES: usize = 4;
/// The most channels of a bus in any layout.
pub(super) const MAX_CHANNELS: usize = 2;

/// Channel counts of the buses of one direction, main bus first; 0 ends the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape([u8; MAX_BUSES]);

impl Shape {
    fn of(main: Option<NonZeroU32>, aux: &[NonZeroU32]) -> Self {
        let mut shape = [0; MAX_BUSES];
        for (place, channels) in shape.iter_mut().zip(main.iter().chain(aux)) {
            *place = channels.get().min(MAX_CHANNELS as u32) as u8;
        }
        Self(shape)
    }

    /// The channel counts.
    pub(super) fn channels(&self) -> &[u8] {
        let count = self.0.iter().position(|&c| c == 0).unwrap_or(MAX_BUSES);
        &self.0[..count]
    }
}

/// A host's description of a bus in one block.
pub(super) trait HostBus: Copy {
    /// How many channels the host provides.
    fn channels(&self) -> usize;
    /// The 32-bit channel pointers.
    fn pointers(&self) -> *mut *mut f32;
    /// The same bus with other channels.
    fn with(pointers: *mut *mut f32, channels: usize) -> Self;
}

/// What the host is to provide, and memory to stand in for what it does not.
#[derive(Default)]
pub(super) struct Buses {
    inputs: AtomicU64,
    outputs: AtomicU64,
    /// The longest block that may come; 0 before the first activation.
    frames: AtomicUsize,
    /// Only touched on the audio thread for a block that is incomplete, and in `activate`.
    spare: Mailbox<Spare>,
}

struct Spare {
    memory: Vec<f32>,
    frames: usize,
}

/// Where the completed buses of one block stand while nice-plug reads them.
pub(super) struct Completed<B> {
    /// The inputs.
    pub(super) inputs: [B; MAX_BUSES],
    /// The outputs.
    pub(super) outputs: [B; MAX_BUSES],
    pointers: [[*mut f32; MAX_CHANNELS]; 2 * MAX_BUSES],
}

impl Buses {
    /// Notes the layout of the coming blocks and makes room for what a host may leave out. Allocates.
    pub(super) fn announce(&self, layout: &AudioIOLayout, max_frames: usize) {
        let inputs = Shape::of(layout.main_input_channels, layout.aux_input_ports);
        let outputs = Shape::of(layout.main_output_channels, layout.aux_output_ports);
        self.inputs.store(pack(inputs), Ordering::Release);
        self.outputs.store(pack(outputs), Ordering::Release);
        drop(self.spare.put(Box::new(Spare {
            memory: vec![0.0; max_frames * 2 * MAX_BUSES * MAX_CHANNELS],
            frames: max_frames,
        })));
        self.frames.store(max_frames, Ordering::Release);
    }

    /// Whether a block of so many samples may come. nice-plug 0.4.2 ends the host by a panic if one comes that is longer
    /// than was announced, or comes before any was.
    pub(super) fn expects(&self, frames: usize) -> bool {
        frames > 0 && frames <= self.frames.load(Ordering::Acquire)
    }

    /// Whether blocks were announced.
    pub(super) fn is_announced(&self) -> bool {
        self.frames.load(Ordering::Acquire) > 0
    }

    pub(super) fn inputs(&self) -> Shape {
        unpack(self.inputs.load(Ordering::Acquire))
    }

    pub(super) fn outputs(&self) -> Shape {
        unpack(self.outputs.load(Ordering::Acquire))
    }

    /// Runs `process` with every bus in place, or returns `None` without running it if that cannot be done: the
    /// block is longer than was announced, or `activate` runs at the same time.
    ///
    /// # Safety
    /// `inputs` and `outputs` are null or hold the given number of buses, whose channel pointers are null or
    /// hold as many pointers as they have channels, each null or valid for `frames` samples.
    pub(super) unsafe fn complete<B: HostBus, R>(
        &self,
        (inputs, input_count): (*const B, usize),
        (outputs, output_count): (*const B, usize),
        frames: usize,
        process: impl FnOnce(&mut Completed<B>) -> R,
    ) -> Option<R> {
        let mut spare = self.spare.take()?;
        if frames > spare.frames {
            self.spare.put_back(spare);
            return None;
        }
        let stride = spare.frames;
        // nice-plug only reads inputs, so silence stays silent.
        let (silence, nowhere) = spare.memory.split_at_mut(stride * MAX_BUSES * MAX_CHANNELS);
        let nothing = B::with(null_mut(), 0);
        let mut completed = Completed {
            inputs: [nothing; MAX_BUSES],
            outputs: [nothing; MAX_BUSES],
            pointers: [[null_mut(); MAX_CHANNELS]; 2 * MAX_BUSES],
        };
        let (in_pointers, out_pointers) = completed.pointers.split_at_mut(MAX_BUSES);
        // SAFETY: the caller's promise is passed on.
        unsafe {
            fill(
                self.inputs(),
                (inputs, input_count),
                silence,
                stride,
                &mut completed.inputs,
                in_pointers,
            );
            fill(
                self.outputs(),
                (outputs, output_count),
                nowhere,
                stride,
                &mut completed.outputs,
                out_pointers,
            );
        }
        let result = process(&mut completed);
        self.spare.put_back(spare);
        Some(result)
    }
}

/// Copies the host's buses, with channels of `memory` (`stride` samples each) for those that are missing.
///
/// # Safety
/// As for [`Buses::complete`].
unsafe fn fill<B: HostBus>(
    shape: Shape,
    (host, count): (*const B, usize),
    memory: &mut [f32],
    stride: usize,
    buses: &mut [B; MAX_BUSES],
    pointers: &mut [[*mut f32; MAX_CHANNELS]],
) {
    let mut spare_channels = memory.chunks_exact_mut(stride.max(1));
    for (index, &channels) in shape.channels().iter().enumerate() {
        for (channel, pointer) in pointers[index].iter_mut().enumerate().take(channels.into()) {
            // SAFETY: the caller promises `count` buses at `host`.
            let given = unsafe { host_channel(host, count, index, channel) };
            let spare = spare_channels
                .next()
                .map_or(null_mut(), <[f32]>::as_mut_ptr);
            *pointer = if given.is_null() { spare } else { given };
        }
        buses[index] = B::with(pointers[index].as_mut_ptr(), channels.into());
    }
}

/// A host's channel pointer, null where it gives none.
///
/// # Safety
/// As for [`Buses::complete`].
unsafe fn host_channel<B: HostBus>(
    host: *const B,
    count: usize,
    bus: usize,
    channel: usize,
) -> *mut f32 {
    if host.is_null() || bus >= count {
        return null_mut();
    }
    // SAFETY: `bus` is below the count that the caller promises.
    let bus = unsafe { &*host.add(bus) };
    if bus.pointers().is_null() || channel >= bus.channels() {
        return null_mut();
    }
    // SAFETY: the bus has more channels than `channel`.
    unsafe { *bus.pointers().add(channel) }
}

/// Whether the host's buses are just what the layout asks for.
///
/// # Safety
/// As for [`Buses::complete`].
pub(super) unsafe fn is_complete<B: HostBus>(shape: Shape, host: *const B, count: usize) -> bool {
    let shape = shape.channels();
    count >= shape.len()
        && shape.iter().enumerate().all(|(index, &channels)| {
            // SAFETY: `index` is below `count`, and `host_channel` refuses a null `host`.
            let exact =
                host.is_null() || unsafe { (*host.add(index)).channels() } == usize::from(channels);
            // SAFETY: the caller's promise is passed on.
            exact
                && (0..usize::from(channels))
                    .all(|c| unsafe { !host_channel(host, count, index, c).is_null() })
        })
}

/// Whether the host provides at least one channel of its first bus.
///
/// # Safety
/// As for [`Buses::complete`].
pub(super) unsafe fn has_main<B: HostBus>(host: *const B, count: usize) -> bool {
    // SAFETY: the caller's promise is passed on.
    unsafe { !host_channel(host, count, 0, 0).is_null() }
}

fn pack(shape: Shape) -> u64 {
    shape
        .0
        .iter()
        .rev()
        .fold(0, |packed, &c| (packed << 8) | u64::from(c))
}

fn unpack(packed: u64) -> Shape {
    Shape(std::array::from_fn(|i| (packed >> (8 * i)) as u8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use nice_plug::prelude::new_nonzero_u32;

    #[derive(Clone, Copy)]
    struct Bus(*mut *mut f32, usize);

    impl HostBus for Bus {
        fn channels(&self) -> usize {
            self.1
        }
        fn pointers(&self) -> *mut *mut f32 {
            self.0
        }
        fn with(pointers: *mut *mut f32, channels: usize) -> Self {
            Self(pointers, channels)
        }
    }

    const STEREO: NonZeroU32 = new_nonzero_u32(2);

    fn buses() -> Buses {
        let buses = Buses::default();
        let layout = AudioIOLayout {
            main_output_channels: Some(STEREO),
            aux_input_ports: &[STEREO],
            aux_output_ports: &[STEREO, STEREO, STEREO],
            ..AudioIOLayout::const_default()
        };
        buses.announce(&layout, 8);
        buses
    }

    #[test]
    fn shape_survives_packing() {
        let buses = buses();
        assert_eq!(buses.inputs().channels(), [2]);
        assert_eq!(buses.outputs().channels(), [2, 2, 2, 2]);
    }

    #[test]
    fn missing_buses_are_made_up_and_given_ones_kept() {
        let buses = buses();
        let mut left = [1.0_f32; 8];
        let mut right = [2.0_f32; 8];
        let mut channels = [left.as_mut_ptr(), right.as_mut_ptr()];
        let host = [Bus(channels.as_mut_ptr(), 2)];
        // SAFETY: one bus of two channels of eight samples, as the calls say.
        let all = unsafe {
            assert!(!is_complete(buses.outputs(), host.as_ptr(), 1));
            assert!(has_main(host.as_ptr(), 1));
            assert!(!has_main(std::ptr::null::<Bus>(), 0));
            buses.complete((std::ptr::null(), 0), (host.as_ptr(), 1), 8, |c| {
                let outs: Vec<*mut f32> =
                    c.outputs.iter().flat_map(|b| [*b.0, *b.0.add(1)]).collect();
                (
                    is_complete(buses.outputs(), c.outputs.as_ptr(), 4),
                    is_complete(buses.inputs(), c.inputs.as_ptr(), 4),
                    outs,
                )
            })
        };
        let (outs_complete, ins_complete, outs) = all.expect("eight frames were announced");
        assert!(outs_complete && ins_complete);
        assert_eq!(outs[..2], channels);
        let mut distinct = outs.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), 8, "no two output channels share memory");
    }

    #[test]
    fn a_block_longer_than_announced_is_refused() {
        // SAFETY: no buses are passed.
        let ran = unsafe {
            buses().complete::<Bus, _>((std::ptr::null(), 0), (std::ptr::null(), 0), 9, |_| ())
        };
        assert!(ran.is_none());
    }
}
