//! The window in a host: it is opened and closed many times, and what was typed stays.

use super::desk::Desk;
#[cfg(target_os = "linux")]
use super::drops::Drops;
use super::keys::taken_keys;
use super::looks::LEAST_SIZE;
use super::opened::{OpenEditor, WindowThread};
use super::window::Window;
use egui::{Context, Ui};
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::{LogicalSize, NativeSize};
use nice_plug::editor::{
    Editor as HostEditor, HostMethods, ParentWindowHandle, ResizeHint, SizeConstraints,
    SpawnedEditor,
};
use nice_plug_egui::baseview::{HandlerError, WindowSize};
use nice_plug_egui::{
    EguiEditorState, EguiNiceSettings, Frame, NiceEguiApp, RepaintNotifier, create_egui_editor,
};
use raw_window_handle::{HasWindowHandle, RawWindowHandle};
use std::error::Error;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Nobody asks the window to draw itself but the system, which shows it, and the window, again and again from then on.
/// baseview 0.4.2 stays black for ever if it is asked for its first frame before it is shown.
const NEVER: Duration = Duration::from_secs(24 * 3600);

/// The editor that hosts open; egui draws it.
pub struct Editor {
    desk: Arc<dyn Desk>,
    window: Arc<Mutex<Window>>,
    /// Pixels in a point of the screen where the window last was, as the bits of an `f32`.
    scale: Arc<AtomicU32>,
}

/// Makes the editor for a plugin. Nothing is drawn before the host opens it.
pub fn open(desk: Arc<dyn Desk>) -> Option<Editor> {
    Some(Editor {
        window: Arc::new(Mutex::new(Window::new(Arc::clone(&desk)))),
        desk,
        scale: Arc::new(AtomicU32::new(1.0_f32.to_bits())),
    })
}

impl HostEditor for Editor {
    type Handle = OpenEditor;

    fn spawn(
        &self,
        parent: Option<ParentWindowHandle>,
        wait_for_parent: bool,
        fallback_scale_factor: Option<f64>,
        gui_context: GuiContext,
        host: Option<HostMethods>,
    ) -> Result<SpawnedEditor<Self::Handle>, Box<dyn Error>> {
        let looks = self.desk.looks().get();
        let size = LogicalSize::new(looks.size[0], looks.size[1]);
        let thread = WindowThread::default();
        let opened = Opened {
            window: Arc::clone(&self.window),
            scale: Arc::clone(&self.scale),
            thread: thread.clone(),
            drops: None,
        };
        let settings = EguiNiceSettings::new()
            .with_tile(self.desk.plugin())
            .with_resize_hint(self.resize_hint())
            .with_repaint_poll_interval(NEVER);
        let state = EguiEditorState::from_size(size, looks.zoom);
        // One for each opening, so that what belongs to the host is dropped with its window.
        let editor = create_egui_editor(state, RepaintNotifier::new(), settings, opened)
            .ok_or("the window could not be made")?;
        let spawned = editor.spawn(
            parent,
            wait_for_parent,
            fallback_scale_factor,
            gui_context,
            host,
        )?;
        Ok(OpenEditor::of(spawned, thread))
    }

    fn size(&self) -> NativeSize<u32> {
        let looks = self.desk.looks().get();
        let size = looks.size.map(|points| f64::from(points * looks.zoom));
        let scale = f32::from_bits(self.scale.load(Ordering::Relaxed));
        NativeSize::from_size(LogicalSize::new(size[0], size[1]).into(), scale.into())
    }

    fn resize_hint(&self) -> ResizeHint {
        let least = LogicalSize::new(LEAST_SIZE[0], LEAST_SIZE[1]);
        ResizeHint {
            can_resize: true,
            size_constraints: SizeConstraints::Logical {
                min_size: Some(least),
                max_size: None,
            },
            ..ResizeHint::default()
        }
    }
}

/// The window while it is open.
struct Opened {
    window: Arc<Mutex<Window>>,
    scale: Arc<AtomicU32>,
    thread: WindowThread,
    drops: Option<Drops>,
}

impl Opened {
    fn window(&self) -> std::sync::MutexGuard<'_, Window> {
        // A panic while drawing leaves nothing that the next frame does not set right.
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl NiceEguiApp for Opened {
    fn build(
        &mut self,
        ctx: Context,
        host: GuiContext,
        frame: &mut Frame,
    ) -> Result<(), HandlerError> {
        self.drops = x11_window(frame).and_then(Drops::onto);
        self.thread.is_this();
        self.window().attach(&ctx, host);
        Ok(())
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame) {
        let dropped = self.drops.as_mut().map(Drops::take);
        let mut window = self.window();
        window.take_files(&dropped.unwrap_or_default());
        window.draw(ui);
        frame.set_key_capture(taken_keys(window.typing()));
    }

    fn resized(&mut self, size: WindowSize) {
        let scale = size.scale_factor as f32;
        self.scale.store(scale.to_bits(), Ordering::Relaxed);
    }
}

/// The window's number on the X server, where there is one.
fn x11_window(frame: &Frame) -> Option<u32> {
    match frame.baseview_window().window_handle().ok()?.as_raw() {
        RawWindowHandle::Xcb(handle) => Some(handle.window.get()),
        RawWindowHandle::Xlib(handle) => u32::try_from(handle.window).ok(),
        _ => None,
    }
}

/// Where drops are the business of another system.
#[cfg(not(target_os = "linux"))]
struct Drops;

#[cfg(not(target_os = "linux"))]
impl Drops {
    fn onto(_: u32) -> Option<Self> {
        None
    }

    fn take(&mut self) -> Vec<std::path::PathBuf> {
        Vec::new()
    }
}

impl Drop for Opened {
    /// The host has closed it: nobody else says so.
    fn drop(&mut self) {
        self.window().close();
    }
}
