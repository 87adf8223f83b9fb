//! The project's commands: `cargo xtask COMMAND`.
//!
//! This program builds and runs on a machine that has nothing but Rust and a C linker. It installs what the plugin
//! needs, and it never links the plugin: it builds it, bundles it and loads the bundle as a DAW would.

mod bench;
mod bundle;
mod demo;
mod python;
mod setup;
mod soak;
mod test;
mod validate;
mod workspace;

use anyhow::{Result, bail};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask demo [OPTIONS]    installs what is missing, builds the plugins, plays them, writes target/demo/
cargo xtask test              everything that must pass, from a fresh checkout
cargo xtask bench             measures speed against bare Csound; writes target/bench.json
cargo xtask soak MINUTES      plays, edits, saves and loads at random, and checks that nothing breaks or grows
cargo xtask setup             installs what is missing, or says what to install
cargo xtask bundle [OPTIONS]  builds target/bundled/*.clap and *.vst3
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
    workspace::enter()?;
    match (command, rest) {
        ("demo", options) => demo::run(options),
        ("test", []) => test::run(),
        ("bench", []) => bench::run(),
        ("setup", []) => setup::run(),
        ("soak", [minutes]) => soak::run(minutes),
        ("bundle", options) => setup::packages().and_then(|()| bundle::run(options)),
        ("validate", validators @ [_, ..]) => validate::run(validators),
        ("help" | "--help" | "-h", _) => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("cannot do `{}`\n\n{USAGE}", arguments.join(" ")),
    }
}
