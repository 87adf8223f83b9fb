//! A shell around nice-plug's `clap_plugin`: what nice-plug 0.4.2 does not do, or does wrongly, is done here and
//! the rest is passed on. nice-plug finds itself by `plugin_data` alone, so a second `clap_plugin` with the same
//! `plugin_data` is as good as its own.

use super::buses::{Completed, HostBus, has_main, is_complete};
use super::clap_events::Events;
use super::clap_host::ClapHost;
use super::clap_in_time::{InTime, are_in_time};
use super::clap_pages::{NOTE_NAMES, REMOTE_CONTROLS};
use super::clap_params::Params;
use super::clap_preset::PRESET_LOAD;
use super::clap_state::STATE;
use super::link::{Link, NewsSet};
use clap_sys::audio_buffer::clap_audio_buffer;
use clap_sys::ext::note_name::CLAP_EXT_NOTE_NAME;
use clap_sys::ext::params::{CLAP_EXT_PARAMS, clap_plugin_params};
use clap_sys::ext::preset_load::{CLAP_EXT_PRESET_LOAD, CLAP_EXT_PRESET_LOAD_COMPAT};
use clap_sys::ext::remote_controls::{CLAP_EXT_REMOTE_CONTROLS, CLAP_EXT_REMOTE_CONTROLS_COMPAT};
use clap_sys::ext::state::{CLAP_EXT_STATE, clap_plugin_state};
use clap_sys::host::clap_host;
use clap_sys::plugin::clap_plugin;
use clap_sys::process::{
    CLAP_PROCESS_CONTINUE, CLAP_PROCESS_ERROR, clap_process, clap_process_status,
};
use std::ffi::{CStr, c_char, c_void};
use std::ptr::{null, null_mut};
use std::sync::Arc;

/// What the host holds. `plugin` comes first, so that the host's pointer is a pointer to this.
#[repr(C)]
pub(super) struct Shell {
    plugin: clap_plugin,
    inner: clap_plugin,
    params: Option<Params>,
    host: ClapHost,
    link: Arc<Link>,
}

impl Shell {
    /// Puts a shell around an instance. The host owns the result and gives it back by `destroy`.
    pub(super) fn around(
        inner: clap_plugin,
        link: Arc<Link>,
        host: *const clap_host,
    ) -> *const clap_plugin {
        let host = ClapHost::new(host);
        // The host is about to ask everything for the first time.
        link.take_news();
        link.set_wake(Box::new(move || host.request_callback()));
        let plugin = clap_plugin {
            destroy: Some(destroy),
            process: Some(process),
            get_extension: Some(get_extension),
            on_main_thread: Some(on_main_thread),
            ..inner
        };
        let shell = Box::new(Self {
            plugin,
            inner,
            params: None,
            host,
            link,
        });
        let shell = Box::into_raw(shell);
        // SAFETY: the shell was just made and nobody else knows it; nice-plug answers `get_extension` from its
        // construction on.
        unsafe {
            let original = inner_extension(&(*shell), CLAP_EXT_PARAMS).cast::<clap_plugin_params>();
            (*shell).params = Params::around(original, &(*shell).plugin, &(*shell).link);
            &raw const (*shell).plugin
        }
    }

    /// The shell behind a host's pointer.
    ///
    /// # Safety
    /// `plugin` was made by [`Shell::around`] and has not been destroyed.
    pub(super) unsafe fn of<'a>(plugin: *const clap_plugin) -> &'a Self {
        // SAFETY: `plugin` is the first field of a `repr(C)` struct.
        unsafe { &*plugin.cast::<Self>() }
    }

    /// The shell's own parameter functions, if nice-plug's passed their check.
    pub(super) fn params(&self) -> Option<&Params> {
        self.params.as_ref()
    }

    /// nice-plug's own state functions.
    pub(super) fn state(&self) -> Option<&clap_plugin_state> {
        // SAFETY: the shell is alive; the table is a field of the instance, or there is none.
        unsafe {
            inner_extension(self, CLAP_EXT_STATE)
                .cast::<clap_plugin_state>()
                .as_ref()
        }
    }

    pub(super) fn host(&self) -> ClapHost {
        self.host
    }

    pub(super) fn link(&self) -> &Link {
        &self.link
    }

    fn tell(&self, news: NewsSet) {
        if !news.is_empty() {
            self.host.tell(news);
        }
    }
}

/// An extension of nice-plug's own.
///
/// # Safety
/// `shell` has not been destroyed.
unsafe fn inner_extension(shell: &Shell, id: &CStr) -> *const c_void {
    match shell.inner.get_extension {
        // SAFETY: nice-plug's function reads `plugin_data` from the plugin it is given, which is its own.
        Some(get) => unsafe { get(&raw const shell.plugin, id.as_ptr()) },
        None => null(),
    }
}

unsafe extern "C" fn destroy(plugin: *const clap_plugin) {
    // SAFETY: by CLAP's contract the host calls this once, last, with the pointer it was given.
    let shell = unsafe { Box::from_raw(plugin.cast_mut().cast::<Shell>()) };
    if let Some(destroy) = shell.inner.destroy {
        // SAFETY: nice-plug takes back the count that `construct` left with `plugin_data`.
        unsafe { destroy(&raw const shell.plugin) };
    }
}

unsafe extern "C" fn get_extension(plugin: *const clap_plugin, id: *const c_char) -> *const c_void {
    if plugin.is_null() || id.is_null() {
        return null();
    }
    // SAFETY: the host passes the pointer it was given, and a C string.
    let (shell, id) = unsafe { (Shell::of(plugin), CStr::from_ptr(id)) };
    match shell.params() {
        Some(params) if id == CLAP_EXT_PARAMS => params.table(),
        Some(_) if id == CLAP_EXT_REMOTE_CONTROLS || id == CLAP_EXT_REMOTE_CONTROLS_COMPAT => {
            (&raw const REMOTE_CONTROLS).cast()
        }
        _ if id == CLAP_EXT_NOTE_NAME => (&raw const NOTE_NAMES).cast(),
        _ if id == CLAP_EXT_PRESET_LOAD || id == CLAP_EXT_PRESET_LOAD_COMPAT => {
            (&raw const PRESET_LOAD).cast()
        }
        _ if id == CLAP_EXT_STATE && shell.state().is_some() => (&raw const STATE).cast(),
        // SAFETY: the shell is alive.
        _ => unsafe { inner_extension(shell, id) },
    }
}

unsafe extern "C" fn on_main_thread(plugin: *const clap_plugin) {
    if plugin.is_null() {
        return;
    }
    // SAFETY: the host passes the pointer it was given.
    let shell = unsafe { Shell::of(plugin) };
    if let Some(run) = shell.inner.on_main_thread {
        // SAFETY: nice-plug's function reads `plugin_data`, which is its own.
        unsafe { run(plugin) };
    }
    shell.tell(shell.link.take_news());
}

impl HostBus for clap_audio_buffer {
    fn channels(&self) -> usize {
        self.channel_count as usize
    }

    fn pointers(&self) -> *mut *mut f32 {
        self.data32
    }

    fn with(pointers: *mut *mut f32, channels: usize) -> Self {
        Self {
            data32: pointers,
            data64: null_mut(),
            channel_count: channels as u32,
            latency: 0,
            constant_mask: 0,
        }
    }
}

unsafe extern "C" fn process(
    plugin: *const clap_plugin,
    block: *const clap_process,
) -> clap_process_status {
    if plugin.is_null() || block.is_null() {
        return CLAP_PROCESS_ERROR;
    }
    // SAFETY: the host passes the pointer it was given, and a block that is valid during the call.
    let (shell, block) = unsafe { (Shell::of(plugin), &*block) };
    let Some(run) = shell.inner.process else {
        return CLAP_PROCESS_ERROR;
    };
    let buses = &shell.link.buses;
    let (inputs, outputs) = (block.audio_inputs, block.audio_outputs.cast_const());
    let (input_count, output_count) = (
        block.audio_inputs_count as usize,
        block.audio_outputs_count as usize,
    );
    // SAFETY: the host describes its buses truly, by CLAP's contract; nice-plug reads no more than the shape.
    unsafe {
        if block.frames_count == 0 || !has_main(outputs, output_count) {
            return flush(shell, block);
        }
        if !buses.expects(block.frames_count as usize) {
            return CLAP_PROCESS_ERROR;
        }
        let in_time = (!are_in_time(block)).then(|| InTime::new(block));
        let mut block = *block;
        if let Some(in_time) = &in_time {
            block.in_events = in_time.list();
        }
        let events = Events::of(&block, shell.params(), &shell.link.moves);
        block.in_events = events.list();
        if is_complete(buses.inputs(), inputs, input_count)
            && is_complete(buses.outputs(), outputs, output_count)
        {
            return run(plugin, &block);
        }
        let run = |c: &mut Completed<clap_audio_buffer>| {
            run(
                plugin,
                &with_buses(
                    block,
                    c,
                    buses.inputs().channels().len(),
                    buses.outputs().channels().len(),
                ),
            )
        };
        let frames = block.frames_count as usize;
        let done = buses.complete((inputs, input_count), (outputs, output_count), frames, run);
        done.unwrap_or(CLAP_PROCESS_ERROR)
    }
}

fn with_buses(
    block: clap_process,
    completed: &mut Completed<clap_audio_buffer>,
    inputs: usize,
    outputs: usize,
) -> clap_process {
    clap_process {
        audio_inputs: completed.inputs.as_ptr(),
        audio_inputs_count: inputs as u32,
        audio_outputs: completed.outputs.as_mut_ptr(),
        audio_outputs_count: outputs as u32,
        ..block
    }
}

/// A block without audio carries events only.
///
/// # Safety
/// `block` is the host's.
unsafe fn flush(shell: &Shell, block: &clap_process) -> clap_process_status {
    if let Some(flush) = shell.params().and_then(Params::flush) {
        // SAFETY: nice-plug's function, its own plugin, the host's lists.
        unsafe { flush(&raw const shell.plugin, block.in_events, block.out_events) };
    }
    CLAP_PROCESS_CONTINUE
}
