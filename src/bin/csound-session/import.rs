//! `csound-session import`

use std::process::ExitCode;

use csound_session::document::import::import;

use crate::args::ImportArgs;

/// Writes the document, and lists on standard error what was left out.
pub fn run(args: &ImportArgs) -> ExitCode {
    let fails = |what: &dyn std::fmt::Display| {
        eprintln!("{what}");
        ExitCode::FAILURE
    };
    let file = args.csd.display();
    let bytes = match std::fs::read(&args.csd) {
        Ok(bytes) => bytes,
        Err(error) => return fails(&format!("{file}: cannot be read: {error}")),
    };
    let stem = args.csd.file_stem().unwrap_or_default().to_string_lossy();
    let imported = import(&String::from_utf8_lossy(&bytes), &stem);
    if imported.document.instr.is_empty() {
        return fails(&format!("{file}: there is no instrument in it"));
    }
    for left in &imported.left {
        eprintln!("{file}:{left}");
    }
    match imported.document.save(&args.output) {
        Ok(()) => {
            eprintln!(
                "{}: written; try it with csound-session check",
                args.output.display()
            );
            ExitCode::SUCCESS
        }
        Err(error) => fails(&format!(
            "{}: cannot be written: {error}",
            args.output.display()
        )),
    }
}
