//! A screen for windows, and a person in front of it.

use crate::suite::csound_kit::in_child;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// An X server of its own.
struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    /// `None`, with a message, where the programs for it are not installed.
    fn start() -> Option<Self> {
        let there = |program: &str| {
            let found = Command::new("which")
                .arg(program)
                .stdout(Stdio::null())
                .status();
            found.is_ok_and(|status| status.success())
        };
        if !["Xvfb", "xdotool"].into_iter().all(there) {
            eprintln!("skipped: `cargo xtask setup` installs Xvfb and xdotool, which this needs");
            return None;
        }
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "2400x1600x24",
                "-noreset",
            ])
            .args(["+extension", "GLX"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        // It says its number when it is ready.
        let mut said = BufReader::new(server.stdout.take().expect("a pipe"));
        let mut number = String::new();
        said.read_line(&mut number).expect("Xvfb says its number");
        let display = format!(":{}", number.trim());
        let screen = Self { server, display };
        Some(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Waits until it is ready.
#[track_caller]
pub fn wait(what: &str, limit: Duration, mut ready: impl FnMut() -> bool) {
    let deadline = Instant::now() + limit;
    while !ready() {
        assert!(Instant::now() < deadline, "{what} took too long");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Runs a test of that module again in a process that has a screen and no settings.
pub fn on_a_screen(module: &str, function: &str) {
    let Some(screen) = Screen::start() else {
        return;
    };
    let home = tempfile::tempdir().expect("a folder");
    let settings = home.path().join("csound-session");
    std::fs::create_dir_all(&settings).expect("a folder");
    let looks = r#"{"hints_seen":true}"#;
    std::fs::write(settings.join("window.json"), looks).expect("the settings");
    // The process must end well, too: threads of windows that were closed once ran on, and met its end in GL's libraries.
    let output = in_child(module, function, |command| {
        command
            .env("DISPLAY", &screen.display)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            // Each window has threads of its own; with a heap for each, memory in use says little.
            .env("MALLOC_ARENA_MAX", "1")
            .env("XDG_CONFIG_HOME", home.path());
    });
    print!("{}", String::from_utf8_lossy(&output.stdout));
}

/// A person at the keyboard and the mouse.
pub fn hand(arguments: &str) {
    let mut command = Command::new("xdotool");
    match arguments.strip_prefix("type ") {
        Some(text) => command.args(["type", "--delay", "30", text]),
        None => command.args(arguments.split(' ')),
    };
    assert!(
        command.status().expect("xdotool runs").success(),
        "{arguments}"
    );
    std::thread::sleep(Duration::from_millis(120));
}

/// Keeps a picture beside the build, for people to look at.
pub fn picture(name: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    let _ = std::fs::create_dir_all(&folder);
    let taken = Command::new("import")
        .args(["-window", "root"])
        .arg(folder.join(name))
        .stderr(Stdio::null())
        .status();
    if taken.is_err() {
        eprintln!("no picture: ImageMagick is not installed");
    }
}
