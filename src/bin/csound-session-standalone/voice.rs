//! What nice-plug says while it runs, on standard error.

use std::io::{Result, Write, stderr};
use tracing_subscriber::FmtSubscriber;

/// Has it said here, before nice-plug arranges for more than a person wants to read.
pub fn install() {
    let voice = FmtSubscriber::builder()
        .with_target(false)
        .without_time()
        .with_ansi(false)
        .with_writer(|| Voice);
    // Only the first one counts, and this is the first.
    let _ = voice.try_init();
}

struct Voice;

/// What is no news to anybody: nice-plug's own handler for Ctrl+C comes second, because it ends nothing while a window is
/// open; and nobody needs the latency where no host makes up for it.
const NO_NEWS: [&str; 2] = [
    "Error setting close signal callback",
    "Standalones currently don't support latency reporting",
];

impl Write for Voice {
    fn write(&mut self, line: &[u8]) -> Result<usize> {
        let text = String::from_utf8_lossy(line);
        if !NO_NEWS.iter().any(|known| text.contains(known)) {
            stderr().write_all(line)?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> Result<()> {
        stderr().flush()
    }
}
