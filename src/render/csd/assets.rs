//! The tables of a CSD, and the files beside it for those that are too long for a score.

use std::fs;
use std::path::{Path, PathBuf};

use super::score::number;
use crate::render::problem::Problem;
use crate::render::soundfile::{Encoding, SoundWriter, Target};
use crate::session::orchestra::{Layout, OrchestraSpec, TableSource};

/// More values than these stand in a file.
const LONGEST_IN_SCORE: usize = 1000;
/// The first number of a table that is only there for the score.
const FIRST_TABLE: u32 = 9501;

/// Tables and files, collected before anything is written.
pub struct Assets {
    /// The folder, and what it is called from the CSD.
    folder: PathBuf,
    called: String,
    sample_rate: u32,
    next: u32,
    statements: String,
    fills: Vec<Fill>,
    files: Vec<(String, Content)>,
}

/// A table of the document that gets its values from another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The document's.
    pub to: u32,
    /// Where the values are.
    pub from: u32,
    /// What the document calls it.
    pub name: String,
}

enum Content {
    Copy(PathBuf),
    Values(Vec<f64>),
}

impl Assets {
    /// None yet, for this CSD.
    pub fn new(csd: &Path, sample_rate: u32) -> Self {
        let stem = csd.file_stem().unwrap_or_default().to_string_lossy();
        let called = format!("{stem}.assets");
        Self {
            folder: csd.with_file_name(&called),
            called,
            sample_rate,
            next: FIRST_TABLE,
            statements: String::new(),
            fills: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Makes the sound files of an orchestra files of the CSD.
    pub fn take_sounds(&mut self, spec: &mut OrchestraSpec) {
        for table in &mut spec.tables {
            if let TableSource::File { path, .. } = &mut table.source {
                let from = PathBuf::from(&*path);
                let name = from.file_name().unwrap_or_default().to_string_lossy();
                *path = self.add(&name, Content::Copy(from.clone()));
            }
        }
    }

    /// Takes the tables that the document gives as numbers.
    pub fn take_data(&mut self, spec: &OrchestraSpec, layout: &Layout) {
        for (table, place) in spec.tables.iter().zip(&layout.tables) {
            match &table.source {
                TableSource::Data(values) if values.len() > LONGEST_IN_SCORE => {
                    let from = self.long(values, &format!("table-{}", table.name));
                    let name = table.name.clone();
                    self.fills.push(Fill {
                        to: place.number,
                        from,
                        name,
                    });
                }
                TableSource::Data(values) => self.short(place.number, values, &table.name),
                _ => {}
            }
        }
    }

    /// A table with the values of a curve: its number.
    pub fn curve(&mut self, values: &[f64], about: &str) -> u32 {
        if values.len() > LONGEST_IN_SCORE {
            return self.long(values, &format!("curve-{}", self.next));
        }
        let number = self.next;
        self.next += 1;
        self.short(number, values, about);
        number
    }

    /// The statements of all tables; asked for when the score is complete.
    pub fn short_tables(&self) -> String {
        self.statements.clone()
    }

    /// The document's tables that are filled from files.
    pub fn fills(&self) -> Vec<Fill> {
        self.fills.clone()
    }

    /// Writes the files.
    ///
    /// # Errors
    /// Those of the file system, and a sound file that is gone.
    pub fn save(&self) -> Result<(), Problem> {
        if self.files.is_empty() {
            return Ok(());
        }
        let fails = |error: std::io::Error| {
            Problem::of_file(&self.folder, format!("cannot be written: {error}"))
        };
        fs::create_dir_all(&self.folder).map_err(fails)?;
        for (name, content) in &self.files {
            let path = self.folder.join(name);
            match content {
                Content::Copy(from) => {
                    fs::copy(from, &path).map_err(|error| {
                        Problem::of_file(from, format!("cannot be copied: {error}"))
                    })?;
                }
                Content::Values(values) => self.save_values(&path, values)?,
            }
        }
        Ok(())
    }

    fn save_values(&self, path: &Path, values: &[f64]) -> Result<(), Problem> {
        let target = Target::new(path, Some(Encoding::Float64))?;
        let mut writer = SoundWriter::create(target, self.sample_rate, 1)?;
        writer.write(values)?;
        writer.finish()?;
        Ok(())
    }

    fn short(&mut self, number_: u32, values: &[f64], about: &str) {
        let values: Vec<_> = values.iter().map(|value| number(*value)).collect();
        let (count, list) = (values.len(), values.join(" "));
        let comment = if about.is_empty() {
            String::new()
        } else {
            format!("  ; {about}")
        };
        self.statements += &format!("f {number_} 0 -{count} -2 {list}{comment}\n");
    }

    fn long(&mut self, values: &[f64], name: &str) -> u32 {
        let number = self.next;
        self.next += 1;
        let path = self.add(&format!("{name}.wav"), Content::Values(values.to_vec()));
        self.statements += &format!("f {number} 0 0 -1 {path:?} 0 0 1\n");
        number
    }

    /// A file of this name or one like it: what the CSD calls it.
    fn add(&mut self, name: &str, content: Content) -> String {
        let same = |own: &&(String, Content)| match (&own.1, &content) {
            (Content::Copy(own), Content::Copy(other)) => own == other,
            _ => false,
        };
        if let Some((known, _)) = self.files.iter().find(same) {
            return format!("{}/{known}", self.called);
        }
        let taken = |name: &str| self.files.iter().any(|(known, _)| known == name);
        let free = (1..).map(|number| match number {
            1 => name.to_owned(),
            _ => format!("{number}-{name}"),
        });
        // There are more numbers than files.
        let name = free
            .into_iter()
            .find(|name| !taken(name))
            .unwrap_or_default();
        let called = format!("{}/{name}", self.called);
        self.files.push((name, content));
        called
    }
}
