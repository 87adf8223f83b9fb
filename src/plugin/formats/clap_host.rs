//! What the shell asks of a CLAP host.

use super::link::{News, NewsSet};
use clap_sys::ext::note_name::{CLAP_EXT_NOTE_NAME, clap_host_note_name};
use clap_sys::ext::params::{
    CLAP_EXT_PARAMS, CLAP_PARAM_RESCAN_INFO, CLAP_PARAM_RESCAN_TEXT, CLAP_PARAM_RESCAN_VALUES,
    clap_host_params,
};
use clap_sys::ext::preset_load::{CLAP_EXT_PRESET_LOAD, clap_host_preset_load};
use clap_sys::ext::remote_controls::{CLAP_EXT_REMOTE_CONTROLS, clap_host_remote_controls};
use clap_sys::ext::state::{CLAP_EXT_STATE, clap_host_state};
use clap_sys::factory::preset_discovery::clap_preset_discovery_location_kind;
use clap_sys::host::clap_host;
use std::ffi::{CStr, c_char};

/// Where a preset is, in the host's own words.
pub(super) type Place = (
    clap_preset_discovery_location_kind,
    *const c_char,
    *const c_char,
);

/// The host of one instance.
#[derive(Clone, Copy)]
pub(super) struct ClapHost(*const clap_host);

// SAFETY: `request_callback`, the one function called off the main thread, may be called from any thread.
unsafe impl Send for ClapHost {}
// SAFETY: as for `Send`: that function may be called from several threads at once.
unsafe impl Sync for ClapHost {}

impl ClapHost {
    /// `host` is what the host passed at construction; it outlives the instance.
    pub(super) fn new(host: *const clap_host) -> Self {
        Self(host)
    }

    /// Asks for a call of `on_main_thread`. Any thread.
    pub(super) fn request_callback(self) {
        // SAFETY: the host outlives the instance.
        unsafe {
            if let Some(request) = (*self.0).request_callback {
                request(self.0);
            }
        }
    }

    /// Passes news on. Main thread.
    pub(super) fn tell(self, news: NewsSet) {
        let mut flags = 0;
        if news.has(News::Titles) {
            flags |= CLAP_PARAM_RESCAN_INFO | CLAP_PARAM_RESCAN_TEXT | CLAP_PARAM_RESCAN_VALUES;
        }
        if news.has(News::Values) {
            flags |= CLAP_PARAM_RESCAN_VALUES;
        }
        if flags != 0 {
            self.rescan(flags);
        }
        if news.has(News::Titles) {
            self.pages_changed();
            self.keys_changed();
        }
        if news.has(News::Dirty) {
            self.mark_dirty();
        }
    }

    fn rescan(self, flags: u32) {
        // SAFETY: the host answers with null or with the table of that extension.
        let params = unsafe { self.extension::<clap_host_params>(CLAP_EXT_PARAMS).as_ref() };
        if let Some(rescan) = params.and_then(|p| p.rescan) {
            // SAFETY: this is the main thread.
            unsafe { rescan(self.0, flags) };
        }
    }

    fn pages_changed(self) {
        // SAFETY: the host answers with null or with the table of that extension.
        let pages = unsafe {
            self.extension::<clap_host_remote_controls>(CLAP_EXT_REMOTE_CONTROLS)
                .as_ref()
        };
        if let Some(changed) = pages.and_then(|p| p.changed) {
            // SAFETY: this is the main thread.
            unsafe { changed(self.0) };
        }
    }

    fn keys_changed(self) {
        // SAFETY: the host answers with null or with the table of that extension.
        let keys = unsafe {
            self.extension::<clap_host_note_name>(CLAP_EXT_NOTE_NAME)
                .as_ref()
        };
        if let Some(changed) = keys.and_then(|k| k.changed) {
            // SAFETY: this is the main thread.
            unsafe { changed(self.0) };
        }
    }

    /// A preset was loaded. Main thread.
    pub(super) fn preset_loaded(self, (kind, location, key): Place) {
        if let Some(loaded) = self.preset_load().and_then(|p| p.loaded) {
            // SAFETY: this is the main thread, and the place is the host's own.
            unsafe { loaded(self.0, kind, location, key) };
        }
    }

    /// A preset could not be loaded. Main thread.
    pub(super) fn preset_failed(self, (kind, location, key): Place, why: &CStr) {
        if let Some(on_error) = self.preset_load().and_then(|p| p.on_error) {
            // SAFETY: this is the main thread, and the place is the host's own.
            unsafe { on_error(self.0, kind, location, key, 0, why.as_ptr()) };
        }
    }

    fn preset_load<'a>(self) -> Option<&'a clap_host_preset_load> {
        // SAFETY: the host answers with null or with the table of that extension, which it keeps.
        unsafe {
            self.extension::<clap_host_preset_load>(CLAP_EXT_PRESET_LOAD)
                .as_ref()
        }
    }

    fn mark_dirty(self) {
        // SAFETY: the host answers with null or with the table of that extension.
        let state = unsafe { self.extension::<clap_host_state>(CLAP_EXT_STATE).as_ref() };
        if let Some(mark) = state.and_then(|s| s.mark_dirty) {
            // SAFETY: this is the main thread.
            unsafe { mark(self.0) };
        }
    }

    /// # Safety
    /// `T` is the table of the extension `id`.
    unsafe fn extension<T>(self, id: &CStr) -> *const T {
        // SAFETY: the host outlives the instance.
        match unsafe { (*self.0).get_extension } {
            // SAFETY: as above, and the id is a C string.
            Some(get) => unsafe { get(self.0, id.as_ptr()).cast() },
            None => std::ptr::null(),
        }
    }
}
