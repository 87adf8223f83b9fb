//! What instruments send to the host: the ring in which `noteout` and `ccout` leave their records.

use crate::csound::{Csound, Table};
use crate::session::orchestra::{NoteOutLayout, RECORD_CELLS};
use crate::session::outbox::{Outbox, Sent};

/// Kinds of records.
const NOTE: f64 = 1.0;
const CONTROLLER: f64 = 2.0;

/// The ring of one program.
pub(super) struct NoteOut {
    table: Table,
    capacity: u64,
    /// Records read or given up.
    read: u64,
}

impl NoteOut {
    pub(super) fn new(csound: &mut Csound, layout: &NoteOutLayout) -> Option<Self> {
        Some(Self {
            table: csound.table(layout.table)?,
            capacity: u64::from(layout.capacity),
            read: 0,
        })
    }

    /// Forgets what was written so far: warm-up is not music. Realtime-safe.
    pub(super) fn skip(&mut self, csound: &Csound) {
        self.read = written(csound.cells(&self.table));
    }

    /// Sends what the last cycle has left. What it has overwritten itself is counted as dropped. Realtime-safe.
    pub(super) fn drain(&mut self, csound: &Csound, outbox: &mut Outbox) {
        let cells = csound.cells(&self.table);
        let written = written(cells);
        let lost = (written - self.read.min(written)).saturating_sub(self.capacity);
        (0..lost).for_each(|_| outbox.count_dropped());
        for index in self.read + lost..written {
            let at = 1 + (index % self.capacity) as usize * RECORD_CELLS as usize;
            match cells.get(at..at + RECORD_CELLS as usize).and_then(read) {
                Some(record) => outbox.send(record),
                None => outbox.count_dropped(),
            }
        }
        self.read = written;
    }
}

/// How many records were ever written; code of the text may have stored anything there.
fn written(cells: &[f64]) -> u64 {
    cells.first().map_or(0, |&count| count as u64)
}

/// A record, if it is one that MIDI has a place for.
fn read(record: &[f64]) -> Option<Sent> {
    let &[kind, number, value, duration, offset] = record else {
        return None;
    };
    let number = seven_bits(number)?;
    let value = Some(value.clamp(0.0, 1.0)).filter(|value| value.is_finite())?;
    let offset = Some(offset.max(0.0)).filter(|offset| offset.is_finite())?;
    if kind == NOTE {
        Some(Sent::Note {
            key: number,
            velocity: value,
            duration: duration.max(0.0),
            offset,
        })
    } else if kind == CONTROLLER {
        Some(Sent::Controller {
            number,
            value,
            offset,
        })
    } else {
        None
    }
}

fn seven_bits(number: f64) -> Option<u8> {
    let number = number.round();
    (0.0..=127.0).contains(&number).then_some(number as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_that_midi_cannot_carry_are_refused() {
        assert!(read(&[1.0, 60.4, 2.0, 1.0, 0.0]).is_some());
        for record in [
            [1.0, 128.0, 0.5, 1.0, 0.0],
            [1.0, f64::NAN, 0.5, 1.0, 0.0],
            [1.0, 60.0, f64::NAN, 1.0, 0.0],
            [1.0, 60.0, 0.5, 1.0, f64::INFINITY],
            [3.0, 60.0, 0.5, 1.0, 0.0],
        ] {
            assert_eq!(read(&record), None, "{record:?}");
        }
    }
}
