//! Several synths as one.

use super::error::Error;
use super::line::Line;
use super::synth::{Automation, Synth};
use std::ops::Deref;
use std::time::{Duration, Instant};

/// Synths that are set, automated and stopped together. Reads as a slice of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SynthGroup {
    synths: Vec<Synth>,
}

impl SynthGroup {
    /// A group of these synths.
    pub fn new(synths: impl IntoIterator<Item = Synth>) -> Self {
        Self {
            synths: synths.into_iter().collect(),
        }
    }

    /// Takes more synths in.
    pub fn extend(&mut self, synths: impl IntoIterator<Item = Synth>) {
        self.synths.extend(synths);
    }

    /// Sets controls of every synth that has them and has not ended, `delay` seconds from now.
    ///
    /// # Errors
    /// A control that no synth has; all synths ended; what [`Synth::set`] refuses.
    pub fn set<'a>(
        &self,
        values: impl IntoIterator<Item = (&'a str, f64)>,
        delay: f64,
    ) -> Result<(), Error> {
        let values: Vec<(&str, f64)> = values.into_iter().collect();
        for (name, _) in &values {
            self.knowing(name)?;
        }
        let mut reached = false;
        for synth in &self.synths {
            let known =
                |(name, _): &&(&str, f64)| super::synth::control(synth.instr(), name).is_ok();
            let own: Vec<(&str, f64)> = values.iter().filter(known).copied().collect();
            if !own.is_empty() {
                reached |= lives(synth.set(own, delay))?.is_some();
            }
        }
        if reached || values.is_empty() {
            Ok(())
        } else {
            Err(Error::Stopped)
        }
    }

    /// Lets a control of every synth that has it follow a line; one entry for each synth, `None` where it has ended or
    /// has no such control.
    ///
    /// # Errors
    /// A control that no synth has; what [`Synth::automate`] refuses.
    pub fn automate(
        &self,
        param: &str,
        line: impl Into<Line>,
        delay: f64,
    ) -> Result<Vec<Option<Automation>>, Error> {
        self.knowing(param)?;
        let line = line.into();
        let automate = |synth: &Synth| match super::synth::control(synth.instr(), param) {
            Ok(_) => lives(synth.automate(param, line.clone(), delay)),
            Err(_) => Ok(None),
        };
        self.synths.iter().map(automate).collect()
    }

    /// Stops every synth, `delay` seconds from now.
    ///
    /// # Errors
    /// A bad delay, a full queue.
    pub fn stop(&self, delay: f64) -> Result<(), Error> {
        self.synths.iter().try_for_each(|synth| synth.stop(delay))
    }

    /// Whether any of them sounds.
    pub fn playing(&self) -> bool {
        self.synths.iter().any(Synth::playing)
    }

    /// Whether all of them have ended.
    pub fn finished(&self) -> bool {
        self.synths.iter().all(Synth::finished)
    }

    /// Blocks while any of them sounds, `limit` at most. True if none does.
    pub fn wait(&self, limit: Duration) -> bool {
        let begin = Instant::now();
        self.synths
            .iter()
            .all(|synth| synth.wait(limit.saturating_sub(begin.elapsed())))
    }

    /// The value of an argument in the first synth that has one.
    pub fn param_value(&self, name: &str) -> Option<f64> {
        self.synths.iter().find_map(|synth| synth.param_value(name))
    }

    /// Session time of the first start in seconds; `None` for an empty group.
    pub fn start(&self) -> Option<f64> {
        self.synths.iter().map(Synth::start).reduce(f64::min)
    }

    /// Session time of the last nominal end in seconds; `None` for an empty group.
    pub fn end(&self) -> Option<f64> {
        self.synths.iter().map(Synth::end).reduce(f64::max)
    }

    /// Makes sure that some synth has the control.
    fn knowing(&self, param: &str) -> Result<(), Error> {
        let mut known = self
            .synths
            .iter()
            .map(|synth| super::synth::control(synth.instr(), param));
        match known.clone().find(Result::is_ok).or_else(|| known.next()) {
            Some(found) => found.map(|_| ()),
            None => Err(Error::Stopped),
        }
    }
}

impl Deref for SynthGroup {
    type Target = [Synth];

    fn deref(&self) -> &[Synth] {
        &self.synths
    }
}

/// A synth that has ended is no reason to refuse what is asked of the others.
fn lives<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Err(Error::Stopped) => Ok(None),
        other => other.map(Some),
    }
}
