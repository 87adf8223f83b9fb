//! A plugin's window inside a window of the host, on X11.

use crate::error::{Error, Result};
use crate::plugin::Main;
use clack_extensions::gui::{GuiApiType, GuiConfiguration, GuiSize, PluginGui, Window};
use std::time::Duration;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    ConfigureWindowAux, ConnectionExt as _, CreateWindowAux, ImageFormat, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::{COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT};

/// The host's window around that of a plugin, at the left upper corner of the screen.
pub struct HostWindow {
    connection: RustConnection,
    window: u32,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

fn screen(error: impl std::fmt::Display) -> Error {
    Error::Screen(error.to_string())
}

impl HostWindow {
    /// An empty one, of that size in pixels.
    pub fn open(size: (u32, u32)) -> Result<HostWindow> {
        let (connection, screen_number) = x11rb::connect(None).map_err(screen)?;
        let root = &connection.setup().roots[screen_number];
        let window = connection.generate_id().map_err(screen)?;
        let create = connection.create_window(
            COPY_DEPTH_FROM_PARENT,
            window,
            root.root,
            0,
            0,
            size.0 as u16,
            size.1 as u16,
            0,
            WindowClass::INPUT_OUTPUT,
            COPY_FROM_PARENT,
            &CreateWindowAux::new().background_pixel(root.black_pixel),
        );
        create.map_err(screen)?.check().map_err(screen)?;
        let map = connection.map_window(window).map_err(screen)?;
        map.check().map_err(screen)?;
        Ok(HostWindow {
            connection,
            window,
            size,
        })
    }

    /// Whether something has been drawn into its left upper corner, over the black behind it.
    pub fn is_drawn(&self) -> bool {
        let root = self.connection.setup().roots[0].root;
        let format = ImageFormat::Z_PIXMAP;
        let asked = self.connection.get_image(format, root, 4, 4, 1, 1, !0);
        let image = asked.ok().and_then(|cookie| cookie.reply().ok());
        image.is_some_and(|image| image.data.iter().take(3).any(|&byte| byte != 0))
    }

    /// Its number on the X server.
    pub fn id(&self) -> u32 {
        self.window
    }

    /// Gives it another size, in pixels. The plugin is not told.
    pub fn resize(&mut self, size: (u32, u32)) -> Result<()> {
        let aux = ConfigureWindowAux::new().width(size.0).height(size.1);
        let configure = self.connection.configure_window(self.window, &aux);
        configure.map_err(screen)?.check().map_err(screen)?;
        self.size = size;
        Ok(())
    }
}

impl Drop for HostWindow {
    fn drop(&mut self) {
        if let Ok(destroyed) = self.connection.destroy_window(self.window) {
            let _ = destroyed.check();
        }
    }
}

impl Main {
    /// Opens the plugin's window on the X server of `DISPLAY`. To be closed by [`Main::close_window`].
    pub fn open_window(&mut self) -> Result<HostWindow> {
        self.open_window_slowly(Duration::ZERO)
    }

    /// The same in a host that takes its time before it has the window shown.
    pub fn open_window_slowly(&mut self, pause: Duration) -> Result<HostWindow> {
        let gui = self.gui()?;
        let handle = self.instance.plugin_handle();
        let configuration = GuiConfiguration {
            api_type: GuiApiType::X11,
            is_floating: false,
        };
        let refused = |_| Error::Refused("open its window");
        gui.create(&handle, configuration).map_err(refused)?;
        let size = gui.get_size(&handle).unwrap_or(GuiSize {
            width: 640,
            height: 480,
        });
        let window = HostWindow::open((size.width, size.height))?;
        let parent = Window::from_x11_handle(window.window.into());
        // SAFETY: the window lives until the caller has closed the plugin's, as documented.
        unsafe { gui.set_parent(&handle, parent) }.map_err(refused)?;
        std::thread::sleep(pause);
        gui.show(&handle).map_err(refused)?;
        self.answer();
        Ok(window)
    }

    /// Gives the plugin's window another size, in pixels, as a user does who drags its corner.
    pub fn resize_window(&mut self, window: &mut HostWindow, size: (u32, u32)) -> Result<()> {
        let gui = self.gui()?;
        let handle = self.instance.plugin_handle();
        window.resize(size)?;
        let size = GuiSize {
            width: size.0,
            height: size.1,
        };
        gui.set_size(&handle, size)
            .map_err(|_| Error::Refused("resize its window"))?;
        self.answer();
        Ok(())
    }

    /// Follows the size that the plugin has asked for; whether it has.
    pub fn follow_window(&mut self, window: &mut HostWindow) -> Result<bool> {
        self.answer();
        let wanted = self
            .wishes
            .size
            .lock()
            .ok()
            .and_then(|mut size| size.take());
        let Some(size) = wanted else {
            return Ok(false);
        };
        self.resize_window(window, size)?;
        Ok(true)
    }

    /// Closes the plugin's window, then the host's.
    pub fn close_window(&mut self, window: HostWindow) -> Result<()> {
        let gui = self.gui()?;
        let handle = self.instance.plugin_handle();
        gui.destroy(&handle);
        drop(window);
        self.answer();
        Ok(())
    }

    fn gui(&mut self) -> Result<PluginGui> {
        let handle = self.instance.plugin_handle();
        handle
            .get_extension::<PluginGui>()
            .ok_or(Error::NoExtension("window"))
    }
}
