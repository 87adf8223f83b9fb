//! `csound-session export-csd`

use std::path::Path;
use std::process::ExitCode;

use csound_session::render::soundfile::Target;
use csound_session::render::{BlockSize, Error, Job, Music};

use crate::args::ExportArgs;
use crate::render::Console;

/// Writes the CSD; everything it has to say goes to standard error.
pub fn run(args: &ExportArgs) -> ExitCode {
    let mut console = Console::new(args.piece.sr);
    console.obey_signals();
    let result = job(args).and_then(|job| job.export(&args.output, &mut console));
    console.finish();
    match result {
        Ok(()) => {
            eprintln!("{}: written", args.output.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn job(args: &ExportArgs) -> Result<Job, Error> {
    let is_csd = |path: &Path| path.extension().is_some_and(|ending| ending == "csd");
    if !is_csd(&args.output) {
        return Err(Error::Request(
            "the name of the output ends in .csd".to_owned(),
        ));
    }
    Ok(Job {
        document: args.piece.document.clone(),
        music: Music::given(args.piece.score.as_deref(), args.piece.midi.as_deref()),
        input: None,
        sidechain: None,
        target: Target::new(&args.output.with_extension("wav"), args.format)?,
        sample_rate: args.piece.sr,
        block: BlockSize::default(),
        ksmps: args.piece.ksmps,
        start: 0.0,
        end: args.piece.dur,
        tail: args.piece.tail,
    })
}
