//! Sounds that a session plays by itself: samples, partials, a test of the channels.
//!
//! Each is an Instr like any other, under a name that begins with a dot. It joins the orchestra when it is first asked
//! for, at the priority it is asked for, so it costs nothing before.

mod partials;
mod sample;
mod source;
mod test;

pub(super) use partials::packed;
pub use partials::{PartialsSource, PlayPartials};
pub use sample::{PlaySample, SampleSource};
pub use source::Source;
pub use test::{TestAudio, TestMode};

use super::error::Error;
use super::instr::Instr;
use super::orchestra::OrchestraSpec;

/// The Instr that plays a sample from a table.
pub(super) const PLAY_SAMPLE: &str = ".playSample";
/// The Instr that plays partials from a table.
pub(super) const PLAY_PARTIALS: &str = ".playPartials";
/// The Instr that sounds one channel after the other.
pub(super) const TEST_AUDIO: &str = ".testAudio";

/// The Instr of that name, if it is one of the session's own.
pub(crate) fn built_in(name: &str) -> Option<Result<Instr, Error>> {
    let body = match name {
        PLAY_SAMPLE => include_str!("sound/play_sample.orc"),
        PLAY_PARTIALS => include_str!("sound/play_partials.orc"),
        TEST_AUDIO => include_str!("sound/test_audio.orc"),
        _ => return None,
    };
    let instr = Instr::builder(name, body);
    let instr = match name {
        PLAY_SAMPLE => instr.aliases([("speed", "kspeed"), ("gain", "kgain"), ("pan", "kpan")]),
        PLAY_PARTIALS => instr.init(include_str!("sound/play_partials_init.orc")),
        _ => instr,
    };
    Some(instr.build().map_err(Error::Code))
}

/// Adds an Instr to an orchestra, if it is one of the session's own and not there yet. Its index, if it is one.
pub(crate) fn add_built_in(spec: &mut OrchestraSpec, name: &str) -> Result<Option<usize>, Error> {
    let known = |spec: &OrchestraSpec| spec.instrs.iter().position(|instr| instr.name() == name);
    match (built_in(name), known(spec)) {
        (None, _) => Ok(None),
        (Some(_), Some(index)) => Ok(Some(index)),
        (Some(instr), None) => {
            spec.instrs.push(instr?);
            Ok(known(spec))
        }
    }
}

/// Whether an Instr is one of the session's own.
pub(crate) fn is_built_in(name: &str) -> bool {
    [PLAY_SAMPLE, PLAY_PARTIALS, TEST_AUDIO].contains(&name)
}

/// A number within bounds, or an error that names it.
fn within(what: &str, value: f64, bounds: std::ops::RangeInclusive<f64>) -> Result<f64, Error> {
    if bounds.contains(&value) {
        Ok(value)
    } else {
        Err(Error::OutOfRange {
            what: what.to_owned(),
            value,
            lowest: *bounds.start(),
            highest: *bounds.end(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_instr() {
        for name in [PLAY_SAMPLE, PLAY_PARTIALS, TEST_AUDIO] {
            let instr = built_in(name).unwrap().unwrap();
            assert!(is_built_in(name) && instr.name() == name);
        }
        assert!(built_in("playSample").is_none() && !is_built_in(".other"));
    }
}
