//! Tables and control channels: memory of an instance that the host reads and writes directly.

use std::ffi::{CString, c_int};
use std::ptr::{self, NonNull};

use super::instance::Csound;

/// A function table, by number. Its memory is looked up at each access, because the text may make the table anew; the
/// lookup is an array access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    number: c_int,
    length: usize,
}

impl Table {
    /// Its number in the text.
    pub fn number(&self) -> u32 {
        self.number.unsigned_abs()
    }

    /// Cells it had when it was asked for, without the guard point.
    pub fn len(&self) -> usize {
        self.length
    }

    /// True if it had no cells.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }
}

/// A control channel of one instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channel {
    instance: u32,
    index: usize,
}

impl Csound {
    /// The table of this number, if there is one; tables exist once the instance has started. A table that loads its
    /// sound file late (GEN01 of size 0) loads it now.
    pub fn table(&mut self, number: u32) -> Option<Table> {
        let number = c_int::try_from(number).ok()?;
        let (_, length) = self.table_memory(number)?;
        Some(Table { number, length })
    }

    /// The table's cells as they are now, without the guard point; empty if it is gone. Realtime-safe.
    pub fn cells(&self, table: &Table) -> &[f64] {
        match self.table_memory(table.number) {
            // SAFETY: Csound says that the table has this many cells there. Only code of the text, which runs under
            // `&mut self`, moves or frees them.
            Some((cells, length)) => unsafe { std::slice::from_raw_parts(cells.as_ptr(), length) },
            None => &[],
        }
    }

    /// The same, to be written; the next cycle sees it. Realtime-safe.
    pub fn cells_mut(&mut self, table: &Table) -> &mut [f64] {
        match self.table_memory(table.number) {
            // SAFETY: as in `cells`, and `&mut self` makes this the only reference.
            Some((cells, length)) => unsafe {
                std::slice::from_raw_parts_mut(cells.as_ptr(), length)
            },
            None => &mut [],
        }
    }

    fn table_memory(&self, number: c_int) -> Option<(NonNull<f64>, usize)> {
        if !self.is_started() {
            return None;
        }
        let mut cells = ptr::null_mut();
        // SAFETY: a started instance that this thread alone has; `cells` is written once.
        let length = unsafe { (self.functions.table)(self.raw(), &mut cells, number) };
        Some((NonNull::new(cells)?, usize::try_from(length).ok()?))
    }

    /// The control channel of this name, made if it is not there yet. None if the name belongs to a channel of another
    /// kind. Allocates.
    pub fn control_channel(&mut self, name: &str) -> Option<Channel> {
        let text = name.to_owned();
        let name = CString::new(name).ok()?;
        let kind = csound_sys::CSOUND_CONTROL_CHANNEL
            | csound_sys::CSOUND_INPUT_CHANNEL
            | csound_sys::CSOUND_OUTPUT_CHANNEL;
        let mut value = ptr::null_mut();
        // SAFETY: a live instance that nobody else has; Csound copies the name.
        let code = unsafe {
            (self.functions.channel)(self.raw(), &mut value, name.as_ptr(), kind as c_int)
        };
        let value = NonNull::new(value).filter(|_| code == 0)?;
        self.channels.push((text, value));
        Some(Channel {
            instance: self.id,
            index: self.channels.len() - 1,
        })
    }

    /// Sets the channel for the next cycle. Realtime-safe. A channel of another instance is left alone.
    pub fn set_channel(&mut self, channel: &Channel, value: f64) {
        if let Some((name, cell)) = self.channel_entry(channel) {
            self.note_channel(name, self.channel_value(channel), value);
            // SAFETY: a control channel's value stays where it is as long as the instance lives, and no code of the
            // instance runs now.
            unsafe { cell.as_ptr().write(value) };
        }
    }

    /// The channel's value; 0 for a channel of another instance. Realtime-safe.
    pub fn channel_value(&self, channel: &Channel) -> f64 {
        // SAFETY: as in `set_channel`.
        self.channel_entry(channel)
            .map_or(0.0, |(_, cell)| unsafe { cell.as_ptr().read() })
    }

    fn channel_entry(&self, channel: &Channel) -> Option<(&str, NonNull<f64>)> {
        let ours = channel.instance == self.id;
        let (name, value) = ours.then(|| self.channels.get(channel.index)).flatten()?;
        Some((name, *value))
    }
}
