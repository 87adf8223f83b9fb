//! A child process, from its start to its end.

use std::io::{Error, Result};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// How long it may take to end when it is to.
const GRACE: Duration = Duration::from_millis(500);

/// A child that was asked nothing yet, or whose answer is awaited. It does not outlive this.
pub(super) struct Started {
    child: Child,
    /// The child ends when this is closed.
    pub(super) input: Input,
    /// What it says, until somebody listens.
    pub(super) output: Option<ChildStdout>,
}

#[cfg(unix)]
type Input = std::os::unix::net::UnixStream;

impl Started {
    /// A socket instead of a pipe carries the request: writing to a pipe whose child is gone raises SIGPIPE, which
    /// ends a host that does not expect it.
    #[cfg(unix)]
    pub(super) fn new(helper: &Path) -> Result<Self> {
        let (input, childs) = Input::pair()?;
        let mut child = Command::new(helper)
            .args(["check", "--json", "--child"])
            .stdin(Stdio::from(std::os::fd::OwnedFd::from(childs)))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = child.stdout.take();
        if output.is_none() {
            return Err(Error::other("it has no output"));
        }
        Ok(Self {
            child,
            input,
            output,
        })
    }

    /// Its number.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has not ended. Hosts that collect all children themselves may have collected it: that counts as
    /// ended, since its number may be another process's by now.
    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends and collects it. It ends by itself: it has said its last word, or sees that nobody listens any more.
    pub(super) fn end(&mut self) {
        let _ = self.input.shutdown(std::net::Shutdown::Both);
        let end = Instant::now() + GRACE;
        while self.is_running() {
            if Instant::now() > end {
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            std::thread::sleep(Duration::from_micros(500));
        }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        self.end();
    }
}
