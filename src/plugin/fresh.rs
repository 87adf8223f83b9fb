//! Programs that have not performed, kept ready so that activation and reset start afresh by moving a pointer.

use crate::session::program::Program;
use crossbeam_queue::ArrayQueue;

/// What a program was built from: the document's revision and the sample rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// Counts what was taken up by the model.
    pub revision: u64,
    /// Hz.
    pub sample_rate: f64,
}

/// Room for one spare program, and for those that are not wanted any more. Realtime-safe but for
/// [`Fresh::put`] and [`Fresh::sweep`].
pub struct Fresh {
    spare: ArrayQueue<(Key, Box<Program>)>,
    unwanted: ArrayQueue<Box<Program>>,
}

impl Default for Fresh {
    fn default() -> Self {
        Self {
            spare: ArrayQueue::new(1),
            unwanted: ArrayQueue::new(4),
        }
    }
}

impl Fresh {
    /// The spare, if it is what `key` says. One that is not is put away to be freed.
    pub fn take(&self, key: Key) -> Option<Box<Program>> {
        let (built, program) = self.spare.pop()?;
        if built == key {
            return Some(program);
        }
        // Without room it is freed here, which is late but not wrong: only a host that resets faster than
        // the sweeping thread comes by gets there.
        let _ = self.unwanted.push(program);
        None
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.spare.is_empty()
    }

    /// Keeps a program; the one before it is freed.
    pub fn put(&self, key: Key, program: Box<Program>) {
        drop(self.spare.force_push((key, program)));
    }

    /// Frees the spare if it is not what `key` says, and whatever is not wanted.
    pub fn sweep(&self, key: Key) {
        while let Some(program) = self.unwanted.pop() {
            drop(program);
        }
        if let Some(program) = self.take(key) {
            self.put(key, program);
        }
        while let Some(program) = self.unwanted.pop() {
            drop(program);
        }
    }
}
