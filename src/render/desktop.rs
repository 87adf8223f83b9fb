//! What the desktop does with a file that was rendered.

use std::path::Path;
use std::process::{Command, Stdio};

use super::problem::Problem;

/// What opens a file in the application that the user has chosen for its kind, with what comes before the path.
const OPENER: (&str, &[&str]) = if cfg!(target_os = "macos") {
    ("open", &[])
} else if cfg!(windows) {
    ("cmd", &["/C", "start", ""])
} else {
    ("xdg-open", &[])
};

/// Opens a file in the desktop's application for it. Waits until the desktop has taken it, not for the application.
///
/// # Errors
/// There is no desktop, or it has no application for the file.
pub fn open(file: &Path) -> Result<(), Problem> {
    let (program, before) = OPENER;
    open_with(program, before, file)
}

fn open_with(program: &str, before: &[&str], file: &Path) -> Result<(), Problem> {
    let mut command = Command::new(program);
    command.args(before).arg(file).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let refused = |why: String| Problem::of_file(file, format!("written, but not opened: {why}"));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(refused(format!("{program} has no application for it"))),
        Err(error) => Err(refused(format!("{program} cannot be started: {error}"))),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_opened_is_told() {
        let file = Path::new("a.wav");
        assert_eq!(open_with("true", &[], file), Ok(()));
        let told = |program| open_with(program, &[], file).unwrap_err().to_string();
        assert!(told("false").starts_with("a.wav: written, but not opened: false has no"));
        assert!(told("/no/such/program").contains("cannot be started"));
    }
}
