//! `csound-session vst3-presets`

use std::io;
use std::path::Path;
use std::process::ExitCode;

use csound_session::document::presets::Presets;
use csound_session::plugin::vst3_presets::{remove_all, user_folder, write_all};

use crate::args::PresetsArgs;

/// Writes or removes the presets, and says on standard error what was done.
pub fn run(args: &PresetsArgs) -> ExitCode {
    let Some(folder) = args.folder.clone().or_else(user_folder) else {
        eprintln!("there is no home folder; name a folder with --folder");
        return ExitCode::FAILURE;
    };
    let done = match args.remove {
        true => remove(&folder),
        false => write(&folder),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> io::Result<()> {
    let written = write_all(folder, &Presets::list())?;
    for why in &written.left_out {
        eprintln!("{why}");
    }
    eprintln!("{}: {} presets written", folder.display(), written.count);
    Ok(())
}

fn remove(folder: &Path) -> io::Result<()> {
    let removed = remove_all(folder)?;
    eprintln!("{}: {removed} presets removed", folder.display());
    Ok(())
}
