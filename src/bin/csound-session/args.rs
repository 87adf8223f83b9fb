//! What can be asked for.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use csound_session::render::BlockSize;
use csound_session::render::soundfile::Encoding;

/// Csound sessions from the command line.
#[derive(Debug, Parser)]
#[command(name = "csound-session", version, subcommand_required = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Play a document into a sound file, sample by sample as the plugin does.
    Render(RenderArgs),
    /// Say what is wrong with a document. Exit code 0 if nothing is.
    Check(CheckArgs),
    /// List the host parameters that a document has.
    Params(ParamsArgs),
    /// Write a CSD that the csound command renders to the same sound.
    ExportCsd(ExportArgs),
    /// Make a document of a CSD, Cabbage's widgets included, and list what has no counterpart.
    Import(ImportArgs),
    /// Play a document live, with its window, outside of any host. `run --help` lists its options.
    #[command(disable_help_flag = true)]
    Run(RunArgs),
    /// Put all documents, those of your own folder too, where VST3 hosts look for presets.
    Vst3Presets(PresetsArgs),
}

#[derive(Debug, Args)]
pub struct RunArgs {
    /// The document (.toml), and options.
    #[arg(
        value_name = "DOC",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub all: Vec<OsString>,
}

/// What is played, and how, whatever becomes of it.
#[derive(Debug, Args)]
pub struct Piece {
    /// The document (.toml).
    #[arg(value_name = "DOC")]
    pub document: PathBuf,
    /// The score to play (.score.toml).
    #[arg(long, value_name = "SCORE", conflicts_with = "midi")]
    pub score: Option<PathBuf>,
    /// The Standard MIDI file to play.
    #[arg(long, value_name = "FILE.mid")]
    pub midi: Option<PathBuf>,
    /// Sample rate in Hz.
    #[arg(long, value_name = "HZ", default_value_t = 48_000)]
    pub sr: u32,
    /// Samples per cycle, 1 to 128, instead of the document's.
    #[arg(long, value_name = "N")]
    pub ksmps: Option<u32>,
    /// Where the output ends, in seconds of session time, instead of where the music does.
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    pub dur: Option<f64>,
    /// Seconds to go on after the end.
    #[arg(
        long,
        value_name = "S",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    pub tail: f64,
}

#[derive(Debug, Args)]
pub struct RenderArgs {
    #[command(flatten)]
    pub piece: Piece,
    /// The sound file to write: .wav or .flac.
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
    /// What an effect hears: a WAV, FLAC or AIFF file, mono or stereo.
    #[arg(long, value_name = "IN.wav")]
    pub input: Option<PathBuf>,
    /// What an effect hears on its sidechain.
    #[arg(long, value_name = "IN.wav")]
    pub sidechain: Option<PathBuf>,
    /// Samples per block, or "random". Makes no difference to the output.
    #[arg(long, value_name = "N|random", default_value = "512")]
    pub block: BlockSize,
    /// Where the output begins, in seconds of session time.
    #[arg(
        long,
        value_name = "S",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    pub start: f64,
    /// Sample format: pcm16, pcm24, pcm32, float32 (WAV if not given) or float64; pcm16 or pcm24 (FLAC if not given).
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Encoding>,
    /// Say what it cost.
    #[arg(long)]
    pub stats: bool,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    pub piece: Piece,
    /// The CSD to write. Sound files and long tables go into a folder beside it.
    #[arg(short, long, value_name = "OUT.csd")]
    pub output: PathBuf,
    /// Sample format of what csound will write: pcm16, pcm24, pcm32, float32 (if not given) or float64.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Encoding>,
}

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The CSD.
    #[arg(value_name = "FILE.csd")]
    pub csd: PathBuf,
    /// The document to write (.toml).
    #[arg(short, long, value_name = "DOC.toml")]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct PresetsArgs {
    /// Where to put them, instead of the user's folder of VST3 presets.
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// Take away what an earlier call has put there.
    #[arg(long)]
    pub remove: bool,
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The document (.toml).
    #[arg(value_name = "DOC", required_unless_present = "child")]
    pub document: Option<PathBuf>,
    /// Print the verdict as JSON on standard output.
    #[arg(long)]
    pub json: bool,
    /// Sample rate in Hz.
    #[arg(long, value_name = "HZ", default_value_t = 48_000)]
    pub sr: u32,
    /// Be the process in which a document is tried out.
    #[arg(long, hide = true)]
    pub child: bool,
}

#[derive(Debug, Args)]
pub struct ParamsArgs {
    /// The document (.toml).
    #[arg(value_name = "DOC")]
    pub document: PathBuf,
    /// Print the parameters as JSON.
    #[arg(long)]
    pub json: bool,
}
