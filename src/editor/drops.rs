//! Files that are dropped onto the window, on X11.
//!
//! baseview 0.4.2 hears of drops, but egui-baseview 0.9 does not pass them on. So the window names a proxy, as the
//! protocol of drag and drop provides for (XdndProxy): a window of our own, on a connection of its own, which is asked
//! for news once a frame and gets every message about drops in place of the window.

use std::error::Error;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, PropMode,
    Timestamp, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT};

x11rb::atom_manager! {
    Atoms: AtomsCookie {
        XdndAware,
        XdndProxy,
        XdndEnter,
        XdndPosition,
        XdndStatus,
        XdndLeave,
        XdndDrop,
        XdndFinished,
        XdndSelection,
        XdndTypeList,
        XdndActionCopy,
        Files: b"text/uri-list",
    }
}

/// The version of the protocol that is spoken.
const VERSION: u32 = 5;

/// Something that hovers over the window, or was dropped.
struct Guest {
    source: Window,
    /// It has files.
    welcome: bool,
}

/// What the window's proxy hears.
pub(super) struct Drops {
    connection: RustConnection,
    atoms: Atoms,
    window: Window,
    proxy: Window,
    guest: Option<Guest>,
}

impl Drops {
    /// Has files be dropped onto a window; `None` where that is not to be had.
    pub(super) fn onto(window: Window) -> Option<Self> {
        Self::open(window).ok()
    }

    fn open(window: Window) -> Result<Self, Box<dyn Error>> {
        let (connection, screen) = x11rb::connect(None)?;
        let atoms = Atoms::new(&connection)?.reply()?;
        let root = connection.setup().roots[screen].root;
        let proxy = connection.generate_id()?;
        connection.create_window(
            COPY_DEPTH_FROM_PARENT,
            proxy,
            root,
            -1,
            -1,
            1,
            1,
            0,
            WindowClass::INPUT_ONLY,
            COPY_FROM_PARENT,
            &CreateWindowAux::new(),
        )?;
        let replace = PropMode::REPLACE;
        connection.change_property32(
            replace,
            proxy,
            atoms.XdndAware,
            AtomEnum::ATOM,
            &[VERSION],
        )?;
        for window in [proxy, window] {
            connection.change_property32(
                replace,
                window,
                atoms.XdndProxy,
                AtomEnum::WINDOW,
                &[proxy],
            )?;
        }
        connection.flush()?;
        Ok(Self {
            connection,
            atoms,
            window,
            proxy,
            guest: None,
        })
    }

    /// The files that were dropped since this was last called.
    pub(super) fn take(&mut self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        while let Ok(Some(event)) = self.connection.poll_for_event() {
            // A source that is gone in the midst of it has nothing to drop.
            files.extend(self.hear(&event).unwrap_or_default());
        }
        files
    }

    fn hear(&mut self, event: &Event) -> Result<Vec<PathBuf>, Box<dyn Error>> {
        match event {
            Event::ClientMessage(message) => self.told(message)?,
            Event::SelectionNotify(notify) if notify.requestor == self.proxy => {
                let files = self.read()?;
                self.answer(self.atoms.XdndFinished, [1, self.atoms.XdndActionCopy, 0])?;
                self.guest = None;
                return Ok(files);
            }
            _ => {}
        }
        Ok(Vec::new())
    }

    fn told(&mut self, message: &ClientMessageEvent) -> Result<(), Box<dyn Error>> {
        let data = message.data.as_data32();
        let atoms = &self.atoms;
        match message.type_ {
            kind if kind == atoms.XdndEnter => {
                let welcome = self.has_files(data)?;
                let source = data[0];
                self.guest = Some(Guest { source, welcome });
            }
            kind if kind == atoms.XdndPosition => {
                let welcome = self.guest.as_ref().is_some_and(|guest| guest.welcome);
                let action = if welcome { atoms.XdndActionCopy } else { 0 };
                self.answer(atoms.XdndStatus, [u32::from(welcome), 0, action])?;
            }
            kind if kind == atoms.XdndDrop => self.fetch(data[2])?,
            kind if kind == atoms.XdndLeave => self.guest = None,
            _ => {}
        }
        Ok(())
    }

    /// Whether what enters has a list of files among its forms: three are in the message, more stand at the source.
    fn has_files(&self, data: [u32; 5]) -> Result<bool, Box<dyn Error>> {
        if data[1] & 1 == 0 {
            return Ok(data[2..].contains(&self.atoms.Files));
        }
        let list = self.atoms.XdndTypeList;
        let list = self
            .connection
            .get_property(false, data[0], list, AtomEnum::ATOM, 0, 1024)?
            .reply()?;
        let has = list
            .value32()
            .is_some_and(|mut all| all.any(|kind| kind == self.atoms.Files));
        Ok(has)
    }

    /// Asks for the list of what was dropped.
    fn fetch(&self, time: Timestamp) -> Result<(), Box<dyn Error>> {
        let Atoms {
            XdndSelection: selection,
            Files: files,
            ..
        } = self.atoms;
        match self.guest.as_ref().is_some_and(|guest| guest.welcome) {
            true => {
                self.connection
                    .convert_selection(self.proxy, selection, files, selection, time)?;
                self.connection.flush()?;
            }
            false => self.answer(self.atoms.XdndFinished, [0, 0, 0])?,
        }
        Ok(())
    }

    fn read(&self) -> Result<Vec<PathBuf>, Box<dyn Error>> {
        let property = self.atoms.XdndSelection;
        let list = self
            .connection
            .get_property(true, self.proxy, property, AtomEnum::ANY, 0, 1 << 18)?
            .reply()?;
        Ok(files(&list.value))
    }

    /// Tells the source something, in the window's name.
    fn answer(&self, kind: u32, data: [u32; 3]) -> Result<(), Box<dyn Error>> {
        let Some(guest) = &self.guest else {
            return Ok(());
        };
        let [first, second, last] = data;
        // The status has a rectangle in the middle, which may be empty; the end of a drop has nothing there.
        let data = match kind == self.atoms.XdndStatus {
            true => [self.window, first, second, 0, last],
            false => [self.window, first, second, last, 0],
        };
        let message = ClientMessageEvent::new(32, guest.source, kind, data);
        self.connection
            .send_event(false, guest.source, EventMask::NO_EVENT, message)?;
        self.connection.flush()?;
        Ok(())
    }
}

/// The files of a list of addresses, a line each; others are left out.
fn files(list: &[u8]) -> Vec<PathBuf> {
    let lines = list.split(|byte| matches!(byte, b'\r' | b'\n' | 0));
    let paths = lines.filter_map(|line| {
        let rest = line.strip_prefix(b"file://")?;
        let path = &rest[rest.iter().position(|byte| *byte == b'/')?..];
        Some(PathBuf::from(std::ffi::OsString::from_vec(decoded(path))))
    });
    paths.collect()
}

/// With `%20` and its like as the bytes that they stand for.
fn decoded(path: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = path;
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| *first == b'%');
        let code = code.and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::files;
    use std::path::Path;

    #[test]
    fn lists_of_files_are_read() {
        let list =
            b"# a remark\r\nfile:///tmp/a%20b.toml\r\nfile://host/c%zz.wav\r\nhttp://x/y\r\n";
        let read = files(list);
        assert_eq!(read, [Path::new("/tmp/a b.toml"), Path::new("/c%zz.wav")]);
    }
}
