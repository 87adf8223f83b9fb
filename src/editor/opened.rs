//! A window that is gone, with its thread, when it has been closed.

use nice_plug::editor::dpi::NativeSize;
use nice_plug::editor::{
    EditorHandle, Modifiers, ParentWindowHandle, SpawnedEditor, VirtualKeyCode,
};
use nice_plug_egui::EguiEditorHandle;
use nice_plug_egui::baseview::{Error, Window};
use std::sync::{Arc, OnceLock};

/// The thread of a window, where it has one.
#[derive(Clone, Default)]
pub(super) struct WindowThread(Arc<OnceLock<u32>>);

impl WindowThread {
    /// Called on the thread itself.
    pub(super) fn is_this(&self) {
        #[cfg(target_os = "linux")]
        let _ = self.0.set(
            rustix::thread::gettid()
                .as_raw_nonzero()
                .get()
                .cast_unsigned(),
        );
    }

    /// Waits until the thread has ended, as far as the system knows; not for ever.
    ///
    /// baseview 0.4.2 asks a window to show itself once more when it closes it, and goes on without waiting if the
    /// window's thread has heard of its end first. That thread then takes GL apart while the host unloads the code
    /// that it runs in, or while the process exits.
    #[cfg(target_os = "linux")]
    fn wait(&self) {
        use std::time::{Duration, Instant};
        const LONGEST: Duration = Duration::from_secs(5);
        let Some(thread) = self.0.get() else { return };
        let task = std::path::PathBuf::from(format!("/proc/self/task/{thread}"));
        let begun = Instant::now();
        while task.exists() && begun.elapsed() < LONGEST {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Elsewhere windows live on the host's own thread.
    #[cfg(not(target_os = "linux"))]
    fn wait(&self) {}
}

/// A window as the host holds it. Dropped, it is closed, and its thread has ended.
pub struct OpenWindow {
    /// `None` once it is closed.
    window: Option<Window>,
    thread: WindowThread,
}

impl OpenWindow {
    fn with(&self, ask: impl FnOnce(&Window) -> Result<(), Error>) -> Result<(), Error> {
        self.window.as_ref().map_or(Ok(()), ask)
    }
}

impl Drop for OpenWindow {
    fn drop(&mut self) {
        drop(self.window.take());
        self.thread.wait();
    }
}

/// What the host does with an open window: passed on to egui's.
pub struct OpenEditor(EguiEditorHandle);

impl OpenEditor {
    /// Takes over a window that egui has opened, of that thread.
    pub(super) fn of(
        spawned: SpawnedEditor<EguiEditorHandle>,
        thread: WindowThread,
    ) -> SpawnedEditor<Self> {
        SpawnedEditor {
            handle: Self(spawned.handle),
            window: OpenWindow {
                window: Some(spawned.window),
                thread,
            },
        }
    }
}

impl EditorHandle for OpenEditor {
    type Window = OpenWindow;
    type Error = Error;

    fn run_until_closed(mut window: OpenWindow) -> Result<(), Error> {
        let inner = window.window.take();
        inner.map_or(Ok(()), EguiEditorHandle::run_until_closed)
    }

    fn set_parent(&self, parent: ParentWindowHandle, window: &OpenWindow) -> Result<(), Error> {
        window.with(|window| self.0.set_parent(parent, window))
    }

    fn show(&self, window: &OpenWindow) -> Result<(), Error> {
        window.with(|window| self.0.show(window))
    }

    fn hide(&self, window: &OpenWindow) -> Result<(), Error> {
        window.with(|window| self.0.hide(window))
    }

    fn set_size(&self, size: NativeSize<u32>, window: &OpenWindow) -> Result<(), Error> {
        window.with(|window| self.0.set_size(size, window))
    }

    fn host_main_thread_callback(&self, window: &OpenWindow) {
        if let Some(window) = &window.window {
            self.0.host_main_thread_callback(window);
        }
    }

    fn adjust_size(&self, size: NativeSize<u32>, window: &OpenWindow) -> Option<NativeSize<u32>> {
        self.0.adjust_size(size, window.window.as_ref()?)
    }

    fn set_fallback_scale_factor(&self, scale: f64, window: &OpenWindow) -> Result<(), Error> {
        window.with(|window| self.0.set_fallback_scale_factor(scale, window))
    }

    fn on_virtual_key_from_host(
        &self,
        key: VirtualKeyCode,
        is_down: bool,
        modifiers: Modifiers,
    ) -> bool {
        self.0.on_virtual_key_from_host(key, is_down, modifiers)
    }

    fn state_changed(&self) {
        self.0.state_changed();
    }

    fn param_value_changed(&self, id: &str, value: f32) {
        self.0.param_value_changed(id, value);
    }

    fn param_modulation_changed(&self, id: &str, offset: f32) {
        self.0.param_modulation_changed(id, offset);
    }
}
