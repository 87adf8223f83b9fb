//! A screen that nobody sees, and the hand on it.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A program that ends with this.
pub struct Guard(Child);

impl Guard {
    /// Starts it; what it says goes nowhere.
    pub fn start(command: &mut Command) -> Result<Self> {
        let child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {command:?}"))?;
        Ok(Self(child))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits half a minute for something to be so.
pub fn wait_for(what: &str, is_so: impl Fn() -> bool) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !is_so() {
        if Instant::now() > deadline {
            bail!("waited for {what} in vain");
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}

/// An X server of its own.
pub struct Screen {
    display: String,
    _server: Guard,
}

impl Screen {
    pub fn new() -> Result<Self> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24"])
            .args(["+extension", "GLX", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start Xvfb")?;
        let stdout = server.stdout.take().context("Xvfb has no output")?;
        let server = Guard(server);
        let mut number = String::new();
        BufReader::new(stdout)
            .read_line(&mut number)
            .context("Xvfb names no display")?;
        if number.trim().is_empty() {
            bail!("Xvfb has ended at once");
        }
        Ok(Self {
            display: format!(":{}", number.trim()),
            _server: server,
        })
    }

    /// What DISPLAY is to be.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// The window whose title contains that, as soon as it is there.
    pub fn window(&self, title: &str) -> Result<u64> {
        let search = ["search", "--onlyvisible", "--name", title];
        let find = || {
            let found = self.hand(&search).output().ok()?;
            let first = String::from_utf8_lossy(&found.stdout)
                .lines()
                .next()?
                .parse();
            first.ok()
        };
        wait_for(&format!("the window {title:?}"), || find().is_some())?;
        find().with_context(|| format!("the window {title:?} is gone"))
    }

    /// Clicks at a place of a window.
    pub fn click(&self, window: u64, (x, y): (u32, u32)) -> Result<()> {
        let [window, x, y] = [window, x.into(), y.into()].map(|number: u64| number.to_string());
        self.act(&["mousemove", "--window", &window, &x, &y, "click", "1"])
    }

    /// Presses a key.
    pub fn key(&self, key: &str) -> Result<()> {
        self.act(&["key", key])
    }

    /// Types a text.
    pub fn text(&self, text: &str) -> Result<()> {
        self.act(&["type", "--delay", "20", text])
    }

    /// What follows finds the screen as the user would.
    fn act(&self, words: &[&str]) -> Result<()> {
        let status = self.hand(words).status().context("cannot run xdotool")?;
        if !status.success() {
            bail!("xdotool {words:?} failed");
        }
        std::thread::sleep(Duration::from_millis(500));
        Ok(())
    }

    fn hand(&self, words: &[&str]) -> Command {
        let mut command = Command::new("xdotool");
        command.args(words).env("DISPLAY", &self.display);
        command
    }
}
