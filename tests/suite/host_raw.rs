//! A CLAP host without manners: it calls the plugin's functions as it likes, with whatever pointers it likes.

use clap_sys::audio_buffer::clap_audio_buffer;
use clap_sys::events::{
    CLAP_CORE_EVENT_SPACE_ID, CLAP_EVENT_MIDI, CLAP_EVENT_NOTE_OFF, CLAP_EVENT_NOTE_ON,
    CLAP_EVENT_PARAM_VALUE, clap_event_header, clap_event_midi, clap_event_note,
    clap_event_param_value, clap_input_events, clap_output_events,
};
use clap_sys::ext::params::{CLAP_EXT_PARAMS, clap_param_info, clap_plugin_params};
use clap_sys::factory::plugin_factory::{CLAP_PLUGIN_FACTORY_ID, clap_plugin_factory};
use clap_sys::host::clap_host;
use clap_sys::plugin::clap_plugin;
use clap_sys::process::{clap_process, clap_process_status};
use clap_sys::version::CLAP_VERSION;
use csound_session::plugin::clap_entry;
use std::ffi::{CStr, c_char, c_void};
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

/// An instance, as raw as it comes.
pub struct Raw {
    plugin: *const clap_plugin,
    _host: Box<clap_host>,
}

// SAFETY: one thread at a time calls it, which is what the tests with several threads do.
unsafe impl Send for Raw {}

/// An event with any content.
#[derive(Clone, Copy)]
pub enum RawEvent {
    Note(clap_event_note),
    Param(clap_event_param_value),
    Midi(clap_event_midi),
    /// Of a type that nobody knows.
    Odd(clap_event_header),
}

fn header<T>(time: u32, type_: u16) -> clap_event_header {
    clap_event_header {
        size: size_of::<T>() as u32,
        time,
        space_id: CLAP_CORE_EVENT_SPACE_ID,
        type_,
        flags: 0,
    }
}

impl RawEvent {
    /// A key goes down or comes up.
    pub fn note(time: u32, down: bool, channel: i16, key: i16, velocity: f64) -> Self {
        let type_ = [CLAP_EVENT_NOTE_OFF, CLAP_EVENT_NOTE_ON][usize::from(down)];
        Self::Note(clap_event_note {
            header: header::<clap_event_note>(time, type_),
            note_id: -1,
            port_index: 0,
            channel,
            key,
            velocity,
        })
    }

    pub fn param(time: u32, param_id: u32, value: f64) -> Self {
        Self::Param(clap_event_param_value {
            header: header::<clap_event_param_value>(time, CLAP_EVENT_PARAM_VALUE),
            param_id,
            cookie: null_mut(),
            note_id: -1,
            port_index: -1,
            channel: -1,
            key: -1,
            value,
        })
    }

    pub fn midi(time: u32, data: [u8; 3]) -> Self {
        Self::Midi(clap_event_midi {
            header: header::<clap_event_midi>(time, CLAP_EVENT_MIDI),
            port_index: 0,
            data,
        })
    }

    pub fn odd(time: u32, space_id: u16, type_: u16) -> Self {
        let header = header::<clap_event_header>(time, type_);
        Self::Odd(clap_event_header { space_id, ..header })
    }

    fn header(&self) -> *const clap_event_header {
        match self {
            Self::Note(event) => &raw const event.header,
            Self::Param(event) => &raw const event.header,
            Self::Midi(event) => &raw const event.header,
            Self::Odd(header) => header,
        }
    }
}

unsafe extern "C" fn size(list: *const clap_input_events) -> u32 {
    // SAFETY: the list was made by `events`, which leads to a vector that lives as long.
    unsafe { (*(*list).ctx.cast::<Vec<RawEvent>>()).len() as u32 }
}

unsafe extern "C" fn get(list: *const clap_input_events, index: u32) -> *const clap_event_header {
    // SAFETY: as in `size`.
    let events = unsafe { &*(*list).ctx.cast::<Vec<RawEvent>>() };
    events.get(index as usize).map_or(null(), RawEvent::header)
}

unsafe extern "C" fn try_push(_: *const clap_output_events, _: *const clap_event_header) -> bool {
    true
}

fn list(events: &Vec<RawEvent>) -> clap_input_events {
    clap_input_events {
        ctx: (&raw const *events).cast_mut().cast::<c_void>(),
        size: Some(size),
        get: Some(get),
    }
}

static OUT: clap_output_events = clap_output_events {
    ctx: null_mut(),
    try_push: Some(try_push),
};

unsafe extern "C" fn no_extension(_: *const clap_host, _: *const c_char) -> *const c_void {
    null()
}

unsafe extern "C" fn ignore(_: *const clap_host) {}

/// One port of a block: each channel is there or is null.
pub struct RawPort(pub Vec<Option<Vec<f32>>>);

impl RawPort {
    /// Two channels full of garbage.
    pub fn stereo(frames: usize) -> Self {
        Self(vec![Some(vec![9.0; frames]), Some(vec![9.0; frames])])
    }
}

/// What a block is given; a list of ports that is not there is null.
#[derive(Default)]
pub struct RawBlock {
    pub frames: u32,
    pub inputs: Option<Vec<RawPort>>,
    pub outputs: Option<Vec<RawPort>>,
    pub events: Vec<RawEvent>,
}

impl RawBlock {
    /// A proper block for the instrument.
    pub fn proper(frames: u32) -> Self {
        let ports = |count| {
            (0..count)
                .map(|_| RawPort::stereo(frames as usize))
                .collect()
        };
        Self {
            frames,
            inputs: Some(ports(1)),
            outputs: Some(ports(4)),
            events: Vec::new(),
        }
    }

    /// What came out on the left.
    pub fn left(&self) -> &[f32] {
        let left = self
            .outputs
            .as_ref()
            .and_then(|ports| ports[0].0[0].as_ref());
        left.expect("a left channel")
    }
}

/// The pointers of ports, in the order of the ports; a port without channels has none.
fn pointers(ports: &mut Option<Vec<RawPort>>) -> Vec<Vec<*mut f32>> {
    let ports = ports.iter_mut().flatten();
    let channels = ports.map(|port| {
        let channels = port.0.iter_mut();
        let pointer =
            |channel: &mut Option<Vec<f32>>| channel.as_mut().map_or(null_mut(), Vec::as_mut_ptr);
        channels.map(pointer).collect()
    });
    channels.collect()
}

fn buffers(pointers: &mut [Vec<*mut f32>]) -> Vec<clap_audio_buffer> {
    let buffers = pointers.iter_mut().map(|channels| clap_audio_buffer {
        data32: if channels.is_empty() {
            null_mut()
        } else {
            channels.as_mut_ptr()
        },
        data64: null_mut(),
        channel_count: channels.len() as u32,
        latency: 0,
        constant_mask: 0,
    });
    buffers.collect()
}

impl Raw {
    /// A new instance of the instrument (0) or the effect (1).
    pub fn new(index: u32) -> Self {
        let host = Box::new(clap_host {
            clap_version: CLAP_VERSION,
            host_data: null_mut(),
            name: c"without manners".as_ptr(),
            vendor: c"".as_ptr(),
            url: c"".as_ptr(),
            version: c"".as_ptr(),
            get_extension: Some(no_extension),
            request_restart: Some(ignore),
            request_process: Some(ignore),
            request_callback: Some(ignore),
        });
        // SAFETY: CLAP's order of calls, with strings and a host that live as long as the instance.
        let plugin = unsafe {
            (clap_entry.init.expect("set"))(c"".as_ptr());
            let factory = (clap_entry.get_factory.expect("set"))(CLAP_PLUGIN_FACTORY_ID.as_ptr());
            let factory = factory.cast::<clap_plugin_factory>();
            let described = ((*factory).get_plugin_descriptor.expect("set"))(factory, index);
            ((*factory).create_plugin.expect("set"))(factory, &raw const *host, (*described).id)
        };
        let raw = Self {
            plugin,
            _host: host,
        };
        // SAFETY: the instance was just made.
        assert!(unsafe { (raw.table().init.expect("set"))(raw.plugin) });
        raw
    }

    fn table(&self) -> &clap_plugin {
        // SAFETY: the instance lives until it is dropped.
        unsafe { &*self.plugin }
    }

    pub fn activate(&self, rate: f64, least: u32, most: u32) -> bool {
        // SAFETY: numbers only; whether the plugin survives them is what is tested.
        unsafe { (self.table().activate.expect("set"))(self.plugin, rate, least, most) }
    }

    pub fn deactivate(&self) {
        // SAFETY: as above.
        unsafe { (self.table().deactivate.expect("set"))(self.plugin) }
    }

    pub fn start(&self) -> bool {
        // SAFETY: as above.
        unsafe { (self.table().start_processing.expect("set"))(self.plugin) }
    }

    pub fn stop(&self) {
        // SAFETY: as above.
        unsafe { (self.table().stop_processing.expect("set"))(self.plugin) }
    }

    pub fn reset(&self) {
        // SAFETY: as above.
        unsafe { (self.table().reset.expect("set"))(self.plugin) }
    }

    pub fn on_main_thread(&self) {
        // SAFETY: as above.
        unsafe { (self.table().on_main_thread.expect("set"))(self.plugin) }
    }

    /// Whether there is an extension of that name.
    pub fn has(&self, id: &CStr) -> bool {
        // SAFETY: a C string that lives during the call.
        unsafe { !(self.table().get_extension.expect("set"))(self.plugin, id.as_ptr()).is_null() }
    }

    /// A block of whatever it holds.
    pub fn process(&self, block: &mut RawBlock) -> clap_process_status {
        let (mut ins, mut outs) = (pointers(&mut block.inputs), pointers(&mut block.outputs));
        let (ins, mut outs) = (buffers(&mut ins), buffers(&mut outs));
        let list = list(&block.events);
        let process = clap_process {
            steady_time: -1,
            frames_count: block.frames,
            transport: null(),
            audio_inputs: block.inputs.as_ref().map_or(null(), |_| ins.as_ptr()),
            audio_outputs: block
                .outputs
                .as_ref()
                .map_or(null_mut(), |_| outs.as_mut_ptr()),
            audio_inputs_count: ins.len() as u32,
            audio_outputs_count: outs.len() as u32,
            in_events: &raw const list,
            out_events: &raw const OUT,
        };
        // SAFETY: the pointers are null or lead to as much as is said.
        unsafe { (self.table().process.expect("set"))(self.plugin, &raw const process) }
    }

    fn params(&self) -> &clap_plugin_params {
        // SAFETY: the extension's table lives as long as the instance.
        unsafe {
            let get = self.table().get_extension.expect("set");
            &*get(self.plugin, CLAP_EXT_PARAMS.as_ptr()).cast()
        }
    }

    /// The numbers of its parameters.
    pub fn ids(&self) -> Vec<u32> {
        let id = |index| {
            let mut info = MaybeUninit::<clap_param_info>::zeroed();
            // SAFETY: zeroes are a `clap_param_info`, which the plugin fills in.
            unsafe {
                let get = self.params().get_info.expect("set");
                get(self.plugin, index, info.as_mut_ptr()).then(|| info.assume_init().id)
            }
        };
        (0..).map_while(id).collect()
    }

    /// Parameters without audio.
    pub fn flush(&self, events: &Vec<RawEvent>) {
        let list = list(events);
        // SAFETY: the lists live as long as the call.
        unsafe { (self.params().flush.expect("set"))(self.plugin, &raw const list, &raw const OUT) }
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // SAFETY: nobody uses the instance after this.
        unsafe { (self.table().destroy.expect("set"))(self.plugin) }
    }
}
