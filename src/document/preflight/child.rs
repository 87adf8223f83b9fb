//! The child's side: tries a document out and says what came of it, or dies of it.

use std::io::{self, BufRead, Read, Write};
use std::process::ExitCode;
use std::sync::Mutex;

use super::verdict::Verdict;
use super::wire::{Line, PROTOCOL, Request};
use crate::document::{Document, Implied, irreproducible, refused};
use crate::session::diagnostic::{Diagnostic, Place};
use crate::session::trial;

/// What threads that build programs have. Recursion that would overflow it in a host does so here.
const STACK: usize = 2 << 20;

/// The whole life of a preflight child: reads a request from standard input, answers on standard output, ends.
///
/// It ends at once, without an answer, when its standard input is closed: nobody waits for it any more.
pub fn child_main() -> ExitCode {
    match answer() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Standard error may be closed as well; the parent sees the missing verdict.
            let _ = writeln!(io::stderr(), "csound-session: preflight: {error}");
            ExitCode::FAILURE
        }
    }
}

fn answer() -> io::Result<()> {
    // What every document needs is done while the first one is still being typed.
    trial::load();
    let request = read_request()?;
    let parent = Parent::new()?;
    limit();
    std::thread::Builder::new().spawn(die_with_parent)?;
    parent.say(&Line::Ready);
    std::thread::scope(|scope| {
        let judge = || parent.say(&Line::Verdict(judge(&request, &parent)));
        std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, judge)
            .map(drop)
    })
}

fn read_request() -> io::Result<Request> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let request: Request = serde_json::from_str(&line)?;
    if request.protocol == PROTOCOL {
        return Ok(request);
    }
    Err(io::Error::other(format!(
        "asked in version {} of the protocol, this is {PROTOCOL}",
        request.protocol
    )))
}

fn die_with_parent() {
    let mut rest = [0; 256];
    while io::stdin()
        .lock()
        .read(&mut rest)
        .is_ok_and(|read| read > 0)
    {}
    // Not `exit`: what runs at exit could wait for the thread that hangs.
    std::process::abort();
}

fn judge(request: &Request, parent: &Parent) -> Verdict {
    let document = match Document::from_state(&request.state) {
        Ok(document) => document,
        Err(error) => {
            return Verdict::Diagnostics(vec![Diagnostic::error(
                Place::Document,
                error.to_string(),
            )]);
        }
    };
    if let Err(why) = trial::csound_version() {
        return Verdict::NoHelper { why };
    }
    let refused = refused(&document);
    if !refused.is_empty() {
        return Verdict::Refused(refused);
    }
    let specification = match document.specification(request.sample_rate, &[], Implied::Yes) {
        Ok(specification) => specification,
        Err(told) => return Verdict::Diagnostics(told),
    };
    let doing = |step: trial::Step<'_>| parent.say(&Line::Doing(step.to_string()));
    match trial::try_out(&specification.program, doing) {
        Ok(warnings) => {
            let warnings = irreproducible(&document)
                .into_iter()
                .chain(warnings)
                .collect();
            Verdict::Fine { warnings }
        }
        Err(told) => Verdict::Diagnostics(told),
    }
}

/// The way to the parent. Opcodes that print on their own do not come near it.
struct Parent(Mutex<std::fs::File>);

impl Parent {
    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        let to_parent = rustix::io::fcntl_dupfd_cloexec(io::stdout(), 3)?;
        let nowhere = std::fs::File::options().write(true).open("/dev/null")?;
        rustix::stdio::dup2_stdout(nowhere)?;
        Ok(Self(Mutex::new(to_parent.into())))
    }

    fn say(&self, line: &Line) {
        let mut to_parent = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        // A parent that is gone needs no answer; the watcher of standard input ends this process.
        let _ = to_parent
            .write_all(line.encode().as_bytes())
            .and_then(|()| to_parent.flush());
    }
}

/// No more memory than a document can need, and no core files of what is expected to crash.
#[cfg(unix)]
fn limit() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    const MEMORY: u64 = 4 << 30;
    let limit = |bytes| Rlimit {
        current: Some(bytes),
        maximum: Some(bytes),
    };
    // Both are allowed to everybody; where they are not, the watchdog is what remains.
    let _ = setrlimit(Resource::As, limit(MEMORY));
    let _ = setrlimit(Resource::Core, limit(0));
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
