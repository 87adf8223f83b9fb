//! The parent's side: asks a child, watches it, and takes its word.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::patience::{Patience, START_UP};
use super::ready;
use super::started::Started;
use super::verdict::Verdict;
use super::wire::{Line, Request};

/// How often a silent child is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Runs `helper` on a request and waits for its verdict, for some seconds at most.
pub(super) fn ask(helper: &Path, request: &Request) -> Verdict {
    // One that waited may be of a version that was replaced since, or the system may have ended it.
    let ready = ready::take(helper).and_then(|started| Watched::ask(started, request).ok());
    let answered = ready.map(|mut child| child.verdict());
    if let Some(verdict) = answered.filter(|verdict| !matches!(verdict, Verdict::NoHelper { .. })) {
        return verdict;
    }
    match Started::new(helper).and_then(|started| Watched::ask(started, request)) {
        Ok(mut child) => child.verdict(),
        Err(error) => Verdict::NoHelper {
            why: format!(
                "its helper program {} does not start: {error}",
                helper.display()
            ),
        },
    }
}

/// A child that works on a request.
struct Watched {
    started: Started,
    lines: Receiver<Line>,
    reader: Option<JoinHandle<()>>,
}

impl Watched {
    fn ask(mut started: Started, request: &Request) -> std::io::Result<Self> {
        let (send, lines) = channel();
        let output = started.output.take();
        let reader = std::thread::Builder::new()
            .name("preflight".to_owned())
            .spawn(move || {
                let all = output
                    .into_iter()
                    .flat_map(|output| BufReader::new(output).lines().map_while(Result::ok));
                // The other end is gone once the verdict was taken.
                let _ = all
                    .filter_map(|line| Line::decode(&line))
                    .try_for_each(|line| send.send(line));
            })?;
        started.input.set_write_timeout(Some(START_UP))?;
        // A child that does not read, or is gone already, is noticed by its silence.
        let text = serde_json::to_string(request)?;
        let _ = started.input.write_all(format!("{text}\n").as_bytes());
        Ok(Self {
            started,
            lines,
            reader: Some(reader),
        })
    }

    fn verdict(&mut self) -> Verdict {
        let mut doing: Option<String> = None;
        let mut patience = Patience::new(self.started.id());
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
        self.started.end();
        // No thread of ours may be left when a host unloads this library.
        let _ = self.reader.take().map(JoinHandle::join);
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
