//! When what happens: notes and parameters as commands at exact samples, and where the music ends.

use super::midi::{MidiPiece, as_host};
use super::problem::Problem;
use super::score::{Note, Param, Score};
use super::song::Song;
use crate::session::command::{Command, NoteAddress, SlotValue, Timed};
use crate::session::program::{ProgramSpec, slot_arg};

/// Notes and parameters in order of time, and the end. The events of a score are not among them: they start synths
/// of the session.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// In order of time.
    pub commands: Vec<Timed>,
    /// Where it ends.
    pub ending: Ending,
    /// Where the song stands.
    pub song: Song,
}

/// What is known of the end before anything sounds, in samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// The end that the score asks for.
    pub asked: Option<u64>,
    /// The end of the last note or event that has one.
    pub finite: Option<u64>,
    /// Something sounds until it is stopped, and nothing stops it.
    pub endless: bool,
}

impl Ending {
    /// Takes the end of a note or an event into account; `None` for one without end.
    pub fn include(&mut self, end: Option<u64>) {
        match end {
            Some(end) => self.finite = Some(self.finite.map_or(end, |finite| finite.max(end))),
            None => self.endless = true,
        }
    }
}

/// The nearest sample to a time in seconds.
pub fn sample_at(seconds: f64, sample_rate: u32) -> u64 {
    (seconds * f64::from(sample_rate)).round() as u64
}

/// Which of two things at the same sample comes first: a note starts with the parameters of its time, and after the
/// notes that make room for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Parameter,
    NoteOff,
    NoteOn,
}

impl Timeline {
    /// Nothing happens, for as long as it lasts.
    pub fn empty(sample_rate: u32) -> Self {
        Self {
            commands: Vec::new(),
            ending: Ending::default(),
            song: Song::steady(sample_rate),
        }
    }

    /// What a MIDI file plays, in its own order. It ends where its longest track does.
    pub fn of_midi(piece: MidiPiece) -> Self {
        let mut ending = Ending::default();
        ending.include(Some(piece.end));
        Self {
            commands: piece.commands,
            ending,
            song: piece.song,
        }
    }

    /// The notes and parameters of a score.
    ///
    /// # Errors
    /// A parameter that the document does not have.
    pub fn of_score(score: &Score, spec: &ProgramSpec, sample_rate: u32) -> Result<Self, Problem> {
        let content = &score.content;
        let mut ending = Ending {
            asked: content.end.map(|end| sample_at(end.get(), sample_rate)),
            ..Ending::default()
        };
        let mut turns = Vec::new();
        for param in &content.params {
            turns.push((Turn::Parameter, parameter(score, param, spec, sample_rate)?));
        }
        for (id, note) in (0..).zip(&content.notes) {
            let end = note
                .dur
                .map(|dur| sample_at(note.at.get() + dur.get(), sample_rate));
            ending.include(end);
            turns.extend(note_commands(id, note, end, sample_rate));
        }
        turns.sort_by_key(|(turn, timed)| (timed.at, *turn));
        Ok(Self {
            commands: turns.into_iter().map(|(_, timed)| timed).collect(),
            ending,
            song: Song::steady(sample_rate),
        })
    }
}

fn parameter(
    score: &Score,
    param: &Param,
    spec: &ProgramSpec,
    sample_rate: u32,
) -> Result<Timed, Problem> {
    let (name, slots) = (param.name.as_ref(), &spec.slots);
    let found = slots
        .iter()
        .find(|(_, entry)| entry.live && entry.name() == *name);
    let slot = found.and_then(|(slot, _)| u8::try_from(slot).ok());
    let slot = slot.ok_or_else(|| {
        let names: Vec<_> = slots
            .iter()
            .filter(|(_, entry)| entry.live)
            .map(|(_, entry)| entry.name())
            .collect();
        let known = if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        };
        score.problem(
            &param.name,
            format!("no parameter {name:?}; the document has: {known}"),
        )
    })?;
    // No host gets outside of the range, or between steps.
    let (asked, moved) = (
        param.value.get(),
        slot_arg(spec, &spec.orchestra, slot.into()),
    );
    let value = moved.map_or(asked, |(_, arg)| arg.range().nearest(asked));
    let value = SlotValue::Plain(value);
    Ok(Timed {
        at: sample_at(param.at.get(), sample_rate),
        command: Command::Slot { slot, value },
    })
}

fn note_commands(
    id: i32,
    note: &Note,
    end: Option<u64>,
    sample_rate: u32,
) -> impl Iterator<Item = (Turn, Timed)> {
    let start = sample_at(note.at.get(), sample_rate);
    let velocity = as_host(note.velocity.get());
    let note = NoteAddress {
        id: Some(id),
        ..NoteAddress::midi(note.channel.get(), note.key.get())
    };
    let on = Timed {
        at: start,
        command: Command::NoteOn { note, velocity },
    };
    // A note of less than a sample still starts before it ends.
    let off = end.map(|end| Timed {
        at: end.max(start + 1),
        command: Command::NoteOff { note },
    });
    let off = off.map(|timed| (Turn::NoteOff, timed));
    std::iter::once((Turn::NoteOn, on)).chain(off)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::problem::SourceText;
    use crate::session::slot::SlotEntry;
    use crate::session::slot::SlotMap;

    fn slots() -> SlotMap {
        let mut slots = SlotMap::default();
        let entry = |argument: &str, live| SlotEntry {
            instr: "synth".into(),
            argument: argument.into(),
            live,
            value: None,
            controller: None,
        };
        slots.bind(0, entry("kold", false));
        slots.bind(1, entry("kcutoff", true));
        slots
    }

    fn timeline(text: &str) -> Result<Timeline, Problem> {
        let score = Score::parse(SourceText::new("a.score.toml", text)).unwrap();
        let spec = ProgramSpec {
            slots: slots(),
            ..ProgramSpec::default()
        };
        Timeline::of_score(&score, &spec, 48_000)
    }

    #[test]
    fn a_sample_serves_parameters_then_ends_then_starts() {
        let text = "[[note]]\nkey = 61\nat = 1\ndur = 1\n[[note]]\nkey = 60\ndur = 1\n\
                    [[param]]\nname = \"synth.kcutoff\"\nat = 1\nvalue = 500";
        let timeline = timeline(text).unwrap();
        let second: Vec<_> = timeline
            .commands
            .iter()
            .filter(|timed| timed.at == 48_000)
            .collect();
        let value = SlotValue::Plain(500.0);
        assert_eq!(second[0].command, Command::Slot { slot: 1, value });
        assert!(matches!(second[1].command, Command::NoteOff { note } if note.key == Some(60)));
        assert!(matches!(second[2].command, Command::NoteOn { note, .. } if note.key == Some(61)));
        assert_eq!(
            timeline.ending,
            Ending {
                asked: None,
                finite: Some(96_000),
                endless: false
            }
        );
    }

    #[test]
    fn times_fall_on_the_nearest_sample() {
        let samples = [0.1001, 0.1003, 0.1005, 0.1007].map(|time| sample_at(time, 48_000));
        assert_eq!(samples, [4805, 4814, 4824, 4834]);
    }

    #[test]
    fn a_note_without_length_is_endless() {
        let timeline = timeline("end = 2\n[[note]]\nkey = 60").unwrap();
        assert_eq!(
            timeline.ending,
            Ending {
                asked: Some(96_000),
                finite: None,
                endless: true
            }
        );
        assert_eq!(timeline.commands.len(), 1);
    }

    #[test]
    fn an_unknown_parameter_is_told_with_the_known_ones() {
        for name in ["synth.kold", "synth.kres", "kcutoff"] {
            let text = format!("[[param]]\nname = \"{name}\"\nvalue = 1");
            let problem = timeline(&text).unwrap_err().to_string();
            assert!(problem.starts_with("a.score.toml:2:8: name: "), "{problem}");
            assert!(problem.ends_with("has: synth.kcutoff"), "{problem}");
        }
    }
}
