//! The project's commands: `cargo xtask COMMAND`.
//!
//! This program builds and runs on a machine that has nothing but Rust and a C linker. It installs what the plugin
//! needs, and it never links the plugin: it builds it, bundles it and loads the bundle as a DAW would.

mod bench;
mod bundle;
mod daw;
mod demo;
mod install;
mod library;
mod package;
mod play;
mod python;
mod setup;
mod soak;
mod spectra;
mod test;
mod validate;
mod workspace;

use anyhow::{Result, bail};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask demo [OPTIONS]    installs what is missing, builds the plugins, plays them, writes target/demo/
cargo xtask test              everything that must pass, from a fresh checkout
cargo xtask bench [--long]    measures against bare Csound; writes target/bench.json and docs/performance.md
cargo xtask library           plays the factory documents; writes docs/library.md and its pictures
cargo xtask soak MINUTES      plays, edits, saves and loads at random, and checks that nothing breaks or grows
cargo xtask storm EDITS [same|other]
                              edits under a held chord in real time, on the builder's core and on another one
cargo xtask fuzz MINUTES      feeds every reader of files with spoilt ones
cargo xtask setup             installs what is missing, or says what to install
cargo xtask bundle [OPTIONS]  builds target/bundled/*.clap and *.vst3
cargo xtask install           puts the bundles into your plugin folders; uninstall takes them away again
cargo xtask package [--check] makes an archive that plays without Csound installed; --check plays it in a clean root
cargo xtask play CLAP         loads a plugin file as a DAW does, and plays a note
cargo xtask daw [OPTIONS]     installs Ardour, plays the plugins in it, compares the bounces with render's
cargo xtask validate PATH...  runs the validators at these paths (clap-validator, validator, pluginval) on the bundles
OPTIONS go to cargo build or cargo bench; bundles are built with --release if there are none";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let (command, rest) = match arguments {
        [command, rest @ ..] => (command.as_str(), rest),
        [] => ("help", &[][..]),
    };
    if let ("play", [clap]) = (command, rest) {
        return play::run(clap.as_ref());
    }
    workspace::enter()?;
    match (command, rest) {
        ("demo", options) => demo::run(options),
        ("test", []) => test::run(),
        ("bench", options) => bench::run(options),
        ("daw", options) => daw::run(options),
        ("library", []) => library::run(),
        ("setup", []) => setup::run(),
        ("soak", [minutes]) => soak::soak(minutes),
        ("storm", [edits]) => soak::storm(edits, None),
        ("storm", [edits, cores]) if ["same", "other"].contains(&cores.as_str()) => {
            soak::storm(edits, Some(cores))
        }
        ("fuzz", [minutes]) => soak::fuzz(minutes),
        ("bundle", options) => setup::packages().and_then(|()| bundle::run(options)),
        ("install", []) => bundle::run(&[]).and_then(|()| install::install()),
        ("uninstall", []) => install::uninstall(),
        ("package", options) => package::run(options),
        ("validate", validators @ [_, ..]) => validate::run(validators),
        ("help" | "--help" | "-h", _) => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("cannot do `{}`\n\n{USAGE}", arguments.join(" ")),
    }
}
