//! Programs that have not performed, kept ready so that activation and reset start afresh by moving a pointer.

use crate::session::mailbox::Mailbox;
use crate::session::program::Program;

/// What a program was built from: the document's revision and the sample rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// Counts what was taken up by the model.
    pub revision: u64,
    /// Hz.
    pub sample_rate: f64,
}

impl Key {
    fn fits(&self, program: &Program) -> bool {
        self.revision == program.revision && self.sample_rate == program.shape().sample_rate
    }
}

/// Room for one spare program, and for one that is not wanted any more. Wait-free. Realtime-safe but for [`Fresh::put`]
/// and [`Fresh::sweep`].
#[derive(Default)]
pub struct Fresh {
    spare: Mailbox<Program>,
    unwanted: Mailbox<Program>,
}

impl Fresh {
    /// The spare, if it is what `key` says. One that is not is put away to be freed.
    pub fn take(&self, key: Key) -> Option<Box<Program>> {
        let program = self.spare.take()?;
        if key.fits(&program) {
            return Some(program);
        }
        if let Some(older) = self.unwanted.put(program) {
            // It was not swept before the spare was replaced. Freeing it here could be on the audio thread.
            std::mem::forget(older);
        }
        None
    }

    /// Keeps a program in the place of the one before; both that one and what is not wanted are freed.
    pub fn put(&self, key: Key, mut program: Box<Program>) {
        program.revision = key.revision;
        drop(self.unwanted.take());
        drop(self.spare.put(program));
    }

    /// Frees the spare if it is not what `key` says, and what is not wanted. Whether there is a spare then.
    pub fn sweep(&self, key: Key) -> bool {
        let spare = self.take(key);
        drop(self.unwanted.take());
        let there = spare.is_some();
        if let Some(program) = spare {
            self.put(key, program);
        }
        there
    }
}
