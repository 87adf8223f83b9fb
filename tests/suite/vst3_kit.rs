//! A VST3 host: the objects, called as a host calls them.

use csound_session::plugin::GetPluginFactory;
use nice_plug::wrapper::vst3::vst3::Steinberg::IBStream_::IStreamSeekMode_::{
    kIBSeekCur, kIBSeekSet,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    AudioBusBuffers, AudioBusBuffers__type0, Event, Event_::EventTypes_, IAudioProcessor,
    IAudioProcessorTrait, IComponent, IComponentTrait, IEditController, IEditControllerTrait,
    IEventList, IEventListTrait, ParameterInfo, ProcessData, ProcessSetup, SpeakerArrangement,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::{
    IBStream, IBStreamTrait, IPluginFactory, IPluginFactoryTrait, PClassInfo, int32, int64,
    kInvalidArgument, kResultOk, tresult,
};
use nice_plug::wrapper::vst3::vst3::{Class, ComPtr, ComWrapper, Interface};
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::mem::zeroed;
use std::ptr::null_mut;

pub const STEREO: SpeakerArrangement = 0b11;
pub const MONO: SpeakerArrangement = 1 << 19;
pub const FRAMES: usize = 64;

/// One plugin.
pub struct Instance {
    pub component: ComPtr<IComponent>,
    pub processor: ComPtr<IAudioProcessor>,
    pub controller: ComPtr<IEditController>,
}

/// Class 0 is the instrument, 1 the effect.
pub fn open(class: i32) -> Instance {
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
    pub fn arrange(&self, inputs: &[SpeakerArrangement], outputs: &[SpeakerArrangement]) -> i32 {
        // Exactly as long as they say, so that a tool that watches memory sees a read past their ends.
        let (mut inputs, mut outputs) = (inputs.to_vec(), outputs.to_vec());
        let (ins, outs) = (inputs.len() as i32, outputs.len() as i32);
        // SAFETY: the arrays have the lengths that are passed.
        unsafe {
            self.processor
                .setBusArrangements(inputs.as_mut_ptr(), ins, outputs.as_mut_ptr(), outs)
        }
    }

    pub fn arrangement(&self, direction: u32, bus: i32) -> SpeakerArrangement {
        let mut found = 0;
        // SAFETY: room for the answer.
        let result = unsafe {
            self.processor
                .getBusArrangement(direction as i32, bus, &mut found)
        };
        assert_eq!(result, kResultOk);
        found
    }

    pub fn start(&self) {
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
    pub fn block(&self, inputs: &mut [Vec<Vec<f32>>], outputs: &mut [Vec<Vec<f32>>]) -> i32 {
        self.block_with(inputs, outputs, |_| ())
    }

    fn block_with(
        &self,
        inputs: &mut [Vec<Vec<f32>>],
        outputs: &mut [Vec<Vec<f32>>],
        more: impl FnOnce(&mut ProcessData),
    ) -> i32 {
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
            more(&mut data);
            self.processor.process(&mut data)
        }
    }

    pub fn info(&self, index: i32) -> Option<ParameterInfo> {
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

pub fn text(utf16: &[u16]) -> String {
    String::from_utf16_lossy(utf16.split(|&c| c == 0).next().unwrap_or_default())
}

/// A message to a note of a VST3 host, whose id is its key.
#[derive(Clone, Copy, Debug)]
pub enum Message {
    /// Key and velocity 0..=1.
    On(i16, f32),
    /// Key.
    Off(i16),
    /// Key, VST3's number of the expression, and its value 0..=1.
    Express(i16, u32, f64),
    /// Key and pressure 0..=1.
    Pressure(i16, f32),
}

fn event(offset: usize, message: Message) -> Event {
    // SAFETY: all zeros are a valid event; the field that is written is the one that the type names.
    unsafe {
        let mut event: Event = zeroed();
        event.sampleOffset = offset as int32;
        event.r#type = match message {
            Message::On(key, velocity) => {
                let on = &mut event.__field0.noteOn;
                (on.pitch, on.velocity, on.noteId) = (key, velocity, key.into());
                EventTypes_::kNoteOnEvent
            }
            Message::Off(key) => {
                let off = &mut event.__field0.noteOff;
                (off.pitch, off.noteId) = (key, key.into());
                EventTypes_::kNoteOffEvent
            }
            Message::Express(key, kind, value) => {
                let express = &mut event.__field0.noteExpressionValue;
                (express.noteId, express.typeId, express.value) = (key.into(), kind, value);
                EventTypes_::kNoteExpressionValueEvent
            }
            Message::Pressure(key, pressure) => {
                let poly = &mut event.__field0.polyPressure;
                (poly.pitch, poly.noteId, poly.pressure) = (key, key.into(), pressure);
                EventTypes_::kPolyPressureEvent
            }
        } as u16;
        event
    }
}

/// A host's list of events.
struct Events(RefCell<Vec<Event>>);

impl Class for Events {
    type Interfaces = (IEventList,);
}

impl IEventListTrait for Events {
    unsafe fn getEventCount(&self) -> int32 {
        self.0.borrow().len() as int32
    }

    unsafe fn getEvent(&self, index: int32, event: *mut Event) -> tresult {
        // SAFETY: the plugin's memory for one event.
        unsafe { *event = self.0.borrow()[index as usize] };
        kResultOk
    }

    unsafe fn addEvent(&self, event: *mut Event) -> tresult {
        // SAFETY: the plugin passes an event.
        self.0.borrow_mut().push(unsafe { *event });
        kResultOk
    }
}

/// A host's stream.
struct Stream {
    bytes: RefCell<Vec<u8>>,
    at: Cell<usize>,
}

impl Class for Stream {
    type Interfaces = (IBStream,);
}

impl IBStreamTrait for Stream {
    unsafe fn read(&self, buffer: *mut c_void, wanted: int32, read: *mut int32) -> tresult {
        let bytes = self.bytes.borrow();
        let rest = &bytes[self.at.get()..];
        let count = rest.len().min(wanted as usize);
        // SAFETY: the plugin's buffer has room for what it wants.
        unsafe {
            std::ptr::copy_nonoverlapping(rest.as_ptr(), buffer.cast(), count);
            *read = count as int32;
        }
        self.at.set(self.at.get() + count);
        kResultOk
    }

    unsafe fn write(&self, from: *mut c_void, count: int32, written: *mut int32) -> tresult {
        // SAFETY: the plugin passes as many bytes as it says.
        unsafe {
            let from = std::slice::from_raw_parts(from.cast::<u8>(), count as usize);
            self.bytes.borrow_mut().extend_from_slice(from);
            *written = count;
        }
        kResultOk
    }

    unsafe fn seek(&self, position: int64, mode: int32, result: *mut int64) -> tresult {
        #[expect(non_upper_case_globals, reason = "VST3's own names")]
        let from = match mode as u32 {
            kIBSeekSet => 0,
            kIBSeekCur => self.at.get(),
            _ => self.bytes.borrow().len(),
        };
        self.at.set(from + position as usize);
        if !result.is_null() {
            // SAFETY: the plugin's memory for one number.
            unsafe { *result = self.at.get() as int64 };
        }
        kResultOk
    }

    unsafe fn tell(&self, position: *mut int64) -> tresult {
        // SAFETY: the plugin's memory for one number.
        unsafe { *position = self.at.get() as int64 };
        kResultOk
    }
}

impl Instance {
    /// Loads the state that a VST3 host keeps.
    #[track_caller]
    pub fn load(&self, state: &[u8]) {
        let stream = ComWrapper::new(Stream {
            bytes: RefCell::new(state.to_vec()),
            at: Cell::new(0),
        });
        let stream = stream.to_com_ptr::<IBStream>().expect("a stream");
        // SAFETY: the stream lives during the call.
        let loaded = unsafe { self.component.setState(stream.as_ptr()) };
        assert_eq!(loaded, kResultOk);
    }

    /// The state that a VST3 host keeps.
    pub fn save(&self) -> Vec<u8> {
        let stream = ComWrapper::new(Stream {
            bytes: RefCell::default(),
            at: Cell::new(0),
        });
        let to = stream.to_com_ptr::<IBStream>().expect("a stream");
        // SAFETY: the stream lives during the call.
        let saved = unsafe { self.component.getState(to.as_ptr()) };
        assert_eq!(saved, kResultOk);
        stream.bytes.take()
    }

    /// Plays messages at samples, and returns the left channel of the main output and what the plugin sent, each with
    /// its sample.
    pub fn play(
        &self,
        blocks: usize,
        messages: &[(usize, Message)],
    ) -> (Vec<f32>, Vec<(usize, Event)>) {
        let (mut heard, sent) = self.play_on(&[2], blocks, messages);
        (heard.swap_remove(0), sent)
    }

    /// The same on output buses of so many channels; returns the first channel of each.
    pub fn play_on(
        &self,
        buses: &[usize],
        blocks: usize,
        messages: &[(usize, Message)],
    ) -> (Vec<Vec<f32>>, Vec<(usize, Event)>) {
        let (mut heard, mut sent) = (vec![Vec::new(); buses.len()], Vec::new());
        for block in 0..blocks {
            let start = block * FRAMES;
            let due = messages
                .iter()
                .filter(|(at, _)| (start..start + FRAMES).contains(at));
            let due = due.map(|&(at, message)| event(at - start, message));
            let input = ComWrapper::new(Events(RefCell::new(due.collect())));
            let output = ComWrapper::new(Events(RefCell::default()));
            let (ins, outs) = (
                input.to_com_ptr::<IEventList>().expect("a list"),
                output.to_com_ptr::<IEventList>().expect("a list"),
            );
            let bus = |channels: &usize| vec![vec![9.0_f32; FRAMES]; *channels];
            let mut outputs: Vec<_> = buses.iter().map(bus).collect();
            let done = self.block_with(&mut [], &mut outputs, |data| {
                (data.inputEvents, data.outputEvents) = (ins.as_ptr(), outs.as_ptr());
            });
            assert_eq!(done, kResultOk);
            for (heard, bus) in heard.iter_mut().zip(&outputs) {
                heard.extend_from_slice(&bus[0]);
            }
            let events = output.0.borrow();
            sent.extend(events.iter().map(|e| (start + e.sampleOffset as usize, *e)));
        }
        (heard, sent)
    }
}
