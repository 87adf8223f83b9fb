//! The command line program; also the child that documents are tried out in.

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == "--child") {
        return csound_session::document::preflight::child_main();
    }
    ExitCode::FAILURE
}
