//! Where and how urgently a thread of the storm runs.

use std::process::Command;

/// Where the audio thread runs, and where everything else does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Wherever the system puts it, as urgent as anything.
    Anywhere,
    /// In real time on a core of this number.
    Core(usize),
}

/// Has the calling thread run in real time on its core, and says what was had. By the system's own programs, which need
/// no unsafe code here.
pub(super) fn schedule(place: Place) -> String {
    let Place::Core(core) = place else {
        return "wherever the system puts it".to_owned();
    };
    let pinned = pin(core);
    let urgent = run("chrt", &["--fifo", "--pid", "20", &thread()]);
    let on = if pinned {
        format!("on core {core}")
    } else {
        "on any core".to_owned()
    };
    let how = if urgent {
        "SCHED_FIFO"
    } else {
        "no SCHED_FIFO to be had"
    };
    format!("{how} {on}")
}

/// Keeps the calling thread, and what it starts, on a core.
pub(super) fn pin(core: usize) -> bool {
    run(
        "taskset",
        &["--cpu-list", "--pid", &core.to_string(), &thread()],
    )
}

/// The number of the calling thread.
fn thread() -> String {
    let own = std::fs::read_link("/proc/thread-self").unwrap_or_default();
    let name = own.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn run(program: &str, arguments: &[&str]) -> bool {
    let output = Command::new(program).args(arguments).output();
    output.is_ok_and(|output| output.status.success())
}
