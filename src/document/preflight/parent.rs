//! The parent's side: starts the child, watches it, and takes its word.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::patience::{Patience, START_UP};
use super::verdict::Verdict;
use super::wire::{Line, Request};

/// How often a silent child is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// How long it may take to end when it is to.
const GRACE: Duration = Duration::from_millis(500);

/// Runs `helper` on a request and waits for its verdict, for some seconds at most.
pub(super) fn ask(helper: &Path, request: &Request) -> Verdict {
    match Watched::start(helper, request) {
        Ok(mut child) => child.verdict(),
        Err(error) => Verdict::NoHelper {
            why: format!(
                "its helper program {} does not start: {error}",
                helper.display()
            ),
        },
    }
}

/// A running child. It does not outlive this.
struct Watched {
    child: Child,
    lines: Receiver<Line>,
    reader: Option<JoinHandle<()>>,
    /// The child ends when this is closed.
    input: Input,
}

#[cfg(unix)]
type Input = std::os::unix::net::UnixStream;

impl Watched {
    /// A socket instead of a pipe carries the request: writing to a pipe whose child is gone raises SIGPIPE, which
    /// ends a host that does not expect it.
    #[cfg(unix)]
    fn start(helper: &Path, request: &Request) -> std::io::Result<Self> {
        let (mut input, childs) = Input::pair()?;
        let mut child = Command::new(helper)
            .args(["check", "--json", "--child"])
            .stdin(Stdio::from(std::os::fd::OwnedFd::from(childs)))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = child
            .stdout
            .take()
            .ok_or_else(|| std::io::Error::other("it has no output"))?;
        let (send, lines) = channel();
        let reader = std::thread::Builder::new()
            .name("preflight".to_owned())
            .spawn(move || {
                let all = BufReader::new(output).lines().map_while(Result::ok);
                // The other end is gone once the verdict was taken.
                let _ = all
                    .filter_map(|line| Line::decode(&line))
                    .try_for_each(|line| send.send(line));
            })?;
        input.set_write_timeout(Some(START_UP))?;
        // A child that does not read, or is gone already, is noticed by its silence.
        let _ = input.write_all(format!("{}\n", serde_json::to_string(request)?).as_bytes());
        Ok(Self {
            child,
            lines,
            reader: Some(reader),
            input,
        })
    }

    fn verdict(&mut self) -> Verdict {
        let mut doing: Option<String> = None;
        let mut patience = Patience::new(self.child.id());
        loop {
            match self.lines.recv_timeout(LOOK) {
                Ok(Line::Verdict(verdict)) => return verdict,
                Ok(Line::Doing(step)) => doing = Some(step),
                Ok(Line::Ready) => doing = Some("reading the document".to_owned()),
                Err(RecvTimeoutError::Timeout) if !patience.is_over() => continue,
                Err(why) => return without_verdict(why, doing),
            }
            patience.renew();
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // It ends by itself: it has said its last word, or sees that nobody listens any more.
        let _ = self.input.shutdown(std::net::Shutdown::Both);
        if !self.has_ended_within(GRACE) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        // No thread of ours may be left when a host unloads this library.
        let _ = self.reader.take().map(JoinHandle::join);
    }
}

impl Watched {
    /// Collects the child. Hosts that collect all children themselves may have done so: that counts as ended, since its
    /// number may be another process's by now.
    fn has_ended_within(&mut self, time: Duration) -> bool {
        let end = Instant::now() + time;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > end {
                return false;
            }
            std::thread::sleep(Duration::from_micros(500));
        }
        true
    }
}

/// What a missing verdict means. A child that never said that it is ready is not one.
fn without_verdict(why: RecvTimeoutError, doing: Option<String>) -> Verdict {
    match (why, doing) {
        (RecvTimeoutError::Disconnected, Some(while_doing)) => Verdict::Crashed { while_doing },
        (RecvTimeoutError::Timeout, Some(while_doing)) => Verdict::Hung { while_doing },
        (_, None) => Verdict::NoHelper {
            why:
                "its helper program does not answer; it may be of another version than this plugin"
                    .to_owned(),
        },
    }
}
