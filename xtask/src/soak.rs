//! Long tests: random use for as long as is asked, with what must hold at any time checked throughout.

use crate::setup;
use crate::workspace::{FEATURES, cargo, run as run_command, target};
use anyhow::{Context, Result, bail};

/// Edits that a minute is enough for, each tried out by a child process of its own.
const EDITS: f64 = 500.0;
/// Bar lines at which an edit must be heard to the sample.
const SUBMISSIONS: &str = "1000";
/// How often the window opens and closes.
const WINDOWS: &str = "200";
/// Readers that are fuzzed, one after another.
const READERS: f64 = 7.0;

/// Plays, automates, edits, jumps, saves and loads: half of the minutes in hosts, one and many, and half under a held
/// chord.
pub fn soak(minutes: &str) -> Result<()> {
    let minutes = number(minutes)?;
    let edits = (EDITS * minutes / 2.0).ceil().to_string();
    let seconds = (15.0 * minutes).to_string();
    let bar = "swap_when::an_edit_for_the_bar";
    test(&["--test", "suite"], bar, &[("SUBMISSIONS", SUBMISSIONS)])?;
    test(&["--test", "suite"], "plugin_soak::", &[("SOAK", &seconds)])?;
    test(&["--lib"], "storm::", &[("EDITS", &edits)])?;
    let windows = "editor_window::windows_of_two_instances";
    test(&["--test", "suite"], windows, &[("WINDOWS", WINDOWS)])
}

/// Makes so many edits under a held chord, the audio thread in real time: on the core that everything else runs on, then
/// on another one; or on the one that is asked for.
pub fn storm(edits: &str, cores: Option<&str>) -> Result<()> {
    number(edits)?;
    let both = ["same", "other"];
    let wanted = both
        .iter()
        .filter(|name| cores.is_none_or(|cores| cores == **name));
    for cores in wanted {
        test(&["--lib"], "storm::", &[("EDITS", edits), ("CORES", cores)])?;
    }
    Ok(())
}

/// Feeds every reader of files with what chance makes of the files that there are, for so many minutes in all.
pub fn fuzz(minutes: &str) -> Result<()> {
    let seconds = (60.0 * number(minutes)? / READERS).to_string();
    let seed = std::time::UNIX_EPOCH.elapsed()?.as_secs().to_string();
    test(
        &["--test", "suite"],
        "fuzz::",
        &[("FUZZ", &seconds), ("SEED", &seed)],
    )
}

fn number(text: &str) -> Result<f64> {
    let number: f64 = text
        .parse()
        .with_context(|| format!("{text:?} is no number"))?;
    if number > 0.0 && number.is_finite() {
        return Ok(number);
    }
    bail!("{text} is not above 0");
}

/// Runs tests of ours with variables that make them long, one after another: they measure what the process takes.
fn test(binary: &[&str], tests: &str, variables: &[(&str, &str)]) -> Result<()> {
    setup::packages()?;
    let mut command = cargo(&["test", "--workspace", "--quiet"]);
    command.args(FEATURES).args(binary);
    command.args(["--", "--nocapture", "--test-threads=1", tests]);
    for (name, value) in variables {
        command.env(format!("CSOUND_SESSION_{name}"), value);
    }
    // Each take has a thread of its own, whose heap the C library keeps: with one heap for all, what grows is a leak.
    command.env("MALLOC_ARENA_MAX", "1");
    // The verdicts of thousands of edits are no use to the user.
    run_command(command.env("XDG_CACHE_HOME", target()?.join("soak")))
}
