//! `csound-session`: documents rendered, checked and looked into from the command line. It is also the child process
//! in which documents are tried out.

mod args;
mod check;
mod export_csd;
mod params;
mod render;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use csound_session::session::set_support_folder;

use args::{Cli, Command};

fn main() -> ExitCode {
    // The plugin's child stands in the support folder, and is to use the same Csound.
    if let Some(folder) = std::env::current_exe()
        .ok()
        .as_deref()
        .and_then(Path::parent)
    {
        set_support_folder(folder.to_owned());
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match cli.command {
        Command::Render(args) => render::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Params(args) => params::run(&args),
        Command::ExportCsd(args) => export_csd::run(&args),
    }
}

/// Prints help or what is wrong with the arguments.
fn usage(error: &clap::Error) -> ExitCode {
    // Where the terminal is gone there is nobody to tell.
    let _ = error.print();
    if error.use_stderr() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
