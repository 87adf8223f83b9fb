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

use std::process::ExitCode;

use clap::Parser;
use csound_session::document::preflight::set_this_program;

use args::{Cli, Command};

fn main() -> ExitCode {
    say_where_this_is();
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

/// Documents are tried out by this program itself. In a package, Csound lies beside it.
fn say_where_this_is() {
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    if let Some(folder) = program.parent() {
        csound_session::session::set_support_folder(folder.to_owned());
    }
    set_this_program(program);
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
