//! `setBusArrangements` and `process` of VST3. nice-plug 0.4.2 looks for auxiliary buses one place off: with a main
//! bus it compares the main arrangement instead, without one it reads past the host's array.

use super::buses::{Completed, HostBus, has_main, is_complete};
use super::vst3_tables::of;
use nice_plug::prelude::AudioIOLayout;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    AudioBusBuffers, AudioBusBuffers__type0, IAudioProcessor, IAudioProcessorVtbl, ProcessData,
    SpeakerArrangement,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::{
    int32, kInvalidArgument, kNotInitialized, kResultFalse, tresult,
};
use std::num::NonZeroU32;
use std::ptr::null_mut;

const STEREO: SpeakerArrangement = 0b11;
const MONO: SpeakerArrangement = 1 << 19;

/// Room for what nice-plug reads: one more than the buses of any layout.
type Arrangements = [SpeakerArrangement; 8];

/// Chooses the layout that has just these buses, and tells nice-plug of it in the places where it looks.
pub(super) unsafe extern "system" fn set_bus_arrangements(
    this: *mut IAudioProcessor,
    inputs: *mut SpeakerArrangement,
    input_count: int32,
    outputs: *mut SpeakerArrangement,
    output_count: int32,
) -> tresult {
    // SAFETY: the host calls this on a patched object.
    let (patched, link) = unsafe { of::<_, IAudioProcessorVtbl>(this) };
    // SAFETY: the host's arrays have the lengths it says.
    let (Some(ins), Some(outs)) = (unsafe {
        (
            channels(inputs, input_count),
            channels(outputs, output_count),
        )
    }) else {
        return kInvalidArgument;
    };
    let layouts = link.vst3.get().map_or(&[][..], |side| side.layouts);
    let Some(layout) = layouts.iter().find(|layout| wants(layout, ins, outs)) else {
        return kResultFalse;
    };
    let mut inputs = as_read(layout.main_input_channels, layout.aux_input_ports);
    let mut outputs = as_read(layout.main_output_channels, layout.aux_output_ports);
    // SAFETY: nice-plug's function on its own object; it reads at most one place past the counts, which these
    // arrays have.
    unsafe {
        ((*patched.original).setBusArrangements)(
            this,
            inputs.as_mut_ptr(),
            input_count,
            outputs.as_mut_ptr(),
            output_count,
        )
    }
}

/// A host's arrangements.
///
/// # Safety
/// `array` is null or holds `count` arrangements.
unsafe fn channels<'a>(
    array: *mut SpeakerArrangement,
    count: int32,
) -> Option<&'a [SpeakerArrangement]> {
    match usize::try_from(count).ok()? {
        0 => Some(&[]),
        _ if array.is_null() => None,
        // SAFETY: as the caller promises.
        count => Some(unsafe { std::slice::from_raw_parts(array, count) }),
    }
}

fn wants(
    layout: &AudioIOLayout,
    inputs: &[SpeakerArrangement],
    outputs: &[SpeakerArrangement],
) -> bool {
    let same = |main: Option<NonZeroU32>, aux: &[NonZeroU32], host: &[SpeakerArrangement]| {
        main.iter()
            .chain(aux)
            .map(|c| c.get())
            .eq(host.iter().map(|a| a.count_ones()))
    };
    same(layout.main_input_channels, layout.aux_input_ports, inputs)
        && same(
            layout.main_output_channels,
            layout.aux_output_ports,
            outputs,
        )
}

/// A layout's arrangements in the places where nice-plug 0.4.2 reads them: the main bus in place 0, the n-th
/// auxiliary one in place n with a main bus, n + 1 without. That main and first auxiliary bus share a place is why
/// all buses of a layout must have the same width.
fn as_read(main: Option<NonZeroU32>, aux: &[NonZeroU32]) -> Arrangements {
    let mut places = Arrangements::default();
    let first = usize::from(main.is_none());
    for (place, channels) in places[first..].iter_mut().zip(aux) {
        *place = arrangement(*channels);
    }
    if let Some(main) = main {
        places[0] = arrangement(main);
    }
    places
}

fn arrangement(channels: NonZeroU32) -> SpeakerArrangement {
    if channels.get() == 1 { MONO } else { STEREO }
}

impl HostBus for AudioBusBuffers {
    fn channels(&self) -> usize {
        usize::try_from(self.numChannels).unwrap_or(0)
    }

    fn pointers(&self) -> *mut *mut f32 {
        // SAFETY: both fields of the union are pointers; the host is told that we take 32-bit samples only.
        unsafe { self.__field0.channelBuffers32 }
    }

    fn with(pointers: *mut *mut f32, channels: usize) -> Self {
        Self {
            numChannels: channels as int32,
            silenceFlags: 0,
            __field0: AudioBusBuffers__type0 {
                channelBuffers32: pointers,
            },
        }
    }
}

/// Runs nice-plug's `process` with every declared bus in place.
pub(super) unsafe extern "system" fn process(
    this: *mut IAudioProcessor,
    data: *mut ProcessData,
) -> tresult {
    if data.is_null() {
        return kInvalidArgument;
    }
    // SAFETY: the host calls this on a patched object.
    let (patched, link) = unsafe { of::<_, IAudioProcessorVtbl>(this) };
    // SAFETY: the original's table lives as long as the library.
    let run = unsafe { (*patched.original).process };
    // SAFETY: the host's block, valid during the call.
    let mut block = unsafe { *data };
    let input_count = usize::try_from(block.numInputs).unwrap_or(0);
    let output_count = usize::try_from(block.numOutputs).unwrap_or(0);
    let buses = &link.buses;
    if !buses.is_announced() {
        return kNotInitialized;
    }
    // SAFETY: the host describes its buses truly, by VST3's contract; nice-plug reads no more than the shape.
    unsafe {
        if block.numSamples <= 0 || !has_main(block.outputs, output_count) {
            return run(this, &mut without_audio(block));
        }
        if !buses.expects(block.numSamples as usize) {
            return kInvalidArgument;
        }
        let complete = is_complete(buses.inputs(), block.inputs, input_count)
            && is_complete(buses.outputs(), block.outputs, output_count);
        if complete {
            return run(this, data);
        }
        let frames = block.numSamples as usize;
        let (ins, outs) = (
            (block.inputs.cast_const(), input_count),
            (block.outputs.cast_const(), output_count),
        );
        let run = |completed: &mut Completed<AudioBusBuffers>| {
            block.inputs = completed.inputs.as_mut_ptr();
            block.numInputs = buses.inputs().channels().len() as int32;
            block.outputs = completed.outputs.as_mut_ptr();
            block.numOutputs = buses.outputs().channels().len() as int32;
            run(this, &mut block)
        };
        buses
            .complete(ins, outs, frames, run)
            .unwrap_or(kResultFalse)
    }
}

/// The same block without audio: nice-plug takes it as a flush of parameters and events.
fn without_audio(block: ProcessData) -> ProcessData {
    ProcessData {
        numSamples: 0,
        numInputs: 0,
        numOutputs: 0,
        inputs: null_mut(),
        outputs: null_mut(),
        ..block
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugin::kind::{EFFECT_LAYOUTS, INSTRUMENT_LAYOUTS};

    #[test]
    fn layouts_are_told_apart() {
        let stereo = [STEREO; 4];
        assert!(wants(&INSTRUMENT_LAYOUTS[0], &stereo[..1], &stereo));
        assert!(!wants(&INSTRUMENT_LAYOUTS[0], &stereo[..1], &stereo[..3]));
        assert!(!wants(&INSTRUMENT_LAYOUTS[0], &[MONO], &stereo));
        assert!(wants(&EFFECT_LAYOUTS[1], &[MONO, MONO], &[MONO]));
    }

    /// What [`as_read`] relies on.
    #[test]
    fn all_buses_of_a_layout_have_the_same_width() {
        for layout in INSTRUMENT_LAYOUTS.iter().chain(EFFECT_LAYOUTS) {
            let mut widths = layout
                .main_output_channels
                .iter()
                .chain(layout.aux_output_ports);
            let mut inputs = layout
                .main_input_channels
                .iter()
                .chain(layout.aux_input_ports);
            let width = layout.main_output_channels;
            assert!(widths.all(|w| Some(*w) == width) && inputs.all(|w| Some(*w) == width));
        }
    }
}
