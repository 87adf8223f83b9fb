//! The VST3 objects, called as a host calls them: buses, missing buses, names.

use csound_session::plugin::GetPluginFactory;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    AudioBusBuffers, AudioBusBuffers__type0, BusDirections_, IAudioProcessor, IAudioProcessorTrait,
    IComponent, IComponentTrait, IEditController, IEditControllerTrait, ParameterInfo, ProcessData,
    ProcessSetup, SpeakerArrangement,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::{
    IPluginFactory, IPluginFactoryTrait, PClassInfo, kInvalidArgument, kResultFalse, kResultOk,
};
use nice_plug::wrapper::vst3::vst3::{ComPtr, Interface};
use std::mem::zeroed;
use std::ptr::null_mut;

const STEREO: SpeakerArrangement = 0b11;
const MONO: SpeakerArrangement = 1 << 19;
const FRAMES: usize = 64;

struct Instance {
    component: ComPtr<IComponent>,
    processor: ComPtr<IAudioProcessor>,
    controller: ComPtr<IEditController>,
}

/// Class 0 is the instrument, 1 the effect.
fn open(class: i32) -> Instance {
    // SAFETY: the calls and pointers are those of VST3's contract; what comes back is counted.
    unsafe {
        let factory =
            ComPtr::<IPluginFactory>::from_raw(GetPluginFactory().cast()).expect("a factory");
        assert_eq!(factory.countClasses(), 2);
        let mut info: PClassInfo = zeroed();
        assert_eq!(factory.getClassInfo(class, &mut info), kResultOk);
        let mut object = null_mut();
        let made = factory.createInstance(
            info.cid.as_ptr(),
            IComponent::IID.as_ptr().cast(),
            &mut object,
        );
        assert_eq!(made, kResultOk);
        let component = ComPtr::<IComponent>::from_raw(object.cast()).expect("a component");
        let (processor, controller) = (
            component.cast().expect("a processor"),
            component.cast().expect("a controller"),
        );
        Instance {
            component,
            processor,
            controller,
        }
    }
}

impl Instance {
    fn arrange(&self, inputs: &[SpeakerArrangement], outputs: &[SpeakerArrangement]) -> i32 {
        // Exactly as long as they say, so that a tool that watches memory sees a read past their ends.
        let (mut inputs, mut outputs) = (inputs.to_vec(), outputs.to_vec());
        let (ins, outs) = (inputs.len() as i32, outputs.len() as i32);
        // SAFETY: the arrays have the lengths that are passed.
        unsafe {
            self.processor
                .setBusArrangements(inputs.as_mut_ptr(), ins, outputs.as_mut_ptr(), outs)
        }
    }

    fn arrangement(&self, direction: u32, bus: i32) -> SpeakerArrangement {
        let mut found = 0;
        // SAFETY: room for the answer.
        let result = unsafe {
            self.processor
                .getBusArrangement(direction as i32, bus, &mut found)
        };
        assert_eq!(result, kResultOk);
        found
    }

    fn start(&self) {
        let mut setup = ProcessSetup {
            processMode: 0,
            symbolicSampleSize: 0,
            maxSamplesPerBlock: FRAMES as i32,
            sampleRate: 48_000.0,
        };
        // SAFETY: in VST3's order, with a setup that lives during the call.
        unsafe {
            assert_eq!(self.processor.setupProcessing(&mut setup), kResultOk);
            assert_eq!(self.component.setActive(1), kResultOk);
            assert_eq!(self.processor.setProcessing(1), kResultOk);
        }
    }

    /// One block with these buses, each a list of channels; an empty list is a bus without memory.
    fn block(&self, inputs: &mut [Vec<Vec<f32>>], outputs: &mut [Vec<Vec<f32>>]) -> i32 {
        let pointers = |buses: &mut [Vec<Vec<f32>>]| -> Vec<Vec<*mut f32>> {
            buses
                .iter_mut()
                .map(|bus| bus.iter_mut().map(|channel| channel.as_mut_ptr()).collect())
                .collect()
        };
        let (mut ins, mut outs) = (pointers(inputs), pointers(outputs));
        let describe = |buses: &mut [Vec<*mut f32>]| -> Vec<AudioBusBuffers> {
            let bus = |channels: &mut Vec<*mut f32>| AudioBusBuffers {
                numChannels: channels.len() as i32,
                silenceFlags: 0,
                __field0: AudioBusBuffers__type0 {
                    channelBuffers32: if channels.is_empty() {
                        null_mut()
                    } else {
                        channels.as_mut_ptr()
                    },
                },
            };
            buses.iter_mut().map(bus).collect()
        };
        let (mut ins, mut outs) = (describe(&mut ins), describe(&mut outs));
        // SAFETY: the buses have the channels and the channels the samples that are described.
        unsafe {
            let mut data: ProcessData = zeroed();
            data.numSamples = FRAMES as i32;
            (data.numInputs, data.inputs) = (ins.len() as i32, ins.as_mut_ptr());
            (data.numOutputs, data.outputs) = (outs.len() as i32, outs.as_mut_ptr());
            self.processor.process(&mut data)
        }
    }

    fn info(&self, index: i32) -> Option<ParameterInfo> {
        // SAFETY: room for the answer.
        unsafe {
            let mut info: ParameterInfo = zeroed();
            match self.controller.getParameterInfo(index, &mut info) {
                result if result == kResultOk => Some(info),
                result => {
                    assert_eq!(result, kInvalidArgument);
                    None
                }
            }
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // SAFETY: in VST3's order.
        unsafe {
            self.processor.setProcessing(0);
            self.component.setActive(0);
        }
    }
}

fn text(utf16: &[u16]) -> String {
    String::from_utf16_lossy(utf16.split(|&c| c == 0).next().unwrap_or_default())
}

#[test]
fn the_instrument_takes_its_own_arrangements_and_no_others() {
    let plugin = open(0);
    let (input, output) = (BusDirections_::kInput, BusDirections_::kOutput);
    assert_eq!(plugin.arrange(&[STEREO], &[STEREO; 4]), kResultOk);
    assert_eq!(
        (plugin.arrangement(input, 0), plugin.arrangement(output, 3)),
        (STEREO, STEREO)
    );
    assert_eq!(plugin.arrange(&[MONO], &[MONO; 4]), kResultOk);
    assert_eq!(
        (plugin.arrangement(input, 0), plugin.arrangement(output, 3)),
        (MONO, MONO)
    );
    for (inputs, outputs) in [
        (&[MONO][..], &[STEREO, STEREO, STEREO, STEREO][..]),
        (&[STEREO], &[STEREO, STEREO, STEREO, MONO]),
        (&[STEREO], &[STEREO]),
        (&[STEREO, STEREO], &[STEREO; 4]),
    ] {
        assert_eq!(
            plugin.arrange(inputs, outputs),
            kResultFalse,
            "{inputs:?} {outputs:?}"
        );
    }
    assert_eq!(
        plugin.arrangement(output, 0),
        MONO,
        "a refusal changes nothing"
    );
}

#[test]
fn the_effect_takes_its_own_arrangements_and_no_others() {
    let plugin = open(1);
    assert_eq!(plugin.arrange(&[MONO, MONO], &[MONO]), kResultOk);
    assert_eq!(plugin.arrangement(BusDirections_::kInput, 1), MONO);
    assert_eq!(plugin.arrange(&[STEREO, MONO], &[STEREO]), kResultFalse);
    assert_eq!(plugin.arrange(&[STEREO, STEREO], &[STEREO]), kResultOk);
    assert_eq!(plugin.arrangement(BusDirections_::kInput, 1), STEREO);
}

#[test]
fn a_host_that_leaves_out_the_sidechain_hears_the_effect() {
    for sidechain in [vec![], vec![Vec::new()], vec![vec![vec![0.0; FRAMES]; 1]]] {
        let plugin = open(1);
        plugin.start();
        let ramp: Vec<f32> = (1..=FRAMES).map(|n| n as f32 / 100.0).collect();
        let mut inputs = vec![vec![ramp.clone(), ramp.clone()]];
        inputs.extend(sidechain);
        let mut outputs = vec![vec![vec![9.0_f32; FRAMES]; 2]];
        assert_eq!(plugin.block(&mut inputs, &mut outputs), kResultOk);
        assert!(outputs[0][0][..32].iter().all(|&x| x == 0.0), "the latency");
        assert!(
            outputs[0][1][32..] == ramp[..FRAMES - 32],
            "the dry part of the echo"
        );
    }
}

#[test]
fn a_host_that_leaves_out_the_auxiliary_outputs_gets_the_main_one() {
    for given in [1, 2, 4] {
        let plugin = open(0);
        plugin.start();
        let mut outputs = vec![vec![vec![9.0_f32; FRAMES]; 2]; given];
        assert_eq!(plugin.block(&mut [], &mut outputs), kResultOk);
        assert!(
            outputs.iter().flatten().flatten().all(|&x| x == 0.0),
            "silence, written, with {given} outputs"
        );
        assert_eq!(plugin.block(&mut [], &mut []), kResultOk, "a flush");
    }
}

#[test]
fn names_follow_the_document_and_the_list_ends_where_it_ends() {
    let plugin = open(1);
    // SAFETY: a call without arguments on a living object.
    let count = unsafe { plugin.controller.getParameterCount() };
    assert!(plugin.info(count).is_none() && plugin.info(-1).is_none());
    let mix = plugin.info(2).expect("the first slot");
    assert_eq!(
        (text(&mix.title), text(&mix.shortTitle)),
        ("echo Mix".to_owned(), "Mix".to_owned())
    );
    assert!((mix.defaultNormalizedValue - 0.35).abs() < 1e-9);
    let unused = plugin.info(2 + 127).expect("the last slot");
    assert_ne!(unused.flags & (1 << 4), 0, "hidden");
    assert_eq!(
        text(&plugin.info(count - 1).expect("the last").title),
        "MIDI CC bend, channel 16"
    );
}
