//! The parent's side: starts the child, watches it, and takes its word.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::verdict::Verdict;
use super::wire::{Line, Request};

/// How long the child may take to come up on a busy machine.
const START_UP: Duration = Duration::from_secs(10);
/// How long it may take for one step: compiling, or one Instr.
const STEP: Duration = Duration::from_secs(2);
/// How long it may take for everything.
const ALL: Duration = Duration::from_secs(30);

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

/// A running child. It is killed when this is dropped.
struct Watched {
    child: Child,
    lines: Receiver<Line>,
    /// The child ends when this is closed.
    _input: Input,
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
        std::thread::Builder::new()
            .name("preflight".to_owned())
            .spawn(move || {
                let all = BufReader::new(output).lines().map_while(Result::ok);
                // The other end is gone once the verdict was taken.
                let _ = all
                    .filter_map(|line| Line::decode(&line))
                    .try_for_each(|line| send.send(line));
            })?;
        // A child that is gone already is noticed by its silence.
        let _ = serde_json::to_writer(&mut input, request).map(|()| input.write_all(b"\n"));
        Ok(Self {
            child,
            lines,
            _input: input,
        })
    }

    fn verdict(&mut self) -> Verdict {
        let mut doing: Option<String> = None;
        let mut patience = START_UP;
        let end = Instant::now() + ALL;
        loop {
            let left = patience.min(end.saturating_duration_since(Instant::now()));
            match self.lines.recv_timeout(left) {
                Ok(Line::Verdict(verdict)) => return verdict,
                Ok(Line::Doing(step)) => doing = Some(step),
                Ok(Line::Ready) => doing = Some("reading the document".to_owned()),
                Err(why) => return without_verdict(why, doing),
            }
            patience = STEP;
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.child.kill();
        // Whether it can still be waited for depends on the host, which may collect children of its own accord.
        let _ = self.child.wait();
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
