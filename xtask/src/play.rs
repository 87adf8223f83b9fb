//! A plugin file, loaded as a DAW loads it, plays a note of the document that it starts with.

use anyhow::{Result, bail};
use std::path::Path;
use test_hosts::measure::peak;
use test_hosts::{Binary, Event, Note, Take};

const RATE: u32 = 48_000;
const VELOCITY: f64 = 0.8;

/// Fails, with the reason, if the file is no plugin or the note is not heard.
pub fn run(clap: &Path) -> Result<()> {
    let binary = Binary::load(clap)?;
    let mut plugin = binary.open("Csound Session")?;
    plugin.activate(f64::from(RATE), 512)?;
    let note = Note::key(69);
    let take = Take::new(RATE as usize)
        .at(0, Event::NoteOn(note, VELOCITY))
        .at(RATE as usize / 2, Event::NoteOff(note));
    let loudest = peak(plugin.play(&take)?.left());
    if loudest == 0.0 {
        bail!("{} stays silent", clap.display());
    }
    println!(
        "{} plays a note, {loudest:.3} at its loudest",
        clap.display()
    );
    Ok(())
}
