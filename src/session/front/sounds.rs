//! Samples, partials and the test of the channels.

use super::Session;
use crate::session::error::Error;
use crate::session::event::Event;
use crate::session::sched::Sched;
use crate::session::sound::{
    PLAY_PARTIALS, PLAY_SAMPLE, PartialsSource, PlayPartials, PlaySample, SampleSource, TEST_AUDIO,
    TestAudio, add_built_in, packed,
};
use crate::session::synth::Synth;

impl Session {
    /// Plays a sample: a table, a sound file, or values. See [`PlaySample`] for how, [`Sched`] for when, how long and
    /// what comes after; a length there leaves a fade out after it. A file or values that are new are made a table
    /// first, which blocks and builds a program; for samples that must come in time, make the tables beforehand.
    ///
    /// # Errors
    /// A file that cannot be read, values that make no table, a setting out of range, and those of [`Session::sched`].
    pub fn play_sample(
        &mut self,
        source: impl Into<SampleSource>,
        sched: Sched,
        how: PlaySample,
    ) -> Result<Synth, Error> {
        let event = self.make_sample_event(source, sched, how)?;
        self.sched_event(&event)
    }

    /// The event of [`Session::play_sample`], for whoever wants to schedule it with others or more than once.
    ///
    /// # Errors
    /// As [`Session::play_sample`], those of scheduling left aside.
    pub fn make_sample_event(
        &mut self,
        source: impl Into<SampleSource>,
        sched: Sched,
        how: PlaySample,
    ) -> Result<Event, Error> {
        let table = match source.into() {
            SampleSource::Table(table) => table,
            SampleSource::File(file) => self.read_soundfile(file)?,
            SampleSource::Data(data) => self.make_table(data.free_with_handles())?,
        };
        Ok(Event::new(PLAY_SAMPLE, how.sched(sched, &table)?))
    }

    /// Plays partials: rows, a table of them, or a `.mtx` file. See [`PlayPartials`] for how, [`Sched`] for when, how
    /// long and what comes after. What is new is made a table first, as in [`Session::play_sample`].
    ///
    /// # Errors
    /// A file that cannot be read, `.sdif` among them; rows that are none; a setting out of range; and those of
    /// [`Session::sched`].
    pub fn play_partials(
        &mut self,
        source: impl Into<PartialsSource>,
        sched: Sched,
        how: PlayPartials,
    ) -> Result<Synth, Error> {
        let table = match source.into() {
            PartialsSource::Table(table) => table,
            PartialsSource::Data(rows) => self.make_table(packed(&rows)?.free_with_handles())?,
            PartialsSource::File(file) => {
                if file.path().extension().is_some_and(|kind| kind == "sdif") {
                    let path = file.path().display().to_string();
                    let reason = "SDIF is not understood; save the partials as .mtx".to_owned();
                    return Err(Error::File { path, reason });
                }
                self.read_soundfile(file)?
            }
        };
        self.sched(PLAY_PARTIALS, how.sched(sched, &table)?)
    }

    /// Sounds one output channel after the other.
    ///
    /// # Errors
    /// A setting out of range, and those of [`Session::sched`].
    pub fn test_audio(&mut self, test: TestAudio) -> Result<Synth, Error> {
        self.sched(TEST_AUDIO, test.sched()?)
    }

    /// Adds one of the session's own Instrs when it is first asked for, at a priority if that is known.
    pub(super) fn add_built_in(&mut self, instr: &str, priority: Option<u16>) -> Result<(), Error> {
        let orchestra = &mut self.spec.orchestra;
        let Some(index) = add_built_in(orchestra, instr)? else {
            return Ok(());
        };
        let place = priority.map(|priority| (index, u32::from(priority)));
        if let Some(place) = place.filter(|place| !orchestra.places.contains(place)) {
            orchestra.places.push(place);
            self.stale = true;
        }
        Ok(())
    }
}
