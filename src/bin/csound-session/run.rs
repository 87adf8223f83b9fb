//! `csound-session run`: starts the stand-alone program, which stands beside this one.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

/// The stand-alone program.
const PROGRAM: &str = "csound-session-standalone";

/// Runs it with these arguments until it ends; its exit code.
pub fn run(args: &[OsString]) -> ExitCode {
    match start(args) {
        Ok(code) => code,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn start(args: &[OsString]) -> Result<ExitCode, String> {
    let this = std::env::current_exe().map_err(|error| format!("cannot find itself: {error}"))?;
    let program = this.with_file_name(format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        return Err(format!(
            "`run` needs {}, which is not there: build it with `cargo build --features standalone`",
            program.display()
        ));
    }
    become_it(Command::new(&program).args(args))
        .map_err(|error| format!("cannot start {}: {error}", program.display()))
}

/// Goes on as the other program, so that signals reach it and its end is this one's; returns only an error.
#[cfg(unix)]
fn become_it(program: &mut Command) -> std::io::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(program.exec())
}

#[cfg(not(unix))]
fn become_it(program: &mut Command) -> std::io::Result<ExitCode> {
    let code = program.status()?.code();
    let code = code.and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
