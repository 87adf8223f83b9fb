//! `csound-session`: documents rendered, checked and looked into from the command line. It is also the child process
//! in which documents are tried out.

mod args;
mod check;
mod export_csd;
mod import;
mod params;
mod render;
mod run;
mod vst3_presets;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

fn main() -> ExitCode {
    use_packaged_csound();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match cli.command {
        Command::Render(args) => render::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Params(args) => params::run(&args),
        Command::ExportCsd(args) => export_csd::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Run(args) => run::run(&args.all),
        Command::Vst3Presets(args) => vst3_presets::run(&args),
    }
}

/// In a package, Csound lies beside this program.
fn use_packaged_csound() {
    let program = std::env::current_exe().ok();
    let folder = program.as_deref().and_then(Path::parent);
    if let Some(folder) = folder {
        csound_session::session::set_support_folder(folder.to_owned());
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
