//! Random use for as long as is asked, with what must hold at any time checked throughout.

use crate::setup;
use crate::workspace::{FEATURES, cargo, run as run_command, target};
use anyhow::{Context, Result, bail};

/// Edits that a minute is enough for, each tried out by a child process of its own.
const EDITS: f64 = 500.0;
/// Bar lines at which an edit must be heard to the sample.
const SUBMISSIONS: &str = "1000";
/// How often the window opens and closes.
const WINDOWS: &str = "200";

/// Plays, automates, edits, jumps, saves and loads: half of the minutes in hosts and half under a held chord.
pub fn run(minutes: &str) -> Result<()> {
    let minutes: f64 = minutes.parse().context("the number of minutes is none")?;
    if !(minutes > 0.0 && minutes.is_finite()) {
        bail!("the number of minutes must be above 0");
    }
    setup::packages()?;
    // The verdicts of thousands of edits are no use to the user.
    let cache = target()?.join("soak");
    let edits = (EDITS * minutes / 2.0).ceil().to_string();
    let seconds = (30.0 * minutes).to_string();
    let steps = [
        (
            "suite",
            "swap_when::an_edit_for_the_bar",
            "SUBMISSIONS",
            SUBMISSIONS,
        ),
        ("suite", "plugin_soak::", "SOAK", &seconds),
        ("lib", "storm::", "EDITS", &edits),
        (
            "suite",
            "editor_window::windows_of_two_instances",
            "WINDOWS",
            WINDOWS,
        ),
    ];
    for (binary, tests, variable, value) in steps {
        let mut command = cargo(&["test", "--workspace", "--quiet"]);
        command.args(FEATURES);
        match binary {
            "lib" => command.arg("--lib"),
            name => command.args(["--test", name]),
        };
        command.args(["--", "--nocapture", tests]);
        command.env(format!("CSOUND_SESSION_{variable}"), value);
        run_command(command.env("XDG_CACHE_HOME", &cache))?;
    }
    Ok(())
}
