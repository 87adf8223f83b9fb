//! Tables of the session and of the document.

use super::Session;
use crate::session::error::Error;
use crate::session::orchestra::{MadeTable, TableSource};
use crate::session::program::ProgramSpec;
use crate::session::table::{self, Content, FileFacts, Holds, NewTable, SoundFile, Table, facts};

impl Session {
    /// Makes a table: from values, or empty in a size. Synths that are scheduled from now on can use it: the next call
    /// that needs code builds a program that has it, off the audio thread.
    ///
    /// # Errors
    /// No values, incomplete frames, values or a sample rate that are no numbers.
    pub fn make_table(&mut self, table: impl Into<NewTable>) -> Result<Table, Error> {
        let new = table.into();
        if let Some(redirected) = self.handler.as_mut().and_then(|it| it.make_table(&new)) {
            return redirected;
        }
        let shape = new.shape()?;
        new.check()?;
        if let Some(same) = self.same_table(&new, shape) {
            return Ok(same);
        }
        let (source, holds) = match &new.content {
            Content::Data(data) => (TableSource::Data(data.clone()), Holds::Data(data.clone())),
            Content::Zeros(size) => (zeros(*size), Holds::Zeros),
        };
        let kept = matches!(holds, Holds::Zeros);
        let number = self.add_table(MadeTable { source, kept });
        let table = Table::new(number, shape, new.sample_rate, holds);
        self.tables.enter(&table, new.free_with_handles);
        Ok(table)
    }

    /// Reads a sound file into a table, or finds the one that it was read into before. Blocks while it is read; synths
    /// that are scheduled from now on can use it.
    ///
    /// # Errors
    /// A file that is not there, that Csound cannot read, without the channel, or shorter than what is skipped.
    pub fn read_soundfile(&mut self, file: impl Into<SoundFile>) -> Result<Table, Error> {
        let file = file.into();
        if let Some(redirected) = self
            .handler
            .as_mut()
            .and_then(|it| it.read_soundfile(&file))
        {
            return redirected;
        }
        let file = file.found()?;
        if let (false, Some(known)) = (file.force, self.tables.of_file(&file)) {
            return Ok(known.clone());
        }
        let about = facts(&file)?;
        let source = TableSource::File {
            path: file.path.to_string_lossy().into_owned(),
            channel: file.channel,
            skip: file.skip,
        };
        let kept = false;
        let number = self.add_table(MadeTable { source, kept });
        let table = of_file(number, about, file);
        self.tables.enter(&table, false);
        Ok(table)
    }

    /// Frees a table of the session `delay` seconds from now; see [`Table::free`]. Tables of the document stay.
    ///
    /// # Errors
    /// A bad delay.
    pub fn free_table(&mut self, table: &Table, delay: f64) -> Result<(), Error> {
        let at = self.hub.lock().after(delay)?;
        if delay > 0.0 {
            self.tables.free_at(at, table.clone());
        } else if self.spec.orchestra.made.contains_key(&table.number()) {
            table.free();
        }
        self.sweep_tables();
        Ok(())
    }

    /// The table of the session with that number, as instruments know it.
    pub fn find_table(&mut self, number: u32) -> Option<Table> {
        self.sweep_tables();
        self.tables.find(number).cloned()
    }

    /// The tables that sound files were read into and that are not freed, in the order of their numbers.
    pub fn sound_files(&self) -> Vec<Table> {
        self.tables.of_files().cloned().collect()
    }

    /// Hands out tables of its own for the sound files that another session has read, whose spec it has.
    pub(crate) fn know_sound_files(&mut self, other: &Session) {
        for table in other.tables.of_files() {
            self.tables.enter(&table.again(), false);
        }
    }

    /// A table of the document by its name without `@`. A sound file is read for what is to be known of it, which
    /// blocks.
    ///
    /// # Errors
    /// No such table, a file that cannot be read.
    pub fn table(&self, name: &str) -> Result<Table, Error> {
        let unknown = || Error::UnknownTable(name.to_owned());
        let orchestra = &self.spec.orchestra;
        let mut tables = orchestra.tables.iter();
        let found = tables.find(|table| table.name == name);
        let source = &found.ok_or_else(unknown)?.source;
        let number = orchestra.table_number(name).ok_or_else(unknown)?;
        match source {
            TableSource::Data(data) => {
                let holds = Holds::Data(data.clone());
                Ok(Table::new(number, (1, data.len()), None, holds))
            }
            TableSource::Gen(values) => {
                let size = values.first().map_or(0.0, |size| size.abs()) as usize;
                Ok(Table::new(number, (1, size), None, Holds::Generated))
            }
            TableSource::File {
                path,
                channel,
                skip,
            } => {
                let file = SoundFile::new(path).channel(*channel).skip(*skip).found()?;
                Ok(of_file(number, facts(&file)?, file))
            }
        }
    }

    /// Takes out the tables that were freed.
    pub(super) fn sweep_tables(&mut self) {
        let now = self.hub.lock().now();
        for number in self.tables.sweep(now) {
            self.stale |= self.spec.orchestra.made.remove(&number).is_some();
        }
    }

    /// Gives a spec the tables that the session has made; whether it did not have them all.
    pub(super) fn keep_tables(&self, spec: &mut ProgramSpec) -> bool {
        let made = &mut spec.orchestra.made;
        let before = made.len();
        for (number, table) in &self.spec.orchestra.made {
            made.entry(*number).or_insert_with(|| table.clone());
        }
        made.len() > before
    }

    /// The table that does as well.
    fn same_table(&self, new: &NewTable, (channels, frames): (u32, usize)) -> Option<Table> {
        let Content::Data(data) = &new.content else {
            return None;
        };
        let made = new.shared.then_some(&self.spec.orchestra.made)?;
        let same =
            |table: &MadeTable| matches!(&table.source, TableSource::Data(own) if own == data);
        let numbers = made.iter().filter(|(_, table)| same(table));
        let mut tables = numbers.filter_map(|(number, _)| self.tables.find(*number));
        let shape = (channels, frames, new.sample_rate);
        tables
            .find(|table| (table.channels(), table.frames(), table.sample_rate()) == shape)
            .cloned()
    }

    fn add_table(&mut self, table: MadeTable) -> u32 {
        let made = &mut self.spec.orchestra.made;
        let last = made.last_key_value().map(|(number, _)| *number);
        let number = self.tables.number(last);
        made.insert(number, table);
        self.stale = true;
        number
    }
}

fn of_file(number: u32, about: FileFacts, file: SoundFile) -> Table {
    let shape = (about.channels, about.frames);
    let holds = table::of_file(file, about.sample_rate, about.frames);
    Table::new(number, shape, Some(about.sample_rate), holds)
}

/// So many zeros, as `ftgen` makes them.
fn zeros(size: usize) -> TableSource {
    TableSource::Gen(vec![-(size as f64), -2.0, 0.0])
}
