//! A file is dragged from the desktop onto the window, as file managers on X11 do it.

use super::csound_kit::is_child;
use super::plugin_kit::{RATE, with};
use super::screen_kit::{on_a_screen, wait};
use std::path::Path;
use std::time::Duration;
use test_hosts::measure::peak;
use test_hosts::{Event, Note, Plugin, Take};
use x11rb::connection::Connection;
use x11rb::protocol::Event as Heard;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, PropMode,
    SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT, CURRENT_TIME};

fn document(level: &str) -> String {
    format!(
        "version = 1\n[[instr]]\nname = \"sine\"\nbody = \"\"\"\n|kmidi=69|\naout oscili {level}, mtof:k(kmidi)\nouts aout, aout\n\"\"\"\n"
    )
}

/// A file manager with one file under the pointer.
struct Source {
    connection: RustConnection,
    window: Window,
    list: String,
}

impl Source {
    fn new(file: &Path) -> Self {
        let (connection, screen) = x11rb::connect(None).expect("the screen");
        let root = connection.setup().roots[screen].root;
        let window = connection.generate_id().expect("a number");
        let (depth, visual) = (COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT);
        let (class, aux) = (WindowClass::INPUT_OUTPUT, CreateWindowAux::new());
        connection
            .create_window(depth, window, root, 0, 0, 1, 1, 0, class, visual, &aux)
            .expect("a window");
        let source = Self {
            connection,
            window,
            list: format!("file://{}\r\n", file.display()),
        };
        let selection = source.atom("XdndSelection");
        let owned = source
            .connection
            .set_selection_owner(window, selection, CURRENT_TIME);
        owned
            .expect("asked")
            .check()
            .expect("it owns the selection");
        source
    }

    fn atom(&self, name: &str) -> u32 {
        let asked = self.connection.intern_atom(false, name.as_bytes());
        asked.expect("asked").reply().expect("an atom").atom
    }

    /// The first window below this one that names a proxy, and the proxy.
    fn target(&self, below: Window) -> Option<(Window, Window)> {
        let proxy = self.atom("XdndProxy");
        let asked = self
            .connection
            .get_property(false, below, proxy, AtomEnum::WINDOW, 0, 1);
        let found = asked.ok()?.reply().ok()?;
        if let Some(proxy) = found.value32().and_then(|mut all| all.next())
            && proxy != below
        {
            return Some((below, proxy));
        }
        let children = self
            .connection
            .query_tree(below)
            .ok()?
            .reply()
            .ok()?
            .children;
        children.into_iter().find_map(|child| self.target(child))
    }

    fn tell(&self, (window, proxy): (Window, Window), kind: &str, data: [u32; 4]) {
        let [a, b, c, d] = data;
        let kind = self.atom(kind);
        let message = ClientMessageEvent::new(32, window, kind, [self.window, a, b, c, d]);
        self.connection
            .send_event(false, proxy, EventMask::NO_EVENT, message)
            .expect("it is sent");
        self.connection.flush().expect("it is sent");
    }

    /// Waits for an answer of that kind, and hands over the list meanwhile if it is asked for.
    fn answer(&self, kind: &str) -> [u32; 5] {
        let (kind, mut found) = (self.atom(kind), None);
        wait("an answer", Duration::from_secs(10), || {
            while let Ok(Some(event)) = self.connection.poll_for_event() {
                match event {
                    Heard::ClientMessage(message) if message.type_ == kind => {
                        found = Some(message.data.as_data32());
                    }
                    Heard::SelectionRequest(asked) => self.hand_over(&asked),
                    _ => {}
                }
            }
            found.is_some()
        });
        found.expect("it was found")
    }

    fn hand_over(&self, asked: &x11rb::protocol::xproto::SelectionRequestEvent) {
        let list = self.list.as_bytes();
        let (to, property) = (asked.requestor, asked.property);
        self.connection
            .change_property8(PropMode::REPLACE, to, property, asked.target, list)
            .expect("it is handed over");
        let notify = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: asked.time,
            requestor: to,
            selection: asked.selection,
            target: asked.target,
            property,
        };
        self.connection
            .send_event(false, to, EventMask::NO_EVENT, notify)
            .expect("it is sent");
        self.connection.flush().expect("it is sent");
    }
}

fn level(plugin: &mut Plugin) -> f32 {
    let take = Take::new(4_800)
        .at(0, Event::NoteOn(Note::key(69), 1.0))
        .at(4_000, Event::NoteOff(Note::key(69)));
    peak(plugin.play(&take).expect("it plays").left())
}

#[test]
fn a_document_that_is_dropped_onto_the_window_plays() {
    if !is_child() {
        let name = "a_document_that_is_dropped_onto_the_window_plays";
        return on_a_screen(module_path!(), name);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("loud.toml");
    std::fs::write(&file, document("0.5")).expect("a document");
    let mut plugin = with(&document("0.25"));
    plugin.activate(RATE, 512).expect("it activates");
    assert!((level(&mut plugin) - 0.25).abs() < 0.01);
    let window = plugin.open_window().expect("the window opens");
    let first = Duration::from_secs(20);
    wait("the first frame", first, || window.is_drawn());

    let source = Source::new(&file);
    let root = source.connection.setup().roots[0].root;
    let target = source.target(root).expect("a window that takes drops");
    let (files, copy) = (source.atom("text/uri-list"), source.atom("XdndActionCopy"));
    source.tell(target, "XdndEnter", [5 << 24, files, 0, 0]);
    source.tell(
        target,
        "XdndPosition",
        [0, 300 << 16 | 300, CURRENT_TIME, copy],
    );
    assert_eq!(source.answer("XdndStatus")[1] & 1, 1, "files are welcome");
    source.tell(target, "XdndDrop", [0, CURRENT_TIME, 0, 0]);
    assert_eq!(source.answer("XdndFinished")[1] & 1, 1, "they were taken");
    wait("the document", Duration::from_secs(25), || {
        (level(&mut plugin) - 0.5).abs() < 0.01
    });

    source.tell(
        target,
        "XdndEnter",
        [5 << 24, source.atom("text/plain"), 0, 0],
    );
    source.tell(
        target,
        "XdndPosition",
        [0, 300 << 16 | 300, CURRENT_TIME, copy],
    );
    assert_eq!(source.answer("XdndStatus")[1] & 1, 0, "a text is not");
    plugin.close_window(window).expect("it closes");
}
