//! The host's side of CLAP: what a plugin may ask of it, remembered in counters.

use clack_extensions::gui::{GuiSize, HostGui, HostGuiImpl};
use clack_extensions::latency::{HostLatency, HostLatencyImpl};
use clack_extensions::log::{HostLog, HostLogImpl, LogSeverity};
use clack_extensions::note_name::{HostNoteName, HostNoteNameImpl};
use clack_extensions::params::{
    HostParams, HostParamsImplMainThread, HostParamsImplShared, ParamClearFlags, ParamRescanFlags,
};
use clack_extensions::remote_controls::{HostRemoteControls, HostRemoteControlsImpl};
use clack_extensions::state::{HostState, HostStateImpl};
use clack_extensions::thread_check::{HostThreadCheck, HostThreadCheckImpl};
use clack_host::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::ThreadId;

/// What the plugin asked for since the plugin was opened. Written by the plugin's threads, read by the tests.
#[derive(Debug)]
pub(crate) struct Wishes {
    pub callback: AtomicBool,
    pub restart: AtomicU32,
    pub dirty: AtomicU32,
    pub latency: AtomicU32,
    /// The union of all `rescan` flags of `clap.params`.
    pub rescan: AtomicU32,
    pub pages: AtomicU32,
    pub keys: AtomicU32,
    pub log: Mutex<Vec<String>>,
    /// The size that its window wants, in pixels, until the host has followed.
    pub size: Mutex<Option<(u32, u32)>>,
    main_thread: ThreadId,
}

impl Wishes {
    pub fn new() -> Wishes {
        Wishes {
            callback: AtomicBool::new(false),
            restart: AtomicU32::new(0),
            dirty: AtomicU32::new(0),
            latency: AtomicU32::new(0),
            rescan: AtomicU32::new(0),
            pages: AtomicU32::new(0),
            keys: AtomicU32::new(0),
            log: Mutex::new(Vec::new()),
            size: Mutex::new(None),
            main_thread: std::thread::current().id(),
        }
    }
}

/// The bundle of types that clack-host wants.
pub(crate) struct Host;

impl HostHandlers for Host {
    type Shared<'a> = Shared;
    type MainThread<'a> = MainThread<'a>;
    type AudioProcessor<'a> = ();

    fn declare_extensions(builder: &mut HostExtensions<Self>, _: &Self::Shared<'_>) {
        builder
            .register::<HostGui>()
            .register::<HostLog>()
            .register::<HostParams>()
            .register::<HostState>()
            .register::<HostLatency>()
            .register::<HostRemoteControls>()
            .register::<HostNoteName>()
            .register::<HostThreadCheck>();
    }
}

/// What any thread of the plugin may call.
pub(crate) struct Shared(pub Arc<Wishes>);

impl SharedHandler<'_> for Shared {
    fn request_restart(&self) {
        self.0.restart.fetch_add(1, Ordering::SeqCst);
    }

    fn request_process(&self) {}

    fn request_callback(&self) {
        self.0.callback.store(true, Ordering::SeqCst);
    }
}

impl HostLogImpl for Shared {
    fn log(&self, severity: LogSeverity, message: &str) {
        if let Ok(mut log) = self.0.log.lock() {
            log.push(format!("{severity}: {message}"));
        }
    }
}

impl HostGuiImpl for Shared {
    fn resize_hints_changed(&self) {}

    fn request_resize(&self, new_size: GuiSize) -> Result<(), HostError> {
        if let Ok(mut size) = self.0.size.lock() {
            *size = Some((new_size.width, new_size.height));
        }
        Ok(())
    }

    fn request_show(&self) -> Result<(), HostError> {
        Ok(())
    }

    fn request_hide(&self) -> Result<(), HostError> {
        Ok(())
    }

    fn closed(&self, _: bool) {}
}

impl HostParamsImplShared for Shared {
    fn request_flush(&self) {}
}

impl HostThreadCheckImpl for Shared {
    fn is_main_thread(&self) -> bool {
        std::thread::current().id() == self.0.main_thread
    }

    fn is_audio_thread(&self) -> bool {
        !self.is_main_thread()
    }
}

/// What the plugin may call on the main thread only.
pub(crate) struct MainThread<'a>(pub &'a Shared);

impl<'a> MainThreadHandler<'a> for MainThread<'a> {}

impl HostStateImpl for MainThread<'_> {
    fn mark_dirty(&self) {
        self.0.0.dirty.fetch_add(1, Ordering::SeqCst);
    }
}

impl HostLatencyImpl for MainThread<'_> {
    fn changed(&self) {
        self.0.0.latency.fetch_add(1, Ordering::SeqCst);
    }
}

impl HostParamsImplMainThread for MainThread<'_> {
    fn rescan(&self, flags: ParamRescanFlags) {
        self.0.0.rescan.fetch_or(flags.bits(), Ordering::SeqCst);
    }

    fn clear(&self, _: clack_host::utils::ClapId, _: ParamClearFlags) {}
}

impl HostRemoteControlsImpl for MainThread<'_> {
    fn changed(&self) {
        self.0.0.pages.fetch_add(1, Ordering::SeqCst);
    }

    fn suggest_page(&self, _: clack_host::utils::ClapId) {}
}

impl HostNoteNameImpl for MainThread<'_> {
    fn changed(&self) {
        self.0.0.keys.fetch_add(1, Ordering::SeqCst);
    }
}
