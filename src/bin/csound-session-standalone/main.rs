//! `csound-session run`: the plugins without a host.

mod args;
mod voice;

use args::Cli;
use clap::Parser;
use csound_session::document::Document;
use csound_session::document::presets::{Kind, Preset};
use csound_session::plugin::{Effect, Instrument, alone};
use nice_plug::prelude::nice_export_standalone_with_args;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(folder) = std::env::current_exe()
        .ok()
        .as_deref()
        .and_then(Path::parent)
    {
        csound_session::session::set_support_folder(folder.to_owned());
    }
    voice::install();
    let kind = match begin(&cli) {
        Ok(kind) => kind,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::FAILURE;
        }
    };
    // The terminal's Ctrl+C, and a request to end, close the window as a click does.
    if let Err(error) = ctrlc::set_handler(alone::close) {
        eprintln!("Ctrl+C will not end this program: {error}");
    }
    let arguments = cli.for_backend();
    let played = match kind {
        Kind::Instrument => nice_export_standalone_with_args::<Instrument, _>(arguments),
        Kind::Effect => nice_export_standalone_with_args::<Effect, _>(arguments),
    };
    if played {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Has the plugin begin with the document that is asked for; which plugin that is, or what is wrong with the document.
fn begin(cli: &Cli) -> Result<Kind, String> {
    let mut kind = Kind::Instrument;
    if let Some(path) = &cli.document {
        let told = |problems: Vec<_>| {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            format!("{}: {}", path.display(), problems.join("\n"))
        };
        kind = Preset::of_file(path).map_err(told)?.kind();
        alone::begin_with(Document::open(path).map_err(told)?, path.clone());
    }
    Ok(match (cli.instrument, cli.effect) {
        (true, _) => Kind::Instrument,
        (_, true) => Kind::Effect,
        _ => kind,
    })
}
