//! `csound-session render`

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use csound_session::render::soundfile::Target;
use csound_session::render::{Error, Job, Listener, Music, Summary};
use indicatif::{ProgressBar, ProgressStyle};

use crate::args::RenderArgs;

/// Renders; everything it has to say goes to standard error.
pub fn run(args: &RenderArgs) -> ExitCode {
    let mut console = Console::new(args.piece.sr);
    console.obey_signals();
    let result = job(args).and_then(|job| job.render(&mut console));
    console.finish();
    match result {
        Ok(summary) => {
            tell(args, &summary);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn job(args: &RenderArgs) -> Result<Job, Error> {
    Ok(Job {
        document: args.piece.document.clone(),
        music: Music::given(args.piece.score.as_deref(), args.piece.midi.as_deref()),
        input: args.input.clone(),
        sidechain: args.sidechain.clone(),
        target: Target::new(&args.output, args.format)?,
        sample_rate: args.piece.sr,
        block: args.block,
        ksmps: args.piece.ksmps,
        start: args.start,
        end: args.piece.dur,
        tail: args.piece.tail,
    })
}

fn tell(args: &RenderArgs, summary: &Summary) {
    let written = summary.written;
    if written.clipped > 0 {
        eprintln!(
            "warning: {} samples were beyond full scale and are clipped; float32 keeps them",
            written.clipped
        );
    }
    let seconds = written.frames as f64 / f64::from(args.piece.sr);
    eprintln!(
        "{}: {seconds:.3} s, {} samples",
        args.output.display(),
        written.frames
    );
    if args.stats {
        eprintln!("{}", summary.stats);
    }
}

/// Messages and a progress bar, which is shown on a terminal only.
pub struct Console {
    bar: ProgressBar,
    sample_rate: u64,
    stopped: Arc<AtomicBool>,
}

impl Console {
    /// For a render at a sample rate in Hz.
    pub fn new(sample_rate: u32) -> Self {
        let bar = ProgressBar::no_length();
        if !std::io::stderr().is_terminal() {
            bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
        }
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} s  {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self {
            bar,
            sample_rate: u64::from(sample_rate.max(1)),
            stopped: Arc::default(),
        }
    }
}

impl Console {
    /// The first interrupt ends the render in good order, without a trace on the disk. The second one ends it.
    pub fn obey_signals(&self) {
        let stopped = self.stopped.clone();
        let handler = move || {
            if stopped.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        };
        if let Err(error) = ctrlc::set_handler(handler) {
            eprintln!("warning: an interrupt will leave an unfinished file: {error}");
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Listener for Console {
    fn tell(&mut self, message: &str) {
        self.bar.suspend(|| eprintln!("{}", message.trim_end()));
    }

    fn progress(&mut self, done: u64, expected: u64) {
        self.bar.set_length(expected.max(done) / self.sample_rate);
        self.bar.set_position(done / self.sample_rate);
    }

    fn cancelled(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}
